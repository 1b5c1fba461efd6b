"""What is printed."""

import io
import sys

import pytest

from grader.cli.output import OutputError, columns, emit, needs_ascii, shown_path, wants_colour


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_emit_writes_bytes_as_they_are(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))

    emit("für ")
    emit("für █\n".encode())

    assert raw.getvalue() == "für ".encode("latin-1") + "für █\n".encode()


def test_emit_writes_what_the_encoding_can_carry(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))

    emit("für █\n")

    assert raw.getvalue() == "für ".encode("latin-1") + b"\\u2588\n"


def test_emit_says_that_a_disk_is_full(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())

    with pytest.raises(OutputError) as caught:
        emit("text")

    assert str(caught.value) == "Standard output cannot be written: No space left on device."


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (None, {}, False),
    ],
)
def test_wants_colour(stream, environment, wanted):
    assert wants_colour(stream, environment) is wanted


@pytest.mark.parametrize(
    ("encoding", "needed"), [("utf-8", False), ("ascii", True), ("latin-1", True), ("cp1252", True)]
)
def test_needs_ascii(encoding, needed):
    assert needs_ascii(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is needed


@pytest.mark.parametrize(("said", "used"), [("5", 24), ("80", 80), ("300", 100)])
def test_columns(monkeypatch, said, used):
    monkeypatch.setenv("COLUMNS", said)

    assert columns() == used


def test_shown_path(folder):
    assert shown_path(folder / "a" / "b.py") == "a/b.py"
    assert shown_path(folder.parent / "b.py") == str(folder.parent / "b.py")
    assert shown_path(folder / "a\x1b.py") == r"a\x1b.py"
