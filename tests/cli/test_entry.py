"""How `grade` ends."""

import os
import subprocess
import sys

import click
import pytest

import grader.cli.commands.list_exercises
from grader.cli.entry import COMMANDS, SECTIONS, grade, run
from grader.cli.group import LazyGroup


@pytest.fixture
def list_that(monkeypatch):
    """Makes `grade list` raise this."""

    def _raise(error):
        def fail(**_):
            raise error

        monkeypatch.setattr(grader.cli.commands.list_exercises.command, "callback", fail)

    return _raise


@pytest.fixture(autouse=True)
def _no_debug(monkeypatch):
    monkeypatch.delenv("GRADE_DEBUG", raising=False)


def groups(group=grade, name="grade"):
    yield name, group
    for child in group.table:
        command = group.get_command(click.Context(group), child)
        if isinstance(command, LazyGroup):
            yield from groups(command, f"{name} {child}")


@pytest.mark.parametrize(("name", "group"), list(groups()), ids=lambda value: value if isinstance(value, str) else "")
def test_the_table_says_what_the_commands_say_of_themselves(name, group):
    for child, (_, line) in group.table.items():
        command = group.get_command(click.Context(group), child)
        assert command.name == child
        assert command.help.partition("\n\n")[0].replace("\n", " ") == line


def test_help_lists_every_command_with_its_line(capsys):
    assert run(["--help"]) == 0

    text = capsys.readouterr().out
    for name, (_, line) in COMMANDS.items():
        assert f"  {name:<10}  {line}\n" in text


def test_each_command_is_in_one_group(capsys):
    named = [name for names in SECTIONS.values() for name in names]

    assert sorted(named) == sorted(set(named))
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["exercis"],
            'There is no command "exercis". Did you mean "exercise"? The commands are: next, start, watch, exercise, hint, list, reset, solution, learn, lesson, flashcards, quiz, play, progress, study, export, doctor, completion, batch, compare, override, explain, regrade, mail, similarity, release, course.',
        ),
        (["3"], 'There is no command "3". Did you mean "grade exercise 3"?'),
        (
            ["zebra"],
            'There is no command "zebra". The commands are: next, start, watch, exercise, hint, list, reset, solution, learn, lesson, flashcards, quiz, play, progress, study, export, doctor, completion, batch, compare, override, explain, regrade, mail, similarity, release, course.',
        ),
        (["exercise", "3", "--fromat", "json"], "--format"),
        (["exercise", "3", "--format", "xml"], "'xml' is not one of 'html', 'json', 'terminal'"),
        (["exercise", "3", "--seed", "-1"], "-1 is not in the range x>=0"),
        (["exercise"], "Missing argument 'EXERCISE'"),
        (["--verison"], "--version"),
    ],
)
def test_wrong_usage_ends_with_2(capsys, arguments, words):
    assert run(arguments) == 2

    assert words in capsys.readouterr().err


def test_an_error_of_ours_ends_with_3_in_two_lines(capsys, list_that):
    list_that(ZeroDivisionError("division by zero"))

    assert run(["list"]) == 3
    assert capsys.readouterr().err == (
        "Error: grade itself broke: ZeroDivisionError: division by zero\n"
        "This is our fault, not yours. Please tell your instructor, and include the output of the same command "
        "with --debug.\n"
    )


@pytest.mark.parametrize("arguments", [["list", "--debug"], ["--debug", "list"]])
def test_debug_shows_the_traceback(capsys, list_that, arguments):
    list_that(ZeroDivisionError("division by zero"))

    assert run(arguments) == 3

    text = capsys.readouterr().err
    assert text.startswith("Traceback (most recent call last):\n")
    assert "Error: grade itself broke: ZeroDivisionError" in text


def test_the_environment_can_ask_for_the_traceback(capsys, list_that, monkeypatch):
    list_that(ZeroDivisionError("division by zero"))
    monkeypatch.setenv("GRADE_DEBUG", "1")

    run(["list"])

    assert "Traceback" in capsys.readouterr().err


def while_a_class_is_made():
    """Return what Python 3.11 raises if Ctrl-C comes while it makes a class."""
    error = RuntimeError("Error calling __set_name__ on 'Field' instance 'arguments' in 'Call'")
    error.__cause__ = KeyboardInterrupt()
    return error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort(), while_a_class_is_made()])
def test_an_interrupt_says_stopped(capsys, list_that, error):
    list_that(error)

    assert run(["list"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_a_broken_pipe_of_ours_is_not_taken_for_a_reader_who_went_away(capsys, list_that):
    list_that(BrokenPipeError(32, "Broken pipe"))

    assert run(["list"]) == 3
    assert "grade itself broke: BrokenPipeError" in capsys.readouterr().err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_disk_behind_standard_output():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "--help"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )

    assert done.returncode == 2
    assert done.stderr == "Error: Standard output cannot be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["list", "--course", "tests/samples/toy_course"], 141), (["--help"], 1)],  # help is printed by click itself
    ids=["a command", "help"],
)
def test_a_reader_who_goes_away_is_no_error(arguments, code):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            cwd=os.path.dirname(os.path.dirname(os.path.dirname(__file__))),
        )
    finally:
        os.close(writing)

    assert done.stderr == ""
    assert done.returncode == code


def test_without_standard_output():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.stdout = None; from grader.cli.entry import run; sys.exit(run(['--help']))",
        ],
        timeout=60,
    )

    assert done.returncode == 0
