"""A lesson on the screen: paragraphs in the width of the window, code and pictures as they are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.study.lessons import plain

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue

_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONTINUE = {" ": "continue", "q": "stop here"}
PROMPT_LINES = 2  # the prompt, and the line of the cursor


def show_text(dialogue: Dialogue, markdown: str) -> bool:
    """Print a text in Markdown. On a terminal, pause before it fills the screen. Return False if the learner stops."""
    room = shutil.get_terminal_size((80, 24)).lines - PROMPT_LINES
    used = 0
    for text, fixed in _paragraphs(markdown):
        lines = len(dialogue.lines_of(text)) if not fixed else text.count("\n") + 1
        if used and used + lines + 1 > room and not dialogue.plain:
            if dialogue.key("", CONTINUE) == "q":
                return False
            used = 0
        dialogue.say()
        if fixed:
            dialogue.picture(text)
        else:
            for line in text.split("\n"):
                dialogue.say(plain(line), bold=line.startswith("#"), indent="  " if line.startswith("- ") else "")
        used += lines + 1
    return True


def _paragraphs(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield the paragraphs of a text, and if each keeps its lines: blocks of code and pictures do."""
    place = 0
    for found in _BLOCK.finditer(markdown):
        yield from _prose(markdown[place : found.start()])
        yield found[1].rstrip("\n"), True
        place = found.end()
    yield from _prose(markdown[place:])


def _prose(text: str) -> Iterator[tuple[str, bool]]:
    yield from ((one.strip(), False) for one in re.split(r"\n\s*\n", text) if one.strip())
