"""Python and NumPy that are not wheels from PyPI: their libraries are in places that the usual view lacks."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import Isolation, IsolationError, Limits, Refusal, Zygote, bubblewrap, libraries
from grader.sandbox.bubblewrap import MountKind
from grader.sandbox.flavours import FLAVOURS
from tests.grading import ROOT
from tests.sandbox.prefix import COURSE, LIBPYTHON, RIGHT, grade, hard_link, interpreter, libpython, sites

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the loader is asked as on Linux")
DEBIAN = Path("/usr/bin/python3")
NUMPY = Path(np.__file__).parent
WHEEL_LIBRARIES = NUMPY.with_name("numpy.libs")
DROPOUT = ROOT / "solutions" / "03_dropout" / "dropout.py"
is_a_wheel = pytest.mark.skipif(not WHEEL_LIBRARIES.is_dir(), reason="this NumPy is not a wheel")
has_libpython = pytest.mark.skipif(".so" not in LIBPYTHON, reason="this interpreter has no library of its own")


@pytest.fixture(autouse=True)
def _needs_namespaces(namespaces):
    """Skip the test on a machine without namespaces."""


def report(done):
    assert done.returncode == 0, done.stderr
    assert re.sub(r"Using the course in .*\n", "", done.stderr) == ""
    return json.loads(done.stdout)


def _why_no_debian():
    asked = "import sys, numpy; print(sys.version_info[:2] == tuple(map(int, sys.argv[1:])), numpy.__file__)"
    try:
        done = subprocess.run(
            [DEBIAN, "-I", "-c", asked, *map(str, sys.version_info[:2])], capture_output=True, text=True, check=False
        )
    except OSError:
        return f"there is no {DEBIAN}"
    if done.returncode or "/usr/lib/python3/dist-packages" not in done.stdout:
        return "Debian's python3-numpy is not installed"
    return "" if done.stdout.startswith("True") else "Debian's Python is of another version than this one"


@pytest.fixture
def debian(tmp_path):
    """An environment with Debian's Python and NumPy, and all other packages from this environment."""
    if why := _why_no_debian():
        assert not os.environ.get("CI"), why
        pytest.skip(why)
    subprocess.run([DEBIAN, "-m", "venv", "--system-site-packages", "--without-pip", tmp_path / "env"], check=True)
    own = next((tmp_path / "env" / "lib").glob("python3*")) / "site-packages"
    for site in map(Path, sites()):
        for path in site.iterdir():
            if not path.name.startswith(("numpy", "grader")) and not (own / path.name).exists():
                (own / path.name).symlink_to(path)
    (own / "grader.pth").write_text(f"{ROOT}\n")
    return tmp_path / "env" / "bin" / "python"


