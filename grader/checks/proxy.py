"""The `submission` of a hidden check: the learner's functions, called as if they were ours.

Every answer is verified before the check gets it. An answer without the form in the rubric fails the check with a
message. A check can therefore unpack and compare an answer directly; only the shape is not verified yet.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from grader.checks.assertions import CheckFailedError
from grader.checks.call import Call, Number, Result, is_numeric
from grader.checks.direct import DirectCaller
from grader.checks.remarks import remark
from grader.course import ResultSpec, Rubric
from grader.sandbox.answer import Answer, Foreign, Raised, Returned, Stopped
from grader.sandbox.reason import Reason
from grader.sandbox.request import Caller, Request

ARRAY_KINDS = "biufc"


class OurFaultError(RuntimeError):
    """Our own code, which runs beside a submission, did not answer."""


class SubmissionProxy:
    """The learner's functions as attributes: `submission.conv2d(x, w, b, stride=2)`."""

    def __init__(
        self, rubric: Rubric, caller: Caller, signatures: Mapping[str, inspect.Signature], *, ours: bool = False
    ) -> None:
        """Serve functions by name. With `ours` they are our own, and a failure in them is a fault of the grader."""
        self._rubric = rubric
        self._caller = caller
        self._signatures = signatures
        self._ours = ours

    def __getattr__(self, name: str) -> Function:
        if name not in self._rubric.functions:
            raise AttributeError(f'"{name}" is not a function of the rubric {self._rubric.exercise}')
        function = Function(name, self._rubric.functions[name], self._caller, self._signatures.get(name), self._ours)
        vars(self)[name] = function
        return function


