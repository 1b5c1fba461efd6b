"""The results of one submission for a platform that runs the grader itself, in a container of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.report.exports.export_file import Standing
from grader.sandbox.walls import Wall

_WALLS = {
    Wall.NAMESPACES: "namespaces of its own",
    Wall.LANDLOCK: "Landlock",
    Wall.SECCOMP: "a filter for system calls",
    Wall.RLIMITS: "limits on time and memory",
}


@dataclass(frozen=True)
class Graded:
    """A graded submission: its report as the mapping that its JSON holds, the points that count, and the sandbox.

    `notes` are sentences about this run for the learner.
    """

    report: Mapping[str, Any]
    standing: Standing
    walls: tuple[Wall, ...]
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what the learner reads beside the criteria: about lateness, this run, the file and the sandbox."""
        said = (self.standing.late, *self.notes, *self.report["remarks"], isolation_text(self.walls))
        return tuple(filter(None, said))

    @property
    def points(self) -> str:
        """Return the points in a sentence."""
        score = self.report["score"]
        bonus = f" and {score['earned_bonus']} bonus" if score["earned_bonus"] else ""
        return f"{self.report['title']}: {score['earned']} of {score['possible']} points{bonus}."

    @property
    def log(self) -> tuple[str, ...]:
        """Return the lines for the log, without a word of the learner."""
        return (self.points, isolation_text(self.walls))


@dataclass(frozen=True)
class Results:
    """The content of the file that a platform reads, and the lines of the log."""

    file: str
    log: tuple[str, ...] = ()


@dataclass(frozen=True)
class Platform:
    """A platform: the results of a graded submission, and the file that says why there is no score.

    `obeys_log` is true if the platform looks for commands in what the grader prints.
    """

    graded: Callable[[Graded], Results]
    no_score: Callable[[str], str]
    obeys_log: bool = False


def isolation_text(walls: Sequence[Wall]) -> str:
    """Return what stood between the program and the machine, and what that means for the score.

    >>> isolation_text((Wall.NAMESPACES, Wall.SECCOMP, Wall.RLIMITS))
    'Isolation: the program ran in namespaces of its own, with a filter for system calls and limits on time and memory.'
    """
    *first, last = (_WALLS[wall] for wall in walls if wall is not Wall.NAMESPACES)
    others = f"{', '.join(first)} and {last}" if first else last
    if Wall.NAMESPACES in walls:
        return f"Isolation: the program ran in {_WALLS[Wall.NAMESPACES]}, with {others}."
    return (
        f"Isolation: this machine has no namespaces, so the program ran as a plain process with {others}. A hostile "
        "program could have read the hidden tests or changed results, so this score could be forged."
    )


def broken_text(why: str) -> str:
    """Return what a learner reads if the grader broke."""
    return f"No score: the grader broke. This is not your fault, and it costs no points. {why}"
