"""No pattern and no function that sees a learner's text takes longer than in proportion to its length.

The patterns are found by walking the modules, and so are the functions of one text: a new one is tried by itself. Only
growth is measured, not speed: a text eight times as long may take 24 times as long.
"""

import ast
import contextlib
import gc
import importlib
import inspect
import json
import pkgutil
import re
import time
import warnings
from pathlib import Path

import pytest

import grader.report
import grader.sandbox
import grader.submission
from grader.checks import CheckOutcome, Verdict
from grader.report import render_terminal, to_json
from grader.report.exports import to_gradescope, to_junit_suite
from grader.report.pages import learner_page
from grader.submission import Problem, decode_source, screen
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames
from grader.submission.intake.layout import Form, Layout, form_of_name
from grader.submission.intake.litter import litter
from grader.submission.intake.notebook import source_of_notebook
from grader.submission.reading import companion_source
from tests.report.conftest import RUBRIC, SUBMISSION

pytestmark = pytest.mark.slow

ROOMS = (grader.submission, grader.report, grader.sandbox)
SIZES = [512 * 2**k for k in range(8)]  # to 64 Ki characters
TELLING_SECONDS = 0.08  # shorter times are mostly noise
ENOUGH_SECONDS = 0.3  # a longer text would say no more
DOUBLINGS, GROWTH = 3, 24.0  # in proportion is 8, the square is 64
PIECES = (
    " ", "\t", "\n", "\r", "\f", '"', "'", "'''", '"""', "(", "{", "\\", "#", "%", "!", "?", "=", "a", "a ", "= ",
    "_", "a_", "1", "1_", "-", "a.", ", ", "x=1;", "coding:", "def ", "f =", "import a\n", "\x1b[", "\x1b]", "\u202e",
    "\ud800", "if a:\n a\nel", "f'{", "a\\\n",
)  # fmt: skip


def modules():
    """Every module of the rooms; what runs inside the sandbox sees nothing but its own learner's text."""
    for room in ROOMS:
        yield room
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".inside" not in found.name:
                yield importlib.import_module(found.name)


def patterns():
    for module in modules():
        for name, value in sorted(vars(module).items()):
            if isinstance(value, re.Pattern):
                yield pytest.param(value, id=f"{module.__name__}.{name}")


NOT_FOR_LEARNERS = {"submitters_of"}  # Gradescope's own file, in which what a learner writes is quoted


def functions_of_one_text():
    """Every function that can be called with one text."""
    for module in modules():
        for name, value in sorted(vars(module).items()):
            if not inspect.isfunction(value) or value.__module__ != module.__name__ or name in NOT_FOR_LEARNERS:
                continue
            needed = [one for one in inspect.signature(value).parameters.values() if one.default is one.empty]
            if len(needed) == 1 and needed[0].annotation in ("str", "bytes"):
                in_bytes = needed[0].annotation == "bytes"
                yield f"{module.__name__}.{name}", encoded(value) if in_bytes else value


def encoded(function):
    return lambda text: function(text.encode("utf-8", "surrogatepass"))


NAMES = ExerciseNames([ExerciseName("03_dropout", "dropout"), ExerciseName("04_batch_norm", "batch_norm")])


def notebook(text):
    cell = {"cell_type": "code", "source": f"{text}\ndef dropout(x):\n    return x", "outputs": [], "metadata": {}}
    cells = [{**cell, "execution_count": None}]
    content = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()
    return source_of_notebook(content, "dropout.ipynb", ["dropout"])


def report_with(text):
    from grader.report import build_report
    from grader.scoring import score

    outcomes = (CheckOutcome("test_mean", "Keeps the mean.", Verdict.FAILED, text, (text,)),)
    output = type("Printed", (), {"stdout": text, "stderr": text, "truncated": False})()
    return build_report(
        RUBRIC, SUBMISSION, score(RUBRIC, outcomes), isolation="process", seed=0, course_hash="c" * 64,
        problems=[Problem(1, 2, text, text)], output=output,
    )  # fmt: skip


def all_forms_of_a_report(text):
    report = report_with(text)
    plain = json.loads(to_json(report))
    render_terminal(report, width=100, colour=False)
    learner_page(plain)
    to_junit_suite("ada", plain)
    to_gradescope(plain)


FUNCTIONS = {
    **dict(functions_of_one_text()),
    "decode_source": lambda text: decode_source(text.encode("utf-8", "surrogatepass"), "a.py"),
    "companion_source": lambda text: companion_source(text.encode("utf-8", "surrogatepass"), "a.py"),
    "screen": lambda text: screen(text, "a.py", ["numpy"]),
    "notebook": notebook,
    "find": lambda text: NAMES.find((text, f"{text}.py")),
    "split_flat": lambda text: NAMES.split_flat(f"{text}.py"),
    "litter": lambda text: litter((text, text)),
    "form_of_name": lambda text: form_of_name(text, False, False),
    **{f"owners on {form}": lambda text, form=form: Layout(NAMES, form).owners((text, f"{text}.py")) for form in Form},
}


def growth(run, make):
    """The largest growth over so many doublings, of times that tell something."""
    seconds = []
    largest = 0.0
    for size in SIZES:
        seconds.append(timed(run, make(size)))
        if len(seconds) > DOUBLINGS and seconds[-1] > TELLING_SECONDS:
            largest = max(largest, seconds[-1] / max(seconds[-1 - DOUBLINGS], 1e-6))
        if largest > GROWTH or (len(seconds) > DOUBLINGS and seconds[-1] > ENOUGH_SECONDS):
            break
    return largest


def timed(run, text):
    gc.disable()  # a collection in the middle would be taken for growth
    started = time.process_time()
    try:
        with contextlib.suppress(Exception):  # how it ends is for other tests to say
            run(text)
    finally:
        gc.enable()
    return time.process_time() - started


def superlinear(run, encode=False, ends=("!",), pieces=PIECES):
    """The pieces whose repetition takes longer than in proportion, with the growth. What looks so is tried again."""
    found = {}
    for piece in pieces:
        for end in ends:

            def make(size, piece=piece, end=end):
                text = piece * (size // len(piece)) + end
                return text.encode("utf-8", "surrogatepass") if encode else text

            if not quick(run, make) and all(growth(run, make) > GROWTH for _ in range(3)):
                found[piece, end] = growth(run, make)
    return found


def quick(run, make):
    """Whether the longest text takes no time worth a word; not tried where a short one does."""
    return all(timed(run, make(size)) < TELLING_SECONDS / 4 for size in (SIZES[0], SIZES[3], SIZES[-1]))


def test_the_measure_tells_the_square_from_proportion():
    assert superlinear(re.compile(r"\s*x").search, pieces=(" ", "a"))
    assert not superlinear(re.compile(r"\A\s*+x").search, pieces=(" ", "a"))


@pytest.mark.parametrize("pattern", list(patterns()))
@pytest.mark.parametrize("method", ["match", "fullmatch", "search", "findall"])
def test_every_pattern_is_linear(pattern, method):
    assert superlinear(getattr(pattern, method), isinstance(pattern.pattern, bytes), ("", "!")) == {}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_a_text_is_linear(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert superlinear(FUNCTIONS[name]) == {}


def test_a_report_with_long_texts_is_made_in_proportion():
    assert superlinear(all_forms_of_a_report) == {}


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__)
def test_patterns_stand_where_they_are_found(module):
    """A pattern within a function would be tried by nobody."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    within = [
        f"{module.__name__}.{function.name}:{call.lineno}"
        for function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "id", "") == "re"
    ]
    assert within == []
