"""A format of the report is one module: it is found, chosen by the end of a file's name, and rendered."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from grader.report import formats
from grader.report.report_formats import View, format_names, format_of, render_as
from grader.report.since_last_run import Changes
from grader.sandbox import Reason
from grader.scoring import none_ran
from grader.submission import screen

from .conftest import OUTCOMES


def test_all_formats_are_known_by_their_modules():
    assert format_names() == ("html", "json", "terminal")


@pytest.mark.parametrize(
    ("name", "form"),
    [("r.json", "json"), ("R.JSON", "json"), ("r.html", "html"), ("r.txt", "terminal"), ("report", "terminal")],
)
def test_the_end_of_a_name_chooses_the_format(name, form):
    assert format_of(Path(name)) == form


def test_each_format_renders_a_report(build):
    report = build()

    assert json.loads(render_as("json", report, View()))["exercise"] == "03_dropout"
    assert render_as("html", report, View()).startswith("<!doctype html>")
    assert render_as("terminal", report, View(width=80)).startswith("03 Dropout")


def test_a_new_module_is_a_new_format(tmp_path, monkeypatch, build):
    (tmp_path / "short_report.py").write_text(
        'SUFFIXES = (".short",)\n\n\ndef render(report, view):\n    return report.title\n'
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])

    assert "short" in format_names()
    assert format_of(Path("a.short")) == "short"
    assert render_as("short", build(), View()) == "Dropout"


def test_the_page_has_what_the_terminal_has_and_the_source(build):
    outcome = replace(OUTCOMES[2], line=2, exception="NameError", reason=Reason.RAISED)
    report = build([*OUTCOMES[:2], outcome, *OUTCOMES[3:]])
    view = View(changes=Changes(1, 0, 2, 0), advice="Next: grade exercise 4", sources={"dropout.py": "x = 1\ny = z\n"})

    page = render_as("html", report, view)

    assert "Since the last run: fixed: 1, broken: 0, still failing: 2" in page
    assert "Next: grade exercise 4" in page
    assert 'Start here: <a href="#gradient">Sends the gradient back' in page
    assert 'y = z</mark>  <span class="why">NameError</span>' in page


def test_a_syntax_error_is_marked_in_the_source(build, rubric):
    problem = screen("def f():\n    y = max(1, 2\n", "dropout.py")

    page = render_as(
        "html", build(none_ran(rubric, ""), problems=[problem]), View(sources={"dropout.py": "\ny = max(1, 2\n"})
    )

    assert "y = max(1, 2</mark>" in page
