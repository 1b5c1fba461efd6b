"""Open a results folder again, with everything that its last run was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.class_grades import ClassGrades, shown_exercises
from grader.batch.class_settings import ClassSettings
from grader.batch.given_files import Given, read_given
from grader.batch.learner_secrets import pseudonyms_of
from grader.batch.override_file import own_overrides
from grader.batch.overrides import Override
from grader.batch.run import BatchError, journal_path, last_complete_run, results_folder
from grader.batch.shown_names import ShownNames
from grader.course import did_you_mean
from grader.text import for_line, for_path, identity

if TYPE_CHECKING:
    from grader.batch.results import Results


@dataclass(frozen=True)
class OpenedResults:
    """The last complete run in a results folder. `given` are the files that the instructor named for it."""

    out: Path
    journal: BatchJournal
    run: int
    settings: ClassSettings
    given: Given

    def overrides(self) -> tuple[Override, ...]:
        """Return the decisions of people. Raises FaultyFileError."""
        return own_overrides(self.out, self.given.course, self.given.roster)

    def shown(self, learner: str) -> str:
        """Return how a learner is called in the pages."""
        return self.shown_names().shown(learner)

    def shown_names(self) -> ShownNames:
        """Return the names that learners have in the pages."""
        return ShownNames(self.out, self.journal, self.run, self.given.roster, self.settings.anonymous)

    def learner(self, text: str) -> str:
        """Return the id of the learner whom a text names: by id, a name in the roster, or pseudonym.

        Raises BatchError.
        """
        known = {*self.journal.learners(self.run), *self.given.roster.people}
        pseudonyms: dict[str, str] = {}
        if self.settings.anonymous:
            pseudonyms = {shown: learner for learner, shown in pseudonyms_of(self.journal.secret(), known).items()}
        wanted = (text, self.given.roster.resolve(identity(text)), pseudonyms.get(text, text))
        found = next((one for one in wanted if one in known), None)
        if found is None:
            hint = (
                did_you_mean(text, sorted(pseudonyms or known))
                or self._alike(text)
                or " index.html lists the learners."
            )
            raise BatchError(f'The class in {for_path(self.out)} has no learner "{for_line(text)}".{hint}')
        return found

    def _alike(self, text: str) -> str:
        """Return a question about the learner whose name contains a text, if there is one and names are shown."""
        people = () if self.settings.anonymous else self.given.roster.people.items()
        alike = [(learner, one.name) for learner, one in people if text and text.lower() in one.name.lower()]
        return f" Did you mean {alike[0][0]} ({for_line(alike[0][1])})?" if len(alike) == 1 else ""

    def entry(self, learner: str, exercise: str) -> tuple[str, Graded | None]:
        """Return the details and the report of a learner's hand-in. Raises BatchError if there is no hand-in."""
        for found, key, details, graded in self.journal.results(self.run, learner):
            if (found, key) == (learner, exercise):
                return details, graded
        raise BatchError(f"{self.shown(learner)} has no submission for {exercise}.")

    def grades(self) -> ClassGrades:
        """Return the grades of the class, with the decisions as they are now. Raises FaultyFileError."""
        given, overrides = self.given, self.overrides()
        shown = shown_exercises(given.course, self.journal, self.run, overrides, given.request.wanted)
        possible = {exercise.key: exercise.rubric.possible for exercise in shown}
        return ClassGrades(self.journal, self.run, given.roster, given.policy, possible, overrides)

    def write(self) -> Results:
        """Write all results again, with the decisions as they are now. Raises BatchError and FaultyFileError."""
        from grader.batch.results import Presentation, Results

        settings, given = self.settings, self.given
        presentation = Presentation(given.request.wanted, settings.columns, settings.replace_manual, settings.anonymous)
        results = Results(
            self.journal, self.run, given.course, self.out, given.roster, given.policy, self.overrides(), presentation
        )
        results.write(os.cpu_count() or 1)
        return results


@contextmanager
def opened_results(out: Path, *, read_only: bool = False) -> Iterator[OpenedResults]:
    """Open the last complete run of a results folder, and lock the folder unless it is only read.

    Raises BatchError and JournalError, and FaultyFileError if a file of the instructor cannot be read any more.
    """
    path = journal_path(out)
    if read_only:
        with BatchJournal(path, read_only=True) as journal:
            yield _opened(out, journal)
    else:
        with results_folder(out, is_chosen=False) as journal:
            yield _opened(out, journal)


def _opened(out: Path, journal: BatchJournal) -> OpenedResults:
    run = last_complete_run(out, journal)
    settings = ClassSettings.of_record(out, journal.request(run))
    return OpenedResults(out, journal, run, settings, read_given(settings.files))
