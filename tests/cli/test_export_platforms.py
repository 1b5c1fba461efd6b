"""`grade export` for platforms: what it says, and what it refuses."""

import re
import shutil
import zipfile

import pytest

from grader.authoring.platforms import platform_module, platform_names
from grader.report.exports.platforms import PLATFORMS
from tests.grading import ROOT


@pytest.fixture
def export(toy, run):
    """`export("gradescope", "1")` exports an exercise of the small course."""
    return lambda form, *arguments, out="out.zip": run("export", form, *arguments, "--out", out, "--course", toy)


def test_each_platform_has_a_package_and_results():
    assert platform_names() == sorted(PLATFORMS) == ["github", "gradescope", "prairielearn"]
    for name in platform_names():
        module = platform_module(name)
        assert {"SUFFIXES", "PROGRAMS", "LATE", "package_files", "next_steps"} <= vars(module).keys()


NEXT = {
    "gradescope": (
        "Upload it to a programming assignment: Configure Autograder, Zip file upload, Ubuntu 22.04 or later.\n"
        "Learners hand in double.py or double.ipynb.\n"
        "The archive contains the solution and the hidden tests: keep it to yourself.\n"
    ),
    "prairielearn": (
        "Build the image and push it where PrairieLearn finds it: docker build -t cnn-grader:0.1.0 image\n"
        "Write its name into questions/01_double/info.json, and copy this folder into your course.\n"
        "The folder contains the solution in tests/, which PrairieLearn shows to no learner.\n"
    ),
    "github": (
        "Unpack it into a template repository, and commit all files, also those in .github.\n"
        "Learners edit double.py and push. The summary of the job is the report.\n"
        "There is no solution in it. A learner can change the workflow, so its points prove nothing: to grade the "
        "class, download the repositories and use grade batch.\n"
    ),
}


@pytest.mark.parametrize("form", NEXT)
def test_an_export_says_what_to_do_next(export, form):
    done = export(form, "double")

    assert done.exit_code == 0, done.stderr
    first, rest = done.stdout.split("\n", 1)
    assert re.fullmatch(rf"Wrote exercise 1 for {form} to out\.zip: \d\.\d MB\.", first)
    assert rest == NEXT[form]
    assert zipfile.ZipFile("out.zip").testzip() is None


def test_an_exercise_that_trains_is_exported_with_advice(run, here):
    done = run("export", "gradescope", "5", "--out", "out.zip")

    assert done.exit_code == 0
    assert "It trains models: choose the largest container and the longest timeout.\n" in done.stdout
    assert (
        "Learners hand in keras_cnn.py or keras_cnn.ipynb, and with it what it imports of convolution.py, pooling.py, "
        "batch_norm.py.\n"
    ) in done.stdout


def test_an_exercise_that_trains_cannot_be_in_the_repository_of_a_learner(run, here):
    done = run("export", "github", "6", "--out", "out.zip")

    assert done.exit_code == 2
    assert done.stderr == (
        "Error: Exercise 6 trains models, so its answers cannot be recorded, and without recorded answers the "
        "repository of each learner would contain the solution. Use gradescope or prairielearn.\n"
    )
    assert not (here / "out.zip").exists()


@pytest.mark.parametrize("form", NEXT)
@pytest.mark.parametrize(
    ("arguments", "out", "words"),
    [
        ((), "out.zip", "Missing argument 'EXERCISE': grade export {form} 3 --out out.zip"),
        (("dubble",), "out.zip", 'There is no exercise "dubble". Did you mean "double"? This course has: 01_double.'),
        (("1", "--topic", "x"), "out.zip", "--topic is for cards and questions, and {form} takes an exercise."),
        (("1",), "out.tar", "its name ends in .tar, and the content is a zip file; expected .zip."),
        (("1",), "no/out.zip", "there is no folder no."),
        (("1",), "mine.zip", "mine.zip exists, and grade did not write its present content. It was not changed."),
        (("1",), "double.py", "grade never writes .py files."),
    ],
    ids=["no exercise", "unknown", "a topic", "another end", "no folder", "a file of yours", "a program"],
)
def test_wrong_input_is_refused(export, here, form, arguments, out, words):
    (here / "mine.zip").write_text("mine")
    done = export(form, *arguments, out=out)

    assert done.exit_code == 2
    assert words.format(form=form) in done.stderr
    assert (here / "mine.zip").read_text() == "mine"


