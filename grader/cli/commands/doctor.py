"""`grade doctor`."""

from __future__ import annotations

import click

from grader.cli.options import debug_option


@click.command("doctor")
@debug_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check this machine, and say how to fix what is missing.

    Exit code 1 means that something is broken. Notes are about what is optional.
    """
    import sys

    from grader.cli.examination import Health, examine
    from grader.cli.output import columns, emit, needs_ascii
    from grader.text import for_terminal

    is_broken = False
    for finding in examine(columns(), ascii_only=needs_ascii(sys.stdout)):
        emit(f"{finding.health.value:<8}{finding.subject}: {for_terminal(finding.seen)}\n")
        if finding.advice:
            emit(f"{'':<8}{for_terminal(finding.advice)}\n")
        is_broken = is_broken or finding.health is Health.BROKEN
    emit("Something is broken. Fix it, then run grade doctor again.\n" if is_broken else "You can grade exercises.\n")
    ctx.exit(1 if is_broken else 0)
