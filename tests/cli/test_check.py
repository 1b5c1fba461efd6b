"""`grade course check`."""


def test_a_good_course(toy, run):
    result = run("course", "check", "--course", toy)

    assert result.exit_code == 0
    assert result.stdout == (
        "        exercise   points  bonus  criteria  checks  misconceptions  killed  named\n"
        "OK      01_double       5      1         3       5               2     1/1     1/1\n"
        "\n"
        "Mistakes that fail checks in more than two criteria: 0 of 1; that lose points in more than two: 0; that leave nothing right in their function: 1.\n"
        "\n"
        "Nothing is wrong.\n"
    )


def test_every_fault_has_its_file_and_line(toy, run):
    rubric = toy / "rubrics" / "01_double.yaml"
    rubric.write_text(rubric.read_text().replace("- test_split_even", "- test_split_evne"))

    result = run("course", "check", "--course", toy)

    assert result.exit_code == 1
    assert "FAULTS  01_double       5      1         3       5               2     1/1     1/1\n" in result.stdout
    assert (
        'toy/rubrics/01_double.yaml:23: criterion "splits" lists the check "test_split_evne", which '
        'tests/hidden/01_double/test_double.py does not define. Did you mean "test_split_even"?\n'
    ) in result.stdout
    assert result.stdout.endswith("\n2 faults\n")


def test_a_rubric_that_cannot_be_read_is_a_fault_like_others(toy, run):
    (toy / "rubrics" / "02_broken.yaml").write_text("exercise: 02_broken\n")

    result = run("course", "check", "--course", toy)

    assert result.exit_code == 1
    assert "FAULTS  02_broken" in result.stdout
    assert "toy/rubrics/02_broken.yaml:1: `title` is missing\n" in result.stdout


def test_a_file_of_misconceptions_without_any_is_a_fault_like_others(toy, run):
    (toy / "solutions" / "01_double" / "misconceptions.py").write_text("")

    result = run("course", "check", "--course", toy)

    assert result.exit_code == 1
    assert "misconceptions.py:1: cannot be imported: AttributeError" in result.stdout


def test_a_folder_that_is_no_course_ends_with_2(here, run):
    result = run("course", "check", "--course", here)

    assert result.exit_code == 2
    assert "is not a course" in result.stderr


def test_an_unknown_command_of_the_group(here, run):
    result = run("course", "chekc")

    assert result.exit_code == 2
    assert 'There is no command "chekc". Did you mean "check"? The commands are: check, compile.' in result.stderr


def test_a_course_without_call_families_has_nothing_to_compile(toy, run):
    assert run("course", "compile", "--course", toy).stdout == (
        "01_double: nothing to compile, without call families (calls.py) or without misconceptions\n"
    )


def test_the_file_with_the_matrix_is_named(toy, run):
    assert "\nThe kill matrix is in m.html\n" in run("course", "check", "--course", toy, "--html", "m.html").stdout
