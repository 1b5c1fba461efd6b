"""`grade --help` answers before one notices: nothing heavy is imported for it, nor for the help of a command."""

import subprocess
import sys

import pytest

HEAVY = {"numpy", "pytest", "_pytest", "rich", "pydantic", "pydantic_core", "yaml", "tensorflow", "keras", "sqlite3"}


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
        ("watch", "--help"),
        ("next", "--help"),
        ("reset", "--help"),
        ("solution", "--help"),
        ("doctor", "--help"),
        ("completion", "--help"),
        ("study", "--help"),
        ("study", "import", "--help"),
        ("export", "--help"),
        ("flashcards", "--help"),
        ("quiz", "--help"),
        ("play", "--help"),
        ("progress", "--help"),
        ("override", "--help"),
        ("explain", "--help"),
        ("regrade", "--help"),
        ("mail", "--help"),
        ("similarity", "--help"),
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
        "grader.cli.streams",
        "grader.current_folder",
        "grader.grade_error",
    }


@pytest.mark.parametrize(
    "modules",
    [
        "grader.grading.worker, grader.sandbox.zygote",
        "grader.cli.commands.batch, grader.cli.batch_progress, grader.batch.class_run, grader.batch.results",
    ],
    ids=["what starts a zygote", "the coordinator of a batch"],
)
def test_neither_numpy_nor_pytest_is_waited_for(modules):
    """A zygote imports NumPy while we do; who writes pages and the journal never needs it."""
    code = f"import sys, {modules}; print({{'numpy', 'pytest'}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "set()\n"