class Function:
    """One function of the submission."""

    def __init__(
        self,
        name: str,
        results: tuple[ResultSpec, ...],
        caller: Caller,
        signature: inspect.Signature | None,
        ours: bool,
    ) -> None:
        self.name = name
        self._results = results
        self._caller = caller
        self._signature = signature
        self._positional, self._required = _positional(signature)
        self._ours = ours

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return the answer: an array or a number for one result, a tuple for several. Fail the check without one."""
        return self.timed(*arguments, **named)[0]

    def map(self, cases: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Call the function for all cases at once, tuples of positional arguments, and yield the answer to each.

        An answer fails the check when it is reached, so that the answers before it are judged first.
        """
        asked = list(cases)
        answers = self._caller.ask_all([Request(self.name, arguments) for arguments in asked])
        for arguments, answer in zip(asked, answers, strict=False):  # a Stopped is the last answer, and fails here
            call = self.describe(*arguments)
            yield self._results_of(self._returned(answer, call).value, call)

    def arguments_after(self, *arguments: Any, **named: Any) -> tuple[Any, ...]:
        """Return the positional arguments as they are after the call."""
        returned = self._returned(self._ask(arguments, named, True), self.describe(*arguments, **named))
        return returned.arguments or ()

    def raised_by(self, *arguments: Any, **named: Any) -> Raised | None:
        """Return the exception that the call ends with; None if it returns."""
        answer = self._ask(arguments, named)
        if isinstance(answer, Raised) and not answer.unwritten:
            return answer
        self._returned(answer, self.describe(*arguments, **named))
        return None

    def timed(self, *arguments: Any, **named: Any) -> tuple[Any, float]:
        """Return the answer and the processor time of the call in seconds; the time on the clock if it is unknown.

        The kernel measures it, and other work on the machine hardly changes it.
        """
        call = self.describe(*arguments, **named)
        returned = self._returned(self._ask(arguments, named), call)
        own = returned.processor_seconds
        return self._results_of(returned.value, call), returned.seconds if own is None else own

    def trained(self, *arguments: Any, **named: Any) -> tuple[Any, tuple[int, ...]]:
        """Return the answer, and for each epoch of `fit` how many weight arrays learnt in it: a claim of the child."""
        call = self.describe(*arguments, **named)
        returned = self._returned(self._ask(arguments, named), call)
        return self._results_of(returned.value, call), returned.learning

    def describe(self, *arguments: Any, **named: Any) -> Call:
        """Return the call with its arguments by name, as the reference names them."""
        if self._signature is None:
            return Call(self.name, {**{f"argument {i}": value for i, value in enumerate(arguments, 1)}, **named})
        if not named and self._required <= len(arguments) <= len(self._positional):
            return Call(self.name, dict(zip(self._positional, arguments, strict=False)))
        return Call(self.name, dict(self._signature.bind(*arguments, **named).arguments))

    def _ask(self, arguments: tuple[Any, ...], named: Mapping[str, Any], return_arguments: bool = False) -> Answer:
        return self._caller.ask(Request(self.name, arguments, named, return_arguments))

    def _returned(self, answer: Answer, call: Call) -> Returned:
        if isinstance(answer, Returned):
            return answer
        if self._ours:
            raise OurFaultError(f"our own {call.function} did not answer: {answer}")
        if isinstance(answer, Raised):
            raise _failure_of(answer, call)
        raise CheckFailedError(answer.reason, _said_of(answer, self.name), "", call)

    def _results_of(self, value: Any, call: Call) -> Any:
        if len(self._results) == 1:
            return self._result_of(value, self._results[0], call)
        names = ", ".join(result.name for result in self._results)
        if isinstance(value, np.ndarray) and value.ndim and len(value) == len(self._results):
            remark(f"{self.name} returned one array for the results {names}, not a tuple. Accepted.")
            value = tuple(value)
        if not isinstance(value, tuple | list) or len(value) != len(self._results):
            several = len(value) if isinstance(value, tuple | list) else None
            seen = f"{several} values" if several is not None else describe_value(value)
            self._fail(call, f"{self.name} returned {seen}", f"{len(self._results)} results: {names}", value)
        if isinstance(value, list):
            remark(f"{self.name} returned a list for the results {names}, not a tuple. Accepted.")
        return tuple(self._result_of(part, spec, call) for part, spec in zip(value, self._results, strict=True))

    def _result_of(self, value: Any, spec: ResultSpec, call: Call) -> Any:
        if spec.kind == "any":
            return value
        if spec.kind == "number":
            return self._number(value, spec, call)
        if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in ARRAY_KINDS:
            return Result.of(np.asarray(value), call, spec.name)
        if isinstance(value, bool | int | float | complex) or (isinstance(value, tuple | list) and is_numeric(value)):
            try:
                values = np.asarray(value)
            except (ValueError, OverflowError):
                self._fail(call, f"{spec.name} is a ragged {type(value).__name__}", "an array", value)
            if values.dtype.kind in ARRAY_KINDS:
                if isinstance(value, tuple | list):
                    remark(f"{self.name} returned a {type(value).__name__} for {spec.name}, not an array. Accepted.")
                return Result.of(values, call, spec.name)
        return self._unexpected(value, spec, call, "an array")

    def _number(self, value: Any, spec: ResultSpec, call: Call) -> Number:
        number: Any = value
        dtype: np.dtype[Any] = np.dtype(np.float64)
        if isinstance(value, np.ndarray | np.generic) and value.size == 1 and value.dtype.kind in "biuf":
            number, dtype = value.item(), value.dtype
            if value.ndim:
                remark(f"{self.name} returned an array of shape {value.shape} for {spec.name}, not a number. Accepted.")
            elif dtype.kind in "biu":
                remark(f"{self.name} returned a NumPy {dtype} for {spec.name}, not a Python number. Accepted.")
        if isinstance(number, bool | int | float):
            return Number.of(number, call, spec.name, dtype)
        return self._unexpected(value, spec, call, "a number")

    def _unexpected(self, value: Any, spec: ResultSpec, call: Call, expected: str) -> NoReturn:
        hint = " (is there a `return`?)" if value is None else ""
        self._fail(call, f"{self.name} returned {describe_value(value)} for {spec.name}{hint}", expected, value)

    def _fail(self, call: Call, seen: str, expected: str, value: Any) -> NoReturn:
        if self._ours:
            raise OurFaultError(f"our own {call.function} did not answer: {seen}")
        reason = Reason.NOT_RETURNED if value is None else Reason.WRONG_TYPE
        raise CheckFailedError(reason, seen, expected, call)


