"""The parts of `grade watch`: what changed, what the screen shows, and which saves are reported."""

import os
import queue
import time

import pytest

from grader.checks.seen import Seen
from grader.cli.watching import watch_session
from grader.cli.watching.file_watch import FileWatch
from grader.cli.watching.grading_thread import GradingThread
from grader.cli.watching.happening import (
    Graded,
    Looked,
    Pressed,
    Saved,
    SavedUnchanged,
    Suspended,
    Unreadable,
)
from grader.cli.watching.watch_screen import WatchState, Window, first_open, screen_of
from grader.grading.worker import Worker
from grader.report.since_last_run import Changes
from grader.sandbox import Isolation
from grader.submission import read_submission
from tests.grading import COURSE, ROOT

EXERCISE, POOLING = COURSE.find("03_dropout"), COURSE.find("02_pooling")
SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports of the reference, of a wrong program, of the stub and of a file with a syntax error."""
    broken = tmp_path_factory.mktemp("broken") / "dropout.py"
    broken.write_text("def dropout(x:\n")
    files = {"right": EXERCISE.reference_path, "wrong": SAMPLE, "stub": EXERCISE.stub, "broken": broken}
    with Worker(EXERCISE, Isolation.PROCESS) as worker:
        return {name: worker.grade(read_submission(file, EXERCISE.key, "dropout"), 0) for name, file in files.items()}


def screen(report, width=80, height=24, **state):
    return screen_of(WatchState("dropout.py", 3, "12:00:00 checked.", report=report, **state), Window(width, height))


def test_the_screen_shows_the_first_open_criterion_in_full_and_no_other(reports):
    lines = "\n".join(screen(reports["wrong"], changes=Changes(0, 1, 2, 0)))

    assert "6.25 / 8 points" in lines
    assert "fixed: 0, broken: 1, still failing: 2" in lines
    assert "69.8% of the units were dropped, expected about 30%" in lines
    assert "how many of 100 units should go silent?" in lines
    assert "PASS" not in lines


def test_the_screen_of_all_points_says_what_comes_next(reports):
    lines = screen(reports["right"])

    assert lines[0].startswith("03 Dropout    8 / 8 points")
    assert "All points. Press n for the next exercise." in lines[1]


@pytest.mark.parametrize("name", ["right", "wrong", "stub", "broken"])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20), (40, 12), (24, 8)])
@pytest.mark.parametrize("whole", [False, True])
def test_the_screen_fits_the_window(reports, name, width, height, whole):
    lines = screen(reports[name], width, height, whole=whole)

    assert len(lines) == height
    assert max(map(len, lines)) <= width
    assert lines[-1].endswith("q quit")


def test_the_screen_says_which_key_shows_pictures(reports):
    assert "See what your dropout does: press o" in screen(reports["right"], sees="what your dropout does")
    assert "press o" not in "\n".join(screen(reports["right"]))
    assert "press o" not in "\n".join(screen(reports["broken"], sees="what your dropout does"))


def test_a_long_report_is_read_page_by_page(reports):
    whole = "\n".join(screen(reports["wrong"], height=200, whole=True))
    seen = ""
    for top in range(0, 80, 10):
        seen += "\n".join(screen(reports["wrong"], whole=True, top=top))

    assert "more lines. space: more" in seen
    assert all(line in seen for line in whole.splitlines())


def test_a_criterion_with_a_cause_of_its_own_comes_first(reports):
    assert first_open(reports["wrong"]).title == "Drops each unit with probability rate"
    assert first_open(reports["right"]) is None


@pytest.fixture
def watched(tmp_path):
    """`watched.file` is watched; `watched.next()` gives what was reported, `watched.silent()` that nothing was."""

    class Watched:
        file = tmp_path / "work" / "dropout.py"
        reported = queue.SimpleQueue()

        def next(self):
            return self.reported.get(timeout=10)

        def silent(self):
            time.sleep(1)
            return self.reported.empty()

    watched = Watched()
    watched.file.parent.mkdir()
    watched.file.write_text("x = 0\n")
    watch = FileWatch([watched.file], watched.reported.put)
    watch.start()
    time.sleep(0.5)
    yield watched
    watch.close()
    watch.join()


def test_a_save_in_place_is_reported_once(watched):
    watched.file.write_text("x = 1\n")

    assert watched.next() == Saved()
    assert watched.silent()


def test_a_rename_over_the_file_is_a_save(watched):
    for number in range(3):
        new = watched.file.with_name(".dropout.py.swp")
        new.write_text(f"x = {number + 5}\n")
        os.replace(new, watched.file)
        assert watched.next() == Saved()


def test_a_backup_that_takes_the_file_away_for_a_moment_is_a_save_of_the_new_content(watched):
    """As Vim does with `backupcopy=no`: rename the file, write a new one, delete the backup."""
    watched.file.rename(watched.file.with_name("dropout.py~"))
    time.sleep(0.1)
    watched.file.write_text("x = 2\n")

    assert watched.next() == Saved()
    assert watched.silent()


def test_temporary_files_of_editors_are_not_reported(watched):
    for name in ("dropout.py~", ".dropout.py.swp", "4913", "#dropout.py#", "dropout.py.tmp", "other.py"):
        beside = watched.file.with_name(name)
        beside.write_text("x = 1\n")
        beside.unlink()

    assert watched.silent()


def test_a_save_without_a_change_is_told_apart(watched):
    watched.file.write_text("x = 0\n")
    os.utime(watched.file, (1, 1))

    assert watched.next() == SavedUnchanged()


def test_a_deleted_file_and_a_new_one_are_reported(watched):
    watched.file.unlink()
    assert watched.next() == Saved()
    watched.file.write_text("x = 3\n")
    assert watched.next() == Saved()


def test_a_folder_that_is_made_again_is_watched_again(watched):
    watched.file.unlink()
    watched.file.parent.rmdir()
    assert watched.next() == Saved()
    watched.file.parent.mkdir()
    watched.file.write_text("x = 4\n")
    assert watched.next() == Saved()
    watched.file.write_text("x = 5\n")
    assert watched.next() == Saved()


def test_the_target_of_a_link_is_watched(watched, tmp_path):
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text("x = 0\n")
    watched.file.unlink()
    watched.file.symlink_to(elsewhere)
    assert watched.next() == SavedUnchanged()
    elsewhere.write_text("x = 9\n")
    assert watched.next() == Saved()


def test_a_pipe_in_the_place_of_the_file_is_not_read(watched):
    watched.file.unlink()
    os.mkfifo(watched.file)

    assert watched.next() == Saved()
    assert watched.silent()


@pytest.fixture
def session(monkeypatch, tmp_path):
    """`session(*happenings)` gives the states that are shown, with threads that do nothing; `q` ends it."""

    class Still:
        def __init__(self, *arguments):
            self.requests = 0

        def start(self):
            pass

        def close(self):
            pass

        def request(self):
            self.requests += 1
            return self.requests

        def look(self):
            self.looks = getattr(self, "looks", 0) + 1

    class Shown(watch_session.Display):
        def __init__(self):
            self.states = []

        def show(self, state, happening):
            self.states.append(state)

        def suspend(self):
            self.states.append("suspended")

    monkeypatch.setattr(watch_session, "FileWatch", Still)
    monkeypatch.setattr(watch_session, "GradingThread", Still)
    kept = []
    monkeypatch.setattr("grader.cli.attempts.keep_for_study", lambda exercise, report: kept.append(report))

    def _session(*happenings, commands=None, open_page=None, name="dropout.py"):
        events = queue.SimpleQueue()
        for happening in (*happenings, Pressed("q")):
            events.put(happening)
        shown = Shown()
        file = tmp_path / name
        made = watch_session.WatchSession(EXERCISE, file, events, shown, commands or {}, open_page)
        assert made.run() is watch_session.Ending.QUIT
        _session.kept = kept
        return shown.states

    return _session


def test_a_verdict_about_a_content_that_was_saved_over_is_not_shown(session, reports):
    states = session(
        Graded(0, reports["wrong"], 0.1, ""),
        Saved(),
        Graded(0, reports["stub"], 0.1, ""),
        Graded(1, reports["right"], 0.1, ""),
    )

    assert reports["stub"] not in [state.report for state in states]
    assert states[-1].report == reports["right"]
    assert states[-1].changes == Changes(2, 0, 0, 0)


def test_the_name_of_the_file_stays_in_one_line(session):
    (state, *_) = session(name="new\nline.py")

    assert state.file.endswith("/new\\nline.py")
    assert "\n" not in state.file


def test_a_syntax_error_breaks_nothing_and_its_correction_fixes_nothing(session, reports):
    states = session(*(Graded(0, reports[name], 0.1, "") for name in ("wrong", "broken", "wrong")))

    assert [state.changes for state in states[-2:]] == [None, Changes(0, 0, 2, 0)]


def test_only_the_last_result_of_a_series_of_saves_is_kept(session, reports):
    session(Graded(0, reports["stub"], 0.1, ""), Saved(), Graded(1, reports["wrong"], 0.1, ""))

    assert session.kept == [reports["wrong"]]


def test_a_command_that_fails_shows_why(session, reports):
    def fail(report):
        raise OSError("no space left")

    states = session(Graded(0, reports["wrong"], 0.1, ""), Pressed("h"), Pressed("x"), commands={"h": fail})

    assert [state.panel for state in states[-2:]] == ["no space left", ""]


def test_a_page_that_cannot_be_written_says_why(session, reports):
    def fail(report, view):
        raise OSError("no space left")

    states = session(Pressed("o"), Looked(reports["wrong"]), open_page=fail)

    assert [state.activity for state in states[1:2]] == ["Making the page ..."]
    assert states[-1].panel == "no space left"


def test_the_page_shows_what_changed_if_it_is_about_the_report_on_the_screen(session, reports):
    views = []
    graded = [Graded(0, reports[name], 0.1, "") for name in ("wrong", "right")]
    seen = (Seen(title="A picture"),)
    for looked in (Looked(reports["right"], {"dropout.py": "x = 1"}, seen), Looked(reports["wrong"])):
        session(*graded, looked, open_page=lambda report, view: views.append(view) or "opened")

    assert [view.changes for view in views] == [Changes(2, 0, 0, 0), None]
    assert (views[0].sources, views[0].seen) == ({"dropout.py": "x = 1"}, seen)


def test_there_is_no_page_before_the_first_verdict(session):
    assert session(Looked())[-1].panel == "There is no verdict yet."


@pytest.fixture
def grading(tmp_path):
    """`grading(text)` begins to grade a program of exercise 2; `grading.next(kind)` waits for an event of a kind."""

    class Grading:
        events = queue.SimpleQueue()
        file = tmp_path / "pooling.py"

        def __call__(self, text):
            self.file.write_text(text)
            self.thread = GradingThread(POOLING, self.file, Isolation.PROCESS, self.events.put)
            self.thread.start()
            return self

        def next(self, kind):
            while True:
                happening = self.events.get(timeout=60)
                if isinstance(happening, kind):
                    return happening

    grading = Grading()
    yield grading
    grading.thread.close()


def test_a_look_during_a_run_is_about_what_this_run_found(grading):
    run = grading(POOLING.reference_path.read_text())
    run.thread.look()
    graded, looked = run.next(Graded), run.next(Looked)

    assert looked.report == graded.report
    assert looked.sources == {"pooling.py": POOLING.reference_path.read_text()}
    assert [(one.title, one.lost) for one in looked.seen] == [("Your pooling on a digit", "")]


def test_pictures_are_made_only_when_they_are_asked_for(grading, monkeypatch):
    made = []
    monkeypatch.setattr("grader.checks.sight.seen_of", lambda *arguments: made.append(1) or ())
    run = grading(POOLING.reference_path.read_text())
    run.next(Graded)
    time.sleep(1)  # the worker explains a wrong program, to be warm
    assert made == []

    run.thread.look()
    run.next(Looked)
    assert made


def test_a_save_comes_before_a_look_that_hangs(grading):
    hangs = "def max_pool2d(x, *rest):\n    if x.shape == (1, 8, 8, 1):\n        while True:\n            pass\n"
    run = grading(hangs)
    run.next(Graded)
    run.thread.look()
    time.sleep(1)
    run.file.write_text(POOLING.reference_path.read_text())
    number = run.thread.request()

    assert run.next(Graded).run == number
    assert [one.lost for one in run.next(Looked).seen] == [""]


def test_a_save_while_the_sandbox_starts_is_graded(grading):
    run = grading(POOLING.reference_path.read_text())
    number = run.thread.request()

    assert run.next(Graded).run == number


def test_a_file_that_is_gone_has_no_page(grading):
    run = grading(POOLING.reference_path.read_text())
    run.next(Graded)
    run.file.unlink()
    run.thread.request()
    run.next(Unreadable)
    run.thread.look()

    assert run.next(Looked) == Looked()


def test_ctrl_z_gives_the_terminal_away(session):
    assert "suspended" in session(Suspended())


def test_the_reason_why_a_program_runs_without_namespaces_is_shown(session, reports):
    (state,) = session(Graded(0, reports["wrong"], 0.1, "no user namespaces"))[1:]

    assert state.notes == ("Note: your program runs as a plain process with limits: no user namespaces.",)
