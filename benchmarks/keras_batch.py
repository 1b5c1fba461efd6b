"""Grade exercises 5 and 6: forty submissions, some of them hostile; right and wrong answers with many seeds.

python -m benchmarks.keras_batch class
python -m benchmarks.keras_batch seeds
python -m benchmarks.keras_batch variants [05_keras_cnn] [06_transfer_learning]
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.paired import machine

ROOT = Path(__file__).parents[1]
STYLES = ROOT / "tests" / "right_answers"
COMPANIONS = ("01_convolution/convolution.py", "02_pooling/pooling.py", "04_batch_norm/batch_norm.py")
KEYS = ("05_keras_cnn", "06_transfer_learning")
HOSTILE = {
    "hangs": "\n\ndef train(*_):\n    while True:\n        pass\n",
    "grows": "\n\ndef prepare(images_uint8, labels):\n    return np.ones((30, 2**30), np.uint8), labels\n",
    "dies": "\n\ndef predict_labels(model, x):\n    import random\n\n    random._os._exit(0)\n",
}


def main(arguments: list[str]) -> None:
    """Run the chosen benchmarks."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        if "class" in arguments or not arguments:
            forty(Path(folder))
        if "seeds" in arguments or not arguments:
            seeds(Path(folder))
    if "variants" in arguments or not arguments:
        variants([key for key in KEYS if key in arguments] or KEYS)


def hand_in(folder: Path, learner: str, key: str, module: str, text: str) -> None:
    """Write the files of one learner, with those of exercises 1, 2 and 4."""
    beside = [(one.partition("/")[0], one.partition("/")[2]) for one in COMPANIONS] if key == "05_keras_cnn" else []
    for exercise, name in beside:
        target = folder / learner / exercise / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((ROOT / "solutions" / exercise / name).read_text(encoding="utf-8"), encoding="utf-8")
    target = folder / learner / key / f"{module}.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def grade(submissions: Path, out: Path, *options: str) -> tuple[float, list[dict[str, str]]]:
    """Run `grade batch`, and return its seconds and the rows of its gradebook."""
    command = [sys.executable, "-m", "grader", "batch", str(submissions), "--out", str(out), "--workers", "2", *options]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    print(
        "\n".join(
            line for line in (done.stdout + done.stderr).splitlines() if line.startswith("fault") or "verdict" in line
        )
    )
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return seconds, list(csv.DictReader(file))


def forty(folder: Path) -> None:
    """Grade thirty-seven right programs and three hostile ones. The right ones must earn all points."""
    key, module = "05_keras_cnn", "keras_cnn"
    reference = (ROOT / "solutions" / key / f"{module}.py").read_text(encoding="utf-8")
    hostile = dict(zip((7, 17, 27), HOSTILE, strict=True))
    for number in range(40):
        kind = hostile.get(number)
        name = f"{kind or 'learner'}-{number:02d}"
        hand_in(folder / "class", name, key, module, f"{reference}{HOSTILE.get(kind or '', '')}# {number}\n")
    seconds, rows = grade(folder / "class", folder / "results")
    for row in rows:
        if not row["learner"].startswith("learner") or row[f"{key} raw"] != "17":
            print(row["learner"], row[f"{key} raw"])
    print(f"40 submissions, two workers: {seconds:.0f} s, {seconds / 40:.2f} s each")


def seeds(folder: Path) -> None:
    """Grade the reference with twenty seeds, and other right answers with five."""
    for key, module in (("05_keras_cnn", "keras_cnn"), ("06_transfer_learning", "transfer_learning")):
        source = ROOT / "solutions" / key / f"{module}.py"
        hand_in(folder / f"{key}-reference", "reference", key, module, source.read_text(encoding="utf-8"))
        for style in sorted((STYLES / key).glob("*.py")):
            hand_in(folder / f"{key}-styles", style.stem, key, module, style.read_text(encoding="utf-8"))
        for kind, times in (("reference", 20), ("styles", 5)):
            name = f"{key}-{kind}"
            seconds, rows = grade(folder / name, folder / f"{name}-results", "--repeat", str(times))
            print(f"{name}: {seconds:.0f} s for {times} seeds;", {row["learner"]: row[f"{key} raw"] for row in rows})


def variants(keys: Sequence[str]) -> None:
    """Grade each misconception with five seeds. It must lose points in its own functions and be diagnosed as itself."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from grader.authoring.course_check import examine
    from grader.course import load_course

    for key in keys:
        for seed in range(5):
            checkup = examine(load_course(ROOT).find(key), seeds=(seed,), thorough=True)
            assert checkup.matrix is not None
            matrix = checkup.matrix
            print(
                f"{key}, seed {seed}: {matrix.killed} of {len(matrix.mistakes)} lose points, {matrix.named} are "
                f"diagnosed as themselves",
                *(f"\n  {fault}" for fault in checkup.faults),
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
