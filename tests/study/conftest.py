"""A separate learner's record for each test."""

import pytest

from tests.needs import needs


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    folder = tmp_path / "learner"
    monkeypatch.setenv("CNN_GRADER_STATE", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("TERM", raising=False)
    return folder


@pytest.fixture
def anki_export():
    needs("genanki", "writes cards for Anki")
    from grader.study.exports.formats import anki

    return anki


@pytest.fixture
def qti_export():
    needs("text2qti", "writes questions for Canvas")
    from grader.study.exports.formats import qti

    return qti
