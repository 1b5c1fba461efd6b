"""Stress a batch: kill it at twenty random moments.

python -m benchmarks.batch
"""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchmarks.paired import machine

ROOT = Path(__file__).parents[1]
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
HOSTILE = sorted((ROOT / "tests" / "hostile").glob("*/dropout.py"))


def main() -> None:
    """Run the benchmark."""
    print(machine())
    kills(1000, 20)


def class_of(archive: Path, size: int) -> None:
    """Write a class with one hostile file in twenty. No two files are the same."""
    chance = random.Random(2012)
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(size):
            source = chance.choice(HOSTILE) if number % 20 == 7 else (RIGHT, SAMPLE)[number % 2]
            file.writestr(f"learner{number:04d}/dropout.py", source.read_text(encoding="utf-8") + f"# {number}\n")


def kills(size: int, times: int) -> None:
    """Check that a batch gives the same bytes with and without being killed `times` times."""
    with tempfile.TemporaryDirectory() as folder:
        submissions, killed = Path(folder, "class.zip"), Path(folder, "killed")
        undisturbed = Path(folder, "undisturbed")
        class_of(submissions, size)
        started = time.monotonic()
        run(submissions, undisturbed)
        seconds = time.monotonic() - started
        chance = random.Random(7)
        for _ in range(times):
            process = start(submissions, killed)
            time.sleep(chance.uniform(0.2, 2 * seconds / times))
            process.send_signal(signal.SIGKILL)
            process.wait()
        run(submissions, killed)
        same = digests(undisturbed) == digests(killed)
        reports = len(list((killed / "reports").rglob("*.json")))
        print(f"{size} submissions, 5 % hostile: {seconds:.1f} s, {size / seconds:.0f} per second, undisturbed")
        print(f"killed {times} times: {'the same bytes' if same else 'DIFFERENT BYTES'}, {reports} reports")
        if not same or reports != size:
            sys.exit(1)


def start(submissions: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start a batch."""
    command = [sys.executable, "-m", "grader", "batch", str(submissions), "--out", str(out)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)


def run(submissions: Path, out: Path) -> None:
    """Run a batch."""
    code = start(submissions, out).wait()
    if code != 0:
        sys.exit(f"grade batch ended with {code}")


def digests(out: Path) -> dict[str, str]:
    """Return the hash of each file that must be the same: all except the journal and the page of the run."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and not path.name.startswith((".", "journal.db", "run.html"))
    }


if __name__ == "__main__":
    main()