@pytest.mark.parametrize("form", ["csv", "gift"])
def test_cards_and_questions_take_no_exercise_and_no_late_policy(run, here, form):
    for more, words in {
        ("3",): f'{form} exports the whole course and takes no exercise, not "3". To export one topic: --topic',
        ("--late-policy", "late.yaml"): f"--late-policy is for gradescope, and {form} has no submissions.",
    }.items():
        done = run("export", form, *more, "--out", "out")

        assert (done.exit_code, words in done.stderr) == (2, True)


def test_a_late_policy_is_checked_before_it_is_packed(export, here):
    policy = here / "late.yaml"
    for text, words in {
        "per_day: 10": "has two meanings",
        "per_day: 10%\ndue: {pooling: 2026-11-30T23:59:00Z}": "`due` names 'pooling', which is not an exercise",
        "per_day: 10%\nextensions: {ada: 2d}": "late.yaml has `extensions`, and Gradescope does not know these names.",
    }.items():
        policy.write_text(text)
        done = export("gradescope", "1", "--late-policy", "late.yaml")

        assert (done.exit_code, words in done.stderr) == (2, True), done.stderr
    policy.unlink()
    assert "late.yaml:1: cannot be read: No such file" in export("gradescope", "1", "--late-policy", "late.yaml").stderr
    policy.write_text("per_day: 10%")
    assert export("gradescope", "1", "--late-policy", "late.yaml").exit_code == 0
    assert zipfile.ZipFile("out.zip").read("job/late.yaml") == b"per_day: 10%"


@pytest.mark.parametrize("form", ["prairielearn", "github"])
def test_a_late_policy_needs_a_platform_that_says_when_a_submission_was_made(export, here, form):
    (here / "late.yaml").write_text("per_day: 10%")
    done = export(form, "1", "--late-policy", "late.yaml")

    assert done.exit_code == 2
    assert f"--late-policy is for gradescope: {form} does not say when a submission was made." in done.stderr


def test_the_late_policy_itself_is_never_written(export, here):
    (here / "late.yaml").write_text("per_day: 10%")
    (here / "late.zip").hardlink_to(here / "late.yaml")
    done = export("gradescope", "1", "--late-policy", "late.yaml", "--overwrite", out="late.zip")

    assert "late.zip is the file that this command reads. It was not changed." in done.stderr


def test_a_kit_cannot_be_exported(export, toy, run, here):
    assert run("release", "--out", "kit.zip", "--course", toy).exit_code == 0
    with zipfile.ZipFile("kit.zip") as archive:
        archive.extractall(here)
    done = run("export", "gradescope", "1", "--out", "out.zip", "--course", "kit")

    assert done.exit_code == 2
    assert "kit is a practice kit" in done.stderr


def test_an_exercise_that_has_changed_since_it_was_compiled_is_refused(run, here):
    for tree in ("exercises", "solutions", "rubrics"):
        shutil.copytree(ROOT / tree, here / "course" / tree, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "hidden", here / "course" / "tests" / "hidden")
    reference = here / "course" / "solutions" / "03_dropout" / "dropout.py"
    reference.write_text(reference.read_text() + "\n# changed\n")
    done = run("export", "gradescope", "3", "--out", "out.zip", "--course", "course")

    assert done.exit_code == 2
    assert "Exercise 3 has changed since it was compiled. First run: grade course compile 3" in done.stderr
