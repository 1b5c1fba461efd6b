"""A submission in the sandbox: one child after another, within one budget."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from grader.sandbox.answer import Answer, Raised, Returned, Stopped, StrandedError, UnknownCallError
from grader.sandbox.limits import Limits
from grader.sandbox.reason import Reason
from grader.sandbox.request import Caller, Request

if TYPE_CHECKING:
    from grader.sandbox.child import Child
    from grader.sandbox.substitutes import Substitutes
    from grader.sandbox.zygote import Zygote
    from grader.submission import Submission


@dataclass(frozen=True)
class Captured:
    """The output of a submission, decoded, cut at the limit."""

    stdout: str = ""
    stderr: str = ""
    truncated: bool = False


class Sandboxed(Caller):
    """The functions of a submission, called in a confined child; a fresh child serves after each stop."""

    def __init__(
        self,
        zygote: Zygote,
        submission: Submission,
        module: str,
        functions: list[str],
        limits: Limits,
        seed: int | None = None,
        tell_epoch: Callable[[int, int], None] = lambda number, of: None,
        substitutes: Substitutes | None = None,
    ) -> None:
        """With `seed`, its children can work with Keras models, and start from this seed.

        `tell_epoch` is called with the number of each epoch that begins, and how many there are. With `substitutes`,
        one of its functions calls ours in place of some of the learner's.
        """
        self._substitutes = substitutes
        self._tell_epoch = tell_epoch
        self._zygote = zygote
        self._seed = seed
        self._files = [(file.name, file.text) for file in submission.files]
        self._imports = _imports_of(submission)
        self._module = module
        self._functions = functions
        self._limits = limits
        self._deadline = time.monotonic() + limits.submission_seconds
        self._child: Child | None = None
        self._defined: frozenset[str] = frozenset()
        self._allowance = limits.all_replies_bytes
        self._stops: Counter[str] = Counter()
        self._refusal: Answer | None = None
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._truncated = False

    def load(self) -> Raised | Stopped | None:
        """Run the learner's file and return None. If it fails, return its answer, which then answers every call."""
        child = self._zygote.fork(self._limits, self._tell_epoch)
        try:
            answer = self._load_in(child)
        except BaseException:  # an interruption too, after which the zygote serves others
            child.close()
            raise
        if isinstance(answer, Returned):
            self._child = child
            names = answer.value if isinstance(answer.value, list) else []
            self._defined = frozenset(name for name in names if isinstance(name, str)) & frozenset(self._functions)
            return None
        self._retire(child)
        self._refusal = answer
        return answer

    def _load_in(self, child: Child) -> Answer:
        if self._seed is not None:
            ready = child.start_keras(self._seed)
            if not isinstance(ready, Returned):
                raise RuntimeError(f"Keras did not start in the sandbox: {ready}")
        child.limit_allowance(self._allowance)  # after Keras: the reply of our own code costs the submission nothing
        return child.load(self._files, self._imports, self._module, self._functions)

    def ask(self, request: Request) -> Answer:
        """Return the answer to one request. If the child ends, a fresh one serves the next request."""
        return self._refused(request) or self._answers([request])[0]

    def ask_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answers in order, up to the first Stopped. All calls go to the child in one frame."""
        if not requests or any(self._refused(request) for request in requests):
            return super().ask_all(requests)
        return self._answers(requests)

    def _refused(self, request: Request) -> Answer | None:
        """Return the answer to a request that no child gets, and None for every other. Raises UnknownCallError."""
        function = request.function
        if (request.is_operation or request.silently) and self._seed is None:
            raise UnknownCallError(f"this sandbox has no Keras models; {function} needs them")
        if not request.is_operation and function not in self._functions:
            expected = ", ".join(self._functions)
            raise UnknownCallError(f'"{function}" is neither an operation on models nor one of {expected}')
        if self._refusal is None and time.monotonic() > self._deadline:
            self._refusal = Stopped(Reason.OVER_BUDGET, self._limits.used_up)
        if self._refusal is None and self._child is None:
            self.load()
        if self._refusal is not None:
            return self._refusal
        if not request.is_operation and function not in self._defined:
            return Raised("AttributeError", f"{self._module}.py does not define {function}", because=Reason.NOT_DEFINED)
        if self._stops[function] >= self._limits.stops_per_function:
            times = self._limits.stops_per_function
            return Stopped(
                Reason.OVER_BUDGET, f"{function} had to be stopped {times} times already and was not called again"
            )
        return None

    def _answers(self, requests: Sequence[Request]) -> list[Answer]:
        assert self._child is not None
        try:
            answers = self._child.ask_all(self._module, requests, self._deadline, self._substitutes)
        except StrandedError as error:
            stranded = Raised("TypeError", str(error), because=Reason.LOST_VALUE)
            return [stranded] if len(requests) == 1 else super().ask_all(requests)
        last = answers[-1]
        if isinstance(last, Stopped):
            self._stops[requests[len(answers) - 1].function] += 1
            self._retire(self._child)
            self._child = None
            if last.reason is Reason.OVER_BUDGET:
                self._refusal = last
        return answers

    def begin_again(self) -> None:
        """Make a child without a learner's code forget its models and start from the seed, as a fresh one does."""
        assert self._seed is not None
        if self._child is not None and not isinstance(self._child.start_keras(self._seed), Returned):
            self._retire(self._child)
            self._child = None

    @property
    def left(self) -> Limits:
        """Return the limits of another run of the same submission: it has only the time and the bytes that are left."""
        allowance = self._allowance if self._child is None else self._child.allowance
        seconds = self._deadline - time.monotonic()
        return replace(self._limits, submission_seconds=max(seconds, 0.0), all_replies_bytes=max(allowance, 0))

    @property
    def captured(self) -> Captured:
        """Return what all children have printed so far; complete after `close`."""
        return Captured(
            self._stdout.decode("utf-8", "replace"), self._stderr.decode("utf-8", "replace"), self._truncated
        )

    def close(self) -> None:
        """End the last child."""
        if self._child is not None:
            self._retire(self._child)
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _retire(self, child: Child) -> None:
        child.close()
        self._allowance = child.allowance
        for kept, stream in zip((self._stdout, self._stderr), child.printed, strict=True):
            room = self._limits.output_bytes - len(kept)
            kept += stream.content[:room]
            self._truncated = self._truncated or stream.truncated or len(stream.content) > room


def _imports_of(submission: Submission) -> dict[str, Any]:
    """Return what a child must know about the imports of all files together."""
    files = [(file.name, file.imports) for file in submission.files]
    guarded = [(name, imports.guarded) for name, imports in files]
    return {
        "guarded": guarded if any(imports.stand_ins for _, imports in files) else None,
        "forbidden": {name: why for _, imports in files for name, why in imports.forbidden},
        "parallel": sorted({name for _, imports in files for name in imports.parallel}),
        "notebook": any(imports.notebook for _, imports in files),
    }
