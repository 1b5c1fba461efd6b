"""A class of 200 learners of all kinds: every file has exactly one end, and every learner has a state."""

from collections import Counter

import pytest

from grader.submission.intake import ClassList, ExerciseName, Intake, Request
from tests.batch.stand_in import COURSE, built

LEARNERS = 200
KINDS = (
    {"{}/dropout.py": "right"},
    {"{}/Lab3.ipynb": "notebook: right"},
    {"{}/hw3.zip!hw3/dropout.py": "wrong", "{}/hw3.zip!hw3/notes.txt": "text"},
    {"{}/dropout_final_v2.py": "right", "{}/dropout_final_v1.py": "wrong"},
    {"{}/attempt1/dropout.py": "wrong", "{}/attempt2/dropout.py": "right"},
    {"{}/report.pdf": "text"},
    {"{}/dropout.py": "stub", "{}/work.py": "no functions"},
    {"{}/hw3.zip": "broken zip"},
    {"{}/dropout (1).py": "right", "{}/dropout.py": "wrong", "{}/03_dropout/dropout.py": "right"},
    {"{}/pooling.py": "pooling", "{}/helper.py": "no functions"},
    {"{}/a.zip!b.zip!c.zip!dropout.py": "right"},
    {"{}/homework.py": "both", "{}/screenshot.png": "text"},
    {"{}/code.7z": "text", "{}/dropout.py": "right"},
)
EXERCISES = [
    ExerciseName(one.key, one.rubric.module, tuple(one.rubric.functions), one.stub.read_bytes()) for one in COURSE
]


@pytest.fixture(scope="module")
def files():
    """The files of all learners; the last thirteen have none."""
    found = {}
    for number in range(LEARNERS - len(KINDS)):
        learner = f"l{number:03d}"
        found |= {path.format(learner): kind for path, kind in KINDS[number % len(KINDS)].items()}
    return found


def ends(intake):
    """Return the end of each file that has one, by path. A file in two places has two."""
    graded = [(one.origin, "graded") for one in intake.hand_ins()]
    names = {
        "older": "replaced",
        "unrecognised": "not recognised",
        "refused": "not recognised",
        "other": "not recognised",
    }
    ignored = [(one.origin, names[one.kind]) for one in intake.ignored()]
    return set(graded), ignored


@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_every_file_is_graded_or_replaced_or_not_recognised(files, as_zip, tmp_path):
    source = built(files, tmp_path / "class", as_zip)
    with Intake(source, EXERCISES) as intake:
        graded, ignored = ends(intake)
        learners = {one.learner for one in intake.hand_ins()} | {one.learner for one in intake.unrecognised()}

    found = Counter(path for path, _ in [*graded, *ignored])
    uploaded = {path.replace("!", "/") if "c.zip!" not in path else "/".join(path.split("!")[:-1]) for path in files}
    assert found.keys() == uploaded
    assert set(found.values()) == {1}
    counts = Counter(end for _, end in [*graded, *ignored])
    assert sum(counts.values()) == len(uploaded)
    assert set(counts) == {"graded", "replaced", "not recognised"}
    assert learners == {path.split("/")[0] for path in files}


def test_each_learner_has_a_state(files, tmp_path):
    everybody = {f"l{number:03d}" for number in range(LEARNERS)}
    people = ClassList(known=everybody.__contains__)
    source = built(files, tmp_path / "class", False)
    with Intake(source, EXERCISES, people, Request(wanted=("03_dropout",))) as intake:
        started = {one.learner for one in intake.hand_ins() if not one.is_stub}
        stubs = {one.learner for one in intake.hand_ins() if one.is_stub}
        unrecognised = {one.learner for one in intake.unrecognised()} - started - stubs
        elsewhere = {one.origin.split("/")[0] for one in intake.ignored() if "not graded now" in one.why}
    missing = everybody - started - stubs - unrecognised - elsewhere
    assert missing == {f"l{number:03d}" for number in range(LEARNERS - len(KINDS), LEARNERS)}
