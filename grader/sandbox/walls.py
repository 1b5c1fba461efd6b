"""The walls between a submission and the machine, as facts for reports and pages."""

from __future__ import annotations

from enum import StrEnum

from grader.sandbox.syscalls import filter_program


class Wall(StrEnum):
    """A restriction that the kernel enforces on a child."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    RLIMITS = "rlimits"


def walls_up(*, namespaces: bool, landlock: bool, seccomp: bool) -> tuple[Wall, ...]:
    """Return the walls that are up, the strongest first. With namespaces, Landlock is not needed."""
    walls = {
        Wall.NAMESPACES: namespaces,
        Wall.LANDLOCK: landlock and not namespaces,
        Wall.SECCOMP: seccomp,
        Wall.RLIMITS: True,
    }
    return tuple(wall for wall, is_up in walls.items() if is_up)


def walls_here(*, namespaces: bool) -> tuple[Wall, ...]:
    """Return the walls around a child on this machine, without starting a child."""
    from grader.sandbox.inside import confinement, landlock

    try:
        seccomp = bool(filter_program())
        confinement.try_filter()
    except OSError:
        seccomp = False
    return walls_up(namespaces=namespaces, landlock=landlock.abi() > 0, seccomp=seccomp)
