"""Write the measurements of random programs as text, so that a course is measured once.

The measurements of a program say how often it gave 0, which other numbers it gave, and so on. They do not depend on
the generator up to chance, and a learner's function is compared with them and not with the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from grader.diagnosis.experiment import Factor, Link, Measured, Values

OfProgram = tuple[Measured, ...]
"""The measurements of one program in all situations, in their order."""


def measurements_as_text(measured: Mapping[bytes, Iterable[Measured]]) -> str:
    """Return the measurements of programs, by the keys of their forms, as JSON."""
    rows: dict[str, int] = {}
    programs = {
        form.hex(): [rows.setdefault(json.dumps(_row(one)), len(rows)) for one in several]
        for form, several in measured.items()
    }
    return json.dumps({"programs": programs, "rows": list(map(json.loads, rows))}, separators=(",", ":"))


def measurements_from(text: str) -> dict[bytes, OfProgram]:
    """Return the measurements in a text. Raises ValueError, TypeError or KeyError if it is another text."""
    tree = json.loads(text)
    rows = [_measured(*row) for row in tree["rows"]]
    return {bytes.fromhex(form): tuple(rows[i] for i in several) for form, several in tree["programs"].items()}


def _row(one: Measured) -> list[Any]:
    values = one.values
    counts = None if values.counts is None else list(values.counts.items())
    return [
        one.form,
        [one.zeros, one.size],
        [counts, values.size, values.mean, values.spread, values.balanced],
        sorted(one.alike),
        [one.counted, one.unmoved, one.repeats],
        one.linked.name,
        [[factor.holds, factor.aligned, factor.opposed, list(factor.values)] for factor in one.factors],
        sorted(one.changed),
    ]


def _measured(
    form: str, zeros: Any, values: Any, alike: Any, flags: Any, linked: str, factors: Any, changed: Any
) -> Measured:
    """Return the measurements in a row of the text."""
    counts, size, mean, spread, balanced = values
    return Measured(
        form,
        zeros=zeros[0],
        size=zeros[1],
        values=Values(None if counts is None else dict(counts), size, mean, spread, balanced),
        alike=frozenset(alike),
        counted=flags[0],
        linked=Link[linked],
        unmoved=flags[1],
        repeats=flags[2],
        factors=tuple(Factor(holds, aligned, opposed, tuple(kinds)) for holds, aligned, opposed, kinds in factors),
        changed=frozenset(changed),
    )
