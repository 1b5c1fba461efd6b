"""A course is code: `grade` says so once for each course folder that is not the built-in one."""

import json
import os
import shutil

import pytest

from grader.cli.entry import grade
from grader.course import builtin_course_root

NOTICE = "Using the course in new. Its Python files run on your machine with your permissions.\n"


@pytest.fixture
def new(toy):
    """A course that was never used here."""
    return toy.rename(toy.parent / "new")


def commands_with_a_course(group=grade, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from commands_with_a_course(command, (*path, name))
        elif any(parameter.name == "course_root" for parameter in command.params):
            yield (*path, name), command


def test_the_help_of_each_command_says_it():
    found = list(commands_with_a_course())
    assert len(found) >= 10
    for path, command in found:
        option = next(parameter for parameter in command.params if parameter.name == "course_root")
        assert "Its Python files run on your machine with your permissions." in option.help, path


def test_a_course_is_announced_once(new, run):
    assert run("list", "--course", "new").stderr == NOTICE
    assert run("list", "--course", "new").stderr == ""
    assert run("list", "--course", new).stderr == ""  # the same folder by its whole path
    shutil.copytree(new, new.parent / "other")
    assert run("list", "--course", "other").stderr == NOTICE.replace("new", "other")
    assert run("list", "--course", "new").stderr == ""


def test_our_own_course_and_a_folder_that_is_not_there_are_not_announced(new, run):
    assert run("list").stderr == ""
    assert run("list", "--course", builtin_course_root()).stderr == ""
    assert "permissions" not in run("list", "--course", "nowhere").stderr


def test_json_stays_json(new, run, sample):
    result = run("exercise", "1", sample("right"), "--course", "new", "--format", "json")
    assert json.loads(result.stdout)["exercise"] == "01_double"
    assert result.stderr == NOTICE


def test_help_announces_nothing(new, run):
    assert run("list", "--course", "new", "--help").stderr == ""
    assert run("list", "--help", "--course", "new").stderr == ""


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"[]\n{", b"\n" * 100])
def test_a_damaged_note_of_known_courses_is_no_fault(new, run, content):
    state = os.environ["CNN_GRADER_STATE"]
    with open(f"{state}/courses.jsonl", "wb") as file:
        file.write(content)
    assert run("list", "--course", "new").stderr == NOTICE


def test_a_state_that_cannot_be_kept_is_no_fault(new, run, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", "/dev/null/state")
    for _ in range(2):
        result = run("list", "--course", "new")
        assert (result.stderr, result.exit_code) == (NOTICE, 0)


def test_forgetting_everything_forgets_the_courses(new, run):
    run("list", "--course", "new")
    run("study", "forget", "--all")
    assert run("list", "--course", "new").stderr == NOTICE
