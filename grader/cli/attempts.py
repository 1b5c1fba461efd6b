"""Keep the results of `grade exercise`, and say what changed since the last one.

If a result cannot be kept, the command does not fail: the report is complete without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.streams import note
from grader.cli.suggested import suggested
from grader.cli.user_state import NoHomeError, record_path
from grader.course import CourseError

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.report import Report
    from grader.report.report import CriterionReport
    from grader.report.since_last_run import Changes
    from grader.study.graded_exercise import Attempts


@dataclass(frozen=True)
class Standing:
    """The changes since the last run, and a line about what to do next."""

    changes: Changes | None = None
    advice: str = ""


NOT_SAVED = "Your file has not changed since the last run. Did you save it?"


def standing_of(exercise: Exercise, report: Report, file: Path | None = None) -> Standing:
    """Return what to say about earlier attempts. Call it before `keep_for_study`.

    With `file`, ask if the learner saved it if it is older than the last run and gets the same verdicts.
    """
    from grader.report.grouping import is_not_started
    from grader.report.since_last_run import changes_between

    attempts = _attempts()
    mine = attempts.get(exercise.key)
    score = report.score
    if report.problems or score.earned is None:
        return Standing()
    changes = None
    if mine is not None and mine.last.words and not is_not_started(report):
        changes = changes_between(mine.last.words, report)
    if score.earned >= score.possible:
        return Standing(changes, f"All points. {_next_step(exercise, attempts)}")
    same = changes is not None and not (changes.fixed or changes.broken or changes.new)
    if mine is not None and same and file is not None and _is_older(file, mine.last.ts_ms):
        return Standing(changes, NOT_SAVED)
    if mine is not None and mine.best.earned > score.earned:
        return Standing(changes, f"Your best result stays: {mine.best.earned:g} / {mine.best.possible:g} points.")
    return Standing(changes)


def _is_older(file: Path, ts_ms: int) -> bool:
    """Return True if a file was last written before this time."""
    try:
        return file.is_file() and file.stat().st_mtime_ns // 1_000_000 < ts_ms
    except OSError:
        return False


def _next_step(exercise: Exercise, attempts: dict[str, Attempts]) -> str:
    """Return the command for the next exercise that has not earned all points; earlier ones come last."""
    keys = [folder.name for folder in sorted((exercise.root / "exercises").glob("[0-9][0-9]_*"))]
    at = keys.index(exercise.key) if exercise.key in keys else 0
    for key in (*keys[at + 1 :], *keys[:at]):
        mine = attempts.get(key)
        number = int(key[:2])
        if mine is None:
            return f"Next: {suggested(f'lesson {number}')}, then {suggested(f'start {number}')}"
        if not mine.best.passed:
            return f"Next: {suggested(f'exercise {number}')}"
    return f"You have solved every exercise. To revise: {suggested('flashcards')}"


def _attempts() -> dict[str, Attempts]:
    """Return the attempts at all exercises; none if the record cannot be used, which `keep_for_study` reports."""
    from grader.study.graded_exercise import attempts_at
    from grader.study.learning_record import LearningRecord
    from grader.study.record_file import StudyError

    try:
        path = record_path()
        if not path.exists():
            return {}
        with LearningRecord(path) as record:
            return attempts_at(record)
    except (StudyError, OSError):
        return {}


def keep_for_study(exercise: Exercise, report: Report) -> None:
    """Keep what hints, flashcards and quizzes need to know. If that fails, say so: the report is complete anyway.

    An unchanged stub is not an attempt, and a grader fault is not a result.
    """
    from grader.report.grouping import is_not_started
    from grader.study.record_file import StudyError

    if report.problems or report.grader_faults:
        return
    keep_attempt = _keep_attempt if not is_not_started(report) else _no_attempt
    for keep, what in (
        (_keep_open_items, "The hints for this result were not saved"),
        (keep_attempt, "This result was not saved for flashcards, quiz and progress"),
    ):
        try:
            keep(exercise, report)
        except NoHomeError:
            return
        except (CourseError, StudyError, OSError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
            note(f"Note: {what}. {why.rstrip('.')}.")


def _no_attempt(exercise: Exercise, report: Report) -> None:
    """Keep nothing."""


def _keep_open_items(exercise: Exercise, report: Report) -> None:
    """Keep what hints can be asked for. Raises OSError and StateError."""
    from grader.cli.open_hints import remember

    remember(exercise.key, _open_items(report), _asked_items(exercise, report))


def _keep_attempt(exercise: Exercise, report: Report) -> None:
    """Keep the attempt, and bring the cards of what failed forward. Raises CourseError, StudyError and OSError.

    A function that is not written yet is not a failure: it brings no cards forward.
    """
    from grader.report.report import UNWRITTEN
    from grader.report.since_last_run import words_of
    from grader.study.graded_exercise import keep_grading

    score = report.score
    if score.earned is None:
        return
    checks = [check for criterion in report.criteria for check in criterion.checks]
    failed = {one.name: one.title for one in checks if one.verdict == "failed" and one.reason not in UNWRITTEN}
    named = [one.id for one in report.diagnoses]
    path: Path = record_path()
    keep_grading(path, exercise.root, exercise.key, score.earned, score.possible, failed, named, words_of(report))


def _asked_items(exercise: Exercise, report: Report) -> list[str]:
    """Return the items whose question is on the screen: the report asks one, below its first cause."""
    from grader.report.grouping import groups_of

    first = next((group.first for group in groups_of(report)), None)
    if first is None or first.hint is None:
        return []
    own = [f"criterion:{one.id}" for one in exercise.rubric.criteria if one.hints.question == first.hint]
    return _charged_to(first, report) or own


def _open_items(report: Report) -> list[str]:
    """Return what has hints: each cause in the order of the report, then what is not written yet.

    Diagnoses that cost no points come last.
    """
    from grader.report.grouping import in_order, is_unwritten

    lost = [one for one in in_order(report) if one.earned is not None and one.earned < one.possible and not one.bonus]
    items = [item for criterion in sorted(lost, key=is_unwritten) for item in _items_of(criterion, report)]
    return list(dict.fromkeys([*items, *(f"misconception:{one.id}" for one in report.diagnoses)]))


def _items_of(criterion: CriterionReport, report: Report) -> list[str]:
    """Return the misconceptions that are charged to a criterion; else the criterion, unless others explain it."""
    from grader.checks import Verdict

    failed = [check for check in criterion.checks if check.verdict is Verdict.FAILED]
    own = [] if failed and all(check.diagnosis for check in failed) else [f"criterion:{criterion.id}"]
    return _charged_to(criterion, report) or own


def _charged_to(criterion: CriterionReport, report: Report) -> list[str]:
    return [f"misconception:{one.id}" for one in report.diagnoses if one.id in criterion.charged_with]
