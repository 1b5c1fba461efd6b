"""Find the known misconceptions that explain the answers of a wrong function. Knows nothing about points.

The learner's function gets the calls of its family, from the plainest one to mixed ones. The wrong programs of the
course get the same calls in our own process. The smallest set of misconceptions that explains the most is named. If
several sets are equally good, only what they have in common is named: a wrong name is worse than no name.

Only the checks see what a model does, because training again would take seconds. A check that recognises a
misconception says so, and the diagnosis names it.

Related work: Prasad, Greenman, Nelson, Krishnamurthi, "Conceptual Mutation Testing for Student Programming
Misconceptions", 2024, judges students' tests by such variants. Here the answers of a function are compared with them.
"""

from grader.diagnosis.answers import is_unwritten, near
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
    "is_unwritten",
    "near",
    "question_digest",
    "seen_in_words",
    "smallest_failing",
]
