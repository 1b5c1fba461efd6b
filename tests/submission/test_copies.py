"""Names that programs give to copies of a file, and the choice among several files."""

import pytest

from grader.submission.intake import ExerciseName, Intake
from grader.submission.intake.contents import contents_of, submission_of, tree_of
from grader.submission.intake.exercise_name import ExerciseNames

EXERCISES = [ExerciseName("03_dropout", "dropout"), ExerciseName("04_batch_norm", "batch_norm")]
NAMES = ExerciseNames(EXERCISES)
COPIES = (
    "dropout copy.py", "dropout copy 2.py", "dropout - Copy.py", "dropout - Copy (2).py", "dropout - Kopie.py", "dropout 2.py",
    "Copy of dropout.py", "Copy_of_dropout.py", "Kopie von dropout.py", "Copy of dropout (1).py", "dropout-Copy1.py",
    "03_dropout.py", "3-dropout.py", "03 dropout copy.py", "dropout.py.txt", "dropout.py.py", "DROPOUT - COPY.PY",
)  # fmt: skip
WHERE = ("ada/{}", "ada/03_dropout/{}", "Ada L_123_assignsubmission_file_/{}", "ada_123_98765_{}")


def found(root, *paths):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"name = {path!r}\n")
    with Intake(root, EXERCISES) as intake:
        return [(one.learner, one.exercise, one.origin) for one in intake.hand_ins()]


@pytest.mark.parametrize("suffix", ["", "ipynb"])
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_counts_as_its_original(name, suffix):
    named = NAMES.find((name.lower().replace(".py", ".ipynb") if suffix else name,))

    assert (named.exercise.key, named.is_notebook, named.renamed) == ("03_dropout", bool(suffix), True)
    assert named.attempt < NAMES.find(("dropout.py",)).attempt


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_found_on_every_platform(tmp_path, where, name):
    path = where.format(name)
    assert [(key, origin) for _, key, origin in found(tmp_path, path)] == [("03_dropout", path)]


@pytest.mark.parametrize("copy", COPIES)
def test_an_original_takes_precedence_over_its_copies(tmp_path, copy):
    assert found(tmp_path, f"ada/{copy}", "ada/dropout.py") == [("ada", "03_dropout", "ada/dropout.py")]


def test_the_last_of_several_copies_is_graded(tmp_path):
    copies = "ada/dropout copy.py", "ada/dropout copy 10.py", "ada/dropout copy 9.py"
    assert found(tmp_path, *copies) == [("ada", "03_dropout", "ada/dropout copy 10.py")]


@pytest.mark.parametrize(
    "name",
    ["dropout_final.py", "dropout_old.py", "my_dropout.py", "dropout2.py", "dropout_test.py", "04_dropout.py", "copy.py",
     "dropout.py.docx", "dropout.txt", "dropout.py.bak.py", "Copy of.py", "03_.py", "dropout 2000.py"],
)  # fmt: skip
def test_a_name_that_a_person_has_chosen_is_ignored(name):
    assert isinstance(NAMES.find((name,)), str)


@pytest.mark.parametrize("name", ["dropout.py", "dropout.ipynb", "dropout-1.py", "Dropout.py"])
def test_the_usual_names_need_no_remark(name):
    assert not NAMES.find((name,)).renamed


def test_the_learner_of_a_flat_copy(tmp_path):
    paths = "ada_l_dropout copy.py", "bob_dropout - Copy (2).py", "cy_dropout.py"
    assert found(tmp_path, *paths) == [
        ("ada_l", "03_dropout", "ada_l_dropout copy.py"),
        ("bob", "03_dropout", "bob_dropout - Copy (2).py"),
        ("cy", "03_dropout", "cy_dropout.py"),
    ]


def test_a_remark_tells_the_learner_how_to_name_the_file(tmp_path):
    found(tmp_path, "ada/dropout - Copy.py")
    with Intake(tmp_path, EXERCISES) as intake:
        (hand_in,) = intake.hand_ins()
        places = intake.places(hand_in)
        submission = submission_of(
            "ada", "03_dropout", places, contents_of(tree_of(intake.source), places), ["dropout"]
        )

    assert submission.remarks == ("dropout - Copy.py was graded as dropout.py. Name your file dropout.py.",)
