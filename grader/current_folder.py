"""Keep code in the current folder from running.

The current folder is often a folder of submissions. A file in it can have the name of a module, a shared library or a
program. Python, the loader and the shell search this folder if a variable or a default tells them to. This module
imports only what Python itself has already imported: under `python -m`, any other import would search this folder.
"""

import os
import sys

_PREFIXES = ("PYTHON", "PYTEST_", "LD_", "DYLD_", "MALLOC_")
_NAMES = frozenset(
    (
        "BASH_ENV", "ENV", "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH",
        "NIS_PATH", "NLSPATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "RESOLV_HOST_CONF", "RES_OPTIONS",
        "TZDIR", "__PYVENV_LAUNCHER__",
    )
)  # fmt: skip
"""Variables that ld.so(8) removes for a program with more rights than its user, and variables of shells and OpenSSL."""
_FOLDERS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Lists of folders that a program may need: a Python of environment modules does not start without its libraries."""


def environment() -> dict[str, str]:
    """Return our environment without variables that name code to run. Lists of folders keep their absolute ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIXES) and name not in _NAMES}
    for name in _FOLDERS:
        folders = [folder for folder in os.environ.get(name, "").split(os.pathsep) if os.path.isabs(folder)]
        kept.pop(name, None)
        if folders:
            kept[name] = os.pathsep.join(folders)
    return kept


def import_path() -> list[str]:
    """Return our `sys.path` without the current folder, unless the grader itself was imported from it."""
    try:
        here = os.path.realpath(os.curdir)
    except FileNotFoundError:  # the current folder was deleted, so relative entries lead nowhere
        return [entry for entry in sys.path if os.path.isabs(entry)]
    ours = os.path.realpath(os.path.dirname(os.path.dirname(__file__)))
    return [entry for entry in sys.path if entry and (here == ours or os.path.realpath(entry) != here)]


def leave_current_folder() -> None:
    """From now on, import no module and start no program from the current folder."""
    sys.path[:] = import_path()
    kept = environment()
    for name in set(os.environ) - set(kept):
        del os.environ[name]
    os.environ.update(kept)
