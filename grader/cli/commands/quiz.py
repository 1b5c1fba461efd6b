"""`grade quiz`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.cli.suggested import suggested
from grader.text import counted

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.question_bank import Asking
    from grader.study.quiz_session import QuizSession

HOW = {
    "choice": "Your answer, 1 to {count}",
    "several": "The numbers of all right answers, such as 1 3",
    "numeric": "A number",
    "text": "A word or two",
    "match": "The number that belongs to each line, from top to bottom, such as 2 1 3",
    "order": "The numbers in the right order, such as 2 1 3",
}
SURE = {"s": "sure", "u": "unsure", "q": "quit"}


@click.command("quiz")
@click.argument("topic", required=False)
@click.option("--count", type=click.IntRange(min=1), default=10, show_default=True, help="The number of questions.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    help="Ask the same questions for the same seed, for example in a class.",
)
@click.option("--choices", is_flag=True, help="Choose numbers from four options; do not type them.")
@click.option("--plain", is_flag=True, help="Read and print whole lines: for a screen reader or a simple terminal.")
@course_option
@debug_option
def command(topic: str | None, count: int, seed: int | None, choices: bool, plain: bool, course_root: Path) -> None:
    """Answer questions, with an explanation for each answer.

    Topics are mixed. New questions come from topics that you have begun. Questions that you got wrong come again, with
    other numbers. After a wrong number you may choose from four. TOPIC is a name such as pooling, or
    the number of an exercise.
    """
    from grader.cli.dialogue import Dialogue, open_record
    from grader.cli.topics import topic_named
    from grader.study.question_bank import QuestionBank
    from grader.study.quiz_session import QuizSession

    bank = QuestionBank(course_root)
    wanted = topic_named(topic, {quiz.topic: key for key, quiz in bank.quizzes.items()})
    with open_record() as record:
        session = QuizSession(record, bank, topics=[wanted] if wanted else [], count=count, seed=seed, choices=choices)
        dialogue = Dialogue(plain)
        try:
            number = 0
            while number < len(session.plan) and ask_question(session, dialogue, number + 1, session.plan[number]):
                number += 1
        except KeyboardInterrupt:
            dialogue.say()
        _score(session, dialogue)
        if not dialogue.plain and session.scores():
            from grader.study.clock import milliseconds_now
            from grader.study.overview import overview_of
            from grader.study.schedule import at

            dialogue.say(f"Next: {overview_of(record, course_root, at(milliseconds_now())).step.sentence(suggested)}")


def ask_question(session: QuizSession, dialogue: Dialogue, number: int, question_id: str) -> bool:
    """Ask one question. Return False if the learner quits."""
    asking, because = session.ask(question_id), session.because(question_id)
    reason = f" {because}" if because else ""
    place = f"{number} of {len(session.plan)}"
    dialogue.page(f"Question {place} [{asking.topic}]{reason}", [asking.topic, place], because)
    _show(dialogue, asking)
    typed = _readable_answer(dialogue, asking)
    if typed is None:
        return False
    sure = dialogue.key("How sure are you?", SURE)
    if sure == "q":
        return False
    meant = _is_meant(dialogue, asking, typed)
    if meant is None:
        return False
    judged = session.answer(asking, typed, SURE[sure], meant)
    dialogue.rule("Answer")
    if judged.right:
        dialogue.say("Right.", bold=True)
    else:
        dialogue.say(f"Wrong. {judged.why}".strip(), bold=True)
        _choose_after_all(session, dialogue, asking)
        dialogue.say(f"Right: {judged.shown}")
        if sure == "s":
            dialogue.say("You were sure, so this question comes again within a week.")
    dialogue.say(judged.because, indent="  ")
    return dialogue.pause()


def _is_meant(dialogue: Dialogue, asking: Asking, typed: str) -> bool | None:
    """Ask whether unknown words mean our answer. Return None if the learner quits."""
    from grader.study.judging import judge

    judged = judge(asking, typed)
    if not judged.unknown:
        return False
    dialogue.say(f'You wrote "{typed.strip()}". Our answer: {judged.shown}.')
    pressed = dialogue.key("Was this what you meant?", {"y": "yes", "n": "no", "q": "quit"})
    return None if pressed == "q" else pressed == "y"


def _choose_after_all(session: QuizSession, dialogue: Dialogue, asking: Asking) -> None:
    """After a wrong number, offer four to choose from. The saved answer stays the same."""
    from grader.study.judging import judge

    choice = session.with_options(asking)
    if choice.options == asking.options:
        return
    dialogue.options(choice.options)
    keys = {str(number): "" for number in range(1, len(choice.options) + 1)}
    pressed = dialogue.key("Choose one:", {**keys, " ": "show the answer"})
    if pressed.isdecimal():
        judged = judge(choice, pressed)
        dialogue.say("Right this time." if judged.right else f"Not that one. {judged.why}".strip(), bold=True)


def _show(dialogue: Dialogue, asking: Asking) -> None:
    """Print the question and its options."""
    from grader.study.questions import Match

    first, *others = asking.question.ask.split("\n")
    dialogue.say(first, bold=True)
    if others and dialogue.plain:
        dialogue.say("\n".join(others), bold=True)
    elif others:
        dialogue.set_apart("\n".join(others))
    if isinstance(asking.question, Match):
        for left in asking.question.pairs:
            dialogue.say(f"{left}: ?", indent="  ")
    dialogue.options(asking.options)


def _readable_answer(dialogue: Dialogue, asking: Asking) -> str | None:
    """Ask until an answer can be parsed. Return what was typed, None if the learner quits."""
    from grader.study.judging import judge
    from grader.study.number import UnreadableError

    rounded = isinstance(getattr(asking.question, "right", None), float)
    how = HOW[asking.question.kind].format(count=len(asking.options))
    prompt = f"{how}{', three digits suffice' if rounded else ''} (q quits):"
    while True:
        typed = dialogue.line(prompt)
        if typed is None or typed.strip().lower() == "q":
            return None
        try:
            judge(asking, typed)
        except UnreadableError as error:
            dialogue.say(str(error))
        else:
            return typed


def _score(session: QuizSession, dialogue: Dialogue) -> None:
    scores = session.scores()
    dialogue.page("", ["This session"])
    if not scores:
        dialogue.say("You have not answered any question.")
        return
    right, asked = sum(one.right for one in scores), sum(one.asked for one in scores)
    dialogue.say(f"{right} of {asked} right.", bold=True)
    if not dialogue.plain:
        wrong = counted(session.sure_but_wrong, "answer was", "answers were")
        dialogue.say(f"{wrong} sure but wrong. {counted(session.minutes, 'minute')}.")
    by_success = sorted(scores, key=lambda one: one.right / one.asked)
    for one in by_success:
        dialogue.say(f"{one.topic}: {one.right} of {one.asked}", indent="  ")
    if right < asked:
        dialogue.say(f"To read more: {suggested(f'lesson {by_success[0].topic}')}")
