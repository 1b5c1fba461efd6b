"""The report as data: a public contract, versioned by `schema`.

The same submission, course and seed give the same report on any machine. Timings and the host may differ between two
runs. They are in `run`, which is not part of the hash.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from grader.checks import Verdict
from grader.sandbox import Reason
from grader.text import claimed, claimed_name, for_encoding, without_addresses

Isolation = Literal["namespaces", "process"]

UNWRITTEN = (Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED)
"""The reasons of a check whose function is not written yet."""

NAME_CHARACTERS = 200
CHECK_CHARACTERS = 4000  # our own messages about a failed check stay below 2500
REMARK_CHARACTERS = 500


def _repeatable(value: Any) -> Any:
    """Return a text without memory addresses, which differ from run to run, and without lone surrogates.

    UTF-8 cannot encode a lone surrogate, so it becomes an escape.
    """
    if not isinstance(value, str):
        return value
    return for_encoding(without_addresses(value), "utf-8")


def _limited(limit: int, clean: Callable[[str, int], str]) -> BeforeValidator:
    """Escape and cut a text that a learner may have influenced, before it enters a report."""
    return BeforeValidator(lambda value: clean(without_addresses(value), limit) if isinstance(value, str) else value)


def _whole(points: float) -> Any:  # a declared float would make 5.0 of 5 again
    """Five points are `5`, in any language that reads them."""
    return int(points) if points.is_integer() else points


Text = Annotated[str, BeforeValidator(_repeatable)]
Name = Annotated[str, _limited(NAME_CHARACTERS, claimed_name)]
Message = Annotated[str, _limited(CHECK_CHARACTERS, claimed)]
Remark = Annotated[str, _limited(REMARK_CHARACTERS, claimed)]
Points = Annotated[
    float,
    Field(ge=0, allow_inf_nan=False),
    PlainSerializer(_whole),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ReportPart(BaseModel):
    """A part of the contract: validated when it is made, frozen, and without keys that the contract does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SubmissionStamp(ReportPart):
    """The learner, and the exact files that were graded."""

    learner: Name
    files: tuple[Name, ...]
    sha256: Digest = Field(description="Over the names and bytes of the files.")


class CourseStamp(ReportPart):
    """The course and the seed that the work was graded with."""

    hash: Digest = Field(description="Over the rubric, the hidden tests and the reference.")
    seed: int = Field(description="The seed of the run. A different seed gives different test inputs.")


class ScoreReport(ReportPart):
    """The points. A bonus is part of neither `earned` nor `possible`. A grader fault leaves no points."""

    earned: Points | None = Field(description="Null if the grader had a fault: there is no score then.")
    possible: Points
    earned_bonus: Points | None = Field(description="Null if the grader had a fault.")
    possible_bonus: Points


class ProblemReport(ReportPart):
    """The reason why nothing could run, with its place in the learner's file."""

    line: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=0)] = Field(description="From 1; 0 if only the line is known.")
    message: Message
    source_line: Text = Field(description="The line of the file, cut if it is very long.")


class DiagnosisHint(ReportPart):
    """The misconception that explains a failed check, and its next hint."""

    id: Text
    hint: Text


class GridReport(ReportPart):
    """One plane of an array: in numbers, in shades if it is larger, or only its shape."""

    name: Text
    shape: tuple[int, ...]
    axes: tuple[Text, ...] = Field(default=(), description="The names of the axes; empty if the course names none.")
    part: Text = Field(default="", description="The index of the plane; empty if it is the whole array.")
    rows: tuple[tuple[Text, ...], ...] = Field(default=(), description="The numbers as text; empty for a large array.")
    shades: tuple[Text, ...] = Field(
        default=(), description="A digit per block, 0 for the smallest mean, 4 for the largest."
    )
    wrong: tuple[tuple[int, int], ...] = Field(default=(), description="Row and column of each wrong number or block.")


class ExampleReport(ReportPart):
    """One failing call as a picture."""

    function: Text
    settings: Text = Field(description="The arguments that are no arrays and differ from their defaults.")
    seen: Message = Field(description="A sentence if this is the smallest failing call that was found; else empty.")
    inputs: tuple[GridReport, ...]
    yours: GridReport | None = Field(description="The learner's result; null if there is none.")
    expected: GridReport | None = Field(description="The right result: in numbers for the smallest call only.")


