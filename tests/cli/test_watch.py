"""`grade watch` as its user runs it: in tmux, in a pipe, with editors that save in many ways."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.terminals import Terminal
from tests.grading import COURSE, ROOT
from tests.needs import needs_installed, needs_program

EXERCISE, POOLING = COURSE.find("03_dropout"), COURSE.find("02_pooling")
SAMPLE = (ROOT / "tests" / "samples" / "03_dropout" / "dropout.py").read_text()
RIGHT = EXERCISE.reference_path.read_text()
STUB = EXERCISE.stub.read_text()


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def terminal(tmp_path):
    needs_program("tmux", "a terminal")
    terminal = Terminal(tmp_path, tmp_path / "state")
    yield terminal
    terminal.close()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20)])
def test_three_wrong_saves_a_hint_a_right_save_and_the_next_exercise(terminal, work, width, height):
    file = work / "dropout.py"
    file.write_text(STUB)
    terminal.start("watch", "3", cwd=work, width=width, height=height)
    terminal.wait_for("is not implemented yet")

    file.write_text("def dropout(x, rate, training, rng:\n")
    terminal.wait_for("never closed")  # 60 columns break the line before these words
    file.write_text("def dropout(x, rate, training, rng):\n    return y\n")
    terminal.wait_for("NameError")
    file.write_text(SAMPLE)
    terminal.wait_for("69.8% of the units were dropped")
    terminal.wait_for("fixed: ")

    terminal.type("h")
    terminal.wait_for("Smallest input to try")
    terminal.type("x")
    terminal.wait_for("69.8% of the units were dropped")

    file.write_text(RIGHT)
    screen = terminal.wait_for("All points. Press n for the next exercise.")
    assert "8 / 8 points" in screen
    assert "broken: 0, still failing: 0" in screen
    assert len(screen.splitlines()) <= height

    terminal.type("n")
    terminal.wait_for("04 Batch normalisation")
    assert (work / "batch_norm.py").is_file()
    terminal.type("q")
    screen = terminal.wait_for("ended 0")
    assert "dropout.py: 8 / 8 points" in screen


def test_the_list_the_page_and_all_checks_have_keys(terminal, work, tmp_path):
    (work / "dropout.py").write_text(SAMPLE)
    terminal.start("watch", cwd=work)
    terminal.wait_for("69.8% of the units were dropped")
    terminal.type("l")
    terminal.wait_for("03_dropout            Dropout, 6.25 / 8 points")
    terminal.type("o")
    terminal.wait_for("There is no browser here. The page is in")
    assert "<!doctype html>" in (tmp_path / "state" / "pages" / "03_dropout.html").read_text().lower()
    terminal.type("a")
    terminal.wait_for("PASS     Scales the survivors")
    terminal.type("Space")
    terminal.wait_for("SAME     Drops nothing at rate 0")
    terminal.type("C-c")
    terminal.wait_for("ended 130")


@pytest.fixture
def page(tmp_path):
    """Reads the page that the key `o` writes for exercise 2."""
    return lambda: (tmp_path / "state" / "pages" / "02_pooling.html").read_text(encoding="utf-8")


def test_the_page_behind_its_key_has_the_pictures_and_the_source_of_the_newest_verdict(terminal, work, page):
    file, right = work / "pooling.py", POOLING.reference_path.read_text()
    file.write_text("def max_pool2d(\n")
    terminal.start("watch", "2", cwd=work)
    terminal.wait_for("never closed")
    terminal.type("o")
    terminal.wait_for("The page is in")
    assert "What your program does" not in page()

    terminal.type("x")
    file.write_text(right + "# saved last\n")
    terminal.wait_for("All points")
    terminal.type("o")
    terminal.wait_for("The page is in")
    assert 'aria-label="2 x 2 max pooling, 4 by 4 pixels"' in page()
    assert "# saved last" in page()
    terminal.type("q")
    terminal.wait_for("ended 0")


@pytest.mark.thorough
def test_the_page_of_a_network_has_its_curve_without_another_training(terminal, work, tmp_path):
    needs_installed("tensorflow", "trains the network")
    for name in ("keras_cnn", *COURSE.find("05_keras_cnn").rubric.companions):
        (path,) = ROOT.glob(f"solutions/*/{name}.py")
        shutil.copy(path, work)
    terminal.start("watch", "5", cwd=work)
    terminal.wait_for("All points", seconds=300)
    terminal.type("o")
    started = time.monotonic()
    terminal.wait_for("The page is in")
    page = (tmp_path / "state" / "pages" / "05_keras_cnn.html").read_text(encoding="utf-8")

    assert page.count("No picture") == 0
    assert "loss over 12 epochs" in page
    assert "after Conv2D: map" in page
    assert time.monotonic() - started < 10


def test_a_smaller_window_is_drawn_again_also_if_a_variable_names_another_size(terminal, work):
    (work / "dropout.py").write_text(SAMPLE)
    terminal.start("watch", "3", cwd=work, setting="LINES=24 COLUMNS=80")
    terminal.wait_for("69.8% of the units were dropped")
    terminal.run("resize-window", "-x", "50", "-y", "18")

    def is_drawn_for_50_columns(screen):
        return (
            screen.startswith("03 Dropout    6.25 / 8 points")
            and "69.8% of the units" in screen
            and "\n" + "-" * 50 + "\n" in screen
        )

    terminal.wait_until(is_drawn_for_50_columns, "the report in 50 columns")


def test_a_terminal_is_left_as_it_was(terminal, work):
    (work / "dropout.py").write_text(SAMPLE)
    terminal.run("new-session", "-d", "-x", "80", "-y", "24", "exec bash --norc")
    terminal.type(f"cd {work}; export PS1='$ '; clear", "Enter")
    before = "stty -a | md5sum | cut -c1-8"
    terminal.type(before, "Enter")
    sum_before = terminal.line_of(8)
    terminal.type(f"CNN_GRADER_STATE={work}/state {sys.executable} -m grader watch 3", "Enter")
    terminal.wait_for("69.8% of the units were dropped")
    terminal.type("C-z")
    terminal.wait_for("Stopped")
    terminal.type("clear", "Enter", before, "Enter")
    terminal.wait_for(sum_before)
    terminal.type("fg", "Enter")
    terminal.wait_for("q quit")
    terminal.run("send-keys", "q")
    terminal.wait_for("dropout.py: 6.25 / 8 points")
    terminal.type("clear", "Enter", before, "Enter")
    terminal.wait_for(sum_before)


@pytest.fixture
def piped(work, tmp_path):
    """`piped(text)` watches a file with this text in a pipe; `piped.line()` reads the next line."""

    class Piped:
        file = work / "dropout.py"

        def __call__(self, text):
            self.file.write_text(text)
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "grader", "watch", "3"],
                cwd=work,
                env={**os.environ, "CNN_GRADER_STATE": str(tmp_path / "state")},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
            return self

        def line(self):
            return self.process.stdout.readline()

    piped = Piped()
    yield piped
    piped.process.kill()
    piped.process.communicate()


def test_in_a_pipe_each_verdict_is_a_line(piped):
    watch = piped(SAMPLE)

    assert watch.line() == "Watching dropout.py. Ctrl-C stops.\n"
    assert watch.line().endswith("  6.25 / 8 points; next: Drops each unit with probability rate\n")
    watch.file.write_text(RIGHT)
    assert watch.line().endswith("  8 / 8 points; fixed: 2, broken: 0, still failing: 0\n")
    watch.file.write_text("def dropout(\n")
    assert watch.line().endswith("  line 1: Python cannot read this line: '(' was never closed\n")
    watch.file.unlink()
    assert "There is no dropout.py in this folder" in watch.line()
    watch.file.write_text(RIGHT)
    assert "8 / 8 points" in watch.line()

    watch.process.send_signal(signal.SIGINT)
    output, errors = watch.process.communicate(timeout=20)
    assert watch.process.returncode == 130
    assert "\x1b" not in output + errors


def test_a_save_ends_an_endless_loop(piped):
    watch = piped("def dropout(*arguments):\n    while True:\n        pass\n")
    watch.line()
    time.sleep(2)
    watch.file.write_text(RIGHT)

    assert "8 / 8 points" in watch.line()  # the loop has no verdict: it was interrupted


def test_a_hundred_saves_in_two_seconds_neither_queue_up_nor_hang(piped):
    watch = piped(SAMPLE)
    watch.line(), watch.line()
    for number in range(100):
        watch.file.write_text(f"{SAMPLE}\n# save {number}\n")
        time.sleep(0.02)
    watch.file.write_text(RIGHT)
    verdicts = 1
    while "8 / 8 points" not in watch.line():
        verdicts += 1

    assert verdicts < 60


def test_a_hundred_saves_are_kept_as_one_result(piped, tmp_path):
    from grader.study.learning_record import LearningRecord

    watch = piped(RIGHT)
    watch.line(), watch.line()
    for number in range(100):
        watch.file.write_text(f"{SAMPLE}\n# save {number}\n")
        time.sleep(0.01)
    watch.file.write_text(RIGHT + "# end\n")
    while "8 / 8 points" not in watch.line():
        pass
    time.sleep(3)
    with LearningRecord(tmp_path / "state" / "study.db") as record:
        assert 1 <= len(record.events("graded")) <= 10


def test_the_exercise_in_progress_is_the_first_open_one_with_a_file(run, here):
    from grader.cli.standing import exercise_in_progress

    result = run("watch")
    assert result.exit_code == 2
    assert "There is no file of an exercise here." in result.stderr
    (here / "pooling.py").write_text("")
    (here / "dropout.py").write_text("")
    assert exercise_in_progress(COURSE).key == "02_pooling"


def test_a_file_that_is_missing_is_an_error(run, here):
    result = run("watch", "3")

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: Cannot find your solution of exercise 3: this folder contains neither dropout.py nor "
        "exercises/03_dropout/dropout.py. To begin: grade start 3\n"
    )


def test_the_next_file_is_made_beside_the_one_that_was_watched(terminal, work):
    (work / "mine").mkdir()
    (work / "mine" / "dropout.py").write_text(RIGHT)
    terminal.start("watch", "3", "mine", cwd=work)
    terminal.wait_for("All points. Press n for the next exercise.")
    terminal.type("n")
    terminal.wait_for("04 Batch normalisation")

    assert (work / "mine" / "batch_norm.py").is_file()
