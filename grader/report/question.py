"""Choose the question that helps with a failed check. It belongs to the reason of the failure, or it leads astray.

The fixed question of a criterion is about a wrong value of its matter: "Does the kernel come out flipped?" helps nobody
whose function returned None.
"""

from __future__ import annotations

from grader.checks import CheckOutcome
from grader.course import Criterion
from grader.sandbox import Reason

OF_CRITERION = frozenset(
    {
        Reason.WRONG_VALUE,
        Reason.WRONG_DISTRIBUTION,
        Reason.GENERATOR_UNUSED,
        Reason.NO_EXCEPTION,
        Reason.WRONG_EXCEPTION,
        Reason.TOO_SLOW,
        Reason.UNUSABLE_MODEL,
    }
)

RETURNED = "What does the docstring say that the function returns, and what does your return line return?"

BY_REASON = {
    Reason.WRONG_SHAPE: "Work out this shape by hand. Which line of your function decides it?",
    Reason.NOT_RETURNED: "Does every path through your function end with a return?",
    Reason.WRONG_TYPE: RETURNED,
    Reason.UNUSABLE_ANSWER: RETURNED,
    Reason.CHANGED_INPUT: "Which line writes into an argument? A second name for an array is still the same array.",
    Reason.TIMED_OUT: "Which loop runs longer than you expect, and what makes it end?",
    Reason.OUT_OF_CPU_TIME: "Which loop runs longer than you expect, and what makes it end?",
}

BY_EXCEPTION = {
    "ValueError": "Values that do not fit met in this line. Print each and its shape: which one is not as you expect?",
    "IndexError": "An index in this line does not fit the array. How many axes does it have, and how long is each?",
    "TypeError": "A value in this line has the wrong type. Is a size a fraction, or is something None?",
    "NameError": "A name in this line is unknown. How is it spelled in the line that defines it?",
    "UnboundLocalError": "A name in this line has no value yet. Which path through the function does not assign it?",
    "AttributeError": "An object in this line does not have that attribute. Print its type: what did you expect?",
    "KeyError": "A key in this line does not exist. Print the keys: which one did you expect?",
    "ZeroDivisionError": "Which number in this line is 0 for this input?",
    "RecursionError": "The function calls itself without an end. Which call should be the last one?",
    "AssertionError": "One of your own assertions failed. Does the task promise what it assumes?",
}
RAISED = "Print the values in this line just before it. Which one is not as you expect?"


def question_of(outcome: CheckOutcome, criterion: Criterion) -> str | None:
    """Return the question for a failed check; None if no question helps."""
    if outcome.reason in OF_CRITERION:
        return criterion.hints.question
    if outcome.reason is Reason.RAISED:
        return BY_EXCEPTION.get(outcome.exception, RAISED)
    return None if outcome.reason is None else BY_REASON.get(outcome.reason)
