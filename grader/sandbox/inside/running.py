"""Run the top level of a learner's file to its end, even if a line fails only because of the sandbox.

A demonstration that reads a data file, uses the network or draws with a missing package is not graded. If its line is
skipped, every function in the file can still be called.
"""

from __future__ import annotations

import contextlib
import sys
import types
from typing import Any

from .refusals import refusal

SKIPPED_LIMIT = 20

answered_at_top = False
"""True if a stand-in for a package that computes was used while a file was loaded."""

_FUTURE = 0x1000000  # __future__.annotations.compiler_flag


def run(source: str, main: str, namespace: dict[str, Any]) -> None:
    """Run a file as the module `namespace`. Raises what its top level raises, unless the sandbox is the reason."""
    code = compile(source, main, "exec", dont_inherit=True)
    flags = code.co_flags & _FUTURE
    for skipped in range(SKIPPED_LIMIT):
        try:
            exec(code, namespace)
            return
        except Exception as error:
            why, line = refusal(error), _line_at_top(error, main)
            if answered_at_top:
                why = why or "It uses a package that is unavailable here."
            if skipped and isinstance(error, NameError):
                why = "A skipped line defines this name."
            if not why or not line:
                raise
            _tell(f"{main}, line {line} was skipped: {type(error).__name__}: {error}. {why}")
            code = _code_after(line, source, main, flags)
    exec(code, namespace)


def _line_at_top(error: BaseException, main: str) -> int:
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == main and trace.tb_frame.f_code.co_name == "<module>":
            return int(trace.tb_lineno)
        trace = trace.tb_next
    return 0


def _code_after(line: int, source: str, main: str, flags: int) -> types.CodeType:
    """Return the code of the statements that begin after a line. A statement begins with its decorators."""
    import ast

    rest = [
        node
        for node in ast.parse(source).body
        if min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) > line
    ]
    code: types.CodeType = compile(ast.Module(rest, []), main, "exec", flags, dont_inherit=True)
    return code


def _tell(words: str) -> None:
    with contextlib.suppress(Exception):  # the learner may have replaced the stream
        print(words, 'Move such a line below `if __name__ == "__main__":`.', file=sys.stderr)
