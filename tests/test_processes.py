"""Every process is started in one place, in a neutral folder, with an environment that names no code."""

import ast
import os
import sys
from pathlib import Path

import pytest

from grader import processes
from grader.current_folder import environment, import_path

GRADER = Path(__file__).parents[1] / "grader"
STARTERS = GRADER / "processes.py"
REPLACED = GRADER / "sandbox" / "inside" / "inline.py"  # takes the place of an event loop, in a child
FORKS = {GRADER / "sandbox" / "inside" / "keeper.py", GRADER / "sandbox" / "inside" / "confinement.py"}
MODULES = {"subprocess", "multiprocessing", "webbrowser", "pty", "_posixsubprocess", "asyncio", "ctypes.util"}
CALLS = ("system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "exec", "spawn", "startfile", "launch")


def starts_of_processes(path):
    """Every import and call in a file that can start a process, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("os", "click"):
            if node.attr in CALLS or node.attr.startswith(("exec", "spawn")):
                yield f"{path.relative_to(GRADER.parent)}:{node.lineno}: {node.value.id}.{node.attr}"
            continue
        else:
            continue
        yield from (f"{path.relative_to(GRADER.parent)}:{node.lineno}: {name}" for name in names if name in MODULES)


@pytest.mark.parametrize("path", sorted(GRADER.rglob("*.py")), ids=lambda path: path.relative_to(GRADER).as_posix())
def test_no_other_file_starts_a_process(path):
    found = list(starts_of_processes(path))
    if path == REPLACED:
        assert [line.rpartition(" ")[2] for line in found] == ["asyncio"]
    elif path == STARTERS or path in FORKS:
        assert all("subprocess" in line or "os.fork" in line for line in found)
    else:
        assert found == []


def test_the_search_sees_what_it_looks_for():
    assert list(starts_of_processes(STARTERS))


def test_an_environment_names_no_code(monkeypatch):
    kept = {"HOME": "/home/someone", "OPENBLAS_CORETYPE": "Haswell", "LC_ALL": "C.UTF-8", "TMPDIR": "/var/tmp"}
    dropped = (
        "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PYTHONINSPECT", "PYTHONWARNINGS", "PYTHONBREAKPOINT",
        "PYTHONUSERBASE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES",
        "GCONV_PATH", "GLIBC_TUNABLES", "BASH_ENV", "OPENSSL_CONF",
    )  # fmt: skip
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in {**kept, **dict.fromkeys(dropped, "/handins/evil")}.items():
        monkeypatch.setenv(name, value)
    assert environment() == kept


@pytest.mark.parametrize("name", ["PATH", "LD_LIBRARY_PATH"])
def test_of_a_list_of_folders_the_absolute_ones_are_kept(monkeypatch, name):
    monkeypatch.setenv(name, os.pathsep.join([".", "", "/usr/bin", "bin", "/opt/python/lib"]))
    assert environment()[name] == os.pathsep.join(["/usr/bin", "/opt/python/lib"])
    monkeypatch.setenv(name, os.pathsep.join([".", ""]))
    assert name not in environment()


def test_the_current_folder_is_not_on_the_path_for_imports(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(GRADER.parent), "/elsewhere"])
    assert import_path() == [str(GRADER.parent), "/elsewhere"]


def test_it_stays_on_the_path_where_we_are_imported_from_it(monkeypatch):
    monkeypatch.chdir(GRADER.parent)
    monkeypatch.setattr(sys, "path", [str(GRADER.parent), "/elsewhere"])
    assert import_path() == [str(GRADER.parent), "/elsewhere"]


def test_no_program_is_found_in_the_current_folder(monkeypatch, tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "nothing")]))
    assert processes.find_program("bwrap") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert processes.find_program("bwrap") == str(program)


def test_a_python_process_has_our_packages_and_nothing_of_the_current_folder(monkeypatch, tmp_path):
    ours, handins = tmp_path / "site", tmp_path / "handins"
    for folder in (ours, handins):
        folder.mkdir()
    (ours / "spoken.py").write_text(
        "import os, sys\n\ndef main(*arguments):\n    print(*arguments, os.getcwd(), *sys.path, sep='\\n')\n"
    )
    (handins / "spoken.py").write_text("raise SystemExit('the current folder was first')\n")
    (handins / "platform.py").write_text("raise SystemExit('the current folder was first')\n")
    monkeypatch.chdir(handins)
    monkeypatch.setattr(sys, "path", ["", str(ours), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(handins))
    done = processes.run(processes.python_main("spoken", "one", "two"), "")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == ["one", "two", "/", *import_path()]
