"""The system call filter of a child: it allows what NumPy needs and answers EPERM to everything else.

A submission must not be able to send a message to another one that is graded at the same time. The children share the
processor, the clock, and the read-only files of the interpreter. So the filter refuses the calls that turn these into a
channel: file locks, leases and notifications, futexes in shared pages, questions about the page cache (mincore,
fadvise, the counters of getrusage), and questions about the machine's free memory (sysinfo, statfs). Timing remains.
"""

from __future__ import annotations

import errno
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter

ALLOWED = (
    # files; mounts and the limit of file sizes restrict these further
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "open", "openat", "close",
    "dup", "dup2", "dup3", "fstat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "chdir", "mkdir", "mkdirat", "rmdir",
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "ftruncate", "umask", "pipe2",
    # memory; mmap and madvise by their arguments, below
    "brk", "munmap", "mprotect",
    # time and waiting
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
    "poll", "ppoll", "select", "pselect6", "restart_syscall", "sched_yield", "getitimer", "setitimer", "alarm",
    # locks and signals within the process; futex by its arguments, below
    "set_robust_list", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "rt_sigpending",
    # who and where it is
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "uname",
    "getrandom", "sched_getaffinity", "getcpu", "getrlimit", "exit", "exit_group",
)  # fmt: skip

FOR_THREADS = (
    "sched_get_priority_max", "sched_get_priority_min", "eventfd2", "epoll_create1", "epoll_ctl", "epoll_wait",
    "set_tid_address", "sched_getparam", "sched_getscheduler",
)  # fmt: skip

# The numbers of Linux' uapi headers: fcntl.h, mman.h, sched.h, futex.h and ioctls.h.
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
O_ASYNC, O_NOATIME = 0x2000, 0x40000
UNSET_FLAGS = O_ASYNC | O_NOATIME
"""Flags that F_SETFL may not set: one sends signals to other processes, one reads without a trace."""
MADVICE = (0, 1, 2, 4, 8, 14, 15, 16, 17)
"""NORMAL, RANDOM, SEQUENTIAL, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP: what allocators need. Advice that
fetches pages of files, drops them or merges equal ones is refused."""

CLONE_THREAD = 0x00010000
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
MAP_TYPE = 0x0F
MAP_PRIVATE = 0x02
MAP_GROWSDOWN = 0x0100  # counted as stack, not as data: RLIMIT_DATA does not see it
MAP_LOCKED = 0x2000
MAP_HUGETLB = 0x40000  # from a pool that all processes share
FIOCLEX = 0x5451
FUTEX_PRIVATE_FLAG = 0x80
FUTEX_WAIT = 0
FUTEX_WAIT_BITSET = 9


def filter_program(threads: bool = False, signals: bool = True) -> bytes:
    """Return the filter as a BPF program, built by libseccomp. Raises OSError if the library is not installed.

    With `threads`, a process may start threads, and still no other process. With `signals`, it may send signals. Allow
    that only if no process of the grader can receive them.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise OSError(errno.ENOENT, f"libseccomp cannot be loaded: {error}") from None
    syscall_filter = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in (*ALLOWED, *(FOR_THREADS if threads else ()), *(("tgkill",) if signals else ())):
        try:
            syscall_filter.add_rule(pyseccomp.ALLOW, name)
        except (OSError, ValueError):
            continue  # an older call that this processor does not have
    _allow_by_arguments(syscall_filter, threads)
    with tempfile.TemporaryFile() as file:
        syscall_filter.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow_by_arguments(syscall_filter: SyscallFilter, threads: bool) -> None:
    """Add the rules for calls of which only some uses are allowed."""
    import pyseccomp

    def masked(number: int, mask: int, value: int) -> Any:
        return pyseccomp.Arg(number, pyseccomp.MASKED_EQ, mask, value)

    def equal(number: int, value: int) -> Any:
        return pyseccomp.Arg(number, pyseccomp.EQ, value)

    refused = MAP_GROWSDOWN | MAP_LOCKED | MAP_HUGETLB
    syscall_filter.add_rule(pyseccomp.ALLOW, "mmap", masked(3, MAP_TYPE | refused, MAP_PRIVATE))
    for advice in MADVICE:
        syscall_filter.add_rule(pyseccomp.ALLOW, "madvise", equal(2, advice))
    for command in (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC):
        syscall_filter.add_rule(pyseccomp.ALLOW, "fcntl", equal(1, command))
    syscall_filter.add_rule(pyseccomp.ALLOW, "fcntl", equal(1, F_SETFL), masked(2, UNSET_FLAGS, 0))
    # The scratch needs no disk, and fsync on a shared file would keep the disk busy for everybody.
    for name in ("fsync", "fdatasync"):
        syscall_filter.add_rule(pyseccomp.ERRNO(0), name)
    # Python sets close-on-exec with this call on a file from an opener, as in tempfile. Keras saves models in that way.
    syscall_filter.add_rule(pyseccomp.ALLOW, "ioctl", equal(1, FIOCLEX))
    # The kernel finds a futex that is not private by its file and page: two submissions could wait for each other in
    # the pages of libc. pthread_join waits for the end of a thread with such a futex; with EAGAIN it polls instead.
    syscall_filter.add_rule(pyseccomp.ALLOW, "futex", masked(1, FUTEX_PRIVATE_FLAG, FUTEX_PRIVATE_FLAG))
    for wait in (FUTEX_WAIT, FUTEX_WAIT_BITSET):
        syscall_filter.add_rule(pyseccomp.ERRNO(errno.EAGAIN), "futex", masked(1, 0x7F | FUTEX_PRIVATE_FLAG, wait))
    if threads:
        syscall_filter.add_rule(pyseccomp.ALLOW, "clone", masked(0, CLONE_THREAD | NEW_NAMESPACES, CLONE_THREAD))
    else:
        # Only RLIMIT_AS counts what mremap adds: a page of the stack that has moved is not data.
        syscall_filter.add_rule(pyseccomp.ALLOW, "mremap")
    # The filter cannot read the arguments of clone3. If the call does not exist, the C library uses clone.
    syscall_filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
