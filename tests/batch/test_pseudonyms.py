"""`--anonymous`: pseudonyms in pages and file names, a key beside them, and the platforms' ids where they are needed."""

import csv
import json
import re

import pytest

from grader.batch import regrading, run_class
from grader.batch.learner_secrets import pseudonyms_of
from grader.report.json import content_hash
from grader.report.report import Report
from tests.batch.small_class import FILES, grade_class, grade_says, gradebook_of, texts_in, without_workers
from tests.batch.stand_in import StandIn
from tests.batch.test_regrade import Later
from tests.batch.test_scenarios import SCENARIOS, settings_of

__all__ = ["without_workers"]
pytestmark = pytest.mark.usefixtures("without_workers")

CLASS = {**FILES, "cy/Cy_Cole_hw3.zip": "broken zip", "dee_ash/dropout.py": "wrong"}
PAGES = ("index.html", "reports/", "gradescope/", "junit.xml")
HEX = re.compile("anon-[0-9a-f]+|[0-9a-f]{16,}")  # a pseudonym or a hash can contain "ada"
NAMES = ("ada", "Ada", "Ash", "ben", "Ben", "Birk", "Cole", "Cy_", "dee_ash", "x.org")


def key_of(out):
    with (out / "pseudonyms.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row["pseudonym"] for row in csv.DictReader(file)}


def test_no_page_and_no_file_name_has_the_name_of_a_learner(tmp_path):
    grade_class(tmp_path, CLASS, anonymous=True)
    files = texts_in(tmp_path / "out")

    pages = {name: content.decode() for name, content in files.items() if name.startswith(PAGES)}
    assert len(pages) > 8
    pages["run.html"] = (tmp_path / "out" / "run.html").read_text(encoding="utf-8")
    assert not [
        (name, one) for name, text in pages.items() for one in NAMES if one in HEX.sub("", text.replace("Adam", ""))
    ]
    assert not [(name, one) for name in files for one in NAMES if one in HEX.sub("", name)]


def test_the_key_names_everybody_and_tables_keep_the_ids(tmp_path):
    grade_class(tmp_path, CLASS, anonymous=True)
    key = key_of(tmp_path / "out")

    assert set(key) == {"ada", "ben", "cy", "dee_ash"}
    assert len(set(key.values())) == 4
    assert set(gradebook_of(tmp_path / "out")) == set(key)
    assert (tmp_path / "out" / "reports" / key["ada"] / "03_dropout.html").is_file()


def test_a_pseudonym_stays_and_does_not_follow_from_the_id(tmp_path):
    grade_class(tmp_path, anonymous=True)
    first = key_of(tmp_path / "out")
    grade_class(tmp_path, CLASS, anonymous=True)
    assert {learner: key_of(tmp_path / "out")[learner] for learner in first} == first

    assert pseudonyms_of(b"one", ["ada"]) != pseudonyms_of(b"two", ["ada"])


def test_two_learners_never_have_one_pseudonym():
    learners = [f"learner{number}" for number in range(20_000)]
    names = pseudonyms_of(b"secret", learners)

    assert len(set(names.values())) == len(learners)


def test_the_json_with_a_pseudonym_is_a_valid_report_with_its_own_hash(tmp_path):
    grade_class(tmp_path, anonymous=True)
    pseudonym = key_of(tmp_path / "out")["ada"]
    text = (tmp_path / "out" / "reports" / pseudonym / "03_dropout.json").read_text(encoding="utf-8")
    report = Report.model_validate(json.loads(text))

    assert report.submission.learner == pseudonym
    assert content_hash(report) == report.sha256


def test_learners_stand_in_the_order_of_their_pseudonyms(tmp_path):
    grade_class(tmp_path, CLASS, anonymous=True)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8").partition('id="learners"')[2]

    assert re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', page) == sorted(key_of(tmp_path / "out").values())


def test_no_file_of_the_other_kind_is_left_when_the_option_changes(tmp_path):
    grade_class(tmp_path)
    plain = set(texts_in(tmp_path / "out"))
    grade_class(tmp_path, anonymous=True)
    key = key_of(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out" / "reports").iterdir()} == {key["ada"], key["ben"]}
    assert {path.name for path in (tmp_path / "out" / "gradescope").iterdir()} == {key["ada"], key["ben"]}
    grade_class(tmp_path)

    assert set(texts_in(tmp_path / "out")) == plain


def test_commands_take_the_pseudonym_that_a_page_shows(tmp_path, capsys):
    grade_class(tmp_path, anonymous=True)
    out = tmp_path / "out"
    grade_says(capsys, "override", out, key_of(out)["ada"], 3, "--points", "1")

    assert gradebook_of(out)["ada"]["03_dropout final"] == "1"
    assert "set by hand" in (out / "index.html").read_text(encoding="utf-8")
    assert (out / "pseudonyms.csv").is_file()


def test_an_explanation_has_neither_the_id_nor_the_name_of_the_file(tmp_path, capsys):
    grade_class(tmp_path, {"ada/dropout_of_ada.py": "wrong"}, roster="", anonymous=True)
    (tmp_path / "input" / "ada" / "dropout_of_ada.py").unlink()
    said = grade_says(capsys, "explain", tmp_path / "out", "ada", 3, "--check", "mask")

    page = (tmp_path / "out" / "explain" / key_of(tmp_path / "out")["ada"] / "03_dropout.html").read_text("utf-8")
    assert "The file is no longer where it was" in said
    assert "ada" not in HEX.sub("", page)
    assert "dropout_of_ada" not in said


def test_compare_shows_pseudonyms_in_its_page(tmp_path, capsys):
    grade_class(tmp_path, anonymous=True)
    grade_class(tmp_path, {**FILES, "ada/dropout.py": "right"}, anonymous=True)
    grade_says(capsys, "compare", tmp_path / "out", tmp_path / "out")

    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert key_of(tmp_path / "out")["ada"] in page
    assert ">ada<" not in page


def named_in(said):
    """Return the learners of the class whom a text names, apart from paths."""
    return {word for word in re.findall(r"[a-z_]+", HEX.sub("", said)) if word in ("ada", "ben", "cy", "dee_ash")}


def test_terminal_lines_have_pseudonyms(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(regrading, "WorkerPool", StandIn)
    grade_class(tmp_path, CLASS, anonymous=True)
    out = tmp_path / "out"
    key = key_of(out)
    (out / "overrides.csv").write_text(
        "learner,exercise,criterion,points\nada,3,mask,0\nzoe,3,,1\ncy,3,mask,0\n", encoding="utf-8"
    )
    said = grade_says(capsys, "override", out, key["ben"], 3, "--points", "1", code=3)
    assert f"{key['ben']} 03_dropout: 1 of 8 points count now." in said
    assert f"decision not applied: overrides.csv: line 4 ({key['cy']} 03_dropout): there is no report" in said
    assert "line 3 (03_dropout): the learner has no submission" in said
    refused = [
        grade_says(capsys, "override", out, "adda", 3, "--points", "1", code=2),
        grade_says(capsys, "override", out, "dee_ash", 3, "--remove", code=2),
        grade_says(capsys, "override", out, key["cy"], 3, "--criterion", "mask", "--points", "0", code=2),
        grade_says(capsys, "explain", out, key["cy"], 3, code=2),
    ]
    again = grade_says(capsys, "regrade", out, "--learner", key["ada"], code=3)

    assert "1 submission graded again" in again
    assert f"{key['dee_ash']} in 03_dropout" in refused[1]
    assert not named_in("".join((said, *refused, again)).replace(str(tmp_path), ""))


def test_a_mistyped_pseudonym_gets_the_nearest_one(tmp_path, capsys):
    grade_class(tmp_path, anonymous=True)
    pseudonym = key_of(tmp_path / "out")["ada"]

    said = grade_says(capsys, "override", tmp_path / "out", f"{pseudonym}0", 3, "--points", "1", code=2)
    assert f'Did you mean "{pseudonym}"?' in said


def test_a_regrade_names_changed_scores_and_faults_by_pseudonym(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(regrading, "WorkerPool", Later)
    grade_class(tmp_path, anonymous=True)
    key = key_of(tmp_path / "out")
    said = grade_says(capsys, "regrade", tmp_path / "out", "--exercise", 3)
    assert f"{key['ada']} 03_dropout: 5.75 to 6" in said
    assert not named_in(said)

    monkeypatch.setattr(Later, "fault", True)
    said = grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada", code=3)
    assert f"fault of the grader: {key['ada']} 03_dropout: it broke" in said
    assert not named_in(said)


def test_compare_names_everybody_by_pseudonym_even_those_of_the_old_results_alone(tmp_path, capsys):
    (tmp_path / "first").mkdir()
    grade_class(tmp_path / "first", {**FILES, "zed/dropout.py": "right"}, roster="")
    grade_class(tmp_path, {**FILES, "ada/dropout.py": "right"}, anonymous=True)
    out = tmp_path / "out"
    said = grade_says(capsys, "compare", tmp_path / "first" / "out", out)

    assert f"{key_of(out)['ada']} 03_dropout: 5.75 to 8" in said
    assert re.search(r"^anon-[0-9a-f]+ 03_dropout: 8 to no score", said, re.MULTILINE)
    assert not {"ada", "zed"} & set(re.findall("[a-z]+", HEX.sub("", said)))
    assert ">zed<" not in (out / "compare.html").read_text(encoding="utf-8")


def test_mail_names_learners_without_an_address_by_pseudonym(tmp_path, capsys):
    grade_class(tmp_path, CLASS, anonymous=True)
    said = grade_says(capsys, "mail", tmp_path / "out")

    assert f"no usable e-mail address: {key_of(tmp_path / 'out')['dee_ash']}" in said


def test_a_batch_names_files_that_belong_to_no_exercise_and_typed_grades_by_pseudonym(tmp_path):
    folder = SCENARIOS / "canvas-manual-grades"
    _, settings = settings_of(folder, tmp_path, anonymous=True)
    summary = run_class(settings, lambda progress: None)
    key = key_of(tmp_path / "out")
    assert [one.learner for one in summary.kept] == [key["101"], key["102"]]

    (tmp_path / "second").mkdir()
    summary = grade_class(tmp_path / "second", {**FILES, "dee_ash/hw3_of_dee.py": "text"}, anonymous=True)
    assert summary.unrecognised == (key_of(tmp_path / "second" / "out")["dee_ash"],)
