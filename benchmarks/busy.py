"""Grade ten programs again and again while other processes keep the machine busy, and list the reports that change.

    python -m benchmarks.busy [--times 100] [--processes 4] [--only NAME]

Each program is graded first without these processes, with the same seed. A report has changed if its hash has changed:
the hash covers everything but the section `run`. Two of the programs are a right `conv2d_fast` with a loop over the
rows of its output, and one with a loop over the pixels: the fastest kinds of loop on both sides of the limit (figures
are beside the check). The exit code is 1 if a report changed.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.synchronize import Event
from typing import Any

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


@dataclass(frozen=True)
class Program:
    """A file of the repository, with more text at its end."""

    key: str
    path: str
    appended: str = ""
    name: str = ""

    @property
    def submission(self) -> Submission:
        """Return the program as a learner hands it in."""
        text = (ROOT / self.path).read_text(encoding="utf-8") + self.appended
        file = SourceFile(f"{exercise_of(self.key).rubric.module}.py", text)
        return Submission(str(self), self.key, (file,), hashlib.sha256(text.encode()).hexdigest())

    def __str__(self) -> str:
        """Return how the program is called in the output."""
        return f"{self.key} {self.name or self.path}"


PROGRAMS = (
    Program("01_convolution", "solutions/01_convolution/convolution.py", BY_ROWS, "loop over rows"),
    Program("01_convolution", "solutions/01_convolution/convolution.py", BY_PIXELS, "loop over pixels"),
    Program("01_convolution", "tests/right_answers/01_convolution/einsum.py"),
    Program("01_convolution", "tests/fair/strides_swapped.py"),
    Program("02_pooling", "tests/right_answers/02_pooling/loops.py"),
    Program("02_pooling", "tests/fair/pads_with_zeros.py"),
    Program("03_dropout", "tests/right_answers/03_dropout/loops.py"),
    Program("03_dropout", "tests/samples/03_dropout/dropout.py"),
    Program("04_batch_norm", "tests/right_answers/04_batch_norm/loops.py"),
    Program("04_batch_norm", "tests/fair/variance_over_n_minus_1.py"),
)


def main() -> None:
    """Print a line for each program, and one for each way in which a report changed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.busy", description="Find reports that change.")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--only", default="", metavar="NAME", help="part of the name of a program")
    options = parser.parse_args()
    chosen = [program for program in PROGRAMS if options.only in str(program)]
    if not chosen:
        parser.error(f"no program has {options.only!r} in its name")
    print(machine(), flush=True)
    changed = 0
    for key, programs in groupby(chosen, lambda program: program.key):
        with Worker(exercise_of(key)) as worker:
            for program in programs:
                changed += compared(worker, program, options.times, options.processes)
    print(f"{changed} of {len(chosen) * options.times} reports changed")
    sys.exit(1 if changed else 0)


def compared(worker: Worker, program: Program, times: int, processes: int) -> int:
    """Grade a program on a quiet machine and on a busy one, and return how many reports changed."""
    submission = program.submission
    before = worker.grade(submission, SEED)
    differences: Counter[str] = Counter()
    with busy(processes):
        started = time.perf_counter()
        for _ in range(times):
            after = worker.grade(submission, SEED)
            if after.sha256 != before.sha256:
                differences[difference(before, after)] += 1
        seconds = (time.perf_counter() - started) / times
    points = f"{before.score.earned:g} of {before.score.possible:g} points"
    print(f"{program}: {points}, {differences.total()} of {times} reports changed ({seconds:.2f} s each)", flush=True)
    for words, number in differences.items():
        print(f"    {number} times: {words}", flush=True)
    return differences.total()


def difference(before: Report, after: Report) -> str:
    """Return each value that differs, with its place in the report."""
    places = differing(before.model_dump(exclude={"run", "sha256"}), after.model_dump(exclude={"run", "sha256"}), "")
    return ", ".join(places)


def differing(before: Any, after: Any, place: str) -> Iterator[str]:
    """Yield the places at which two parts of a report differ, with both values."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from differing(before[key], after[key], f"{place}.{key}")
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        for number, (was, now) in enumerate(zip(before, after, strict=True)):
            yield from differing(was, now, f"{place}[{number}]")
    elif before != after:
        yield f"{place}: {before!r} -> {after!r}"


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Let other processes compute while the block runs."""
    context = multiprocessing.get_context("spawn")
    begun = [context.Event() for _ in range(processes)]
    others = [context.Process(target=compute, args=(event,), daemon=True) for event in begun]
    try:
        for other in others:
            other.start()
        for event in begun:
            event.wait()
        yield
    finally:
        for other in others:
            if other.pid is not None:
                other.terminate()
                other.join()


def compute(begun: Event) -> None:
    """Count for ever."""
    begun.set()
    number = 0
    while True:
        number += 1


if __name__ == "__main__":
    main()
