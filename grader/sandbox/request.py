"""One call of a function of a submission, and the interface of everything that can answer it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.answer import Answer, Stopped
from grader.sandbox.inside.protocol import ModelOperation


@dataclass(frozen=True)
class Request:
    """A call of the learner's `function`, or one of our operations on a model that the submission made.

    With `return_arguments`, the answer holds the positional arguments as they are after the call. With `silently`,
    Keras layers refuse to compute during the call.
    """

    function: str | ModelOperation
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    return_arguments: bool = False
    silently: bool = False

    @property
    def is_operation(self) -> bool:
        """Return whether our own code answers it, even in a learner's process."""
        return isinstance(self.function, ModelOperation)


class Caller(ABC):
    """Answers requests: a sandbox, or our own process for our own code."""

    @abstractmethod
    def ask(self, request: Request) -> Answer:
        """Return the answer to one request."""

    def ask_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answers in order, up to and including the first Stopped."""
        answers: list[Answer] = []
        for request in requests:
            answers.append(self.ask(request))
            if isinstance(answers[-1], Stopped):
                break
        return answers

    def call(
        self,
        function: str | ModelOperation,
        arguments: tuple[Any, ...] = (),
        named: Mapping[str, Any] | None = None,
        *,
        return_arguments: bool = False,
        silently: bool = False,
    ) -> Answer:
        """Return the answer to a request with these fields."""
        return self.ask(Request(function, arguments, named or {}, return_arguments, silently))
