"""Root with a Python that only root can read, as after an installation under umask 077."""

import json
import os
import re
import sys

import pytest

from grader.sandbox import Isolation, Zygote, launch_plan
from grader.sandbox.inside import landlock
from tests.grading import ROOT
from tests.sandbox.prefix import COURSE, LIBPYTHON, RIGHT, grade, interpreter, libpython

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Landlock is what limits the program here"),
    pytest.mark.skipif(os.getuid() != 0, reason="only programs of root run as another user"),
]
IMPORTS_LATER = "\n\ndef double(x):\n    import csv, wave\n    return 2 * x if csv.writer and wave.open else None\n"


@pytest.fixture(scope="module")
def private(tmp_path_factory):
    """A copy of this interpreter in folders that are closed to other users, and the folder of its library."""
    folder = tmp_path_factory.mktemp("private")
    python = interpreter(folder / "prefix", stdlib="copied")
    for path, _, _ in os.walk(folder / "prefix"):
        os.chmod(path, 0o700)
    return python, libpython(folder / "elsewhere") if ".so" in LIBPYTHON else folder


@pytest.fixture
def grade_privately(private, tmp_path):
    (tmp_path / "double.py").write_text(RIGHT.read_text() + IMPORTS_LATER)
    python, library = private

    def _run(*arguments, file=tmp_path / "double.py"):
        asked = ["exercise", "1", file, "--course", COURSE, "--format", "json", *arguments]
        return grade(python, *asked, LD_LIBRARY_PATH=str(library))

    return _run


def test_namespaces_are_refused_with_the_name_of_what_is_closed(grade_privately, private):
    done = grade_privately("--isolation", "namespaces", file=RIGHT)
    library = private[0].parents[1] / "lib"
    assert done.returncode == 2
    assert re.search(
        rf"Error: The sandbox is unavailable on this machine: submissions do not run as root, but only root can read "
        rf"{library}\S+\. Let all users read it: chmod -R a\+rX FOLDER\. Or run grade as a user other than root\. "
        r"To grade your own file without namespaces: --isolation process\.\n$",
        done.stderr,
    )


def test_a_plain_process_reads_it_and_a_learner_loses_nothing(grade_privately):
    done = grade_privately()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["score"]["earned"] == 5
    assert json.loads(done.stdout)["isolation"] == "process"
    assert "only root can read" in done.stderr


REACHES = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)

def readable(paths):
    return [path for path in paths if os.access(path, os.R_OK) and _opens(path)]

def _opens(path):
    try:
        return bool(os.listdir(path)) if os.path.isdir(path) else open(path, "rb").close() is None
    except OSError:
        return False

def by_handle():
    return libc.syscall(304, -100, ctypes.create_string_buffer(64), 0)

def rights():
    return [os.getuid(), os.geteuid()]
"""


@pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
def test_landlock_limits_a_child_that_reads_as_root(run, tmp_path, monkeypatch):
    monkeypatch.setattr(launch_plan, "root_alone_reads", lambda flavour: tmp_path)
    (tmp_path / "secret").write_text("x")
    with Zygote("numpy", Isolation.PROCESS, [ROOT]) as zygote:
        program = run(zygote, REACHES)
        secrets = ["/etc/shadow", "/root", str(tmp_path / "secret"), str(RIGHT), "/proc/1/environ", "/"]
        assert program.call("readable", (secrets,), {}).value == []
        assert program.call("by_handle", (), {}).value == -1
        assert program.call("rights", (), {}).value == [65534, 65534]
