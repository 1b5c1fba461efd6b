"""The seed of a batch: random, kept in its journal, and never the seed that learners practise with."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import time

import numpy as np
import pytest

from grader.batch.batch_journal import BatchJournal
from grader.batch.learner_secrets import SEEDS
from grader.batch.run import seed_of_batch
from grader.checks import DirectCaller
from grader.checks.session import CheckSession, RunContext
from grader.course import load_course
from tests.batch.test_batch import batch, class_of, command, compare, everything_in, gradebook, graded_in
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"


def seed_said(text):
    (seed,) = set(re.findall(r"[Ss]eed (\d+)\.", text))
    return int(seed)


def seeds_in(out):
    with sqlite3.connect(out / "journal.db") as database:
        return [seed for (seed,) in database.execute("SELECT seed FROM run ORDER BY id")]


def test_each_results_folder_has_its_own_seed_and_keeps_it(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 2, hostile=False)
    first = seed_said(batch(hand_ins, tmp_path / "one"))
    second = seed_said(batch(hand_ins, tmp_path / "two"))
    assert first != second
    assert 0 not in (first, second)

    text = batch(hand_ins, tmp_path / "one")
    assert seed_said(text) == first
    assert "0 graded" in text
    text = batch(hand_ins, tmp_path / "one", "--force")
    assert seed_said(text) == first
    assert "2 graded" in text
    text = batch(hand_ins, tmp_path / "one", "--seed", "5")
    assert seed_said(text) == 5
    assert "2 graded" in text
    assert seed_said(batch(hand_ins, tmp_path / "one")) == 5

    assert seeds_in(tmp_path / "one") == [first, first, first, 5, 5]
    assert "0 scores changed." in compare(tmp_path / "two", tmp_path / "one")
    report = json.loads((tmp_path / "one" / "reports" / "learner000" / "03_dropout.json").read_text())
    assert report["course"]["seed"] == 5
    for page in ("index.html", "run.html"):
        assert "Seed 5." in (tmp_path / "one" / page).read_text()


def test_a_seed_is_easy_to_type_and_hard_to_guess(tmp_path):
    with BatchJournal(tmp_path / "journal.db") as journal:
        drawn = {seed_of_batch(journal, None) for _ in range(100)}
        assert seed_of_batch(journal, 7) == 7
    assert len(drawn) > 90
    assert max(drawn) < SEEDS == 10**8


def test_repetitions_use_the_next_seeds_and_keep_the_seed_of_the_batch(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    seed = seed_said(batch(hand_ins, tmp_path / "out", "--repeat", "3"))
    assert seeds_in(tmp_path / "out") == [seed, seed + 1, seed + 2]
    text = batch(hand_ins, tmp_path / "out")
    assert seed_said(text) == seed
    assert "0 graded" in text
    assert "0 scores changed." in compare(tmp_path / "out", tmp_path / "out")  # a repetition is not a regrade


def test_a_journal_of_the_previous_version_keeps_its_seed(tmp_path):
    path = tmp_path / "journal.db"
    with BatchJournal(path) as journal:
        journal.begin_run(3, "namespaces")
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE run DROP COLUMN repeats")
        database.execute("ALTER TABLE run DROP COLUMN request")
        database.execute("PRAGMA user_version = 2")
    with BatchJournal(path) as journal:
        assert seed_of_batch(journal, None) == 3


@pytest.mark.thorough  # that a killed batch goes on is tested elsewhere, too
def test_a_killed_batch_continues_with_its_random_seed(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 14, hostile=False)
    out = tmp_path / "out"
    run = subprocess.Popen(command(hand_ins, out), stdout=subprocess.DEVNULL, cwd=ROOT)
    deadline = time.monotonic() + 60
    while graded_in(out / "journal.db") < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    seed = seed_said(batch(hand_ins, out))
    assert seeds_in(out) == [seed, seed]
    batch(hand_ins, tmp_path / "undisturbed", "--seed", str(seed))
    assert everything_in(out) == everything_in(tmp_path / "undisturbed")


RECALL = """
def recall(function, x):
    value = TABLE[function, repr(np.asarray(x).tolist())]
    return value if isinstance(value, tuple) else np.array(value)
"""


class Remembering(DirectCaller):
    """Calls the reference and keeps every question with its answer."""

    def __init__(self, functions):
        super().__init__(functions)
        self.table = {}

    def ask(self, request):
        answer = super().ask(request)
        value = answer.value
        kept = value if isinstance(value, tuple) else np.asarray(value).tolist()
        self.table[request.function, repr(np.asarray(request.arguments[0]).tolist())] = kept
        return answer


def table_of_answers(course, key, seed):
    """Return a program that computes nothing and knows the answers of one seed."""
    exercise = load_course(course).find(key)
    reference = exercise.reference()
    remembering = Remembering({name: getattr(reference, name) for name in exercise.rubric.functions})
    CheckSession(exercise).run(RunContext(remembering, seed))
    lines = ["import numpy as np", f"TABLE = {remembering.table!r}", RECALL]
    lines += [f"{name} = lambda x: recall({name!r}, x)" for name in exercise.rubric.functions]
    return "\n".join(lines)


def test_a_table_of_practice_answers_earns_only_points_that_do_not_depend_on_the_seed(tmp_path):
    hand_ins = tmp_path / "hand_ins"
    (hand_ins / "memory").mkdir(parents=True)
    (hand_ins / "memory" / "double.py").write_text(table_of_answers(TOY, "01_double", seed=0))
    (hand_ins / "honest").mkdir()
    shutil.copy(TOY.parent / "toy_submissions" / "right" / "double.py", hand_ins / "honest")
    earned = {}
    for name, options in {"practice": ("--seed", "0"), "batch": ()}.items():
        batch(hand_ins, tmp_path / name, "--course", str(TOY), *options)
        rows = gradebook(tmp_path / name)
        assert rows["honest"]["01_double raw"] == "5"
        earned[name] = [rows["memory"][f"01_double {one}"] for one in ("doubles", "splits", "halves")]
    assert earned == {"practice": ["3", "2", "1"], "batch": ["1.5", "2", "0"]}
    # The small course always splits 5 and 6. One of the two checks about doubles always asks for 0 and 5.
