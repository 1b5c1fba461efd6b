"""No pattern and no function that sees a learner's text takes longer than in proportion to its length.

The test walks through the modules, so it tries each new pattern and each new function of one text without being told of
it. Only growth decides, never speed: a text eight times as long may take 24 times as long.
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

import grader.batch.fingerprint
import grader.report
import grader.sandbox
import grader.submission
import grader.text
from grader.batch.common_passages import common_passages
from grader.checks import CheckOutcome, Verdict
from grader.report import render_terminal, to_json
from grader.report.exports.formats.gradescope_results import to_gradescope
from grader.report.exports.formats.junit import to_junit_suite
from grader.report.pages import learner_page
from grader.submission import Problem, decode_source, screen
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames
from grader.submission.intake.layout import Layout, TreeForm, form_of_name
from grader.submission.intake.litter import litter
from grader.submission.intake.notebook import source_of_notebook
from grader.submission.reading import companion_source
from tests.report.conftest import RUBRIC, SUBMISSION

ROOMS = (grader.submission, grader.report, grader.sandbox, grader.text, grader.batch.fingerprint)
SIZES = [512 * 2**k for k in range(8)]  # to 64 Ki characters
QUICK_CHARACTERS, QUICK_SECONDS = 16 * 1024, 0.02  # the square of so many steps takes about 0.2 s
TELLING_SECONDS = 0.08  # shorter times are mostly noise
ENOUGH_SECONDS = 0.3  # a longer text would say no more
DOUBLINGS, GROWTH, CLEARLY_LINEAR = 3, 24.0, 12.0  # in proportion is 8, the square is 64
SHORTEST_SECONDS = TELLING_SECONDS / 2 / GROWTH  # of a square that takes TELLING_SECONDS: three doublings before
TRIES = 3  # what looks superlinear must look so each time
PIECES = (
    " ", "\t", "\n", "\r", "\f", '"', "'", "'''", '"""', "(", "{", "\\", "#", "%", "!", "?", "=", "a", "a ", "= ",
    "_", "a_", "1", "1_", "-", "a.", ", ", "x=1;", "coding:", "def ", "f =", "import a\n", "\x1b[", "\x1b]", "\u202e",
    "\ud800", "if a:\n a\nel", "f'{", "a\\\n",
)  # fmt: skip
KINDS_OF_CHARACTERS = ("a", " ", "\n", "\t", "\r", "&", "\x1b[", "\u202e", "\ud800")  # each is escaped in its own way


def modules():
    """Every module of the rooms; what runs inside the sandbox sees nothing but its own learner's text."""
    for room in ROOMS:
        yield room
        for found in pkgutil.walk_packages(getattr(room, "__path__", ()), f"{room.__name__}."):
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
    from grader.report import Circumstances, Judgement, build_report
    from grader.scoring import score

    outcomes = (CheckOutcome("test_mean", "Keeps the mean.", Verdict.FAILED, text, (text,)),)
    output = type("Printed", (), {"stdout": text, "stderr": text, "truncated": False})()
    circumstances = Circumstances("process", 0, "c" * 64)
    problems = (Problem(1, 2, text, text),)
    return build_report(
        Judgement(RUBRIC, SUBMISSION, score(RUBRIC, outcomes), circumstances, problems=problems, output=output)
    )


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
    "common_passages": lambda text: common_passages((text, text), (), ()),
    "find": lambda text: NAMES.find((text, f"{text}.py")),
    "split_flat": lambda text: NAMES.split_flat(f"{text}.py"),
    "litter": lambda text: litter((text, text)),
    "form_of_name": lambda text: form_of_name(text, False, False),
    **{
        f"owners on {form}": lambda text, form=form: Layout(NAMES, form).owners((text, f"{text}.py"))
        for form in TreeForm
    },
}


def growth(run, make):
    """Return the largest growth over so many doublings. What the shortest text takes is not counted."""
    least = fixed_seconds(run, make)
    seconds = []
    largest = 0.0
    for size in SIZES:
        seconds.append(timed(run, make(size)) - least)
        if len(seconds) <= DOUBLINGS or seconds[-1] < TELLING_SECONDS:
            continue
        grown = seconds[-1] / max(seconds[-1 - DOUBLINGS], SHORTEST_SECONDS)
        largest = max(largest, grown)
        if not CLEARLY_LINEAR < grown <= GROWTH or seconds[-1] > ENOUGH_SECONDS:
            break
    return largest


def fixed_seconds(run, make):
    """Return what a call takes however short its text is."""
    return min(timed(run, make(0)) for _ in range(3))


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
    """Return the pieces whose repetition takes longer than in proportion, each with its growth."""
    found = {}
    for piece in pieces:
        for end in ends:

            def make(size, piece=piece, end=end):
                text = piece * (size // len(piece)) + end
                return text.encode("utf-8", "surrogatepass") if encode else text

            if is_quick(run, make):
                continue
            grown = []
            while len(grown) < TRIES and (not grown or grown[-1] > GROWTH):
                grown.append(growth(run, make))
            if grown[-1] > GROWTH:
                found[piece, end] = min(grown)
    return found


def is_quick(run, make):
    """Return True if a text that would show a square takes hardly any time. A long one is not tried if a short one
    takes long.
    """
    least = fixed_seconds(run, make)
    return all(timed(run, make(size)) - least < QUICK_SECONDS for size in (SIZES[2], QUICK_CHARACTERS))


def test_the_measure_tells_the_square_from_proportion():
    assert superlinear(re.compile(r"\s*x").search, pieces=(" ", "a"))
    assert not superlinear(re.compile(r"\A\s*+x").search, pieces=(" ", "a"))


@pytest.mark.parametrize("pattern", list(patterns()))
@pytest.mark.parametrize("method", ["fullmatch", "findall"])
def test_every_pattern_is_linear(pattern, method):
    """`findall` begins with a search, and a search with a match: neither of them can take longer."""
    assert superlinear(getattr(pattern, method), isinstance(pattern.pattern, bytes), ("", "!")) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_a_text_is_linear(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert superlinear(FUNCTIONS[name]) == {}


def test_rendering_a_report_with_long_texts_is_linear():
    assert superlinear(all_forms_of_a_report, pieces=KINDS_OF_CHARACTERS) == {}


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__)
def test_patterns_stand_where_they_are_found(module):
    """No pattern stands within a function, where the test above would not find it."""
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
