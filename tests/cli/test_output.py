"""What goes out: whole or not at all."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from grader.cli.output import OutputError, columns, emit, needs_ascii, shown_path, wants_colour, write_whole


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_writes_a_file(folder):
    write_whole(folder / "report.json", "ü\n")

    assert (folder / "report.json").read_bytes() == b"\xc3\xbc\n"
    assert os.listdir(folder) == ["report.json"]


def test_a_new_file_has_the_usual_permissions(folder):
    before = os.umask(0o027)
    try:
        write_whole(folder / "report.json", "")
    finally:
        os.umask(before)

    assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o640


def test_an_old_file_keeps_its_permissions(folder):
    (folder / "report.json").write_text("old")
    (folder / "report.json").chmod(0o600)

    write_whole(folder / "report.json", "new")

    assert (folder / "report.json").read_text() == "new"
    assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o600


def test_a_link_stays_a_link(folder):
    (folder / "real.json").write_text("old")
    (folder / "report.json").symlink_to("real.json")

    write_whole(folder / "report.json", "new")

    assert (folder / "report.json").is_symlink()
    assert (folder / "real.json").read_text() == "new"


def test_a_device_is_not_replaced():
    write_whole(Path("/dev/null"), "text")

    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_what_fails_leaves_no_half_file(folder, monkeypatch, function):
    (folder / "report.json").write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, function, full)

    with pytest.raises(OutputError) as caught:
        write_whole(folder / "report.json", "new")

    assert str(caught.value) == "report.json cannot be written: No space left on device."
    assert os.listdir(folder) == ["report.json"]
    assert (folder / "report.json").read_text() == "old"


def test_a_folder_that_may_not_be_written(folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(OutputError) as caught:
        write_whole(folder / "report.json", "new")

    assert str(caught.value) == "report.json cannot be written: Permission denied."


def test_a_folder_in_the_place_of_the_file(folder):
    (folder / "report.json").mkdir()

    with pytest.raises(OutputError) as caught:
        write_whole(folder / "report.json", "new")

    assert str(caught.value) == "report.json is a folder, expected the name of a file to write."


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
