"""The owner of a file, against learners who want it to be somebody else's: the platform's name comes first.

In every tree here, learner 201 (or anna) attacks, and 202 (or bob) is honest.
"""

import zipfile

import pytest

from grader.submission.intake import ClassList, Intake
from tests.submission.test_intake import EXERCISES, METADATA, SOURCE, archive, left_out, tree

OTHERS = ("Cleo C_203_assignsubmission_file/dropout.py", "Dan D_204_assignsubmission_file/dropout.py")


def graded(source, **options):
    """Return learner, place and lateness of everything that would be graded."""
    with Intake(source, EXERCISES, ClassList(**options)) as intake:
        return {(one.learner, one.origin, one.late) for one in intake.hand_ins() if not one.refusal}


def refused(source, **options):
    with Intake(source, EXERCISES, ClassList(**options)) as intake:
        return {(one.learner, one.exercise): one.refusal for one in intake.hand_ins() if one.refusal}


MOODLE_ATTACKS = (
    ["202/.git/HEAD", "202/03_dropout/dropout.py"],
    [".git/HEAD", "03_dropout/dropout.py"],
    ["zz_202_assignsubmission_file_dropout (99).py"],
    ["Bob B_202_assignsubmission_file/dropout (99).py"],
    ["submission_metadata.yml", "submission_12/dropout.py"],
    ["bobb_202_99999_dropout.py"],
    ["202_dropout.py"],
    ["__MACOSX/202/dropout.py", "exercises/202/.git/HEAD", "exercises/202/dropout.py"],
)


@pytest.mark.parametrize("attack", MOODLE_ATTACKS, ids=lambda names: names[-1])
@pytest.mark.parametrize("wrapper", ["", "export/"])
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_in_a_folder_of_moodle_belongs_to_somebody_else(tmp_path, attack, wrapper, packed):
    inside = [f"Anna A_201_assignsubmission_file/{name}" for name in attack]
    names = [wrapper + name for name in ("Bob B_202_assignsubmission_file/dropout.py", *OTHERS, *inside)]
    source = archive(tmp_path / "x.zip", names) if packed else tree(tmp_path / "x", *names)
    found = graded(source)
    assert {learner for learner, _, _ in found} <= {"201", "202", "203", "204"}
    assert ("202", f"{wrapper}Bob B_202_assignsubmission_file/dropout.py", False) in found
    assert [origin for learner, origin, _ in found if learner == "202"] == [names[0]]


FLAT_MOODLE = ("Bob B_202_assignsubmission_file_dropout.py", "Cleo C_203_assignsubmission_file_dropout.py")


@pytest.mark.parametrize("attack", ["zz_202_assignsubmission_file_dropout (99).py", "bobb_202_9999_dropout.py"])
def test_nothing_in_a_flat_name_of_moodle_belongs_to_somebody_else(tmp_path, attack):
    source = tree(tmp_path / "x", *FLAT_MOODLE, f"Anna A_201_assignsubmission_file_{attack}")
    assert graded(source) == {(name.split("_")[1], name, False) for name in FLAT_MOODLE}


CANVAS = ("bobb_202_12_dropout.py", "cleo_LATE_203_13_dropout.py", "dan_204_14_dropout.py")
CANVAS_ATTACKS = (
    "x_201_assignsubmission_file_dropout.py",
    "x_202_assignsubmission_file_dropout (99).py",
    "bobb_202_99999_dropout.py",
    "202_99999_dropout.py",
    "1_1_dropout.py",
    "submission_metadata.yml",
    "202_dropout.py",
)


@pytest.mark.parametrize("attack", CANVAS_ATTACKS)
def test_no_name_on_canvas_changes_its_owner_or_its_lateness(tmp_path, attack):
    names = (*CANVAS, "anna_LATE_201_11_dropout.py", f"anna_LATE_201_99_{attack}")
    found = graded(tree(tmp_path / "x", *names))
    assert {(learner, late) for learner, _, late in found} == {
        ("201", True),
        ("202", False),
        ("203", True),
        ("204", False),
    }
    assert all(origin in names[:4] for _, origin, _ in found)


