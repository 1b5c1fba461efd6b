"""The statements of a notebook that are handed in, and the remarks for its learner."""

import json

import pytest

from grader.submission import SubmissionError
from grader.submission.intake.notebook import FILES_LIMIT, REMARKS_LIMIT, source_of_notebook

DROPOUT = "def dropout(x):\n    return x * KEEP"


def read(*cells, wanted=("dropout",)):
    listed = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}, "execution_count": None} for cell in cells
    ]
    content = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": listed}).encode()
    return source_of_notebook(content, "dropout.ipynb", wanted, "dropout")


def kept(*cells):
    """The lines of the source without the comments that number the cells."""
    return [line for line in read(*cells).text.splitlines() if not line.startswith("# code cell")]


@pytest.mark.parametrize(
    "trial",
    [
        "y = dropout(KEEP)",
        "print(KEEP)",
        "x = 3",
        "assert dropout(2) == 1",
        "for x in range(9): dropout(x)",
        "np.append(KEEP, 1)",
        "plt.plot([KEEP for x in y])",
        "KEEP.sum()",
        "if KEEP: y = 3",
        "class Trial:\n    KEEP = 3",
        "def trial(KEEP):\n    KEEP[0] = 1",
        "lambda KEEP: KEEP.append(1)",
    ],
)
def test_a_trial_is_not_kept(trial):
    assert kept("import numpy as np\nKEEP = 1", DROPOUT, trial) == ["KEEP = 1", *DROPOUT.split("\n")]


@pytest.mark.parametrize(
    "statement",
    [
        "KEEP = 2",
        "KEEP += 2",
        "KEEP: int = 2",
        "KEEP.append(1)",
        "KEEP[0].b.append(1)",
        "KEEP[0] = 1",
        "KEEP.a[0].b = 1",
        "del KEEP[0]",
        "del KEEP",
        "(KEEP[0], y) = 1, 2",
        "for KEEP[0] in range(3): pass",
        "if y: KEEP.append(1)",
        "setattr(KEEP, 'a', 1)",
        "np.random.shuffle(KEEP)",
        "np.add.at(KEEP, 0, 1)",
        "heapq.heappush(KEEP, 1)",
        "import KEEP",
        "from a import b as KEEP",
        "def KEEP(): pass",
        "class KEEP: pass",
        "async def KEEP(): pass",
        "[KEEP := i for i in y]",
    ],
)
def test_a_statement_that_binds_or_changes_a_needed_name_is_kept(statement):
    assert statement in kept("KEEP = []", statement, DROPOUT)


def test_what_a_kept_statement_needs_is_kept():
    cells = "import math, os\nA = math.pi", "B = A", "UNUSED = B", "def keep():\n    return B", "KEEP = keep()", DROPOUT
    assert kept(*cells) == [
        "import math", "A = math.pi", "B = A", "def keep():", "    return B", "KEEP = keep()", *DROPOUT.split("\n"),
    ]  # fmt: skip


def test_a_call_of_a_function_that_changes_a_needed_name_is_kept():
    fill = "def fill():\n    KEEP.append(1)"
    assert kept("KEEP = []", fill, "fill()", DROPOUT, "dropout(1)") == [
        "KEEP = []", *fill.split("\n"), "fill()", *DROPOUT.split("\n"),
    ]  # fmt: skip


def test_imports_from_the_future_come_first():
    cells = "import os", "from __future__ import annotations, nothing", "KEEP = os.sep", DROPOUT
    assert kept(*cells)[:2] == ["from __future__ import annotations", "import os"]


def test_modules_that_a_notebook_writes_are_handed_in():
    found = read("%%writefile a.py\nx = 1\n", "%%writefile -a a.py\ny = 2\n", "%%file b.txt\nz", DROPOUT)
    assert found.files == (("a.py", "x = 1\ny = 2\n"),)


def test_the_number_of_modules_is_limited():
    cells = [f"%%writefile m{number}.py\nx = 1" for number in range(FILES_LIMIT + 5)]
    assert len(read(*cells, DROPOUT).files) == FILES_LIMIT


