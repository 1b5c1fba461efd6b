"""Files and folders that can be handed in, and the messages for all others."""

import hashlib
import json
import os
import socket
from pathlib import Path

import pytest

from grader.submission import BYTES_LIMIT, MissingFileError, SubmissionError, decode_source, read_submission


def read(path):
    return read_submission(path, "03_dropout", "dropout")


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        read(path)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_reads_a_file(folder):
    (folder / "dropout.py").write_bytes(b"x = 1\n")

    submission = read(folder / "dropout.py")

    assert submission.learner == "learner"
    assert submission.exercise == "03_dropout"
    assert [(file.name, file.text) for file in submission.files] == [("dropout.py", "x = 1\n")]
    assert submission.sha256 == hashlib.sha256(b"dropout.py\x006\x00x = 1\n").hexdigest()


def test_names_the_learner(folder):
    (folder / "dropout.py").write_bytes(b"")

    assert read_submission(folder / "dropout.py", "03_dropout", "dropout", learner="ada").learner == "ada"


def test_the_name_on_disk_does_not_matter(folder):
    (folder / "dropout.py").write_bytes(b"x = 1\n")
    (folder / "ada_4711_dropout.py").write_bytes(b"x = 1\n")

    assert read(folder / "dropout.py") == read(folder / "ada_4711_dropout.py")


def test_the_hash_is_over_the_bytes(folder):
    (folder / "a.py").write_bytes(b"x = 1\n")
    (folder / "b.py").write_bytes(b"\xef\xbb\xbfx = 1\n")

    assert read(folder / "a.py").files == read(folder / "b.py").files
    assert read(folder / "a.py").sha256 != read(folder / "b.py").sha256


def test_an_empty_file_is_a_submission(folder):
    (folder / "dropout.py").write_bytes(b"")

    assert read(folder / "dropout.py").files[0].text == ""


def test_a_folder_is_searched_for_the_module(folder):
    (folder / "work").mkdir()
    (folder / "work" / "dropout.py").write_bytes(b"x = 1\n")

    assert read(folder / "work").files[0].text == "x = 1\n"


def test_a_folder_without_the_module_says_what_it_holds(folder):
    (folder / "work").mkdir()
    for name in ("droput.py", "notes.txt"):
        (folder / "work" / name).write_bytes(b"")

    assert refusal(folder / "work") == (
        f"{folder}/work is a folder without dropout.py: it contains droput.py, notes.txt. "
        'Did you mean "droput.py"? Hand in dropout.py, or the folder that it is in.'
    )


def test_a_long_folder_is_not_listed_whole(folder):
    for i in range(25):
        (folder / f"{i:02}.txt").write_bytes(b"")

    assert "07.txt, 08.txt, 09.txt and 15 more." in refusal(folder)


def test_an_empty_folder_says_so(folder):
    assert ": it is empty." in refusal(folder)


def test_a_folder_instead_of_the_file(folder):
    (folder / "dropout.py").mkdir()

    assert refusal(folder).endswith("dropout.py is a folder; expected a Python source file.")


def test_a_missing_file_suggests_a_similar_name(folder):
    (folder / "dropout.py").write_bytes(b"")

    with pytest.raises(MissingFileError) as caught:
        read(folder / "dropuot.py")

    assert str(caught.value) == (
        f'There is no dropuot.py in {folder}; expected the file that you edited. Did you mean "dropout.py"?'
    )


def test_a_missing_file_in_this_folder_is_named_without_the_folder(folder):
    assert refusal(Path("x.py")) == "There is no x.py in this folder; expected the file that you edited."


def test_a_missing_folder(folder):
    message = refusal(folder / "nowhere" / "dropout.py")

    assert message == f"There is no {folder}/nowhere/dropout.py: the folder {folder}/nowhere does not exist."


def test_a_path_through_a_file(folder):
    (folder / "dropout.py").write_bytes(b"")

    assert "a part of this path is a file; expected a folder" in refusal(folder / "dropout.py" / "dropout.py")


def test_a_link_is_followed(folder):
    (folder / "real.py").write_bytes(b"x = 1\n")
    (folder / "dropout.py").symlink_to(folder / "real.py")

    assert read(folder / "dropout.py").files[0].text == "x = 1\n"