@pytest.mark.parametrize("name", ["a_b_201_98_dropout.py", "_201_98_dropout.py", "a__b_201_98_dropout.py"])
def test_names_that_canvas_writes_are_read(tmp_path, name):
    assert ("201", name, False) in graded(tree(tmp_path / "x", *CANVAS, name))


def test_a_name_on_canvas_that_ends_like_an_id_belongs_to_nobody(tmp_path):
    """`o_202` is a name that a learner may give themselves; what follows it names no exercise."""
    found = graded(tree(tmp_path / "x", *CANVAS, "o_202_201_98_dropout.py"))
    assert {origin for _, origin, _ in found} == set(CANVAS)


def test_anonymous_grading_on_canvas_keeps_the_mark(tmp_path):
    names = ("LATE_anon_aB3_98_dropout.py", "LATE_anon_cD4_99_7_5_dropout.py", "anon_eF5_97_dropout.py")
    found = graded(tree(tmp_path / "x", *names))
    assert found == {("anon_aB3", names[0], True), ("anon_eF5", names[2], False)}


def test_only_ascii_digits_of_a_plausible_number_count(tmp_path):
    odd = ("anna_\u0662\u0660\u0662_98_dropout.py", "eve_201_" + "9" * 60 + "_dropout.py")
    source = tree(tmp_path / "x", *CANVAS, *odd)
    assert {origin for _, origin, _ in graded(source)} == set(CANVAS)
    assert all("is not named as Canvas names submissions" in left_out(source)[name] for name in odd)


GRADESCOPE_ATTACKS = (
    ["work/.git/HEAD", "work/dropout.py"],
    [".git/HEAD", "dropout.py"],
    ["submission_11/dropout.py"],
    ["submission_metadata.yml", "dropout.py"],
    ["Jane_1234_assignsubmission_file/dropout.py"],
)


@pytest.mark.parametrize("attack", GRADESCOPE_ATTACKS, ids=lambda names: names[0])
def test_nothing_in_a_submission_on_gradescope_changes_its_owner_or_its_time(tmp_path, attack):
    source = tree(tmp_path / "x", "submission_11/dropout.py", *(f"submission_12/{name}" for name in attack))
    (source / "submission_metadata.yml").write_text(METADATA)
    with Intake(source, EXERCISES) as intake:
        found = [(one.learner, one.submitted, one.origin.split("/")[0]) for one in intake.hand_ins()]
    assert found == [
        ("1234", "2026-11-24T10:00:00+00:00", "submission_11"),
        ("9", "2026-11-24T11:00:00+00:00", "submission_12"),
        ("river@example.org", "2026-11-24T11:00:00+00:00", "submission_12"),
    ]


def test_files_beside_the_folders_of_a_platform_are_refused_and_listed(tmp_path):
    source = tree(tmp_path / "x", "submission_11/dropout.py", "bob/dropout.py", "anna_dropout.py")
    (source / "submission_metadata.yml").write_text(METADATA)
    reasons = left_out(source)
    assert (
        reasons["bob/dropout.py"]
        == "is outside the folders of Gradescope's export; expected submission_<number>/<file>"
    )
    assert "anna_dropout.py" in reasons
    moodle = tree(tmp_path / "y", *OTHERS, *FLAT_MOODLE, "bob/dropout.py")
    assert "is not named as Moodle names submissions" in left_out(moodle)["bob/dropout.py"]


FOLDERS = ("bob/dropout.py", "cleo/dropout.py", "dan/dropout.py")
FOLDER_ATTACKS = (
    ["bob/.git/HEAD", "bob/dropout.py"],
    [".git/HEAD", "dropout.py"],
    ["x/.git/HEAD", "x/dropout.py", "y/.git/HEAD", "y/dropout.py"],
    ["submission_metadata.yml", "submission_12/dropout.py"],
    ["Bob_202_assignsubmission_file/dropout.py"],
    ["LATE_bob_202_1_dropout.py", "dropout.py"],
    [".bob/dropout.py", "bob_dropout.py"],
)


