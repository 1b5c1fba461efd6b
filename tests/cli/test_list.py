"""`grade list`."""


def test_lists_points_and_files(toy, run):
    result = run("list", "--course", toy)

    assert result.exit_code == 0
    assert result.stdout == (
        "01_double  Doubling, 5 points + 1 bonus\n           not here; to begin: grade start 1 --course toy\n"
    )


def test_your_points_are_shown_after_grading(toy, run, sample):
    run("exercise", "1", sample("adds_two"), "--course", toy)

    assert run("list", "--course", toy).stdout.startswith("01_double  Doubling, 2 / 5 points + 1 bonus\n")


def test_a_record_that_cannot_be_read_hides_the_scores_only(toy, run, own_record):
    own_record.write_text("not a database, but longer than a header")

    result = run("list", "--course", toy)

    assert result.exit_code == 0
    assert "01_double  Doubling, 5 points + 1 bonus" in result.stdout
    assert "Scores and cards are not shown." in result.stdout


def test_your_own_file_comes_first(toy, run, here):
    (here / "double.py").write_text("")
    assert "\n           double.py\n" in run("list", "--course", toy).stdout

    (here / "exercises" / "01_double").mkdir(parents=True)
    (here / "exercises" / "01_double" / "double.py").write_text("")
    assert "\n           exercises/01_double/double.py\n" in run("list", "--course", toy).stdout


def test_a_broken_rubric_does_not_hide_the_others(toy, run):
    (toy / "rubrics" / "02_broken.yaml").write_text("exercise: [\n")

    result = run("list", "--course", toy)

    assert result.exit_code == 2
    assert "01_double  Doubling" in result.stdout
    assert "toy/rubrics/02_broken.yaml:2: is not YAML" in result.stderr
