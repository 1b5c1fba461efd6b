"""The speed benchmarks run, and their table has a row for each. No time is asserted: `make bench` measures."""

import importlib
import json
import math
import subprocess
import sys

import pytest

from benchmarks import busy, calibration, peers, programs, speed
from benchmarks.calibration import Calibration
from benchmarks.marked_text import write_between
from benchmarks.paired import Timing
from benchmarks.row import Row, table
from benchmarks.speed import BEGIN, BENCHMARKS, END, README
from grader.grading import Worker
from tests.grading import ROOT
from tests.needs import missing, needs_installed

ROWS = {"peers": 2, "pytest_processes": 4, "wrong_submissions": 4, "single_exercise": 2}
"""The rows of a benchmark, if there is more than one."""


def set_up(name):
    """Skip if a benchmark needs something that is missing here."""
    if name == "keras_worker":
        needs_installed("tensorflow", "the network of exercise 5")
    if name == "peers":
        try:
            peers.environments_in(peers.CACHE)
        except subprocess.CalledProcessError as error:
            missing("nbgrader", f"nbgrader and otter-grader cannot be installed: {error}")


@pytest.mark.thorough
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_measures_and_prints_its_rows(name, tmp_path):
    set_up(name)
    file = tmp_path / "rows.json"
    command = [sys.executable, "-m", "benchmarks", name, "--quick", "--rows", str(file)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    rows = [Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    assert len(rows) == ROWS.get(name, 1)
    for row in rows:
        assert all(math.isfinite(figure) and figure > 0 for figure in row.figures)
        assert done.stdout.count(row.as_line()) == 2  # as soon as it is measured, and in the table


def test_each_benchmark_has_a_measure_and_is_described():
    text = README.read_text(encoding="utf-8")

    for name in BENCHMARKS:
        assert callable(importlib.import_module(f"benchmarks.{name}").measure)
        assert f"| `{name}` |" in text
    assert text.index(BEGIN) < text.index(END)


TIMING = Timing(((1.0, 2.0), (3.0, 4.0), (2.0, 20.0)))


def test_a_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_the_medians():
    assert (TIMING.first, TIMING.second, TIMING.ratio) == (2.0, 4.0, 0.5)
    assert Row.at_most("ours", "theirs", TIMING, 0.5).figure == 0.5
    assert Row.faster("ours", "theirs", TIMING, 2.0).figure == 2.0


def test_a_goal_is_reached_from_its_own_side():
    assert Row.at_most("ours", "theirs", TIMING, 0.5).is_reached
    assert not Row.at_most("ours", "theirs", TIMING, 0.4).is_reached
    assert Row.faster("ours", "theirs", TIMING, 2.0).is_reached
    assert not Row.faster("ours", "theirs", TIMING, 3.0).is_reached


def test_the_table_shows_both_sides_the_spread_and_the_goal():
    *_, line = table([Row.faster("ours", "theirs", TIMING, 3.0)])

    assert line == "| ours | 2 s | theirs | 4 s | 2.00 (1.33 to 10.0, 3 pairs) | at least 3 | no |"


@pytest.mark.parametrize(
    ("load", "counts", "quiet"),
    [
        (0.1, [0.050, 0.051, 0.052], True),
        (3.0, [0.050, 0.051, 0.052], False),
        (0.1, [0.050, 0.051, 0.080], False),
    ],
)
def test_a_machine_is_quiet_without_load_and_with_equal_counts(monkeypatch, load, counts, quiet):
    monkeypatch.setattr(calibration.os, "getloadavg", lambda: (load, load, load))
    session = Calibration()
    session.counts = counts

    assert session.was_quiet is quiet
    assert ("was not quiet" in session.in_words()) is not quiet


def test_reports_of_a_busy_machine_are_compared_with_one_of_a_quiet_machine(capsys):
    (program,) = [one for one in busy.PROGRAMS if one.path == "tests/fair/variance_over_n_minus_1.py"]
    with Worker(programs.exercise_of(program.key)) as worker:
        assert busy.compared(worker, program, times=2, processes=1) == 0
    assert "14.75 of 16 points, 0 of 2 reports changed" in capsys.readouterr().out


def test_the_places_that_differ_in_two_reports_are_named():
    before = {"score": {"earned": 1.0}, "criteria": [{"checks": ("a", "b")}], "remarks": ()}
    after = {"score": {"earned": 0.5}, "criteria": [{"checks": ("a", "c")}], "remarks": ("slow",)}
    assert list(busy.differing(before, after, "")) == [
        ".score.earned: 1.0 -> 0.5",
        ".criteria[0].checks[1]: 'b' -> 'c'",
        ".remarks: () -> ('slow',)",
    ]


def test_only_the_text_between_the_markers_is_replaced(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<a>\nold\n<b>\nafter\n", encoding="utf-8")

    write_between(page, "<a>", "<b>", "new")

    assert page.read_text(encoding="utf-8") == "before\n<a>\nnew\n<b>\nafter\n"


@pytest.mark.parametrize("key", programs.KEYS)
def test_no_two_files_of_a_class_are_the_same_and_half_of_them_are_wrong(key):
    exercise = programs.exercise_of(key)
    texts = programs.mixed_class(exercise, 40)
    wrong = programs.wrong_programs(exercise)

    assert len(set(texts)) == 40
    assert [any(text.startswith(one) for one in wrong) for text in texts] == [False, True] * 20


@pytest.mark.parametrize("key", programs.KEYS)
def test_the_right_class_has_the_same_programs_without_the_mistakes(key):
    exercise = programs.exercise_of(key)
    pairs = list(zip(programs.wrong_programs(exercise), programs.base_programs(exercise), strict=True))

    mistakes = [(wrong, base) for wrong, base in pairs if wrong.startswith(base)]
    samples = [base for wrong, base in pairs if not wrong.startswith(base)]

    assert all(len(wrong) > len(base) for wrong, base in mistakes)
    assert len(mistakes) > 40
    assert set(samples) <= {exercise.reference_path.read_text(encoding="utf-8")}
    assert len(samples) == (key == "03_dropout")


class TestTheTableOfARun:
    @pytest.fixture
    def page(self, monkeypatch, tmp_path):
        page = tmp_path / "README.md"
        page.write_text(f"{BEGIN}\nnot measured yet\n{END}\n", encoding="utf-8")
        monkeypatch.setattr(speed, "README", page)
        monkeypatch.setattr(speed, "measure", self.measure)
        return page

    @staticmethod
    def measure(name, session):
        session.calibration.count()
        return [Row.at_most(f"ours in {name}", "theirs", TIMING, 0.5)]

    def test_it_has_a_row_for_each_benchmark_and_says_if_the_machine_was_quiet(self, page):
        speed.main([])

        text = page.read_text(encoding="utf-8")
        assert all(f"| ours in {name} |" in text for name in BENCHMARKS)
        assert "The machine was" in text
        assert "not measured yet" not in text

    @pytest.mark.parametrize("arguments", [["--quick"], ["--print-only"], ["startup"]])
    def test_a_trial_and_a_part_write_no_table(self, page, arguments, capsys):
        speed.main(arguments)

        assert "| ours in startup |" in capsys.readouterr().out
        assert "not measured yet" in page.read_text(encoding="utf-8")

    def test_one_that_is_void_leaves_the_table_and_the_others_are_measured(self, page, monkeypatch, capsys):
        def measure(name, session):
            if name == "peers":
                raise SystemExit("The benchmark is void")
            return self.measure(name, session)

        monkeypatch.setattr(speed, "measure", measure)

        with pytest.raises(SystemExit, match="peers: The benchmark is void"):
            speed.main([])

        said = capsys.readouterr().out
        assert all(f"| ours in {name} |" in said for name in BENCHMARKS if name != "peers")
        assert "not measured yet" in page.read_text(encoding="utf-8")