def test_a_broken_link(folder):
    (folder / "dropout.py").symlink_to(folder / "gone.py")

    assert "is a broken link; expected a Python source file" in refusal(folder / "dropout.py")


def test_a_link_in_a_circle(folder):
    (folder / "dropout.py").symlink_to(folder / "dropout.py")

    assert "cannot be read" in refusal(folder / "dropout.py")


def test_a_folder_may_not_hand_in_a_file_outside_of_it(folder):
    (folder / "reference.py").write_bytes(b"secret = 1\n")
    (folder / "mallory").mkdir()
    (folder / "mallory" / "dropout.py").symlink_to(folder / "reference.py")

    assert refusal(folder / "mallory").endswith(
        "mallory/dropout.py is a link that leads out of its folder; expected the file itself. Hand in a copy."
    )


def test_a_link_inside_the_folder_is_followed(folder):
    (folder / "work").mkdir()
    (folder / "work" / "v2.py").write_bytes(b"x = 2\n")
    (folder / "work" / "dropout.py").symlink_to("v2.py")

    assert read(folder / "work").files[0].text == "x = 2\n"


def test_a_named_pipe_is_never_opened(folder):
    os.mkfifo(folder / "dropout.py")

    message = refusal(folder / "dropout.py")

    assert message == (
        f"{folder}/dropout.py is a named pipe; expected an ordinary file. "
        "Save the source to a file and hand in that file."
    )


def test_a_device_is_never_opened():
    assert refusal(Path("/dev/zero")).startswith("/dev/zero is a device; expected an ordinary file.")


def test_a_socket_is_refused(folder):
    with socket.socket(socket.AF_UNIX) as ours:
        ours.bind("dropout.py")

        assert "is a socket" in refusal(folder / "dropout.py")


def test_a_large_file_is_refused_without_reading_it(folder, monkeypatch):
    with open(folder / "dropout.py", "wb") as file:
        file.truncate(50 * 2**20)
    monkeypatch.setattr(os, "open", None)  # reading would need it

    message = refusal(folder / "dropout.py")

    assert message == (
        f"{folder}/dropout.py is 50.0 MiB; expected at most 1024 KiB. Hand in source only, without data."
    )


def test_the_largest_file_is_read(folder):
    (folder / "dropout.py").write_bytes(b"#" * BYTES_LIMIT)

    assert len(read(folder / "dropout.py").files[0].text) == BYTES_LIMIT


def test_a_file_that_grows_after_its_check(folder, monkeypatch):
    (folder / "dropout.py").write_bytes(b"#" * (BYTES_LIMIT + 1))
    small = (folder / "small.py").write_bytes(b"") or (folder / "small.py").stat()
    monkeypatch.setattr(type(folder), "stat", lambda *_, **__: small)
    monkeypatch.setattr(os, "fstat", lambda _: small)

    assert "is more than 1024 KiB" in refusal(folder / "dropout.py")


def test_a_file_replaced_by_a_pipe_after_its_check(folder, monkeypatch):
    (folder / "small.py").write_bytes(b"")
    small = (folder / "small.py").stat()
    os.mkfifo(folder / "dropout.py")
    monkeypatch.setattr(type(folder), "stat", lambda *_, **__: small)

    assert "is a named pipe" in refusal(folder / "dropout.py")


def test_a_file_without_the_right_to_read(folder, monkeypatch):
    (folder / "dropout.py").write_bytes(b"")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    assert refusal(folder / "dropout.py") == (
        f"{folder}/dropout.py cannot be read: Permission denied. Hand in a file that you can read."
    )


def test_a_notebook(folder):
    cells = [
        {
            "cell_type": "code",
            "source": "import os\ndef dropout(x):\n    return x\n1 / 0",
            "metadata": {},
            "outputs": [],
        }
    ]
    written = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})
    (folder / "dropout.ipynb").write_text(written)

    for path in (folder / "dropout.ipynb", folder):
        submission = read_submission(path, "03_dropout", "dropout", functions=["dropout"])
        assert [(file.name, file.text) for file in submission.files] == [
            ("dropout.py", "# code cell 1\ndef dropout(x):\n    return x\n")
        ]


