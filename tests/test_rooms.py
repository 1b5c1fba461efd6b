"""Imports go one way: a room imports only rooms above it, and nothing imports the command line."""

import ast
from pathlib import Path

import pytest

GRADER = Path(__file__).parents[1] / "grader"
ROOMS = (
    "course", "study", "submission", "sandbox", "checks", "diagnosis", "scoring", "report", "grading", "authoring",
    "batch", "cli",
)  # fmt: skip
APART = {"study": ("course",), "submission": ("course",), "sandbox": ("course", "submission")}
"""Rooms that import even less than what stands above them."""
FILES = sorted(path for path in GRADER.rglob("*.py") if path.parent != GRADER)


def modules_imported(path):
    """Every module of ours that a file names in an import, wherever it stands, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [relative(path, node)]
        elif isinstance(node, ast.ImportFrom):
            names = [f"grader.{alias.name}" for alias in node.names] if node.module == "grader" else [node.module]
        else:
            continue
        yield from ((name, node.lineno) for name in names if name.split(".")[0] == "grader")


def relative(path, node):
    package = ("grader", *path.relative_to(GRADER).parts[:-1])
    return ".".join((*package[: len(package) - node.level + 1], node.module or ""))


def room_of(name):
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and (GRADER / parts[1]).is_dir() else None


def test_every_folder_is_a_room():
    folders = {path.name for path in GRADER.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}

    assert folders <= set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GRADER).as_posix())
def test_a_room_imports_only_rooms_above_it(path):
    room = path.relative_to(GRADER).parts[0]
    allowed = (room, *APART.get(room, ROOMS[: ROOMS.index(room)]))

    wrong = [
        f"{path.relative_to(GRADER.parent)}:{line}: {room} imports {name}, which stands below it"
        for name, line in modules_imported(path)
        if room_of(name) not in (None, *allowed)
    ]

    assert not wrong, "\n".join(wrong)


def test_what_runs_inside_the_sandbox_imports_nothing_of_ours():
    """It is started by its path in a place where the rest of the package is not."""
    wrong = [
        f"{path.relative_to(GRADER.parent)}:{line}: imports {name}"
        for path in sorted((GRADER / "sandbox" / "inside").glob("*.py"))
        for name, line in modules_imported(path)
        if not name.startswith("grader.sandbox.inside")
    ]

    assert not wrong, "\n".join(wrong)


def test_no_two_modules_share_a_name():
    names = [path.stem for path in GRADER.rglob("*.py") if not path.stem.startswith("__")]
    twice = sorted({name for name in names if names.count(name) > 1})

    assert not twice


LONGEST_MODULE, LONGEST_FUNCTION = 350, 50  # lines
ALL_FILES = sorted(GRADER.rglob("*.py"))


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.relative_to(GRADER).as_posix())
def test_no_module_and_no_function_is_long(path):
    """Unless a comment gives the reason: `# long: ...` on the first line of the function."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{path.name}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, functions)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
        and "# long: " not in lines[node.lineno - 1]
    ]

    assert len(lines) <= LONGEST_MODULE
    assert not long
