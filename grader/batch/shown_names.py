"""The names that learners have in pages and file names: their own, or pseudonyms with a key file beside the pages.

Tables that go back to a learning platform always have the platform's ids: it could not import them otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.batch.anonymous_report import anonymous_report
from grader.batch.batch_journal import BatchJournal
from grader.batch.learner_secrets import pseudonyms_of
from grader.batch.roster import Roster
from grader.report.exports import ExerciseGrade, csv_lines
from grader.report.pages import ChangedScore
from grader.text import for_cell, for_file_name
from grader.writing import replacing

KEY_FILE = "pseudonyms.csv"


class ShownNames:
    """The names in the pages of one run."""

    def __init__(self, out: Path, journal: BatchJournal, run: int, roster: Roster, anonymous: bool) -> None:
        self.are_pseudonyms = anonymous
        self._key_file = out / KEY_FILE
        self._roster = roster
        self._pseudonyms: Mapping[str, str] = {}
        if anonymous or self._key_file.is_file():
            gone = (learner for learner, _ in journal.gone(run))
            self._pseudonyms = pseudonyms_of(journal.secret(), (*journal.learners(run), *gone, *roster.people))

    def shown(self, learner: str) -> str:
        """Return how a learner is called in pages."""
        return self._pseudonyms.get(learner, learner) if self.are_pseudonyms else learner

    def decided(self, learner: str) -> str:
        """Return the beginning of a line about a decision, which can name somebody who has no pseudonym."""
        return "" if self.are_pseudonyms and learner not in self._pseudonyms else f"{self.shown(learner)} "

    def folder(self, learner: str) -> str:
        """Return the name of a learner's folder."""
        return for_file_name(self.shown(learner))

    def other_folder(self, learner: str) -> str:
        """Return the folder that an earlier run with or without pseudonyms gave a learner; empty if there is none."""
        pseudonym = self._pseudonyms.get(learner, "")
        return for_file_name(learner if self.are_pseudonyms else pseudonym) if pseudonym else ""

    def called(self, learner: str, name: str) -> str:
        """Return a learner's id and name for a list."""
        if self.are_pseudonyms:
            return self.shown(learner)
        return f"{learner} ({name})" if name and name != learner else learner

    def line(self, learner: str, exercise: str, why: str) -> str:
        """Return a line about a hand-in; with a pseudonym without the reason, which may contain the name of a file."""
        return f"{self.shown(learner)} {exercise}" if self.are_pseudonyms else f"{learner} {exercise}: {why}"

    def remark(self, grade: ExerciseGrade) -> str:
        """Return why there is no score. A note may contain the name of a file."""
        if self.are_pseudonyms and grade.no_score is not None:
            return grade.no_score.value
        return grade.remark

    def report(self, learner: str, report: Mapping[str, Any], details: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a report, given as the mapping that its JSON holds, as it may be shown."""
        return anonymous_report(report, self.shown(learner), details) if self.are_pseudonyms else report

    def write_key(self, names: Iterable[tuple[str, str]]) -> None:
        """Write whose each pseudonym is, or remove the key of an earlier run. Raises OSError."""
        if not self.are_pseudonyms:
            self._key_file.unlink(missing_ok=True)
            return
        rows = sorted((self.shown(learner), for_cell(learner), for_cell(name)) for learner, name in names)
        with replacing(self._key_file, "utf-8-sig", alone=True) as file:
            file.write(csv_lines([("pseudonym", "learner", "name"), *rows]))


def with_pseudonyms(out: Path, secret: Callable[[], bytes], changes: Iterable[ChangedScore]) -> list[ChangedScore]:
    """Return changed scores as they may be shown: with pseudonyms, if a results folder has a key. Raises OSError.

    `secret` returns that of the folder, which gives a pseudonym to learners who are in the other folder alone.
    """
    path = out / KEY_FILE
    changed = list(changes)
    if not path.is_file():
        return changed
    with path.open(encoding="utf-8-sig", newline="") as file:
        key = {row["learner"]: row["pseudonym"] for row in csv.DictReader(file)}
    others = pseudonyms_of(secret(), {one.learner for one in changed if for_cell(one.learner) not in key})
    return [replace(one, learner=key.get(for_cell(one.learner)) or others[one.learner]) for one in changed]
