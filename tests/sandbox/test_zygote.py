"""A zygote starts or says why it cannot, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox import Isolation, IsolationError, Limits, Refusal, Zygote, bubblewrap

from .conftest import descendants


def test_its_end_is_the_end_of_everything_below_it(namespaces):
    before = set(descendants(os.getpid()))
    zygote = Zygote("numpy", Isolation.NAMESPACES)
    child = zygote.fork(Limits())
    assert len(set(descendants(os.getpid())) - before) >= 4  # bubblewrap, its process 1, the zygote, the child
    zygote.close()
    child.close()
    deadline = time.monotonic() + 5
    while set(descendants(os.getpid())) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not set(descendants(os.getpid())) - before


def test_without_bubblewrap_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    with pytest.raises(IsolationError) as caught:
        Zygote("numpy", Isolation.NAMESPACES)
    assert str(caught.value) == "there is no bubblewrap"
    assert caught.value.refusal is Refusal.BUBBLEWRAP


def test_a_machine_that_refuses_namespaces_is_named_as_the_cause(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: str(refusing))
    with Zygote("numpy", Isolation.NAMESPACES) as zygote, pytest.raises(IsolationError) as caught:
        zygote.fork(Limits())
    assert str(caught.value) == (
        "this machine refuses mounts in a new namespace: bwrap: No permissions to create new namespace"
    )


def test_a_killed_grader_takes_everything_with_it(namespaces, tmp_path):
    script = (
        "import os, sys, time\n"
        "from grader.sandbox import Isolation, Limits, Zygote\n"
        "zygote = Zygote('numpy', Isolation.NAMESPACES)\n"
        "child = zygote.fork(Limits())\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert grader.stdout.readline() == b"up\n"
    below = descendants(grader.pid)
    assert len(below) >= 4
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 5
    alive = below
    while alive and time.monotonic() < deadline:
        alive = [
            pid
            for pid in alive
            if Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2:3]
        ]
        time.sleep(0.02)
    assert alive == []
