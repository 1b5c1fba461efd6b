"""The autograder for Gradescope, run in a folder laid out like /autograder. The fields are those of its specification."""

import datetime
import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.authoring.platforms.parts import PackageRequest, whole_job
from grader.batch.gradescope_metadata import GradescopeMetadata, read_metadata
from grader.course import load_course
from grader.submission import read_submission
from tests.grading import COURSE
from tests.platforms.conftest import (
    HOSTILE,
    NO_LANDLOCK,
    NO_NAMESPACES,
    SAMPLES,
    TOY,
    WALLS,
    for_root,
    hand_in,
    needs_landlock,
    needs_public_python,
    package,
    unpack,
)

LATE = b"per_day: 10%\ncap: 50%\nbonus: count\ndue: {3: 2026-11-01T00:00:00Z}\n"
IN_NAMESPACES = (
    "Isolation: the program ran in namespaces of its own, with a filter for system calls and limits on time and memory."
)


def metadata(late_by=datetime.timedelta(0), extension=None):
    """What Gradescope says about a submission."""
    due = datetime.datetime(2026, 11, 30, 23, 59, tzinfo=datetime.UTC)
    user = {"email": "ada@example.com", "id": 1, "name": "Ada", "assignment": {"due_date": (due + late_by).isoformat()}}
    return {
        "id": 123456,
        "created_at": (due + late_by).isoformat(),
        "assignment": {"due_date": due.isoformat(), "group_size": None, "id": 2, "total_points": "5.0"},
        "submission_method": "upload",
        "users": [user] if extension else [{"email": "ada@example.com", "id": 1, "name": "Ada"}],
        "previous_submissions": [],
    }


@pytest.fixture
def autograder(container, run_script):
    """`autograder(program)` grades a program in a fresh folder, and returns what Gradescope reads."""

    def _run(program, refused="", late_policy=None, said=None, spoil=lambda root: None, **variables):
        root = container / "autograder"
        (root / "results").mkdir(parents=True)
        unpack(package("gradescope", late_policy=late_policy), root / "source")
        if program is not None:
            hand_in(program, root / "submission")
        (root / "submission").mkdir(exist_ok=True)
        if said is not None:
            (root / "submission_metadata.json").write_text(json.dumps(said))
        spoil(root)
        done = run_script(root / "source" / "run_autograder", refused, GRADE_ROOT=root, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads((root / "results" / "results.json").read_text(encoding="utf-8")), done

    return _run


def test_a_right_program_fills_every_field(autograder):
    results, done = autograder("right")

    assert 0 < results.pop("execution_time") < 60
    extra = results.pop("extra_data")
    assert results == {
        "score": 5.0,
        "output": f"Doubling: 5 of 5 points.\n{IN_NAMESPACES}",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": name,
                "number": number,
                "score": points,
                "max_score": points,
                "status": "passed",
                "output": "",
                "output_format": "text",
                "visibility": "visible",
                "tags": [tag],
            }
            for name, number, points, tag in (
                ("Doubles every number", "1", 3, "doubles"),
                ("Splits a number into two parts", "2", 2, "splits"),
                ("Halves every number (bonus)", "3", 1, "halves"),
            )
        ],
    }
    assert extra.pop("seed") > 0
    assert len(extra.pop("report")) == 64
    assert extra == {
        "course": load_course(TOY).find("1").content_hash(),
        "isolation": "namespaces",
        "walls": ["namespaces", "seccomp", "rlimits"],
    }
    assert done.stdout == f"Doubling: 5 of 5 points and 1 bonus.\n{IN_NAMESPACES}\n"
    assert done.stderr == ""


def test_a_wrong_program_reads_why(autograder):
    results, _ = autograder("adds_two")

    assert results["score"] == 2.0
    assert results["output"].startswith("Doubling: 2 of 5 points.\n")
    doubles, splits, halves = results["tests"]
    assert (doubles["score"], doubles["max_score"], doubles["status"]) == (0, 3, "failed")
    assert "Doubles two numbers." in doubles["output"]
    assert "10 = 2 * 5" in doubles["output"]
    assert (splits["score"], splits["status"], splits["output"]) == (2, "passed", "")
    assert (halves["score"], halves["status"]) == (0, "failed")


@pytest.mark.thorough
@pytest.mark.parametrize("refused", WALLS)
def test_a_hostile_program_earns_nothing_and_reads_nothing(autograder, refused):
    results, _ = autograder(HOSTILE, refused)

    assert results["score"] == 2.0
    assert [test["score"] for test in results["tests"]] == [0, 2, 0]
    assert "ValueError" in results["tests"][0]["output"]
    assert "SystemError" not in json.dumps(results)


