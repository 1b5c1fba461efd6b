"""Pages that processes of their own write: the same bytes, and what happens when something ends too early."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from grader.batch import page_processes
from grader.batch.report_writer import ReportWriter
from grader.batch.results import Results
from grader.batch.run import BatchError
from tests.batch import faulty_page_writer
from tests.batch.small_class import FILES, ROOT, grade_class, without_workers  # noqa: F401  (a fixture)
from tests.batch.test_temporary_folders import wait_for

CLASS = {
    **FILES,
    "cy/dropout.py": "bonus",
    "dan/dropout.py": "stub",
    "eve/dropout.ipynb": "notebook: wrong",
    "eve/pooling.py": "pooling",
    "fay/notes.txt": "text",
}
DECIDED = "learner,exercise,criterion,points,comment,by\nada,3,total,6,Agreed.,Jo\nben,3,mask,0,No.,Jo\n"
LATE = "due: {3: 2026-11-20T10:00:00Z}\nper_day: 10%\ntrust_file_times: true\n"


def files_of(out):
    """Return every file of the results by its path, without what may differ between two runs."""
    apart = ("run.html", ".lock", "journal.db")
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(apart)
    }


@pytest.fixture
def in_processes(monkeypatch):
    monkeypatch.setattr(page_processes, "FEWEST_REPORTS", 1)
    monkeypatch.setattr(page_processes, "ORDERS_AT_ONCE", 1)
    monkeypatch.setattr(page_processes.os, "cpu_count", lambda: 2)


@pytest.fixture
def faulty(in_processes, monkeypatch):
    monkeypatch.setattr(page_processes, "PAGE_WRITER", faulty_page_writer.__name__)


@pytest.fixture
def expected(tmp_path_factory, without_workers, monkeypatch):  # noqa: F811
    """Return the files that this process writes by itself."""

    def _expected():
        folder = tmp_path_factory.mktemp("expected")
        with monkeypatch.context() as patch:
            patch.setattr(page_processes, "FEWEST_REPORTS", 10_000)
            grade_class(folder, CLASS)
        return files_of(folder / "out")

    return _expected


def test_a_small_class_has_no_processes_and_no_more_than_cores(monkeypatch):
    monkeypatch.setattr(page_processes.os, "cpu_count", lambda: 4)

    assert page_processes.processes_for(page_processes.FEWEST_REPORTS - 1, 8) == 0
    assert page_processes.processes_for(2 * page_processes.FEWEST_REPORTS, 8) == 2
    assert page_processes.processes_for(100_000, 8) == 4
    assert page_processes.processes_for(100_000, 2) == 2


@pytest.mark.parametrize("anonymous", [False, True])
def test_processes_write_the_same_bytes(tmp_path, in_processes, without_workers, anonymous, monkeypatch):  # noqa: F811
    more = {"overrides": tmp_path / "decided.csv", "anonymous": anonymous, "workers": 2}
    more["overrides"].write_text(DECIDED)
    with monkeypatch.context() as patch:
        patch.setattr(page_processes, "FEWEST_REPORTS", 10_000)
        grade_class(tmp_path, CLASS, late=LATE, **more)
    expected = files_of(tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "reports")
    shutil.rmtree(tmp_path / "out" / "gradescope")
    patched = []
    monkeypatch.setattr(ReportWriter, "write", lambda *_: patched.append(_))
    grade_class(tmp_path, CLASS, late=LATE, **more)

    assert files_of(tmp_path / "out") == expected
    assert patched == []
    assert len([name for name in expected if name.endswith("results.json")]) == 5


def test_a_process_that_ends_while_it_writes_is_replaced(tmp_path, expected, faulty):
    (tmp_path / faulty_page_writer.ONCE).touch()
    grade_class(tmp_path, CLASS, workers=2)

    assert not (tmp_path / faulty_page_writer.ONCE).exists()
    assert files_of(tmp_path / "out") == expected()


def test_pages_that_no_process_can_write_are_one_clear_error_and_the_next_run_writes_them(
    tmp_path,
    expected,
    faulty,
    without_workers,  # noqa: F811
):
    always = tmp_path / faulty_page_writer.ALWAYS
    always.touch()
    with pytest.raises(BatchError) as caught:
        grade_class(tmp_path, CLASS, workers=2)
    assert "The pages cannot be written" in str(caught.value)
    assert str(caught.value).endswith("Every report is safe in the journal: run the same command again.")
    assert not (tmp_path / "out" / "gradebook.csv").exists()

    always.unlink()
    grade_class(tmp_path, CLASS, workers=2)
    assert files_of(tmp_path / "out") == expected()


def test_an_error_of_the_disk_names_the_file_as_in_this_process(tmp_path, in_processes, without_workers):  # noqa: F811
    (tmp_path / "out").mkdir()
    grade_class(tmp_path, FILES, workers=1)
    page = tmp_path / "out" / "gradescope" / "ada" / "03_dropout" / "results.json"
    page.unlink()
    page.mkdir()
    with pytest.raises(BatchError) as caught:
        grade_class(tmp_path, FILES, workers=2)

    assert f"because of {page}: Is a directory. Every report is safe" in str(caught.value)


def test_a_crash_between_grading_and_pages_loses_nothing(tmp_path, expected, in_processes, monkeypatch):
    def crash(*_):
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(Results, "write", crash)
        with pytest.raises(SystemExit):
            grade_class(tmp_path, CLASS, workers=2)
    assert not (tmp_path / "out" / "reports").exists()

    grade_class(tmp_path, CLASS, workers=2)
    assert files_of(tmp_path / "out") == expected()


def test_processes_end_with_a_coordinator_that_is_killed_while_it_writes(tmp_path):
    course = ROOT / "tests" / "samples" / "toy_course"
    for learner in ("anna", "bob", "cy"):
        (tmp_path / "in" / learner).mkdir(parents=True)
        text = (course / "solutions" / "01_double" / "double.py").read_text()
        (tmp_path / "in" / learner / "double.py").write_text(f"{text}# {learner}\n")
    program = (
        "from grader.batch import page_processes as pages\n"
        "pages.FEWEST_REPORTS = pages.ORDERS_AT_ONCE = 1\n"
        f"pages.PAGE_WRITER = {faulty_page_writer.__name__!r}\n"
        "from grader.cli import main; main()"
    )
    command = [
        sys.executable, "-c", program, "batch", tmp_path / "in", "--out", tmp_path / "out", "--course", course,
        "--workers", "1", "--isolation", "process", "--seed", "1",
    ]  # fmt: skip
    waits = tmp_path / faulty_page_writer.WAITS
    waits.touch()
    coordinator = subprocess.Popen([*map(str, command)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        writer = int(wait_for(waits.read_text, 60))
    finally:
        coordinator.send_signal(signal.SIGKILL)
        coordinator.wait()

    wait_for(lambda: not is_running(writer))
    assert not (tmp_path / "out" / "gradebook.csv").exists()
    waits.unlink()
    subprocess.run([*map(str, command)], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    assert {path.parent.name for path in (tmp_path / "out" / "reports").rglob("*.html")} == {"anna", "bob", "cy"}
    assert (tmp_path / "out" / "gradebook.csv").exists()


def is_running(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
