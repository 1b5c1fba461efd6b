"""A kit of our exercises gives each misconception and each right answer what the whole course gives it.

Timed checks are left out: in a kit they compare only the results.
"""

from dataclasses import replace

import pytest

from grader.authoring.kit_check import check_kit
from grader.authoring.kit_files import kit_archive
from grader.authoring.kit_recording import Rehearser, variants_of
from grader.checks import Verdict
from grader.checks.race import NOT_TIMED
from grader.checks.session import CheckSession
from grader.course import load_course
from grader.grading import Worker
from grader.grading.worker import NOT_RECORDED
from grader.sandbox import Reason
from grader.scoring import score
from grader.submission import read_submission
from tests.grading import COURSE, ROOT, patched_source
from tests.kit.conftest import kit_of, unpacked

NUMPY = [one.key for one in COURSE if one.rubric.flavour == "numpy"]
TIMED = {"test_fast_is_fast"}
STAMPED = {"course", "run", "sha256"}
MEGABYTES = 5


def found_out(rehearser, exercise, functions):
    """The score, the outcomes, the diagnoses and the pictures for functions of ours, without timed checks."""
    explained = rehearser.explained(functions)
    outcomes = tuple(one for one in explained.outcomes if one.name not in TIMED)
    # A right answer of a timed check can give back points of other criteria, so here it is slow in both.
    slow = {"remarks": (), "message": "", "verdict": Verdict.FAILED, "reason": Reason.TOO_SLOW}
    equally_slow = tuple(replace(one, **slow) if one.name in TIMED else one for one in explained.outcomes)
    points = score(exercise.rubric, equally_slow, explained.diagnoses)
    criteria = [(one.criterion.id, one.earned) for one in points.criteria if not TIMED & set(one.criterion.checks)]
    diagnoses = [
        (one.function, [it.id for it in one.misconceptions], one.complete, one.explains - TIMED, one.located)
        for one in explained.diagnoses
    ]
    return criteria, outcomes, diagnoses, {name: it for name, it in explained.examples.items() if name not in TIMED}


def report_of(exercise, path):
    with Worker(exercise) as worker:
        return worker.grade(read_submission(path, exercise.key, exercise.rubric.module), exercise.practice_seed)


def untimed(report):
    """A report as data, without what differs in a kit."""
    data = report.model_dump(exclude=STAMPED)
    for criterion in data["criteria"]:
        for check in criterion["checks"]:
            check["remarks"] = [one for one in check["remarks"] if one != NOT_TIMED]
    return data


# --------------------------------------------------------------------------------------------------------- exercise 3


@pytest.fixture(scope="module")
def small_kit(tmp_path_factory):
    """A kit of exercise 3 with three misconceptions."""
    return load_course(kit_of(COURSE, ["3"], tmp_path_factory.mktemp("kit"), variants=3)).find("3")


def test_the_reference_has_all_points_in_a_kit(small_kit):
    report = report_of(small_kit, COURSE.find("3").reference_path)
    assert report.score.earned == report.score.possible == 8
    assert report.remarks == ()


def test_a_wrong_file_has_the_same_report_in_a_kit(small_kit, tmp_path):
    path, first = tmp_path / "dropout.py", COURSE.find("3").misconceptions()[0]
    path.write_text(patched_source(COURSE.find("3"), first.function, first.variant))
    ours, kits = report_of(COURSE.find("3"), path), report_of(small_kit, path)
    assert 0 < ours.score.earned < ours.score.possible
    assert [one.id for one in ours.diagnoses] == [first.id]
    assert untimed(kits) == untimed(ours)


# -------------------------------------------------------------------------------------------------------- all of them


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """The kit of all exercises that do not train, as a file."""
    content, _ = kit_archive(COURSE, [COURSE.find(key) for key in NUMPY], 0)
    path = tmp_path_factory.mktemp("whole") / "kit.zip"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def kit(archived):
    return load_course(unpacked(archived.read_bytes(), archived.parent))


@pytest.mark.thorough
def test_the_kit_is_small(archived):
    assert archived.stat().st_size <= MEGABYTES * 1e6


@pytest.mark.thorough
def test_the_kit_contains_no_solution(archived):
    checkup = check_kit(archived, COURSE)
    assert checkup.faults == ()
    assert checkup.runs > 10_000


@pytest.mark.thorough
@pytest.mark.parametrize("key", NUMPY)
def test_each_misconception_has_the_same_score_and_explanation(kit, key):
    ours, kits = COURSE.find(key), kit.find(key)
    both = [(one, Rehearser(one, CheckSession(one), 0)) for one in (ours, kits)]
    functions = {name: getattr(ours.reference(), name) for name in ours.rubric.functions}
    different = []
    for name, replaced in variants_of(ours):
        one, other = (found_out(rehearser, exercise, {**functions, **replaced}) for exercise, rehearser in both)
        if one != other:
            different.append((name, *replaced))
    assert different == []


RIGHT_ANSWERS = [path for key in NUMPY for path in sorted((ROOT / "tests" / "right_answers" / key).glob("*.py"))]


@pytest.mark.thorough
@pytest.mark.parametrize("path", RIGHT_ANSWERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_right_answer_has_all_points(kit, path):
    report = report_of(kit.find(path.parent.name), path)
    assert report.score.earned == report.score.possible
    assert NOT_RECORDED not in report.remarks
