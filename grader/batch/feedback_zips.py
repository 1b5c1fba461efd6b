"""Pack the reports of a class as the importers of feedback files want them.

- Moodle (`mod/assign/feedback/file/importziplib.php`): `<full name>_<participant>_assignfeedback_file_<file>`. It reads
  the number, and takes what follows as the name of the file.
- Canvas (`infer_comment_context_from_filename` of an assignment): the first two parts of a name that are numbers are
  the user and one of the files that this user handed in. So each report is named after the file that was graded.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.submission.intake.layout import canvas_prefix
from grader.writing import replacing

MOODLE_ZIP, CANVAS_ZIP = "moodle-feedback.zip", "canvas-feedback.zip"
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same reports give the same bytes
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys('_/\\:*?"<>|\0', " "))


@dataclass(frozen=True)
class ReportPage:
    """The page of a report: where it is, whose it is, and the path of the file that was graded."""

    path: Path
    learner: str
    name: str
    exercise: str
    origin: str
    platform: str


def moodle_name(page: ReportPage) -> str:
    """Return the name of a page for Moodle; an empty text if the learner has no number there.

    >>> moodle_name(ReportPage(Path(), "123", "Jane_D Doe", "03_dropout", "", "moodle"))
    'Jane D Doe_123_assignfeedback_file_03_dropout.html'
    """
    if not (page.learner.isascii() and page.learner.isdigit()):
        return ""
    name = page.name.translate(_NOT_IN_A_NAME).strip(" .~") or "Participant"
    return f"{name[:80].strip()}_{page.learner}_assignfeedback_file_{page.exercise}.html"


def canvas_name(page: ReportPage) -> str:
    """Return the name of a page for Canvas; an empty text if the file did not come from there.

    >>> canvas_name(ReportPage(Path(), "77", "", "03_dropout", "export/roe_LATE_77_98_dropout.py", "canvas"))
    'roe_LATE_77_98_03_dropout.html'
    """
    prefix = canvas_prefix(page.origin.split("/")) if page.platform == "canvas" else ""
    return f"{prefix}{page.exercise}.html" if prefix else ""


def write_feedback(out: Path, pages: Iterable[ReportPage], for_moodle: bool) -> list[str]:
    """Write the archives that some page has a name for, remove the others, and return the names of these archives.

    A learner counts as one of Moodle if the roster (`for_moodle`) or the hand-in (the page's platform) comes from
    there. Raises OSError.
    """
    listed = list(pages)
    archives = {
        MOODLE_ZIP: {moodle_name(one): one.path for one in listed if for_moodle or one.platform == "moodle"},
        CANVAS_ZIP: {canvas_name(one): one.path for one in listed},
    }
    return [name for name, members in archives.items() if _write(out / name, members)]


def _write(path: Path, members: dict[str, Path]) -> bool:
    members.pop("", None)
    if not members:
        path.unlink(missing_ok=True)
        return False
    with replacing(path, alone=True) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in sorted(members.items()):
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, source.read_bytes())
    return True
