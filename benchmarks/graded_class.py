"""A class of one exercise in a folder, which `grade batch` grades as often as a benchmark asks."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.paired import python, seconds_of
from benchmarks.plain_folder import scored_checks
from grader.course import Exercise

WORKERS = 2
SEED = 0  # the same test inputs in each run, and in plain pytest
Failed = Mapping[int, frozenset[str]]  # the failed checks of each submission, without those of a bonus


class GradedClass:
    """The files of a class in `home`. Each run of `grade batch` begins without results."""

    def __init__(self, home: Path, exercise: Exercise, learners: Sequence[str]) -> None:
        self.exercise = exercise
        self.size = len(learners)
        self.folder = home / "class"
        self._out = home / "results"
        self.folder.mkdir(parents=True)
        for number, text in enumerate(learners):
            self.file(number).write_text(text, encoding="utf-8")

    def file(self, number: int) -> Path:
        """Return the file of a learner."""
        return self.folder / f"l{number:04d}_{self.exercise.rubric.module}.py"

    def arguments(self) -> list[str]:
        """Return the arguments of `grade`, after deleting the results of the last run."""
        shutil.rmtree(self._out, ignore_errors=True)
        fixed = ("--workers", str(WORKERS), "--seed", str(SEED))
        return ["batch", str(self.folder), "--out", str(self._out), *fixed]

    def seconds(self) -> float:
        """Grade the class, and return the seconds of the whole process."""
        return seconds_of(python("-m", "grader", *self.arguments()))

    def failed(self) -> Failed:
        """Return the failed checks of each submission in the last run."""
        failed = {}
        scored = scored_checks(self.exercise)
        for number in range(self.size):
            path = self._out / "reports" / f"l{number:04d}" / f"{self.exercise.key}.json"
            report = json.loads(path.read_text(encoding="utf-8"))
            checks = [check for criterion in report["criteria"] for check in criterion["checks"]]
            wrong = {check["name"] for check in checks if check["verdict"] != "passed"}
            failed[number] = frozenset(wrong & scored)
            if (report["score"]["earned"] < report["score"]["possible"]) != bool(failed[number]):
                sys.exit(f"the score {report['score']} of {self.file(number)} does not follow from its checks")
        return failed

    def refuse_if_void(self, wrong: Sequence[bool]) -> None:
        """Exit unless the wrong programs, and only these, lost points in the last run."""
        failed = self.failed()
        for number, is_wrong in enumerate(wrong):
            if bool(failed[number]) != is_wrong:
                kind = "wrong" if is_wrong else "right"
                sys.exit(f"The benchmark is void: {self.file(number)} is {kind} and failed {sorted(failed[number])}")
