"""A folder in place of a file, a file in place of a folder, and paths that nobody can reach: one sentence, no traceback."""

import os
from pathlib import Path

import click
import pytest

from grader.cli.entry import grade, run
from grader.cli.options import ReachablePath
from tests.batch.small_class import grade_class, without_workers
from tests.grading import ROOT

__all__ = ["without_workers"]

TOO_LONG = "a" * 300
WORDS = {"form": "csv", "learner": "ada"}
"""Arguments that must have a certain value; every other one names exercise 3."""


def commands(group, words=()):
    """Yield each command below a group, with the words that call it."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


PATHS = [
    (words, command, parameter)
    for words, command in commands(grade)
    for parameter in command.params
    if isinstance(parameter.type, click.Path)
]


def arguments(words, command, parameter, path):
    """Return a call of a command in which one parameter is this path."""
    found = list(words)
    for one in command.params:
        value = str(path) if one is parameter else WORDS.get(one.name, "3")
        if (
            isinstance(one, click.Argument)
            and one.nargs == 1
            and (one.required or parameter.required or one is parameter or one.name == "name")
        ):
            found.append(value)
        elif one is parameter:
            found += [one.opts[0], value]
    return found


def test_there_are_paths_to_try():
    assert len(PATHS) > 40


@pytest.mark.parametrize(
    ("words", "command", "parameter"), PATHS, ids=[f"{' '.join(one[0])} {one[2].name}" for one in PATHS]
)
def test_a_path_that_the_system_refuses_ends_each_command_with_a_sentence(words, command, parameter, capsys):
    assert isinstance(parameter.type, ReachablePath)

    code = run(arguments(words, command, parameter, TOO_LONG))
    said = capsys.readouterr().err
    assert code == 2, said
    assert "cannot be reached: File name too long." in said


def test_a_folder_that_nobody_may_enter_is_named(tmp_path, capsys, monkeypatch):
    """Only a user without rights of root sees this: the system refuses to look into the folder."""
    inside = tmp_path / "results"
    look = type(inside).stat

    def refused(path, **more):
        if path.is_relative_to(inside):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **more)

    monkeypatch.setattr(type(inside), "stat", refused)
    for call in (("mail", inside), ("override", inside, "ada", "3", "--points", "1")):
        assert run([str(one) for one in call]) == 2
        said = capsys.readouterr().err
        assert f"{inside}" in said
        assert "Permission denied." in said
        assert "broke" not in said


def test_what_may_be_written_need_not_be_readable(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    file = tmp_path / "cards.csv"
    file.write_text("mine", encoding="utf-8")
    assert run(["export", "csv", "--out", str(file)]) == 2
    assert "grade did not write its present content" in capsys.readouterr().err
    assert run(["study", "import", str(file)]) == 2
    assert f"{file} is not readable." in capsys.readouterr().err


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")], ids=["folder", "link"])
def test_a_stub_does_not_advise_to_grade_what_is_no_file(make, tmp_path, capsys):
    make(tmp_path / "dropout.py")
    assert run(["start", "3", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "dropout.py exists and is no file that can be graded. It was not changed. Rename or delete it" in said


RESULTS = [
    ("compare", "X", "X"), ("override", "X", "ada", "3", "--points", "1"), ("explain", "X", "ada", "3"),
    ("regrade", "X", "--learner", "ada"), ("mail", "X"), ("similarity", "X"),
]  # fmt: skip


@pytest.mark.parametrize("call", RESULTS, ids=[call[0] for call in RESULTS])
def test_a_file_in_place_of_results_is_named_in_one_line(call, tmp_path, capsys):
    file = tmp_path / "new\nline"
    file.write_text("", encoding="utf-8")
    assert run([one.replace("X", str(file)) for one in call]) == 2

    said = capsys.readouterr().err
    assert said == (
        f"Error: {tmp_path}/new\\nline is a file; expected a results folder of `grade batch`. "
        "Name the folder that you gave as --out.\n"
    )


def test_a_file_in_place_of_a_folder_to_write(tmp_path, capsys):
    file = tmp_path / "new\nline"
    file.write_text("mine", encoding="utf-8")
    hand_ins = ROOT / "tests" / "samples" / "03_dropout"

    assert run(["start", "3", str(file)]) == 2
    assert "new\\nline is a file, expected a folder for the stub." in capsys.readouterr().err
    assert run(["batch", str(hand_ins), "--out", str(file), "--workers", "1"]) == 2
    assert "new\\nline cannot be used for results: it is a file, expected a folder." in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("make", "what"), [(Path.mkdir, "a folder"), (os.mkfifo, "no ordinary file")])
def test_a_kit_must_be_a_file(make, what, tmp_path, capsys):
    make(tmp_path / "new\nline.zip")
    assert run(["release", "--check", str(tmp_path / "new\nline.zip")]) == 2
    assert f"new\\nline.zip is {what}, expected a zip file." in capsys.readouterr().err


@pytest.mark.usefixtures("without_workers")
def test_a_folder_in_place_of_a_file_of_the_results_is_named(tmp_path, capsys):
    grade_class(tmp_path)
    out = tmp_path / "out"
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    assert run(["override", str(out), "ada", "3", "--points", "1"]) == 2
    assert f"because of {out / 'index.html'}: Is a directory." in capsys.readouterr().err
    (out / "index.html").rmdir()
    (out / "compare.csv").mkdir()
    grade_class(tmp_path)
    assert run(["compare", str(out), str(out)]) == 2
    assert f"{out / 'compare.csv'} cannot be written: Is a directory." in capsys.readouterr().err