@pytest.mark.parametrize("attack", FOLDER_ATTACKS, ids=lambda names: names[-1])
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_in_a_learners_folder_belongs_to_somebody_else(tmp_path, attack, packed):
    names = (*FOLDERS, *(f"anna/{name}" for name in attack))
    source = archive(tmp_path / "x.zip", names) if packed else tree(tmp_path / "x", *names)
    found = {(learner, origin) for learner, origin, _ in graded(source) if learner != "anna"}
    assert found == {(name.split("/")[0], name) for name in FOLDERS}


def test_clones_in_a_class_of_folders_do_not_shorten_names(tmp_path):
    """Two learners who hand in their `.git` are not the class: `x-bob` stays `x-bob`."""
    source = tree(
        tmp_path / "x", "x-bob/.git/HEAD", "x-bob/dropout.py", "x-cleo/.git/HEAD", "x-cleo/dropout.py",
        *FOLDERS,
    )  # fmt: skip
    assert {learner for learner, _, _ in graded(source)} == {"bob", "cleo", "dan", "x-bob", "x-cleo"}


def test_clones_inside_clones_do_not_lengthen_names(tmp_path):
    names = [f"cnn-{who}/{name}" for who in ("anna", "bob") for name in (".git/HEAD", "dropout.py")]
    source = tree(tmp_path / "x", *names, "cnn-anna/vendor/zzz/.git/HEAD", "cnn-anna/vendor/zzz/02_pooling/pooling.py")
    assert {learner for learner, _, _ in graded(source)} == {"anna", "bob"}


@pytest.mark.parametrize("neighbour", ["bob/notes.txt", "bob/", "bob/.git/HEAD", "bob.link"])
def test_the_only_learner_with_source_is_not_taken_for_a_wrapper(tmp_path, neighbour):
    source = tree(tmp_path / "x", "anna/202/03_dropout/dropout.py", "anna/203/dropout.py")
    if neighbour.endswith("/"):
        (source / neighbour).mkdir()
    elif neighbour.endswith(".link"):
        (source / neighbour).symlink_to("/etc")
    else:
        tree(source, neighbour)
    assert {learner for learner, _, _ in graded(source)} == {"anna"}


def test_a_learner_in_the_roster_is_not_taken_for_a_wrapper(tmp_path):
    source = tree(tmp_path / "x", "anna/202/dropout.py", "anna/203/dropout.py")
    assert {learner for learner, _, _ in graded(source, known={"anna"}.__contains__)} == {"anna"}


# Two owners for one id


@pytest.mark.parametrize(
    ("one", "other"),
    [("x", "x "), ("x", " x"), ("an\u0303a", "a\u00f1a"), ("x\u2003", "x")],
    ids=["space-after", "space-before", "normal-forms", "em-space"],
)
def test_folders_that_become_one_id_are_refused_with_both_paths(tmp_path, one, other):
    source = tree(tmp_path / "x", f"{one}/dropout.py", f"{other}/dropout.py", "bob/dropout.py")
    ((key, why),) = refused(source).items()
    assert key[1] == "03_dropout"
    assert f"{min(one, other)}/dropout.py".encode("unicode_escape").decode().strip()[-10:] in why
    assert 'both claim the id "' in why
    assert {learner for learner, _, _ in graded(source)} == {"bob"}
    assert sum("is not graded" in reason for reason in left_out(source).values()) == 2


def test_the_message_of_a_refusal(tmp_path):
    source = tree(tmp_path / "x", "x/dropout.py", "x/dropout (2).py", "x /dropout.py", "x /pooling.py")
    why = (
        'x /dropout.py and x/dropout (2).py both claim the id "x"; no file of this id is graded. '
        "Rename or delete one of them."
    )
    assert refused(source) == {("x", "03_dropout"): why, ("x", "02_pooling"): why}
    assert graded(source) == set()


