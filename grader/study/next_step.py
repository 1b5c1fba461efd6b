"""The next step of a learner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from grader.text import counted

if TYPE_CHECKING:
    from grader.study.overview import ExerciseProgress


class StepKind(Enum):
    """The kinds of a next step."""

    REVIEW_CARDS = auto()
    ANSWER_QUESTIONS = auto()
    BEGIN_EXERCISE = auto()
    CONTINUE_EXERCISE = auto()
    LEARN_CARDS = auto()
    NOTHING = auto()


@dataclass(frozen=True)
class NextStep:
    """One step. `count` is the number of cards or questions, `exercise` the key of an exercise."""

    kind: StepKind
    count: int = 0
    exercise: str = ""

    def sentence(self, command: Callable[[str], str]) -> str:
        """Return what to do. `command("quiz")` returns the whole line to type."""
        number = int(self.exercise[:2]) if self.exercise else 0
        return {
            StepKind.REVIEW_CARDS: f"{counted(self.count, 'card is', 'cards are')} due: {command('flashcards')}",
            StepKind.ANSWER_QUESTIONS: f"{counted(self.count, 'question is', 'questions are')} due: {command('quiz')}",
            StepKind.BEGIN_EXERCISE: (
                f"read the lesson and start exercise {number}: {command(f'lesson {number}')}, "
                f"then {command(f'start {number}')}"
            ),
            StepKind.CONTINUE_EXERCISE: f"earn the remaining points of exercise {number}: {command(f'watch {number}')}",
            StepKind.LEARN_CARDS: f"learn new cards: {command('flashcards')}",
            StepKind.NOTHING: f"you are done for today. To practise: {command('quiz')}",
        }[self.kind]  # fmt: skip


def next_step(exercises: Iterable[ExerciseProgress], questions: int) -> NextStep:
    """Return what comes next: due cards, due questions, the first open exercise, new cards, in this order."""
    exercises = list(exercises)
    due = sum(one.due for one in exercises)
    if due:
        return NextStep(StepKind.REVIEW_CARDS, due)
    if questions:
        return NextStep(StepKind.ANSWER_QUESTIONS, questions)
    for one in exercises:
        if one.earned is None:
            return NextStep(StepKind.BEGIN_EXERCISE, exercise=one.exercise)
        if one.possible is not None and one.earned < one.possible:
            return NextStep(StepKind.CONTINUE_EXERCISE, exercise=one.exercise)
    if any(one.cards_seen < one.cards for one in exercises):
        return NextStep(StepKind.LEARN_CARDS)
    return NextStep(StepKind.NOTHING)
