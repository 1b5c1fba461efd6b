"""Grade ten programs again and again while other processes keep the machine busy, and list the reports that change.

    python -m benchmarks.busy [--times 100] [--processes 4] [--only NAME]

Each program is graded first without these processes, with the same seed. A report has changed if its hash has: it
covers everything but the times and the versions. Two programs are those whose speed is nearest to the limit of
`conv2d_fast`, one on each side.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from benchmarks.paired import machine
from benchmarks.plain_folder import ROOT
from benchmarks.programs import exercise_of
from grader.grading import Worker
from grader.report import Report
from grader.submission import SourceFile, Submission

SEED = 0
BY_ROWS = '''

def conv2d_fast(x, w, b, stride=1, padding="valid"):
    """A loop over the rows of the output."""
    (KH, KW, C_in, C_out), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    windows = sliding_window_view(pad2d(x, pads), (KH, KW), axis=(1, 2))[:, ::SH, ::SW]
    y = np.zeros((len(x), OH, OW, C_out))
    for i in range(OH):
        y[:, i] = np.tensordot(windows[:, i], w, axes=((3, 4, 2), (0, 1, 2))) + b
    return y
'''
BY_PIXELS = '''

def conv2d_fast(x, w, b, stride=1, padding="valid"):
    """A loop over the pixels of the output, with one product of matrices for each."""
    (KH, KW, C_in, C_out), (SH, SW), pads, (OH, OW) = _plan(x, w, stride, padding)
    padded, kernels = pad2d(x, pads), w.reshape(-1, C_out)
    y = np.zeros((len(x), OH, OW, C_out))
    for i in range(OH):
        for j in range(OW):
            y[:, i, j] = padded[:, i * SH : i * SH + KH, j * SW : j * SW + KW].reshape(len(x), -1) @ kernels + b
    return y
'''
FILES = (
    ("01_convolution", "solutions/01_convolution/convolution.py", BY_ROWS),
    ("01_convolution", "solutions/01_convolution/convolution.py", BY_PIXELS),
    ("01_convolution", "tests/right_answers/01_convolution/einsum.py", ""),
    ("01_convolution", "tests/fair/strides_swapped.py", ""),
    ("02_pooling", "tests/right_answers/02_pooling/loops.py", ""),
    ("02_pooling", "tests/fair/pads_with_zeros.py", ""),
    ("03_dropout", "tests/right_answers/03_dropout/loops.py", ""),
    ("03_dropout", "tests/samples/03_dropout/dropout.py", ""),
    ("04_batch_norm", "tests/right_answers/04_batch_norm/loops.py", ""),
    ("04_batch_norm", "tests/fair/variance_over_n_minus_1.py", ""),
)
"""Exercise, file, and what is written at the end of it."""


def main() -> None:
    """Print one line for each program, and one for each report that changed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.busy", description="Find reports that change.")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--only", default="", metavar="NAME", help="part of the name of a program")
    options = parser.parse_args()
    print(machine(), flush=True)
    gradings, changed = 0, 0
    for key, several in submissions(options.only).items():
        with Worker(exercise_of(key)) as worker:
            quiet = [worker.grade(one, SEED) for one in several]
            for one, before in zip(several, quiet, strict=True):
                started = time.perf_counter()
                differences = compare(worker, one, before, options.times, options.processes)
                gradings += options.times
                changed += differences.total()
                points = f"{before.score.earned:g} of {before.score.possible:g} points"
                seconds = (time.perf_counter() - started) / options.times
                print(
                    f"{key} {one.learner}: {points}, {differences.total()} of {options.times} reports changed "
                    f"({seconds:.2f} s each, load {os.getloadavg()[0]:.1f})",
                    flush=True,
                )
                for difference, count in differences.items():
                    print(f"    {count} times: {difference}", flush=True)
    print(f"{changed} of {gradings} reports changed")


def submissions(only: str) -> Mapping[str, Sequence[Submission]]:
    """Return the programs by exercise, those with `only` in their names."""
    found: dict[str, list[Submission]] = {}
    for key, place, more in FILES:
        text = (ROOT / place).read_text(encoding="utf-8") + more
        file = SourceFile(f"{exercise_of(key).rubric.module}.py", text)
        name = f"{place.rpartition('/')[2]}{' (its loop is over rows)' if more is BY_ROWS else ''}"
        name += " (its loop is over pixels)" if more is BY_PIXELS else ""
        if only not in name:
            continue
        digest = hashlib.sha256(text.encode()).hexdigest()
        found.setdefault(key, []).append(Submission(name, key, (file,), digest))
    return found


def compare(worker: Worker, one: Submission, before: Report, times: int, processes: int) -> Counter[str]:
    """Grade a program while the machine is busy, and count how its reports differ from the one before."""
    differences: Counter[str] = Counter()
    with busy(processes):
        for _ in range(times):
            after = worker.grade(one, SEED)
            if after.sha256 != before.sha256:
                differences[difference(before, after)] += 1
    return differences


def difference(before: Report, after: Report) -> str:
    """Return the criteria that differ: their points, or what their checks say."""
    found = []
    for was, now in zip(before.criteria, after.criteria, strict=True):
        if was.earned != now.earned:
            found.append(f"{was.id} {was.earned} -> {now.earned}")
        found += [
            f"{one.message!r} -> {two.message!r}" for one, two in zip(was.checks, now.checks, strict=True) if one != two
        ]
    own, other = before.model_dump(), after.model_dump()
    return ", ".join(found) or ", ".join(name for name in own if name != "run" and own[name] != other[name])


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Let other processes compute as long as the block runs."""
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=compute, daemon=True) for _ in range(processes)]
    for one in others:
        one.start()
    try:
        yield
    finally:
        for one in others:
            one.terminate()
            one.join()


def compute() -> None:
    """Count for ever."""
    number = 0
    while True:
        number += 1


if __name__ == "__main__":
    main()
