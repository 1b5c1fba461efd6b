"""Archives inside submissions: they are opened under the limits of every archive, and an unreadable one is listed."""

import io
import struct
import zipfile

import pytest

from grader.submission.intake import ExerciseName, Intake, nested_tree
from grader.submission.intake.contents import contents_of, submission_of, tree_of

EXERCISES = [ExerciseName("03_dropout", "dropout", ("dropout",))]
SOURCE = "def dropout(x):\n    return x\n"


def packed(*names, content=SOURCE):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, content)
    return buffer.getvalue()


def folder_with(tmp_path, content):
    """Return a folder in which Anna has this archive and Bob a file."""
    for name, written in (("anna/hw3.zip", content), ("bob/dropout.py", SOURCE.encode())):
        path = tmp_path / "x" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    return tmp_path / "x"


def looked_at(source):
    """Return the paths of what is graded, and why each file that was not recognised is not."""
    with Intake(source, EXERCISES) as intake:
        return [one.origin for one in intake.hand_ins()], {one.origin: one.why for one in intake.unrecognised()}


@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_a_member_of_an_inner_archive_is_read(tmp_path, as_zip):
    source = folder_with(tmp_path, packed("code/lab.py", "code/notes.txt"))
    if as_zip:
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
            for path in source.rglob("*.*"):
                file.write(path, path.relative_to(source))
        source = tmp_path / "x.zip"
    with Intake(source, EXERCISES) as intake:
        anna = next(intake.hand_ins())
        places = intake.places(anna)
        submission = submission_of(
            "anna", "03_dropout", places, contents_of(tree_of(intake.source), places), ["dropout"]
        )
    assert (anna.learner, anna.origin) == ("anna", "anna/hw3.zip/code/lab.py")
    assert submission.files[0].text == SOURCE
    assert submission.remarks == ("lab.py was graded as dropout.py. Name your file dropout.py.",)


def test_members_that_leave_the_archive_belong_to_nobody(tmp_path):
    graded, _ = looked_at(folder_with(tmp_path, packed("../../bob/dropout.py", "/bob/dropout.py", "ok/dropout.py")))
    assert graded == ["anna/hw3.zip/ok/dropout.py", "bob/dropout.py"]


def overlapping():
    content = bytearray(packed("dropout.py", "other.py"))
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<L", 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"PK\x03\x04",
            "is an archive that cannot be read: hw3.zip is not a complete zip archive: its end is missing.",
        ),
        (overlapping(), "contains members that overlap, as in an archive bomb, so it is not read; pack it again"),
        (packed(), "is an archive without a file"),
        (packed("a.zip", content=packed("b.zip", content=packed("dropout.py"))), "is an archive in 2 others"),
    ],
    ids=["torn", "overlapping", "empty", "deep"],
)
def test_an_archive_that_is_not_opened_is_listed_with_its_owner(tmp_path, content, words):
    graded, unrecognised = looked_at(folder_with(tmp_path, content))
    assert graded == ["bob/dropout.py"]
    (why,) = unrecognised.values()
    assert words in why


def test_an_archive_is_read_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(nested_tree, "ARCHIVE_BYTES_LIMIT", 2**20)
    monkeypatch.setattr(nested_tree, "MEMBERS_LIMIT", 3)
    many = packed("1.py", "2.py", "3.py", "dropout.py")
    _, unrecognised = looked_at(folder_with(tmp_path, many))
    assert "it contains more than 3 members" in unrecognised["anna/hw3.zip"]
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w") as file:
        file.writestr("dropout.py", b"#" * 2**20)
    _, unrecognised = looked_at(folder_with(tmp_path, large.getvalue()))
    assert "hw3.zip is larger than 1 MiB" in unrecognised["anna/hw3.zip"]
