"""The time from a save of exercise 3 to its verdict in `grade watch`: the median of 50 saves.

Run: .venv/bin/python -m benchmarks.watch

The verdict is the line that `grade watch` writes into a pipe. The saves are wrong, right and unwritten in turn.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAVES = 50
BAR_SECONDS = 0.150
PAUSE_SECONDS = 0.7  # a person looks at the verdict; results are kept, and the explanations get warm
PROGRAMS = (
    ROOT / "tests" / "samples" / "03_dropout" / "dropout.py",
    ROOT / "solutions" / "03_dropout" / "dropout.py",
    ROOT / "exercises" / "03_dropout" / "dropout.py",
)


def seconds_to_verdicts(folder: Path) -> list[float]:
    """The time of each save."""
    texts = [path.read_text(encoding="utf-8") for path in PROGRAMS]
    file = folder / "dropout.py"
    file.write_text(texts[-1], encoding="utf-8")
    command = [sys.executable, "-u", "-m", "grader", "watch", "3", str(file)]
    environment = {**os.environ, "CNN_GRADER_STATE": str(folder / "state")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as watch:
        assert watch.stdout is not None
        watch.stdout.readline()
        watch.stdout.readline()
        time.sleep(10 * PAUSE_SECONDS)
        took = []
        for number in range(SAVES):
            time.sleep(PAUSE_SECONDS)
            started = time.perf_counter()
            file.write_text(f"{texts[number % len(texts)]}\n# save {number}\n", encoding="utf-8")
            line = watch.stdout.readline()
            took.append(time.perf_counter() - started)
            assert "points" in line, line
        watch.terminate()
    return took


def main() -> None:
    """Print the median, the slowest of each kind, and the bar."""
    with tempfile.TemporaryDirectory() as folder:
        took = seconds_to_verdicts(Path(folder))
    median = statistics.median(took)
    print(f"median of {SAVES} saves: {median * 1000:.0f} ms (bar: {BAR_SECONDS * 1000:.0f} ms)")
    for place, path in enumerate(PROGRAMS):
        own = took[place :: len(PROGRAMS)]
        kind = path.relative_to(ROOT).parts[0]
        print(f"  {kind}: median {statistics.median(own) * 1000:.0f} ms, slowest {max(own) * 1000:.0f} ms")
    sys.exit(median > BAR_SECONDS)


if __name__ == "__main__":
    main()
