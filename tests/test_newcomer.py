"""The first session in the README, typed into a real shell by somebody who has nothing but Python and the wheel."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.grading import ROOT

PROMPT, CONTINUED, OMITTED = "$ ", "> ", "..."
SECONDS = 300  # for one command, on a busy machine
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
(SESSION,) = re.findall(r"^```console\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


def typed():
    """Return the lines of the session that are typed. A continued line may be empty."""
    lines = [re.match(r"(?:\$|>)(?: (.*))?$", line) for line in SESSION.splitlines()]
    return [line[1] or "" for line in lines if line is not None]


class Shell:
    """An interactive shell on a terminal of 80 columns. `seen` is everything that the terminal shows."""

    def __init__(self, folder, environment):
        self._main, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "--noediting", "-i"],
            cwd=folder,
            env=environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),
        )
        os.close(terminal)
        self.seen = "\n"
        self._read_to_prompt()

    def type(self, line):
        """Type a line, and wait until the shell asks for the next one."""
        os.write(self._main, f"{line}\n".encode())
        self._read_to_prompt()

    def _read_to_prompt(self):
        deadline, before = time.monotonic() + SECONDS, len(self.seen)
        while len(self.seen) == before or not self.seen.endswith((f"\n{PROMPT}", f"\n{CONTINUED}")):
            ready, _, _ = select.select([self._main], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no prompt came:\n{self.seen}"
            self.seen += os.read(self._main, 65536).decode(errors="replace").replace("\r", "")

    def close(self):
        """End the shell and what it has started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._main)


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory):
    """A folder with every package of this environment but ours: there is no network from which pip could get them."""
    folder = tmp_path_factory.mktemp("packages")
    for place in filter(lambda name: name.endswith("site-packages"), sys.path):
        for one in Path(place).iterdir():
            ours = one.name.startswith(("cnn_grader", "_cnn_grader", "__editable__")) or one.suffix == ".pth"
            if not ours and not (folder / one.name).exists():
                (folder / one.name).symlink_to(one)
    return folder


@pytest.fixture
def work(tmp_path):
    """A folder that holds the wheel of this checkout and nothing else."""
    folder = tmp_path / "course"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def environment(tmp_path):
    """The variables of a new user, with the Python of this test as python3."""
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python3"
    python.write_text(f'#!/bin/sh\nexec {sys._base_executable} "$@"\n')
    python.chmod(0o755)
    return {
        "HOME": str(tmp_path),
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PS1": PROMPT,
        "PS2": CONTINUED,
        "VIRTUAL_ENV_DISABLE_PROMPT": "1",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def test_a_newcomer_sees_what_the_readme_shows(work, environment, dependencies):
    shell = Shell(work, environment)
    try:
        for line in typed():
            shell.type(line)
            for packages in work.glob("env/lib/python3*/site-packages"):
                (packages / "dependencies.pth").write_text(f"{dependencies}\n")
    finally:
        shell.close()
    seen = [line.rstrip() for line in ESCAPE.sub("", shell.seen).removesuffix(PROMPT).strip("\n").splitlines()]
    shown = "\n".join("(?:.*\n)*?.*" if line == OMITTED else re.escape(line.rstrip()) for line in SESSION.splitlines())

    assert re.fullmatch(shown, "\n".join(seen)), "\n".join(seen)


def test_the_session_goes_from_the_wheel_to_all_points():
    commands = [line for line in typed() if line.startswith(("pip ", "grade "))]

    assert commands == [
        "pip install --quiet cnn_grader-*.whl",
        "grade start 3",
        "grade exercise 3",
        "grade hint 3",
        "grade exercise 3",
    ]
    assert SESSION.count("8 / 8 points") == 1