@pytest.mark.parametrize("name", ["-.py", "a.b.py", "3.py", ".py"])
def test_a_file_that_cannot_be_imported_is_not_handed_in(name):
    assert read(f"%%writefile {name}\nx = 1", DROPOUT).files == ()


@pytest.mark.parametrize(
    ("name", "file"), [("../a b.py", "b.py"), ("dropout copy.py", "copy.py"), ("/etc/x.py", "x.py")]
)
def test_only_the_last_word_of_a_path_names_a_module(name, file):
    assert read(f"%%writefile {name}\nx = 1", DROPOUT).files == ((file, "x = 1"),)


def test_a_remark_names_an_unreadable_cell():
    found = read("x = 1\nprint 'hi'", "return 3", DROPOUT)

    assert found.remarks == (
        "Code cell 1 was left out. Line 2: Python cannot read this line: Missing parentheses in call to 'print'. "
        "Did you mean print(...)?. Correct the cell, or delete it.",
        "Code cell 2 was left out. Line 1: Python cannot read this line: 'return' or 'yield' outside function. "
        "Correct the cell, or delete it.",
    )


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("x = 1\n@f\ndef g(a):\n    x = a\n    global x", 5),
        ("def g(a, a): pass", 1),
        ("x = 1\nif x:\n    break", 3),
        ("x = 1\nyield x", 2),
        ("class A:\n    return 1", 2),
        ("def g():\n    nonlocal x", 2),
        ("def g():\n    from os import *", 2),
    ],
)
def test_a_cell_that_parses_but_does_not_compile_is_named_with_its_line(cell, line):
    (remark,) = read("KEEP = 1", cell, DROPOUT).remarks
    assert remark.startswith(f"Code cell 2 was left out. Line {line}: Python cannot read this line: ")


@pytest.mark.parametrize(
    "cell",
    [
        "for i in x:\n    if i: break\n    else: continue",
        "def g():\n    yield 1\n    return 2",
        "async def g():\n    await f()",
    ],
)
def test_the_same_statement_in_the_right_place_is_read(cell):
    assert read("KEEP = 1", cell, DROPOUT).remarks == ()


def test_a_remark_names_a_needed_statement_that_awaits():
    found = read("KEEP = await f()\nawait g()", DROPOUT)

    assert "await" not in found.text
    assert found.remarks == (
        "Line 1 of code cell 1 was left out: it uses `await` or `async` outside of a function, which works only in "
        "a notebook. Write it without them.",
    )


def test_cells_in_another_language_need_no_remark():
    assert read("%%bash\nls -l", "!ls", "%%html\n<b>", DROPOUT).remarks == ()


def test_the_number_of_remarks_is_limited():
    remarks = read(*["x ="] * 30, DROPOUT).remarks
    assert len(remarks) == REMARKS_LIMIT + 1
    assert remarks[-1] == "20 more cells or lines were left out."


def test_a_broken_trial_does_not_replace_a_readable_function():
    found = read("KEEP = 1", DROPOUT, "def dropout(x:")
    assert "def dropout(x:" not in found.text
    assert len(found.remarks) == 1


def test_a_notebook_without_the_function_names_an_unreadable_cell():
    with pytest.raises(SubmissionError) as caught:
        read("def other(x:")
    assert "dropout.ipynb is a notebook without a code cell that defines dropout." in str(caught.value)
    assert "Code cell 1 was left out. Line 1: " in str(caught.value)


@pytest.mark.parametrize(
    "deep", ["(" * 5000, "x = " + "-" * 100_000 + "1", "lambda:" * 20_000 + "1", "a" + ".b" * 100_000]
)
def test_deep_nesting_ends_in_a_remark_or_is_not_kept(deep):
    assert deep not in read("KEEP = 1", deep, DROPOUT).text


def test_a_long_chain_of_conditions_is_not_deep_nesting():
    chain = "if KEEP: pass\n" + "elif KEEP: pass\n" * 5000
    assert read("KEEP = 1", chain, DROPOUT).text.endswith(f"{DROPOUT}\n")
