"""A learner's record of its own for each test."""

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    folder = tmp_path / "learner"
    monkeypatch.setenv("CNN_GRADER_STATE", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("TERM", raising=False)
    return folder
