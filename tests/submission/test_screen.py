"""A stranger's text is parsed in our own process: what the parser finds, and that it survives."""

import builtins
import os
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submission import NESTING_LIMIT, Imports, Problem, Submission, screen, screen_submission


def look(text):
    """Return the problem of a file, if it has one."""
    seen = screen(text, "dropout.py", ["numpy"])
    return (seen,) if isinstance(seen, Problem) else ()


def test_finds_nothing_in_a_good_file():
    assert look("import numpy as np\nfrom math import sqrt\n\n\ndef f(x):\n    return np.sqrt(x)\n") == ()


def test_no_import_is_a_problem():
    assert look("import os, scipy.signal, nunpy\nfrom .other import *\n__import__('ctypes')\n") == ()


def test_an_empty_file_has_no_problem():
    assert look("") == ()


def test_a_syntax_error_has_its_line_and_its_caret():
    assert look("def f(x):\n    y = max(1, 2\n    return y\n") == (
        Problem(2, 12, "Python cannot read this line: '(' was never closed", "    y = max(1, 2"),
    )


def test_lines_are_counted_as_python_counts_them():
    (problem,) = look("x = '\u2028'\r\n# \x0c\r\ny = )\r\n")

    assert (problem.line, problem.source_line) == (3, "y = )")


def test_a_syntax_error_at_the_end_of_the_file():
    (problem,) = look("def f():")

    assert problem.line == 1
    assert "expected an indented block" in problem.message


@pytest.mark.parametrize(
    "text", ["x = 1\nif x:\n  y = 1\n\tz = 2\n", "x = 1\n\n\ny = f'{a b}'\n", "print 'x'\n", "x = 08\n"]
)
def test_other_syntax_errors(text):
    (problem,) = look(text)

    assert problem.message.startswith("Python cannot read this line: ")
    assert problem.source_line == text.splitlines()[problem.line - 1]
    assert problem.column <= len(problem.source_line) + 1


def test_a_very_long_line_is_cut():
    (problem,) = look("x = (" + "1, " * 1000)

    assert len(problem.source_line) == 200


def test_nothing_is_executed(monkeypatch):
    executed = []
    monkeypatch.setattr(builtins, "print", lambda *_: executed.append(1))
    monkeypatch.setattr(os, "system", lambda *_: executed.append(1))

    look("print(1)\n__import__('os').system('x')\nimport antigravity\n@print\ndef f(x=print(2)): ...\n")

    assert executed == []


def test_an_invalid_escape_is_accepted():
    with warnings.catch_warnings(record=True) as caught:
        assert look('x = "\\d"\nassert (1, 2)\nx is 1\n') == ()
    assert caught == []


@pytest.mark.parametrize("bracket", ["(", "[", "{", "f(", "a[", "{1:", "(lambda: ", "(1 if x else "])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting_ends_as_a_problem(bracket, closed):
    depth = 2**20 // len(bracket) // 2
    closing = {"(": ")", "[": "]", "{": "}"}[next(c for c in bracket if c in "([{")]

    (problem,) = look("x = 1\ny = " + bracket * depth + "1" + closing * depth * closed)

    assert problem.line == 2
    assert problem.message == "brackets are nested more than 100 deep; split this into several statements"


def test_nesting_up_to_the_limit_is_read():
    assert look("x = " + "[" * NESTING_LIMIT + "]" * NESTING_LIMIT) == ()
    assert look("x = " + "[]," * 10_000) == ()


@pytest.mark.parametrize(
    "text",
    [
        'x = "' + "(" * 200 + '"',
        "x = '''\n" + "(" * 200 + "\n'''",
        'x = """' + '"' + "[" * 200 + '"""',
        "# " + "{" * 200,
        r"x = '\'" + "(" * 200 + "'",
    ],
)
def test_brackets_in_text_and_comments_do_not_count(text):
    assert look(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "-" * 2**19 + "1",
        "x = " + "not " * 2**17 + "1",
        "x = a" + ".a" * 2**18,
        "x = a" + "()" * 2**18,
        "x = " + "1 + " * 2**17 + "1",
        "x = " + "a if a else " * 2**16 + "1",
        "x = " + "lambda: " * 2**16 + "1",
        "x = " + "a ** " * 2**17 + "1",
        "".join(" " * depth + "if 1:\n" for depth in range(500)),
    ],
)
def test_a_long_chain_ends_as_a_problem_or_is_read(text):
    """Which of the two it is depends on the version of Python."""
    assert isinstance(screen(text, "dropout.py", ["numpy"]), Imports | Problem)


@pytest.mark.parametrize(
    "text", ["x = " + "1" * 5000, "x = '\ud800'", "x = 1\0", "'''", "'", '"\\', "\\", "\\\n", "f'{", "\x1a", "\x0c"]
)
def test_a_file_with_an_odd_end_is_a_problem_or_is_read(text):
    """Which of the two it is depends on the version of Python."""
    assert isinstance(screen(text, "dropout.py", ["numpy"]), Imports | Problem)


@given(st.text(alphabet="()[]{}'\"\\#\n\r fx=1:,\t;.é*"))
def test_any_text_is_read_or_has_a_problem_with_a_place(text):
    for problem in look(text):
        assert problem.line >= 1
        assert problem.column >= 0
        assert problem.message


def ready_to_run(own, **companions):
    texts = {"dropout.py": own, **{f"{name}.py": text for name, text in companions.items()}}
    submission = Submission.of("ada", "03_dropout", {name: text.encode() for name, text in texts.items()}, texts)
    return submission, screen_submission(submission, "dropout", ["numpy"], {"scipy.signal": "write it yourself"})


def test_each_file_of_a_submission_gets_its_imports():
    before, after = ready_to_run("import numpy\nimport scipy.signal\n", pooling="import dropout, numpy\n")

    own, companion = after.files
    assert own.imports.stand_ins
    assert own.imports.forbidden == (("scipy.signal", "write it yourself"),)
    assert not companion.imports.stand_ins  # the main file counts as available
    assert [file.text for file in after.files] == [file.text for file in before.files]
    assert after.sha256 == before.sha256


def test_a_main_file_that_python_cannot_read_is_the_problem_of_its_submission():
    _, problem = ready_to_run("x = )\n", pooling="def f(): ...\n")

    assert isinstance(problem, Problem)
    assert (problem.line, problem.source_line) == (1, "x = )")


def test_a_companion_that_python_cannot_read_costs_only_itself():
    _, after = ready_to_run("import pooling\n", pooling="\nx = )\n")

    own, companion = after.files
    assert own.text == "import pooling\n"
    with pytest.raises(ImportError, match=r"^pooling\.py cannot be used: line 2: Python cannot read this line: "):
        exec(companion.text)
