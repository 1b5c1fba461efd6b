"""Find the owner of a file by its path, in the forms in which learning platforms and teachers keep submissions.

- Canvas, flat: `doejane_LATE_1234_98765_dropout-1.py` (canvas-lms, `lib/content_zipper.rb`, and
  `Attachment.make_unique_filename`), with `anon_<id>` for name and number if grading is anonymous;
- Moodle, a folder or a flat file: `Jane Doe_123_assignsubmission_file_/dropout.py`, without the last `_` since 4.0
  (moodle, `mod/assign/classes/downloader.php`, which writes no other `_` into the name);
- Gradescope: `submission_123/dropout.py` beside a `submission_metadata.yml` that names the submitters;
- GitHub Classroom: clones named `<assignment>-<user>`;
- by hand: `jane/03_dropout/dropout.py`, or flat `jane_dropout.py`.

A whole tree has one form, recognised from the names at its top; no learner controls all of these names. In that form
the first part of a path names the owner, and nothing below it can change the owner. Each pattern is anchored at the
start of a name, where the platform writes. The rest of the name comes from the learner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.submission.intake.exercise_name import ExerciseNames, without_assignment
from grader.submission.intake.ignored import Kind
from grader.submission.intake.nested_tree import is_inner_archive

_CANVAS = re.compile(
    r"\A(?P<name>[^_]*+(?:_[^_]*+)*?)_(?P<late>LATE_)?(?P<user>[0-9]++)_(?P<attachment>[0-9]{1,18}+)_(?P<file>.+)\Z",
    re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"\A(?P<name>)(?P<late>LATE_)?(?P<user>anon_[0-9A-Za-z]{1,20}+)_(?P<attachment>[0-9]{1,18}+)_(?P<file>.+)\Z",
    re.DOTALL,
)
_CANVAS_TYPED = re.compile(
    r"\A(?:(?P<name>[^_]*+(?:_[^_]*+)*?)_)?(?:LATE_)?(?P<user>[0-9]++|anon_[0-9A-Za-z]{1,20}+)_(?P<file>text|link)\.html\Z"
)
_MOODLE = re.compile(
    r"\A(?P<name>[^_]++)_(?P<number>[0-9]++)_assignsubmission_(?P<kind>[a-z]++)(?:_(?P<file>.*))?\Z", re.DOTALL
)
_NUMBER_FIRST = re.compile(r"\A[0-9]++_")
_GRADESCOPE = re.compile(r"\Asubmission_[0-9]++\Z")


class TreeForm(StrEnum):
    """The way in which a tree names the owner of a file."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    GITHUB = "github"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class FileOwner:
    """The owner of a file.

    `learner` is the person's id on the platform, `name` their name there, `inside` the path of the file within their
    work. `rank` is larger for a newer submission. `submitted` is a time in ISO 8601, or empty. `key` is everything that
    the platform says about the person: two keys are two people, even if they resolve to the same id. If
    the name of the file can be read in two ways, `or_else` is the other id: `o_202_201_98_a.py` is of user 202 or 201.
    """

    learner: str
    name: str
    inside: tuple[str, ...]
    platform: str
    key: str
    late: bool = False
    rank: int = 0
    submitted: str = ""
    or_else: str = ""


@dataclass(frozen=True, slots=True)
class Unowned:
    """The reason why a file belongs to nobody."""

    why: str
    kind: Kind


