"""A format of the report is one module: it is found, chosen by the end of a file's name, and rendered."""

import json
from pathlib import Path

import pytest

from grader.report import formats
from grader.report.report_formats import View, format_names, format_of, render_as


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
