"""The command as a process of its own: stopped by Ctrl-C, run twice at once, twenty times in a row."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.grading import ROOT
from tests.sandbox.conftest import descendants, hear_interrupts

SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
GRADE = [sys.executable, "-m", "grader", "exercise", "3"]


def start(file, *options):
    return subprocess.Popen(
        [*GRADE, str(file), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )


def test_ctrl_c_ends_everything_soon(tmp_path):
    spinning = tmp_path / "dropout.py"
    spinning.write_text("while True:\n    pass\n")
    grade = start(spinning)
    deadline = time.monotonic() + 10
    while len(descendants(grade.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    below = descendants(grade.pid)
    stopped = time.monotonic()
    os.killpg(grade.pid, signal.SIGINT)
    _, errors = grade.communicate(timeout=10)
    assert time.monotonic() - stopped < 2
    assert grade.returncode == 130
    assert errors.strip() == b"Stopped."
    deadline = time.monotonic() + 5
    while any(os.path.exists(f"/proc/{pid}") for pid in below) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in below if os.path.exists(f"/proc/{pid}")]


def test_two_at_once_do_not_meet():
    both = [start(SAMPLE, "--format", "json") for _ in range(2)]
    outputs = [one.communicate(timeout=60)[0] for one in both]
    assert [one.returncode for one in both] == [1, 1]
    assert outputs[0] == outputs[1]


@pytest.mark.thorough
def test_the_same_bytes_twenty_times():
    digests = set()
    for _ in range(20):
        output, _ = start(SAMPLE, "--format", "json").communicate(timeout=60)
        digests.add(hashlib.sha256(output).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "dropout.py does not define dropout"),
        (b"import numpy as np\ndef dropout(x):\n    return x\n", "TypeError"),
        (b"def dropout(\n", "was never closed"),
        (b"import scipy\n", "dropout.py does not define dropout"),
        (b"import scipy\ndef dropout(*a):\n    scipy.f()\n", "dropout uses scipy.f (line 3), which is unavailable"),
        (b"import numpy as np\nraise RuntimeError('at import')\n", "at import"),
        (b"import numpy as np\nprint('seen', np.pi)\n1/0\n", "division by zero"),
        (b"while True:\n    pass\n", "took longer than 5 seconds"),
        ("# ü\nx = 'é'\n".encode("latin-1"), "UTF-8"),
        (b"\xef\xbb\xbfx = 1\n", "dropout.py does not define dropout"),
        (b"\x00\x01\x02", "dropout.py"),
    ],
)
def test_bad_files_end_with_words(tmp_path, source, words):
    file = tmp_path / "dropout.py"
    file.write_bytes(source)
    output, errors = start(file).communicate(timeout=60)
    assert words in (output + errors).decode()
    assert b"Traceback" not in output + errors


def test_what_is_printed_while_the_smallest_input_is_looked_for_is_not_shown(tmp_path):
    noisy = tmp_path / "dropout.py"
    text = (ROOT / "solutions" / "03_dropout" / "dropout.py").read_text(encoding="utf-8")
    wrong = "\n\ndef dropout_moments(x, rate):\n    print('asked', x.shape)\n    return x + 7, x * x + 3\n"
    noisy.write_text(text + wrong, encoding="utf-8")
    output, _ = start(noisy, "--format", "json").communicate(timeout=60)
    report = json.loads(output)

    assert any("The smallest input found" in check["message"] for one in report["criteria"] for check in one["checks"])
    assert report["output"]["stdout"].count("asked") == 17  # as often as the checks ask, and no more
