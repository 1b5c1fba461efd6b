"""A plain process under Landlock reads its own packages, writes its own scratch, and reaches no other process."""

import ctypes
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox import Isolation, Limits, Returned, Zygote, launch_plan, walls_here
from grader.sandbox.inside import landlock
from grader.sandbox.readable import readable_paths
from tests.sandbox.conftest import descendants

REPOSITORY = Path(__file__).parents[2]
HIDDEN = REPOSITORY / "tests" / "hidden"
linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the numbers are those of Linux on x86-64"
)
kernel_has_landlock = pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")

PROGRAM = '''
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)

def attempt(what, *arguments):
    try:
        return what(*arguments) or "done"
    except OSError as error:
        return type(error).__name__

def read(path):
    if os.path.isdir(path):
        return os.listdir(path)
    with open(path, "rb") as file:
        return len(file.read(64))

def look(paths):
    return [attempt(read, path) for path in paths]

def write(path):
    with open(path, "w") as file:
        file.write("x")

def spoil(paths):
    return [attempt(write, path) for path in paths]

def walk():
    """Return all files of hidden tests that a walk from any folder finds."""
    found = []
    for top in ("/", os.getcwd(), "..", "/home", "/root", "/work", "/tmp", "/proc/self/cwd", "/proc/self/root"):
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names if name.startswith("test_")]
    return [path for path in found if "/numpy/" not in path and "/lib/python3" not in path]

def grader():
    return os.getppid()

def reach(pid):
    """Return the allowed calls on another process, with their results."""
    room = ctypes.create_string_buffer(64)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(room), 64)
    there = (ctypes.c_size_t * 2)(ctypes.addressof(room), 64)
    calls = {
        "kill": (62, pid, 0), "tgkill": (234, pid, pid, 0), "ptrace": (101, 16, pid, 0, 0),
        "process_vm_readv": (310, pid, vector, 1, there, 1, 0), "process_vm_writev": (311, pid, vector, 1, there, 1, 0),
    }
    ends = {name: libc.syscall(*arguments) for name, arguments in calls.items()}
    descriptor = libc.syscall(434, pid, 0)
    ends["pidfd_getfd"] = libc.syscall(438, descriptor, 3, 0)
    ends["pidfd_send_signal"] = libc.syscall(424, descriptor, 0, None, 0)
    return {name: end for name, end in ends.items() if end >= 0}

def connect():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
'''


