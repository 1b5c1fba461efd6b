"""`grade mail`: a draft for each learner with the report, and nothing is sent."""

import email
import mailbox
from email.policy import default

import pytest

from tests.batch.small_class import FILES, grade_class, grade_says, report_page, without_workers

__all__ = ["without_workers"]
pytestmark = pytest.mark.usefixtures("without_workers")
ROSTER = (
    "id,name,email\nada,Ada Äsh,ada@x.org\nben,Ben Birk,ben@x.org\ncy,Cy Cole,\ndee,Dee,dee@x.org\n"
    '"eve","Eve, Inc","eve@x.org, all@x.org"\n'
)


def message_in(path):
    return email.message_from_bytes(path.read_bytes(), policy=default)


def mail_in(out):
    """Return the content of each file with messages, by its path."""
    paths = (*(out / "mail").glob("*.eml"), *out.glob("mail.mbox"))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def test_each_learner_with_an_address_gets_a_draft_with_the_report(tmp_path, capsys):
    grade_class(tmp_path, {**FILES, "cy/dropout.py": "right", "eve/dropout.py": "wrong\n# eve"}, ROSTER)
    out = tmp_path / "out"
    grade_says(capsys, "override", out, "ada", 3, "--criterion", "mask", "--points", "0", "--comment", "Too late.")
    said = grade_says(capsys, "mail", out, "--dry-run", "--from", "Tom <tom@x.org>")

    assert "2 messages in" in said
    assert "Nothing was sent." in said
    assert "no usable e-mail address: cy" in said
    assert "no usable e-mail address: eve" in said
    assert sorted(path.name for path in (out / "mail").iterdir()) == ["ada.eml", "ben.eml"]
    message = message_in(out / "mail" / "ada.eml")
    assert message["To"] == "Ada Äsh <ada@x.org>"
    assert (message["From"], message["Subject"], message["X-Unsent"]) == ("Tom <tom@x.org>", "Your results", "1")
    text = message.get_body().get_content().replace("\r\n", "\n")
    assert text.startswith("Hello Ada Äsh,\n\nDropout: 5.25 of 8 points.\n- Not yet: Drops each unit")
    assert "- Returns the mask that y was multiplied by: 0 of 0.5 points, instead of 0.5. Too late." in text
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "03_dropout.html"
    assert attachment.get_content().replace("\r\n", "\n") == report_page(out, "ada")


def test_one_file_can_hold_all_messages(tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER.replace("Ben Birk", "From Ben"))
    out = tmp_path / "out"
    grade_says(capsys, "mail", out, "--mbox")
    first = (out / "mail.mbox").read_bytes()
    grade_says(capsys, "mail", out, "--mbox")

    assert (out / "mail.mbox").read_bytes() == first
    box = mailbox.mbox(out / "mail.mbox")
    assert [one["To"] for one in box] == ["Ada =?utf-8?q?=C3=84sh?= <ada@x.org>", "From Ben <ben@x.org>"]
    box.close()


def test_messages_of_earlier_calls_are_removed(tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER)
    grade_says(capsys, "mail", tmp_path / "out")
    (tmp_path / "input" / "ada" / "dropout.py").unlink()
    grade_class(tmp_path, {"ben/dropout.py": "right"}, ROSTER)
    grade_says(capsys, "mail", tmp_path / "out")

    assert [path.name for path in (tmp_path / "out" / "mail").iterdir()] == ["ben.eml"]


@pytest.mark.parametrize(("first", "second"), [((), ("--mbox",)), (("--mbox",), ())])
def test_messages_in_the_other_form_are_removed(first, second, tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER.replace("Ben Birk", "From Ben"))
    out = tmp_path / "out"
    grade_says(capsys, "mail", out, *first)
    before = mail_in(out)
    said = grade_says(capsys, "mail", out, *second)

    assert len(before) == (2 if not first else 1)
    assert not set(before) & set(mail_in(out))
    assert "not written by" not in said


