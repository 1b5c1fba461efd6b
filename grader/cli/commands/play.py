"""`grade play`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.text import counted

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.games import Pairs
    from grader.study.judging import Judged
    from grader.study.learning_record import LearningRecord
    from grader.study.pictures import Gallery
    from grader.study.question_bank import Asking

ROUNDS = 5
QUIT = "q"


@dataclass
class Game:
    """A game that runs: what was mistaken for what, and if the player quit."""

    mistakes: list[tuple[str, str]] = field(default_factory=list)
    quit: bool = False


@click.command("play")
@click.argument("name", metavar="[GAME]", type=click.Choice(["match", "layers", "sums"]), default="match")
@click.option("--seed", type=click.IntRange(min=0), help="Play the same game for the same seed.")
@click.option(
    "--plain",
    is_flag=True,
    help="Read and print whole lines, with digits for pictures: for a screen reader or a simple terminal.",
)
@course_option
@debug_option
def command(name: str, seed: int | None, plain: bool, course_root: Path) -> None:
    """Play a game with the material of the course.

    match: match terms and definitions against the clock. layers: say which layer made a feature map. sums: answer as
    many questions about numbers as you can in sixty seconds.
    """
    from grader.cli.dialogue import Dialogue
    from grader.cli.user_state import record_path
    from grader.study.learning_record import LearningRecord

    dialogue, chance = Dialogue(plain), random.Random(seed)
    play = {"match": _play_match, "layers": _play_layers, "sums": _play_sums}[name]
    with LearningRecord(record_path()) as record:
        try:
            play(dialogue, record, course_root, chance, seed)
        except KeyboardInterrupt:
            dialogue.say("\nStopped.")


def _play_match(
    dialogue: Dialogue, record: LearningRecord, root: Path, chance: random.Random, seed: int | None
) -> None:
    from grader.study.games import PAIRS, SURPLUS, concepts_of, mistaken_in, pairs_of
    from grader.study.lessons import read_lessons

    concepts = concepts_of(read_lessons(root).values())
    if len(concepts) < PAIRS + SURPLUS:
        dialogue.say("This course has too few key concepts for this game.")
        return
    pairs = pairs_of(concepts, chance, mistaken_in(record, "match") if seed is None else ())
    _against_the_clock(dialogue, record, "match", lambda game: _match(dialogue, pairs, game))


def _play_layers(
    dialogue: Dialogue, record: LearningRecord, root: Path, chance: random.Random, seed: int | None
) -> None:
    from grader.study.pictures import read_gallery

    gallery = read_gallery(root)
    if gallery is None:
        dialogue.say("This course has no pictures for this game.")
        return
    _against_the_clock(dialogue, record, "layers", lambda game: _layers(dialogue, gallery, chance, game))


def _play_sums(dialogue: Dialogue, record: LearningRecord, root: Path, chance: random.Random, seed: int | None) -> None:
    from grader.study.games import SECONDS, best_result, keep_result, sums_of
    from grader.study.question_bank import QuestionBank

    best = best_result(record, "sums", max)
    if best is not None:
        dialogue.say(f"Your best result is {best:.0f} right.", dim=True)
    dialogue.say(f"You have {SECONDS:.0f} seconds. Type each number and press enter; q stops.")
    played = _sums(dialogue, record, sums_of(QuestionBank(root), chance))
    if played is None:
        dialogue.say("This course has no questions with numbers for this game.")
        return
    right, wrong = played
    best, first = keep_result(record, "sums", right, max)
    comparison = "your best result" if first else f"your best result is {best:.0f}"
    dialogue.say(f"\n{right} right, {wrong} wrong: {comparison}.", bold=True)


def _match(dialogue: Dialogue, pairs: Pairs, game: Game) -> None:
    """Play the game with terms and definitions. Two of the definitions belong to no term."""
    dialogue.options(pairs.definitions, indent="")
    surplus = len(pairs.definitions) - len(pairs.terms)
    dialogue.say(f"{surplus} of these definitions belong to no term below.", dim=True)
    dialogue.say()
    keys = {str(number): "" for number in range(1, len(pairs.definitions) + 1)}
    for term, right in zip(pairs.terms, pairs.solution, strict=True):
        dialogue.say(term, bold=True)
        while (typed := dialogue.key("Which number?", {**keys, QUIT: "quit"})) != str(right + 1):
            if typed == QUIT:
                game.quit = True
                return
            game.mistakes.append((term, pairs.owners[int(typed) - 1]))
            dialogue.say("No.")


def _sums(
    dialogue: Dialogue,
    record: LearningRecord,
    sums: Iterator[Asking],
    clock: Callable[[], float] = time.monotonic,
) -> tuple[int, int] | None:
    """Ask sums until the time is over or the player stops. Return the numbers of right and wrong answers.

    Return None if there are no sums.
    """
    from grader.study.clock import milliseconds_now
    from grader.study.games import SECONDS, keep_sum

    asked = right = wrong = 0
    end = clock() + SECONDS
    for asking in sums:
        asked += 1
        answered = _answered_in_time(dialogue, asking, lambda: end - clock())
        if answered is None:
            break
        typed, judged = answered
        keep_sum(record, asking, typed, judged.right, judged.misconceptions, milliseconds_now())
        right, wrong = right + judged.right, wrong + (not judged.right)
        dialogue.say("Right." if judged.right else f"{judged.shown} is right. {judged.why}".strip())
    return (right, wrong) if asked else None


def _answered_in_time(dialogue: Dialogue, asking: Asking, left: Callable[[], float]) -> tuple[str, Judged] | None:
    """Ask until an answer can be read. Return it with its judgement, None if the time is over or the player stops."""
    from grader.study.judging import judge
    from grader.study.number import UnreadableError

    dialogue.say(f"\n{asking.question.ask}", bold=True)
    while True:
        typed = dialogue.line(f"{max(0, round(left()))} seconds left:")
        if typed is None or typed.strip().lower() == QUIT or left() < 0:
            return None
        try:
            return typed, judge(asking, typed)
        except UnreadableError as error:
            dialogue.say(str(error))


def _layers(dialogue: Dialogue, gallery: Gallery, chance: random.Random, game: Game) -> None:
    """Play the game with pictures."""
    from grader.study.pictures import drawn, picture_of

    dialogue.say("Each picture is scaled to its brightest pixel.", dim=True)
    for number in range(1, ROUNDS + 1):
        picture = picture_of(gallery, chance)
        dialogue.say(f"\nPicture {number} of {ROUNDS}. Before:")
        dialogue.picture(drawn(picture.before, digits=not dialogue.draws))
        dialogue.say("After:")
        dialogue.picture(drawn(picture.after, digits=not dialogue.draws))
        dialogue.options(picture.options)
        keys = {str(place): "" for place in range(1, len(picture.options) + 1)}
        typed = dialogue.key(gallery.question, {**keys, QUIT: "quit"})
        if typed == QUIT:
            game.quit = True
            return
        chosen = picture.options[int(typed) - 1]
        if chosen != picture.right:
            game.mistakes.append((picture.right, chosen))
        dialogue.say(
            f"Right. {picture.because}" if chosen == picture.right else f"No, it was {picture.right}. {picture.because}"
        )


def _against_the_clock(dialogue: Dialogue, record: LearningRecord, name: str, play: Callable[[Game], None]) -> None:
    """Play a game and take the time. Save the mistakes; only a game without any has a time."""
    from grader.study.games import best_result, keep_mistakes, keep_result

    best = best_result(record, name)
    if best is not None:
        dialogue.say(f"Your best time is {best:.1f} seconds.", dim=True)
    game, started = Game(), time.monotonic()
    try:
        play(game)
    finally:
        keep_mistakes(record, name, game.mistakes)
    seconds = time.monotonic() - started
    if game.quit:
        return
    if game.mistakes:
        dialogue.say(f"{seconds:.1f} seconds, {counted(len(game.mistakes), 'mistake')}.", bold=True)
        dialogue.say("Only the time of a game without mistakes is saved.")
        return
    best, first = keep_result(record, name, seconds)
    comparison = ": your best time." if first else f"; your best time is {best:.1f}."
    dialogue.say(f"{seconds:.1f} seconds without a mistake{comparison}", bold=True)
