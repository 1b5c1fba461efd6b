"""Submissions that are graded at the same time share files and processors. No system call carries a message."""

import errno
import platform
import sys
import threading

import pytest

from grader.sandbox import Returned

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the numbers are those of Linux on x86-64"
)

PROGRAM = '''
import ctypes, os, time
import numpy
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.syscall.restype = ctypes.c_long
libc.syscall.argtypes = [ctypes.c_long] + [ctypes.c_void_p] * 6
room = ctypes.create_string_buffer(4096)
shared = os.open(numpy.__file__, os.O_RDONLY)
page = libc.mmap(None, 4096, 1, 2, shared, 0)
own = libc.mmap(None, 4096, 3, 0x22, -1, 0)

def ask(number, *arguments):
    """The error number of a system call; 0 if it was allowed."""
    words = [int(one) if not isinstance(one, ctypes.Array) else ctypes.addressof(one) for one in arguments]
    done = libc.syscall(number, *words, *[0] * (6 - len(words)))
    return ctypes.get_errno() if done < 0 else 0

def control(command, argument=0):
    return ask(72, shared, command, argument if isinstance(argument, int) else room)

def lock():
    """A lock for reading on the whole file."""
    return control(6, "room")

def wake():
    """The number of neighbours that waited."""
    end = time.monotonic() + 0.5
    woken = 0
    while time.monotonic() < end and woken <= 0:
        woken = libc.syscall(202, page, 1, 1, 0, 0, 0)
    return woken

def wait():
    now = ctypes.c_uint32.from_address(page).value
    seconds = (ctypes.c_long * 2)(1, 0)
    return libc.syscall(202, page, 0, now, ctypes.addressof(seconds), 0, 0)
'''

EPERM = errno.EPERM
ASKED = {
    "F_GETLK": ("control", 5, "room"),
    "F_SETLK": ("control", 6, "room"),
    "F_SETLKW": ("control", 7, "room"),
    "F_SETOWN": ("control", 8, 1),
    "F_GETOWN": ("control", 9),
    "F_SETSIG": ("control", 10, 9),
    "F_GETSIG": ("control", 11),
    "F_SETOWN_EX": ("control", 15, "room"),
    "F_OFD_GETLK": ("control", 36, "room"),
    "F_OFD_SETLK": ("control", 37, "room"),
    "F_OFD_SETLKW": ("control", 38, "room"),
    "F_SETLEASE": ("control", 1024, 0),
    "F_GETLEASE": ("control", 1025),
    "F_NOTIFY": ("control", 1026, 1),
    "F_SETPIPE_SZ": ("control", 1031, 1 << 20),
    "F_GETPIPE_SZ": ("control", 1032),
    "F_ADD_SEALS": ("control", 1033, 0),
    "F_GET_SEALS": ("control", 1034),
    "F_GET_RW_HINT": ("control", 1035, "room"),
    "F_SET_RW_HINT": ("control", 1036, "room"),
    "F_SETFL O_ASYNC": ("control", 4, 0x2000),
    "F_SETFL O_NOATIME": ("control", 4, 0x40000),
    "flock": ("ask", 73, 3, 2),
    "inotify_init1": ("ask", 294, 0),
    "inotify_add_watch": ("ask", 254, 3, 0, 2),
    "fanotify_init": ("ask", 300, 0, 0),
    "mincore": ("ask", 27, 0, 4096, 0),
    "readahead": ("ask", 187, 3, 0, 4096),
    "fadvise64": ("ask", 221, 3, 0, 0, 4),
    "preadv2": ("ask", 327, 3, 0, 0, 0, 0, 8),
    "cachestat": ("ask", 451, 3, 0, 0, 0),
    "utimensat": ("ask", 280, 3, 0, 0, 0),
    "getrusage": ("ask", 98, 0, 0),
    "sysinfo": ("ask", 99, 0),
    "statfs": ("ask", 137, 0, 0),
    "fstatfs": ("ask", 138, 3, 0),
    "membarrier": ("ask", 324, 1, 0),
    "socket": ("ask", 41, 1, 1, 0),
    "socketpair": ("ask", 53, 1, 1, 0, 0),
    "add_key": ("ask", 248, 0, 0, 0, 0, 0),
    "keyctl": ("ask", 250, 0, 0, 0),
    "shmget": ("ask", 29, 5, 4096, 0o1666),
    "semget": ("ask", 64, 5, 1, 0o1666),
    "msgget": ("ask", 68, 5, 0o1666),
    "mq_open": ("ask", 240, 0, 0x42, 0o666, 0),
    "futex_waitv": ("ask", 449, 0, 1, 0, 0, 0),
    "timer_create": ("ask", 222, 0, 0, 0),
    "sched_setaffinity": ("ask", 203, 0, 8, 0),
    "sched_setscheduler": ("ask", 144, 0, 0, 0),
    "sched_setattr": ("ask", 314, 0, 0, 0),
    "setpriority": ("ask", 141, 0, 0, 5),
    "ioprio_set": ("ask", 251, 1, 0, 0),
    "prlimit64": ("ask", 302, 0, 7, 0, 0),
    "kill": ("ask", 62, 1, 0),
    "rt_sigqueueinfo": ("ask", 129, 1, 0, 0),
    "pidfd_open": ("ask", 434, 1, 0),
    "pidfd_send_signal": ("ask", 424, 3, 0, 0, 0),
    "process_vm_readv": ("ask", 310, 1, 0, 0, 0, 0, 0),
    "memfd_create": ("ask", 319, 0, 0),
    "userfaultfd": ("ask", 323, 1),
    "landlock_create_ruleset": ("ask", 444, 0, 0, 1),
}
ADVICE = {"MADV_WILLNEED": 3, "MADV_MERGEABLE": 12, "MADV_COLD": 20, "MADV_PAGEOUT": 21, "MADV_POPULATE_READ": 22}
NEEDED = {
    "F_DUPFD": (0, 20), "F_GETFD": (1,), "F_SETFD": (2, 1), "F_GETFL": (3,), "F_SETFL": (4, 0x800),
    "F_DUPFD_CLOEXEC": (1030, 20),
}  # fmt: skip


