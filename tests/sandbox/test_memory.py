"""Every way to allocate memory ends at a limit, in each flavour.

The address space of a NumPy child is limited. TensorFlow reserves more than it uses, so its data is limited, and its
address space at twice as much: RLIMIT_DATA counts neither stacks nor what was made read-only after it was filled.
"""

import os
import platform
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox import Isolation, Returned, Zygote
from grader.sandbox.inside.keeper import RESERVED_TIMES
from tests.needs import needs_installed

from .conftest import LIMITS, descendants

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the numbers are those of Linux on x86-64"
)

MIB = 2**20
MEMORY = 256 * MIB
SLACK = 64 * MIB  # memory that an allocator keeps, and the program itself

PROGRAM = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = libc.mremap.restype = libc.sbrk.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.mlock.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.sbrk.argtypes = [ctypes.c_long]
FAILED, STEP, END = 2**64 - 1, 16 * 2**20, 4 * 2**30
NONE, READ, WRITE, PRIVATE, ANONYMOUS = 0, 1, 3, 2, 0x20

def _mapped(flags=0, protection=WRITE, descriptor=-1, size=STEP):
    flags |= PRIVATE if descriptor >= 0 else PRIVATE | ANONYMOUS
    place = libc.mmap(None, size, protection, flags, descriptor, 0)
    return None if place == FAILED else place

def _protected(place, protection, size=STEP):
    return None if place is None or libc.mprotect(place, size, protection) else place

def _filled(place, size=STEP):
    for offset in range(0, size, 4096) if place is not None else ():
        ctypes.memset(place + offset, 1, 1)
    return place

def _until_refused(make):
    got = 0
    while got < END and make() is not None:
        got += STEP
    return got

def anonymous(): return _until_refused(lambda: _filled(_mapped()))
def stack(): return _until_refused(lambda: _mapped(0x20000))
def not_reserved(): return _until_refused(lambda: _mapped(0x4000))
def grows_down(): return _until_refused(lambda: _mapped(0x100))
def huge_pages(): return _until_refused(lambda: _mapped(0x40000))
def locked(): return _until_refused(lambda: _mapped(0x2000))
def droppable(): return _until_refused(lambda: None if libc.mmap(None, STEP, WRITE, 0x28, -1, 0) == FAILED else 1)
def shared(): return _until_refused(lambda: None if libc.mmap(None, STEP, WRITE, 0x21, -1, 0) == FAILED else 1)
def made_writable(): return _until_refused(lambda: _protected(_mapped(protection=NONE), WRITE))
def made_read_only(): return _until_refused(lambda: _protected(_filled(_mapped()), READ))
def never_written(): return _until_refused(lambda: _mapped(protection=READ))

def device():
    descriptor = os.open("/dev/zero", os.O_RDONLY)
    return _until_refused(lambda: _mapped(descriptor=descriptor))

def scratch_file():
    descriptor = os.open("file", os.O_RDWR | os.O_CREAT)
    os.ftruncate(descriptor, STEP)
    return _until_refused(lambda: _mapped(descriptor=descriptor))

def remapped():
    place, size = _mapped(size=4096), 4096
    while size < END:
        grown = libc.mremap(place, size, max(STEP, 2 * size), 1)
        if grown == FAILED:
            return size
        place, size = grown, max(STEP, 2 * size)
    return size

def stack_moved():
    words = ctypes.c_void_p.in_dll(libc, "environ").value
    page, got = ctypes.c_void_p.from_address(words).value & -4096, 0
    while got < END and libc.mremap(page, 0x1000, STEP, 1 | 4) != FAILED:
        got += STEP
    return got

def heap(): return _until_refused(lambda: None if libc.sbrk(STEP) == FAILED else 1)

def mlocked():
    place = _mapped()
    return 0 if libc.mlock(place, STEP) else STEP

def in_memory_file():
    try:
        return os.memfd_create("x") and STEP
    except OSError:
        return 0

def system_v():
    return 0 if libc.shmget(0, STEP, 0o1600) < 0 else STEP

def posix_shared():
    try:
        return os.open("/dev/shm/grade", os.O_CREAT | os.O_RDWR) and STEP
    except OSError:
        return 0

def scratch_full():
    written = 0
    try:
        for number in range(64):
            with open(f"full{number}", "wb") as file:
                for _ in range(8):
                    written += file.write(bytes(2**20))
    except OSError:
        return written
    return END

def thread_stacks():
    import threading, time
    threading.stack_size(STEP)
    def begin():
        try:
            threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        except (RuntimeError, MemoryError):
            return None
        return 1
    return _until_refused(begin)
"""

COUNTED = (
    "anonymous", "stack", "not_reserved", "made_writable", "device", "scratch_file", "remapped", "heap",
)  # fmt: skip
"""Kinds of memory that count as data. A NumPy child has a limit for its address space instead."""
COUNTED_AS_SPACE = ("made_read_only", "never_written", "thread_stacks")
REFUSED = (
    "grows_down", "huge_pages", "locked", "droppable", "shared", "mlocked", "in_memory_file", "system_v",
    "posix_shared",
)  # fmt: skip


@pytest.fixture(scope="module", params=[("numpy", one) for one in Isolation] + [("keras", one) for one in Isolation])
def limited(request):
    """A zygote of each flavour in each isolation, and the limits of its children."""
    flavour, isolation = request.param
    if flavour == "keras":
        needs_installed("tensorflow", "imported before a limit is set")
    with Zygote(flavour, isolation) as zygote:
        yield zygote, replace(LIMITS, memory_bytes=MEMORY, call_seconds=10.0, submission_seconds=60.0)


def got(limited, run, kind):
    zygote, limits = limited
    answer = run(zygote, PROGRAM, limits).call(kind, (), {})
    assert isinstance(answer, Returned), answer
    return answer.value


@pytest.mark.parametrize("kind", COUNTED)
def test_writable_memory_is_limited(limited, run, kind):
    assert 0 < got(limited, run, kind) <= MEMORY + SLACK


@pytest.mark.parametrize("kind", COUNTED_AS_SPACE)
def test_memory_that_does_not_count_as_data_is_limited_as_address_space(limited, run, kind):
    zygote, _ = limited
    got_bytes = got(limited, run, kind)
    assert got_bytes <= RESERVED_TIMES * MEMORY + SLACK
    assert got_bytes or (kind == "thread_stacks" and not zygote.flavour.uses_keras)  # NumPy's children start no threads


@pytest.mark.parametrize("kind", REFUSED)
def test_other_memory_is_refused(limited, run, kind):
    assert got(limited, run, kind) == 0


def test_a_stack_that_has_moved_is_limited(limited, run):
    zygote, _ = limited
    room = 0 if zygote.flavour.uses_keras else MEMORY + SLACK
    assert got(limited, run, "stack_moved") <= room


def test_the_scratch_is_limited(limited, run):
    zygote, limits = limited
    if zygote.isolation is Isolation.PROCESS:
        pytest.skip("a plain process writes to a folder on the disk, where only the size of each file is limited")
    assert 0 < got(limited, run, "scratch_full") <= limits.scratch_bytes


def test_the_main_stack_is_limited(limited, run):
    zygote, limits = limited
    before = set(descendants(os.getpid()))
    run(zygote, "def f():\n    pass\n", limits)
    (child,) = set(descendants(os.getpid())) - before
    lines = Path(f"/proc/{child}/limits").read_text().splitlines()
    assert next(line.split()[3:5] for line in lines if "stack" in line) == [str(8 * MIB)] * 2
