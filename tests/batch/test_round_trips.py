"""A gradebook of a platform is filled in, imported, exported again and filled in again: nothing more changes."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from grader.batch import class_run, given_files, run_class
from tests.batch.importers import CanvasGradebook, MoodleWorksheet, canvas_feedback, moodle_feedback
from tests.batch.stand_in import COURSE, StandIn, built
from tests.batch.test_scenarios import SCENARIOS, settings_of

ASSIGNMENTS = {48213: "Lab 3: Dropout", 48214: "Lab 4: More dropout", 48001: "Quiz 1"}
MOODLE = {
    "english": ("Identifier", "Grade", "Last modified (grade)", "Feedback comments", "Participant ", "."),
    "german": ("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", "Teilnehmer/in", ","),
    "french": ("Identifiant", "Note", "Dernière modification (note)", "Commentaires de feedback", "Participant ", ","),
    "spanish": (
        "Identificador", "Calificación", "Última modificación (calificación)", "Comentarios de retroalimentación",
        "Participante ", ",",
    ),
    "portuguese": (
        "Número de identificação", "Nota", "Última modificação (nota)", "Comentários de feedback", "Participante ", ",",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _without_workers(monkeypatch):
    monkeypatch.setattr(class_run, "WorkerPool", StandIn)
    monkeypatch.setattr(given_files, "load_course", lambda root: COURSE)


def filled(settings, name):
    run_class(settings, lambda progress: None)
    return (settings.out / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "scores", "manual"),
    [
        ("canvas-lab-column", {(101, 48001): "7.00", (103, 48001): "EX"}, {(101, 48001): "7.00", (103, 48001): "EX"}),
        ("canvas-last-and-first-name", {}, {}),
        ("canvas-semicolons", {}, {}),
        (
            "canvas-manual-grades",
            {(101, 48213): "7.25", (102, 48213): "EX", (103, 48213): "8.00"},
            {(101, 48213): "7.25", (102, 48213): "EX"},
        ),
    ],
)
def test_a_gradebook_of_canvas_is_the_same_after_two_imports(name, scores, manual, tmp_path):
    canvas = CanvasGradebook(scores, ASSIGNMENTS)
    _, settings = settings_of(SCENARIOS / name, tmp_path)
    first = filled(settings, "canvas.csv")

    changes = canvas.import_csv(first)
    assert canvas.new_assignments == []
    assert {assignment for _, assignment, _, _ in changes} <= {48213}
    assert manual.items() <= canvas.scores.items()
    assert not any(before for _, _, before, _ in changes)
    assert name == "canvas-manual-grades" or changes

    again = tmp_path / "exported.csv"
    again.write_bytes(first)
    _, settings = settings_of(SCENARIOS / name, tmp_path, roster=again)
    second = filled(settings, "canvas.csv")
    assert second == first
    assert canvas.import_csv(second) == []


@pytest.mark.parametrize("language", MOODLE)
def test_a_worksheet_of_moodle_is_the_same_after_two_imports(language, tmp_path):
    moodle = MoodleWorksheet(MOODLE[language], {501, 502, 503}, 8.0, {503: 8.0}, {503: "Well done"})
    folder = SCENARIOS / f"moodle-{language}"
    _, settings = settings_of(folder, tmp_path)
    first = filled(settings, "moodle.csv")

    changes = moodle.import_csv(first)
    assert [(who, field) for who, field, _, _ in changes] == [(501, "grade"), (501, "comment")]
    assert moodle.grades == {501: 4.15, 503: 8.0}
    assert moodle.comments[503] == "Well done"

    again = tmp_path / "exported.csv"
    again.write_bytes(first)
    _, settings = settings_of(folder, tmp_path, roster=again)
    second = filled(settings, "moodle.csv")
    assert second == first
    assert moodle.import_csv(second) == []


def test_a_regrade_replaces_our_own_grade_and_keeps_that_of_a_person(tmp_path):
    """The second export has our old grade in one line and a person's in another one."""
    folder = SCENARIOS / "canvas-lab-column"
    _, settings = settings_of(folder, tmp_path)
    exported = filled(settings, "canvas.csv").replace(b",A,7.00,8,", b",A,7.00,6.5,")
    again = tmp_path / "exported.csv"
    again.write_bytes(exported)
    files = {"birkben_102_9009_dropout.py": "right", "ashada_101_9001_dropout.py": "right"}
    regrade = replace(settings, submissions=built(files, tmp_path / "new", True), roster=again)

    summary = run_class(regrade, lambda progress: None)

    rows = {row["ID"]: row for row in csv.DictReader(io.StringIO((tmp_path / "out" / "canvas.csv").read_text()))}
    assert rows["102"]["Lab 3: Dropout (48213)"] == "8"
    assert rows["101"]["Lab 3: Dropout (48213)"] == "6.5"
    assert [str(one) for one in summary.kept] == ['101: "Lab 3: Dropout (48213)" keeps 6.5; graded 8']


def test_the_reports_for_canvas_go_to_the_files_that_were_graded(tmp_path):
    _, settings = settings_of(SCENARIOS / "canvas-hw3-zip", tmp_path)
    run_class(settings, lambda progress: None)
    with zipfile.ZipFile(settings.out / "canvas-feedback.zip") as archive:
        names = archive.namelist()
        assert b"<html" in archive.read(names[0])
    assert canvas_feedback(names, {101: {9001}, 102: {9002}, 103: {9003}}) == [(101, 9001), (102, 9002)]


def test_the_reports_for_moodle_go_to_the_participants(tmp_path):
    _, settings = settings_of(SCENARIOS / "moodle-german", tmp_path)
    run_class(settings, lambda progress: None)
    with zipfile.ZipFile(settings.out / "moodle-feedback.zip") as archive:
        names = archive.namelist()
    assert moodle_feedback(names, {501, 502, 503}) == [(501, "03_dropout.html"), (503, "03_dropout.html")]
    assert not (settings.out / "canvas-feedback.zip").exists()
