"""A worked example that has run: with our functions, and with the learner's own if there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.study.worked_example import Printed, Statement, modules_used, run_example, same_result, split_example

if TYPE_CHECKING:
    from grader.cli.own_functions import Functions
    from grader.study.lessons import Lesson

LONGEST = 500  # characters of a learner's result


@dataclass(frozen=True)
class ExampleRun:
    """The outcomes of the statements: `ours`, and `own` with the learner's functions, if any is written.

    `own` ends at the first exception. `unwritten` are the functions that we answered for the learner.
    """

    ours: tuple[str, ...]
    own: tuple[Printed, ...] = ()
    unwritten: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: Path, lesson: Lesson) -> Self:
        """Run the worked example of a lesson. Raises CourseError if our own functions fail."""
        from grader.cli.own_functions import our_functions, own_functions
        from grader.course import CourseError, Fault
        from grader.sandbox import IsolationError

        statements = split_example(lesson.sections["Worked example"])[1]
        used = modules_used(statements)
        ours = our_functions(root, used)
        outcomes = run_example(statements, ours)
        if outcomes and outcomes[-1].error is not None:
            path = root / "exercises" / lesson.exercise / "lesson.md"
            raise CourseError([Fault(path, 1, f"the worked example raised {outcomes[-1].error!r}")])
        texts = tuple(one.text for one in outcomes)
        try:
            with own_functions(root, used) as own:
                return cls(texts, *_with_own(statements, ours, own))
        except IsolationError:  # `grade exercise` says why
            return cls(texts)

    def remark_on_own(self, place: int) -> str:
        """Return how the learner's own result compares with ours, an empty text if there is none."""
        if place >= len(self.own):
            return ""
        answered = f" ({', '.join(self.unwritten)}: not written yet, answered by ours)" if self.unwritten else ""
        shown, error = self.own[place].text, self.own[place].error
        if error is not None:
            return f"Your own code ends here: {error}{answered}."
        if same_result(shown, self.ours[place]):
            return f"Your own code shows the same{answered}."
        return f"Your own code shows {shown[:LONGEST]}{' ...' if len(shown) > LONGEST else ''}{answered}."


def _with_own(
    statements: Sequence[Statement], ours: Mapping[str, Functions], own: Mapping[str, Functions]
) -> tuple[tuple[Printed, ...], tuple[str, ...]]:
    """Run with the learner's functions, and with ours in place of those that are not written.

    Return no outcomes if none of the learner's functions is written.
    """
    from grader.cli.own_functions import OwnAnswerError

    written = {(module, name): function for module, functions in own.items() for name, function in functions.items()}
    unwritten: list[str] = []
    while written:
        mixed = {
            module: {name: written.get((module, name), function) for name, function in functions.items()}
            for module, functions in ours.items()
        }
        outcomes = run_example(statements, mixed)
        error = outcomes[-1].error if outcomes else None
        if not (isinstance(error, OwnAnswerError) and error.unwritten):
            return outcomes, tuple(unwritten)
        unwritten.append(error.function)
        written = {key: function for key, function in written.items() if key[1] != error.function}
    return (), ()
