"""Has a type for everything."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar, overload, runtime_checkable

import numpy as np
import numpy.typing as npt
from jaxtyping import Float, jaxtyped
from beartype import beartype
from typing_extensions import Self, TypeAlias, override

if TYPE_CHECKING:
    import torch
    from mypackage.types import Image

Pair: TypeAlias = "tuple[int, int]"
Array = npt.NDArray[np.float64]
T = TypeVar("T", bound=np.generic)
ONE: Final = 1


@runtime_checkable
class Feature(Protocol):
    def __call__(self, x: Array, /) -> Array: ...


class Plan(t.TypedDict, total=False):
    rows: int
    columns: int


@overload
def pair(value: int) -> Pair: ...
@overload
def pair(value: Sequence[int]) -> Pair: ...
def pair(value: Any) -> Pair:
    return (value, value) if isinstance(value, (int, np.integer)) else t.cast("Pair", tuple(value))


def dense_params(n_in: int, n_out: int, bias: bool = True) -> int:
    return (n_in + ONE) * n_out if bias else n_in * n_out


def conv_params(kernel_size: int | Pair, c_in: int, c_out: int, bias: bool = True) -> int:
    kh, kw = pair(kernel_size)
    return kh * kw * c_in * c_out + (c_out if bias else 0)


def conv_output_shape(
    hw: Pair, kernel_size: int | Pair, stride: int | Pair = 1, padding: int | Literal["valid", "same"] = "valid"
) -> Pair:
    plan: Plan = {}
    for key, n, k, s in zip(("rows", "columns"), hw, pair(kernel_size), pair(stride), strict=True):
        p = 0 if padding == "valid" else padding
        plan[key] = -(-n // s) if padding == "same" else (n + 2 * p - k) // s + 1  # type: ignore[literal-required]
    return plan["rows"], plan["columns"]


@beartype
def shift2d(x: Float[np.ndarray, "... h w c"], dy: int, dx: int) -> Float[np.ndarray, "... h w c"]:
    y = np.zeros_like(x)
    axes = (0, 1) if x.ndim == 2 else (x.ndim - 3, x.ndim - 2)
    to: list[slice] = [slice(None)] * x.ndim
    source: list[slice] = list(to)
    for axis, d in zip(axes, (dy, dx), strict=True):
        n = x.shape[axis]
        to[axis] = slice(min(max(d, 0), n), max(min(n + d, n), 0))
        source[axis] = slice(min(max(-d, 0), n), max(min(n - d, n), 0))
    y[tuple(to)] = x[tuple(source)]
    return y


def equivariance_gap(f: Feature | Callable[[Array], Array], x: Array, dy: int, dx: int) -> float:
    return float(np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx)).max())
