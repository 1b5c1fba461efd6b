"""Compare a worker that grades a right exercise 5 with its bare training and evaluation, both in warm processes.

The submission is the reference. Both have trained once before the first pair, so that neither imports TensorFlow.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import count

from benchmarks.paired import Session
from benchmarks.programs import exercise_of
from benchmarks.row import Row
from grader.course import Exercise
from grader.grading import Worker
from grader.submission import read_submission

KEY = "05_keras_cnn"
PAIRS = 9
GOAL = 1.10
BARE = """
import sys, time
import numpy as np
from keras_cnn import build_cnn, train
import keras
keras.utils.set_random_seed(0)
import tensorflow
tensorflow.config.experimental.enable_op_determinism()
with np.load(sys.argv[1]) as data:
    x = (data["images"] / 255).astype("float32")[..., None]
    y = data["labels"].astype(int)
for line in sys.stdin:
    started = time.perf_counter()
    few = build_cnn((8, 8, 1), 10)
    train(few, x[:128], y[:128], x[128:192], y[128:192], 25)
    few(x[:192])
    model = build_cnn((8, 8, 1), 10)
    train(model, x[:1100], y[:1100], x[1100:1347], y[1100:1347], 12)
    model(x[1347:])
    print(time.perf_counter() - started, flush=True)
"""


def measure(session: Session) -> list[Row]:
    """Return one row."""
    exercise = exercise_of(KEY)
    submission = read_submission(exercise.reference_path, KEY, "keras_cnn", companions=exercise.rubric.companions)
    seeds = count()
    with Worker(exercise) as worker, _bare_process(exercise) as bare:

        def graded() -> float:
            started = time.perf_counter()
            report = worker.grade(submission, next(seeds))
            seconds = time.perf_counter() - started
            if report.score.earned != report.score.possible:
                sys.exit(f"the reference earned {report.score.earned}")
            return seconds

        timing = session.in_turn(graded, lambda: _bare_seconds(bare), PAIRS)
    return [Row.at_most("a right exercise 5 in a warm worker", "its bare training and evaluation", timing, GOAL)]


def _bare_process(exercise: Exercise) -> subprocess.Popen[str]:
    """Start a process that trains and evaluates once for each line that it reads, and prints the seconds."""
    variables = {
        "TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(exercise.reference_path.parent),
    }  # fmt: skip
    command = [sys.executable, "-c", BARE, str(exercise.root / "exercises" / KEY / "digits.npz")]
    pipe, known = subprocess.PIPE, {**os.environ, **variables}
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=known, text=True)


def _bare_seconds(bare: subprocess.Popen[str]) -> float:
    assert bare.stdin is not None
    assert bare.stdout is not None
    bare.stdin.write("go\n")
    bare.stdin.flush()
    seconds = bare.stdout.readline()
    if not seconds:
        sys.exit("the bare training ended with an error; is TensorFlow installed?")
    return float(seconds)
