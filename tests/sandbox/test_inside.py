"""The code that runs in a zygote imports only what the sandbox shows."""

import ast
import sys
from pathlib import Path

import pytest

from grader.sandbox import inside

FILES = sorted(Path(inside.__file__).parent.glob("*.py"))
WITH_KERAS = {"keras_graphs", "keras_models", "keras_parameter", "keras_steps", "refused_layers", "tensorflow_calls"}
OF_KERAS = {"keras", "tensorflow"}


def packages_imported(path):
    """The first names of all modules that a file imports anywhere; a relative import has none."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_imports_the_standard_library_numpy_and_in_one_file_keras(path):
    allowed = {"numpy", *sys.stdlib_module_names, *(OF_KERAS if path.stem in WITH_KERAS else ())}
    assert set(packages_imported(path)) <= allowed


def test_keras_is_imported_where_we_say_so():
    assert {path.stem for path in FILES if OF_KERAS & set(packages_imported(path))} == WITH_KERAS
