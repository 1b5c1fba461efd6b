"""Find the known misconceptions that explain the answers of a wrong function. Knows nothing about points.

The learner's function gets the calls of its family, from the plainest one to mixed ones. The wrong programs of the
course get the same calls in our own process. The smallest set of misconceptions that explains the most is named. If
several sets are equally good, only what they have in common is named: a wrong name is worse than no name.

Only the checks see what a model does, because training again would take seconds. A check that recognises a
misconception says so, and the diagnosis names it.

Related work: Prasad, Greenman, Nelson, Krishnamurthi, "Conceptual Mutation Testing for Student Programming
Misconceptions", 2024, judges students' tests by such variants. Here the answers of a function are compared with them.

Its names are imported at their first use: nothing has to be explained about a right program.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.diagnosis.answers import near
    from grader.diagnosis.deadline import Deadline, TimeUpError
    from grader.diagnosis.diagnose import Diagnosis, Diagnostician
    from grader.diagnosis.exploration import Item
    from grader.diagnosis.recorder import Recorded, Recorder, question_digest
    from grader.diagnosis.signs import by_signs
    from grader.diagnosis.smallest import Ask, in_words, seen_in_words, smallest_failing

__all__ = [
    "Ask",
    "Deadline",
    "Diagnosis",
    "Diagnostician",
    "Item",
    "Recorded",
    "Recorder",
    "TimeUpError",
    "by_signs",
    "in_words",
    "near",
    "question_digest",
    "seen_in_words",
    "smallest_failing",
]

_HOMES = {
    "answers": ("near",),
    "deadline": ("Deadline", "TimeUpError"),
    "diagnose": ("Diagnosis", "Diagnostician"),
    "exploration": ("Item",),
    "recorder": ("Recorded", "Recorder", "question_digest"),
    "signs": ("by_signs",),
    "smallest": ("Ask", "in_words", "seen_in_words", "smallest_failing"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
