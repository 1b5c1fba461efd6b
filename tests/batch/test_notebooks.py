"""Right solutions in notebooks of every kind: each earns all points, alone and in a batch."""

import csv
import json
import subprocess
import sys

import pytest

from grader.grading import Worker
from grader.report import render_terminal, to_json
from grader.report.pages import learner_page
from grader.submission import read_submission
from tests.grading import COURSE, ROOT

EXERCISE = COURSE.find("03_dropout")
FUNCTIONS = tuple(EXERCISE.rubric.functions)
SOLUTION = (ROOT / "solutions" / "03_dropout" / "dropout.py").read_text()
WITHOUT_IMPORT = SOLUTION.replace("import numpy as np\n", "")
NUMPY = "import numpy as np"


def with_use(use):
    """Return the solution with statements that its main function needs."""
    inside = use.replace("\n", "\n    ")
    return (
        f"{WITHOUT_IMPORT}\n_plain = dropout\n\n\ndef dropout(x, rate, training, rng):\n    {inside}\n"
        "    return _plain(x, rate, training, rng)\n"
    )


def needing(use, *cells):
    """Return the cells, and the solution that needs their definitions."""
    return (NUMPY, *cells, with_use(use))


def after(*cells):
    """Return the cells, which the solution does not need, before and after it."""
    return (*cells, SOLUTION, *cells)


NOTEBOOKS = {
    # commands
    "command in an if": ("IN_COLAB = False\nif IN_COLAB:\n    !pip install -q x\nimport numpy as np", WITHOUT_IMPORT),
    "command in a function": ("import numpy as np\ndef setup():\n    !pip install x", WITHOUT_IMPORT),
    "command in a try": ("try:\n    %load_ext tensorboard\nexcept Exception:\n    pass\nimport numpy as np", WITHOUT_IMPORT),
    "command with a tab": ("import numpy as np\nfor name in []:\n\t!wget $name", WITHOUT_IMPORT),
    "command that goes on": ("!pip install \\\n  x\nimport numpy as np", WITHOUT_IMPORT),
    "output of a command": ("import numpy as np\ns = !echo hi\nprint(s)", WITHOUT_IMPORT),
    "command beside an import": ("import numpy as np; %matplotlib inline", WITHOUT_IMPORT),
    "import that is timed": ("%time import numpy as np", WITHOUT_IMPORT),
    "question": ("import numpy as np\nnp.where?\n?np", WITHOUT_IMPORT),
    "quote in a command": ("import numpy as np\n!echo it's", WITHOUT_IMPORT),
    "cell in another language": ("%%latex\nx", "%config InlineBackend.figure_format='retina'\nimport numpy as np", WITHOUT_IMPORT),
    "timed cell": (f"%%time\n{SOLUTION}",),
    "timed cell below a comment": ("# my solution\n%%time\nimport numpy as np", WITHOUT_IMPORT),
    "captured and timed cell": (f"%%capture out\n%%time\n{SOLUTION}",),
    "written file": (f"%%writefile dropout.py\n{SOLUTION}", "from dropout import *\nimport dropout"),
    "written module": (
        "%%writefile tools.py\nKEEP = 3", "import tools\nfrom tools import KEEP", NUMPY, with_use("assert tools.KEEP == KEEP == 3"),
    ),
    "pylab": ("%pylab inline", WITHOUT_IMPORT),
    "pylab's own names": ("%pylab", with_use("assert allclose(zeros(2), array([0, 0]))")),
    "prompts": ("In [1]: import numpy as np\n   ...: KEEP = 1", ">>> MORE = 2", with_use("assert (KEEP, MORE) == (1, 2)")),
    "modulo in a continued line": needing("assert LEFT == 1", "LEFT = (7\n% 3)\nMORE = 7 \\\n% 3\n!ls"),
    "command in a text": needing("assert '%no' in TEXT", "TEXT = '''\n%no\n!no\n'''\n!ls"),
    # names
    "all names of NumPy": ("from numpy import *\nimport numpy as np", WITHOUT_IMPORT),
    "all names of a package that is not there": ("from nowhere import *\nimport numpy as np", WITHOUT_IMPORT),
    "future in a later cell": (NUMPY, "from __future__ import annotations", WITHOUT_IMPORT),
    "while": needing("assert LAST == 2", "i = 0\nwhile i < 3:\n    LAST = i\n    i += 1"),
    "for": needing("assert LAST == 2", "for LAST in range(3):\n    pass"),
    "for and else": needing("assert DONE", "for i in range(3):\n    pass\nelse:\n    DONE = True"),
    "with": needing("assert TEXT.read() == ''", "import io\nwith io.StringIO() as opened:\n    TEXT = io.StringIO()"),
    "with as": needing("assert BLOCK is None", "import contextlib\nwith contextlib.nullcontext() as BLOCK:\n    pass"),
    "except": needing("assert SLOW", "try:\n    import nowhere_at_all as fast\n    fast.go()\nexcept Exception:\n    SLOW = True"),
    "try and else": needing("assert OK", "try:\n    pass\nexcept ValueError:\n    pass\nelse:\n    OK = True\nfinally:\n    pass"),
    "walrus": needing("assert SIZE == 3", "if (SIZE := 3) > 2:\n    pass"),
    "walrus in a comprehension": needing("assert TOP == 2", "print([TOP := i for i in range(3)])"),
    "unpacking": needing("assert (A, B, C, D) == (1, [2], 3, 4)", "(A, *B), [C, D] = (1, 2), (3, 4)"),
    "augmented": needing("assert COUNT == 5", "COUNT = 2", "COUNT += 3"),
    "match": needing("assert FOUND == 2", "match (1, 2):\n    case (1, FOUND):\n        pass"),
    "list that is filled": needing("assert ONE[1] == 1.0", "ONE = []\nfor i in range(2):\n    ONE.append(1.0)"),
    "list that is filled in another cell": needing("assert ONES == [1, 2, 3]", "ONES = []", "ONES.append(1)", "ONES += [2]\nONES.extend([3])"),
    "item": needing("assert TABLE == {'a': 1, 'b': {'c': 2}}", "TABLE = {'b': {}}", "TABLE['a'] = 1\nTABLE['b']['c'] = 2"),
    "attribute": needing("assert Settings.keep == 3", "class Settings:\n    keep = 1", "Settings.keep = 3"),
    "del": needing("assert list('ab') == ['a', 'b']", "list = [1]\nKEEP = list", "del list"),
    "global": needing("assert STATE == 3", "def start():\n    global STATE\n    STATE = 3", "start()"),
    "registry": needing(
        "assert LAYERS['relu'](2) == 2",
        "LAYERS = {}\ndef register(function):\n    LAYERS[function.__name__] = function\n    return function",
        "@register\ndef relu(x):\n    return x",
    ),
    "shuffled": needing("assert sorted(ORDER) == [0, 1, 2]", "ORDER = [0, 1, 2]\nnp.random.shuffle(ORDER)"),
    "decorator": needing("assert three() == 3", "import functools\n@functools.cache\ndef three():\n    return 3"),
    "function that is replaced": (NUMPY, "def dropout(x, rate, training, rng):\n    return None", WITHOUT_IMPORT),
    # cells that the solution does not need
    "broken trial": after("def dropout(x:\n    return"),
    "trial that fails": after("1 / 0\nraise SystemExit\nmask = undefined[0]"),
    "trial that takes for ever": after("while True:\n    y, mask = 1, 2"),
    "trial that waits": after("import asyncio\nawait asyncio.sleep(1)\nz = await f()"),
    "trial with the names of local variables": after("keep = mask = rate = y = index = 1 / 0\nx = open('/nowhere')"),
    "trial that returns": after("return 3"),
    "trial of a function that counts": (NUMPY, "CALLS = []", with_use("CALLS.append(1)"), "dropout(1 / 0)"),
    "no Python": after("print 'hi'", "pip install x", "\0", "\ud800 = 1"),
    "form feed": (f"\f{NUMPY}\n\f\n{WITHOUT_IMPORT}",),
    "Windows": (SOLUTION.replace("\n", "\r\n"),),
}  # fmt: skip


