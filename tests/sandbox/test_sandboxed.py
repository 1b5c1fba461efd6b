"""Calls of learners' functions, and attempts of strangers against the sandbox."""

import os
import time

import numpy as np
import pytest

from grader.sandbox import Captured, Foreign, Isolation, Limits, Raised, Reason, Returned, Stopped, connection
from grader.sandbox.answer import UnsendableError

from .conftest import LIMITS, descendants

DOUBLE = "def double(x):\n    return x * 2\n"


def call(sandboxed, function, *arguments, **named):
    return sandboxed.call(function, arguments, named)


def test_a_call_returns_what_the_function_computes(zygote, run):
    sandboxed = run(zygote, DOUBLE)
    assert call(sandboxed, "double", np.array([1.0, 2.0])).value.tolist() == [2.0, 4.0]
    assert call(sandboxed, "double", x=3).value == 6


def test_the_arguments_after_the_call_show_what_was_written(zygote, run):
    sandboxed = run(zygote, "def spoil(x, y, rng):\n    x[0] = 9\n    return x.sum()\n")
    arguments = (np.zeros(2), np.ones(1), np.random.default_rng(0))
    first, second, third = sandboxed.call("spoil", arguments, {}, return_arguments=True).arguments
    assert (first.tolist(), second.tolist(), third) == ([9.0, 0.0], [1.0], False)


def test_a_generator_comes_back_as_whether_it_was_used(zygote, run):
    sandboxed = run(zygote, "def draw(rng):\n    return rng.random()\n")
    returned = sandboxed.call("draw", (np.random.default_rng(0),), {}, return_arguments=True)
    assert returned.arguments == (True,)


def test_longer_floats_and_arrays_of_objects_arrive_as_float64(zygote, run):
    sandboxed = run(
        zygote, "import numpy as np\ndef odd(x):\n    return x.astype(np.longdouble), np.array([1, 2.5], object)\n"
    )
    first, second = call(sandboxed, "odd", np.array([0.5, 3.0])).value
    assert (first.dtype, first.tolist()) == (np.dtype(np.float64), [0.5, 3.0])
    assert (second.dtype, second.tolist()) == (np.dtype(np.float64), [1.0, 2.5])


def test_an_exception_is_judged_by_its_built_in_class_and_not_by_its_name(zygote, run):
    sandboxed = run(
        zygote,
        "Right = ValueError\nclass Odd(Right): pass\nclass ValueError(KeyError): pass\n"
        "def right(): raise Odd\ndef wrong(): raise ValueError\ndef plain(): raise Right\n",
    )
    told = [
        (one.kind, one.base, one.built_in) for one in (call(sandboxed, name) for name in ("right", "wrong", "plain"))
    ]
    assert told == [
        ("Odd", "ValueError", "ValueError"),
        ("ValueError", "KeyError", "KeyError"),
        ("ValueError", "", "ValueError"),
    ]


def test_a_generator_crosses_as_its_state(zygote, run):
    sandboxed = run(zygote, "def draw(rng):\n    return rng.random(3)\n")
    ours = np.random.default_rng(5)
    assert call(sandboxed, "draw", ours).value.tolist() == np.random.default_rng(5).random(3).tolist()
    assert ours.random() == np.random.default_rng(5).random()


