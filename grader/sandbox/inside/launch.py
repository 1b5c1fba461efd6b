"""The start of a zygote. If an import fails, one line says what was missing first."""

from __future__ import annotations

import os
import sys

UNIMPORTABLE = 78
"""Our exit code if a package cannot be imported, because it or one of its shared libraries is not shown."""


def main(settings_text: str) -> None:
    """Be a zygote until the grader ends."""
    try:
        from .keeper import main as serve  # imports NumPy

        serve(settings_text)
    except ImportError as error:
        cause: BaseException = error
        while (inner := cause.__cause__ or cause.__context__) is not None:
            cause = inner
        print(f"{type(cause).__name__}: {cause}", file=sys.stderr, flush=True)
        os._exit(UNIMPORTABLE)
