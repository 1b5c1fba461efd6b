"""Standard streams as a cron job, a web server, a full disk or an old terminal leave them."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
SEVERAL = [(0, 1), (0, 2), (1, 2)]
CLOSED = [(0,), (1,), (2,), (0, 1, 2), *(pytest.param(one, marks=pytest.mark.thorough) for one in SEVERAL)]
ENCODINGS = ("ascii", "latin-1", "cp1252", "utf-8")


@pytest.fixture
def grade(tmp_path):
    """`grade("list", closed=(0, 1))` runs the command with these descriptors closed and with a state of its own.

    The toy course was announced before.
    """
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "courses.jsonl").write_text(f"{json.dumps(str(TOY.resolve()))}\n")

    def _grade(*arguments, closed=(), redirected="", environment=(), **settings):
        shut = " ".join(f"{descriptor}{'<' if descriptor == 0 else '>'}&-" for descriptor in closed)
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        return subprocess.run(
            ["sh", "-c", f'exec "$@" {shut} {redirected}', "sh", sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **dict(environment)},
            timeout=120,
            **settings,
        )

    return _grade


@pytest.fixture
def hand_ins(tmp_path):
    for learner in ("ann", "zoë"):
        (tmp_path / "hand_ins" / learner).mkdir(parents=True)
        shutil.copy(RIGHT, tmp_path / "hand_ins" / learner)
    return tmp_path / "hand_ins"


def named(closed):
    return "closed " + ",".join(map(str, closed))


@pytest.mark.parametrize("closed", CLOSED, ids=named)
def test_an_exercise_is_graded_with_closed_streams(grade, tmp_path, closed):
    done = grade("exercise", "1", RIGHT, "--course", TOY, "--out", "report.json", closed=closed)

    assert (done.returncode, done.stderr) == (0, b"")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["score"]["earned"], report["grader_faults"]) == (5.0, [])
    assert done.stdout == (b"" if 1 in closed else b"01_double: 5 / 5 points. The report is in report.json\n")


@pytest.mark.parametrize("closed", CLOSED, ids=named)
def test_a_batch_is_graded_with_closed_streams(grade, tmp_path, hand_ins, closed):
    done = grade("batch", hand_ins, "--course", TOY, "--out", "results", closed=closed)

    assert (done.returncode, done.stderr) == (0, b"")
    assert (b"2 graded" in done.stdout) == (1 not in closed)
    report = json.loads((tmp_path / "results" / "reports" / "ann" / "01_double.json").read_text())
    assert (report["score"]["earned"], report["grader_faults"]) == (5.0, [])


@pytest.mark.parametrize(
    ("arguments", "closed"),
    [
        *((["--help"], closed) for closed in ((0,), (1,), (2,))),
        *((["quiz", "--plain"], closed) for closed in ((0,), (1,), (2,), *SEVERAL)),
        (["quiz", "--plain"], (0, 1, 2)),
        *((arguments, (0, 1, 2)) for arguments in (["flashcards"], ["progress"], ["list"], ["lesson", "dropout"])),
    ],
)
def test_other_commands_run_with_closed_streams(grade, arguments, closed):
    done = grade(*arguments, closed=closed)

    assert (done.returncode, done.stderr) == (0, b"")
    assert bool(done.stdout) == (1 not in closed)


@pytest.mark.parametrize("closed", [(0,), (0, 1), (2,), (0, 1, 2)], ids=named)
def test_an_error_keeps_its_exit_code_with_closed_streams(grade, closed):
    done = grade("exercise", "zebra", closed=closed)

    assert done.returncode == 2
    assert (b'There is no exercise "zebra".' in done.stderr) == (2 not in closed)


def test_an_input_that_cannot_be_read_is_at_its_end(grade):
    done = grade("quiz", "--plain", redirected="0>/dev/null")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"You have not answered any question.\n")


PRINTING = [
    ["--help"],
    ["exercise", "--help"],
    ["list"],
    ["exercise", "1", RIGHT, "--course", TOY],
    ["exercise", "1", RIGHT, "--course", TOY, "--format", "json"],
    ["batch", "hand_ins", "--course", TOY, "--out", "results"],
    ["batch", "hand_ins", "--course", TOY, "--dry-run"],
    ["lesson"],
    ["lesson", "dropout"],
    ["quiz", "--plain"],
    ["flashcards"],
    ["progress"],
    ["study", "export"],
    ["study", "stats"],
    ["start", "1", "--course", TOY],
    ["course", "check", "1", "--course", TOY],
]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("arguments", PRINTING, ids=lambda arguments: " ".join(map(str, arguments[:2])))
def test_a_full_disk_behind_standard_output_is_one_error(grade, hand_ins, arguments):
    with open("/dev/full", "w") as full:
        done = grade(*arguments, stdout=full)

    assert done.stderr == b"Error: Standard output cannot be written: No space left on device.\n"
    assert done.returncode == 2


@pytest.mark.parametrize("arguments", PRINTING[::3], ids=lambda arguments: " ".join(map(str, arguments[:2])))
def test_a_reader_who_goes_away_ends_the_command_without_a_word(grade, hand_ins, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = grade(*arguments, stdout=writing)
    finally:
        os.close(writing)

    assert done.stderr == b""
    assert done.returncode == (1 if arguments == ["--help"] else 141)  # click ends there by itself


@pytest.mark.parametrize("broken", ["full", "pipe"])
@pytest.mark.parametrize(
    ("arguments", "code"), [(["exercise", "zebra"], 2), (["exercise"], 2), (["exercise", "--debug", "zebra"], 2)]
)
def test_an_error_that_nobody_can_read_keeps_its_exit_code(grade, broken, arguments, code):
    if broken == "full":
        writing = os.open("/dev/full", os.O_WRONLY)
    else:
        reading, writing = os.pipe()
        os.close(reading)
    try:
        assert grade(*arguments, stderr=writing).returncode == code
    finally:
        os.close(writing)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_the_same_utf8_in_every_encoding(grade, tmp_path, encoding):
    (tmp_path / "double.py").write_text("print('für 数学 █')\n" + RIGHT.read_text(), encoding="utf-8")
    done = grade(
        "exercise", "1", "double.py", "--course", TOY, "--format", "json",
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert "für 数学 █" in json.loads(done.stdout.decode())["output"]["stdout"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_batch_names_everybody_in_every_encoding(grade, hand_ins, encoding):
    (hand_ins / "数学").mkdir()
    shutil.copy(RIGHT, hand_ins / "数学")
    done = grade(
        "batch",
        hand_ins,
        "--course",
        TOY,
        "--dry-run",
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"},
    )

    assert (done.returncode, done.stderr) == (0, b"")
    for name in ("zoë", "数学"):
        assert f"grade    {name}".encode(encoding, "backslashreplace") in done.stdout


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("arguments", [["lesson", "dropout"], ["exercise", "1", RIGHT, "--course", TOY], ["--help"]])
def test_text_is_printed_in_every_encoding(grade, arguments, encoding):
    done = grade(*arguments, environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"})

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)
