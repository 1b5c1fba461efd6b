"""Collect the hidden tests of an exercise with pytest, by its public functions and hooks alone.

`pytest.main` starts its own session, without other plugins and without reports. Our plugin collects one file in
it and keeps the functions. Nothing of the session is needed afterwards: a check is a function and the names of its
fixtures.
"""

from __future__ import annotations

import ast
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.course import CourseError, Fault

FIXTURES = ("submission", "reference", "models", "rng")
ROOT_VARIABLE = "CNN_GRADER_CHECKS"

_UNUSED_PLUGINS = (
    "cacheprovider", "terminal", "junitxml", "pastebin", "doctest", "debugging", "faulthandler", "stepwise",
    "logging", "unittest", "legacypath", "recwarn", "setuponly", "setupplan", "capture", "tmpdir",
    "monkeypatch", "unraisableexception", "threadexception", "warnings", "reports", "subtests", "skipping",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One hidden test: its function, and what its marker says.

    `criterion` is the id in its marker. `excuses` are the reasons why it may break a rule of `grade course check`.
    """

    name: str
    function: Callable[..., None]
    arguments: tuple[str, ...]
    criterion: str | None = None
    excuses: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the line that a learner reads: the first of the docstring."""
        return (inspect.getdoc(self.function) or self.name).partition("\n")[0]

    @property
    def line(self) -> int:
        """Return the line of the check in its file."""
        return self.function.__code__.co_firstlineno


def collect(path: Path) -> tuple[Check, ...]:
    """Return the checks in a file, in its order.

    Raises CourseError if the file cannot be imported, or if a check needs more than the fixtures of the grader.
    """
    plugin = _Collecting(path)
    variables = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": None,
        "PYTEST_PLUGINS": None,
        ROOT_VARIABLE: str(path.parent),
    }
    with _environment(variables):
        code = pytest.main(_arguments(), plugins=[plugin])
    # pytest imports a file under a short name and would give the next course's file of that name ours.
    sys.modules.pop(path.stem, None)
    if isinstance(plugin.error, Exception):
        cause = plugin.error.__cause__ or plugin.error
        message = f"its hidden tests cannot be collected: {type(cause).__name__}: {cause}"
        raise CourseError([Fault(path, 1, message)])
    if plugin.error is not None:
        raise plugin.error
    if plugin.nodes is None:
        raise RuntimeError(f"pytest {pytest.__version__} ended with {code!r} before it collected {path}")
    if faults := list(_faults_of(path, plugin.nodes)):
        raise CourseError(faults)
    return tuple(_check_of(node) for node in plugin.nodes if isinstance(node, pytest.Function))


class _Collecting:
    """A plugin that collects one file and runs nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.nodes: list[pytest.Item | pytest.Collector] | None = None
        self.error: BaseException | None = None

    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect the file, and keep what goes wrong: pytest would print it."""
        try:
            self.nodes = list(pytest.Module.from_parent(session, path=self._path).collect())
        except BaseException as error:  # Ctrl-C too, which pytest would turn into an exit code
            self.error = error
        return True

    def pytest_runtestloop(self) -> bool:
        """Run nothing: the checks run later, for one submission after another."""
        return True


def _arguments() -> list[str]:
    """Return the command line for pytest.

    No path is an argument: pytest reads `::` and `[` in a path as parts of a test's name. `--rootdir` may name a
    variable of the environment, which pytest replaces once, without reading its value.
    """
    return [
        os.devnull,
        f"--rootdir=${ROOT_VARIABLE}",
        "-c", os.devnull,
        "--noconftest",
        "--assert=plain",
        "--import-mode=importlib",
        "-o", "markers=criterion(id, alone=, constants=, fixed=, malformed=): the rubric criterion of a hidden check",
        *(argument for name in _UNUSED_PLUGINS for argument in ("-p", f"no:{name}")),
    ]  # fmt: skip


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Set these variables and restore the earlier values at the end. None stands for an unset variable."""
    before = {name: os.environ.get(name) for name in variables}

    def put(values: Mapping[str, str | None]) -> None:
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(variables)
    try:
        yield
    finally:
        put(before)


def _faults_of(path: Path, nodes: Iterable[pytest.Item | pytest.Collector]) -> Iterator[Fault]:
    """Report what a plain call of a check would leave out: fixtures of the file, parameters, classes, set-up."""
    tree = ast.parse(path.read_bytes())
    lines = {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("fixture" in ast.unparse(one) for one in node.decorator_list):
            yield Fault(path, node.lineno, f'defines the fixture "{node.name}"; expected a function that checks call')
    for found in nodes:
        name = found.originalname if isinstance(found, pytest.Function) else found.name
        if not isinstance(found, pytest.Function):
            message = f'"{name}" is not a function; a hidden test is a function of the module'
            yield Fault(path, lines.get(name, 1), message)
            continue
        for asked in found.fixturenames:
            if asked not in FIXTURES:
                message = f'the check "{name}" asks for "{asked}"; a hidden test may ask for {", ".join(FIXTURES)}'
                yield Fault(path, lines.get(name, 1), message)


def _check_of(item: pytest.Function) -> Check:
    mark = item.get_closest_marker("criterion")
    parameters = inspect.signature(item.function).parameters.values()
    return Check(
        item.name,
        item.function,
        tuple(one.name for one in parameters if one.default is one.empty),
        str(mark.args[0]) if mark and mark.args else None,
        {name: str(value) for name, value in mark.kwargs.items()} if mark else {},
    )
