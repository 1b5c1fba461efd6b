"""Exports of learning platforms, archives, clones and notebooks, and what strangers put into them."""

import io
import json
import os
import struct
import warnings
import zipfile

import pytest

from grader.submission import SubmissionError
from grader.submission.intake import ClassList, ExerciseName, Intake, IntakeError
from grader.submission.intake.archive_tree import ENTRIES_LIMIT
from grader.submission.intake.contents import contents_of, submission_of, tree_of
from grader.submission.intake.submitters import submitters_of
from grader.text import for_file_name

EXERCISES = [
    ExerciseName("02_pooling", "pooling"),
    ExerciseName("03_dropout", "dropout"),
    ExerciseName("04_batch_norm", "batch_norm"),
]
SOURCE = b"def dropout(x):\n    return x\n"


def tree(root, *paths):
    """Return a folder with these files, each with a different source."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(SOURCE + f"# {path}\n".encode())
    return root


def archive(path, names, content=SOURCE):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name in names:
                file.writestr(name, content)
    return path


def found(source, **options):
    with Intake(source, EXERCISES, ClassList(**options)) as intake:
        return [(one.learner, one.exercise, one.origin) for one in intake.hand_ins()]


def left_out(source):
    with Intake(source, EXERCISES) as intake:
        return {one.origin: one.why for one in intake.ignored()}


def read(intake, hand_in, companions=()):
    places = intake.places(hand_in, companions)
    contents = contents_of(tree_of(intake.source), places)
    return submission_of(hand_in.learner, hand_in.exercise, places, contents, ["dropout"])


def text_of(source, learner):
    with Intake(source, EXERCISES) as intake:
        hand_in = next(one for one in intake.hand_ins() if one.learner == learner)
        return read(intake, hand_in).files[0].text


FOLDERS = ("anna/dropout.py", "anna/02_pooling/pooling.py", "bob/exercises/03_dropout/dropout.py")
FLAT = ("ada_l_batch_norm.py", "bob_dropout.py")
CANVAS = (
    "doejane_1234_98765_dropout.py",
    "doejane_1234_98765_dropout-1.py",
    "roeriver_LATE_77_98766_dropout.py",
    "roeriver_77_98700_dropout.py",
    "roeriver_LATE_77_98766_answers.txt",
)
MOODLE = ("Jane Doe_123_assignsubmission_file_/dropout.py", "River O'Roe_124_assignsubmission_file/dropout.py")
MOODLE_FLAT = ("Jane Doe_123_assignsubmission_file_dropout.py", "Jane Doe_123_assignsubmission_onlinetext.html")
CLASSROOM = (
    "cnn-submissions/cnn-octocat/.git/HEAD",
    "cnn-submissions/cnn-octocat/exercises/03_dropout/dropout.py",
    "cnn-submissions/cnn-hub-ot/.git/HEAD",
    "cnn-submissions/cnn-hub-ot/exercises/03_dropout/dropout.py",
)
FORMS = {
    "folders": (FOLDERS, [("anna", "02_pooling"), ("anna", "03_dropout"), ("bob", "03_dropout")]),
    "flat": (FLAT, [("ada_l", "04_batch_norm"), ("bob", "03_dropout")]),
    "canvas": (CANVAS, [("1234", "03_dropout"), ("77", "03_dropout")]),
    "moodle": (MOODLE, [("123", "03_dropout"), ("124", "03_dropout")]),
    "moodle-flat": (MOODLE_FLAT, [("123", "03_dropout")]),
    "classroom": (CLASSROOM, [("hub-ot", "03_dropout"), ("octocat", "03_dropout")]),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapper", ["", "export/", "export/submissions/"])
@pytest.mark.parametrize("packed", [False, True])
def test_forms_of_platforms(tmp_path, form, wrapper, packed):
    names, expected = FORMS[form]
    names = [wrapper + name for name in names]
    source = archive(tmp_path / "x.zip", names) if packed else tree(tmp_path / "x", *names)
    assert [(learner, exercise) for learner, exercise, _ in found(source)] == expected


def test_canvas_newest_attempt_and_late(tmp_path):
    source = tree(tmp_path / "x", *CANVAS)
    with Intake(source, EXERCISES) as intake:
        jane, river = intake.hand_ins()
    assert (jane.origin, jane.name, jane.late) == ("doejane_1234_98765_dropout-1.py", "doejane", False)
    assert (river.origin, river.late, river.platform) == ("roeriver_LATE_77_98766_dropout.py", True, "canvas")
    reasons = left_out(source)
    assert reasons["doejane_1234_98765_dropout.py"] == (
        "is another file of 1234 for 03_dropout; doejane_1234_98765_dropout-1.py is graded: "
        "it is the newer attempt on the platform"
    )
    assert "is not an exercise file" in reasons["roeriver_LATE_77_98766_answers.txt"]


METADATA = """---
submission_11:
  :submitters:
  - :name: Jane Doe
    :sid: '1234'
    :email: jane@example.org
  :created_at: 2026-11-24 10:00:00.000000000 Z
  :score: 3.0
