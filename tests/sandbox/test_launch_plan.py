"""How a zygote is started is decided before anything starts."""

import json
import os
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from grader import processes
from grader.sandbox import Isolation, IsolationError, Refusal, bubblewrap, launch_plan
from grader.sandbox.bubblewrap import Mount, MountKind
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.inside import landlock
from grader.sandbox.launch_plan import plan_launch
from grader.sandbox.libraries import Library

NUMPY = FLAVOURS["numpy"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="namespaces and Landlock exist on Linux only")
HOME = Path("/usr/lib/python3/home")  # below a folder that the sandbox shows


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine that has bubblewrap and Landlock, with a readable Python, on which no process may start."""
    monkeypatch.setattr(processes, "start", lambda *_: pytest.fail("a process was started"))
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: "/usr/bin/bwrap")
    monkeypatch.setattr(landlock, "abi", lambda: 6)
    monkeypatch.setattr(launch_plan, "unreadable_for_others", lambda *_, **__: None)
    monkeypatch.setattr(Path, "home", lambda: HOME)


def settings_of(plan):
    return json.loads(plan.command(7)[-1])


def test_a_plan_is_a_value():
    plan = plan_launch(NUMPY, Isolation.PROCESS, [HOME])
    assert plan == plan_launch(NUMPY, Isolation.PROCESS, [HOME])
    with pytest.raises(FrozenInstanceError):
        plan.landlock = 0


@pytest.mark.parametrize("isolation", list(Isolation))
def test_the_command_ends_with_the_settings(isolation):
    settings = settings_of(plan_launch(NUMPY, isolation))
    assert settings["control"] == 7
    assert settings["namespaces"] is (isolation is Isolation.NAMESPACES)
    assert settings["preload"][: len(NUMPY.preload)] == list(NUMPY.preload)


@linux
def test_namespaces_start_bubblewrap_with_a_view_and_an_empty_environment():
    plan = plan_launch(NUMPY, Isolation.NAMESPACES)
    assert plan.program[0] == "/usr/bin/bwrap"
    assert {"--clearenv", "--unshare-net", "--unshare-pid", "--die-with-parent"} <= set(plan.program)
    assert plan.may_send_signals
    assert not plan.landlock


def test_a_plain_process_may_read_what_bubblewrap_would_show():
    plan = plan_launch(NUMPY, Isolation.PROCESS)
    settings = settings_of(plan)
    assert plan.program[0] == sys.executable
    assert "inside.missing" in settings["preload"]
    assert settings["landlock"] is True
    assert str(bubblewrap.package_folders(["numpy"])[0]) in settings["readable"]


@pytest.mark.parametrize(("abi", "sent"), [(0, False), (landlock.SCOPES_ABI - 1, False), (landlock.SCOPES_ABI, True)])
def test_a_plain_process_sends_signals_only_if_landlock_limits_them(monkeypatch, abi, sent):
    monkeypatch.setattr(landlock, "abi", lambda: abi)
    assert plan_launch(NUMPY, Isolation.PROCESS).may_send_signals is sent


def test_without_landlock_nothing_is_listed(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    settings = settings_of(plan_launch(NUMPY, Isolation.PROCESS))
    assert settings["landlock"] is False
    assert "readable" not in settings


def test_the_folders_of_libraries_are_the_only_ones_that_the_loader_gets(monkeypatch, tmp_path):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/other")
    for name in ("a.so", "b.so"):
        (tmp_path / name).touch()
    found = [Library(f"{tmp_path}/{name}", tmp_path / name, False, f"{tmp_path}/{name}") for name in ("a.so", "b.so")]
    plan = plan_launch(NUMPY, Isolation.PROCESS, libraries=found)
    assert plan.variables["LD_LIBRARY_PATH"] == str(tmp_path)
    assert str(tmp_path / "a.so") in settings_of(plan)["readable"]
    assert "LD_LIBRARY_PATH" not in plan_launch(NUMPY, Isolation.PROCESS, libraries=[]).variables


@linux
def test_without_bubblewrap_there_is_no_plan_for_namespaces(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    with pytest.raises(IsolationError) as caught:
        plan_launch(NUMPY, Isolation.NAMESPACES)
    assert caught.value.refusal is Refusal.BUBBLEWRAP


def test_a_flavour_without_packages_has_no_plan():
    with pytest.raises(IsolationError) as caught:
        plan_launch(replace(NUMPY, packages=("no_such_package",)), Isolation.PROCESS)
    assert caught.value.refusal is Refusal.LIBRARY


@linux
@pytest.mark.parametrize("isolation", list(Isolation))
def test_root_alone_can_read_python(monkeypatch, tmp_path, isolation):
    """A plain process keeps the right to read if Landlock limits it; nothing else may run then."""
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(launch_plan, "unreadable_for_others", lambda *_, **__: tmp_path)
    if isolation is Isolation.PROCESS:
        assert plan_launch(NUMPY, isolation).reads_as_root
        monkeypatch.setattr(landlock, "abi", lambda: 0)
    with pytest.raises(IsolationError) as caught:
        plan_launch(NUMPY, isolation)
    assert caught.value.refusal is Refusal.UNREADABLE


@linux
def test_a_system_without_proc_has_no_plan(monkeypatch):
    exists = os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda path: path != "/proc/self/statm" and exists(path))
    with pytest.raises(IsolationError) as caught:
        plan_launch(NUMPY, Isolation.PROCESS)
    assert caught.value.refusal is Refusal.NO_PROC


@linux
def test_hidden_folders_and_the_home_are_covered_even_below_what_is_shown():
    course = Path("/usr/lib/python3/course")
    argv = list(plan_launch(NUMPY, Isolation.NAMESPACES, [course]).program)
    for folder in (course, HOME):
        assert argv[argv.index(str(folder)) - 1] == "--tmpfs"


@linux
def test_a_hidden_folder_outside_of_what_is_shown_needs_no_cover(tmp_path):
    assert Mount(MountKind.EMPTY, str(tmp_path)) not in bubblewrap.view(("numpy",), [tmp_path])


def test_no_package_but_the_flavours_is_shown():
    mounts = bubblewrap.view(("numpy",), [])
    packages = {mount.target for mount in mounts if mount.target.startswith("/python/packages/")}
    assert "/python/packages/numpy" in packages
    assert packages <= {"/python/packages/numpy", "/python/packages/numpy.libs"}


def test_the_view_shows_no_folder_of_the_grader_but_inside():
    grader = Path(bubblewrap.__file__).parents[1]
    mounts = bubblewrap.view(("numpy",), [])
    shown = [mount.source for mount in mounts if mount.source and Path(mount.source).is_relative_to(grader)]
    assert shown == [str(grader / "sandbox" / "inside")]


def test_only_devices_can_be_written_to():
    mounts = bubblewrap.view(("numpy",), [])
    writable = {mount.target for mount in mounts if mount.kind is MountKind.DEVICE}
    assert writable == {"/dev/null", "/dev/zero", "/dev/urandom"}
    assert {mount.kind for mount in mounts if mount.source} == {MountKind.READ_ONLY, MountKind.LINK, MountKind.DEVICE}


def test_a_parent_is_made_before_what_is_in_it():
    """Otherwise bubblewrap makes it, for root alone, and the zygote stops being root."""
    made = set()
    for mount in bubblewrap.view(("numpy",), []):
        missing = [parent for parent in map(str, Path(mount.target).parents) if parent not in (*made, "/")]
        assert not missing or mount.kind is MountKind.EMPTY, mount
        made.add(mount.target)


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        (Mount(MountKind.FOLDER, "/usr"), ["--dir", "/usr"]),
        (Mount(MountKind.EMPTY, "/usr/share"), ["--tmpfs", "/usr/share"]),
        (Mount(MountKind.LINK, "/lib", "usr/lib"), ["--symlink", "usr/lib", "/lib"]),
        (Mount(MountKind.READ_ONLY, "/python", "/opt"), ["--ro-bind", "/opt", "/python"]),
        (Mount(MountKind.DEVICE, "/dev/null", "/dev/null"), ["--dev-bind", "/dev/null", "/dev/null"]),
    ],
)
def test_a_mount_as_arguments_of_bubblewrap(mount, words):
    assert mount.to_argv() == words


def test_the_argv_has_the_mounts_in_order_before_the_root_is_read_only():
    mounts = [Mount(MountKind.FOLDER, "/usr"), Mount(MountKind.EMPTY, "/usr/x")]
    argv = bubblewrap.to_argv("bwrap", mounts, {"A": "b"}, ["-c", "pass"])
    assert argv[0] == "bwrap"
    assert argv[argv.index("--dir") : argv.index("--proc")] == ["--dir", "/usr", "--tmpfs", "/usr/x"]
    assert argv[argv.index("--setenv") :] == ["--setenv", "A", "b", "/python/bin/python3", "-c", "pass"]
    assert argv.index("--remount-ro") > argv.index("/usr/x")