@pytest.fixture
def asking(zygote, run):
    sandboxed = run(zygote, PROGRAM)

    def ask(function, *arguments):
        answer = sandboxed.call(function, arguments, {})
        assert isinstance(answer, Returned), answer
        return answer.value

    return ask


def test_a_call_that_could_carry_a_message_is_refused(asking):
    spoken = {name: asking(function, *arguments) for name, (function, *arguments) in ASKED.items()}
    assert {name: number for name, number in spoken.items() if number != EPERM} == {}


def test_operations_on_descriptors_that_a_program_needs_are_allowed(asking):
    assert {name: asking("control", *arguments) for name, arguments in NEEDED.items()} == dict.fromkeys(NEEDED, 0)


def test_a_file_is_synchronised_without_the_disk(asking):
    assert [asking("ask", number, 999) for number in (74, 75)] == [0, 0]  # there is no descriptor 999


def test_advice_on_memory_reveals_nothing_about_files(zygote, run):
    sandboxed = run(zygote, PROGRAM + "\ndef advise(advice):\n    return ask(28, page, 4096, advice)\n")
    answers = {name: sandboxed.call("advise", (advice,), {}).value for name, advice in ADVICE.items()}
    assert answers == dict.fromkeys(ADVICE, EPERM)
    assert sandboxed.call("advise", (4,), {}).value == 0  # MADV_DONTNEED


def both(zygote, run, first, second):
    """Return the answers of two submissions that are called at the same time."""
    one, two = run(zygote, PROGRAM), run(zygote, PROGRAM)
    heard = {}
    thread = threading.Thread(target=lambda: heard.update(first=one.call(first, (), {}).value))
    thread.start()
    heard["second"] = two.call(second, (), {}).value
    thread.join()
    return heard


def test_no_neighbour_is_woken_in_a_page_of_a_shared_file(zygote, run):
    assert both(zygote, run, "wait", "wake") == {"first": -1, "second": -1}


def test_no_record_of_a_shared_file_is_locked(zygote, run):
    assert both(zygote, run, "lock", "lock") == {"first": EPERM, "second": EPERM}


def test_a_reader_changes_no_access_time(namespaces, run):
    source = "import os\ndef read():\n    open(os.__file__).read()\n\ndef when():\n    return os.stat(os.__file__).st_atime_ns\n"
    reader, watcher = run(namespaces, source), run(namespaces, source)
    before = watcher.call("when", (), {}).value
    reader.call("read", (), {})
    assert watcher.call("when", (), {}).value == before
