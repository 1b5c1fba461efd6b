"""Make the picture of a report that the README shows: `.venv/bin/python docs/picture.py`.

It runs the real command on a sample, and rich draws the output as a terminal shows it. `tests/test_docs.py` compares
the picture with a new one. The picture leaves out the course hash, which changes with every edit of the course, and
loads no fonts.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

REPOSITORY = Path(__file__).parents[1]
PICTURE = REPOSITORY / "docs" / "report.svg"
SAMPLE = "tests/samples/03_dropout/dropout.py"
COLUMNS = 80
COURSE_HASH = re.compile(r" · course [0-9a-f]{12}\b")
LOADED = re.compile(r"\s*<!--.*?-->|\s*@font-face \{.*?\}", re.DOTALL)


def report():
    """Return what `grade exercise 3` writes to a colour terminal for the sample, without the course hash."""
    with tempfile.TemporaryDirectory() as state:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "grader", "exercise", "3", SAMPLE],
            cwd=REPOSITORY,
            env={**os.environ, "CNN_GRADER_STATE": state, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "NO_COLOR": ""},
            encoding="utf-8",
            capture_output=True,
            check=False,
        )
    if done.returncode != 1:  # the sample does not earn all points
        raise SystemExit(f"grade exercise 3 ended with exit code {done.returncode}; expected 1.\n{done.stderr}")
    return COURSE_HASH.sub("", done.stdout)


def svg(ansi):
    """Return the picture of a terminal with this text."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(file=nowhere, record=True, width=COLUMNS, legacy_windows=False)
        console.print(Text.from_ansi(f"$ grade exercise 3 {SAMPLE}\n{ansi.rstrip()}"))
    drawn = LOADED.sub("", console.export_svg(title="grade exercise 3", unique_id="report"))
    return "".join(f"{line.rstrip()}\n" for line in drawn.strip().split("\n"))


if __name__ == "__main__":
    PICTURE.write_text(svg(report()), encoding="utf-8")
    print(f"{PICTURE.relative_to(REPOSITORY)} is up to date.")
