"""`grade start`."""

import os
import resource
import signal


def test_puts_the_stub_into_this_folder(toy, run, here):
    result = run("start", "1", "--course", toy)

    assert result.exit_code == 0
    assert result.stdout == (
        "Wrote double.py\nNext: open it, write double, split, halve (bonus), and type: grade exercise 1 --course toy\n"
    )
    assert (here / "double.py").read_bytes() == (toy / "exercises" / "01_double" / "double.py").read_bytes()


def test_puts_the_stub_into_another_folder(toy, run, here):
    result = run("start", "double", "my/work", "--course", toy)

    assert result.exit_code == 0
    assert result.stdout.startswith("Wrote my/work/double.py\n")
    assert result.stdout.endswith("and type: grade exercise 1 my/work/double.py --course toy\n")
    assert (here / "my" / "work" / "double.py").is_file()


def test_the_usual_course_needs_no_option(run, here):
    assert run("start", "3").stdout.endswith("and type: grade exercise 3\n")


def test_what_it_wrote_is_graded_next(toy, run):
    run("start", "1", "--course", toy)

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 1
    assert "double is not implemented yet: Task 1: write double" in result.stdout


def test_never_overwrites(toy, run, here):
    (here / "double.py").write_text("my work\n")

    result = run("start", "1", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: double.py exists and was not changed. To grade it: grade exercise 1 --course toy. "
        "To start over: grade reset 1 --course toy\n"
    )
    assert (here / "double.py").read_text() == "my work\n"


def test_does_not_write_through_a_link(toy, run, here):
    (here / "double.py").symlink_to(here / "elsewhere.py")

    assert run("start", "1", "--course", toy).exit_code == 2
    assert not (here / "elsewhere.py").exists()


def test_a_file_in_the_place_of_the_folder(toy, run, here):
    (here / "work").write_text("")

    result = run("start", "1", "work/deeper", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == "Error: work/deeper/double.py cannot be written: Not a directory.\n"


def test_a_full_disk_leaves_no_half_file(toy, run, here):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        result = run("start", "1", "--course", toy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)

    assert result.exit_code == 2
    assert result.stderr == "Error: double.py cannot be written: File too large.\n"
    assert os.listdir(here) == ["toy"]


def test_a_course_without_that_stub(toy, run):
    (toy / "exercises" / "01_double" / "double.py").unlink()

    result = run("start", "1", "--course", toy)

    assert result.exit_code == 2
    assert "toy/exercises/01_double/double.py:1: cannot be read: No such file or directory" in result.stderr