def test_a_value_that_is_not_plain_data_comes_as_a_handle_and_can_be_passed_back(zygote, run):
    sandboxed = run(zygote, "def make():\n    return {1, 2}\n\ndef count(held):\n    return len(held)\n")
    held = call(sandboxed, "make").value
    assert held.description == "an object of type set"
    assert call(sandboxed, "count", held).value == 2


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("yield 1", "an object of type generator"),
        ("import numpy as np\n    return np.array([None])", "an array of shape (1,) and dtype object"),
        ("import numpy as np\n    return np.zeros((9000, 1000))", "an array of shape (9000, 1000) and dtype float64 (69 MiB, more than a reply may hold)"),
        ("return give", "the function give"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_sent_is_described(namespaces, run, body, description):
    value = call(run(namespaces, f"def give():\n    {body}\n"), "give").value
    assert isinstance(value, Foreign)
    assert value.description == description


def test_an_exception_names_the_learners_line(zygote, run):
    answer = call(
        run(zygote, "def f(x):\n    y = x\n    return g(y)\n\n\ndef g(y):\n    return y[7]\n"), "f", np.zeros(3)
    )
    assert (answer.kind, answer.message) == ("IndexError", "index 7 is out of bounds for axis 0 with size 3")
    assert [(line.number, line.function) for line in answer.lines] == [(3, "f"), (7, "g")]


def test_an_exception_that_cannot_print_itself(namespaces, run):
    source = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n\ndef f():\n    raise Odd\n"
    assert call(run(namespaces, source), "f") == Raised(
        "Odd", "(its message cannot be shown)", call(run(namespaces, source), "f").lines, base="Exception"
    )


def test_exit_is_an_exception_like_others(namespaces, run):
    answer = call(run(namespaces, "import sys\ndef f():\n    sys.exit(0)\n"), "f")
    assert (answer.kind, answer.message) == ("SystemExit", "it called exit(0)")


def test_a_missing_function(namespaces, run):
    sandboxed = run(namespaces, DOUBLE + "\n\ndef triple(x): ...\ndel triple\n")
    assert call(sandboxed, "triple", 1) == Raised(
        "AttributeError", "toy.py does not define triple", because=Reason.NOT_DEFINED
    )


def test_prints_are_captured_and_cut(zygote, run):
    sandboxed = run(
        zygote,
        "import sys\ndef f():\n    print('seen')\n    print('odd', file=sys.stderr)\n    print('x' * 100_000)\n    return 1\n",
    )
    assert call(sandboxed, "f").value == 1
    sandboxed.close()
    captured = sandboxed.captured
    assert captured.stdout.startswith("seen\nxxx")
    assert len(captured.stdout) == LIMITS.output_bytes
    assert captured.stderr == "odd\n"
    assert captured.truncated


def test_a_quiet_submission_captures_nothing(namespaces, run):
    sandboxed = run(namespaces, DOUBLE)
    sandboxed.close()
    assert sandboxed.captured == Captured("", "", False)


STOPS = {
    "spins": ("while True:\n        pass", Reason.TIMED_OUT, "f took longer than 1 seconds and was stopped"),
    "sleeps": ("import time\n    time.sleep(100)", Reason.TIMED_OUT, "f took longer than 1 seconds and was stopped"),
    "exits": ("import os\n    os._exit(0)", Reason.EXITED, "f ended the whole process (exit code 0)"),
    "crashes": ("import ctypes\n    ctypes.string_at(0)", Reason.DIED, "f crashed the whole process (segmentation fault)"),
    "prints without end": ("while True:\n        print('x' * 5000)", Reason.TIMED_OUT, "f took longer than 1 seconds and was stopped"),
    "writes into the channel": ("import os\n    os.write(3, b'HTTP/1.1 200 OK\\r\\n' * 9)", Reason.INVALID_ANSWER, "f was stopped: it wrote something into the grader's channel that is not an answer"),
    "closes the channel": ("import os\n    os.close(3)", Reason.EXITED, "f ended the whole process (exit code 70)"),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPS)
def test_a_stop_costs_its_function_only(zygote, run, name, monkeypatch):
    monkeypatch.setattr(connection, "MOST_SECONDS", 0.0)  # the wait for a processor counts here, as the clock does
    body, reason, detail = STOPS[name]
    sandboxed = run(zygote, f"def f():\n    {body}\n\n{DOUBLE}")
    started = time.monotonic()
    answer = call(sandboxed, "f")
    assert time.monotonic() - started < 3
    assert answer == Stopped(reason, detail)
    assert call(sandboxed, "double", 4).value == 8


def test_the_same_array_twice_in_an_answer(zygote, run):
    source = "def twice(x):\n    y = x * 2\n    return y, y, [y], y.T\n"
    first, second, (third,), turned = call(run(zygote, source), "twice", np.ones((2, 3))).value
    assert first.tolist() == second.tolist() == third.tolist() == turned.T.tolist() == [[2.0] * 3] * 2
    first[0] = 9
    assert second[0, 0] == 2


def test_all_answers_of_a_submission_together_are_limited(namespaces, run):
    source = f"import numpy as np\ndef large():\n    return np.ones(2**17)\n\n{DOUBLE}"
    sandboxed = run(namespaces, source, Limits(all_replies_bytes=3 * 2**20))
    answers = [call(sandboxed, "large") for _ in range(4)]
    detail = "large was stopped: all answers of the file together exceed 3 MiB"
    assert [isinstance(one, Returned) for one in answers] == [True, True, False, False]
    assert answers[2:] == [Stopped(Reason.OVER_BUDGET, detail)] * 2
    assert call(sandboxed, "double", 1) == answers[3]


def test_a_fresh_child_does_not_renew_the_budget_of_answers(namespaces, run):
    source = "import os\nimport numpy as np\ndef large():\n    return np.ones(2**18)\n\ndef end():\n    os._exit(0)\n"
    sandboxed = run(namespaces, source, Limits(all_replies_bytes=3 * 2**20))
    assert isinstance(call(sandboxed, "large"), Returned)
    assert call(sandboxed, "end").reason is Reason.EXITED
    assert call(sandboxed, "large").reason is Reason.OVER_BUDGET


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("[0] * 30_000", "a list of length 30,000, more than a reply may hold"),
        ("['x' * 9_000] * 100", None),
        ("2**70", "an integer beyond 64 bits"),
        ("np.random.default_rng(0)", "an object of type Generator"),
        ("'\\ud800'", "a text that is not valid Unicode"),
        ("{1: 2}", "a dict with keys that are not text"),
        ("dict.fromkeys(map(str, range(30_000)))", "a dict of length 30,000, more than a reply may hold"),
        ("np.zeros((0, 2**40))", "an array of shape (0, 1099511627776) and dtype float64"),
    ],
)
def test_an_honest_answer_beyond_the_bounds_stays_in_the_child(namespaces, run, body, description):
    value = call(run(namespaces, f"import numpy as np\ndef give():\n    return {body}\n"), "give").value
    if description is None:
        assert [type(part) for part in value] == [str] * 22 + [Foreign] * 78
    else:
        assert isinstance(value, Foreign)
        assert value.description == description