Submitters = dict[str, tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True)
class Layout:
    """The facts about a whole folder or archive before the owners of its files are known.

    `base` is the number of folders around everything. `submitters` are the owners of each folder in an export of
    Gradescope. `clone_prefix` is the common beginning of the names of all clones. With `one_exercise`, the name of a
    flat file is the learner's; that of a note must be in the class, as `is_known` says.
    """

    names: ExerciseNames
    form: TreeForm = TreeForm.BY_HAND
    base: int = 0
    submitters: Submitters | None = None
    clone_prefix: str = ""
    one_exercise: bool = False
    is_known: Callable[[str], bool] = lambda name: False

    def owners(self, parts: tuple[str, ...]) -> list[FileOwner] | Unowned:
        """Return the people who handed in a file, or the reason why it belongs to nobody."""
        top, *inside = parts[self.base :]
        match self.form:
            case TreeForm.CANVAS:
                return _on_canvas(top, inside)
            case TreeForm.MOODLE:
                return _on_moodle(top, inside)
            case TreeForm.GRADESCOPE:
                return self._on_gradescope(top, inside)
            case TreeForm.GITHUB if inside:
                user = top.removeprefix(self.clone_prefix) or top
                return [FileOwner(user, "", tuple(inside), "github", f"{top}/")]
            case TreeForm.BY_HAND if inside and is_inner_archive(top):
                return [FileOwner(without_assignment(top[:-4]), "", tuple(inside), "folders", f"{top}/")]
            case TreeForm.BY_HAND if inside:
                return [FileOwner(top, "", tuple(inside), "folders", f"{top}/")]
            case TreeForm.BY_HAND:
                return self._flat(top)
        return Unowned("is outside the clones; expected a file in one of them", "refused")

    def _flat(self, top: str) -> list[FileOwner] | Unowned:
        flat = self.names.split_flat(top)
        if flat is None and self.one_exercise:
            stem = top.rpartition(".")[0] or top
            named = self.names.split_flat(f"{stem}.py")  # ada_dropout.txt
            if named is not None or self.names.may_be_work(top) or self.is_known(stem):  # but not notes.txt
                flat = named[0] if named is not None else stem, top
        if flat is None:
            expected = f"expected a folder for each learner, or <learner>_<module>.py ({self.names.wanted})"
            return Unowned(f"is not a submission; {expected}", "unrecognised")
        return [FileOwner(flat[0], "", (flat[1],), "flat", f"{flat[0]}_")]

    def _on_gradescope(self, top: str, inside: list[str]) -> list[FileOwner] | Unowned:
        found = (self.submitters or {}).get(top) if _GRADESCOPE.match(top) else None
        if not inside or _GRADESCOPE.match(top) is None:
            return Unowned(
                "is outside the folders of Gradescope's export; expected submission_<number>/<file>", "refused"
            )
        if not found:
            return Unowned(f"is in {top}, for which submission_metadata.yml lists no submitter", "refused")
        return [
            FileOwner(who, name, tuple(inside), "gradescope", f"{name} {who}", submitted=when)
            for who, name, when in found
        ]


def form_of_name(name: str, is_folder: bool, is_clone: bool) -> TreeForm:
    """Return the form that one name at the top of a tree has.

    >>> form_of_name("doejane_1234_98765_dropout.py", False, False)
    <TreeForm.CANVAS: 'canvas'>
    >>> form_of_name("Jane Doe_123_assignsubmission_file", True, False)
    <TreeForm.MOODLE: 'moodle'>
    """
    moodle = _MOODLE.match(name)
    if moodle is not None and (is_folder and not is_inner_archive(name)) != bool(moodle["file"]):
        return TreeForm.MOODLE
    if _canvas(name) or _CANVAS_TYPED.match(name):
        return TreeForm.CANVAS
    return TreeForm.GITHUB if is_clone else TreeForm.BY_HAND


def names_a_learner(folder: str) -> bool:
    """Return True if a platform has put a person or a submission into the name of a folder."""
    return bool(_MOODLE.match(folder) or _GRADESCOPE.match(folder))


def canvas_prefix(parts: Sequence[str]) -> str:
    """Return the beginning of a name that Canvas wrote, up to the number of the file; an empty text if there is none.

    >>> canvas_prefix(["export", "roe_LATE_77_98_hw3.zip", "dropout.py"])
    'roe_LATE_77_98_'
    """
    found = next((match for part in parts if (match := _canvas(part)) is not None), None)
    return found.string[: found.start("file")] if found is not None else ""


def _canvas(top: str) -> re.Match[str] | None:
    return _CANVAS_ANONYMOUS.match(top) or _CANVAS.match(top)


def _on_canvas(top: str, inside: list[str]) -> list[FileOwner] | Unowned:
    canvas = _canvas(top)
    typed = _CANVAS_TYPED.match(top)
    if canvas is None and typed is not None and not inside:
        user, name = typed["user"], typed["name"] or ""
        return [FileOwner(user, name, (f"{typed['file']}.html",), "canvas", f"{name}_{user}")]
    if canvas is None:
        named = "<name>_<user id>_<number>_<file>"
        return Unowned(f"is not named as Canvas names submissions; expected {named}", "refused")
    user, name = canvas["user"], canvas["name"]
    path, attachment = (canvas["file"], *inside), int(canvas["attachment"])
    late = bool(canvas["late"])
    or_else = canvas["attachment"] if _NUMBER_FIRST.match(canvas["file"]) else ""
    return [FileOwner(user, name, path, "canvas", f"{name}_{user}", late, attachment, or_else=or_else)]


def _on_moodle(top: str, inside: list[str]) -> list[FileOwner] | Unowned:
    moodle = _MOODLE.match(top)
    if moodle is None or (bool(inside) and not is_inner_archive(top)) == bool(moodle["file"]):
        named = "<full name>_<number>_assignsubmission_file"
        return Unowned(f"is not named as Moodle names submissions; expected {named}", "refused")
    if moodle["kind"] != "file":
        return Unowned("is text typed into Moodle; expected a file", "other")
    path = (moodle["file"], *inside) if moodle["file"] else tuple(inside)
    return [FileOwner(moodle["number"], moodle["name"], path, "moodle", f"{moodle['name']}_{moodle['number']}")]
