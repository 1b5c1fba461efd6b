"""The learners of a class as data for the script of the class page, in pieces of JSON.

The data stand in a script element that is never run. `<`, `>` and `&` are written as escapes of JSON, so that no text
of a learner can end the element; invisible characters are written as in every other place of a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from grader.report.exports.row import amount
from grader.report.pages.summary import (
    STATE_WORDS,
    CellState,
    ClassSummary,
    DiagnosisCount,
    ExerciseSummary,
    LearnerRow,
    ScoreCell,
)
from grader.text import for_html

_IN_A_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_STATES = {state: at for at, state in enumerate(CellState)}


def class_data(summary: ClassSummary, rows: Iterable[LearnerRow]) -> Iterator[Markup]:
    """Yield the JSON that `class.js` reads.

    A row is a list: learner, name, section, total and cells. A cell is a list: score, note, link, states, points by
    criterion, misconceptions. States and misconceptions are places in lists at the head; empty ends are left out.
    """
    known: dict[str, int] = {}
    for exercise in summary.exercises:
        for one in exercise.diagnoses:
            known.setdefault(one.id, len(known))
    head = {
        "states": [[state.value, STATE_WORDS[state]] for state in CellState],
        "misconceptions": list(known),
        "exercises": [
            {
                "key": exercise.key,
                "title": for_html(exercise.title),
                "possible": _number(exercise.possible),
                "criteria": [
                    [one.id, for_html(one.title), _number(one.possible), one.function, one.bonus]
                    for one in exercise.criteria
                ],
                "misconceptions": [[one.id, for_html(one.belief)] for one in exercise.diagnoses],
            }
            for exercise in summary.exercises
        ],
    }
    yield _json(head)[:-1] + Markup(', "rows": [\n')
    separator = Markup()
    for row in rows:
        cells = [_cell(cell, known) for cell in row.cells]
        named = [for_html(text) for text in (row.learner, row.name, row.section)]
        yield separator + _json([*named, _number(row.total), cells])
        separator = Markup(",\n")
    yield Markup("]}")


def _cell(cell: ScoreCell, known: Mapping[str, int]) -> list[Any]:
    found = [
        _number(cell.score),
        for_html(cell.note),
        cell.link,
        [_STATES[state] for state in cell.states],
        [_number(points) for points in cell.earned],
        [known[one] for one in cell.diagnoses if one in known],
    ]
    while len(found) > 1 and not found[-1]:
        found.pop()
    return found


def _number(points: float | None) -> float | None:
    return None if points is None else amount(points)


def _json(value: Any) -> Markup:
    return Markup(json.dumps(value, separators=(",", ":"), allow_nan=False).translate(_IN_A_SCRIPT))


def frequent_misconceptions(exercises: Sequence[ExerciseSummary]) -> list[tuple[ExerciseSummary, DiagnosisCount]]:
    """Return the misconceptions in these exercises, the most frequent first."""
    found = [(exercise, one) for exercise in exercises for one in exercise.diagnoses]
    return sorted(found, key=lambda pair: -pair[1].count)
