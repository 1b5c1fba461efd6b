"""Exports, judged by the programs and grammars that read them."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from grader.cli.entry import grade
from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.exports import formats
from grader.study.exports.formats.csv import to_csv
from grader.study.exports.formats.gift import to_gift
from grader.study.exports.formats.moodle_xml import to_moodle_xml
from grader.study.exports.items import items_of
from grader.study.learning_record import LearningRecord
from grader.study.question_bank import QuestionBank
from grader.study.revlog import to_revlog
from grader.text import for_cell
from tests.grading import ROOT
from tests.needs import missing, needs

CARDS = read_decks(builtin_course_root())
NAMED = "Convolutional neural networks", {"pooling": "Pooling"}
ITEMS = list(items_of(QuestionBank(builtin_course_root())))
JUDGE = ROOT / ".cache" / "judges" / "node_modules" / "gift-pegjs"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PARSE = "const g = require(process.argv[1]); const t = require('fs').readFileSync(0, 'utf8'); console.log(JSON.stringify(g.parse(t)))"


@pytest.fixture
def record(tmp_path):
    with LearningRecord(tmp_path / "study.db") as record:
        yield record


def parsed_gift(text):
    if shutil.which("node") is None or not JUDGE.is_dir():
        missing("gift-pegjs", "node or gift-pegjs is not installed (the grammar of GIFT): run .ci/system-packages")
    done = subprocess.run(["node", "-e", PARSE, str(JUDGE)], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_names_are_unique_and_nothing_is_left_out():
    names = [item.name for item in ITEMS]

    assert len(set(names)) == len(names) >= 63 + 27 * 3


def test_gift_is_read_by_its_grammar():
    found = [one for one in parsed_gift(to_gift(ITEMS)) if one["type"] != "Category"]

    assert [one["title"] for one in found] == [item.name for item in ITEMS]
    assert [one["stem"]["text"].split() for one in found] == [item.asking.question.ask.split() for item in ITEMS]
    kinds = {
        "choice": "MC",
        "several": "MC",
        "numeric": "Numerical",
        "text": "Short",
        "match": "Matching",
        "order": "Matching",
    }
    assert [one["type"] for one in found] == [kinds[item.asking.question.kind] for item in ITEMS]
    for one, item in zip(found, ITEMS, strict=True):
        if item.asking.question.kind == "choice":
            right = [choice["text"]["text"] for choice in one["choices"] if choice["isCorrect"]]
            assert [" ".join(text.split()) for text in right] == [item.asking.question.right]


def test_moodle_xml_has_the_same_questions():
    root = ElementTree.fromstring(to_moodle_xml(ITEMS))
    questions = [one for one in root if one.get("type") != "category"]

    assert [one.findtext("name/text") for one in questions] == [item.name for item in ITEMS]
    for one in questions:
        if one.get("type") == "multichoice":
            worth = [float(answer.get("fraction")) for answer in one.findall("answer")]
            assert sum(value for value in worth if value > 0) == pytest.approx(100, abs=0.01)
        if one.get("type") == "matching":
            assert len(one.findall("subquestion")) >= 3


def test_qti_is_read_by_the_program_that_writes_it(tmp_path, monkeypatch, qti_export):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path))
    out = tmp_path / "quiz.zip"
    result = CliRunner().invoke(grade, ["export", "qti", "--out", str(out)])

    assert result.exit_code == 0, result.output
    assert "10 about matching and ordering were left out: QTI 1.2 has no form for them" in result.output
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        assert manifest.tag.endswith("manifest")
        texts = [ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")]
    items = [one for root in texts for one in root.iter() if one.tag.endswith("}item")]
    assert len(items) == len(ITEMS) - 10
    assert "Quiz title" in qti_export.to_text(ITEMS[:1], "A title")


def test_the_keys_in_the_qti_archive_are_ours(tmp_path, qti_export):
    """Read the right answers from the conditions that give all points, as an importer does."""
    qti_export.write_qti(ITEMS, tmp_path / "quiz.zip", "A title")
    kept = [item for item in ITEMS if item.asking.question.kind not in ("match", "order")]
    with zipfile.ZipFile(tmp_path / "quiz.zip") as archive:
        roots = [ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")]
    items = [one for root in roots for one in root.iter(f"{QTI}item")]
    assert len({one.get("ident") for one in items}) == len(items) == len(kept)
    for node, item in zip(items, kept, strict=True):
        labels = {
            label.get("ident"): text_of(label.find(f"{QTI}material/{QTI}mattext"))
            for label in node.iter(f"{QTI}response_label")
            if len(label)
        }
        (paying,) = (
            one for one in node.iter(f"{QTI}respcondition")
            if any(score.text == "100" for score in one.iter(f"{QTI}setvar"))
        )  # fmt: skip
        denied = {one.text for wrong in paying.iter(f"{QTI}not") for one in wrong.iter(f"{QTI}varequal")}
        keys = [one.text for one in paying.iter(f"{QTI}varequal") if one.text not in denied]
        question = item.asking.question
        assert text_of(node.find(f"{QTI}presentation/{QTI}material/{QTI}mattext")) == squeezed(question.ask)
        if question.kind == "choice":
            assert [labels[key] for key in keys] == [squeezed(question.right)]
            assert sorted(labels.values()) == sorted(map(squeezed, item.asking.options))
        elif question.kind == "several":
            assert {labels[key] for key in keys} == {squeezed(one.answer) for one in question.options if one.right}
        elif question.kind == "text":
            assert {key.casefold() for key in keys} == {one.casefold() for one in question.right}
        else:
            assert {float(key) for key in keys} == {float(question.right)}
        linked = {one.get("linkrefid") for one in node.iter(f"{QTI}displayfeedback")}
        assert linked <= {one.get("ident") for one in node.iter(f"{QTI}itemfeedback")}


def text_of(node):
    return squeezed(html.unescape(re.sub(r"<[^>]+>", "", html.unescape(node.text))))


def squeezed(text):
    return " ".join(text.split())


def test_the_table_is_read_back():
    rows = list(csv.DictReader(io.StringIO(to_csv(CARDS.values()).removeprefix("\ufeff"), newline="")))

    assert [row["id"] for row in rows] == list(CARDS)
    assert all(row["back"].removeprefix("'") == CARDS[row["id"]].back for row in rows)


def test_anki_imports_an_edit_without_duplicates(record, tmp_path, anki_export):
    """In the real Anki: import, learn, edit, import again. Nothing is doubled, and the history is kept."""
    collection = needs("anki.collection", "the judge of our package")
    package = tmp_path / "cards.apkg"
    anki_export.write_anki(CARDS, package, anki_export.changes(record, CARDS, lambda: 1_700_000_000.0), *NAMED)
    anki = collection.Collection(str(tmp_path / "collection.anki2"))
    try:
        request = collection.ImportAnkiPackageRequest
        options = collection.ImportAnkiPackageOptions(
            merge_notetypes=True, with_scheduling=False, with_deck_configs=False
        )
        anki.import_anki_package(request(package_path=str(package), options=options))
        assert anki.note_count() == len(CARDS)
        assert "Convolutional neural networks::Pooling" in {deck.name for deck in anki.decks.all_names_and_ids()}
        (learnt,) = anki.find_notes('"Id:pool-max"')
        card = anki.get_note(learnt).cards()[0]
        anki.db.execute("update cards set reps = 3, ivl = 40, type = 2, queue = 2 where id = ?", card.id)

        edited = {**CARDS, "pool-max": replace(CARDS["pool-max"], back="The largest one & <only> that.")}
        anki_export.write_anki(edited, package, anki_export.changes(record, edited, lambda: 1_700_000_100.0), *NAMED)
        anki.import_anki_package(request(package_path=str(package), options=options))
        assert anki.note_count() == len(CARDS)
        assert anki.get_note(learnt)["Back"] == "The largest one &amp; &lt;only&gt; that."
        again = anki.get_note(learnt).cards()[0]
        assert (again.reps, again.ivl) == (3, 40)
    finally:
        anki.close()


@pytest.mark.parametrize("legacy", [True, False])
def test_answers_given_in_anki_are_imported(record, tmp_path, monkeypatch, legacy, anki_export):
    """Answer in the real Anki, export with the history, import here twice."""
    collection = needs("anki.collection", "the judge of our package")
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))
    anki_export.write_anki(
        CARDS, tmp_path / "cards.apkg", anki_export.changes(record, CARDS, lambda: 1_700_000_000.0), *NAMED
    )
    anki = collection.Collection(str(tmp_path / "collection.anki2"))
    try:
        options = collection.ImportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False)
        anki.import_anki_package(
            collection.ImportAnkiPackageRequest(package_path=str(tmp_path / "cards.apkg"), options=options)
        )
        anki.decks.set_current(anki.decks.id("Convolutional neural networks"))
        answered = {}
        for rating in (3, 1):
            card = anki.sched.getCard()
            card.start_timer()
            anki.sched.answerCard(card, rating)
            answered[card.note()["Id"]] = rating
        out = tmp_path / "learnt.apkg"
        anki.export_anki_package(
            out_path=str(out), limit=None,
            options=collection.ExportAnkiPackageOptions(with_scheduling=True, legacy=legacy),
        )  # fmt: skip
    finally:
        anki.close()

    for said in ("Added 2 of 2 answers to cards of this course.", "Added 0 of 2 answers to cards of this course."):
        result = CliRunner().invoke(grade, ["study", "import", str(out)])
        if not legacy:
            assert result.exit_code == 2
            assert "has the format of newer Anki versions, which grade cannot read" in result.output
            return
        assert said in result.output
    with LearningRecord(tmp_path / "state" / "study.db") as other_record:
        assert {one.card_key: one.rating for one in other_record.reviews()} == answered


def test_a_review_log_is_imported(record, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))
    keys = list(CARDS)[:3]
    for number, key in enumerate([*keys, "no-card-of-this-course"]):
        record.add_review(key, 1 + number, now_ms=1_700_000_000_000, duration_ms=900)  # at once, as after a merge
    (tmp_path / "log.csv").write_text(to_revlog(record.reviews()))
    with LearningRecord(tmp_path / "state" / "study.db") as other_record:
        other_record.add_review(keys[0], 1, now_ms=1_700_000_000_000)

    result = CliRunner().invoke(grade, ["study", "import", str(tmp_path / "log.csv")])
    assert result.output == "Added 2 of 3 answers to cards of this course.\n"
    with LearningRecord(tmp_path / "state" / "study.db") as other_record:
        assert {one.card_key: one.rating for one in other_record.reviews()} == dict(zip(keys, (1, 2, 3), strict=True))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK\3\4 and no more", "cannot be read as an Anki package"), (b"SQLite format 3\0", "cannot be read as an Anki package"),
     (b"id,cid,ease,time\n1,x,3,4\n", "Line 2 is not a line of a review log"), (b"\xff\xfe!", "cannot be read"), (b"\x81", "cannot be read"), (b"\xff\xfe", "is empty"), (b"", "is empty"),
     (b"{}", "Line 1 is not a line of a study log"), (b"a letter\nto you", "is not a study log, a review log or")],
)  # fmt: skip
def test_files_that_are_not_a_record_are_refused(content, message, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))
    (tmp_path / "file").write_bytes(content)
    result = CliRunner().invoke(grade, ["study", "import", str(tmp_path / "file")])

    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


def test_only_an_edit_has_a_new_time(record, anki_export):
    first = anki_export.changes(record, CARDS, lambda: 1_700_000_000.0)
    edited = {**CARDS, "pool-max": replace(CARDS["pool-max"], back="Another.")}
    second = anki_export.changes(record, edited)

    assert {key for key in CARDS if second[key] != first[key]} == {"pool-max"}
    assert anki_export.changes(record, edited) == second


@pytest.mark.parametrize("form", ["anki", "gift", "moodle-xml", "qti", "csv"])
def test_a_missing_output_folder_is_named(form, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path))
    folder = tmp_path / "no" / "folder"
    result = CliRunner().invoke(grade, ["export", form, "--out", str(folder / "x")])

    assert result.exit_code == 2
    assert result.output == f"Error: {folder / 'x'} cannot be written: there is no folder {folder}.\n"


def test_a_new_file_in_the_folder_of_formats_is_a_new_choice(tmp_path, monkeypatch):
    (tmp_path / "plain_text.py").write_text(
        'SUFFIXES = (".txt",)\n\n\n'
        "def export(material, out):\n"
        "    out.write_text(''.join(f'{card.front}\\n' for card in material.cards().values()), encoding='utf-8')\n"
        "    return 'all fronts'\n"
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "grader.cli.commands.export", raising=False)  # its choices were made at the import
    out = tmp_path / "cards.txt"

    said = CliRunner().invoke(grade, ["export", "plain-text", "--topic", "pooling", "--out", str(out)]).output
    help_text = CliRunner().invoke(grade, ["export", "--help"]).output
    sys.modules.pop("grader.cli.commands.export")

    assert said == f"Wrote all fronts to {out}\n"
    assert CARDS["pool-max"].front in out.read_text(encoding="utf-8").splitlines()
    assert "plain-text" in help_text


CELLS = ["=1", "+1", "-1", "@x", "\t=1", " =1", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_card_becomes_a_formula_in_a_spreadsheet(cell):
    text = to_csv([replace(CARDS["pool-max"], front=cell)])

    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["front"] == for_cell(cell)
    assert row["front"].startswith("'")
