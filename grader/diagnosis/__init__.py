"""Which known misunderstanding produces exactly the answers that a wrong function gave. Knows nothing of points.

The checks have already asked the learner's function everything: their calls are kept with their answers, and the named
wrong variants of the reference are asked the same, in our own process. A variant is named where it agrees with the
learner on every call and no other variant does; where two agree, none is named: a wrong name is worse than none.

What a model does is seen by the checks alone: training again would take seconds. There a check that has seen the sign
of a misconception says so, and the diagnosis names it.

The idea has an ancestor: Prasad, Greenman, Nelson, Krishnamurthi, "Conceptual Mutation Testing for Student Programming
Misconceptions", 2024, judges students' tests by such variants. Here the answer of a function is held against them.
"""

from grader.diagnosis.answers import is_unwritten
from grader.diagnosis.deadline import Deadline, TimeUpError
from grader.diagnosis.diagnose import Diagnosis, Diagnostician
from grader.diagnosis.recorder import Recorded, Recorder, question_digest
from grader.diagnosis.signs import by_signs
from grader.diagnosis.smallest import Smallest, in_words, smallest_failing

__all__ = [
    "Deadline",
    "Diagnosis",
    "Diagnostician",
    "Recorded",
    "Recorder",
    "Smallest",
    "TimeUpError",
    "by_signs",
    "in_words",
    "is_unwritten",
    "question_digest",
    "smallest_failing",
]
