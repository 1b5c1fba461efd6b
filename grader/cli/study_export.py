"""`grade study export`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import debug_option


@click.command("export")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Where to; default: standard output.")
@click.option(
    "--form",
    type=click.Choice(["jsonl", "revlog"]),
    default="jsonl",
    show_default=True,
    help="All of it as JSON lines, or answers as Anki's review log in CSV.",
)
@debug_option
def command(out: Path | None, form: str) -> None:
    """Everything you have answered, as JSON lines or Anki's review log."""
    from grader.cli.dialogue import study_file
    from grader.cli.output import emit, shown_path, write_whole
    from grader.study.journal import Journal
    from grader.study.revlog import to_revlog

    with Journal(study_file()) as journal:
        if form == "revlog":
            text = to_revlog(journal.reviews_as_written())
        else:
            text = "".join(f"{line}\n" for line in journal.dump())
    if out is None:
        emit(text.encode())  # what `grade study import` reads is UTF-8, whatever the terminal's encoding
        return
    write_whole(out, text)
    emit(f"Your record is in {shown_path(out)}\n")