def notebook(cells):
    listed = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}, "execution_count": None} for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": listed})


@pytest.fixture(scope="module")
def worker():
    with Worker(EXERCISE) as worker:
        yield worker


@pytest.fixture
def grade(worker, tmp_path):
    def _grade(*cells):
        (tmp_path / "dropout.ipynb").write_text(notebook(cells))
        return worker.grade(read_submission(tmp_path, EXERCISE.key, "dropout", functions=FUNCTIONS), seed=1)

    return _grade


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_right_notebook_earns_everything(grade, name):
    report = grade(*NOTEBOOKS[name])

    assert report.problems == ()
    assert report.score.earned == report.score.possible


def test_every_report_format_names_a_cell_that_was_left_out(grade):
    report = grade(NUMPY, "x =", WITHOUT_IMPORT)

    remark = "Code cell 2 was left out. Line 1: Python cannot read this line: invalid syntax."
    assert remark in " ".join(render_terminal(report, width=100, colour=False).split()).replace(" | ", " ")
    assert remark in learner_page(json.loads(to_json(report)))
    assert json.loads(to_json(report))["remarks"] == [f"{remark} Correct the cell, or delete it."]


def test_a_report_without_remarks_still_makes_a_page(grade):
    plain = json.loads(to_json(grade(NUMPY, "x =", WITHOUT_IMPORT)))
    with_remarks = learner_page(plain)
    del plain["remarks"]

    assert "How your file was read" in with_remarks
    assert "How your file was read" not in learner_page(plain)


def test_right_notebooks_earn_everything_in_a_batch(tmp_path):
    for number, cells in enumerate(NOTEBOOKS.values()):
        folder = tmp_path / "in" / f"learner{number:02}"
        folder.mkdir(parents=True)
        (folder / "dropout.ipynb").write_text(notebook(cells))

    command = [sys.executable, "-P", "-m", "grader", "batch", tmp_path / "in", "--out", tmp_path / "out"]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)

    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        raw = [row["03_dropout raw"] for row in csv.DictReader(file)]
    assert raw == ["8"] * len(NOTEBOOKS)
