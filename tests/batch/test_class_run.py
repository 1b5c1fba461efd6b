"""`run_class`: the stages that it reports, the summary that it returns, and hand-ins that change while it runs."""

import shutil

import pytest

from grader.batch import ClassInterruptedError, ClassSettings, Stage, class_run, run_class
from grader.batch.batch_journal import BatchJournal
from grader.batch.kept_files import unpacked_contents
from grader.submission.submission import content_hash
from tests.batch.small_class import FILES, grade_class, without_workers  # noqa: F401  (a fixture)
from tests.batch.stand_in import StandIn
from tests.batch.test_batch import gradebook
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = ROOT / "tests" / "samples" / "toy_submissions" / "right" / "double.py"


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


def test_pages_of_hand_ins_that_are_not_here_now_are_named(settings):
    assert run_class(settings, lambda progress: None).remarks == ()
    (settings.submissions / "anna").rename(settings.submissions / "eva")

    (remark,) = run_class(settings, lambda progress: None).remarks

    assert "1 page of earlier runs" in remark
    assert "reports/anna/01_double.html" in remark
    assert set(gradebook(settings.out)) == {"bob", "eva"}


def test_a_file_that_changes_after_it_was_found_is_graded_as_a_worker_reads_it(settings):
    changed = RIGHT.read_text() + "# a new line\n"

    def change(progress):
        if progress.stage is Stage.FOUND:
            (settings.submissions / "anna" / "double.py").write_text(changed)

    assert run_class(settings, change).is_complete
    with BatchJournal(settings.out / "journal.db", read_only=True) as journal:
        found = {learner: graded.content.sha256 for learner, _, _, graded in journal.results(1)}
        kept = {learner: unpacked_contents(journal.source(sha256)) for learner, sha256 in found.items()}
    assert kept == {"anna": {"double.py": changed.encode()}, "bob": {"double.py": RIGHT.read_bytes()}}
    assert found == {learner: content_hash(files) for learner, files in kept.items()}


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


def test_a_report_counts_when_it_is_in_the_journal(settings):
    seen = []

    def look(progress):
        if progress.stage is Stage.GRADING:
            with BatchJournal(settings.out / "journal.db", read_only=True) as journal:
                reports = [one for one in journal.results(1) if one[3] is not None]
            seen.append((progress.graded, len(reports)))

    run_class(settings, look)

    assert seen[-1] == (2, 2)
    assert all(counted == recorded for counted, recorded in seen)


class Interrupted(StandIn):
    """Grades one submission, and is interrupted before anybody has recorded it."""

    def run(self, tasks):
        yield next(super().run(tasks))
        raise KeyboardInterrupt


def test_what_was_graded_before_an_interrupt_is_recorded(tmp_path, without_workers, monkeypatch):  # noqa: F811
    with monkeypatch.context() as patch:
        patch.setattr(class_run, "WorkerPool", Interrupted)
        with pytest.raises(ClassInterruptedError) as caught:
            grade_class(tmp_path, FILES)
    assert caught.value.recorded == 1

    assert grade_class(tmp_path, FILES).is_complete
    with BatchJournal(tmp_path / "out" / "journal.db", read_only=True) as journal:
        seen = [learner for learner, _, _, graded in journal.results(2) if graded is not None]
    assert seen == ["ada", "ben"]