def test_the_hostile_program_reads_and_writes_what_no_sandbox_closes(tmp_path):
    hand_in(HOSTILE, tmp_path / "submission")
    (tmp_path / "results.json").write_text("{}")
    program = f"{(tmp_path / 'submission' / 'double.py').read_text()}\n\nattack()\n"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "SystemError: could open" in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("refused", "walls"),
    [
        pytest.param(NO_NAMESPACES, ["landlock", "seccomp", "rlimits"], marks=needs_landlock),
        pytest.param(NO_LANDLOCK, ["seccomp", "rlimits"], marks=needs_public_python),
    ],
    ids=["Landlock", "no Landlock"],
)
def test_without_namespaces_the_output_says_so(autograder, refused, walls):
    results, done = autograder("right", refused)

    assert results["score"] == 5
    assert (results["extra_data"]["isolation"], results["extra_data"]["walls"]) == ("process", walls)
    assert "Isolation: this machine has no namespaces, so the program ran as a plain process with " in results["output"]
    assert ("Landlock" in results["output"]) == ("landlock" in walls)
    assert results["output"].endswith("so this score could be forged.")
    assert "The reason: this machine refuses user namespaces" in done.stdout


@for_root
def test_the_tests_the_solution_and_the_results_are_closed_to_the_user_of_the_program(autograder, container):
    autograder("right")
    root = container / "autograder"

    assert [stat.S_IMODE((root / name).stat().st_mode) & 0o077 for name in ("source", "source/job/job.json")] == [0, 0]
    assert stat.S_IMODE((root / "results").stat().st_mode) & 0o022 == 0


def test_a_late_policy_costs_points_by_the_times_of_gradescope(autograder):
    results, _ = autograder("right", late_policy=LATE, said=metadata(datetime.timedelta(hours=30)))

    assert results["score"] == 5 + 1 - 2 * 0.5
    assert "Submitted 2 days late: 5 points count." in results["output"]
    assert [test["score"] for test in results["tests"]] == [3, 2, 1]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "said", [metadata(), metadata(datetime.timedelta(days=3), extension=True)], ids=["in time", "an extension"]
)
def test_in_time_nothing_is_lost_and_the_bonus_counts(autograder, said):
    results, _ = autograder("right", late_policy=LATE, said=said)

    assert results["score"] == 6
    assert "late" not in results["output"]


def test_without_a_time_the_policy_is_not_applied_and_the_output_says_so(autograder):
    results, _ = autograder("right", late_policy=LATE)

    assert results["score"] == 6
    assert "The late policy was not applied, because the time of this submission is unknown." in results["output"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"created_at": "yesterday"}', '{"created_at": "2026-11-30T23:59:00"}']
)
def test_metadata_without_a_time_are_as_none(tmp_path, text):
    (tmp_path / "submission_metadata.json").write_text(text)

    assert read_metadata(tmp_path / "submission_metadata.json") is None
    assert read_metadata(tmp_path / "missing.json") is None


def test_the_latest_date_of_a_group_is_that_of_the_submission():
    users = [{"assignment": {"due_date": f"2026-11-{day}T00:00:00Z"}} for day in (10, 12, 11)]
    said = {"created_at": "2026-11-11T00:00:00Z", "assignment": {"due_date": "2026-11-09T00:00:00Z"}}

    assert GradescopeMetadata.model_validate(said).due.day == 9
    assert GradescopeMetadata.model_validate({**said, "users": users}).due.day == 12


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("program", "words"),
    [
        (
            None,
            "submission is a folder without double.py: it is empty. Hand in double.py, or the folder that it is in.",
        ),
        ("def double(x:\n    return 2 * x + 1 + 2 + 3\n", "Line 1: Python cannot read this line: '(' was never closed"),
        ("raise ValueError('no') # a comment that is long enough\n", "importing double.py raised ValueError: no"),
    ],
    ids=["nothing", "no Python", "raises"],
)
def test_a_file_that_cannot_run_earns_nothing_and_says_why(autograder, program, words):
    results, _ = autograder(program)

    assert results["score"] == 0
    assert words in results["output"]
    assert {test["status"] for test in results["tests"]} == {"failed"}


def test_a_notebook_in_a_folder_is_graded(autograder):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "a",
            "source": (SAMPLES / "right" / "double.py").read_text()}  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    def place(root):
        (root / "submission" / "work").mkdir(parents=True)
        (root / "submission" / "work" / "double.ipynb").write_text(json.dumps(notebook))

    assert autograder(None, spoil=place)[0]["score"] == 5


# ----------------------------------------------------------------------------------------------- faults of the grader


