"""Programs that do no work earn nothing in the NumPy exercises: constants, remembered answers, slow "fast" code."""

import itertools
import shutil
from functools import cache

import pytest

from grader.authoring.altered_answers import AlteringCaller, outcomes_of
from grader.authoring.constant_answers import KINDS, MEAN, MIXED, Constants
from grader.authoring.remembered_answers import LearningCaller, MemoryCaller, table_of
from grader.authoring.trials import Trials
from grader.checks import DirectCaller, Verdict
from grader.checks.session import RunContext
from grader.course import load_course
from grader.diagnosis import Diagnostician, Recorder
from grader.grading import Worker
from grader.sandbox import Isolation, IsolationError, Returned
from grader.sandbox.request import Caller
from grader.scoring import score
from grader.submission import read_submission
from tests.diagnosis.judging import asked
from tests.grading import COURSE, ROOT, reference_functions, session_of
from tests.grading import outcomes_of as outcomes_of_functions

TIMED = {"test_fast_is_fast"}
KEYS = ("00_why_cnns", "01_convolution", "02_pooling", "03_dropout", "04_batch_norm")


@cache
def trials_of(key):
    exercise = COURSE.find(key)
    return Trials(exercise, session_of(key), exercise.reference(), frozenset())


def earned(key, outcomes):
    """Return the points of each criterion that earns any."""
    found = score(COURSE.find(key).rubric, outcomes)
    return {one.criterion.id: one.earned for one in found.criteria if one.earned}


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.thorough) if key == "01_convolution" else key for key in KEYS]
)
def test_constants_earn_nothing(key):
    trials = trials_of(key)
    reference = LearningCaller(trials.direct({}))
    kinds = [(kind, dtype) for kind, (_, dtypes) in KINDS.items() for dtype in dtypes]
    mixed = [(one, "float64") for one in itertools.product(MIXED, repeat=trials.most_results)]
    for kind, dtype in [((kind,), dtype) for kind, dtype in kinds] + mixed:
        constants = Constants(kind, dtype)
        found = list(outcomes_of(trials, 0, reference, constants.instead_of, trials.session.checks))
        if kind == (MEAN,):  # the mean of one number is the right answer
            found = [(outcome, altered) for outcome, altered in found if altered.wrong]
        passed = {outcome.name for outcome, _ in found if outcome.verdict is Verdict.PASSED}
        assert passed == set(), f"{constants} earn points"


class Hybrid(Caller):
    """Answers from memory, and with constants if it does not remember the question."""

    def __init__(self, memory, otherwise):
        self.memory, self.otherwise = memory, otherwise

    def ask(self, request):
        answer = self.memory.ask(request)
        if not isinstance(answer, Returned) or answer.value is not None:
            return answer
        return self.otherwise.ask(request)


@pytest.mark.thorough
@pytest.mark.parametrize("key", KEYS)
def test_a_table_of_the_answers_of_seed_0_earns_nothing_with_a_different_seed(key):
    trials = trials_of(key)
    table, reference = table_of(trials, 0), trials.direct({})
    memory = MemoryCaller(reference, table)
    # A remembered answer has no time of its own, so checks that compare times may fail.
    untimed = [outcome for outcome in trials.checked(memory, 0) if outcome.name not in TIMED]
    assert {outcome.verdict for outcome in untimed} == {Verdict.PASSED}

    for seed in range(1, 5):
        assert earned(key, trials.checked(memory, seed)) == {}
        for kind in MIXED:
            guessing = AlteringCaller(LearningCaller(reference), Constants((kind,), "float64").instead_of)
            outcomes = trials.altered(Hybrid(memory, guessing), seed, trials.session.checks, guessing.begin)
            assert earned(key, outcomes) == {}, f"memory and {kind}"


def test_a_slow_function_with_a_dictionary_is_not_fast():
    key, known = "01_convolution", {}
    right = reference_functions(key)

    def slow_but_remembering(x, w, b, stride=1, padding="valid"):
        asked = (x.tobytes(), w.tobytes(), stride, padding)
        if asked not in known:
            if x.size > 4000:
                for _ in range(100):  # as slow as a loop over pixels
                    right["conv2d_fast"](x, w, b, stride, padding)
            known[asked] = right["conv2d"](x, w, b, stride, padding)
        return known[asked]

    outcomes = outcomes_of_functions(key, {**right, "conv2d_fast": slow_but_remembering}, of=["conv2d_fast"])

    verdicts = {outcome.name: outcome.verdict for outcome in outcomes}
    assert verdicts["test_fast_everything"] is Verdict.PASSED
    assert "fast" in earned(key, outcomes)
    assert "speed" not in earned(key, outcomes)
    (told,) = {one.message for one in outcomes if one.name == "test_fast_is_fast"}
    assert told == (
        "conv2d_fast takes more than 25 times as long as the reference, expected at most 25 times\n"
        "for conv2d_fast with x (1, 64, 64, 1), w = [[2, 7, 2], [7, 7, 7], [2, 7, 2]] of shape (3, 3, 1, 1), b = [0]\n"
        "Is there a Python loop over pixels?"
    )


