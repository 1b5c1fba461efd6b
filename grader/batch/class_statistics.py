"""Sum up the results of a class in one exercise, report by report. Nothing about a single learner is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from grader.course import Exercise
from grader.report.pages import (
    BINS,
    EVERYONE,
    CriterionSummary,
    DiagnosisCount,
    ExerciseSummary,
    ScoreDistribution,
    all_idle,
)


class ExerciseStatistics:
    """The sums of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._rubric = exercise.rubric
        self._scores: defaultdict[str, Counter[float]] = defaultdict(Counter)  # a rubric has few different scores
        self._reports = 0
        self._full: Counter[str] = Counter()
        self._some: Counter[str] = Counter()
        self._idle: Counter[str] = Counter()
        self._diagnoses: Counter[tuple[str, str, str]] = Counter()

    def add_score(self, score: float, section: str) -> None:
        """Add the points that count for a learner of a section, which is empty if it is unknown."""
        for name in {EVERYONE, section}:
            self._scores[name][score] += 1

    def add(self, report: Mapping[str, Any]) -> None:
        """Add one report without a fault of the grader."""
        self._reports += 1
        for criterion in report["criteria"]:
            if criterion["earned"] >= criterion["possible"]:
                self._full[criterion["id"]] += 1
            elif criterion["earned"]:
                self._some[criterion["id"]] += 1
            elif all_idle(criterion):
                self._idle[criterion["id"]] += 1
        for one in report["diagnoses"]:
            self._diagnoses[one["id"], one["belief"], one["function"]] += 1

    def summary(self) -> ExerciseSummary:
        """Return the numbers for the page of the class."""
        criteria = tuple(
            CriterionSummary(
                one.id, one.title, one.points, self._full[one.id], self._some[one.id],
                self._reports - self._full[one.id] - self._some[one.id] - self._idle[one.id], self._idle[one.id],
                one.function, one.bonus,
            )
            for one in self._rubric.criteria
        )  # fmt: skip
        diagnoses = tuple(
            DiagnosisCount(name, belief, function, count)
            for (name, belief, function), count in sorted(self._diagnoses.items(), key=lambda one: (-one[1], one[0]))
        )
        sections = sorted(name for name in self._scores if name != EVERYONE)
        distributions = tuple(self._distribution(name) for name in (EVERYONE, *sections))
        return ExerciseSummary(
            self._rubric.exercise, self._rubric.title, self._rubric.possible, distributions, criteria, diagnoses
        )

    def _distribution(self, section: str) -> ScoreDistribution:
        scores, possible = self._scores[section], self._rubric.possible
        counts = [0] * BINS
        for score, learners in scores.items():
            counts[max(0, min(BINS - 1, int(BINS * score / possible + 1e-9)))] += learners
        scored = scores.total()
        mean = round(sum(score * learners for score, learners in scores.items()) / scored, 2) if scored else None
        return ScoreDistribution(section, scored, mean, _median(scores), tuple(counts))


def _median(scores: Counter[float]) -> float | None:
    total = scores.total()
    if not total:
        return None
    wanted = ((total - 1) // 2, total // 2)
    values: list[float] = []
    seen = 0
    for score in sorted(scores):
        seen += scores[score]
        values += [score for place in wanted[len(values) :] if place < seen]
    return sum(values[:2]) / 2
