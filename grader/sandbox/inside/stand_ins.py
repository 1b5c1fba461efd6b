"""Stand-ins for missing modules.

A stand-in for a package that draws, shows progress or belongs to a notebook does nothing. A stand-in for a package that
computes raises an error at its first use in a function, with the line, so that only this function fails. At the top
level of a file it raises nothing: `torch.manual_seed(0)` or `class Net(torch.nn.Module)` costs nothing if no function
needs it.
"""

from __future__ import annotations

import builtins
import difflib
import opcode
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from . import inline, running

NAME_LIMIT = 80

files: Collection[str] = ()
"""The names of the learner's files, as in their code objects. Set once, before the learner's code runs."""

QUIET = frozenset({
    "IPython", "alive_progress", "altair", "bokeh", "colorama", "curses", "dotenv", "enlighten", "fastprogress",
    "google.colab", "hvplot", "hypothesis", "icecream", "ipywidgets", "jaxtyping", "line_profiler", "loguru",
    "matplotlib", "matplotlib_inline", "memory_profiler", "mpl_toolkits", "mypy_extensions", "nbformat", "nose",
    "nptyping", "p_tqdm", "plotly", "plotext", "plotnine", "progressbar", "psutil", "pylab", "pytest", "rich",
    "seaborn", "snoop", "stqdm", "tabulate", "tensorboard", "termcolor", "tkinter", "torchtyping", "tqdm", "turtle",
    "typeguard", "typing_extensions", "beartype", "wandb", "winsound",
})  # fmt: skip
_PROGRESS = frozenset({"alive_progress", "enlighten", "fastprogress", "p_tqdm", "progressbar", "rich", "stqdm", "tqdm"})
_COMPUTING = frozenset({
    "PIL", "autograd", "chainer", "cupy", "cv2", "dask", "imageio", "jax", "joblib", "keras", "mxnet", "numba",
    "numexpr", "pandas", "pydantic", "requests", "scipy", "skimage", "sklearn", "statsmodels", "sympy", "tensorflow",
    "theano", "torch", "torchvision", "xarray",
})  # fmt: skip
_KEPT_BY_PYLAB = frozenset({"abs", "bool", "bytes", "max", "min", "pow", "round"})
_TRANSPARENT = frozenset({
    "beartype", "cache", "enable_grad", "function", "generated_jit", "inference_mode", "jaxtyped", "jit", "jitclass",
    "njit", "no_grad", "profile", "script", "typechecked",
})  # fmt: skip
"""Decorators that make a function faster or check its types. They do not change its results."""


class UnavailableError(ModuleNotFoundError):
    """A function uses a missing module."""


class Facts(NamedTuple):
    """The package that a stand-in replaces. `given` are the arguments of the call that returned it."""

    name: str
    why: str
    quiet: bool = False
    given: tuple[Any, ...] | None = None
    true: bool = False
    forbidden: Mapping[str, str] = types.MappingProxyType({})

    @property
    def root(self) -> str:
        """Return the package."""
        return self.name.partition(".")[0]

    @property
    def last(self) -> str:
        """Return the name without its modules."""
        return self.name.rpartition(".")[2]


