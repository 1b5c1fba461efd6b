"""`--seed-per-learner`: seeds from a secret of the results folder, named in the reports and derived again from it."""

import sqlite3

import pytest

from grader.batch.batch_journal import BatchJournal
from grader.batch.learner_secrets import seed_of_learner
from tests.batch import stand_in
from tests.batch.small_class import FILES, grade_class, grade_says, gradebook_of, json_report, texts_in, without_workers

__all__ = ["without_workers"]
pytestmark = pytest.mark.usefixtures("without_workers")


@pytest.fixture(autouse=True)
def _seeds_in_reports(monkeypatch):
    """Let the reports of the stand-in name the seed that they were graded with."""
    report_of = stand_in.report_of

    def with_seed(task, *points):
        report = report_of(task, *points)
        report["course"]["seed"] = task.seed
        return report

    monkeypatch.setattr(stand_in, "report_of", with_seed)


def seeds_in(out, *learners):
    return [json_report(out, learner)["course"]["seed"] for learner in learners]


def test_each_learner_has_a_seed_that_the_report_names_and_the_secret_gives_again(tmp_path):
    grade_class(tmp_path, seed_per_learner=True)
    out = tmp_path / "out"
    with BatchJournal(out / "journal.db") as journal:
        secret = journal.secret()

    expected = [seed_of_learner(secret, 3, learner) for learner in ("ada", "ben")]
    assert seeds_in(out, "ada", "ben") == expected
    assert len({3, *expected}) == 3
    assert "Each learner has a seed of their own" in (out / "index.html").read_text(encoding="utf-8")


def test_another_results_folder_gives_other_seeds(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        grade_class(tmp_path / name, seed=3, seed_per_learner=True)

    assert seeds_in(tmp_path / "one" / "out", "ada") != seeds_in(tmp_path / "two" / "out", "ada")


def test_the_same_command_grades_nothing_again_and_writes_the_same(tmp_path):
    grade_class(tmp_path, seed_per_learner=True)
    before = texts_in(tmp_path / "out")
    grade_class(tmp_path, seed=None, seed_per_learner=True)

    assert texts_in(tmp_path / "out") == before
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        assert database.execute("SELECT COUNT(*) FROM graded").fetchone() == (2,)


def test_a_group_has_one_seed(tmp_path):
    roster = "id,name,group\nada,Ada,red\nben,Ben,red\n"
    grade_class(tmp_path, {"ada/dropout.py": "right", "ben/notes.txt": "text"}, roster, seed_per_learner=True)

    assert len(set(seeds_in(tmp_path / "out", "ada", "ben"))) == 1


def test_repetitions_have_other_seeds_and_unsteady_checks_are_found(tmp_path):
    summary = grade_class(tmp_path, seed_per_learner=True, repeat=2)

    assert summary.unsteady == ()
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        assert database.execute("SELECT COUNT(DISTINCT seed) FROM graded").fetchone() == (4,)


def test_later_commands_use_the_seeds_of_the_run(tmp_path, capsys):
    grade_class(tmp_path, FILES, seed_per_learner=True)
    seeds = seeds_in(tmp_path / "out", "ada", "ben")
    grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1")

    assert seeds_in(tmp_path / "out", "ada", "ben") == seeds
    assert gradebook_of(tmp_path / "out")["ada"]["03_dropout final"] == "1"
