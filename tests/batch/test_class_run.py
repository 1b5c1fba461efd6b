"""`run_class`: the stages that it reports, the summary that it returns, and hand-ins that change while it runs."""

import shutil

import pytest

from grader.batch import ClassInterruptedError, ClassSettings, Stage, run_class
from grader.submission.intake import Intake
from tests.batch.test_batch import gradebook
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = ROOT / "tests" / "samples" / "toy_submissions" / "right" / "double.py"
CHANGED = "changed while it was graded; grade it again"


@pytest.fixture
def settings(tmp_path):
    for learner in ("anna", "bob"):
        (tmp_path / "in" / learner).mkdir(parents=True)
        shutil.copy(RIGHT, tmp_path / "in" / learner)
    return ClassSettings(tmp_path / "in", tmp_path / "out", TOY, seed=3, workers=1)


def test_the_stages_of_a_class_and_its_summary(settings):
    seen = []

    summary = run_class(settings, seen.append)

    assert list(dict.fromkeys(one.stage for one in seen)) == [one for one in Stage if one is not Stage.CONNECTING]
    (graded,) = (one for one in seen if one.stage is Stage.GRADED)
    assert (graded.seed, graded.expected, graded.found, graded.graded, graded.faults) == (3, 2, 2, 2, 0)
    assert (summary.seeds, summary.is_complete, summary.refused, summary.faults) == ((3,), True, (), ())
    assert {row["01_double raw"] for row in gradebook(settings.out).values()} == {"5"}


def test_a_file_that_changes_before_a_worker_reads_it_is_refused_and_no_fault_of_the_grader(settings, monkeypatch):
    read = Intake.contents
    path = settings.submissions / "anna" / "double.py"

    def contents_before_a_change(intake, places):
        found = read(intake, places)
        path.write_text(RIGHT.read_text() + "# a new line\n")
        return found

    monkeypatch.setattr(Intake, "contents", contents_before_a_change)
    seen = []
    summary = run_class(settings, seen.append)

    assert (summary.refused, summary.faults, summary.is_complete) == ((f"anna 01_double: {CHANGED}",), (), False)
    (graded,) = (one for one in seen if one.stage is Stage.GRADED)
    assert (graded.graded, graded.refused, graded.faults) == (1, 1, 0)
    rows = gradebook(settings.out)
    assert (rows["anna"]["01_double raw"], rows["bob"]["01_double raw"]) == ("", "5")

    monkeypatch.undo()
    assert run_class(settings, seen.append).is_complete
    assert gradebook(settings.out)["anna"]["01_double raw"] == "5"


def test_a_file_that_is_deleted_during_a_batch_is_refused_and_no_fault_of_the_grader(settings):
    def delete(progress):
        if progress.stage is Stage.FOUND:
            (settings.submissions / "anna" / "double.py").unlink()

    summary = run_class(settings, delete)

    why = "changed while it was graded (anna/double.py cannot be read: No such file or directory); grade it again"
    assert (summary.refused, summary.faults) == ((f"anna 01_double: {why}",), ())
    assert gradebook(settings.out)["bob"]["01_double raw"] == "5"


def test_an_interrupt_says_how_many_reports_are_recorded(settings):
    def interrupt(progress):
        if progress.graded:
            raise KeyboardInterrupt

    with pytest.raises(ClassInterruptedError) as caught:
        run_class(settings, interrupt)

    assert caught.value.recorded in (1, 2)  # a worker may answer twice at once
    assert not (settings.out / "gradebook.csv").exists()
