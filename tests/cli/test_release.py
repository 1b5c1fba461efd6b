"""`grade release`: what it says, and how `grade` behaves in the folder of a kit."""

import re
import shutil
import zipfile

import pytest

from grader.cli.commands.release import chosen_exercises
from tests.grading import COURSE


@pytest.fixture
def kit(toy, run, here):
    """The folder of a kit of the small course."""
    done = run("release", "--out", "kit.zip", "--seed", "7", "--course", toy)
    assert done.exit_code == 0, done.stderr
    with zipfile.ZipFile("kit.zip") as archive:
        archive.extractall(here / "unpacked")
    return here / "unpacked" / "kit"


def test_a_release_says_what_is_in_it_and_names_its_hash(toy, run):
    done = run("release", "--out", "kit.zip", "--seed", "7", "--course", toy)
    assert re.fullmatch(
        r"The kit is in kit\.zip: 01_double\. \d\.\d MB\.\n"
        r"Its reports name the hash [0-9a-f]{64}\. The recorded answers are for seed 7\.\n"
        r"To see that it contains no solution: grade release --check kit\.zip\n",
        done.stdout,
    )
    assert "Recording 01_double." in done.stderr


def test_the_check_of_a_kit_says_what_it_compared(toy, kit, run):
    done = run("release", "--check", "kit.zip", "--course", toy)
    assert done.exit_code == 0
    assert done.stdout.startswith("kit.zip: no solution and no wrong program found. ")
    assert "The sources of the checks are inside, because they must run.\nHash " in done.stdout


def test_the_check_of_a_kit_with_a_solution_ends_with_1(toy, kit, run):
    with zipfile.ZipFile("kit.zip", "a") as archive:
        archive.writestr("kit/solutions/01_double/double.py", "")
    done = run("release", "--check", "kit.zip", "--course", toy)
    assert done.exit_code == 1
    assert done.stdout.endswith("kit.zip: 2 faults. Do not hand out this kit.\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no zip", "bad.zip is not a zip file that can be read"), (None, "bad.zip cannot be read: No such file")],
)
def test_what_is_no_kit_is_refused(toy, run, here, content, words):
    if content is not None:
        (here / "bad.zip").write_bytes(content)
    done = run("release", "--check", "bad.zip", "--course", toy)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_zip_of_something_else_is_refused(toy, run, here):
    with zipfile.ZipFile(here / "bad.zip", "w") as archive:
        archive.writestr("notes.txt", "nothing")
    done = run("release", "--check", "bad.zip", "--course", toy)
    assert "bad.zip is not a kit: it has no valid kit/kit.json." in done.stderr


@pytest.mark.parametrize("arguments", [(), ("--out", "kit.zip", "--check", "kit.zip")])
def test_exactly_one_of_making_and_checking_is_asked_for(toy, run, arguments):
    done = run("release", *arguments, "--course", toy)
    assert done.exit_code == 2
    assert "Give --out to make a kit, or --check to check one." in done.stderr


def test_an_existing_file_that_is_no_kit_of_ours_is_kept(toy, run, here):
    (here / "kit.zip").write_text("mine")
    done = run("release", "--out", "kit.zip", "--course", toy)
    assert done.exit_code == 2
    assert (here / "kit.zip").read_text() == "mine"


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [(None, "01234"), ("3", "3"), ("1-3", "123"), ("0,2-3", "023"), (" 4 , 1", "14"), ("2,2", "2")],
)
def test_exercises_are_chosen_by_number(wanted, keys):
    assert "".join(one.key[1] for one in chosen_exercises(COURSE, wanted)) == keys


@pytest.mark.parametrize("wanted", ["", "a", "3-1", "1-", "-2", "1;2"])
def test_a_wrong_choice_is_refused(run, wanted, toy):
    done = run("release", "--out", "kit.zip", f"--exercises={wanted}", "--course", toy)
    assert done.exit_code == 2
    assert "expected a number, or a range such as 1-4." in done.stderr


def test_an_exercise_that_trains_is_refused(run, here):
    done = run("release", "--out", "kit.zip", "--exercises", "5")
    assert done.exit_code == 2
    assert "Exercise 5 trains models, so its answers cannot be recorded. Leave it out with --exercises." in done.stderr


@pytest.fixture
def engine_only(here, monkeypatch):
    """Without a built-in course, as in the wheel of a kit."""
    monkeypatch.setattr("grader.course.root.builtin_course_root", lambda: here / "nowhere")


def test_in_the_folder_of_a_kit_the_engine_uses_the_kit(kit, run, monkeypatch, sample, engine_only):
    monkeypatch.chdir(kit)
    shutil.copy(sample("right"), kit / "exercises" / "01_double" / "double.py")
    done = run("exercise", "1")
    assert (done.exit_code, "5 / 5 points" in done.stdout, "seed 7" in done.stdout) == (0, True, True), done.stderr
    assert "01_double" in run("list").stdout
    monkeypatch.chdir(kit / "exercises")
    assert "01_double" in run("list").stdout


def test_the_whole_package_uses_a_kit_only_if_it_is_named(kit, run, monkeypatch):
    monkeypatch.chdir(kit)
    assert "03_dropout" in run("list").stdout
    assert "01_double" in run("list", "--course", ".").stdout


def test_the_kit_of_another_user_is_not_used(kit, run, monkeypatch, engine_only):
    monkeypatch.chdir(kit)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    assert "This installation of grade contains no course." in run("list").stderr


def test_a_kit_says_once_that_its_code_runs_here(kit, run, monkeypatch, engine_only):
    monkeypatch.chdir(kit)
    said = "Its Python files run on your machine with your permissions."
    assert said in run("list").stderr
    assert said not in run("list").stderr


def test_another_seed_than_that_of_the_kit_is_refused(kit, run, sample):
    done = run("exercise", "1", sample("right"), "--course", kit, "--seed", "0")
    assert done.exit_code == 2
    assert "This kit has answers for seed 7 only, and none for seed 0. Use seed 7, or grade" in done.stderr


def test_a_kit_shows_no_solution(kit, run):
    done = run("solution", "1", "--course", kit)
    assert "This course contains no solution of exercise 1. Ask your instructor." in done.stderr


@pytest.mark.parametrize(
    "command",
    [("batch", ".", "--out", "results"), ("course", "check"), ("course", "compile"), ("release", "--out", "other.zip")],
    ids=" ".join,
)
def test_commands_that_need_the_solutions_refuse_a_kit(kit, run, command):
    done = run(*command, "--course", kit)
    assert done.exit_code == 2
    assert "is a practice kit: it has recorded answers for one seed, and no solutions." in done.stderr


def test_without_any_course_grade_says_where_to_go(run, engine_only):
    done = run("list")
    assert done.exit_code == 2
    assert "This installation of grade contains no course. Run it in the folder of your kit" in done.stderr
    assert "This installation of grade contains no course." in run().stdout
