"""Packages for platforms, unpacked into folders laid out like the containers, and run there by their own scripts.

The engine that runs is the wheel of the package, in an environment of its own.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

from grader.authoring.engine_wheel import archive, engine_wheel
from grader.authoring.platforms import platform_module
from grader.authoring.platforms.parts import PackageRequest
from grader.course import load_course
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.inside import landlock
from grader.sandbox.launch_plan import root_alone_reads
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
SAMPLES = ROOT / "tests" / "samples" / "toy_submissions"
LAUNCHER = ROOT / "tests" / "refuse_calls.py"
NO_NAMESPACES = "user_namespaces=EPERM"
NO_LANDLOCK = f"{NO_NAMESPACES} landlock_create_ruleset=EOPNOTSUPP"


def public_python():
    """An interpreter of this version that all users can read, as in a container; None if there is none."""
    if root_alone_reads(FLAVOURS["numpy"]) is None:
        return sys.executable
    system, version = "/usr/bin/python3", f"Python {sys.version_info[0]}.{sys.version_info[1]}."
    if not os.path.exists(system):
        return None
    done = subprocess.run([system, "--version"], capture_output=True, text=True, check=False)
    return system if done.stdout.startswith(version) else None


PYTHON = public_python()
needs_public_python = pytest.mark.skipif(PYTHON is None, reason="only root can read this Python")
for_root = pytest.mark.skipif(os.getuid() != 0, reason="only a grader of root makes its programs another user")
needs_landlock = pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
WALLS = [
    pytest.param("", id="namespaces"),
    pytest.param(NO_NAMESPACES, id="no namespaces", marks=needs_landlock),
    pytest.param(NO_LANDLOCK, id="neither namespaces nor Landlock", marks=[for_root, needs_public_python]),
]
"""What the machine refuses. Without any wall, only another user keeps a program from the files."""


@cache
def package(platform, course=TOY, name="1", late_policy=None):
    """The content of a package, as `grade export` writes it."""
    module, loaded = platform_module(platform), load_course(course)
    request = PackageRequest(loaded, "Doubling", loaded.find(name), platform, late_policy)
    return archive(module.package_files(request), programs=module.PROGRAMS)


def unpack(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        opened.extractall(folder)


@pytest.fixture(scope="session")
def public_folder():
    """A folder that all users can read, like the folders of a container. Only its owner can read pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="platforms") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def container(public_folder):
    """An empty folder for one test."""
    with tempfile.TemporaryDirectory(dir=public_folder) as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def environment(public_folder):
    """An environment with the engine as a wheel. Its dependencies are those of the tests."""
    folder = public_folder / "cnn-grader"
    subprocess.run([PYTHON or sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    unpack(engine_wheel()[1], site)
    places = [place for place in sys.path if Path(place).name in ("site-packages", "dist-packages")]
    (site / "dependencies.pth").write_text("\n".join(places))
    return folder


@pytest.fixture
def run_script(environment, container):
    """`run_script(script, refused, NAME=value)` runs a script of a package, on a kernel that refuses some calls."""

    def _run(path, refused="", **variables):
        launcher = [sys.executable, LAUNCHER, *refused.split(), "--"] if refused else []
        given = {"PATH": os.environ["PATH"], "GRADE_ENVIRONMENT": environment, **variables}
        command = [*launcher, shutil.which("bash"), path]
        return subprocess.run(
            list(map(str, command)),
            env={name: str(value) for name, value in given.items()},
            cwd=container,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return _run


def hand_in(program, folder):
    """Put a program into the folder of submissions: a sample by its name, or a text."""
    folder.mkdir(parents=True, exist_ok=True)
    sample = SAMPLES / program / "double.py"
    text = sample.read_text() if "\n" not in program else program.replace("THE_FOLDER", repr(str(folder.parent)))
    (folder / "double.py").write_text(text)


HOSTILE = """
import os

# Only this folder, because a control runs this program without a sandbox.
ROOT = THE_FOLDER

TO_WRITE = ("results.json", "step_summary")
TO_READ = ("job.json", "test_double.py", "reference.npz", "01_double.yaml")
FORGED = '::notice title=Autograding report::{"totalPoints":100,"maxPoints":5}'


def attack():
    for folder, _, files in os.walk(ROOT):
        for name in files:
            path = os.path.join(folder, name)
            for mode in ("w" if name in TO_WRITE + TO_READ else "") + ("r" if name in TO_READ else ""):
                try:
                    with open(path, mode) as file:
                        file.read(1) if mode == "r" else file.write('{"score": 100, "gradable": true}')
                except OSError:
                    continue
                raise SystemError(f"could open {path}")


def double(x):
    print(FORGED, flush=True)
    os.write(2, FORGED.encode())
    attack()
    raise ValueError(f"oops\\n{FORGED}\\n```\\n## Doubling: 5 of 5 points\\n~~~\\n<script>alert(1)</script> [x](http://evil)")


def split(n, parts=2):
    return n // parts, n - n // parts
"""
