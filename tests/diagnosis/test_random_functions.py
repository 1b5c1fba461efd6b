"""Wrong dropouts in other people's styles: each mistake is named by itself, and what has no name is located."""

import functools

import pytest

from grader.checks import DirectCaller, Verdict
from grader.checks.session import RunContext
from grader.diagnosis import Recorder, experiment, random_functions
from grader.sandbox.request import Request
from tests.diagnosis import dropout_learners as learners
from tests.diagnosis.judging import diagnostician, names_of
from tests.grading import COURSE, reference_functions, session_of

KEY = "03_dropout"


def graded(functions, seed=0):
    """Return the names of the failed checks of dropout, and the diagnosis."""
    caller = DirectCaller({**reference_functions(KEY), **functions})
    recorder = Recorder(caller)
    context = RunContext(recorder, seed, begin=recorder.begin)
    outcomes = session_of(KEY).run(context)
    rubric = COURSE.find(KEY).rubric
    failed = {
        one.name
        for one in outcomes
        if one.verdict is Verdict.FAILED and rubric.criterion_of(one.name).function == "dropout"
    }
    asked = functools.partial(asked_all, caller)
    return failed, diagnostician(KEY).diagnose("dropout", recorder.calls["dropout"], ask_all=asked)


def asked_all(caller, several):
    return caller.ask_all([Request("dropout", arguments, return_arguments=True) for arguments in several])


@functools.cache
def diagnosed(program):
    return graded({"dropout": program})


@pytest.mark.parametrize(("program", "names"), learners.LEARNERS, ids=[one.__name__ for one, _ in learners.LEARNERS])
def test_each_mistake_is_named_or_located(program, names):
    _, found = diagnosed(program)

    assert names_of(found) == names
    assert bool(found.located) is not bool(names)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (
            learners.wrong_for_high_rates,
            "Right for the plainest input; if the rate is 0.8, the share of zeros in y is about 50%, expected about 80%.",
        ),
        (
            learners.root,
            "For the plainest input, the factor between x and the numbers of y that are not 0 is 1.195, expected 1.429.",
        ),
        (learners.halves_at_inference, "y is wrong if training is off."),
        (learners.raises_at_inference, "It raises AttributeError if training is off."),
    ],
)
def test_a_mistake_without_a_name_is_located_in_words(program, words):
    _, found = diagnosed(program)

    assert found.located == words


def right(x, rate, training, rng):
    return reference_functions(KEY)["dropout"](x, rate, training, rng)


def clipped_from_above(x, rate, training, rng):
    return right(x, min(rate, 0.999) if rate > 0 else rate, training, rng)


def asserts(x, rate, training, rng):
    assert 0 <= rate < 1
    return right(x, rate, training, rng)


def accepts_rate_1(x, rate, training, rng):
    return (x * 0, x * 0) if rate == 1 else right(x, rate, training, rng)


def raises_for_half_of_the_rates(x, rate, training, rng):
    if rate > 1:
        raise KeyError("rate")
    return right(x, rate, training, rng)


def keep_with_assert(x, rate, training, rng):
    assert 0 <= rate < 1
    return learners.keep_probability(x, rate, training, rng)


@pytest.mark.parametrize(
    ("program", "names"),
    [
        (clipped_from_above, ["drop.refused-only-below-0"]),
        (asserts, ["drop.refused-with-assert"]),
        (accepts_rate_1, ["drop.rate-1-allowed"]),
        (keep_with_assert, ["drop.rate-is-keep", "drop.refused-with-assert"]),
        (raises_for_half_of_the_rates, []),
    ],
)
def test_a_missing_exception_is_named_if_its_rates_and_its_kind_are_those_of_one_misconception(program, names):
    _, found = diagnosed(program)

    assert names_of(found) == names


def test_a_missing_exception_is_located_if_nothing_else_is_wrong():
    _, found = diagnosed(raises_for_half_of_the_rates)

    assert found.located == "It raises KeyError if the rate is above 1; it must raise ValueError."


def halves_large_arrays(x, rate, training, rng):
    """Be wrong only for arrays that are larger than those of the experiment."""
    y, mask = right(x, rate, training, rng)
    return (y / 2, mask / 2) if x.size > 5_000 or x.shape == (10, 10) else (y, mask)


def test_what_is_wrong_in_the_checks_only_is_located_in_a_check():
    _, found = diagnosed(halves_large_arrays)

    assert names_of(found) == []
    assert found.located == (
        'Right for the inputs that were tried; wrong in the check "Scales the survivors so that the mean stays the same".'
    )


def test_results_in_another_order_are_named():
    def exchanged(x, rate, training, rng):
        return right(x, rate, training, rng)[::-1]

    _, found = graded({"dropout": exchanged})

    assert names_of(found) == ["drop.mask-first"]


def test_results_in_another_order_are_located_if_the_course_has_no_name_for_it(monkeypatch):
    def exchanged(x, rate, training, rng):
        return right(x, rate, training, rng)[::-1]

    monkeypatch.setattr(random_functions, "_named", lambda function, mine, right, wrong: ((), list(wrong)))

    _, found = graded({"dropout": exchanged})

    assert (
        found.located == "The results are right, but in a different order: it returns mask and y; expected y and mask."
    )


@pytest.mark.parametrize(
    ("program", "unexplained"),
    [
        (learners.keep_probability, {"test_rate_out_of_range"}),
        (learners.keep_in_a_loop, set()),
        (learners.paper_of_2014, {"test_rate_out_of_range"}),
        (learners.the_other_way_round, {"test_rate_out_of_range"}),
        (learners.wrong_for_high_rates, {"test_fraction_dropped", "test_rate_out_of_range"}),
    ],
)
def test_a_check_is_explained_if_its_answers_follow_the_named_misconceptions(program, unexplained):
    failed, found = diagnosed(program)

    assert failed - found.explains == unexplained


def test_what_one_check_sees_does_not_explain_another():
    """The program is rate-is-keep for the experiment, and does something else for large arrays."""

    def two_faced(x, rate, training, rng):
        if x.size > 2_000:
            return learners.root(x, rate, training, rng)
        return learners.keep_probability(x, rate, training, rng)

    failed, found = graded({"dropout": two_faced})

    assert "test_fraction_dropped" not in failed
    assert "test_examples_differ" not in found.explains


@pytest.mark.thorough
def test_the_names_are_the_same_for_other_experiments(monkeypatch):
    for seed in range(4):
        monkeypatch.setattr(experiment, "SEED", seed)
        for cached in (experiment.experiment, experiment.right_answers, experiment.measured):
            cached.cache_clear()
        for program, names in learners.LEARNERS[seed % 4 :: 4]:
            asked = functools.partial(asked_all, DirectCaller({"dropout": program}))
            calls = [experiment.Recorded(call.arguments, {}, experiment._NO_ANSWER, 0) for call in _plain_calls()]
            assert names_of(diagnostician(KEY).diagnose("dropout", calls, ask_all=asked)) == names, (seed, program)


def _plain_calls():
    exercise = COURSE.find(KEY)
    reference = experiment.Program(("dropout", "reference"), exercise.reference().dropout)
    return experiment.experiment(exercise.calls()["dropout"], reference)[0].calls


@pytest.mark.parametrize("seed", range(5))
def test_the_names_do_not_depend_on_the_seed_of_the_checks(seed):
    for program in (learners.paper_with_keep, learners.one_row_without_factor, learners.squared_rate):
        assert names_of(graded({"dropout": program}, seed)[1]) == names_of(diagnosed(program)[1])