def test_an_unreadable_notebook(folder):
    (folder / "dropout.ipynb").write_bytes(b"{}")

    assert refusal(folder / "dropout.ipynb").startswith("dropout.ipynb is not a readable notebook: ")


def test_source_takes_precedence_over_a_notebook_in_a_folder(folder):
    (folder / "dropout.ipynb").write_bytes(b"{}")
    (folder / "dropout.py").write_text("x = 1\n")

    assert read_submission(folder, "03_dropout", "dropout").files[0].text == "x = 1\n"


def test_a_name_with_terminal_codes_is_escaped(folder):
    (folder / "a\x1b[2J.txt").write_bytes(b"")

    message = refusal(folder)

    assert "\x1b" not in message
    assert r"it contains a\x1b[2J.txt." in message


def test_a_name_with_a_nul():
    assert "cannot be read: embedded null" in refusal(Path("a\0.py"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "looks like a zip archive; expected Python source in UTF-8. Hand in the .py file"),
        (b"%PDF-1.7", "looks like a PDF document"),
        (b"\x89PNG\r\n", "looks like a picture"),
        ("x = 1".encode("utf-16") + b"\0", "is not UTF-16: byte 0x00 at offset 12, in line 1. Save it as UTF-8"),
        ("x = '\0'".encode("utf-16"), "contains binary data: a NUL byte at offset 5"),
        (b"x = 1\0", "contains binary data: a NUL byte at offset 5"),
        (b"a = 1\nb = '\xfc'\n", "is not UTF-8: byte 0xfc at offset 11, in line 2. Save it as UTF-8 in your editor."),
        (b"\xef\xbb\xbf\xff", "is not UTF-8: byte 0xff at offset 3, in line 1"),
        (b"# -*- coding: rot13 -*-\nk = 1\n", 'declares the encoding "rot13" in line 1; expected UTF-8'),
        (b"#!/usr/bin/python\n# vim: set fileencoding=unicode_escape :\n", 'encoding "unicode_escape" in line 2'),
        (b"# coding: utf-7\n", 'declares the encoding "utf-7" in line 1'),
        (b"# coding: idna\n", 'declares the encoding "idna" in line 1'),
        (b"# coding: zip\n", 'declares the encoding "zip" in line 1'),
        (b"# coding: encodings.latin_1\n", 'declares the encoding "encodings.latin_1" in line 1'),
        (b"\xef\xbb\xbf# coding: latin-1\n", 'declares the encoding "latin-1" in line 1'),  # Python refuses it, too
        (b"# coding: ascii\n# \xfc\n", "is not ascii: byte 0xfc at offset 18, in line 2"),
    ],
)
def test_content_that_is_not_source(content, words):
    with pytest.raises(SubmissionError) as caught:
        decode_source(content, "dropout.py")

    assert str(caught.value).startswith("dropout.py ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfx", "x"),
        ("x = 'ü'".encode(), "x = 'ü'"),
        ("x = 'ü'".encode("utf-16"), "x = 'ü'"),
        (b"\xfe\xff" + "x = 'ü'".encode("utf-16-be"), "x = 'ü'"),
        (b"# -*- coding: latin-1 -*-\nx = '\xfc'\n", "# -*- coding: latin-1 -*-\nx = 'ü'\n"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=windows-1252 :\n# \x80",
            "#!/usr/bin/python\n# vim: set fileencoding=windows-1252 :\n# €",
        ),
        ("# coding: Shift_JIS\n# 畳み込み".encode("shift_jis"), "# coding: Shift_JIS\n# 畳み込み"),
        ("# coding: KOI8-R\n# свёртка".encode("koi8-r"), "# coding: KOI8-R\n# свёртка"),
        (b"# coding: ISO-8859-15\n# \xa4", "# coding: ISO-8859-15\n# €"),
        (b"# -*- coding: utf-8 -*-\n", "# -*- coding: utf-8 -*-\n"),
        (b"# coding=UTF8", "# coding=UTF8"),
        (b"# -*- coding: utf-8-unix -*-", "# -*- coding: utf-8-unix -*-"),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n"),  # a comment after code declares nothing
        (b"\n\n# coding: latin-1\n", "\n\n# coding: latin-1\n"),  # nor in the third line
    ],
)
def test_content_that_is_source(content, text):
    assert decode_source(content, "dropout.py") == text
