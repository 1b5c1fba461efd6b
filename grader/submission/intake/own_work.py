"""Find one learner's file in a folder or a zip archive that contains their work only.

Names count as in a batch: a copy, a numbered attempt and a notebook are found. Everything belongs to the same person
here, so a second file in a different folder is a question for them, not another learner's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.submission.intake.contents import Place, contents_of, submission_of, tree_of
from grader.submission.intake.error import IntakeError
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames, NamedFile
from grader.submission.intake.leaf import Leaf, Tree
from grader.submission.intake.litter import litter
from grader.submission.reading import NOTEBOOK, SubmissionError
from grader.submission.submission import Submission
from grader.text import for_line

ENTRIES_LIMIT = 20_000  # an exercise with all that programs leave beside it has a few hundred; a home folder has more
SHOWN = 5


@dataclass(frozen=True)
class _Candidate:
    leaf: Leaf
    named: NamedFile

    @property
    def rank(self) -> tuple[object, ...]:
        """The newest attempt comes first, then the exact name, then source before a notebook."""
        return -self.named.attempt, not self.named.is_exact, self.named.is_notebook, self.leaf.path

    @property
    def place(self) -> Place:
        """Return where the file is, and its name in the course."""
        name = f"{self.named.exercise.module}{NOTEBOOK if self.named.is_notebook else '.py'}"
        copy = self.leaf.parts[-1] if self.named.renamed else ""
        return Place(name, self.leaf.parts, self.leaf.locator, copy)


def submission_within(
    source: Path, learner: str, exercise: ExerciseName, companions: Sequence[str], functions: Sequence[str]
) -> Submission | None:
    """Return the submission in a folder or an archive; None if no file has the name of the exercise.

    Raises SubmissionError.
    """
    try:
        tree = tree_of(source)
        found = _candidates(tree, [exercise, *(ExerciseName(f"{name}_", name) for name in companions)])
        own = _only([one for one in found if one.named.exercise == exercise], exercise, source)
        if own is None:
            return None
        places = [own.place, *_companions(found, own, companions)]
        return submission_of(learner, exercise.key, places, contents_of(tree, places), functions)
    except IntakeError as error:
        raise SubmissionError(str(error)) from None


def _candidates(tree: Tree, exercises: Sequence[ExerciseName]) -> list[_Candidate]:
    """Return the files that belong to one of the exercises by name, the best first."""
    names = ExerciseNames(exercises)
    found = []
    for leaf in islice(tree.walk(), ENTRIES_LIMIT):
        if isinstance(leaf, Leaf) and litter(leaf.parts) is None and names.is_source(leaf.parts[-1]):
            named = names.find(leaf.parts)
            if isinstance(named, NamedFile):
                found.append(_Candidate(leaf, named))
    return sorted(found, key=lambda one: one.rank)


def _only(found: Sequence[_Candidate], exercise: ExerciseName, source: Path) -> _Candidate | None:
    """Return the best file of the only folder that has one. A folder named like the exercise precedes all others."""
    in_its_folder = [one for one in found if exercise.key in one.leaf.parts[:-1]]
    found = in_its_folder or found
    if len(_folders(found)) > 1:
        listed = ", ".join(for_line(one.leaf.path) for one in found[:SHOWN])
        raise SubmissionError(
            f"{for_line(source.name)} contains several files for this exercise: {listed}. Name the one to grade."
        )
    return found[0] if found else None


def _folders(found: Iterable[_Candidate]) -> set[tuple[str, ...]]:
    return {one.leaf.parts[:-1] for one in found}


def _companions(found: Sequence[_Candidate], own: _Candidate, companions: Sequence[str]) -> Iterable[Place]:
    """Yield the place of each companion: source beside the learner's file first, else anywhere."""
    for name in companions:
        files = [one for one in found if one.named.exercise.module == name and not one.named.is_notebook]
        beside = [one for one in files if one.leaf.parts[:-1] == own.leaf.parts[:-1]]
        if files:
            yield (beside or files)[0].place