def test_a_message_that_a_person_wrote_or_changed_stays_and_is_named(tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER)
    out = tmp_path / "out"
    grade_says(capsys, "mail", out)
    draft = out / "mail" / "ada.eml"
    draft.write_bytes(draft.read_bytes().replace(b"Hello", b"Dear"))
    mine = out / "mail" / "mine.eml"
    mine.write_bytes(b"Subject: lunch\n\nX-Grade-Content: " + b"0" * 32 + b"\n")
    (out / "mail" / "folder.eml").mkdir()
    changed = draft.read_bytes()
    said = grade_says(capsys, "mail", out, "--mbox")

    assert sorted(path.name for path in (out / "mail").iterdir()) == ["ada.eml", "folder.eml", "mine.eml"]
    assert draft.read_bytes() == changed
    for path in (draft, mine):
        assert f"not written by this command, so it may have a former score: {path}" in said


@pytest.mark.parametrize(("options", "name"), [((), "mail/ada.eml"), (("--mbox",), "mail.mbox")])
def test_a_draft_that_a_person_changed_is_never_replaced(options, name, tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER)
    out = tmp_path / "out"
    grade_says(capsys, "mail", out, *options)
    draft = out / name
    draft.write_bytes(draft.read_bytes().replace(b"Hello", b"Dear"))
    before = mail_in(out)
    said = grade_says(capsys, "mail", out, *options, "--subject", "New", code=2)

    assert f"{draft} would be replaced, and grade did not write the present content. Nothing was written." in said
    assert mail_in(out) == before
    draft.unlink()
    grade_says(capsys, "mail", out, *options, "--subject", "New")
    assert b"Subject: New" in draft.read_bytes()


def test_without_a_score_the_message_says_why(tmp_path, capsys):
    grade_class(tmp_path, {**FILES, "dee/hw3.txt": "text"}, ROSTER)
    grade_says(capsys, "override", tmp_path / "out", "dee", 3, "--excused", "--comment", "Ill", "--by", "Tom")
    grade_says(capsys, "mail", tmp_path / "out")

    text = message_in(tmp_path / "out" / "mail" / "dee.eml").get_body().get_content().replace("\r\n", "\n")
    assert "Dropout: no score.\n- Excused. Ill (Tom)\n" in text
    assert "attached" not in text


def test_a_header_of_several_lines_is_refused(tmp_path, capsys):
    assert "single lines" in grade_says(capsys, "mail", tmp_path, "--subject", "a\nBcc: all@x.org", code=2)


@pytest.mark.parametrize(
    "address", ["a..b@x.org", "jürgen@x.org", "a@x..org", "a.@x.org", "a@[x", "a@x:y", "a@bücher.de"]
)
def test_an_address_that_no_mailer_could_use_is_listed(address, tmp_path, capsys):
    grade_class(tmp_path, roster=ROSTER.replace("ada@x.org", address))
    said = grade_says(capsys, "mail", tmp_path / "out")

    assert "no usable e-mail address: ada\n" in said
    assert not (tmp_path / "out" / "mail" / "ada.eml").exists()


@pytest.mark.parametrize("sender", ["nonsense <", "Tom", '"x', "a@x.org, b@x.org", "tür@x.org"])
def test_a_sender_without_an_address_is_refused(sender, tmp_path, capsys):
    said = grade_says(capsys, "mail", tmp_path, "--from", sender, code=2)

    assert f"--from is {sender!r}, expected one address, for example 'Tom <tom@x.org>'." in said


def test_a_folder_without_results_is_refused(tmp_path, capsys):
    assert "contains no journal.db; expected a results folder" in grade_says(capsys, "mail", tmp_path, code=2)
    missing = tmp_path / "nowhere"
    assert f"There is no folder {missing}; expected a results folder" in grade_says(capsys, "mail", missing, code=2)
