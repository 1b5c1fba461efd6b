"""Our side of a zygote: started once, asked for one child after another."""

from __future__ import annotations

import array
import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from grader import processes
from grader.sandbox import bubblewrap
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.isolation import Isolation
from grader.sandbox.launch_plan import LaunchPlan, compile_for_children, plan_launch
from grader.sandbox.limits import KILL_SECONDS, STACK_BYTES, STARTUP_SECONDS, Limits
from grader.sandbox.refusal import IsolationError, Refusal, refusal_of_namespaces
from grader.sandbox.scratch import ScratchRoot
from grader.sandbox.syscalls import filter_program
from grader.sandbox.walls import Wall, walls_up

if TYPE_CHECKING:
    from grader.sandbox.child import Child, TellEpoch
    from grader.sandbox.connection import Connection
    from grader.sandbox.interruption import Interruption


LOADER_FAILED = 127
"""The exit code of a program if the loader does not find one of its shared libraries."""
THREADS_LIMIT = 512  # of all children of this user together; TensorFlow starts a dozen in each


class Zygote:
    """A confined Python with the flavour's packages imported, that forks a child for each submission."""

    def __init__(
        self,
        flavour: str,
        isolation: Isolation,
        hidden: Iterable[Path] = (),
        interruption: Interruption | None = None,
    ) -> None:
        """Plan the launch and start, without waiting: the first `fork` waits. Raises IsolationError.

        An `interruption` ends calls in its children with InterruptedRunError. The zygote itself lives on.
        """
        self.isolation = isolation
        self._interruption = interruption
        self.flavour = FLAVOURS[flavour]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 # closed by close()
        self._control: socket.socket | None = None
        self._process: processes.Process | None = None
        self._scratch: ScratchRoot | None = None
        self._ready = False
        self._children = 0
        self._spare: tuple[Limits, Connection] | None = None
        self._lock = threading.Lock()  # two parts of a submission may ask at once
        try:
            self.start(plan_launch(self.flavour, isolation, hidden))
            compile_for_children()
            # Now, while the zygote starts: only its children need the filter, and it takes a while to find libseccomp.
            self._filter = self._filter_program()
        except BaseException as error:
            if isinstance(error, IsolationError):
                error.isolation = isolation
            self.close()
            raise
        from grader.sandbox.inside.confinement import hide_memory

        hide_memory()  # this process holds hidden tests and seeds: a child of the same user must not read them

    def start(self, plan: LaunchPlan) -> None:
        """Start the process of a plan. It replaces an earlier one that has ended. Raises IsolationError."""
        self._plan = plan
        if self._control is not None:
            self._control.close()
        self._complaints.seek(0)
        self._complaints.truncate()
        if plan.isolation is Isolation.PROCESS and self._scratch is None:
            self._scratch = ScratchRoot()
        self._control, theirs = _socketpair()
        with theirs:
            number = theirs.fileno()
            try:
                self._process = processes.start(plan.command(number), plan.variables, [number], self._complaints)
            except OSError as error:
                raise IsolationError(f"the sandbox cannot be started: {error}") from None

    @property
    def walls(self) -> tuple[Wall, ...]:
        """Return the walls between a submission and the machine, the strongest first."""
        namespaces = self.isolation is Isolation.NAMESPACES
        return walls_up(namespaces=namespaces, landlock=self._plan.landlock > 0, seccomp=bool(self._filter))

    def confirm(self, limits: Limits) -> None:
        """Confine one child, to see that it can be done, and keep it for the first submission.

        Raises IsolationError.
        """
        if self._spare is None:
            self._spare = limits, self._connect(limits)

    def fork(self, limits: Limits, tell_epoch: TellEpoch = lambda number, of: None) -> Child:
        """Return a fresh child, confined and waiting for a submission. Raises IsolationError.

        `tell_epoch` is called with each epoch that begins in it.
        """
        connection = self._connect(limits)
        from grader.sandbox.child import Child

        return Child(connection, limits, tell_epoch)

    def _connect(self, limits: Limits) -> Connection:
        """Return the connection of a confined child: the spare one, or a new one."""
        try:
            with self._lock:
                if self._spare is not None and self._spare[0] == limits:
                    spare, self._spare = self._spare[1], None
                    return spare
                connection = self._forked(limits)
            self._await_confinement(connection)
        except IsolationError as error:
            error.isolation = self.isolation
            raise
        return connection

    def _await_confinement(self, connection: Connection) -> None:
        try:
            connection.wait_until_confined()
        except KeyboardInterrupt:  # an interruption too, after which this zygote serves others
            connection.end(wait=False)
            raise
        except IsolationError as problem:
            connection.end(wait=False)
            why = self._why()
            raise IsolationError(f"{problem.cause}: {why}" if why else problem.cause, problem.refusal) from None

    def _forked(self, limits: Limits) -> Connection:
        """Return the connection of a new child, which has not yet confirmed that it is confined."""
        # Imported now: it needs NumPy, which this process imports while the zygote does the same.
        from grader.sandbox.connection import Connection, names_its_sender

        self._wait_until_ready()
        assert self._control is not None
        self._children += 1
        scratch = self._scratch.new_folder() if self._scratch is not None else None
        channel, their_channel = socket.socketpair()
        names_its_sender(channel)
        status, their_status = socket.socketpair()
        stdout, their_stdout = os.pipe()
        stderr, their_stderr = os.pipe()
        order = json.dumps(self._order(limits, scratch)).encode()
        descriptors = array.array("i", [their_channel.fileno(), their_stdout, their_stderr, their_status.fileno()])
        try:
            self._control.sendmsg([order], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors.tobytes())])
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
        return Connection(self._children, channel, status, stdout, stderr, limits, scratch, self._interruption)

    def _order(self, limits: Limits, scratch: str | None) -> dict[str, Any]:
        """Return what a zygote must know to make a child."""
        return {
            "scratch": scratch or bubblewrap.SCRATCH,
            "scratch_bytes": limits.scratch_bytes,
            "reply_bytes": limits.reply_bytes,
            "memory_bytes": limits.memory_bytes,
            "uses_keras": self.flavour.uses_keras,
            "reads_as_root": self._plan.reads_as_root,
            "filter": self._filter.hex(),
            "limits": {
                "RLIMIT_CPU": limits.cpu_seconds,
                "RLIMIT_FSIZE": limits.scratch_bytes,
                "RLIMIT_NOFILE": limits.open_files,
                "RLIMIT_STACK": STACK_BYTES,
                "RLIMIT_CORE": 0,
                "RLIMIT_MEMLOCK": 0,
                "RLIMIT_MSGQUEUE": 0,
                **({"RLIMIT_NPROC": THREADS_LIMIT} if self.flavour.uses_keras else {}),
            },
        }

    def close(self) -> None:
        """End the zygote and all its children."""
        if self._spare is not None:
            self._spare[1].end(wait=False)
            self._spare = None
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()  # all processes below bubblewrap end with it; plain children follow their parent
            self._process.wait()
        self._complaints.close()
        if self._scratch is not None:
            self._scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _filter_program(self) -> bytes:
        """Return the system call filter of the children; empty if there is none and a plain process is enough."""
        if sys.platform != "linux":
            return b""
        from grader.sandbox.inside.confinement import try_filter

        try:
            program = filter_program(self.flavour.uses_keras, self._plan.may_send_signals)
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
        if not self._ready and not self._plan.libraries and self._lacks_a_library():
            from grader.sandbox.libraries import needed_by

            libraries = needed_by(self.flavour)
            if libraries:
                self.start(plan_launch(self.flavour, self.isolation, self._plan.hidden, libraries))
                self._ready = self._says_ready()
        if not self._ready:
            runs = self._process is not None and self._process.poll() is None
            silent = f"did not start within {STARTUP_SECONDS:g} seconds" if runs else "ended and gave no reason"
            raise IsolationError(self._why() or f"the sandbox {silent}", self._refusal())

    def _says_ready(self) -> bool:
        assert self._control is not None
        self._control.settimeout(STARTUP_SECONDS)
        try:
            return self._control.recv(16) == b"ready"
        except OSError:
            return False

    def _lacks_a_library(self) -> bool:
        """Return whether a zygote has ended because it did not find a library."""
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
        """Return the last line in which the zygote or bubblewrap reported an error."""
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """Return two sockets for messages with boundaries; macOS has them for datagrams only."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM)
