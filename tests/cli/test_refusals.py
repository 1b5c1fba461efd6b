"""Machines that refuse something: each refusal has its own sentence and its own way on, and costs no more than it must.

Containers, network folders and hardened kernels are simulated by a filter that answers system calls with an error
(`tests/refuse_calls.py`), and by another /proc in a mount namespace of the test.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import Refusal
from grader.sandbox.refusal import refusal_of_namespaces
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
LAUNCHER = ROOT / "tests" / "refuse_calls.py"
EXERCISE = ("exercise", "1", RIGHT, "--course", TOY, "--format", "json")
IN_CONTAINERS = "In a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
WEAKER = "To grade your own file without namespaces: --isolation process."
BATCH_WEAKER = "To grade without namespaces, which does not stop hostile programs: --isolation process."

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="system calls are refused as on Linux")
for_root = pytest.mark.skipif(os.getuid() != 0, reason="only root may mount another /proc without more")


@pytest.fixture
def grade(tmp_path):
    """`grade("flock=ENOLCK", "batch", ...)` runs `grade` where flock gives ENOLCK; with "" nothing is refused."""
    (tmp_path / "tmp").mkdir()

    def _grade(refused, *arguments, before=""):
        launcher = [sys.executable, LAUNCHER, *refused.split(), "--"] if refused else []
        command = [*launcher, sys.executable, "-m", "grader", *arguments]
        done = subprocess.run(
            ["sh", "-c", f'{before or ":"} && exec "$@"', "sh", *map(str, command)],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        done.stderr = re.sub(r"Using the course in .*\n", "", done.stderr)
        assert os.listdir(tmp_path / "tmp") == []
        return done

    return _grade


@pytest.fixture
def hand_ins(tmp_path):
    (tmp_path / "hand_ins" / "zoe").mkdir(parents=True)
    shutil.copy(RIGHT, tmp_path / "hand_ins" / "zoe")
    return tmp_path / "hand_ins"


@pytest.fixture
def batch(grade, hand_ins, tmp_path):
    """`batch("flock=ENOLCK")` grades one hand-in into a folder of its own."""
    return lambda refused, *more, **how: grade(
        refused, "batch", hand_ins, "--course", TOY, "--out", tmp_path / "results", "--workers", "1", *more, **how
    )


def earned(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["score"]["earned"]


REFUSED = {
    "user_namespaces=EPERM": (
        r"this machine refuses user namespaces: .*clone: Operation not permitted|"
        r"this machine refuses user namespaces: bwrap: .*",
        f"{IN_CONTAINERS}. On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. Elsewhere, see "
        "/proc/sys/user/max_user_namespaces and /proc/sys/kernel/unprivileged_userns_clone.",
    ),
    "mount=EPERM": (
        r"this machine refuses mounts in a new namespace: bwrap: .*Operation not permitted",
        f"{IN_CONTAINERS}. On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0.",
    ),
    "seccomp=ENOSYS": (
        r"this machine refuses system call filters \(seccomp\): .*Function not implemented",
        f"{IN_CONTAINERS}; elsewhere, use a kernel that was built with CONFIG_SECCOMP_FILTER.",
    ),
}


def test_a_learner_is_graded_in_a_plain_process_and_hears_why(grade):
    done = grade("user_namespaces=EPERM seccomp=EPERM", *EXERCISE)
    assert earned(done) == 5
    assert json.loads(done.stdout)["isolation"] == "process"
    seen = r"this machine refuses system call filters \(seccomp\): .* not permitted"
    assert re.fullmatch(rf"Note: your program ran as a plain process with limits: ({seen})\.\n", done.stderr)


@pytest.mark.parametrize("refused", REFUSED)
def test_namespaces_that_are_refused_are_named_with_a_way_on(grade, refused):
    done = grade(refused, *EXERCISE, "--isolation", "namespaces")
    seen, way_on = REFUSED[refused]
    assert done.returncode == 2
    assert re.fullmatch(
        rf"Error: The sandbox is unavailable on this machine: ({seen})\. {re.escape(way_on)} {re.escape(WEAKER)}\n",
        done.stderr,
    )


def test_a_batch_is_refused_and_can_choose_plain_processes(batch, tmp_path):
    done = batch("seccomp=EPERM")
    _, way_on = REFUSED["seccomp=ENOSYS"]
    assert done.returncode == 2
    assert re.fullmatch(
        r"Error: No worker can be started: this machine refuses system call filters \(seccomp\): .* not permitted\. "
        rf"{re.escape(way_on)} {re.escape(BATCH_WEAKER)}\n",
        done.stderr,
    )
    assert batch("seccomp=EPERM chmod=EPERM", "--isolation", "process", before="umask 022").returncode == 0
    assert ",5" in (tmp_path / "results" / "gradebook.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("error", ["ENOLCK", "ENOSYS", "EOPNOTSUPP"])
def test_a_folder_without_locks_is_not_called_in_use(batch, tmp_path, error):
    done = batch(f"flock={error}")
    assert done.returncode == 2
    assert re.fullmatch(
        rf"Error: {tmp_path}/results cannot be locked: [\w ]+\. Some network folders have no file locks\. "
        r"Choose a folder on a local disk with --out\. Nothing was changed\.\n",
        done.stderr,
    )


def test_a_lock_that_is_held_is_called_in_use(batch):
    done = batch("flock=EAGAIN")
    assert done.returncode == 2
    assert "results is in use by another run. Wait for it" in done.stderr


def test_a_report_needs_no_chmod(grade, tmp_path):
    out = tmp_path / "report.json"
    done = grade("chmod=EPERM", *EXERCISE, "--isolation", "process", "--out", out, before="umask 022")
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


def test_permissions_that_cannot_be_kept_are_said_and_never_widened(grade, tmp_path):
    out = tmp_path / "report.json"
    out.write_text("old")
    out.chmod(0o660)
    done = grade("chmod=EPERM", *EXERCISE, "--out", out, "--overwrite", before="umask 022")
    assert done.returncode == 0
    assert done.stderr == (
        f"Note: the permissions of {out} could not be kept: Operation not permitted. Set them with chmod.\n"
    )
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert json.loads(out.read_text())["score"]["earned"] == 5


@for_root
def test_a_plain_process_that_gets_no_folder_is_not_advised_to_itself(grade):
    done = grade("chmod=EPERM", *EXERCISE, "--isolation", "process", before="umask 077")
    assert done.returncode == 2
    assert re.fullmatch(
        r"Error: The sandbox is unavailable on this machine: .*Operation not permitted\. "
        r"Set TMPDIR to a folder on a local disk\.\n",
        done.stderr,
    )


@for_root
@pytest.mark.parametrize("isolation", ["auto", "process"])
def test_a_machine_without_proc_is_told_to_mount_it(isolation):
    done = _in_another_proc("mount -t tmpfs none /proc", isolation)
    assert done.returncode == 2
    assert done.stderr.endswith(
        "Error: The sandbox is unavailable on this machine: /proc is not mounted. Mount it: mount -t proc proc /proc.\n"
    )


@for_root
@pytest.mark.parametrize("isolation", ["namespaces", "process"])
def test_a_machine_that_hides_the_processes_of_others(isolation):
    """A shared machine with hidepid=2: the new mount has an option of its own, the machine's keeps its."""
    done = _in_another_proc("mount -t proc -o hidepid=2 proc /proc", isolation)
    assert earned(done) == 5
    assert json.loads(done.stdout)["isolation"] == isolation


def _in_another_proc(mount, isolation):
    command = [sys.executable, "-m", "grader", *map(str, EXERCISE), "--isolation", isolation]
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount another /proc")
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("refused", "refusal"),
    [("--proc", Refusal.PROC), ("--ro-bind", Refusal.MOUNTS), ("nothing", Refusal.UNKNOWN)],
)
def test_what_bubblewrap_is_refused_is_tried_and_not_read(tmp_path, refused, refusal, namespaces_here):
    bwrap = tmp_path / "bwrap"
    bwrap.write_text(f'#!/bin/sh\ncase " $* " in *" {refused} "*) exit 1;; esac\n')
    bwrap.chmod(0o755)
    assert refusal_of_namespaces(str(bwrap)) is refusal


@pytest.fixture
def namespaces_here():
    if not Path("/proc/self/ns/user").exists():
        pytest.skip("this kernel has no user namespaces")
