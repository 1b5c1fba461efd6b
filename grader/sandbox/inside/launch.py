"""Where a zygote begins. If something cannot be imported, one line says what was missing first."""

from __future__ import annotations

import os
import sys

UNIMPORTABLE = 78
"""Our exit code if a package cannot be imported: it is not in view, or a shared library of it is not."""


def main(settings_text: str) -> None:
    """Be a zygote until the grader has gone."""
    try:
        from .keeper import main as serve  # imports NumPy

        serve(settings_text)
    except ImportError as error:
        cause: BaseException = error
        while (inner := cause.__cause__ or cause.__context__) is not None:
            cause = inner
        print(f"{type(cause).__name__}: {cause}", file=sys.stderr, flush=True)
        os._exit(UNIMPORTABLE)
