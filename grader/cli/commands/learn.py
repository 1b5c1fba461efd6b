"""`grade learn`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.cli.example_run import ExampleRun
    from grader.study.cards import Card
    from grader.study.guided_lesson import Guess, Practice, Predict, Read, Step
    from grader.study.learning_record import LearningRecord
    from grader.study.lessons import Lesson
    from grader.study.question_bank import QuestionBank

LEARNT = "learnt"  # the event that finishes a step of a lesson
STOP = "q"


@click.command("learn")
@click.argument("topic", required=False)
@click.option("--again", is_flag=True, help="Start the lesson again from its beginning.")
@click.option("--plain", is_flag=True, help="Read and print whole lines: for a screen reader or a simple terminal.")
@course_option
@debug_option
def command(topic: str | None, again: bool, plain: bool, course_root: Path) -> None:
    """Go through a lesson that stops and asks.

    Type a guess before you read the answer: you remember more, even if the guess is wrong. Cards and a question follow
    each part. You can stop at any time and continue later. TOPIC is a name such as pooling, or the number of an
    exercise. Without it, the lesson that you have begun continues, or the next one begins.
    """
    from grader.cli.dialogue import Dialogue, open_record
    from grader.cli.topics import topic_named
    from grader.study.cards import read_decks
    from grader.study.guided_lesson import steps_of
    from grader.study.lessons import read_lessons

    lessons, cards = read_lessons(course_root), read_decks(course_root)
    wanted = topic_named(topic, {one.topic: one.exercise for one in lessons.values()})
    steps = {
        name: steps_of(one, [card.id for card in cards.values() if card.topic == name]) for name, one in lessons.items()
    }
    dialogue = Dialogue(plain)
    with open_record() as record:
        chosen = wanted or _next_lesson(record, steps)
        tour = _Tour(dialogue, record, course_root, lessons[chosen], cards)
        left = _steps_left(record, dialogue, steps[chosen], again)
        try:
            finished = tour.take(steps[chosen], left)
        except KeyboardInterrupt:
            dialogue.say()
            finished = False
        tour.say_what_is_next(finished)


def _next_lesson(record: LearningRecord, steps: Mapping[str, Sequence[Step]]) -> str:
    """Return the topic of the lesson that was begun and not finished, else of the first that is not finished."""
    from grader.study.reading_place import left_of

    left = {name: len(left_of(record, LEARNT, [one.key for one in of_lesson])) for name, of_lesson in steps.items()}
    begun = [name for name, count in left.items() if 0 < count < len(steps[name])]
    return (begun or [name for name, count in left.items() if count] or list(steps))[0]


def _steps_left(record: LearningRecord, dialogue: Dialogue, steps: Sequence[Step], again: bool) -> list[Step]:
    """Return the steps from where the learner stopped, or all of them if none is left."""
    from grader.study.reading_place import begin_again, left_of

    keys = [one.key for one in steps]
    left = left_of(record, LEARNT, keys)
    if again or not left:
        if not left and not again:
            dialogue.say("You have finished this lesson before. It starts again.")
        begin_again(record, LEARNT, keys)
        left = keys
    return [one for one in steps if one.key in left]


@dataclass(frozen=True)
class _Tour:
    """One way through a lesson."""

    dialogue: Dialogue
    record: LearningRecord
    root: Path
    lesson: Lesson
    cards: Mapping[str, Card]

    def take(self, steps: Sequence[Step], left: Sequence[Step]) -> bool:
        """Take the steps that are left, and note each one. Return False if the learner stops."""
        begun = None
        for step in left:
            place = steps.index(step)
            if step.part != begun:
                begun = step.part
                self.dialogue.say(f"\n{self.lesson.title}, part {step.part} of {steps[-1].part}", dim=True)
                self._remind(steps[:place])
            if not self._take(step, steps[place + 1] if place + 1 < len(steps) else None):
                return False
            self.record.add_event(LEARNT, step.key)
        return True

    def _remind(self, before: Sequence[Step]) -> None:
        """Show what the next step needs: the question that it answers, or the statements that have run."""
        from grader.study.guided_lesson import Guess, Predict

        if before and isinstance(before[-1], Guess):
            self._show(before[-1].question)
        elif before and isinstance(before[-1], Predict):
            statements = [one.shown for step in before if isinstance(step, Predict) for one in step.statements]
            self.dialogue.picture("\n".join(statements))

    def say_what_is_next(self, finished: bool) -> None:
        """Say how to continue, or what to do after the lesson."""
        topic, number = self.lesson.topic, int(self.lesson.exercise[:2])
        if not finished:
            self.dialogue.say(f"Your place is saved. To continue: {suggested(f'learn {topic}')}")
            return
        self.dialogue.say("\nYou have finished this lesson.", bold=True)
        self.dialogue.say(
            f"Write the code yourself: {suggested(f'start {number}')}, then {suggested(f'exercise {number}')}"
        )
        self.dialogue.say(f"Practise: {suggested(f'quiz {topic}')}")

    def _take(self, step: Step, following: Step | None) -> bool:
        from grader.study.guided_lesson import Guess, Predict, Read

        if isinstance(step, Read):
            return self._read(step, pause=not isinstance(following, Predict))
        if isinstance(step, Guess):
            return self._guess(step)
        if isinstance(step, Predict):
            return self._predict(step)
        return self._practise(step)

    def _show(self, markdown: str) -> bool:
        from grader.cli.lesson_text import show_text
        from grader.study.lesson_pictures import Drawing, with_pictures

        drawing = Drawing(self.dialogue.width, digits=not self.dialogue.draws)
        return show_text(self.dialogue, with_pictures(markdown, self.root, self.lesson.exercise, drawing))

    def _read(self, step: Read, pause: bool) -> bool:
        from grader.cli.lesson_text import CONTINUE

        return self._show(step.text) and (not pause or self.dialogue.key("", CONTINUE) != STOP)

    def _guess(self, step: Guess) -> bool:
        from grader.study.guided_lesson import TEACHER

        asked = "Your answer" if step.asker == TEACHER else "What would you reply"
        return self._show(step.text) and self._typed(f"{asked}? (enter skips, q stops)") is not None

    def _predict(self, step: Predict) -> bool:
        """Show statements, take a guess, and show what the last one prints."""
        from grader.study.worked_example import same_result

        self.dialogue.say()
        self.dialogue.picture("\n".join(one.shown for one in step.statements))
        typed = self._typed("What does the last line show? (enter skips, q stops)")
        if typed is None:
            return False
        ours = self._example.ours[step.last]
        self.dialogue.picture(ours)
        if typed:
            self.dialogue.say("As you said." if same_result(typed, ours) else f"You said: {typed}")
        remark = self._example.remark_on_own(step.last)
        if remark:
            self.dialogue.say(remark)
        return True

    def _practise(self, step: Practice) -> bool:
        from grader.cli.practice import ask_cards, ask_one_question

        return ask_cards(self.dialogue, self.record, self.cards, step.cards, self.root) and ask_one_question(
            self.dialogue, self.record, self._bank, self.lesson.topic
        )

    def _typed(self, prompt: str) -> str | None:
        """Return a guess, an empty text for none. Return None if the learner stops."""
        typed = self.dialogue.line(prompt)
        if typed is None:
            self.dialogue.say()
        return None if typed is None or typed.strip().lower() == STOP else typed.strip()

    @cached_property
    def _bank(self) -> QuestionBank:
        from grader.study.question_bank import QuestionBank

        return QuestionBank(self.root)

    @cached_property
    def _example(self) -> ExampleRun:
        from grader.cli.example_run import ExampleRun

        return ExampleRun.of(self.root, self.lesson)
