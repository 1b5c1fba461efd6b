"""Sum up the results of a class in one exercise, report by report. Nothing about a single learner is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from grader.course import Exercise
from grader.report.pages import BINS, CriterionSummary, DiagnosisCount, ExerciseSummary

DIAGNOSES_SHOWN = 20


class ExerciseStatistics:
    """The sums of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._rubric = exercise.rubric
        self._scores: Counter[float] = Counter()  # a rubric has few different scores
        self._full: Counter[str] = Counter()
        self._some: Counter[str] = Counter()
        self._diagnoses: Counter[tuple[str, str, str]] = Counter()

    def add(self, report: Mapping[str, Any]) -> None:
        """Add one report without a fault of the grader."""
        self._scores[float(report["score"]["earned"])] += 1
        for criterion in report["criteria"]:
            if criterion["earned"] >= criterion["possible"]:
                self._full[criterion["id"]] += 1
            elif criterion["earned"]:
                self._some[criterion["id"]] += 1
        for one in report["diagnoses"]:
            self._diagnoses[one["id"], one["belief"], one["function"]] += 1

    def summary(self) -> ExerciseSummary:
        """Return the numbers for the page of the class."""
        possible, graded = self._rubric.possible, self._scores.total()
        counts = [0] * BINS
        for score, learners in self._scores.items():
            counts[min(BINS - 1, int(BINS * score / possible + 1e-9))] += learners
        criteria = tuple(
            CriterionSummary(
                one.id, one.title, one.points, self._full[one.id], self._some[one.id],
                graded - self._full[one.id] - self._some[one.id],
            )
            for one in self._rubric.criteria
        )  # fmt: skip
        diagnoses = tuple(
            DiagnosisCount(name, belief, function, count)
            for (name, belief, function), count in sorted(self._diagnoses.items(), key=lambda one: (-one[1], one[0]))
        )
        mean = round(sum(score * learners for score, learners in self._scores.items()) / graded, 2) if graded else None
        return ExerciseSummary(
            self._rubric.exercise, self._rubric.title, possible, graded, mean, self._median(), tuple(counts), criteria,
            diagnoses[:DIAGNOSES_SHOWN],
        )  # fmt: skip

    def _median(self) -> float | None:
        total = self._scores.total()
        if not total:
            return None
        wanted = ((total - 1) // 2, total // 2)
        values: list[float] = []
        seen = 0
        for score in sorted(self._scores):
            seen += self._scores[score]
            values += [score for place in wanted[len(values) :] if place < seen]
        return sum(values[:2]) / 2
