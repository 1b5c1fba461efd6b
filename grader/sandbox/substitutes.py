"""Right functions for a submission whose own ones are wrong, so that one mistake is charged once.

While the learner's `caller` runs, the names of the wrong functions are stubs in the child. A stub sends a frame with
its arguments, and gets the answer of our function. Our code never enters the child: `reference` runs it elsewhere.

The child is never trusted to name what it may ask. A name that is not listed for the function that is being called, a
frame while no call runs, and more than ASKED_LIMIT frames end the child like every frame that is not an answer. The
frames count as answers of the submission, and the time of our function as time of the learner's call.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.sandbox.answer import Answer
from grader.sandbox.request import Caller, Request

ASKED_LIMIT = 20_000
"""The number of times that one function of a submission may ask.

A right answer: 1,500, if it asks for each pixel in each check of `conv2d`. The nearest wrong way: an endless loop.
"""


class AskedTooOftenError(Exception):
    """A submission has asked more often than ASKED_LIMIT."""


@dataclass
class Substitutes:
    """Our functions `names`, which the learner's function `caller` may ask for."""

    caller: str
    names: frozenset[str]
    reference: Caller
    left: int = ASKED_LIMIT
    asked: set[str] = field(default_factory=set)
    """The functions that were asked for. To know them for each check, replace the set before it."""

    def during(self, function: str) -> frozenset[str]:
        """Return the names that may be asked for while the learner's `function` runs."""
        return self.names if function == self.caller else frozenset()

    def answer(self, request: Request) -> Answer:
        """Return the answer of our function. Raises AskedTooOftenError."""
        if not self.left:
            raise AskedTooOftenError
        self.left -= 1
        self.asked.add(request.function)
        return self.reference.ask(request)