def direct(rubric: Rubric, functions: Mapping[str, Callable[..., Any]], reference: Any) -> SubmissionProxy:
    """Return a `submission` that calls our own functions in our own process."""
    return SubmissionProxy(rubric, DirectCaller(functions), signatures_of(rubric, reference))


def signatures_in(path: Path, names: Iterable[str]) -> dict[str, inspect.Signature]:
    """Return the signatures of functions in a course file, without running it or its imports.

    Annotations and the values of defaults are left out: they may use names that exist only when the file runs.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wanted = set(names)
    return {
        node.name: inspect.Signature(list(_parameters(node.args)))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in wanted
    }


def _parameters(arguments: ast.arguments) -> Iterator[inspect.Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    for i, argument in enumerate(positional):
        only = i < len(arguments.posonlyargs)
        kind = inspect.Parameter.POSITIONAL_ONLY if only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        yield inspect.Parameter(argument.arg, kind, default=inspect.Parameter.empty if i < required else ...)
    if arguments.vararg is not None:
        yield inspect.Parameter(arguments.vararg.arg, inspect.Parameter.VAR_POSITIONAL)
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        default = inspect.Parameter.empty if value is None else ...
        yield inspect.Parameter(argument.arg, inspect.Parameter.KEYWORD_ONLY, default=default)
    if arguments.kwarg is not None:
        yield inspect.Parameter(arguments.kwarg.arg, inspect.Parameter.VAR_KEYWORD)


def _positional(signature: inspect.Signature | None) -> tuple[list[str], int]:
    """Return the names of the positional arguments, and how many arguments have no default.

    A signature with arguments of other kinds gets no names here: `bind` handles it, but takes longer.
    """
    parameters = list(signature.parameters.values()) if signature is not None else []
    if any(one.kind is not one.POSITIONAL_OR_KEYWORD for one in parameters):
        return [], 1
    return [one.name for one in parameters], sum(one.default is one.empty for one in parameters)


def signatures_of(rubric: Rubric, reference: Any) -> dict[str, inspect.Signature]:
    """Return the reference's signatures: they name the arguments in messages."""
    return {name: inspect.signature(getattr(reference, name)) for name in rubric.functions if hasattr(reference, name)}


def describe_value(value: Any) -> str:
    """Describe a value in a few words, for a message."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return value.description
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, bool | int | float | complex):
        return f"the number {value!r}"
    return f"a {type(value).__name__}"


def _said_of(stopped: Stopped, name: str) -> str:
    """Return why a call has no answer, with the name of the function once."""
    return stopped.detail if stopped.detail.startswith(f"{name} ") else f"{name} did not return: {stopped.detail}"


def _failure_of(raised: Raised, call: Call) -> CheckFailedError:
    """Return the failure of a call that ended with an exception."""
    if raised.reason is Reason.NOT_IMPLEMENTED:
        task = f": {raised.message}" if raised.message else ""
        return CheckFailedError(raised.reason, f"{call.function} is not implemented yet{task}")
    if raised.reason is Reason.UNAVAILABLE:
        return CheckFailedError(raised.reason, f"{call.function} uses {raised.message}")
    if raised.reason is Reason.NOT_DEFINED:
        return CheckFailedError(raised.reason, raised.message)
    where = f" (line {raised.lines[-1].number}, in {raised.lines[-1].function})" if raised.lines else ""
    first, newline, more = raised.message.partition("\n")
    said = f": {first}" if raised.message else ""
    seen = f"{call.function} raised {raised.kind}{said}{where}{newline}{more}"
    return CheckFailedError(raised.reason, seen, "", call, raised=raised)