def test_an_argument_that_cannot_be_sent_is_not_the_learners_fault(namespaces, run):
    with pytest.raises(UnsendableError):
        call(run(namespaces, DOUBLE), "double", 2**63)


def test_a_message_shows_no_address(namespaces, run):
    answer = call(run(namespaces, "def f(x):\n    raise ValueError(f'no {f} and {object()}')\n"), "f", 1)
    assert answer.message == "no <function f> and <object object>"


def test_a_function_that_was_stopped_twice_is_not_called_again(namespaces, run):
    sandboxed = run(namespaces, f"import os\ndef f():\n    os._exit(1)\n\n{DOUBLE}")
    assert [call(sandboxed, "f").reason for _ in range(3)] == [Reason.EXITED, Reason.EXITED, Reason.OVER_BUDGET]
    assert call(sandboxed, "f").detail == "f had to be stopped 2 times already and was not called again"
    assert call(sandboxed, "double", 4).value == 8


def test_the_budget_of_a_submission_ends_all_its_calls(namespaces, run):
    sandboxed = run(namespaces, DOUBLE, Limits(submission_seconds=0.0))
    answer = call(sandboxed, "double", 1)
    assert answer.reason is Reason.OVER_BUDGET
    assert answer.detail == "the whole file had used its 0 seconds before this call"


def test_memory_is_limited_and_the_process_survives(zygote, run):
    sandboxed = run(zygote, f"import numpy as np\ndef f():\n    return np.ones(2**29).sum()\n\n{DOUBLE}")
    assert call(sandboxed, "f").kind == "MemoryError"
    assert call(sandboxed, "double", 4).value == 8


def test_processor_time_is_limited(namespaces, run):
    limits = Limits(call_seconds=6.0, cpu_seconds=1)
    answer = call(run(namespaces, "def f():\n    while True:\n        pass\n", limits), "f")
    assert answer == Stopped(Reason.OUT_OF_CPU_TIME, "f used more than 1 seconds of processor time")


def test_an_answer_ahead_of_time_is_refused(zygote, run):
    source = (
        "import os, struct, json\n"
        "def f():\n"
        "    text = json.dumps({'ending': 'returned', 'nonce': 0, 'value': 1, 'arrays': []}).encode()\n"
        "    frame = struct.pack('<4sIQ', b'CNG1', len(text), 0) + text\n"
        "    os.write(3, frame * 2)\n"
        "    return 1\n"
    )
    answer = call(run(zygote, source), "f")
    assert answer == Stopped(Reason.INVALID_ANSWER, "f was stopped: it answered a call before it was made")


def test_loading(namespaces, run):
    broken = run(namespaces, "x = 1\nraise ValueError('no')\ndef f():\n    pass\n")
    answer = call(broken, "f")
    assert (answer.kind, answer.message, answer.lines[-1].number) == ("ValueError", "no", 2)
    spinning = run(namespaces, "while True:\n    pass\ndef f():\n    pass\n")
    assert call(spinning, "f") == Stopped(Reason.TIMED_OUT, "loading toy.py took longer than 1 seconds and was stopped")


