"""A rubric: what points are given for, which checks feed them, and how a learner who fails is helped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from grader.course.fault import CourseError, Fault, did_you_mean

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

HARMLESS_IMPORTS = (
    "__future__", "abc", "array", "bisect", "builtins", "cmath", "collections", "copy", "dataclasses",
    "decimal", "enum", "fractions", "functools", "heapq", "itertools", "math", "numbers", "numpy", "operator",
    "random", "statistics", "string", "textwrap", "time", "types", "typing", "warnings",
)  # fmt: skip
"""What a submission may import where its rubric says nothing: NumPy and the harmless part of the standard library."""


class Frozen(BaseModel):
    """Data from outside: checked when it enters, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(Frozen):
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


class Hints(Frozen):
    """Three steps that a learner climbs: a question, the smallest probe, the name of what is missing. Never code."""

    question: Text
    probe: Text
    name: Text


class Criterion(Frozen):
    """What points are given for. It holds when all of its checks pass; `partial` gives each check its equal share."""

    id: Slug
    title: Text
    function: Identifier
    points: Annotated[float, Field(gt=0)]
    checks: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    hints: Hints
    bonus: bool = False
    partial: bool = False


class Rubric(Frozen):
    """The criteria of one exercise."""

    exercise: Annotated[str, StringConstraints(pattern=r"^\d\d_[a-z0-9_]+$")]
    title: Text
    module: Identifier
    functions: Annotated[dict[Identifier, Annotated[tuple[Result, ...], Field(min_length=1)]], Field(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    allowed_imports: tuple[str, ...] = HARMLESS_IMPORTS
    flavour: Literal["numpy"] = "numpy"

    @property
    def possible(self) -> float:
        """The points of all criteria that are not a bonus."""
        return sum(criterion.points for criterion in self.criteria if not criterion.bonus)

    def criterion_of(self, check: str) -> Criterion | None:
        """The criterion that `check` feeds."""
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


def read_rubric(path: Path) -> Rubric:
    """The rubric in a YAML file; raises CourseError with every fault and its line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CourseError([Fault(path, line, f"is not UTF-8: byte {error.object[error.start]:#04x}")]) from None
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise CourseError([Fault(path, line, f"is not YAML: {error.problem or error.context}")]) from None
    except YAMLError as error:
        raise CourseError([Fault(path, 1, f"is not YAML: {error}")]) from None
    if not isinstance(tree, dict):
        raise CourseError([Fault(path, 1, f"holds {type(tree).__name__}, expected the keys of a rubric")])
    try:
        return Rubric.model_validate(_plain(tree))
    except ValidationError as error:
        # A list whose items are wrong is then also said to be too short, which it is not.
        problems = [problem for problem in error.errors() if problem["type"] != "too_short" or not problem["input"]]
        raise CourseError(
            Fault(path, line_of(tree, problem["loc"]), _sentence(problem)) for problem in problems
        ) from None


def line_of(tree: Any, location: tuple[int | str, ...]) -> int:
    """The line, from 1, on which the value at `location` stands in a round-trip YAML tree."""
    line = 1
    for step in location:
        marks = getattr(tree, "lc", None)
        if marks is None:
            break
        try:
            at = marks.key(step) if isinstance(tree, dict) else marks.item(step)
            line = at[0] + 1
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _plain(node: Any) -> Any:
    """The same tree without the YAML reader's own types."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _sentence(problem: Any) -> str:
    where = ".".join(str(step) for step in problem["loc"])
    known = list(Rubric.model_fields) + list(Criterion.model_fields) + list(Hints.model_fields)
    if problem["type"] == "extra_forbidden":
        return f"`{where}` is not a key of a rubric.{did_you_mean(str(problem['loc'][-1]), known)}"
    if problem["type"] == "missing":
        return f"`{where}` is missing"
    message = re.sub(r"^Value error, ", "", problem["msg"])
    return f"`{where}`: {message}" if where else message
