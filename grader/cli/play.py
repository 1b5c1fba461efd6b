"""`grade play`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.dialogue import counted
from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    import random

    from grader.cli.dialogue import Dialogue
    from grader.study.journal import Journal

ROUNDS = 5


@click.command("play")
@click.argument("game", type=click.Choice(["match", "layers"]), default="match")
@click.option("--seed", type=click.IntRange(min=0), help="The same game again.")
@click.option("--plain", is_flag=True, help="Whole lines and digits only: for a screen reader or a dumb terminal.")
@course_option
@debug_option
def command(game: str, seed: int | None, plain: bool, course_root: Path | None) -> None:
    """Two games with what you learn.

    Match terms and definitions against the clock, or say which layer made a feature map (layers).
    """
    import random

    from grader.cli.dialogue import Dialogue, study_file
    from grader.course import builtin_course_root
    from grader.study.journal import Journal

    dialogue = Dialogue(plain)
    chance = random.Random(seed)
    with Journal(study_file()) as journal:
        try:
            if game == "match":
                _match(dialogue, journal, chance, course_root or builtin_course_root())
            else:
                _layers(dialogue, journal, chance)
        except KeyboardInterrupt:
            dialogue.say("\nAnother time.")


def _match(dialogue: Dialogue, journal: Journal, chance: random.Random, root: Path) -> None:
    import time

    from grader.study.cards import read_decks
    from grader.study.games import best_time, pairs_of

    pairs = pairs_of(read_decks(root), chance)
    if len(pairs.terms) < 2:
        dialogue.say("This course has too few terms to be matched.")
        return
    _challenge(dialogue, best_time(journal, "match"))
    dialogue.options(pairs.definitions, indent="")
    dialogue.say()
    keys = {str(number): "" for number in range(1, len(pairs.terms) + 1)}
    started, mistakes = time.monotonic(), 0
    for term, right in zip(pairs.terms, pairs.solution, strict=True):
        dialogue.say(term, bold=True)
        while (typed := dialogue.key("Which number?", {**keys, "q": "quit"})) != str(right + 1):
            if typed == "q":
                return
            mistakes += 1
            dialogue.say("No.")
    _end(dialogue, journal, "match", time.monotonic() - started, mistakes)


def _layers(dialogue: Dialogue, journal: Journal, chance: random.Random) -> None:
    import time

    from grader.study.games import best_time, drawn, picture_of

    _challenge(dialogue, best_time(journal, "layers"))
    started, mistakes = time.monotonic(), 0
    for number in range(1, ROUNDS + 1):
        picture = picture_of(chance)
        dialogue.say(f"\nPicture {number} of {ROUNDS}. Before:")
        dialogue.picture(drawn(picture.before, digits=not dialogue.draws))
        dialogue.say("After:")
        dialogue.picture(drawn(picture.after, digits=not dialogue.draws))
        dialogue.options(picture.options)
        typed = dialogue.key("Which layer?", {"1": "", "2": "", "3": "", "4": "", "q": "quit"})
        if typed == "q":
            return
        right = picture.options[int(typed) - 1] == picture.right
        mistakes += not right
        dialogue.say(f"Right. {picture.because}" if right else f"No, it was {picture.right}. {picture.because}")
    _end(dialogue, journal, "layers", time.monotonic() - started, mistakes)


def _challenge(dialogue: Dialogue, best: float | None) -> None:
    """The time to beat."""
    if best is not None:
        dialogue.say(f"Your best time is {best:.1f} seconds.", dim=True)


def _end(dialogue: Dialogue, journal: Journal, game: str, seconds: float, mistakes: int) -> None:
    """Only a game without mistakes has a time."""
    from grader.study.games import keep_time

    if mistakes:
        dialogue.say(f"{seconds:.1f} seconds, {counted(mistakes, 'mistake')}.", bold=True)
        dialogue.say("Only a time without mistakes is kept.")
        return
    best, first = keep_time(journal, game, seconds)
    dialogue.say(
        f"{seconds:.1f} seconds without a mistake" + (": your best." if first else f"; your best is {best:.1f}."),
        bold=True,
    )
