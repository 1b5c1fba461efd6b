"""A small course for tests of the diagnosis: one function with a scale, a shift and a mean over rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grader.course import Exercise
from grader.diagnosis import Diagnosis, Diagnostician, Recorded
from grader.diagnosis.exploration import AskAll
from grader.sandbox import Raised, Request, Returned
from tests.grading import DirectCaller

RUBRIC = """
exercise: 01_scale
title: Scale
module: scale
functions: {scale: [y, mean]}
criteria:
  - id: values
    title: Scales
    function: scale
    points: 1
    checks: [test_scale]
    hints: {question: How?, probe: Try one., name: It scales.}
"""
REFERENCE = '''
def scale(x, factor, shift, rows=False):
    """Return x * factor + shift, and the mean of each column or row."""
    y = x * factor + shift
    return y, y.mean(axis=1 if rows else 0)
'''
LOOPS = """
import numpy as np


def scale(x, factor, shift, rows=False):
    y = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] * factor + shift
    axis = 1 if rows else 0
    return y, y.mean(axis=axis)
"""
CALLS = """
import numpy as np

from grader.course import Aspect, CallFamily


def make(rng, factor=1, shift=0, rows=False, wide=False):
    shape = (3, 4) if wide else (3, 3)
    x = rng.permutation(np.arange(2.0, 30.0))[: shape[0] * shape[1]].reshape(shape)
    return x, factor, shift, rows


CALLS = {
    "scale": CallFamily(
        make,
        (
            Aspect("the factor is not 1", {"factor": 3}),
            Aspect("the shift is not 0", {"shift": 5}),
            Aspect("the mean is over rows", {"rows": True}),
            Aspect("x is wide", {"wide": True}),
        ),
        lambda x, factor, shift, rows=False: min(x.shape) > 1,
    )
}
"""
MISCONCEPTIONS = """
from grader.course import Misconception, patch


def belief(name, *edits, severity="mistake"):
    return Misconception(name, "scale", f"{name} is right.", f"Is {name} right?", "Try one.", name,
                         patch("loops", *edits), severity)


MISCONCEPTIONS = (
    belief("shift-forgotten", " + shift", ""),
    belief("shift-subtracted", " + shift", " - shift"),
    belief("shift-first", "x[i, j] * factor + shift", "(x[i, j] + shift) * factor"),
    belief("factor-forgotten", " * factor", ""),
    belief("mean-of-all", "y.mean(axis=axis)", "y.mean()"),
    belief("always-columns", "1 if rows else 0", "0"),
    belief("square-only", "x.shape[1]", "x.shape[0]"),
    belief("sum-for-mean", "y.mean(axis=axis)", "y.sum(axis=axis)"),
    belief("half-a-mean", "y.mean(axis=axis)", "y.mean(axis=axis) / 2", severity="convention"),
)
"""


def toy_exercise(root: Path) -> Exercise:
    """Write the course into a folder and return its exercise."""
    solutions = root / "solutions" / "01_scale"
    (solutions / "tastes").mkdir(parents=True)
    (root / "rubrics").mkdir()
    (root / "rubrics" / "01_scale.yaml").write_text(RUBRIC)
    for name, text in {
        "scale.py": REFERENCE, "tastes/loops.py": LOOPS, "calls.py": CALLS, "misconceptions.py": MISCONCEPTIONS,
    }.items():  # fmt: skip
        (solutions / name).write_text(text)
    return Exercise("01_scale", root)


def diagnosed(doctor: Diagnostician, program: Callable[..., Any], **call: Any) -> Diagnosis | None:
    """Diagnose a program. One check has made one call, with the result of the program."""
    arguments = {"x": np.arange(12.0).reshape(3, 4), "factor": 2, "shift": 7, "rows": True, **call}
    given = tuple(arguments.values())
    try:
        answer: Returned | Raised = Returned(program(*given))
    except Exception as error:
        answer = Raised(type(error).__name__, str(error))
    made = Recorded(given, {}, answer, 12, check="test_scale")
    return doctor.diagnose("scale", [made], asks(program))


def asks(program: Callable[..., Any]) -> AskAll:
    """Return what asks a program several calls."""
    caller = DirectCaller({"scale": program})
    return lambda several: caller.ask_all([Request("scale", one, return_arguments=True) for one in several])
