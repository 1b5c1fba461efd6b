"""The command `grade`. Each command parses, calls one function, prints and ends; its room is imported when it runs."""

import sys

STOPPED = 130

__all__ = ["STOPPED", "main"]


def main(*_: str) -> None:
    """Run the console script on `sys.argv`. Ctrl-C ends it with exit code 130, even during its import."""
    try:
        from grader.cli.entry import run_script

        code = run_script()
    except KeyboardInterrupt:
        code = STOPPED
    if code == STOPPED:
        _forget_interrupt()
    sys.exit(code)


def _forget_interrupt() -> None:
    """Make the interpreter end with our exit code, although it was interrupted, and even if it is again.

    If an interrupt passes through the `exec` of a text, as in the import of a dataclass, CPython remembers that (as
    `unhandled_keyboard_interrupt`, see `run_eval_code_obj` in Python/pythonrun.c). `python -m` then ends by the signal,
    whatever the exit code. The next `exec` of a text makes it forget.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    exec("")
