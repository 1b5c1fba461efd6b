"""The facts that an instructor gives about the people and the files, before the intake looks at these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MappedFile:
    """A file whose learner and exercise an instructor has named.

    `learner` is empty if the platform's owner is right.
    """

    file: str
    exercise: str
    learner: str = ""
    line: int = 0


@dataclass(frozen=True)
class Request:
    """The choices of an instructor.

    `wanted` are the exercises that are graded; all of the course, if it is empty. `everything_is` is the exercise that
    every program belongs to, or empty. With `trust_times`, the times of files in a folder decide which one is newer.
    """

    wanted: tuple[str, ...] = ()
    everything_is: str = ""
    mapping: tuple[MappedFile, ...] = ()
    trust_times: bool = False


@dataclass(frozen=True)
class ClassList:
    """The people of a class.

    `resolve` returns the id of a learner for any id or name that a platform uses. `known` returns True for an id in the
    class: a folder with such a name belongs to a learner, even if it is the only folder. `excluded` says why a person
    of this id and name is not a learner; it is empty for learners. `groups` has the members of each group.
    """

    resolve: Callable[[str], str] = lambda learner: learner
    known: Callable[[str], bool] = lambda learner: False
    excluded: Callable[[str, str], str] = lambda learner, name: ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
