"""Say for which inputs a function is wrong, if no known misconception explains it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from grader.diagnosis.answers import Failed
from grader.diagnosis.exploration import OF_CHECKS, PLAIN, Item, agree

MOST_SHOWN = 3  # aspects in one sentence


def located(items: Sequence[Item], results: Sequence[str]) -> str:
    """Return for which inputs the wrong items among these occur, in a sentence or two; empty if none is wrong.

    `results` are the names of the function's results. The inputs of the checks differ from the plainest one in many
    ways, so they count only if nothing else is wrong.
    """
    wrong = [item for item in items if item.is_wrong and item.level < OF_CHECKS]
    if not wrong:
        in_checks = any(item.is_wrong for item in items)
        return (
            "It is right for other inputs that were tried, and wrong for the input of the check." if in_checks else ""
        )
    at_once = {item.part for item in wrong if item.level == PLAIN}
    parts = {item.part for item in wrong}
    groups = [[item for item in wrong if (item.part in at_once) is plain] for plain in (True, False)]
    sentences = [_sentence(group, results) for group in groups if group]
    if not at_once:
        sentences.insert(0, "Right for the plainest input.")
    right = [name for part, name in enumerate(results) if part not in parts]
    if right and len(results) > 1 and not any(isinstance(item.theirs, Failed) for item in wrong):
        sentences.append(f"{_listed(right)} {'is' if len(right) == 1 else 'are'} right.")
    return " ".join(sentences)


def _sentence(wrong: Sequence[Item], results: Sequence[str]) -> str:
    """Return for which inputs the results of these items are wrong."""
    names = _listed([results[part] for part in sorted({item.part for item in wrong}) if part < len(results)])
    if all(isinstance(item.theirs, Failed) for item in wrong):
        said = f"It raises {_listed(dict.fromkeys(item.theirs.kind for item in wrong), 'or')}"
    elif not names:
        said = "It changes an argument"
    elif len(results) == 1:
        said = "It is wrong"
    else:
        said = f"{names} {'is' if names in results else 'are'} wrong"
    if any(item.level == PLAIN for item in wrong):
        return f"{said} for the plainest input already."
    return f"{said} if {_conditions(wrong)}."


def _conditions(wrong: Sequence[Item]) -> str:
    """Return the fewest aspects that describe the wrong items."""
    single = dict.fromkeys(one.words for item in wrong if item.level == 1 for one in item.aspects)
    found = list(single)
    for item in wrong:
        words = [one.words for one in item.aspects]
        if item.level > 1 and not single.keys() & set(words):
            found.append(" and ".join(words))
    shown = list(dict.fromkeys(found))[:MOST_SHOWN]
    return ", or if ".join(shown)


def in_another_order(items: Sequence[Item], results: Sequence[str]) -> str:
    """Return the sentence for results that are right but in a different order; empty if they are not."""
    by_call: dict[bytes, list[Item]] = {}
    for item in items:
        if item.level <= 1 and item.part < len(results):
            by_call.setdefault(item.call.fingerprint, []).append(item)
    for order in itertools.permutations(range(len(results))):
        if order == tuple(range(len(results))) or len(results) < 2:
            continue
        if all(
            len(parts) == len(results)
            and all(agree(parts[ours].right, parts[theirs].theirs) for theirs, ours in enumerate(order))
            for parts in by_call.values()
        ):
            seen = _listed([results[one] for one in order])
            return f"The results are right, but in a different order: it returns {seen}; expected {_listed(results)}."
    return ""


def _listed(words: Iterable[str], last: str = "and") -> str:
    several = list(words)
    return f" {last} ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else "".join(several)