@pytest.mark.thorough
@pytest.mark.parametrize("mistake", ["conv.is-a-mean", "conv.output-like-input", "conv.size-uses-filter-count"])
def test_a_slow_function_with_a_known_mistake_is_not_fast(mistake):
    """Its wrong answer ends the race, and what explains the answer must not give the points for speed."""
    exercise = COURSE.find("01_convolution")
    (known,) = [one for one in exercise.misconceptions() if one.id == mistake]
    loops = next(form for form in known.programs("conv2d_fast") if form.taste == "loops")
    program = exercise.program("conv2d_fast", loops)
    checks = [name for one in exercise.rubric.criteria if one.function == "conv2d_fast" for name in one.checks]
    recorder = Recorder(DirectCaller({**reference_functions(exercise.key), "conv2d_fast": program}))
    outcomes = session_of(exercise.key).run(RunContext(recorder, 0, begin=recorder.begin, only=checks))
    ask_all = asked("conv2d_fast", program)
    found = Diagnostician(exercise).diagnose("conv2d_fast", recorder.calls["conv2d_fast"], ask_all)

    assert [one.id for one in found.misconceptions] == [mistake]
    points = {one.criterion.id: one.earned for one in score(exercise.rubric, outcomes, [found]).criteria}
    assert points["fast-combined"] > 0
    assert points["speed"] == 0


FLOAT16 = {
    "batch_norm": """
import numpy as np

def half(shape):
    return np.zeros(shape, np.float16)

def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    return half(x.shape), half(gamma.shape), half(gamma.shape)

def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return half(x.shape)

def batch_norm_backward(dy, x, gamma, eps=1e-3):
    return half(x.shape), half(gamma.shape), half(gamma.shape)

def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return half(w.shape), half(b.shape)
""",
    "pooling": """
import numpy as np

def pool(x, size=2, stride=None, padding="valid"):
    kh, kw = size if isinstance(size, tuple) else (size, size)
    sh, sw = (kh, kw) if stride is None else stride if isinstance(stride, tuple) else (stride, stride)
    n, h, w, c = x.shape
    if padding == "same":
        return np.zeros((n, -(-h // sh), -(-w // sw), c), np.float16)
    p = 0 if padding == "valid" else 2 * padding
    return np.zeros((n, (h + p - kh) // sh + 1, (w + p - kw) // sw + 1, c), np.float16)

max_pool2d = avg_pool2d = pool

def global_avg_pool2d(x):
    return np.zeros((x.shape[0], x.shape[3]), np.float16)

def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    return np.zeros(x.shape, np.float16)

avg_pool2d_backward = max_pool2d_backward
""",
}


@pytest.mark.thorough
@pytest.mark.parametrize("module", FLOAT16)
def test_zeros_in_float16_earn_nothing_in_the_sandbox(module, tmp_path):
    exercise = COURSE.find(module)
    path = tmp_path / f"{module}.py"
    path.write_text(FLOAT16[module])
    try:
        with Worker(exercise, Isolation.NAMESPACES) as worker:
            report = worker.grade(read_submission(path, exercise.key, module), seed=0)
    except IsolationError as error:
        pytest.skip(f"this machine has no namespaces: {error}")

    assert report.grader_faults == ()
    assert (report.score.earned, report.score.earned_bonus) == (0, 0)


CHECKS = """
import pytest

from grader.checks import assert_that


@pytest.mark.criterion("halves")
def test_halve(submission, rng):
    \"\"\"Halves the last of four numbers.\"\"\"
    x = rng.normal(size=4)
    y = submission.halve(x)
    assert_that(abs(y[3] - x[3] / 2) < 1e-9, y, "the last number is wrong", "half of it")


@pytest.mark.criterion("splits")
def test_split_even(submission):
    \"\"\"Splits.\"\"\"
    submission.split(6)


@pytest.mark.criterion("splits")
def test_split_odd(submission):
    \"\"\"Breaks by itself.\"\"\"
    submission.split(5)[2]


@pytest.mark.criterion("doubles")
def test_double_by_hand(submission):
    \"\"\"Doubles.\"\"\"
    submission.double(1.0)


@pytest.mark.criterion("doubles")
def test_double(submission):
    \"\"\"Doubles.\"\"\"
    submission.double(2.0)
"""


def test_an_answer_that_a_check_cannot_use_costs_points_in_the_sandbox_too(tmp_path):
    course = tmp_path / "toy"
    shutil.copytree(ROOT / "tests" / "samples" / "toy_course", course)
    (course / "tests" / "hidden" / "01_double" / "test_double.py").write_text(CHECKS)
    exercise = load_course(course).find("1")
    path = tmp_path / "double.py"
    path.write_text(exercise.reference_path.read_text().replace("return x / 2", "return x[:2] / 2"))
    try:
        with Worker(exercise, Isolation.NAMESPACES) as worker:
            report = worker.grade(read_submission(path, exercise.key, "double"), seed=0)
    except IsolationError as error:
        pytest.skip(f"this machine has no namespaces: {error}")

    checks = {check.name: check for criterion in report.criteria for check in criterion.checks}
    assert checks["test_halve"].verdict is Verdict.FAILED
    assert checks["test_halve"].message.startswith("the check cannot use the answer: its form is not what")
    assert [fault.check for fault in report.grader_faults] == ["test_split_odd"]