submission_12:
  :submitters:
  - :name: River Roe
    :email: river@example.org
  - :name: Sam Poe
    :sid: '9'
  :created_at: 2026-11-24 12:00:00.000000000 +01:00
"""


@pytest.mark.parametrize("wrapper", ["", "assignment_5_export/"])
@pytest.mark.parametrize("packed", [False, True])
def test_gradescope_export(tmp_path, wrapper, packed):
    files = {
        f"{wrapper}submission_metadata.yml": METADATA.encode(),
        f"{wrapper}submission_11/dropout.py": SOURCE,
        f"{wrapper}submission_12/work/dropout.py": SOURCE,
        f"{wrapper}submission_13/dropout.py": SOURCE,
    }
    if packed:
        source = tmp_path / "x.zip"
        with zipfile.ZipFile(source, "w") as file:
            for name, content in files.items():
                file.writestr(name, content)
    else:
        source = tmp_path / "x"
        for name, content in files.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(content)
    with Intake(source, EXERCISES) as intake:
        people = [(one.learner, one.name, one.submitted) for one in intake.hand_ins()]
        reasons = [one.why for one in intake.ignored()]
    assert people == [
        ("1234", "Jane Doe", "2026-11-24T10:00:00+00:00"),
        ("9", "Sam Poe", "2026-11-24T11:00:00+00:00"),
        ("river@example.org", "River Roe", "2026-11-24T11:00:00+00:00"),
    ]
    assert reasons == ["is in submission_13, for which submission_metadata.yml lists no submitter"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "contains no submissions; expected `submission_<number>:` entries. Export it again."),
        ("[]", "contains no submissions; expected `submission_<number>:` entries. Export it again."),
        ("a: [", "cannot be read: while parsing a flow node. Export it again."),
        ("? {a: b}\n: c", "cannot be read: while constructing a mapping. Export it again."),
        ("- " * 50_000, "cannot be read: it is nested too deeply. Export it again."),
    ],
)
def test_invalid_gradescope_metadata(tmp_path, text, words):
    source = tree(tmp_path / "x", "submission_1/dropout.py")
    (source / "submission_metadata.yml").write_text(text)
    with pytest.raises(IntakeError) as caught:
        found(source)
    assert str(caught.value) == f"submission_metadata.yml {words}"


def test_gradescope_metadata_without_submitters(tmp_path):
    source = tree(tmp_path / "x", "submission_1/dropout.py")
    (source / "submission_metadata.yml").write_text("submission_1: 3")
    assert found(source) == []
    assert left_out(source) == {
        "submission_1/dropout.py": "is in submission_1, for which submission_metadata.yml lists no submitter"
    }


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
def test_a_time_at_the_end_of_the_calendar(instant):
    text = METADATA.replace("2026-11-24 10:00:00.000000000 Z", instant)
    assert submitters_of(text)["submission_11"][0][2] == instant


def test_a_copy_that_a_browser_named(tmp_path):
    source = tree(tmp_path / "x", "anna/dropout.py", "anna/dropout (2).py", "bob/Dropout.py")
    assert found(source) == [
        ("anna", "03_dropout", "anna/dropout (2).py"),
        ("bob", "03_dropout", "bob/Dropout.py"),
    ]


def test_ids_are_resolved_before_the_newest_is_chosen(tmp_path):
    source = tree(tmp_path / "x", "doejane_1234_98765_dropout.py", "doejane_1234_98766_dropout.py")
    assert found(source, resolve=lambda learner: "jane") == [("jane", "03_dropout", "doejane_1234_98766_dropout.py")]


def test_names_of_strangers(tmp_path):
    source = tree(tmp_path / "x", "an\x1b[2Jna/dropout.py", "\u202egro.lave/dropout.py", "an\u0303a/dropout.py")
    learners = [learner for learner, _, _ in found(source)]
    assert learners == ["\\u202egro.lave", "an\\x1b[2Jna", "añ" + "a"]
    folders = [for_file_name(learner) for learner in learners]
    assert len(set(folders)) == 3
    assert all(folder.isascii() and "/" not in folder and not folder.startswith(".") for folder in folders)


@pytest.mark.parametrize("learner", ["", ".", "..", "a/b", "CON", "nul", "Anna", "anna ", "x" * 500, "\ud800"])
def test_a_folder_name_leads_to_no_other_folder(learner):
    folder = for_file_name(learner)
    assert folder not in ("", ".", "..")
    assert "/" not in folder
    assert len(folder) <= 80
    assert folder != for_file_name(learner + "x")


def test_litter_is_named_once(tmp_path):
    source = tree(
        tmp_path / "x", "anna/dropout.py", "anna/__pycache__/a.pyc", "anna/__pycache__/b.pyc", "bob/.x/dropout.py"
    )
    assert found(source) == [("anna", "03_dropout", "anna/dropout.py")]
    assert left_out(source) == {"anna/__pycache__": "contains compiled modules", "bob/.x": "is a hidden folder"}


def test_a_near_miss_is_named(tmp_path):
    source = tree(tmp_path / "x", "anna/dropuot.py", "bob/hand_in.zip", "cleo/dropout.txt", "dan/dropout.py")
    reasons = left_out(source)
    assert 'Did you mean "dropout.py"?' in reasons["anna/dropuot.py"]
    assert reasons["bob/hand_in.zip"].startswith("is an archive that cannot be read: hand_in.zip is not a complete zip")


def test_links_pipes_and_folders_are_not_opened(tmp_path):
    source = tree(tmp_path / "x", "anna/dropout.py")
    for name in ("bob", "cleo", "dan"):
        (source / name).mkdir()
    (source / "bob" / "dropout.py").symlink_to("/etc/passwd")
    os.mkfifo(source / "cleo" / "dropout.py")
    (source / "dan" / "dropout.py").mkdir()
    (source / "eve").symlink_to(source / "anna")
    assert found(source) == [("anna", "03_dropout", "anna/dropout.py")]
    reasons = left_out(source)
    assert "is a link" in reasons["bob/dropout.py"]
    assert "is a named pipe" in reasons["cleo/dropout.py"]
    assert "is a link" in reasons["eve"]


def test_a_link_that_replaces_a_file_later_is_not_followed(tmp_path):
    source = tree(tmp_path / "x", "anna/dropout.py")
    secret = tmp_path / "secret.py"
    secret.write_text("secret = 1")
    with Intake(source, EXERCISES) as intake:
        (hand_in,) = intake.hand_ins()
        (source / "anna" / "dropout.py").unlink()
        (source / "anna" / "dropout.py").symlink_to(secret)
        with pytest.raises(IntakeError) as caught:
            read(intake, hand_in)
    assert "cannot be read" in str(caught.value)


def test_a_file_that_is_too_large(tmp_path):
    source = tree(tmp_path / "x", "anna/dropout.py")
    (source / "anna" / "dropout.py").write_bytes(b"#" * (2 << 20))
    with pytest.raises(SubmissionError) as caught:
        text_of(source, "anna")
    assert "larger than 1024 KiB" in str(caught.value)


# Archives


def test_traversal_is_refused(tmp_path):
    names = [
        "../anna/dropout.py",
        "/bob/dropout.py",
        "C:\\cleo\\dropout.py",
        "x/../../dan/dropout.py",
        "eve/dropout.py",
    ]
    source = archive(tmp_path / "x.zip", names)
    assert [learner for learner, _, _ in found(source)] == ["eve"]
    reasons = left_out(source)
    assert reasons["../anna/dropout.py"] == 'has ".." in its name, which leads out of the archive'
    assert "absolute path" in reasons["/bob/dropout.py"]


def test_links_and_devices_in_an_archive(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, mode in (("bob/dropout.py", 0o120777), ("cleo/dropout.py", 0o010644), ("dan/dropout.py", 0o060644)):
            member = zipfile.ZipInfo(name)
            member.create_system = 3
            member.external_attr = mode << 16
            file.writestr(member, "/etc/passwd")
        file.writestr("eve/dropout.py", SOURCE)
    assert [learner for learner, _, _ in found(path)] == ["eve"]
    reasons = left_out(path)
    assert "is a link" in reasons["bob/dropout.py"]
    assert "is a named pipe" in reasons["cleo/dropout.py"]
    assert "is a device" in reasons["dan/dropout.py"]


def test_a_bomb_is_read_only_up_to_the_limit(tmp_path):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py"], b"\n" * (64 << 20))
    assert source.stat().st_size < 1 << 20
    with pytest.raises(SubmissionError) as caught:
        text_of(source, "anna")
    assert "larger than 1024 KiB" in str(caught.value)


def test_a_member_that_lies_about_its_size(tmp_path):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py"], b"\n" * (8 << 20))
    content = bytearray(source.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 10)  # it claims ten bytes
    source.write_bytes(content)
    with pytest.raises(SubmissionError) as caught:
        text_of(source, "anna")
    assert "larger than 1024 KiB" in str(caught.value)


def test_overlapping_members(tmp_path):
    """The quoted-overlap bomb: many names, one content."""
    source = archive(tmp_path / "x.zip", ["anna/dropout.py", "bob_/dropout.py"])
    content = bytearray(source.read_bytes())
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<L", 4)
    source.write_bytes(content)
    with pytest.raises(IntakeError) as caught:
        found(source)
    assert "x.zip contains members that overlap, as in an archive bomb, so it is not read." in str(caught.value)


def test_a_different_name_before_the_content(tmp_path):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py"])
    content = bytearray(source.read_bytes())
    content[30:34] = b"evil"
    source.write_bytes(content)
    with pytest.raises(IntakeError) as caught:
        text_of(source, "anna")
    assert "has one name in the directory and a different one before its content" in str(caught.value)


def test_damaged_content(tmp_path):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py"], os.urandom(4000))
    content = bytearray(source.read_bytes())
    content[2000] ^= 1
    source.write_bytes(content)
    with pytest.raises(IntakeError) as caught:
        text_of(source, "anna")
    assert "is damaged" in str(caught.value)


@pytest.mark.parametrize("keep", [10, 100, -10, -40])
def test_an_archive_that_is_cut_off(tmp_path, keep):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py", "bob/dropout.py"])
    source.write_bytes(source.read_bytes()[:keep])
    with pytest.raises(IntakeError) as caught:
        found(source)
    assert "is not a complete zip archive" in str(caught.value)


@pytest.mark.thorough
def test_more_entries_than_any_class(tmp_path):
    source = tmp_path / "x.zip"
    with zipfile.ZipFile(source, "w") as file:
        for number in range(1000):
            file.writestr(f"l{number}/dropout.py", b"")
    with zipfile.ZipFile(source) as file:
        assert len(file.namelist()) == len(found(source)) == 1000
    content = source.read_bytes()
    start = content.find(b"PK\x01\x02")
    end = content.rfind(b"PK\x05\x06")
    directory = content[start:end] * (ENTRIES_LIMIT // 1000 + 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), start, 0)
    source.write_bytes(content[:start] + directory + tail)
    with pytest.raises(IntakeError) as caught:
        found(source)
    assert f"more than {ENTRIES_LIMIT:,} members" in str(caught.value)


@pytest.mark.thorough
def test_an_archive_of_100_000_submissions(tmp_path):
    source = tmp_path / "x.zip"
    with zipfile.ZipFile(source, "w") as file:
        for number in range(100_000):
            file.writestr(f"learner{number:06d}_dropout.py", b"")
    with Intake(source, EXERCISES) as intake:
        assert intake.count() == 100_000


def test_neither_a_folder_nor_an_archive(tmp_path):
    (tmp_path / "x.txt").write_text("hello")
    for path, message in (
        (tmp_path / "x.txt", "neither a folder nor a zip archive"),
        (tmp_path / "no", "does not exist"),
    ):
        with pytest.raises(IntakeError) as caught:
            found(path)
        assert message in str(caught.value)


def test_an_empty_folder_and_an_empty_archive(tmp_path):
    (tmp_path / "x").mkdir()
    zipfile.ZipFile(tmp_path / "x.zip", "w").close()
    assert found(tmp_path / "x") == found(tmp_path / "x.zip") == []


# Notebooks


def notebook(*cells, version=4):
    if version == 3:
        listed = [
            {"cell_type": "code", "input": cell, "language": "python", "outputs": [], "metadata": {}} for cell in cells
        ]
        return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": listed}]})
    listed = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}, "execution_count": None} for cell in cells
    ]
    listed.insert(0, {"cell_type": "markdown", "source": "# def dropout(x): of the text", "metadata": {}})
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": listed})


def source_of(tmp_path, text):
    folder = tmp_path / "x" / "anna"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dropout.ipynb").write_text(text)
    return text_of(tmp_path / "x", "anna")


@pytest.mark.parametrize("version", [3, 4])
def test_a_notebook_gives_its_functions_and_what_they_need(tmp_path, version):
    cells = (
        "%matplotlib inline\nimport numpy as np, matplotlib.pyplot as plt\n!pip install nothing",
        "%%time\nKEEP = 0.5; print('tried')\n\n@decorated\ndef helper(x):\n    return x * KEEP\nfrom functools import cache as decorated",
        "%%bash\nrm -rf /",
        "def dropout(x):\n    return helper(np.asarray(x))\n\nplt.plot(dropout(1))\ndropout?",
        "unrelated = open('/etc/passwd')",
    )
    assert source_of(tmp_path, notebook(*cells, version=version)) == (
        "# code cell 1\nimport numpy as np\n"
        "# code cell 2\nKEEP = 0.5\n@decorated\ndef helper(x):\n    return x * KEEP\nfrom functools import cache as decorated\n"
        "# code cell 4\ndef dropout(x):\n    return helper(np.asarray(x))\n"
    )


def test_the_last_definition_counts(tmp_path):
    text = source_of(tmp_path, notebook("def dropout(x):\n    return 1", "def dropout(x):\n    return 2"))
    assert text.index("return 1") < text.index("return 2")


def test_a_broken_cell_that_defines_the_function_is_kept_for_its_message(tmp_path):
    assert "def dropout(x:" in source_of(tmp_path, notebook("def dropout(x:\n    return 1", "def broken("))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a readable notebook: it is empty"),
        ("{}", "is not a readable notebook"),
        ("[1]", "is not a readable notebook: it is not a JSON object"),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 2}', "is not a readable notebook"),
        ('{"nbformat": 99}', "is not a readable notebook"),
        ("[" * 100_000, "nested too deeply"),
        (notebook("x = 1"), "is a notebook without a code cell that defines dropout"),
        (notebook("#" * (2 << 20)), "more than 1024 KiB of code"),
    ],
)  # fmt: skip
def test_mangled_notebooks(tmp_path, text, message):
    with pytest.raises(SubmissionError) as caught:
        source_of(tmp_path, text)
    assert message in str(caught.value)


def test_source_is_preferred_to_a_notebook(tmp_path):
    source = tree(tmp_path / "x", "anna/dropout.py", "anna/dropout.ipynb")
    assert found(source) == [("anna", "03_dropout", "anna/dropout.py")]


def test_a_zip_that_is_read_twice_gives_the_same(tmp_path):
    names = [f"l{number}/dropout.py" for number in range(50)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in reversed(names):
            file.writestr(name, SOURCE)
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    archive(tmp_path / "b.zip", names)
    assert found(tmp_path / "a.zip") == found(tmp_path / "b.zip")
