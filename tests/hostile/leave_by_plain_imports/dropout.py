"""Imports every module that can start a program, at the top and by name, and uses it."""

import asyncio
import ctypes
import mmap
import multiprocessing
import multiprocessing.synchronize
import os
import pty
import signal
import socket
import ssl
import subprocess
import urllib.request
import _posixsubprocess
import scipy


def works(what, *arguments):
    try:
        result = what(*arguments)
    except (OSError, RuntimeError):
        return False
    return not isinstance(result, int) or result >= 0


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    tried = {
        "fork": lambda: os.fork() or os._exit(0),
        "libc fork": libc.fork,
        "libc vfork": lambda: libc.syscall(58),
        "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "raw": lambda: libc.socket(2, 3, 1),
        "popen": lambda: subprocess.Popen(["/bin/true"]),
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "pty": pty.openpty,
        "pair": socket.socketpair,
        "loop": asyncio.SelectorEventLoop,
        "url": lambda: urllib.request.urlopen("http://127.0.0.1"),
        "shared": lambda: mmap.mmap(-1, 4096),
        "signal": lambda: os.kill(os.getppid(), signal.SIGTERM) if os.getppid() else -1,
        "semaphore": lambda: multiprocessing.synchronize.Lock(ctx=multiprocessing.context._default_context),
    }
    done = [name for name, what in tried.items() if works(what)]
    if done:
        raise SystemError(f"worked: {done}")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