@pytest.fixture(scope="module")
def plain():
    """A zygote of plain processes, as a grader starts it for a course."""
    with Zygote("numpy", Isolation.PROCESS, [REPOSITORY]) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def unfiltered():
    """The same without libseccomp: Landlock alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Zygote, "_filter_program", lambda self: b"")
        zygote = Zygote("numpy", Isolation.PROCESS, [REPOSITORY])
    with zygote:
        yield zygote


def value(sandboxed, function, *arguments):
    answer = sandboxed.call(function, arguments, {})
    assert isinstance(answer, Returned), answer
    return answer.value


@linux
def test_it_reports_the_walls_that_are_up(plain, unfiltered, namespaces, monkeypatch):
    files = ("landlock",) if landlock.abi() else ()
    assert namespaces.walls == ("namespaces", "seccomp", "rlimits")
    assert plain.walls == (*files, "seccomp", "rlimits")
    assert unfiltered.walls == (*files, "rlimits")
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(launch_plan, "unreadable_for_others", lambda *_, **__: None)  # of this Python it may be true
    with Zygote("numpy", Isolation.PROCESS) as zygote:
        assert zygote.walls == ("seccomp", "rlimits")


@linux
def test_the_walls_are_known_before_a_child_is_started(plain, namespaces):
    assert walls_here(namespaces=True) == namespaces.walls
    assert walls_here(namespaces=False) == plain.walls


@linux
@kernel_has_landlock
@pytest.mark.parametrize("kind", ["plain", "unfiltered"])
def test_it_reads_nothing_of_the_grader(request, run, kind):
    sandboxed = run(request.getfixturevalue(kind), PROGRAM)
    grader = os.getpid()
    paths = [
        str(HIDDEN), *map(str, HIDDEN.rglob("test_*.py")), str(REPOSITORY / "solutions"), str(REPOSITORY / "rubrics"),
        str(REPOSITORY / "grader" / "course" / "course.py"), __file__, "/", "/tmp", "/etc/passwd", str(Path.home()),
        "..", "/proc", "/proc/self/status", "/sys", *(f"/proc/{grader}/{name}" for name in ("mem", "maps", "environ", "fd", "cmdline")),
    ]  # fmt: skip
    assert value(sandboxed, "look", paths) == ["PermissionError"] * len(paths)
    assert value(sandboxed, "walk") == []


@linux
@kernel_has_landlock
@pytest.mark.parametrize("kind", ["plain", "unfiltered"])
def test_it_writes_nowhere_but_in_its_scratch(request, run, kind, tmp_path):
    sandboxed = run(request.getfixturevalue(kind), PROGRAM)
    paths = [str(tmp_path / "x"), "/tmp/x-of-a-submission", "../x", str(REPOSITORY / "x"), "/dev/zero"]
    assert value(sandboxed, "spoil", paths) == ["PermissionError"] * len(paths)
    assert value(sandboxed, "spoil", ["own", "/dev/null"]) == ["done", "done"]
    assert value(sandboxed, "look", ["."]) == [["own", "toy.py"]]


@linux
@kernel_has_landlock
def test_it_reads_nothing_of_a_neighbour(plain, run):
    source = PROGRAM + "\ndef where():\n    return os.getcwd()\n"
    one, two = run(plain, source), run(plain, source)
    value(one, "spoil", ["left"])
    place = value(one, "where")
    assert value(two, "look", [place, f"{place}/left"]) == ["PermissionError", "PermissionError"]


@linux
@pytest.mark.parametrize("who", ["grader", "zygote"])
def test_it_reaches_no_other_process(plain, run, who):
    sandboxed = run(plain, PROGRAM)
    pid = os.getpid() if who == "grader" else value(sandboxed, "grader")
    assert value(sandboxed, "reach", pid) == {}


@linux
@pytest.mark.skipif(landlock.abi() < landlock.SCOPES_ABI, reason="this kernel's Landlock lets signals through")
@pytest.mark.parametrize("who", ["grader", "zygote"])
def test_landlock_alone_keeps_it_from_other_processes(unfiltered, run, who):
    sandboxed = run(unfiltered, PROGRAM)
    pid = os.getpid() if who == "grader" else value(sandboxed, "grader")
    assert value(sandboxed, "reach", pid) == {}


@linux
def test_without_landlock_no_signal_is_sent(run, monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr(launch_plan, "unreadable_for_others", lambda *_, **__: None)  # of this Python it may be true
    with Zygote("numpy", Isolation.PROCESS, [REPOSITORY]) as zygote:
        sandboxed = run(zygote, PROGRAM)
        assert value(sandboxed, "reach", os.getpid()) == {}


@linux
@pytest.mark.skipif(landlock.abi() < landlock.TCP_ABI, reason="this kernel's Landlock knows no network")
def test_landlock_alone_keeps_it_from_the_network(unfiltered, run):
    answer = run(unfiltered, PROGRAM).call("connect", (), {})
    assert answer.kind in ("PermissionError", "ModuleNotFoundError")


@linux
@pytest.mark.parametrize("isolation", list(Isolation))
def test_the_process_that_starts_a_zygote_hides_its_memory(isolation):
    script = (
        "import ctypes\n"
        "from grader.sandbox import Isolation, Limits, Zygote\n"
        f"with Zygote('numpy', Isolation('{isolation}')) as zygote:\n"
        "    zygote.fork(Limits()).close()\n"
        "    print(ctypes.CDLL(None).prctl(3))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, check=True)
    assert done.stdout == b"0\n"


@linux
def test_it_ends_with_its_zygote():
    """Also as root, whose children become another user: the kernel then forgets the parent-death signal."""
    with Zygote("numpy", Isolation.PROCESS) as zygote:
        child = zygote.fork(Limits())
        [running] = descendants(zygote._process.pid)
        zygote._process.kill()
        deadline = time.monotonic() + 5
        while Path(f"/proc/{running}/cmdline").exists() and Path(f"/proc/{running}/cmdline").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        child.close()


def test_a_folder_around_a_hidden_one_is_not_shown_as_a_whole(tmp_path, monkeypatch):
    stdlib = tmp_path / "lib" / "python3"
    for path in ("site-packages/grader/course.py", "site-packages/other.py", "email/parser.py", "os.py"):
        (stdlib / path).parent.mkdir(parents=True, exist_ok=True)
        (stdlib / path).write_text("")
    (stdlib / "link").symlink_to(tmp_path)
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    shown = readable_paths((), [stdlib / "site-packages" / "grader"])
    here = sorted(path for path in shown if path.startswith(str(tmp_path)))
    assert here == [str(stdlib / name) for name in ("email", "os.py", "site-packages/other.py")]


def test_without_landlock_its_version_is_0(monkeypatch):
    monkeypatch.setattr(landlock, "_syscall", lambda *_: -1)
    assert landlock.abi() == 0


def test_a_ruleset_has_only_rights_that_its_kernel_knows():
    """The kernel refuses a ruleset with a right that its version does not know."""
    assert [f"{landlock.FILES_OF_ABI[one]:b}".count("1") for one in range(1, 6)] == [13, 14, 15, 15, 16]
    assert ctypes.sizeof(landlock._PathBeneath) == 12
