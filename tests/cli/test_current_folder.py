"""Nothing in the current folder and nothing among the submissions runs as us.

Each file here is named like something that Python, pytest or a shell would look for, and leaves a mark if it runs.
"""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GRADE = Path(sys.executable).with_name("grade")
BEGUN = "import numpy as np\n\n\ndef dropout(x, rate, training, rng):\n    return None\n"  # a batch skips a fresh stub
DEPENDENCIES = {name for name in importlib.metadata.packages_distributions() if name.isidentifier()}
MODULES = sorted({*sys.stdlib_module_names, *DEPENDENCIES, "grader", "conftest", "sitecustomize", "usercustomize"})
PROGRAMS = ("bwrap", "cc", "espeak", "espeak-ng", "gcc", "git", "ld", "ldconfig", "less", "more", "say", "uname")
NOT_ALL_GRADED = 3  # a folder with a trap in it is a learner whose file belongs to no exercise
COMMANDS = {
    "exercise": ("exercise", "3", "dropout.py"),
    "exercise in a plain process": ("exercise", "3", "dropout.py", "--isolation", "process"),
    "batch": ("batch", ".", "--out", "../results"),
    "batch in plain processes": ("batch", ".", "--out", "../results", "--isolation", "process"),
    "list": ("list",),
    "quiz": ("quiz", "pooling", "--plain"),
    "flashcards": ("flashcards", "--plain"),
    "lesson": ("lesson", "pooling"),
    "lesson, read out": ("lesson", "pooling", "--listen"),
    "progress": ("progress",),
    "export": ("export", "anki", "--out", "../deck.apkg"),
    "course check": ("course", "check", "--help"),
}


def set_traps(folder, mark):
    """Put a file into the folder for every name of a module: every other one as a package."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(MODULES):
        path = folder / f"{name}.py" if number % 2 else folder / name / "__init__.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"open({str(mark)!r}, 'a').write('module {name}\\n')\n")
    (folder / "trap.pth").write_text(f"import sys; open({str(mark)!r}, 'a').write('pth')\n")
    for name in ("pytest.ini", "tox.ini", "pyproject.toml", "setup.cfg"):
        section = {"tox.ini": "[pytest]", "pyproject.toml": "[tool.pytest.ini_options]", "setup.cfg": "[tool:pytest]"}
        quote = '"' if name == "pyproject.toml" else ""
        (folder / name).write_text(f"{section.get(name, '[pytest]')}\naddopts = {quote}-p conftest{quote}\n")
    for name in PROGRAMS:
        program = folder / name
        if not program.exists():
            program.write_text(f"#!/bin/sh\necho 'program {name}' >> {mark}\nexit 1\n")
            program.chmod(0o755)


@pytest.fixture
def trapped(tmp_path):
    """A folder of submissions full of traps, and the file that is written by each that runs."""
    folder, mark = tmp_path / "handins", tmp_path / "mark"
    for place in (folder, folder / "202" / "03_dropout"):
        set_traps(place, mark)
        (place / "dropout.py").write_text(BEGUN)
    return folder, mark


def run(folder, command):
    environment = {**os.environ, "PATH": f".::{os.environ['PATH']}", "CNN_GRADER_STATE": str(folder.parent / "state")}
    return subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_a_trap_that_runs_is_seen(trapped):
    folder, mark = trapped
    run(folder, [sys.executable, "-c", "import platform"])
    assert mark.read_text() == "module platform\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_in_the_current_folder_runs(trapped, name):
    folder, mark = trapped
    ended = run(folder, [GRADE, *COMMANDS[name]])
    assert not mark.exists(), mark.read_text()
    assert "Traceback" not in ended.stderr
    assert ended.returncode in ((NOT_ALL_GRADED,) if "batch" in name else (0, 1, 2)), ended.stderr


def test_a_begun_program_among_traps_earns_nothing_in_a_batch(trapped):
    folder, mark = trapped
    ended = run(folder, [GRADE, "batch", ".", "--out", "../results"])
    assert ended.returncode == NOT_ALL_GRADED, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not mark.exists(), mark.read_text()
    report = next((folder.parent / "results").rglob("03_dropout.json")).read_text()
    assert json.loads(report)["score"]["earned"] == 0


def loaded_by_python_itself(folder):
    """The modules that `python -m` imports before the first line of what it runs."""
    (folder / "probe.py").write_text("import sys; print(*sys.modules)")
    return set(run(folder, [sys.executable, "-m", "probe"]).stdout.split())


@pytest.mark.parametrize("name", ["exercise", "batch", "lesson, read out"])
def test_under_python_m_nothing_runs_but_what_python_itself_imports(trapped, tmp_path, name):
    folder, mark = trapped
    (tmp_path / "clean").mkdir()
    for module in {*loaded_by_python_itself(tmp_path / "clean"), "grader"}:
        for place in (folder / f"{module}.py", folder / module / "__init__.py"):
            place.unlink(missing_ok=True)
        if (folder / module).is_dir():
            (folder / module).rmdir()
    run(folder, [sys.executable, "-m", "grader", *COMMANDS[name]])
    assert not mark.exists(), mark.read_text()