def is_quiet(name: str) -> bool:
    """Return whether a module only shows something, so that no function needs it for its result."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in QUIET for length in range(1, len(parts) + 1))


def why_missing(name: str, main: str) -> str:
    """Return why a module is missing, as the second half of a sentence."""
    root = name.partition(".")[0]
    has_keras = "keras" in sys.modules
    instead = f"Use NumPy{', Keras' if has_keras else ''} and the standard library."
    if root in _COMPUTING:
        return f"which is unavailable in this exercise. {instead}"
    for known in (["numpy", "keras", "tensorflow"][: 3 if has_keras else 1], sys.stdlib_module_names):
        near = difflib.get_close_matches(root[:NAME_LIMIT], known, n=1, cutoff=0.8)
        if near:
            return f'which does not exist. Did you mean "{near[0]}"?'
    return f"which is not installed here and was not handed in with {main}. {instead}"


def names_for_star(root: str, frame: types.FrameType) -> list[str]:
    """Return the names that `from x import *` must define: the file uses them, and nothing else defines them."""
    waiting, names = [frame.f_code], set[str]()
    while waiting:
        code = waiting.pop()
        names.update(code.co_names)
        waiting.extend(const for const in code.co_consts if isinstance(const, types.CodeType))
    pylab = set(np.__all__) - _KEPT_BY_PYLAB if root == "pylab" else set[str]()
    unknown = {name for name in names if not hasattr(builtins, name) and name not in frame.f_globals}
    return sorted(name for name in unknown | pylab if not name.startswith("_"))


class StandIn:
    """Replaces a missing module and everything in it."""

    __version__ = "0.0.0"

    def __init__(self, facts: Facts) -> None:
        vars(self)["_facts"] = facts

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{self!r} has no attribute {name}")
        facts: Facts = self._facts
        instead = _instead(facts.root, name)
        if instead is not None:
            return instead
        dotted = f"{facts.name}.{name}".lstrip(".")[:NAME_LIMIT]
        return StandIn(facts._replace(name=dotted, quiet=facts.quiet or is_quiet(dotted), given=None))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return what is decorated, or another stand-in; raise an error if a function needs the result."""
        facts: Facts = self._facts
        changes_nothing = facts.quiet or facts.last in _TRANSPARENT
        if changes_nothing and len(arguments) == 1 and _is_decorated(arguments[0]):
            return arguments[0]
        if not changes_nothing:
            self._refuse()
        return StandIn(facts._replace(given=arguments or tuple(named.values())))

    def __iter__(self) -> Iterator[Any]:
        self._refuse()
        facts: Facts = self._facts
        if facts.root in _PROGRESS:
            given = next((one for one in facts.given or () if hasattr(one, "__iter__")), ())
            return iter(given)
        return iter([self._result()] * _unpacked_by(sys._getframe(1)))

    def __len__(self) -> int:
        self._refuse()
        facts: Facts = self._facts
        return len(facts.given[0]) if facts.root in _PROGRESS and facts.given else 1

    def __bool__(self) -> bool:
        return bool(self._facts.true or self._facts.root == "pytest")

    def __eq__(self, other: object) -> bool:
        return self is other or bool(self) or _place()[1]  # assert y == pytest.approx(x)

    def __hash__(self) -> int:
        return id(self)

    def __contains__(self, item: object) -> bool:
        self._refuse()
        return False

    def __getitem__(self, key: Any) -> Any:
        return self._result()  # even in annotations: Float[Array, "n"]

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep nothing: plt.rcParams["figure.figsize"] = (8, 4)."""

    def __delitem__(self, key: Any) -> None:
        """Keep nothing."""

    def __or__(self, other: Any) -> Any:
        return self._result()  # torch.Tensor | None

    __ror__ = __or__

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        facts: Facts = self._facts
        expected = facts.given[0] if facts.root == "pytest" and facts.given else ()
        return kind is not None and isinstance(expected, type | tuple) and issubclass(kind, expected)

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (type(self._facts.last, (_Base,), {"_stand_in": self}),)

    def __array__(self, *_: Any, **__: Any) -> Any:
        self._refuse()
        return np.zeros(())

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        self._refuse()
        return StandIn(self._facts._replace(given=(), true=True))  # assert np.allclose(y, torch_y)

    __array_function__ = __array_ufunc__

    def __repr__(self) -> str:
        return f"<a stand-in for {self._facts.name}>"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def _result(self) -> StandIn:
        return StandIn(self._facts._replace(given=self._facts.given or ()))

    def _refuse(self) -> None:
        """Raise UnavailableError if a function needs the missing module."""
        facts: Facts = self._facts
        ruled_out = [why for name, why in facts.forbidden.items() if f"{facts.name}.".startswith(f"{name}.")]
        if facts.quiet and not ruled_out:
            return
        line, at_top = _place()
        if at_top:
            running.answered_at_top = True
        else:
            why = f"which this exercise does not allow: {ruled_out[0]}" if ruled_out else facts.why
            raise UnavailableError(f"{facts.name}{line}, {why}")


class _Base:
    """The base of a class that a learner derives from a stand-in."""

    _stand_in: StandIn

    def __init__(self, *arguments: Any, **named: Any) -> None:
        if arguments or named:  # the missing class would have used them
            self._stand_in._refuse()

    def __init_subclass__(cls, **_: Any) -> None:
        """Accept and ignore all keywords."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stand_in, name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the stand-in."""
        return self._stand_in(*arguments, **named)


def _operation(answer: Any) -> Callable[..., Any]:
    def operate(self: StandIn, *_: Any) -> Any:
        self._refuse()
        return self._result() if answer is None else answer

    return operate


_ANSWERS = {"int": 0, "index": 0, "float": 0.0, "complex": 0j, "lt": False, "le": False, "gt": False, "ge": False}
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "divmod", "and", "xor", "lshift"):
    for _form in (_name, f"r{_name}", f"i{_name}"):
        setattr(StandIn, f"__{_form}__", _operation(None))
for _name in ("neg", "pos", "abs", "invert", "round", *_ANSWERS):
    setattr(StandIn, f"__{_name}__", _operation(_ANSWERS.get(_name)))


def _place() -> tuple[str, bool]:
    """Return the learner's line that runs now, and True if the top level of a file called it."""
    line = ""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename in files:
            line = line or f" (line {frame.f_lineno})"
            if frame.f_code.co_name == "<module>":
                return line, True
        frame = frame.f_back
    return line, False


def _unpacked_by(frame: types.FrameType) -> int:
    """Return how many values the running instruction unpacks: 2 in `fig, ax = plt.subplots()`, else 1."""
    code, at = frame.f_code.co_code, frame.f_lasti
    name = opcode.opname[code[at]]
    return code[at + 1] if name in ("UNPACK_SEQUENCE", "UNPACK_EX") else 1


def _is_decorated(value: Any) -> bool:
    if isinstance(value, StandIn) or (isinstance(value, type) and issubclass(value, BaseException)):
        return False
    return callable(value) or isinstance(value, staticmethod | classmethod | property)


def _instead(root: str, name: str) -> Any:
    """Return a plain substitute for a function of a missing package, such as range for tqdm's trange; or None."""
    if root == "pylab":
        return next((getattr(part, name) for part in (np, np.random, np.linalg, np.fft) if hasattr(part, name)), None)
    if root == "typing_extensions":
        return getattr(typing, name, None)
    return _INSTEAD.get((root, name))


def _vectorize(*arguments: Any, **_: Any) -> Any:
    return np.vectorize(arguments[0]) if arguments and isinstance(arguments[0], types.FunctionType) else np.vectorize


_INSTEAD: dict[tuple[str, str], Any] = {
    ("numba", "prange"): range,
    ("numba", "vectorize"): _vectorize,
    ("tqdm", "trange"): range,
    ("tqdm", "thread_map"): inline.map_to_list,
    ("tqdm", "process_map"): inline.map_to_list,
    ("joblib", "Parallel"): inline.Parallel,
    ("joblib", "delayed"): inline.delayed,
    ("joblib", "cpu_count"): lambda *_: 1,
    ("icecream", "ic"): lambda *values: values[0] if len(values) == 1 else values or None,
    ("termcolor", "colored"): lambda text, *_, **__: text,
}
