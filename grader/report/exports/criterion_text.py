"""The text about one criterion for a platform: why it does not hold, and the question that helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.text import capped, visible

MOST_CHARACTERS = 6000  # of four bytes at most; PrairieLearn and GitHub read 1 MB of all criteria together


def criterion_name(criterion: Mapping[str, Any]) -> str:
    """Return the title of a criterion, and that it is a bonus."""
    return f"{criterion['title']}{' (bonus)' if criterion['bonus'] else ''}"


def fails(criterion: Mapping[str, Any]) -> bool:
    """Return True if a check did not pass and the mistake is charged here."""
    return any(check["verdict"] != "passed" for check in criterion["checks"]) and not criterion["same_cause_as"]


def criterion_text(criterion: Mapping[str, Any]) -> str:
    """Return the checks of a criterion that did not pass, with their messages, and a hint.

    The messages may repeat a learner's text.
    """
    failed = [check for check in criterion["checks"] if check["verdict"] != "passed"]
    lines = [*criterion["carried_forward"], *(f"{check['title']}\n{check['message']}".strip() for check in failed)]
    if failed and criterion["hint"]:
        lines.append(criterion["hint"])
    return visible("\n\n".join(lines))


def short_criterion_text(criterion: Mapping[str, Any]) -> str:
    """Return the text of a criterion for a platform that limits the size of all texts together."""
    return capped(criterion_text(criterion), MOST_CHARACTERS)
