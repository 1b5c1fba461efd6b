"""`grade mail`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import READ, debug_option

LISTED = 20


@click.command("mail")
@click.argument("results", type=READ)
@click.option("--dry-run", is_flag=True, help="Has no effect: the messages are written, and grade never sends any.")
@click.option("--mbox", "as_mbox", is_flag=True, help="Write all messages into one file, mail.mbox.")
@click.option("--from", "sender", metavar="ADDRESS", default="", help="The sender. Default: your mailer fills it in.")
@click.option("--subject", default="Your results", show_default=True, help="The subject of each message.")
@debug_option
def command(results: Path, dry_run: bool, as_mbox: bool, sender: str, subject: str) -> None:
    """For instructors: write messages with the reports.

    RESULTS is a results folder of `grade batch` with a roster, which has the addresses. Writes one .eml file per
    learner into its folder `mail`, in place of the messages of earlier calls. Open the files in your mailer, which
    sends them; grade sends nothing.
    """
    from grader.batch.mailing import sender_of, write_messages
    from grader.batch.opened_results import opened_results
    from grader.cli.output import emit, shown_path
    from grader.cli.streams import note
    from grader.text import counted, for_line

    if any(character in sender + subject for character in "\r\n"):
        raise click.UsageError("--from and --subject are single lines.")
    address = sender_of(sender)
    if sender and address is None:
        raise click.UsageError(f"--from is {sender!r}, expected one address, for example 'Tom <tom@x.org>'.")
    with opened_results(results, read_only=True) as opened:
        written = write_messages(opened, address, subject, as_mbox=as_mbox)
    for learner in written.without[:LISTED]:
        note(f"no usable e-mail address: {for_line(learner)}")
    if len(written.without) > LISTED:
        note(f"and {len(written.without) - LISTED} more without an address.")
    for path in written.others[:LISTED]:
        note(f"not written by this command, so it may have a former score: {shown_path(path)}")
    if len(written.others) > LISTED:
        note(f"and {counted(len(written.others) - LISTED, 'file')} more that this command did not write.")
    emit(f"{counted(written.count, 'message')} in {shown_path(written.place)}. Nothing was sent.\n")
