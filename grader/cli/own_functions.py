"""The functions of a worked example: the learner's own from the current folder, in a sandbox, or else ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.streams import note

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.sandbox import Answer, Caller, Zygote
    from grader.submission import Submission

Functions = Mapping[str, Callable[..., Any]]


class OwnAnswerError(Exception):
    """A function of the learner did not return a value. `unwritten` is True if it is still the stub."""

    def __init__(self, function: str, answer: Answer) -> None:
        from grader.sandbox import Raised, Stopped

        if isinstance(answer, Raised):
            said = f"raised {answer.kind}" + (f": {answer.message}" if answer.message else "")
        elif isinstance(answer, Stopped):
            said = f"did not return: {answer.detail}"
        else:
            said = "returned a value that is not plain data"
        super().__init__(f"your {function} {said}")
        self.function = function
        self.unwritten = isinstance(answer, Raised) and answer.unwritten


def our_functions(root: Path, used: Mapping[str, tuple[str, ...]]) -> dict[str, Functions]:
    """Return our own functions that an example imports, by module. Other modules are left out."""
    from grader.course.root import is_kit
    from grader.study.course_code import import_course_file

    found: dict[str, Functions] = {}
    for module, names in used.items():
        if is_kit(root):
            exercise = _exercise(root, module)
            imported = None if exercise is None else exercise.reference()
        else:
            path = _reference(root, module)
            imported = None if path is None else import_course_file(path)
        if imported is not None:
            found[module] = {name: getattr(imported, name) for name in names}
    return found


@contextmanager
def own_functions(root: Path, used: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Functions]]:
    """Yield the learner's functions by module, each called in a sandbox. Modules without a readable file are left out.

    Raises IsolationError if this machine has no sandbox.
    """
    from grader.sandbox import Sandboxed
    from grader.sandbox.flavours import FLAVOURS

    exercises = {module: exercise for module in used if (exercise := _exercise(root, module)) is not None}
    ready = {module: own for module, one in exercises.items() if (own := _own_submission(one)) is not None}
    if not ready:
        yield {}
        return
    limits = FLAVOURS["numpy"].limits
    with ExitStack() as stack:
        zygote = stack.enter_context(_zygote(root))
        found: dict[str, Functions] = {}
        for module, submission in ready.items():
            names = list(exercises[module].rubric.functions)
            caller = stack.enter_context(Sandboxed(zygote, submission, module, names, limits))
            found[module] = {name: partial(_called, caller, name) for name in used[module]}
        yield found


def _called(caller: Caller, name: str, *arguments: Any, **named: Any) -> Any:
    """Call one function of the learner and return its value. Raises OwnAnswerError."""
    from grader.sandbox import Foreign, Returned

    answer = caller.call(name, arguments, named)
    if isinstance(answer, Returned) and not isinstance(answer.value, Foreign):
        return answer.value
    raise OwnAnswerError(name, answer)


def _reference(root: Path, module: str) -> Path | None:
    return next(iter(sorted((root / "solutions").glob(f"[0-9][0-9]_*/{module}.py"))), None)


def _exercise(root: Path, module: str) -> Exercise | None:
    """Return the exercise that this module solves, if its solution runs with NumPy alone."""
    from grader.course import load_course
    from grader.course.root import is_kit

    path = _reference(root, module)
    if path is not None:
        found = next((one for one in load_course(root) if one.key == path.parent.name), None)
    elif is_kit(root):
        found = next((one for one in load_course(root) if one.rubric.module == module), None)
    else:
        return None
    return found if found is not None and found.rubric.flavour == "numpy" else None


def _own_submission(exercise: Exercise) -> Submission | None:
    """Return the learner's file for an exercise, from where `grade exercise` reads it, if it can be read."""
    from grader.cli.own_file import own_file, read_own
    from grader.sandbox.flavours import FLAVOURS
    from grader.submission import Submission, SubmissionError, screen_submission

    rubric, file = exercise.rubric, own_file(exercise)
    if file is None:
        return None
    try:
        read = read_own(exercise, file)
    except SubmissionError:
        return None  # `grade exercise` says what is wrong with the file
    packages = FLAVOURS[rubric.flavour].packages
    screened = screen_submission(read, rubric.module, packages, rubric.forbidden_imports)
    return screened if isinstance(screened, Submission) else None


def _zygote(root: Path) -> Zygote:
    """Start a sandbox: in namespaces, or else a plain process with limits, and say so. Raises IsolationError."""
    from grader.sandbox import Isolation, IsolationError
    from grader.sandbox import Zygote as Started
    from grader.sandbox.flavours import FLAVOURS

    try:
        zygote = Started("numpy", Isolation.NAMESPACES, [root])
        try:
            zygote.confirm(FLAVOURS["numpy"].limits)
        except BaseException:
            zygote.close()
            raise
    except IsolationError as error:
        note(f"Note: your functions run as a plain process with limits: {error}.")
        return Started("numpy", Isolation.PROCESS, [root])
    return zygote
