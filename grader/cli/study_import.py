"""`grade study import`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import debug_option


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@debug_option
def command(file: Path) -> None:
    """Add what another machine has.

    FILE is what `grade study export` wrote there. What both have is kept once, so the same file can be imported twice.
    """
    from grader.cli.dialogue import study_file
    from grader.cli.output import OutputError, emit, shown_path
    from grader.study.journal import Journal

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"{shown_path(file)} cannot be read: {error}.") from None
    if not lines:
        raise OutputError(f"{shown_path(file)} is empty; expected a file that `grade study export` wrote.")
    with Journal(study_file()) as journal:
        reviews, events = journal.merge(lines)
    emit(f"{reviews} answers and {events} events were new here.\n")
