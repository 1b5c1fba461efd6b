"""A rubric: the criteria of an exercise, their points, their checks, and hints for learners who fail."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from grader.course.fault import did_you_mean
from grader.course.yaml_file import read_yaml

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

ModuleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]


class RubricPart(BaseModel):
    """A part of a rubric: validated when it is read, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ResultSpec(RubricPart):
    """One of the values that a learner's function returns; written `name` or `name:kind` in a rubric."""

    name: Identifier
    kind: Literal["array", "number", "any"] = "array"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            name, _, kind = value.partition(":")
            return {"name": name.strip(), "kind": kind.strip() or "array"}
        return value


class Hints(RubricPart):
    """Three hints: a question, the smallest probe, and the name of what is missing. They never show code."""

    question: Text
    probe: Text
    name: Text


class Criterion(RubricPart):
    """A criterion, which has points. Its checks share them equally, or by `weights`: a check without a weight has 1.

    If `whole` is set, a criterion gives its points only if all of its checks pass. That is for checks which a program
    can pass without doing what the criterion asks for.

    If `apart` is set, the checks have their own processes: their training does not depend on the training of other
    checks, and both run at once if a core is free.
    """

    id: Slug
    title: Text
    function: Identifier
    points: Annotated[float, Field(gt=0)]
    checks: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    hints: Hints
    bonus: bool = False
    whole: bool = False
    weights: dict[Identifier, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    apart: bool = False

    def share(self, check: str) -> float:
        """Return the points that `check` gives by itself; 0 if the criterion must hold as a whole."""
        if self.whole:
            return 0.0
        weights = {one: self.weights.get(one, 1.0) for one in self.checks}
        return self.points * weights[check] / math.fsum(weights.values())

    @model_validator(mode="after")
    def _weights_agree(self) -> Self:
        for check in self.weights:
            if check not in self.checks:
                hint = did_you_mean(check, list(self.checks))
                raise ValueError(f'criterion "{self.id}" gives a weight to "{check}", which it does not list.{hint}')
        if self.whole and self.weights:
            raise ValueError(f'criterion "{self.id}" must hold as a whole, so its checks have no weights')
        return self


class CarryForward(RubricPart):
    """The ways in which one mistake is charged once; each can be switched off.

    With `substitutes`, a function is checked a second time with right ones of those that it may call. With
    `same_cause`, a criterion gives its points if a misconception explains it that another criterion is charged with.
    """

    substitutes: bool = True
    same_cause: bool = True


class Rubric(RubricPart):
    """The criteria of one exercise.

    A submission may import the whole standard library and the packages of its flavour, except the modules in
    `forbidden_imports`. Each of these has a reason, which ends a sentence: "it does the convolution for you".

    `may_call` names, for each function, the other functions of the learner that it may call. If one of those is wrong,
    the caller is checked a second time with a right one, so that one mistake is charged once.

    `axes` names the axes of arrays, by the array's name: `y: [N, OH, OW, F]`. A picture shows the rows and columns of
    the first two neighbours whose names end in H and W.

    `sees` says what the exercise can show after grading, and ends the sentence "See ...": "what your network does". Its
    pictures are in `sights.py` beside the hidden tests.
    """

    exercise: Annotated[str, StringConstraints(pattern=r"^\d\d_[a-z0-9_]+$")]
    title: Text
    module: Identifier
    functions: Annotated[dict[Identifier, Annotated[tuple[ResultSpec, ...], Field(min_length=1)]], Field(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    forbidden_imports: dict[ModuleName, Text] = Field(default_factory=dict)
    flavour: Literal["numpy", "keras"] = "numpy"
    companions: tuple[Identifier, ...] = ()
    may_call: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    carry_forward: CarryForward = CarryForward()
    needs: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    axes: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    sees: str = ""

    @property
    def possible(self) -> float:
        """Return the points of all criteria that are not a bonus."""
        return sum(criterion.points for criterion in self.criteria if not criterion.bonus)

    def criterion_of(self, check: str) -> Criterion | None:
        """Return the criterion that lists `check`."""
        return next((criterion for criterion in self.criteria if check in criterion.checks), None)

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        seen_ids: set[str] = set()
        owners: dict[str, str] = {}
        for criterion in self.criteria:
            if criterion.id in seen_ids:
                raise ValueError(f'two criteria have the id "{criterion.id}"')
            seen_ids.add(criterion.id)
            if criterion.function not in self.functions:
                raise ValueError(
                    f'criterion "{criterion.id}" is about "{criterion.function}", which is not in `functions`.'
                    + did_you_mean(criterion.function, list(self.functions))
                )
            for check in criterion.checks:
                if check in owners:
                    raise ValueError(f'the check "{check}" feeds both "{owners[check]}" and "{criterion.id}"')
                owners[check] = criterion.id
        return self

    @model_validator(mode="after")
    def _calls_end(self) -> Self:
        """Refuse functions that may call each other in a circle: each would be answered for the other."""
        if self.may_call and self.flavour == "keras":
            raise ValueError("`may_call` is for functions of arrays and numbers: a model cannot be sent")
        for caller, called in self.may_call.items():
            for name in (caller, *called):
                if name not in self.functions:
                    hint = did_you_mean(name, list(self.functions))
                    raise ValueError(f'`may_call` names "{name}", which is not in `functions`.{hint}')
        for caller in self.may_call:
            reached: set[str] = set()
            new = set(self.may_call[caller])
            while new:
                reached |= new
                new = {name for one in new for name in self.may_call.get(one, ())} - reached
            if caller in reached:
                raise ValueError(f'`may_call` lets "{caller}" call itself, directly or through another function')
        return self


def read_rubric(path: Path) -> Rubric:
    """Read a rubric from a YAML file. Raises CourseError with every fault and its line."""
    return read_yaml(path, Rubric, "a rubric", (Criterion, Hints, CarryForward))
