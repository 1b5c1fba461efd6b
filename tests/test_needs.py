"""What only some tests need is asked for by `tests.needs`: it skips with a reason, and in CI it fails."""

import ast
import shutil
import sys
from pathlib import Path

import pytest

from tests.grading import ROOT
from tests.needs import FROM, needs, needs_installed, needs_program

OPTIONAL = {"tensorflow", "anki", "onnx", "jsonschema", "junitparser", "playwright", "genanki", "text2qti", *FROM}
NEED_THEM = {"grader.study.exports.anki", "grader.study.exports.qti"}  # modules of ours that import one
PROGRAMS = (
    "hostile",
    "honest",
    "right_answers",
    "samples",
    "keras_programs",
)  # folders of learners' programs, which are not imported


@pytest.fixture(params=[needs, needs_installed, needs_program])
def ask(request, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("GRADER_TESTS_WITHOUT", raising=False)
    return lambda: request.param("no_such_thing", "a judge")


def test_what_is_missing_is_skipped_with_a_reason(ask):
    with pytest.raises(pytest.skip.Exception, match=r"no_such_thing.* \(a judge\): "):
        ask()


def test_in_ci_it_fails(ask, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no_such_thing"):
        ask()


@pytest.mark.parametrize(
    ("without", "outcome"), [("a, no_such_thing", pytest.skip), ("no_such", pytest.fail), ("", pytest.fail)]
)
def test_in_ci_only_what_the_job_names_may_be_missing(ask, monkeypatch, without, outcome):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GRADER_TESTS_WITHOUT", without)
    with pytest.raises(outcome.Exception):
        ask()


def test_a_job_names_the_package_and_not_its_modules(monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GRADER_TESTS_WITHOUT", "tensorflow")
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(pytest.skip.Exception):
        needs("keras", "a judge")


def test_what_is_there_is_given():
    assert needs("json", "a judge").loads("1") == 1
    assert needs_program("sh", "a shell") == shutil.which("sh")
    needs_installed("json", "a judge")


def test_no_test_file_imports_such_a_package_when_it_is_collected():
    """Neither at its top nor by `importorskip`, which would skip in CI too."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path.relative_to(ROOT / "tests").parts[0] in PROGRAMS and not path.name.startswith(("test_", "conftest")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [
                f"{path}:{node.lineno}" for name in names if name in NEED_THEM or name.partition(".")[0] in OPTIONAL
            ]
        found += [
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == "importorskip"
        ]
    assert [Path(one).name for one in found] == []