def has_no_score(results):
    """Gradescope reports a failed autograder if there is neither a score nor a test."""
    assert results.keys() == {"output", "visibility", "stdout_visibility"}
    assert results["output"].startswith("No score: the grader broke. This is not your fault, and it costs no points. ")
    assert (results["visibility"], results["stdout_visibility"]) == ("visible", "hidden")
    return results["output"].partition("costs no points. ")[2]


def changed(name, old, new):
    """A way to spoil a file of the job."""

    def _spoil(root):
        path = root / "source" / "job" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return _spoil


def test_a_check_that_breaks_gives_no_score(autograder):
    spoil = changed("course/tests/hidden/01_double/test_double.py", "x = rng.normal(size=(3, 2))", "x = missing")
    results, done = autograder("right", spoil=spoil)

    assert has_no_score(results) == "Your instructor can grade it again."
    assert "test_double: " in done.stdout
    assert "NameError" in done.stdout


def test_a_job_that_cannot_be_read_gives_no_score(autograder):
    results, done = autograder("right", spoil=changed("job.json", '"format": 1', '"format": 2'))

    assert "is not the job of this version of grade; export it again" in has_no_score(results)
    assert "Traceback" in done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("ending", ["kill -9 $$", "kill -SEGV $$", "exit 1"])
def test_a_grader_that_is_killed_leaves_no_score(autograder, tmp_path, ending):
    program = tmp_path / "broken" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{ending}\n")
    program.chmod(0o755)
    results, _ = autograder("right", GRADE_ENVIRONMENT=tmp_path / "broken")

    assert has_no_score(results) == "It ended before it could write a result. Your instructor can run it again."


def test_an_image_without_the_grader_gives_no_score(autograder, tmp_path):
    results, done = autograder("right", GRADE_ENVIRONMENT=tmp_path / "nowhere")

    has_no_score(results)
    assert "nowhere/bin/python" in done.stderr


# -------------------------------------------------------------------------------------------------------- the package


def test_the_archive_has_what_gradescope_expects(tmp_path):
    (tmp_path / "autograder.zip").write_bytes(package("gradescope"))
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        members = {one.filename: one.external_attr >> 16 for one in archive.infolist()}

    assert members["setup.sh"] == members["run_autograder"] == 0o755
    assert {Path(name).parts[0] for name in members} == {
        "setup.sh", "run_autograder", "install.sh", "extra", "cnn_grader-0.1.0-py3-none-any.whl", "job",
    }  # fmt: skip


def test_an_exported_exercise_has_the_hash_of_the_course_without_the_other_exercises(tmp_path):
    for exercise in COURSE:
        job = tmp_path / exercise.key
        for name, content in whole_job(PackageRequest(COURSE, "", exercise, "gradescope")).items():
            (job / name).parent.mkdir(parents=True, exist_ok=True)
            (job / name).write_bytes(content)
        (packed,) = load_course(job / "course")
        assert packed.content_hash() == exercise.content_hash()


def test_the_same_file_gets_the_same_inputs_and_another_file_or_another_export_gets_others(tmp_path):
    from grader.grading.platform_job import PlatformJob, read_job

    (exercise,) = load_course(TOY)
    job = PlatformJob.with_new_secret(exercise.key)
    right, wrong = (read_submission(SAMPLES / name, exercise.key, "double").sha256 for name in ("right", "adds_two"))
    (tmp_path / "job.json").write_bytes(job.content())

    assert read_job(tmp_path).seed_of(exercise, right) == job.seed_of(exercise, right)
    assert job.seed_of(exercise, right) != job.seed_of(exercise, wrong)
    assert job.seed_of(exercise, right) != PlatformJob.with_new_secret(exercise.key).seed_of(exercise, right)


@pytest.mark.thorough
def test_a_program_that_never_ends_loses_only_its_own_points(autograder):
    loop = "def double(x):\n    while True:\n        pass\n\n\ndef split(n, parts=2):\n    return n // parts, n - n // parts\n"
    results, _ = autograder(loop)

    assert results["score"] == 2
    assert "took longer than 3 seconds" in results["tests"][0]["output"]


@pytest.mark.thorough
def test_setup_installs_the_grader_into_an_environment_of_its_own(tmp_path, run_script, autograder):
    unpack(package("gradescope"), tmp_path / "source")
    made = tmp_path / "made"
    done = run_script(tmp_path / "source" / "setup.sh", GRADE_ENVIRONMENT=made)
    assert done.returncode == 0, done.stdout + done.stderr

    assert autograder("right", GRADE_ENVIRONMENT=made)[0]["score"] == 5
