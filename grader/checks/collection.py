"""How pytest collects the checks of an exercise: configured by us alone, without its plugins and its reports."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.config import Config, _prepareconfig
from _pytest.main import Session

ROOT_VARIABLE = "CNN_GRADER_CHECKS"

_UNUSED_PLUGINS = (
    "cacheprovider", "terminal", "junitxml", "pastebin", "doctest", "debugging", "faulthandler", "stepwise",
    "logging", "unittest", "legacypath", "recwarn", "setuponly", "setupplan", "capture", "tmpdir",
    "monkeypatch", "unraisableexception", "threadexception", "warnings", "reports", "subtests", "skipping",
)  # fmt: skip


def configured(path: Path, fixtures: object) -> Config:
    """Return pytest's configuration for a file of checks that ask for these fixtures.

    No path is an argument: pytest reads `::` and `[` in a path as parts of a test's name. `--rootdir` may name a
    variable of the environment, which pytest replaces once, without reading its value.
    """
    arguments = [
        os.devnull,
        f"--rootdir=${ROOT_VARIABLE}",
        "-c", os.devnull,
        "--noconftest",
        "--assert=plain",
        "--import-mode=importlib",
        "-o", "markers=criterion(id, alone=, constants=, fixed=, malformed=): the rubric criterion of a hidden check",
        *(argument for name in _UNUSED_PLUGINS for argument in ("-p", f"no:{name}")),
    ]  # fmt: skip
    variables = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": None,
        "PYTEST_PLUGINS": None,
        ROOT_VARIABLE: str(path.parent),
    }
    with _environment(variables):
        config = _prepareconfig(arguments, plugins=[fixtures])
        config._do_configure()
    return config


@contextmanager
def _environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Set these variables, or unset those that are None, and put back what was there."""
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


def collected(session: Session, path: Path) -> list[pytest.Function]:
    """Return the checks in a file, in the order in which pytest would run them."""
    module = pytest.Module.from_parent(session, path=path)
    items = list(session.genitems(module))
    session.config.hook.pytest_collection_modifyitems(session=session, config=session.config, items=items)
    return [item for item in items if isinstance(item, pytest.Function)]