class CheckReport(ReportPart):
    """The outcome of one hidden check."""

    name: Text
    function: Text = Field(description="The learner's function that the check exercises.")
    title: Text
    verdict: Verdict
    reason: Reason | None = Field(description="Why it did not pass; null if it passed.")
    message: Message = Field(
        description="The observed result, the expected one and the input; empty if the check passed."
    )
    summary: Message = Field(description="The message without a long call.")
    exception: Name = Field(
        description="The built-in class of the exception that the learner's function raised; or empty."
    )
    line: Annotated[int, Field(ge=0)] = Field(description="The learner's line that raised; 0 if none did.")
    example: ExampleReport | None = Field(description="A failing call as a picture; null if there is none.")
    remarks: tuple[Remark, ...] = Field(description="Deviations that were accepted and cost nothing.")
    diagnosis: DiagnosisHint | None
    checked_with: tuple[Text, ...] = Field(
        description="The learner's functions that were wrong, and were replaced by right ones so that it passed."
    )


class CriterionReport(ReportPart):
    """The points of one criterion, and its checks."""

    id: Text
    title: Text
    earned: Points | None = Field(description="Null if the grader had a fault anywhere in this report.")
    possible: Points
    bonus: bool
    hint: Text | None = Field(description="A question that helps; null if no points are lost.")
    charged_with: tuple[Text, ...] = Field(
        description="The misconceptions, by id, that cost points here. Each costs points in one criterion only."
    )
    same_cause_as: Text | None = Field(
        description="The id of the criterion that is charged with everything that failed here. This one has its points."
    )
    carried_forward: tuple[Text, ...] = Field(
        description="A sentence for each mistake that was charged elsewhere, and costs nothing here."
    )
    checks: tuple[CheckReport, ...]


class DiagnosisReport(ReportPart):
    """A misconception that explains the answers of one function."""

    id: Text
    belief: Text
    hint: Text
    cards: tuple[Text, ...]
    function: Text


class LocationReport(ReportPart):
    """The inputs for which a function is wrong, if no misconception explains it."""

    function: Text
    text: Message


class GraderFault(ReportPart):
    """A fault of the grader. It costs no points: a report with a fault states no score."""

    check: Text | None = Field(description="The check that broke; null if something else broke.")
    message: Message


class Output(ReportPart):
    """The output of the learner's program while it was graded."""

    stdout: Text
    stderr: Text
    truncated: bool = Field(description="True if it printed more than is kept.")


class Run(ReportPart):
    """One run of the grader: everything that may differ between equal reports."""

    timings: dict[str, float] | None = Field(description="Seconds for each step; null unless requested.")
    host: dict[str, Text]
    versions: dict[str, Text]


class Report(ReportPart):
    """Everything about one submission."""

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    exercise: Text
    title: Text
    submission: SubmissionStamp
    course: CourseStamp
    isolation: Isolation = Field(
        description="The isolation of the program: namespaces, or a plain process with limits."
    )
    score: ScoreReport
    problems: tuple[ProblemReport, ...] = Field(description="The reasons why nothing could run; empty if the file ran.")
    remarks: tuple[Remark, ...] = Field(description="Notes about how the submission was read; they cost nothing.")
    criteria: tuple[CriterionReport, ...]
    diagnoses: tuple[DiagnosisReport, ...]
    located: tuple[LocationReport, ...] = Field(description="For which inputs what is not explained goes wrong.")
    grader_faults: tuple[GraderFault, ...]
    output: Output
    sha256: Digest = Field(description="Over everything but itself and `run`.")
    run: Run

    @model_validator(mode="after")
    def _states_no_score_with_a_fault(self) -> Self:
        """Check that a report states points exactly if the grader had no fault."""
        points = (self.score.earned, self.score.earned_bonus, *(one.earned for one in self.criteria))
        if any((one is None) != bool(self.grader_faults) for one in points):
            raise ValueError("a report states points exactly if the grader had no fault")
        return self
