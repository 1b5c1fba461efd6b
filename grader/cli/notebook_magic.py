"""The magic `grade` of Jupyter: `%grade 3` for what is defined so far, `%%grade 3` over a cell.

A kernel runs the learner's code, so no check runs in it. It collects the text of the cells, and a process of its own
grades them as a notebook: in the sandbox, like any other file. The kernel gets the report, and shows it.
"""

from __future__ import annotations

import html
import json
import shlex
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import processes

NAME = "grade"
USAGE = "Type: %grade 3, or %%grade 3 as the first line of a cell. Options: --seed N, --course DIR."
OPTIONS = ("--seed", "--course")
HEIGHT = "34em"
GRADED = (0, 1, 3)  # exit codes with a report


class MagicUsageError(ValueError):
    """The line after the magic cannot be understood."""


@dataclass(frozen=True)
class Cell:
    """One executed cell. Its id is empty if the frontend did not say it."""

    id: str
    source: str


class ExecutedCells:
    """The cells that were executed, the last version of each, in the order of their last execution."""

    def __init__(self, before: list[str]) -> None:
        self._cells = [Cell("", source) for source in before]

    def add(self, cell: Cell) -> None:
        """Add a cell. It replaces its earlier version, and a cell with the same text."""
        self._cells = [
            one for one in self._cells if one.source != cell.source and not (cell.id and one.id == cell.id)
        ] + [cell]

    def remove(self, cell: Cell) -> None:
        """Forget a cell that Python cannot read."""
        self._cells = [one for one in self._cells if one != cell]

    def as_notebook(self) -> str:
        """Return the cells as a notebook, in JSON."""
        cells: list[dict[str, Any]] = [
            {
                "cell_type": "code",
                "id": f"cell-{place}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": cell.source,
            }
            for place, cell in enumerate(self._cells, 1)
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class GradeMagic:
    """The magic of one kernel."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._cells = ExecutedCells([source for source in shell.history_manager.input_hist_raw if source])
        self._running: list[Cell] = []  # a cell that runs another one comes first

    def begin(self) -> None:
        """Collect cells, and make the magic known to the shell."""
        self._shell.events.register("pre_run_cell", self._begin)
        self._shell.events.register("post_run_cell", self._end)
        self._shell.register_magic_function(self.grade, magic_kind="line_cell", magic_name=NAME)

    def end(self) -> None:
        """Stop collecting cells."""
        self._shell.events.unregister("pre_run_cell", self._begin)
        self._shell.events.unregister("post_run_cell", self._end)

    def grade(self, line: str, cell: str | None = None) -> None:
        """Grade the functions of an exercise that are defined so far: %grade 3, or %%grade 3 over a cell."""
        try:
            exercise, options = arguments_of(line)
        except MagicUsageError as error:
            print(error)
            return
        if cell is not None and not self._shell.run_cell(cell, store_history=False).success:
            print("The cell raised an error, so nothing was graded.")
            return
        self._show(exercise, options)

    def _begin(self, info: Any) -> None:
        cell = Cell(getattr(info, "cell_id", None) or "", info.raw_cell or "")
        if not self._running:
            self._cells.add(cell)
        self._running.append(cell)

    def _end(self, result: Any) -> None:
        cell = self._running.pop() if self._running else None
        if cell is not None and result is not None and result.error_before_exec is not None:
            self._cells.remove(cell)

    def _show(self, exercise: str, options: list[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            notebook = Path(folder, "notebook.ipynb")
            notebook.write_text(self._cells.as_notebook(), encoding="utf-8")
            _copy_modules(Path(folder))
            page = Path(folder, "page.html")
            as_asked = ["--format", "json", "--page", str(page), *_of_kit(options), *options]
            command = ["exercise", exercise, str(notebook), *as_asked]
            done = processes.run(processes.python_main("grader.cli", *command), "")
            drawn = page.read_text(encoding="utf-8") if page.is_file() else ""
        notes = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode not in GRADED or not done.stdout:
            print(notes or f"grade ended with exit code {done.returncode}.")
            return
        if notes:
            print(notes)
        self._shell.display_pub.publish({"text/html": framed(drawn), "text/plain": in_words(done.stdout.decode())})


def register(shell: Any) -> None:
    """Give a shell the magic. A second call begins again with the cells of the history."""
    unregister(shell)
    GradeMagic(shell).begin()


def unregister(shell: Any) -> None:
    """Stop collecting the cells of a shell."""
    magic = getattr(shell.find_line_magic(NAME), "__self__", None)
    if isinstance(magic, GradeMagic):
        magic.end()


def arguments_of(line: str) -> tuple[str, list[str]]:
    """Return the exercise and the options after `%grade`. Raises MagicUsageError."""
    try:
        words = shlex.split(line)
    except ValueError:
        raise MagicUsageError(USAGE) from None
    options: list[str] = []
    names: list[str] = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            names.append(word)
        elif word in OPTIONS and words:
            value = words.pop(0)
            options += [word, str(Path(value).resolve()) if word == "--course" else value]
        else:
            raise MagicUsageError(f"{word} is not an option of this magic. {USAGE}")
    if len(names) != 1:
        raise MagicUsageError(USAGE)
    return names[0], options


def framed(page: str) -> str:
    """Return a page as HTML for a cell's output.

    It is in its own frame, without scripts, so its style and that of the notebook cannot mix.
    """
    return (
        f'<iframe sandbox="" title="Report of the grader" srcdoc="{html.escape(page, quote=True)}" '
        f'style="width: 100%; height: {HEIGHT}; border: 1px solid #8888; resize: vertical"></iframe>'
    )


def in_words(report: str) -> str:
    """Return a report, given as its JSON, as text."""
    from grader.report import Report, render_terminal

    return render_terminal(Report.model_validate_json(report), width=80, colour=False)


def _of_kit(options: Sequence[str]) -> list[str]:
    """Return the option that names the kit in which the notebook is, unless these name a course."""
    from grader.course import usual_course_root
    from grader.course.root import is_kit

    root = usual_course_root()
    return ["--course", str(root)] if is_kit(root) and "--course" not in options else []


def _copy_modules(folder: Path) -> None:
    """Copy the learner's modules of other exercises, which some exercises import, next to the notebook."""
    from grader.course import usual_course_root
    from grader.submission.reading import BYTES_LIMIT

    for name in sorted({path.name for path in usual_course_root().glob("exercises/*/*.py")}):
        own = Path(name)
        if own.is_file() and own.stat().st_size <= BYTES_LIMIT:
            shutil.copyfile(own, folder / name)
