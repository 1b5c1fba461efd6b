"""The system call filter of a child: what NumPy needs, and EPERM for everything else."""

from __future__ import annotations

import errno
import tempfile

ALLOWED = (
    # files, below what the mounts and the file size limit leave
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "open", "openat", "close",
    "dup", "dup2", "dup3", "fcntl", "fstat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "chdir", "mkdir", "mkdirat", "rmdir",
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "ftruncate", "fsync", "fdatasync", "umask",
    "pipe2", "fadvise64", "statfs", "fstatfs",
    # memory, private mappings only (see below)
    "brk", "munmap", "mremap", "mprotect", "madvise", "mincore", "membarrier",
    # time and waiting
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times",
    "getrusage", "poll", "ppoll", "select", "pselect6", "restart_syscall", "sched_yield", "getitimer",
    "setitimer", "alarm",
    # locks and signals within the process
    "futex", "set_robust_list", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",
    "rt_sigpending", "tgkill",
    # who and where it is
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "uname", "sysinfo",
    "getrandom", "sched_getaffinity", "getcpu", "getrlimit", "exit", "exit_group",
)  # fmt: skip

FOR_THREADS = (
    "sched_setaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
    "get_mempolicy", "eventfd2", "epoll_create1", "epoll_ctl", "epoll_wait", "gettid", "set_tid_address",
)  # fmt: skip

CLONE_THREAD = 0x00010000
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
MAP_TYPE = 0x0F
MAP_PRIVATE = 0x02
FIOCLEX = 0x5451  # asm-generic/ioctls.h


def filter_program(threads: bool = False) -> bytes:
    """The filter as a BPF program, built by libseccomp; raises OSError where the library is not installed.

    With `threads`, a process may start threads, and still no other process.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise OSError(errno.ENOENT, f"libseccomp cannot be loaded: {error}") from None
    syscall_filter = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in (*ALLOWED, *(FOR_THREADS if threads else ())):
        try:
            syscall_filter.add_rule(pyseccomp.ALLOW, name)
        except (OSError, ValueError):
            continue  # an older call that this processor's table has not
    syscall_filter.add_rule(pyseccomp.ALLOW, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_TYPE, MAP_PRIVATE))
    # How Python closes a file on exec that an opener gave, which tempfile does: else no Keras model can be saved.
    syscall_filter.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, FIOCLEX))
    if threads:
        only_threads = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD | NEW_NAMESPACES, CLONE_THREAD)
        syscall_filter.add_rule(pyseccomp.ALLOW, "clone", only_threads)
    # Unknown to the filter's author, known to the C library, which falls back when the call does not exist.
    syscall_filter.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        syscall_filter.export_bpf(file)
        file.seek(0)
        return file.read()
