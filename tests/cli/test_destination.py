"""The file that a user names for an output: what is replaced, and what never is."""

import json
import os
import stat
from pathlib import Path

import pytest

from grader.cli.destination import Destination
from grader.cli.output import OutputError
from grader.cli.written_files import NAME, is_as_written

SAMPLE = "def double(x):\n    return x\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(overwrite=False, **named):
    return Destination(Path("report.json"), "a report", (".json",), overwrite, **named)


def write(content):
    """Write a report over a file that may be there."""
    report(overwrite=True).write(content)


def refusal(destination):
    with pytest.raises(OutputError) as caught:
        destination.write("new")
    return str(caught.value)


def test_writes_a_file(folder):
    write("ü\n")

    assert (folder / "report.json").read_bytes() == b"\xc3\xbc\n"
    assert os.listdir(folder) == ["report.json"]


def test_a_new_file_has_the_usual_permissions(folder):
    before = os.umask(0o027)
    try:
        write("")
    finally:
        os.umask(before)

    assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o640


def test_an_old_file_keeps_its_permissions(folder):
    (folder / "report.json").write_text("old")
    (folder / "report.json").chmod(0o600)

    write("new")

    assert (folder / "report.json").read_text() == "new"
    assert stat.S_IMODE((folder / "report.json").stat().st_mode) == 0o600


def test_a_link_stays_a_link(folder):
    (folder / "real.json").write_text("old")
    (folder / "report.json").symlink_to("real.json")

    write("new")

    assert (folder / "report.json").is_symlink()
    assert (folder / "real.json").read_text() == "new"


def test_a_device_is_not_replaced():
    Destination(Path("/dev/null"), "text", (".txt",)).write("text")

    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_what_fails_leaves_no_half_file(folder, monkeypatch, function):
    (folder / "report.json").write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, function, full)

    with pytest.raises(OutputError) as caught:
        write("new")

    assert str(caught.value) == "report.json cannot be written: No space left on device."
    assert os.listdir(folder) == ["report.json"]
    assert (folder / "report.json").read_text() == "old"


def test_a_folder_that_may_not_be_written(folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(OutputError) as caught:
        write("new")

    assert str(caught.value) == "report.json cannot be written: Permission denied."


def test_a_folder_in_the_place_of_the_file(folder):
    (folder / "report.json").mkdir()

    with pytest.raises(OutputError) as caught:
        write("new")

    assert str(caught.value) == "report.json is a folder, expected the name of a file to write."


def test_a_file_that_grade_did_not_write_is_refused(folder):
    (folder / "report.json").write_text("mine")

    assert refusal(report()) == (
        "report.json exists, and grade did not write its present content. It was not changed. Name another file, or replace this "
        "one with --overwrite."
    )
    assert (folder / "report.json").read_text() == "mine"


def test_a_file_that_grade_wrote_is_replaced(folder):
    report().write("old")
    report().write("new")

    assert (folder / "report.json").read_text() == "new"
    assert is_as_written(folder / "report.json")


def test_a_file_that_was_edited_since_is_refused(folder):
    report().write("old")
    (folder / "report.json").write_text("old, with notes")

    assert "grade did not write its present content" in refusal(report())


@pytest.mark.parametrize("state", ["[]", "{", "not ours"])
def test_a_list_of_files_that_is_not_ours_is_left_alone(folder, monkeypatch, state):
    monkeypatch.setenv("CNN_GRADER_STATE", str(folder))
    (folder / NAME).write_text(state)

    report().write("new")

    assert (folder / NAME).read_text() == state
    assert "grade did not write its present content" in refusal(report())


def test_without_a_place_for_the_list_the_file_is_written(folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setenv("CNN_GRADER_STATE", str(folder / "file" / "state"))

    report().write("new")

    assert (folder / "report.json").read_text() == "new"


@pytest.mark.parametrize("name", ["double.py", "new.py", "DOUBLE.PY", "stub.pyi", "mine.ipynb"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_python_file_and_a_notebook_are_never_written(folder, name, overwrite):
    said = refusal(Destination(Path(name), "text", (".txt",), overwrite))

    assert said.startswith(f"{name} was not written: grade never writes {Path(name).suffix} files. Name another file,")
    assert not (folder / name).exists()


def test_a_link_to_a_python_file_is_never_followed(folder):
    (folder / "double.py").write_text(SAMPLE)
    (folder / "report.json").symlink_to("double.py")

    assert "grade never writes .py files" in refusal(report(overwrite=True))
    assert (folder / "double.py").read_text() == SAMPLE


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_the_graded_file_is_never_written(folder, link):
    (folder / "my work").write_text(SAMPLE)
    link("my work", folder / "report.json")

    said = refusal(report(overwrite=True, protected=[folder / "my work"]))

    assert (
        said
        == "report.json is the file that this command reads. It was not changed. Name another file, such as report.json."
    )
    assert (folder / "my work").read_text() == SAMPLE


@pytest.mark.parametrize("name", ["r.html", "r.pdf", "r.json"])
def test_an_end_that_contradicts_the_content_is_refused(folder, name):
    assert refusal(Destination(Path(name), "text", (".txt",), True)) == (
        f"{name} was not written: its name ends in {Path(name).suffix}, and the content is text; expected .txt. Name "
        "another file, such as r.txt."
    )


@pytest.mark.parametrize("name", ["report", "report.txt", "REPORT.TXT"])
def test_a_name_without_an_end_contradicts_nothing(folder, name):
    Destination(Path(name), "text", (".txt",)).write("new")

    assert (folder / name).read_text() == "new"


COMMANDS = {
    "a report": ("exercise", "1", "{sample}", "--course", "{toy}"),
    "exported cards": ("export", "csv"),
    "exported questions": ("export", "gift"),
    "an autograder": ("export", "gradescope", "1", "--course", "{toy}"),
    "the record": ("study", "export"),
    "the review log": ("study", "export", "--form", "revlog"),
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_no_command_replaces_the_work_of_a_learner(toy, run, sample, here, arguments):
    names = {"sample": sample("right"), "toy": toy}
    command = [part.format(**names) for part in arguments]
    for name, advice in {"double.py": "grade never writes .py files", "notes": "replace this one with"}.items():
        (here / name).write_text(SAMPLE)

        done = run(*command, "--out", name)

        assert (done.exit_code, advice in done.stderr) == (2, True), done.stderr
        assert (here / name).read_text() == SAMPLE
    assert run(*command, "--out", "notes", "--overwrite").exit_code == 0
    assert run(*command, "--out", "notes").exit_code == 0
    assert run(*command, "--out", "double.py", "--overwrite").exit_code == 2


def test_forgetting_everything_forgets_the_list(folder, run, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(folder))
    report().write("new")
    assert list(json.loads((folder / NAME).read_text())) == [str(folder / "report.json")]

    run("study", "forget", "--all")

    assert not (folder / NAME).exists()
