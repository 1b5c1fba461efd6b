"""Compare this checkout with another one: `grade exercise 3`, and a batch of right and wrong submissions.

python -m benchmarks.checkouts ../other-checkout

Each checkout needs its own `.venv`, as `make demo` creates it. The two take turns.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.paired import Timing, machine, paired

ROOT = Path(__file__).parents[1]
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
WRONG = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
SUBMISSIONS = 400


def main(arguments: list[str]) -> None:
    """Print one line for each comparison."""
    if len(arguments) != 1 or not (Path(arguments[0]) / ".venv").is_dir():
        raise SystemExit("usage: python -m benchmarks.checkouts CHECKOUT, a folder with its own .venv")
    other = Path(arguments[0]).resolve()
    print(machine())
    for name, learner in (("right", RIGHT), ("wrong", WRONG)):
        timing = paired(
            [*_grade(ROOT), "exercise", "3", str(learner)], [*_grade(other), "exercise", "3", str(learner)], 21
        )
        _show(f"grade exercise 3, {name}", timing)
    with tempfile.TemporaryDirectory() as folder:
        for name, learner in (("right", RIGHT), ("wrong", WRONG)):
            submissions = Path(folder) / f"{name}.zip"
            with zipfile.ZipFile(submissions, "w") as archive:
                for number in range(SUBMISSIONS):
                    archive.writestr(f"learner{number:04d}/dropout.py", f"{learner.read_text()}# {number}\n")
            timing = paired(_batch(ROOT, submissions, folder), _batch(other, submissions, folder), 7)
            _show(f"grade batch of {SUBMISSIONS}, {name}", timing)


def _grade(checkout: Path) -> list[str]:
    return [str(checkout / ".venv" / "bin" / "grade")]


def _batch(checkout: Path, submissions: Path, folder: str) -> list[str]:
    """Return the command for a batch into a new folder. Both checkouts use the same seed, for the same test inputs."""
    results = Path(folder) / "results"
    words = [*_grade(checkout), "batch", str(submissions), "--out", str(results), "--workers", "2", "--seed", "0"]
    return ["/bin/sh", "-c", 'rm -rf "$0"; exec "$@"', str(results), *words]


def _show(name: str, timing: Timing) -> None:
    print(
        f"{name}: {timing.first:.3f} s; other checkout: {timing.second:.3f} s; "
        f"ratio {timing.ratio:.3f} (median of {timing.runs} pairs)"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