@pytest.mark.parametrize(
    "name", ["bo\u200bb", "b\u043eb", "BOB", "bob\u0301", "\uff42ob", "bob.", "bob\u202e", "b\u00adob"]
)
def test_ids_that_look_alike_are_different(tmp_path, name):
    found = graded(tree(tmp_path / "x", f"{name}/dropout.py", "bob/dropout.py", "dan/dropout.py"))
    assert len(found) == len({learner for learner, _, _ in found}) == 3
    assert ("bob", "bob/dropout.py", False) in found


def test_two_people_with_the_same_number_on_moodle_are_refused(tmp_path):
    """In two exports, the same number can belong to different people."""
    names = ("Anna A_202_assignsubmission_file/dropout.py", "Bob B_202_assignsubmission_file/dropout.py", *OTHERS)
    source = tree(tmp_path / "x", *names)
    assert set(refused(source)) == {("202", "03_dropout")}


def test_two_owners_that_the_roster_maps_to_one_id_are_refused(tmp_path):
    source = tree(tmp_path / "x", "Anna/dropout.py", "anna@x.org/dropout.py", "bob/dropout.py")
    ids = {"Anna": "7", "anna@x.org": "7"}
    assert set(refused(source, resolve=lambda name: ids.get(name, name))) == {("7", "03_dropout")}


def test_a_folder_and_a_flat_file_of_one_id_are_refused(tmp_path):
    assert set(refused(tree(tmp_path / "x", "bob/dropout.py", "bob_dropout (9).py"))) == {("bob", "03_dropout")}


@pytest.mark.parametrize("second", ["anna/dropout.py", "anna//dropout.py", "anna/./dropout.py"])
def test_a_path_that_is_in_an_archive_twice_is_refused(tmp_path, second):
    source = archive(tmp_path / "x.zip", ["anna/dropout.py", second, "bob/dropout.py"])
    assert {learner for learner, _, _ in graded(source)} == {"bob"}
    assert "is in the archive more than once" in refused(source)["anna", "03_dropout"]


def test_backslashes_and_dots_in_an_archive_lead_to_nobody_else(tmp_path):
    names = ["anna/..\\bob\\dropout.py", "anna/../bob/dropout.py", "bob/dropout.py", "cleo/dropout.py"]
    found = graded(archive(tmp_path / "x.zip", names))
    assert {(learner, origin) for learner, origin, _ in found if learner == "bob"} == {("bob", "bob/dropout.py")}


def test_a_zip_inside_a_submission_belongs_to_its_owner_whatever_its_members_are_called(tmp_path):
    source = tree(tmp_path / "x", "anna/notes.txt", "bob/dropout.py")
    with zipfile.ZipFile(source / "anna" / "work.zip", "w") as file:
        file.writestr("bob/dropout.py", SOURCE)
        file.writestr("../bob/dropout.py", SOURCE)
        file.writestr("submission_metadata.yml", METADATA)
    assert {(learner, origin) for learner, origin, _ in graded(source)} == {
        ("anna", "anna/work.zip/bob/dropout.py"),
        ("bob", "bob/dropout.py"),
    }


def test_nothing_disappears(tmp_path):
    """Every file is graded or listed with a reason."""
    names = [f"anna/{name}" for attack in FOLDER_ATTACKS for name in attack] + [
        *FOLDERS,
        "x/dropout.py",
        "x /dropout.py",
    ]
    source = tree(tmp_path / "x", *names)
    accounted = {origin for _, origin, _ in graded(source)} | set(left_out(source))
    for name in names:
        parts = name.split("/")
        assert accounted & {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}, name


@pytest.mark.parametrize("learner", ["v1", "lab3", "final"])
def test_a_learner_in_the_roster_may_be_called_like_an_assignment(tmp_path, learner):
    source = tree(tmp_path / "x", f"export/{learner}/dropout.py", f"export/{learner}/pooling.py")
    assert {one for one, _, _ in graded(source, known={learner}.__contains__)} == {learner}
    assert {one for one, _, _ in graded(source)} == {"export"}
