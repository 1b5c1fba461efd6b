"""One learner's own folder or zip archive: the file is found as in a batch."""

import json
import zipfile

import pytest

from grader.submission import MissingFileError, SubmissionError, read_submission

SOURCE = "def dropout(x, rate, training, rng):\n    return x, x\n"
NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": SOURCE}
        ],
    }
)


def read(path, **others):
    return read_submission(path, "03_dropout", "dropout", functions=("dropout",), **others)


def text_of(submission, name="dropout.py"):
    return next(file.text for file in submission.files if file.name == name)


@pytest.fixture(params=["folder", "archive"])
def work(request, tmp_path):
    """`work({"a/dropout.py": text})` gives a folder or a zip archive with these files."""

    def _work(files):
        if request.param == "archive":
            path = tmp_path / "work.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for name, text in files.items():
                    archive.writestr(name, text)
            return path
        for name, text in files.items():
            file = tmp_path / "work" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path / "work"

    return _work


@pytest.mark.parametrize(
    "name", ["dropout.py", "exercises/03_dropout/dropout.py", "ada/dropout.py", "ada/Dropout.py", "ada/dropout (1).py"]
)
def test_the_file_is_found(work, name):
    assert text_of(read(work({name: SOURCE, "ada/notes.txt": "mine", "ada/pooling.py": ""}))) == SOURCE


def test_a_notebook_is_read_as_in_a_batch(work):
    assert SOURCE in text_of(read(work({"ada/dropout.ipynb": NOTEBOOK})))


def test_source_comes_before_a_notebook(work):
    assert text_of(read(work({"ada/dropout.ipynb": NOTEBOOK, "ada/dropout.py": "x = 1\n"}))) == "x = 1\n"


def test_the_name_of_a_copy_is_a_remark(work):
    submission = read(work({"ada/dropout copy.py": SOURCE}))

    assert submission.remarks == ("dropout copy.py was graded as dropout.py. Name your file dropout.py.",)


def test_companions_come_with_it(work):
    files = {"a/03_dropout/dropout.py": SOURCE, "a/02_pooling/pooling.py": "y = 1\n", "a/pooling.py": "y = 2\n"}

    assert text_of(read(work(files), companions=("pooling",)), "pooling.py") in ("y = 1\n", "y = 2\n")
    files["a/03_dropout/pooling.py"] = "y = 3\n"
    assert text_of(read(work(files), companions=("pooling",)), "pooling.py") == "y = 3\n"


def test_two_files_in_different_folders_are_a_question(work):
    with pytest.raises(SubmissionError) as caught:
        read(work({"new/dropout.py": SOURCE, "old/dropout.py": SOURCE}))

    assert str(caught.value).endswith(
        "contains several files for this exercise: new/dropout.py, old/dropout.py. Name the one to grade."
    )


def test_the_folder_of_the_exercise_comes_first(work):
    files = {"a/03_dropout/dropout.py": SOURCE, "backup/dropout.py": "x = 1\n"}

    assert text_of(read(work(files))) == SOURCE


def test_litter_is_not_read(work):
    with pytest.raises(MissingFileError):
        read(work({"__MACOSX/dropout.py": SOURCE, "venv/dropout.py": SOURCE}))


def test_an_archive_without_the_file_says_so(tmp_path):
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pooling.py", SOURCE)

    with pytest.raises(MissingFileError) as caught:
        read(path)

    assert str(caught.value) == f"{path} is a zip archive without dropout.py. Put dropout.py into it."


def test_a_damaged_archive_says_so(tmp_path):
    path = tmp_path / "work.zip"
    path.write_bytes(b"PK\x03\x04 and no end")

    with pytest.raises(SubmissionError, match="is not a complete zip archive"):
        read(path)


def test_a_member_outside_the_archive_is_not_read(tmp_path):
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../dropout.py", SOURCE)

    with pytest.raises(SubmissionError):
        read(path)


def test_a_link_below_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.py").write_text(SOURCE)
    (tmp_path / "work" / "a").mkdir(parents=True)
    (tmp_path / "work" / "a" / "dropout.py").symlink_to(tmp_path / "secret.py")

    with pytest.raises(MissingFileError):
        read(tmp_path / "work")
