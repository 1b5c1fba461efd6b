"""Our handle on a zygote: started once, asked for one child after another."""

from __future__ import annotations

import array
import json
import os
import socket
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader import processes
from grader.current_folder import environment
from grader.sandbox import bubblewrap
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.invocation import as_plain_process, compile_for_children, in_namespaces, root_alone_reads
from grader.sandbox.limits import KILL_SECONDS, STACK_BYTES, STARTUP_SECONDS, Limits
from grader.sandbox.refusal import IsolationError, Refusal, refusal_of_namespaces
from grader.sandbox.scratch import make_folder, refused, remove_folder
from grader.sandbox.syscalls import filter_program
from grader.sandbox.walls import Wall, standing

if TYPE_CHECKING:
    from grader.sandbox.child import Child
    from grader.sandbox.libraries import Library


LOADER_FAILED = 127
"""The exit code of a program whose shared library the loader does not find."""
THREADS_LIMIT = 512  # of all children of this user together; TensorFlow starts a dozen in each


class Isolation(StrEnum):
    """What stands between a submission and the machine."""

    NAMESPACES = "namespaces"
    PROCESS = "process"


class Zygote:
    """A confined Python with the flavour's packages imported, that forks a child for each submission."""

    def __init__(self, flavour: str, isolation: Isolation, hidden: Iterable[Path] = ()) -> None:
        """Start it without waiting; it is waited for by the first `fork`. Raises IsolationError."""
        self.isolation = isolation
        self.flavour = FLAVOURS[flavour]
        self._hidden = list(hidden)
        self._libraries: tuple[Library, ...] = ()
        self._landlock = 0
        self._reads_as_root = False
        self._scratch_root = ""
        self._remove_scratch: Callable[[], object] = lambda: None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 # closed by close()
        self._control, self._theirs = _socketpair()
        self._process: processes.Process | None = None
        self._ready = False
        self._children = 0
        self._spare: tuple[Limits, Child] | None = None
        self._lock = threading.Lock()  # two parts of a submission may ask at once
        try:
            self._begin()
        except BaseException as error:
            if isinstance(error, IsolationError):
                error.isolation = isolation
            self.close()
            raise
        from grader.sandbox.inside.confinement import hide_memory

        hide_memory()  # this process holds hidden tests and seeds: a child of the same user must not read them

    def _begin(self) -> None:
        if self.isolation is Isolation.NAMESPACES and sys.platform != "linux":
            raise IsolationError("namespaces exist on Linux only", Refusal.SYSTEM)
        if not hasattr(os, "fork"):
            raise IsolationError("this system cannot fork a process; on Windows, run the grader in WSL", Refusal.SYSTEM)
        if sys.platform == "linux" and not os.path.exists("/proc/self/statm"):
            raise IsolationError("/proc is not mounted", Refusal.NO_PROC)
        if self._may_need_libraries():
            self._look_for_libraries()
        self._start()
        compile_for_children()
        # Now, while the zygote starts: only its children need the filter, and libseccomp takes a while to be found.
        self._filter = self._filter_program()

    @property
    def walls(self) -> tuple[Wall, ...]:
        """Return the walls between a submission and the machine, the strongest first."""
        namespaces = self.isolation is Isolation.NAMESPACES
        return standing(namespaces=namespaces, landlock=self._landlock > 0, seccomp=bool(self._filter))

    def confirm(self, limits: Limits) -> None:
        """Have one child confined, to see that it can be done, and keep it for the first submission.

        Raises IsolationError.
        """
        if self._spare is None:
            self._spare = limits, self.fork(limits)

    def fork(self, limits: Limits) -> Child:
        """Return a fresh child, confined and waiting for a submission. Raises IsolationError."""
        try:
            with self._lock:
                child, told = self._forked(limits)
            if not told:
                self._await_confinement(child)
        except IsolationError as error:
            error.isolation = self.isolation
            raise
        return child

    def _await_confinement(self, child: Child) -> None:
        try:
            child.wait_until_confined()
        except IsolationError as problem:
            child.close()
            why = self._why()
            raise IsolationError(f"{problem.cause}: {why}" if why else problem.cause, problem.refusal) from None

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
        scratch = self._new_scratch()
        channel, their_channel = socket.socketpair()
        status, their_status = socket.socketpair()
        stdout, their_stdout = os.pipe()
        stderr, their_stderr = os.pipe()
        order = {
            "scratch": scratch or bubblewrap.SCRATCH,
            "scratch_bytes": limits.scratch_bytes,
            "reply_bytes": limits.reply_bytes,
            "memory_bytes": limits.memory_bytes,
            "threads": self.flavour.threads,
            "reads_as_root": self._reads_as_root,
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
            channel.close()
            status.close()
            os.close(stdout)
            os.close(stderr)
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
        self._theirs.close()
        if self._process is not None:
            self._process.kill()  # with bubblewrap goes all that is below it; without, the children follow their parent
            self._process.wait()
        self._complaints.close()
        self._remove_scratch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        """Start the process, which is told nothing but what its command line says. Raises IsolationError."""
        number = self._theirs.fileno()
        try:
            if self.isolation is Isolation.NAMESPACES:
                command, variables = in_namespaces(self.flavour, number, self._hidden, self._libraries)
            else:
                from grader.sandbox.inside import landlock

                self._landlock = landlock.abi()
                command, variables = as_plain_process(
                    self.flavour, number, self._hidden, self._libraries, landlock=self._landlock > 0
                )
                self._reads_as_root = root_alone_reads(self.flavour) is not None
                if not self._scratch_root:
                    self._scratch_root = make_folder()
                    self._remove_scratch = weakref.finalize(self, remove_folder, self._scratch_root)
            self._process = processes.start(command, variables, [number], self._complaints)
        except OSError as error:
            raise IsolationError(f"the sandbox cannot be started: {error}") from None
        finally:
            self._theirs.close()

    def _filter_program(self) -> bytes:
        """Return the system call filter of the children; empty if there is none and a plain process is enough."""
        if sys.platform != "linux":
            return b""
        from grader.sandbox.inside.confinement import try_filter
        from grader.sandbox.inside.landlock import SCOPES_ABI

        signals = self.isolation is Isolation.NAMESPACES or self._landlock >= SCOPES_ABI
        try:
            program = filter_program(self.flavour.threads, signals)
        except OSError as error:
            refusal, why = Refusal.LIBSECCOMP, f"{error.strerror}"
        else:
            try:
                try_filter()
                return program
            except OSError as error:
                refusal, why = Refusal.SECCOMP, str(error)
        if self.isolation is Isolation.NAMESPACES:
            raise IsolationError(why, refusal)
        return b""

    def _wait_until_ready(self) -> None:
        """Wait for the zygote; if it lacks a library, find the libraries and start another one."""
        if self._ready:
            return
        self._ready = self._says_ready()
        if not self._ready and not self._libraries and self._lacks_a_library():
            self._look_for_libraries()
            if self._libraries:
                self._complaints.seek(0)
                self._complaints.truncate()
                self._control.close()
                self._control, self._theirs = _socketpair()
                self._start()
                self._ready = self._says_ready()
        if not self._ready:
            runs = self._process is not None and self._process.poll() is None
            silent = f"did not start within {STARTUP_SECONDS:g} seconds" if runs else "ended and gave no reason"
            raise IsolationError(self._why() or f"the sandbox {silent}", self._refusal())

    def _says_ready(self) -> bool:
        self._control.settimeout(STARTUP_SECONDS)
        try:
            return self._control.recv(16) == b"ready"
        except OSError:
            return False

    def _may_need_libraries(self) -> bool:
        """Return whether to look for libraries before the first start; see `libraries.is_likely`."""
        library_path = environment().get("LD_LIBRARY_PATH", "")
        if not library_path and not (Path(sys.base_prefix) / "conda-meta").is_dir():
            return False
        from grader.sandbox.libraries import is_likely

        return is_likely(self.flavour, library_path)

    def _look_for_libraries(self) -> None:
        from grader.sandbox.libraries import needed_by

        self._libraries = needed_by(self.flavour)

    def _lacks_a_library(self) -> bool:
        """Return whether a zygote has ended for a library that it did not find."""
        assert self._process is not None
        try:
            code = self._process.wait(KILL_SECONDS)
        except processes.StillRunning:
            return False
        from grader.sandbox.inside.launch import UNIMPORTABLE
        from grader.sandbox.libraries import loader_is_unseen

        return code in (LOADER_FAILED, UNIMPORTABLE) or loader_is_unseen()

    def _refusal(self) -> Refusal:
        """Return what keeps a zygote from starting."""
        if self._lacks_a_library():
            return Refusal.LIBRARY
        bwrap = bubblewrap.find_bubblewrap() if self.isolation is Isolation.NAMESPACES else None
        return refusal_of_namespaces(bwrap) if bwrap is not None else Refusal.UNKNOWN

    def _why(self) -> str:
        """Return the last line that the zygote or bubblewrap complained with."""
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def _new_scratch(self) -> str | None:
        """Make a scratch folder for a child without namespaces; a child with them mounts its own."""
        if not self._scratch_root:
            return None
        try:
            folder = tempfile.mkdtemp(dir=self._scratch_root)
            if os.getuid() == 0:
                os.chown(folder, 65534, 65534)
        except OSError as error:
            raise refused(self._scratch_root, error) from None
        return folder


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """Return two sockets for messages with boundaries; macOS has them for datagrams only."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM)
