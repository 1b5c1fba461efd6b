"""Interpreters and packages in unusual places, made of links and copies of those that run the tests."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.grading import ROOT

STDLIB = Path(sysconfig.get_path("stdlib")).resolve()
LIBDIR = sysconfig.get_config_var("LIBDIR") or ""
LIBPYTHON = sysconfig.get_config_var("LDLIBRARY") or ""
COURSE = ROOT / "tests" / "samples" / "toy_course"
RIGHT = COURSE / "solutions" / "01_double" / "double.py"
LOADER = b"/lib64/ld-linux-x86-64.so.2\0"


def hard_link(source, target):
    """Link a file, so that its folder is real and its content needs no space."""
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def sites():
    """Return the folders of the packages that run the tests."""
    return [path for path in sys.path if path.endswith("-packages")]


def interpreter(folder, *, loader=None, stdlib="linked"):
    """Return a copy of this interpreter in a new prefix. It finds libpython only through LD_LIBRARY_PATH.

    With `loader`, it names this file as its loader. With `stdlib="copied"`, the standard library's folders are real.
    """
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if stdlib == "copied":
        unneeded = shutil.ignore_patterns("site-packages", "test", "idlelib", "ensurepip", "lib2to3", "config-*")
        shutil.copytree(STDLIB, folder / "lib" / name, ignore=unneeded, copy_function=hard_link)
    else:
        (folder / "lib" / name).symlink_to(STDLIB)
    program = Path(os.path.realpath(sys.executable)).read_bytes()
    program = program.replace(b"libpython3", b"libqython3")  # which neither the system nor this interpreter has
    if loader is not None:
        assert LOADER in program
        assert len(str(loader)) < len(LOADER)
        program = program.replace(LOADER, str(loader).encode().ljust(len(LOADER), b"\0"))
    path = folder / "bin" / name
    path.write_bytes(program)
    path.chmod(0o755)
    return path


def libpython(folder):
    """Put links to the library of these interpreters into a folder. If it is linked into the program, make no links."""
    folder.mkdir()
    if ".so" in LIBPYTHON:
        for path in Path(LIBDIR).glob(f"{LIBPYTHON}*"):
            (folder / path.name.replace("libpython3", "libqython3")).symlink_to(path.resolve())
    return folder


def grade(python, *arguments, first=(), **variables):
    """Run `grade` on an interpreter, with the packages of this one after the folders `first`."""
    path = [*map(str, first), str(ROOT), *sites()]
    program = f"import sys; sys.path[1:1] = {path!r}\nfrom grader.cli import main\nmain()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LD_"))}
    return subprocess.run(
        [str(python), "-B", "-c", program, *map(str, arguments)],
        cwd="/",
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