LOOKS = """
import os

def attempt(what):
    try:
        return what()
    except BaseException as error:
        return type(error).__name__

def write(path):
    with open(path, "w") as file:
        file.write("x")
    return "written"

def thread():
    import threading
    threading.Thread(target=print).start()
    return "started"

def connect():
    import socket
    return str(socket.socket())

def shared():
    import mmap
    return str(mmap.mmap(-1, 4096))

def scratch_full():
    written = 0
    try:
        for i in range(1000):
            with open(f"{os.environ['HOME']}/{i}", "wb") as file:
                written += file.write(bytes(2**20))
    except OSError:
        return written
    return "no end"

def look():
    return {
        "user": os.getuid(),
        "environment": sorted(os.environ),
        "proc": attempt(lambda: os.listdir("/proc")),
        "root": attempt(lambda: sorted(os.listdir("/"))),
        "home": attempt(lambda: os.listdir("/root")),
        "packages": attempt(lambda: sorted(os.listdir("/python/packages"))),
        "descriptors": [n for n in range(20) if attempt(lambda: os.fstat(n)) not in ("OSError",)],
        "fork": attempt(os.fork),
        "thread": attempt(thread),
        "network": attempt(connect),
        "shared": attempt(shared),
        "memfd": attempt(lambda: os.memfd_create("x")),
        "ptrace": attempt(lambda: __import__("ctypes").CDLL(None).ptrace(0, 0, 0, 0)),
        "mount": attempt(lambda: __import__("ctypes").CDLL(None).mount(b"none", b"/", b"tmpfs", 0, b"")),
        "unshare": attempt(lambda: __import__("ctypes").CDLL(None).unshare(0x10000000)),
        "kill": attempt(lambda: os.kill(1, 9)),
        "run": attempt(lambda: os.execv("/python/bin/python3", ["python3"])),
        "/x": attempt(lambda: write("/x")),
        "/dev/x": attempt(lambda: write("/dev/x")),
        "/boundary/x": attempt(lambda: write("/boundary/x")),
        "/proc/x": attempt(lambda: write("/proc/x")),
        "scratch": attempt(scratch_full),
        "setuid": attempt(lambda: os.setuid(0)),
    }
"""


def test_the_view_from_inside_the_sandbox(namespaces, run):
    answer = call(run(namespaces, LOOKS), "look")
    assert isinstance(answer, Returned)
    seen = answer.value
    assert seen.pop("user") in (os.getuid() or 65534, 65534)
    assert {name for name in seen.pop("environment") if not name.startswith("OPENBLAS_")} == {
        "HOME", "LC_ALL", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "PWD", "PYTHONHASHSEED", "PYTHONHOME", "TMPDIR"
    }  # fmt: skip
    root = set(seen.pop("root"))
    assert root - {"lib32", "lib64"} == {
        "boundary", "dev", "etc", "lib", "proc", "python", "scratch", "tmp", "usr"
    }  # fmt: skip
    assert seen.pop("packages") == ["numpy", "numpy.libs"]
    written = seen.pop("scratch")
    assert 0 < written <= LIMITS.scratch_bytes
    assert seen == {
        "proc": [],
        "home": "FileNotFoundError",
        "descriptors": [0, 1, 2, 3],
        "fork": "PermissionError",
        "thread": "RuntimeError",
        "network": "PermissionError",
        "shared": "PermissionError",
        "memfd": "PermissionError",
        "ptrace": -1,
        "mount": -1,
        "unshare": -1,
        "kill": "PermissionError",
        "run": "PermissionError",
        "/x": "OSError",
        "/dev/x": "OSError",
        "/boundary/x": "OSError",
        "/proc/x": "OSError",
        "setuid": "PermissionError",
    }


def test_a_child_finds_nothing_of_the_one_before(namespaces, run):
    first = run(
        namespaces,
        "import os\nimport numpy as np\ndef f():\n    np.left = 'here'\n    open(os.environ['HOME'] + '/left', 'w').close()\n    return os.listdir(os.environ['HOME'])\n",
    )
    assert sorted(call(first, "f").value) == ["left", "toy.py"]
    second = run(
        namespaces,
        "import os\nimport numpy as np\ndef f():\n    return [hasattr(np, 'left'), os.listdir(os.environ['HOME'])]\n",
    )
    assert call(second, "f").value == [False, ["toy.py"]]


def test_a_child_that_stops_itself_continues(namespaces, run):
    """Process 1 of a PID namespace cannot be stopped from inside it."""
    answer = call(
        run(namespaces, "import signal\ndef f():\n    signal.raise_signal(signal.SIGSTOP)\n    return 'continued'\n"),
        "f",
    )
    assert answer.value == "continued"


def test_nothing_is_left_when_children_end(namespaces, run):
    before = len(descendants(os.getpid()))
    for source in ("def f():\n    return 1\n", "def f():\n    while True:\n        pass\n"):
        sandboxed = run(namespaces, source)
        call(sandboxed, "f")
        sandboxed.close()
    deadline = time.monotonic() + 5
    while len(descendants(os.getpid())) > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(descendants(os.getpid())) <= before


def test_no_scratch_of_a_plain_process_is_left(zygote, run):
    if zygote.isolation is not Isolation.PROCESS:
        pytest.skip("with namespaces the scratch is a tmpfs that ends with its child")
    sandboxed = run(zygote, "import os\ndef f():\n    open('left', 'w').close()\n    return os.getcwd()\n")
    folder = call(sandboxed, "f").value
    assert os.path.isdir(folder)
    sandboxed.close()
    assert not os.path.exists(folder)
