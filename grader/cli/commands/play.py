"""`grade play`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.text import counted

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.games import Pairs
    from grader.study.learning_record import LearningRecord
    from grader.study.pictures import Gallery

ROUNDS = 5
FEWEST_TERMS = 2


@click.command("play")
@click.argument("game", type=click.Choice(["match", "layers"]), default="match")
@click.option("--seed", type=click.IntRange(min=0), help="Play the same game for the same seed.")
@click.option(
    "--plain",
    is_flag=True,
    help="Read and print whole lines, with digits for pictures: for a screen reader or a simple terminal.",
)
@course_option
@debug_option
def command(game: str, seed: int | None, plain: bool, course_root: Path) -> None:
    """Play a game with the material of the course.

    match: match terms and definitions against the clock. layers: say which layer made a feature map.
    """
    from grader.cli.dialogue import Dialogue
    from grader.cli.user_state import record_path
    from grader.study.cards import read_decks
    from grader.study.games import pairs_of
    from grader.study.learning_record import LearningRecord

    dialogue, chance, root = Dialogue(plain), random.Random(seed), course_root
    with LearningRecord(record_path()) as record:
        try:
            if game == "match":
                pairs = pairs_of(read_decks(root), chance)
                if len(pairs.terms) < FEWEST_TERMS:
                    dialogue.say("This course has too few terms for this game.")
                    return
                _against_the_clock(dialogue, record, game, lambda: _match(dialogue, pairs))
            else:
                from grader.study.pictures import read_gallery

                gallery = read_gallery(root)
                if gallery is None:
                    dialogue.say("This course has no pictures for this game.")
                    return
                _against_the_clock(dialogue, record, game, lambda: _layers(dialogue, gallery, chance))
        except KeyboardInterrupt:
            dialogue.say("\nStopped.")


def _match(dialogue: Dialogue, pairs: Pairs) -> int | None:
    """Play the game with terms and definitions. Return the number of mistakes, None if the player quits."""
    dialogue.options(pairs.definitions, indent="")
    dialogue.say()
    keys = {str(number): "" for number in range(1, len(pairs.terms) + 1)}
    mistakes = 0
    for term, right in zip(pairs.terms, pairs.solution, strict=True):
        dialogue.say(term, bold=True)
        while (typed := dialogue.key("Which number?", {**keys, "q": "quit"})) != str(right + 1):
            if typed == "q":
                return None
            mistakes += 1
            dialogue.say("No.")
    return mistakes


def _layers(dialogue: Dialogue, gallery: Gallery, chance: random.Random) -> int | None:
    """Play the game with pictures. Return the number of mistakes, None if the player quits."""
    from grader.study.pictures import drawn, picture_of

    mistakes = 0
    for number in range(1, ROUNDS + 1):
        picture = picture_of(gallery, chance)
        dialogue.say(f"\nPicture {number} of {ROUNDS}. Before:")
        dialogue.picture(drawn(picture.before, digits=not dialogue.draws))
        dialogue.say("After:")
        dialogue.picture(drawn(picture.after, digits=not dialogue.draws))
        dialogue.options(picture.options)
        keys = {str(place): "" for place in range(1, len(picture.options) + 1)}
        typed = dialogue.key(gallery.question, {**keys, "q": "quit"})
        if typed == "q":
            return None
        right = picture.options[int(typed) - 1] == picture.right
        mistakes += not right
        dialogue.say(f"Right. {picture.because}" if right else f"No, it was {picture.right}. {picture.because}")
    return mistakes


def _against_the_clock(dialogue: Dialogue, record: LearningRecord, game: str, play: Callable[[], int | None]) -> None:
    """Play a game and take the time. Only a game without mistakes has a time."""
    from grader.study.games import best_time, keep_time

    best = best_time(record, game)
    if best is not None:
        dialogue.say(f"Your best time is {best:.1f} seconds.", dim=True)
    started = time.monotonic()
    mistakes = play()
    seconds = time.monotonic() - started
    if mistakes is None:
        return
    if mistakes:
        dialogue.say(f"{seconds:.1f} seconds, {counted(mistakes, 'mistake')}.", bold=True)
        dialogue.say("Only the time of a game without mistakes is saved.")
        return
    best, first = keep_time(record, game, seconds)
    comparison = ": your best time." if first else f"; your best time is {best:.1f}."
    dialogue.say(f"{seconds:.1f} seconds without a mistake{comparison}", bold=True)
