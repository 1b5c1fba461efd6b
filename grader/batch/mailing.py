"""Write a message to each learner, with the reports. Sending is the work of a mailer.

A message is a draft: it has no date, and `X-Unsent` makes mailers open it for sending. The same results give the same
bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path

from grader.batch.class_grades import LearnerGrades
from grader.batch.grades import late_sentence
from grader.batch.opened_results import OpenedResults
from grader.batch.own_messages import in_mbox, others_messages, remove_own_messages, sign
from grader.batch.run import BatchError
from grader.report.exports import ExerciseGrade, NoScore, amount
from grader.text import counted, for_path, visible
from grader.writing import replacing, write_whole

FOLDER, MBOX = "mail", "mail.mbox"
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]++"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*+@{_ATOM}(?:\.{_ATOM})*+", re.ASCII)
_NO_SCORE = {
    NoScore.REFUSED: "no score, because your files could not be assigned. Please ask your instructor.",
    NoScore.GRADER_FAULT: "no score yet, because the grader failed. It will be graded again.",
    NoScore.NOT_RECOGNISED: "no score, because your file was not recognised. Please ask your instructor.",
    NoScore.NOT_STARTED: "not started.",
    NoScore.EXCUSED: "no score.",
}


@dataclass(frozen=True)
class LearnerMessage:
    """A message to one learner, and the name of its file without the ending."""

    file: str
    message: EmailMessage


@dataclass(frozen=True)
class Written:
    """The number of messages, their place, and the learners without a usable address.

    `others` are files with messages beside these that grade did not write, or that somebody has changed since.
    """

    count: int
    place: Path
    without: tuple[str, ...]
    others: tuple[Path, ...] = ()


def sender_of(text: str) -> Address | None:
    """Return the address in a text such as `Tom <tom@x.org>`; None if it does not hold exactly one.

    >>> str(sender_of("Tom <tom@x.org>")), sender_of("Tom"), sender_of("<")
    ('Tom <tom@x.org>', None, None)
    """
    found = getaddresses([text])
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0][1]):
        return None
    name, address = found[0]
    return Address(visible(name), addr_spec=address)


def write_messages(opened: OpenedResults, sender: Address | None, subject: str, *, as_mbox: bool) -> Written:
    """Write the messages into the results folder, in place of those of earlier calls. Raises BatchError.

    If grade did not write a file that has to be replaced, or if somebody has changed it, nothing is written.
    """
    without: list[str] = []
    messages = list(_messages(opened, sender, subject, without))
    folder, mbox = opened.out / FOLDER, opened.out / MBOX
    wanted = {mbox} if as_mbox else {folder / f"{one.file}.eml" for one in messages}
    place = mbox if as_mbox else folder
    try:
        others = others_messages(folder, mbox)
        _refuse_to_replace([path for path in others if path in wanted])
        remove_own_messages(folder, mbox, wanted)  # somebody could send them by mistake
        if as_mbox:
            with replacing(mbox, alone=True) as file:
                file.writelines(in_mbox(one.message) for one in messages)
        else:
            folder.mkdir(exist_ok=True)
            for one in messages:
                write_whole(folder / f"{one.file}.eml", one.message.as_bytes(policy=SMTP))
    except OSError as error:
        raise BatchError(f"{for_path(place)} cannot be written: {error.strerror or error}.") from None
    return Written(len(messages), place, tuple(without), others)


def _refuse_to_replace(changed: Sequence[Path]) -> None:
    """Raise BatchError if there is a file that is not as grade wrote it."""
    if changed:
        more = f" and {counted(len(changed) - 1, 'other')}" if len(changed) > 1 else ""
        raise BatchError(
            f"{for_path(changed[0])}{more} would be replaced, and grade did not write the present content. Nothing was "
            "written. Move or delete what you changed, and run the command again."
        )


def _messages(
    opened: OpenedResults, sender: Address | None, subject: str, without: list[str]
) -> Iterator[LearnerMessage]:
    names = opened.shown_names()
    for learner in opened.grades().learners():
        row = learner.row
        if not row.grades:
            continue
        if not _ADDRESS.fullmatch(row.email):
            without.append(names.shown(row.learner))
            continue
        message = EmailMessage()
        if sender is not None:
            message["From"] = sender
        message["To"] = Address(row.name, addr_spec=row.email)
        message["Subject"] = visible(subject)
        message["X-Unsent"] = "1"
        folder = names.folder(row.learner)
        pages = {entry.exercise: entry for entry in learner.entries if entry.graded is not None}
        digest = hashlib.sha256(row.learner.encode("utf-8", "surrogatepass"))
        message.set_content(_text(opened, learner, bool(pages)))
        for exercise in pages:
            page = _page(opened.out / "reports" / folder / f"{exercise}.html")
            digest.update(page.encode())
            message.add_attachment(page, subtype="html", filename=f"{exercise}.html")
        if pages:
            message.set_boundary(f"grade-{digest.hexdigest()}")  # nobody can have written it into a page
        sign(message)
        yield LearnerMessage(folder, message)


def _page(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BatchError(f"{for_path(path)} is missing. Run the same `grade batch` again, which writes it.") from None


def _text(opened: OpenedResults, learner: LearnerGrades, has_pages: bool) -> str:
    lines = [f"Hello {visible(learner.row.display_name)},", ""]
    for exercise in opened.given.course:
        grade = learner.row.grades.get(exercise.key)
        if grade is not None:
            lines += [*_about(exercise.rubric.title, grade), ""]
    if has_pages:
        lines += ["Your whole report is attached. Open it in a browser.", ""]
    return "\n".join(lines)


def _about(title: str, grade: ExerciseGrade) -> Iterator[str]:
    if grade.final is None:
        why = _NO_SCORE[grade.no_score] if grade.no_score is not None else "no score."
        yield f"{title}: {why}"
    else:
        yield f"{title}: {amount(grade.final)} of {amount(grade.possible)} points."
    details = (*grade.causes, late_sentence(grade), *grade.decisions)
    yield from (f"- {one}" for one in details if one)
