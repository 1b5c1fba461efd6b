"""Count which copies `grade similarity` finds, and whether it lists programs that are independent. Time it.

    python -m benchmarks.similarity
    python -m benchmarks.similarity time

The independent programs are the right ones of `tests/independent`, `tests/right_answers` and `tests/honest`. Programs
of one of the last two folders have the same author and share functions on purpose, so pairs within these are shown but
not counted. Each program is copied in each disguise into a class of all the others.
"""

from __future__ import annotations

import argparse
import itertools
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.disguises import DISGUISES
from grader.batch.fingerprint import program_tokens, runs_of, winnowed
from grader.batch.likeness import Program, compared
from grader.course import Exercise, load_course

ROOT = Path(__file__).parents[1]
LEAST = 0.5
SEED = 20
CLASS = 1000


def independent(exercise: Exercise) -> dict[str, str]:
    """Return the independent programs of an exercise by their paths."""
    folders = (f"independent/{exercise.key}/right", f"right_answers/{exercise.key}", f"honest/{exercise.key}")
    found = {}
    for path in sorted(path for folder in folders for path in (ROOT / "tests" / folder).glob("*.py")):
        try:
            found[path.relative_to(ROOT / "tests").as_posix()] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            continue
    return found


def are_independent(first: str, second: str) -> bool:
    """Return True if two programs have different authors."""
    folder = first.split("/")[0]
    return folder == "independent" or folder != second.split("/")[0]


def program(exercise: Exercise, name: str, text: str) -> Program:
    """Return a program with its fingerprint."""
    functions = frozenset(exercise.rubric.functions)
    return Program((name,), text, winnowed(runs_of(program_tokens(text, functions))))


def found_copies(exercise: Exercise) -> None:
    """Print what is listed in classes of independent programs and one copy."""
    rng = random.Random(SEED)
    texts = independent(exercise)
    programs = [program(exercise, name, text) for name, text in texts.items()]
    alone = compared(exercise, programs, 0.01)
    print(f"{exercise.key}: {len(programs)} programs, {len(alone.highest)} with enough code of their own")
    for is_counted in (True, False):
        kind = "independent" if is_counted else "same author"
        pairs = [
            (share, *names)
            for share, first, second in alone.pairs
            if are_independent(*(names := (programs[first].learners[0], programs[second].learners[0]))) == is_counted
        ]
        all_pairs = sum(are_independent(*names) == is_counted for names in itertools.combinations(texts, 2))
        listed = sum(share >= LEAST for share, *_ in pairs)
        print(f"    {kind}: {listed} of {all_pairs} pairs listed; the highest:")
        for share, one, other in pairs[:2]:
            print(f"        {100 * share:.0f} %  {one} | {other}")
    for name, disguise in DISGUISES.items():
        shares = []
        for at in alone.highest:
            copy = program(exercise, "copy", disguise(programs[at].text, rng))
            pairs = compared(exercise, [*programs, copy], 0.01).pairs
            ours = [share for share, first, second in pairs if (first, second) == (at, len(programs))]
            shares.append(max(ours, default=0.0))
        if shares:
            listed = sum(share >= LEAST for share in shares)
            print(f"    {name}: {listed} of {len(shares)} listed, lowest share {100 * min(shares):.0f} %")


def timed(exercise: str) -> None:
    """Print how long `grade similarity` takes for a class, as a whole process with two workers."""
    rng = random.Random(SEED)
    course = load_course(ROOT)
    sources = sorted((ROOT / "tests" / "independent" / course.find(exercise).key).rglob("*.py"))
    module = course.find(exercise).rubric.module
    disguises = itertools.cycle(DISGUISES.values())
    with tempfile.TemporaryDirectory() as folder:
        hand_ins, out = Path(folder, "in"), Path(folder, "out")
        for number, path in zip(range(CLASS), itertools.cycle(sources), strict=False):
            (hand_ins / f"learner{number}").mkdir(parents=True)
            text = next(disguises)(path.read_text(encoding="utf-8"), rng)
            (hand_ins / f"learner{number}" / f"{module}.py").write_text(f"# {number}\n{text}", encoding="utf-8")
        grade = [sys.executable, "-m", "grader"]
        subprocess.run([*grade, "batch", str(hand_ins), "--out", str(out)], cwd=ROOT, stdout=subprocess.DEVNULL)
        started = time.perf_counter()
        subprocess.run([*grade, "similarity", str(out), "--workers", "2"], cwd=ROOT, check=True)
        print(f"{exercise}: {CLASS} programs in {time.perf_counter() - started:.1f} s")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="copies", choices=["copies", "time"])
    parser.add_argument("exercises", nargs="*", default=["0", "1", "2", "3", "4"])
    arguments = parser.parse_args()
    for key in arguments.exercises:
        if arguments.what == "time":
            timed(key)
        else:
            found_copies(load_course(ROOT).find(key))


if __name__ == "__main__":
    main()
