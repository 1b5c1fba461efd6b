"""The system calls by which a process confines itself. A step that fails raises OSError.

The numbers are those of Linux' uapi headers: sched.h, mount.h, prctl.h, capability.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import sys

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_REC = 16384
MS_PRIVATE = 1 << 18
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2
SIGKILL = 9

CLONE_NUMBER = {"x86_64": 56, "aarch64": 220}  # the system call's number: asm/unistd_64.h, asm-generic/unistd.h

# Found here, once for all children.
_libc = ctypes.CDLL(None, use_errno=True)
if sys.platform == "linux":
    _capset, _mount, _prctl = _libc.capset, _libc.mount, _libc.prctl
_python = ctypes.pythonapi
_syscall = ctypes.PyDLL(None, use_errno=True).syscall  # with the interpreter's lock held, as around os.fork
_syscall.restype = ctypes.c_long
_syscall.argtypes = [ctypes.c_long] * 6


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def become_nobody(user: int, reads_as_root: bool = False) -> None:
    """Become an unprivileged user for good, from root. The process can still write its own `/proc/self` files.

    With `reads_as_root` it may read everything that root can. Do that only if Landlock limits what it reads.
    """
    os.setgroups([])
    os.setresgid(user, user, user)
    if reads_as_root:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setresuid(user, user, user)
    if reads_as_root:
        _set_capabilities(1 << CAP_DAC_READ_SEARCH)
    if sys.platform == "linux":
        prctl(PR_SET_DUMPABLE, 1)


def fork_into_namespaces() -> int:
    """Fork into new user, PID, mount and IPC namespaces. Return 0 in the child, which is process 1 there, else its PID.

    One clone(2) is enough; `unshare` would need a second fork. It bypasses the fork of the C library, whose extra work
    is for programs with threads, and the zygote has no threads. Python's own state is renewed as in `os.fork`.
    """
    flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | signal.SIGCHLD
    clone = CLONE_NUMBER.get(os.uname().machine)
    if clone is None:
        raise OSError(errno.ENOSYS, "the number of clone is unknown for this processor")
    _python.PyOS_BeforeFork()
    pid = int(_syscall(clone, flags, 0, 0, 0, 0))
    number = ctypes.get_errno()
    if pid == 0:
        _python.PyOS_AfterFork_Child()
        return 0
    _python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def try_namespaces() -> None:
    """Make the namespaces of a child, with a process in them that ends at once. Raises OSError."""
    pid = fork_into_namespaces()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def map_user(user: int, group: int) -> None:
    """Map one user and one group into our new user namespace: those that we are outside."""
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def own_scratch(folder: str, size_bytes: int, knows_itself: bool) -> None:
    """Mount a private tmpfs on `folder` and an empty read-only one over `/proc`. Nobody outside sees them.

    With `knows_itself`, `/proc/self` names a program: TensorFlow does not start without it.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE, "")
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    if not knows_itself:
        mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | flags, "size=4k,nr_inodes=2")
    else:
        mount("tmpfs", "/proc", "tmpfs", flags, "size=4k,nr_inodes=4")
        os.mkdir("/proc/self")
        os.symlink(sys.executable, "/proc/self/exe")
        with open("/proc/self/cmdline", "wb") as file:
            file.write(b"python3\0")
        mount("none", "/proc", None, MS_REMOUNT | MS_RDONLY | flags, "")
    options = f"size={size_bytes},nr_inodes=256,mode=700"
    mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)


def die_with_parent() -> None:
    """Make the kernel kill this process when its parent ends."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)


def limit_resources(limits: dict[str, int]) -> None:
    """Set limits by their names in the module `resource`. A limit that the system does not have is left out."""
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (ceiling, ceiling))
        except (OSError, ValueError):
            if sys.platform == "linux":
                raise


def address_space_bytes() -> int:
    """Return the size of our address space now; Linux only."""
    return _memory_pages()[0] * resource.getpagesize()


def data_bytes() -> int:
    """Return the size of our private writable memory now; Linux only."""
    return _memory_pages()[5] * resource.getpagesize()


def _memory_pages() -> list[int]:
    """Return the numbers of proc_pid_statm(5)."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return [int(word) for word in os.read(descriptor, 256).split()]
    finally:
        os.close(descriptor)


def drop_capabilities() -> None:
    """Empty the effective, permitted and inheritable sets."""
    _set_capabilities(0)


def _set_capabilities(kept: int) -> None:
    """Keep only these capabilities, of the first 32, effective and permitted."""
    header = _CapabilityHeader(LINUX_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(kept, kept)
    _checked(_capset(ctypes.byref(header), ctypes.byref(data)), "capset")


def forbid_new_privileges() -> None:
    """Give no program that we start more rights than we have. A filter needs this."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def hide_memory() -> None:
    """Dump no core, and keep other processes of our user from opening our memory. Do nothing outside Linux."""
    if sys.platform == "linux":
        prctl(PR_SET_DUMPABLE, 0)


def try_filter() -> None:
    """Check that the kernel accepts system call filters, without installing one. Raises OSError."""
    try:
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0)
    except OSError as error:
        if error.errno != errno.EFAULT:  # the kernel looked for the program, so it accepts filters
            raise


def filter_system_calls(program: bytes) -> None:
    """Install a compiled seccomp program, for good."""
    code = ctypes.create_string_buffer(program, len(program))
    prog = _FilterProgram(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(prog))


def mount(source: str, target: str, kind: str | None, flags: int, options: str) -> None:
    """Call mount(2)."""
    filesystem = kind.encode() if kind is not None else None
    status = _mount(source.encode(), target.encode(), filesystem, ctypes.c_ulong(flags), options.encode())
    _checked(status, f"mount on {target}")


def prctl(option: int, first: int, second: int = 0) -> None:
    """Call prctl(2)."""
    status = _prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(status, f"prctl {option}")


def _checked(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
