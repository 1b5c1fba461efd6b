"""Unusual folders, and damaged journals."""

import os
import shutil
import sqlite3

from tests.batch.test_batch import RIGHT, batch, class_of, compare, graded_in


def test_a_name_that_is_not_utf8_does_not_stop_the_batch(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 2, hostile=False)
    (hand_ins / "learner000" / os.fsdecode(b"caf\xe9.txt")).write_text("notes")
    other = hand_ins / os.fsdecode(b"Jos\xe9")
    other.mkdir()
    shutil.copy(RIGHT, other)

    text = batch(hand_ins, tmp_path / "out")
    assert graded_in(tmp_path / "out" / "journal.db") == 2
    assert "has a name that is not UTF-8; rename it" in text


def test_the_folder_around_all_submissions_is_named(tmp_path):
    class_of(tmp_path / "export" / "lab3", 2, hostile=False)

    assert "Reading the submissions inside lab3. If this is the folder of a learner," in batch(
        tmp_path / "export", tmp_path / "out"
    )


def test_folders_of_learners_are_not_named_as_a_wrapper(tmp_path):
    assert "Reading the submissions inside" not in batch(
        class_of(tmp_path / "class", 2, hostile=False), tmp_path / "out"
    )


def test_a_damaged_report_in_a_journal_is_named(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    batch(hand_ins, tmp_path / "out")

    words = "The report of learner000 is damaged. Grade again with --force."
    for report in ("[]", "{", '{"score": 8}'):
        with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
            database.execute("UPDATE graded SET report = ?", (report,))
        assert words in batch(hand_ins, tmp_path / "out", code=2)
        assert words in compare(tmp_path / "out", tmp_path / "out", code=2)
    batch(hand_ins, tmp_path / "out", "--force")
    assert "damaged" not in compare(tmp_path / "out", tmp_path / "out")


def test_results_are_never_mixed_with_other_files(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("my page")

    assert "out contains other files (index.html) and no results of grade. Nothing was changed." in batch(
        hand_ins, tmp_path / "out", code=2
    )
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["index.html"]
