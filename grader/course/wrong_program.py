"""Wrong programs, written as the lines of a right one that a learner would have written differently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patch:
    """A right program with some text of one function replaced.

    `taste` names the right program: `solutions/NN_key/tastes/TASTE.py`. Each edit is a pair of texts, old and new. The
    old text must occur in the function; all of its occurrences are replaced.
    """

    taste: str
    edits: tuple[tuple[str, str], ...]

    def applied_to(self, source: str) -> str:
        """Return the source of a function with all edits made. Raises PatchError if one does not apply."""
        for old, new in self.edits:
            if old not in source:
                raise PatchError(f"the patch of {self.taste!r} does not apply: there is no {old!r}")
            source = source.replace(old, new)
        return source


class PatchError(Exception):
    """A patch does not apply to the program that it changes."""


def patch(taste: str, *edits: str | tuple[str, str]) -> Patch:
    """Return a patch: `patch("loops", old, new)`, or several pairs `patch("loops", (old, new), (old, new))`.

    >>> patch("loops", "OW = (W - KW) // SW + 1", "OW = OH").edits
    (('OW = (W - KW) // SW + 1', 'OW = OH'),)
    """
    if len(edits) == 2 and isinstance(edits[0], str) and isinstance(edits[1], str):
        return Patch(taste, ((edits[0], edits[1]),))
    pairs = tuple((old, new) for old, new in (edit for edit in edits if isinstance(edit, tuple)))
    if not pairs or len(pairs) != len(edits):
        raise TypeError("a patch needs an old and a new text, or pairs of them")
    return Patch(taste, pairs)
