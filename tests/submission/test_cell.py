"""The Python in a code cell, by our small copy of IPython's transformer; IPython itself judges it if installed."""

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.submission.intake.cell import python_of_cell
from tests.needs import needs

PIECES = (
    "x = 1", "y = x % 2", "y = (x\n  % 2)", "y = (x\n% b)", "y = x \\\n  % 2", "y = x \\\n% b", "if x:\n    !ls",
    "if x:\n\t%cd ..\n\tx?\nelse:\n\t!ls \\\n-l", "%matplotlib inline", "%config a.b = 'c'", "!pip install x", "!!ls",
    "files = !ls", "files = !ls \\\n -l", "a, b = %pwd", "a[0].c = %pwd", "t = %timeit -o f()", "x?", "x.y??", "?x", "??x", "%time?",
    "print('what?')  # why?", "# why?", "s = \'\'\'\n!no\n%no\nno?\n\'\'\'", 's = """%s\n"""  % (1,\n2)', "!echo it's",
    "for i in range(3):\n    x += i\n    x?", "def f(a):\n    b = !echo $a\n    %cd ..\n    return a % 2", "# %comment",
    "d = {'a': 1,\n     'b': x}", "x = '%d' % 3", "x = f'{y!r}'", "assert x != 1", "class A:\n    b = !ls", "", "   ",
    "s = \"a\\\n%b\"", "try:\n    %load_ext x\nexcept Exception:\n    pass", "x = 1;", "x == 1 != 2", "with a as b: c = d % e",
    "@f\ndef g(): pass", "x: int = 1", "x = [\n    1,\n    # why?\n    2,\n]", "x = y if z else \\\n    w", "#!ls", "   # !no",
)  # fmt: skip


class OurCalls(ast.NodeTransformer):
    """Replaces IPython's calls of its shell in the same way as our reader."""

    def visit_Expr(self, node):
        return ast.Pass() if shell_call(node.value) else node

    def visit_Assign(self, node):
        call = shell_call(node.value)
        if call == "getoutput":
            node.value = ast.List([], ast.Load())
        elif call:
            node.value = ast.Constant(None)
        return node


def shell_call(node):
    """Return `system` for `get_ipython().system('ls')`, None for everything else."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr=name)):
            return name
    return None


def by_ipython(cell):
    """Return the tree of a cell after IPython's transformer, or None."""
    transformer = needs("IPython.core.inputtransformer2", "the judge of how notebooks are read")
    try:
        return ast.dump(OurCalls().visit(ast.parse(transformer.TransformerManager().transform_cell(cell))))
    except (SyntaxError, ValueError):
        return None


def by_us(cell):
    found = python_of_cell(cell)
    try:
        return ast.dump(ast.parse(found.source)) if found is not None else "another language"
    except (SyntaxError, ValueError):
        return None


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("\n".join))
@example("if x:\n\t!ls\n\tx?\nelse:\n\t%cd ..")
@example("  %cd ..\n  x = 1")
@example("x = !ls \\\n  -l\ny = '''\n!no\n'''")
@example("In [1]: x = 1\n   ...: y = 2")
@example("In [12]: if x:\n    ...:     !ls")
@example(">>> x = 1\n>>> if x:\n...     y = 2")
@example("")
@example("\n\n   x = 1\n   !ls\n")
@example("\f\n  %cd ..")
def test_we_read_as_ipython_does(cell):
    theirs = by_ipython(cell)
    assert theirs is not None
    assert by_us(cell) == theirs


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ("import numpy as np; %matplotlib inline", "import numpy as np; pass"),  # neither Python nor IPython accepts it
        ("if colab: !pip install x", "if colab: pass"),
        ("%time KEEP = 0.5", "KEEP = 0.5"),
        ("%time --no-raise-error f()", "pass"),
        ("x = %time f(3)", "x = f(3)"),
        ("%timeit KEEP = 0.5", "pass"),
        ("%pylab --no-import-all", "import numpy; import numpy as np; import matplotlib.pyplot as plt"),
        (
            "%pylab inline",
            "import numpy; import numpy as np; import matplotlib.pyplot as plt; from pylab import *; from numpy import *",
        ),
        ("# mine\n%%time\nx = 1", "x = 1"),
        ("%%time\n%%capture out\nx = 1\n!ls", "x = 1\npass"),
        ("%%skipped_by_nobody\nx = 1", "x = 1"),
        ("x = 1\f\n", "x = 1\f\n"),
    ],
)
def test_the_python_of_a_cell(cell, source):
    assert python_of_cell(cell).source == source


@pytest.mark.parametrize(
    "magic", ["bash", "sh", "html", "HTML", "javascript", "latex", "script ruby", "!", "writefile a.txt"]
)
def test_a_cell_in_another_language_is_none(magic):
    assert python_of_cell(f"%%{magic}\nx = 1") is None


@pytest.mark.parametrize(
    ("line", "file", "appends"),
    [
        ("writefile dropout.py", "dropout.py", False),
        ("writefile -a src/dropout.py", "dropout.py", True),
        ("file C:\\work\\dropout.py ", "dropout.py", False),
        ('writefile "dropout.py"', "dropout.py", False),
    ],
)
def test_a_cell_that_writes_a_module(line, file, appends):
    found = python_of_cell(f"%%{line}\nx = 1\n")

    assert (found.source, found.file, found.appends) == ("x = 1\n", file, appends)
