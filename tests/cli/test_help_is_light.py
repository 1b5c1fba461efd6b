"""`grade --help` answers before one notices: nothing heavy is imported for it, nor for the help of a command."""

import subprocess
import sys

import pytest

HEAVY = {"numpy", "pytest", "_pytest", "rich", "pydantic", "pydantic_core", "ruamel", "tensorflow", "keras", "sqlite3"}


def imported(*arguments):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("exercise", "--help"),
        ("list", "--help"),
        ("start", "--help"),
        ("course", "--help"),
        ("course", "check", "--help"),
    ],
    ids=" ".join,
)
def test_help_is_light(arguments):
    modules = imported(*arguments)

    assert "click" in modules
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


def test_the_list_of_commands_imports_no_command():
    modules = imported("--help")

    assert {name for name in modules if name.startswith("grader.")} == {
        "grader.cli",
        "grader.cli.entry",
        "grader.cli.group",
        "grader.cli.options",
    }
