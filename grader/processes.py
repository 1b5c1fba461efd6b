"""Start processes. Every process of the grader starts here, except the children that a sandbox's zygote forks.

A process starts in the root folder, with an environment that names no code. A Python process gets our `sys.path`
itself, not the variables that it was made from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import IO

from grader.current_folder import environment, import_path

Process = subprocess.Popen[bytes]
StillRunning = subprocess.TimeoutExpired

ROOT = os.path.abspath(os.sep)


def find_program(name: str) -> str | None:
    """Return the path of a program in one of the absolute folders of PATH, or None."""
    found = shutil.which(name, path=environment().get("PATH", ""))
    return found if found is not None and os.path.isabs(found) else None


def python_main(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `main(*arguments)` of a module of the grader, with our packages."""
    script = f"import sys; sys.path[:] = {import_path()!r}; from {module} import main; main(*sys.argv[1:])"
    flags = ["-I", *(["-B"] if sys.flags.dont_write_bytecode else []), "-X", f"utf8={sys.flags.utf8_mode}"]
    return [sys.executable, *flags, "-c", script, *arguments]


def start(
    command: Sequence[str],
    variables: Mapping[str, str],
    descriptors: Iterable[int] = (),
    complaints: IO[bytes] | None = None,
) -> Process:
    """Start a process that communicates only through `descriptors`, in its own session.

    `variables` is its whole environment. Its standard error goes to `complaints`, or to our own. Raises OSError.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        pass_fds=list(descriptors),
        env=dict(variables),
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C reaches only us, and we end the process in order
    )


def run(command: Sequence[str], text: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program on a text and return what it wrote. Raises OSError."""
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False, env=environment(), cwd=ROOT)
