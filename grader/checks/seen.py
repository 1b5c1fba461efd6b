"""Values that a course shows after grading: images, curves, a table of counts and bars.

They are made from a learner's answers, so their form and size are verified here. A renderer can draw them without
looking at them again.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

SIDE = 16  # pixels of an image; a digit has 8
NUMBERS = 1024  # of one array; a list of more takes memory and time before it is refused
MAPS = 12
EPOCHS = 1000
CLASSES = 20
WORD = 60  # characters of a name
LARGEST = 1e30  # of the numbers of a curve


def _listed(values: Any) -> Any:
    """Return an array as lists. Complex numbers and objects stay as they are, and are refused."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
        return values
    if values.size > NUMBERS:
        raise ValueError(f"{values.size:,} numbers; at most {NUMBERS:,} are shown")
    return values.tolist()


def _measured(value: Any) -> Any:
    """Return None for a number that no chart can show: a training that diverged has such losses."""
    return None if isinstance(value, float) and not abs(value) <= LARGEST else value


Name = Annotated[str, Field(min_length=1, max_length=WORD)]
Row = Annotated[tuple[FiniteFloat, ...], Field(min_length=1, max_length=SIDE)]
Rows = Annotated[tuple[Row, ...], BeforeValidator(_listed), Field(min_length=1, max_length=SIDE)]
Counts = Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, max_length=CLASSES)]


class _Shown(BaseModel):
    """A frozen value without further keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Map(_Shown):
    """One image, or one channel of a feature map, with its caption."""

    caption: Name
    rows: Rows

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> Self:
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("the rows have different lengths")
        return self


class Maps(_Shown):
    """Images side by side."""

    kind: Literal["maps"] = "maps"
    maps: Annotated[tuple[Map, ...], Field(min_length=1, max_length=MAPS)]


class Curve(_Shown):
    """A number after each epoch; None if it was not finite, or too large for a chart."""

    name: Name
    values: Annotated[
        tuple[Annotated[FiniteFloat | None, BeforeValidator(_measured)], ...],
        Field(min_length=1, max_length=EPOCHS),
    ]


class Chart(_Shown):
    """Curves of one quantity, with one scale. It begins at 0 or below, and reaches at least `top`."""

    name: Name
    top: FiniteFloat = 0.0
    curves: Annotated[tuple[Curve, ...], Field(min_length=1, max_length=2)]


class Charts(_Shown):
    """Charts side by side."""

    kind: Literal["charts"] = "charts"
    charts: Annotated[tuple[Chart, ...], Field(min_length=1, max_length=4)]


class Table(_Shown):
    """Counts of examples: those of a row's class that were taken for a column's class."""

    kind: Literal["table"] = "table"
    rows: Annotated[tuple[Name, ...], Field(min_length=1, max_length=CLASSES)]
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=CLASSES)]
    counts: Annotated[tuple[Counts, ...], BeforeValidator(_listed)]

    @model_validator(mode="after")
    def _has_a_count_in_each_place(self) -> Self:
        if [len(row) for row in self.counts] != [len(self.columns)] * len(self.rows):
            raise ValueError("the counts do not fit the names")
        return self


class Bar(_Shown):
    """A share from 0 to 1."""

    name: Name
    share: Annotated[float, Field(ge=0, le=1)]


class Bars(_Shown):
    """Shares below each other."""

    kind: Literal["bars"] = "bars"
    bars: Annotated[tuple[Bar, ...], Field(min_length=1, max_length=CLASSES)]


Body = Maps | Charts | Table | Bars


class Seen(_Shown):
    """One thing that a learner sees: a title, perhaps a sentence, and a body. `lost` says why there is none."""

    title: Annotated[str, Field(max_length=200)]
    said: Annotated[str, Field(max_length=300)] = ""
    body: Body | None = None
    lost: str = ""