def test_debians_numpy(debian, tmp_path):
    done = subprocess.run(
        [debian, "-m", "grader", "exercise", "3", DROPOUT, "--format", "json"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LD_"))},
        capture_output=True,
        text=True,
        check=False,
    )
    graded = report(done)
    assert (graded["score"]["earned"], graded["score"]["possible"]) == (8, 8)
    assert graded["isolation"] == "namespaces"


@pytest.fixture
def numpy_without_libraries(tmp_path):
    """A folder with NumPy, and a separate folder with its libraries."""
    shutil.copytree(
        NUMPY,
        tmp_path / "site" / "numpy",
        copy_function=hard_link,
        ignore=shutil.ignore_patterns("tests", "*.pyi", "f2py"),
    )
    shutil.copytree(WHEEL_LIBRARIES, tmp_path / "lib", copy_function=hard_link)
    return tmp_path / "site", tmp_path / "lib"


@is_a_wheel
def test_a_numpy_whose_blas_is_named_by_a_variable(numpy_without_libraries):
    site, library = numpy_without_libraries
    arguments = ["exercise", "1", RIGHT, "--course", COURSE, "--format", "json", "--isolation", "namespaces"]
    graded = report(grade(sys.executable, *arguments, first=[site], LD_LIBRARY_PATH=f"relative:{library}"))
    assert graded["score"]["earned"] == 5


@has_libpython
@pytest.mark.parametrize("isolation", list(Isolation))
def test_an_interpreter_whose_library_is_named_by_a_variable(tmp_path, isolation):
    python = interpreter(tmp_path / "prefix")
    library = libpython(tmp_path / "elsewhere")
    arguments = ["exercise", "1", RIGHT, "--course", COURSE, "--format", "json", "--isolation", isolation]
    graded = report(grade(python, *arguments, LD_LIBRARY_PATH=str(library)))
    assert (graded["score"]["earned"], graded["isolation"]) == (5, isolation)


def test_an_interpreter_with_a_loader_of_its_own(tmp_path):
    if not os.path.exists("/lib64/ld-linux-x86-64.so.2"):
        pytest.skip("the loader has another name on this processor")
    short = Path(tempfile.mkdtemp(prefix="l", dir="/tmp"))  # its name must fit into the program
    try:
        shutil.copy(os.path.realpath("/lib64/ld-linux-x86-64.so.2"), short / "ld")
        python = interpreter(tmp_path / "prefix", loader=short / "ld")
        library = libpython(tmp_path / "elsewhere")
        arguments = ["exercise", "1", RIGHT, "--course", COURSE, "--format", "json", "--isolation", "namespaces"]
        graded = report(grade(python, *arguments, LD_LIBRARY_PATH=str(library)))
        assert graded["score"]["earned"] == 5
    finally:
        shutil.rmtree(short)


@is_a_wheel
def test_a_library_that_is_not_found_is_named(monkeypatch):
    folders = bubblewrap.package_folders
    monkeypatch.setattr(
        bubblewrap, "package_folders", lambda names: [one for one in folders(names) if one.name == "numpy"]
    )
    monkeypatch.setattr(libraries, "needed_by", lambda flavour: ())
    with Zygote("numpy", Isolation.NAMESPACES) as zygote, pytest.raises(IsolationError) as caught:
        zygote.fork(Limits())
    assert caught.value.refusal is Refusal.LIBRARY
    assert re.fullmatch(
        r"the sandbox's Python does not find a library or package: ImportError: lib\S+: "
        r"cannot open shared object file: No such file or directory",
        str(caught.value),
    )


@is_a_wheel
def test_the_usual_environment_is_not_searched(monkeypatch):
    monkeypatch.setattr(libraries, "needed_by", lambda flavour: pytest.fail("a Python was started to look"))
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cuda/lib64")  # of no use to the interpreter and to a wheel
    with Zygote("numpy", Isolation.NAMESPACES) as zygote:
        zygote.fork(Limits()).close()


def test_the_sandbox_shows_the_files_that_were_loaded_and_not_their_folders(tmp_path):
    (tmp_path / "libblas.so.3.0").write_text("")
    found = [(str(tmp_path / "libblas.so.3"), False), ("/lib/x86_64-linux-gnu/libc.so.6", False)]
    (tmp_path / "libblas.so.3").symlink_to("libblas.so.3.0")
    unseen = libraries.unseen(found, ())
    assert [(one.name, one.file) for one in unseen] == [("libblas.so.3", tmp_path / "libblas.so.3.0")]
    mounts = bubblewrap.view(("numpy",), [], unseen)
    shown = bubblewrap.Mount(MountKind.READ_ONLY, "/python/lib/libblas.so.3", str(tmp_path / "libblas.so.3.0"))
    assert shown in mounts
    assert str(tmp_path) not in [mount.source for mount in mounts]
    assert bubblewrap.environment()["LD_LIBRARY_PATH"] == "/python/lib"


def test_links_are_followed_until_they_leave_the_shown_folders(tmp_path):
    shown = [str(tmp_path / "usr")]
    (tmp_path / "usr" / "real").mkdir(parents=True)
    (tmp_path / "usr" / "real" / "libinner.so").write_text("")
    (tmp_path / "usr" / "lib").symlink_to("real")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "libouter.so").symlink_to(tmp_path / "usr" / "real" / "libinner.so")
    (tmp_path / "usr" / "real" / "libouter.so").symlink_to(tmp_path / "etc" / "libouter.so")
    (tmp_path / "usr" / "real" / "libendless.so").symlink_to("libendless.so")
    inner, outer, endless = (str(tmp_path / "usr" / "lib" / f"lib{name}.so") for name in ("inner", "outer", "endless"))
    assert libraries.way_out(inner, shown) == ""
    assert libraries.way_out(outer, shown) == str(tmp_path / "etc" / "libouter.so")
    assert libraries.way_out(endless, shown) == str(tmp_path / "usr" / "real" / "libendless.so")


def test_a_prefix_of_conda_is_searched_first(monkeypatch, tmp_path):
    flavour = FLAVOURS["numpy"]
    assert not libraries.is_likely(flavour, "")
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert libraries.is_likely(flavour, "")
