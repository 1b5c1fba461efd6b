"""A file is written completely, or it stays as it was."""

import ast
import os
import stat
from pathlib import Path

import pytest

from grader import writing
from grader.writing import PermissionsNotKeptError, replacing, unfinished, write_if_changed, write_whole


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    return path


@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_an_error_in_the_block_leaves_the_old_file_and_nothing_else(old, kind):
    def interrupted():
        with replacing(old, "utf-8") as file:
            file.write("half of")
            raise kind

    with pytest.raises(kind):
        interrupted()

    assert old.read_text() == "old"
    assert os.listdir(old.parent) == ["table.csv"]


def test_a_reader_sees_the_old_content_until_the_end(old):
    with replacing(old, "utf-8") as file:
        file.write("new")
        file.flush()
        assert old.read_text() == "old"

    assert old.read_text() == "new"


def test_text_has_its_line_ends_and_encoding_and_bytes_stay_bytes(tmp_path):
    with replacing(tmp_path / "a.csv", "utf-8-sig") as file:
        file.write("ü\r\n")
    with replacing(tmp_path / "b") as file:
        file.write(b"\xff")

    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf\xc3\xbc\r\n"
    assert (tmp_path / "b").read_bytes() == b"\xff"


def test_what_an_interrupted_writer_left_is_found_and_deleted_only_by_one_who_writes_alone(old):
    left = old.with_name(".table.csv.grade-0123abcd")
    left.write_text("half of")
    others = [old.with_name(name) for name in (".table.csv.grade-short", "table.csv.grade-0123abcd")]
    for other in others:
        other.write_text("mine")
    link = old.with_name(".table.csv.grade-89abcdef")
    link.symlink_to(old)

    assert unfinished(old) == [left]
    with replacing(old, "utf-8"):
        pass
    assert left.exists()
    with replacing(old, "utf-8", alone=True):
        pass
    assert [path.exists() for path in (left, *others, link)] == [False, True, True, True]


def test_permissions_that_are_refused_are_said_after_the_file_was_written(old, monkeypatch):
    """The umask took a permission away, and the system does not give it back."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    old.chmod(0o666)
    monkeypatch.setattr(writing.Path, "chmod", refuse)
    before = os.umask(0o077)
    try:
        with pytest.raises(PermissionsNotKeptError) as caught:
            write_whole(old, b"new")
    finally:
        os.umask(before)

    assert (caught.value.filename, caught.value.strerror) == (str(old), "Operation not permitted")
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


def test_an_unchanged_file_is_not_written(old):
    os.utime(old, (1, 1))
    write_if_changed(old, "old")
    assert old.stat().st_mtime == 1

    write_if_changed(old, "new")
    write_if_changed(old.parent / "folder" / "file", "first")
    assert (old.read_text(), (old.parent / "folder" / "file").read_text()) == ("new", "first")


WRITERS = {
    "grader/writing.py": "this is the function",
    "grader/sandbox/inside/confinement.py": "it runs in the sandbox, where the package is missing",
    "grader/sandbox/inside/learner.py": "it runs in the sandbox, where the package is missing",
    "grader/study/anki_history.py": "into a temporary folder",
    "grader/study/exports/formats/csv.py": "into a temporary folder",
    "grader/study/exports/formats/gift.py": "into a temporary folder",
    "grader/study/exports/formats/moodle_xml.py": "into a temporary folder",
    "grader/study/sound.py": "into a temporary folder",
    "grader/cli/notebook_magic.py": "into a temporary folder",
    "grader/authoring/kit_files.py": "into a temporary folder",
    "grader/batch/kept_tasks.py": "into a temporary folder",
    "grader/cli/known_courses.py": "it adds a line to its own list",
}
"""The modules that may open a file to write, and why."""

GRADER = Path(__file__).parents[1] / "grader"


def opens_to_write(call):
    """Return whether a call opens a file to write, or writes one."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    texts = [one.value for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return name in ("write_text", "write_bytes") or (
        name == "open" and any(set(text) <= set("wxabt+") and text[0] in "wxa" for text in texts if text)
    )


def test_one_module_does_all_writing():
    found = {
        path.relative_to(GRADER.parent).as_posix()
        for path in GRADER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and opens_to_write(node)
    }

    assert found == set(WRITERS)
