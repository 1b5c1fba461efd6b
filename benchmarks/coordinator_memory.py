"""Measure the peak memory of the coordinator of a batch, for 10,000 submissions (or 100,000) and for 1,000.

The submissions belong to a toy course, because only the coordinator matters here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchmarks.paired import Session, python
from benchmarks.row import Row

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "samples" / "toy_course"
TOY_SUBMISSION = ROOT / "tests" / "samples" / "toy_submissions" / "right"
PAIRS = 1  # memory hardly changes from run to run
GOAL = 1.2
POLL_SECONDS = 0.02


def measure(session: Session) -> list[Row]:
    """Return one row. The large class has 100,000 submissions in a large session."""
    small, large = session.size(1_000, 4), session.size(100_000 if session.large else 10_000, 40)
    timing = session.in_turn(lambda: peak_of(large), lambda: peak_of(small), PAIRS, warm_up=False)
    what, against = f"peak memory of the coordinator, {large:,} submissions of a toy course", f"{small:,} of them"
    return [Row.at_most(what, against, timing, GOAL, unit="MiB")]


def peak_of(size: int) -> float:
    """Return the peak memory of the coordinator in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        submissions, out = Path(folder, "class.zip"), Path(folder, "out")
        (source,) = TOY_SUBMISSION.glob("*.py")
        text = source.read_text(encoding="utf-8")
        with zipfile.ZipFile(submissions, "w") as file:
            for number in range(size):
                file.writestr(f"learner{number:06d}_{source.name}", f"{text}# {number}\n")
        command = python("-m", "grader", "batch", str(submissions), "--out", str(out), "--course", str(TOY))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, high_water_mark(process.pid))
            time.sleep(POLL_SECONDS)
    if process.returncode:
        sys.exit(f"grade batch ended with {process.returncode}")
    return peak


def high_water_mark(pid: int) -> float:
    """Return the peak memory of a process in MiB; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0
