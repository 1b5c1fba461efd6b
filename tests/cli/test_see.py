"""`grade exercise N --see`: what a program does, after the verdict."""

import shutil

import pytest

from grader.grading.worker import Worker
from grader.sandbox import IsolationError
from grader.submission import read_submission
from tests.cli.conftest import SharedZygoteWorker
from tests.cli.terminals import Terminal
from tests.grading import COURSE, ROOT
from tests.needs import needs_program

POOLING = COURSE.find("02_pooling")
LINE = "See what your pooling does with a digit: grade exercise 2"
TITLE = "Your pooling on a digit"
POOLED = "│  ▒▒████│   │  ▒▒▓▓▒▒│"


@pytest.fixture
def pooling(here, worker):
    """Our solution of exercise 2 in the current folder."""
    worker(SharedZygoteWorker)
    return shutil.copy(POOLING.reference_path, here / "pooling.py")


def with_text(here, old, new):
    text = POOLING.reference_path.read_text(encoding="utf-8")
    assert old in text
    path = here / "pooling.py"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_one_line_of_the_report_says_how_to_look(pooling, run):
    text = run("exercise", "2").stdout

    assert f"\n{LINE} --see\n" in text
    assert TITLE not in text


def test_the_line_names_the_file_if_it_was_named(pooling, run):
    assert f"\n{LINE} pooling.py --see\n" in run("exercise", "2", "pooling.py").stdout


def test_a_pipe_gets_the_pictures_after_the_verdict(pooling, run):
    before, title, after = run("exercise", "2", "--see").stdout.partition(TITLE)

    assert before.startswith("02 Pooling    12 / 12 points")
    assert title
    assert POOLED in after
    assert LINE not in before


def test_a_stub_has_nothing_to_see(here, worker, run):
    worker(SharedZygoteWorker)
    stub = shutil.copy(ROOT / "exercises" / "02_pooling" / "pooling.py", here / "pooling.py")

    assert "--see" not in run("exercise", "2", stub).stdout
    assert TITLE not in run("exercise", "2", stub, "--see").stdout


def test_before_the_function_in_the_pictures_is_written_no_line_offers_them(here, worker, run):
    worker(SharedZygoteWorker)
    text = (ROOT / "exercises" / "01_convolution" / "convolution.py").read_text(encoding="utf-8")
    begun = text.replace(
        'raise NotImplementedError("Task 2: write pad2d")', "return np.pad(x, ((0, 0), *pads, (0, 0)))"
    )
    (here / "convolution.py").write_text(begun, encoding="utf-8")
    assert "--see" not in run("exercise", "1").stdout
    (here / "convolution.py").write_text(begun.replace('raise NotImplementedError("Task 4: write conv2d")', "return b"))
    assert "\nSee what your conv2d does with a digit: grade exercise 1 --see\n" in run("exercise", "1").stdout


def test_a_file_that_does_not_run_has_nothing_to_see(here, worker, run):
    worker(SharedZygoteWorker)
    (here / "pooling.py").write_text("def max_pool2d(\n", encoding="utf-8")

    assert "--see" not in run("exercise", "2").stdout
    assert TITLE not in run("exercise", "2", "--see").stdout


@pytest.mark.parametrize("options", [["--html"], ["--format", "html"], ["--html", "--see"]])
def test_a_page_always_has_the_pictures(pooling, here, run, options):
    assert run("exercise", "2", *options, "--out", "page.html").exit_code == 0

    page = (here / "page.html").read_text(encoding="utf-8")
    assert TITLE in page
    assert 'aria-label="2 x 2 max pooling, 4 by 4 pixels"' in page


def test_a_format_without_pictures_refuses_the_option(pooling, run):
    result = run("exercise", "2", "--see", "--format", "json")

    assert result.exit_code == 2
    assert "--see shows pictures, and --format json has none. Leave one of them out." in result.stderr


def test_an_exercise_without_pictures_says_so(toy, run, sample):
    result = run("exercise", "1", sample("right"), "--course", toy, "--see")

    assert result.exit_code == 0
    assert "Note: 01_double has nothing to show with --see." in result.stderr


def graded(path, zygote, see):
    looks = []
    with Worker(POOLING, zygote=zygote) as worker:
        submission = read_submission(path, POOLING.key, "pooling")
        report = worker.grade(submission, 0, show=looks.append)
        return report, looks[0]() if see else ()


LOUD = (
    "def max_pool2d(",
    "def max_pool2d(*a, **k):\n    print('pooled')\n    return _max_pool2d(*a, **k)\n\n\ndef _max_pool2d(",
)
HANGING = (
    "def max_pool2d(",
    "def max_pool2d(*a, **k):\n    if a[0].shape == (1, 8, 8, 1):\n"
    "        while True:\n            pass\n    return _max_pool2d(*a, **k)\n\n\ndef _max_pool2d(",
)


@pytest.mark.parametrize("change", [("", ""), LOUD], ids=["silent", "prints"])
def test_the_report_is_the_same_with_and_without_pictures(here, zygote, change):
    path = with_text(here, *change) if change[0] else POOLING.reference_path
    report, shown = graded(path, zygote, see=True)
    without, nothing = graded(path, zygote, see=False)

    assert report.sha256 == without.sha256
    assert [one.title for one in shown] == [TITLE]
    assert nothing == ()


def test_a_program_that_hangs_on_the_digit_loses_only_the_picture(here, zygote):
    path = with_text(here, *HANGING)
    report, (seen,) = graded(path, zygote, see=True)
    without, _ = graded(path, zygote, see=False)

    assert report.sha256 == without.sha256
    assert report.grader_faults == ()
    assert seen.body is None
    assert "max_pool2d took longer than" in seen.lost


@pytest.mark.parametrize("error", [MemoryError(), OSError("no more processes"), IsolationError("the sandbox ended")])
def test_a_failure_of_ours_costs_only_the_picture(pooling, run, monkeypatch, error):
    def fail(*arguments):
        raise error

    monkeypatch.setattr("grader.checks.sight.seen_of", fail)
    result = run("exercise", "2", "--see")

    assert result.exit_code == 0
    assert "02 Pooling    12 / 12 points" in result.stdout
    assert f"No picture: the grader failed while it made them ({type(error).__name__})" in result.stdout


def test_the_report_with_its_line_fits_a_terminal_and_the_pictures_follow(here, tmp_path_factory):
    needs_program("tmux", "shows the report")
    shutil.copy(POOLING.reference_path, here / "pooling.py")
    terminal = Terminal(tmp_path_factory.mktemp("tmux"), tmp_path_factory.mktemp("state"))
    try:
        terminal.start("exercise", "2", "--see", cwd=here)
        screen = terminal.wait_for("ended 0")
    finally:
        terminal.close()

    assert "02 Pooling    12 / 12 points" in screen
    assert POOLED in screen
