"""The calls that explore a function are valid, small, repeatable, and each aspect changes something."""

from itertools import combinations

import numpy as np
import pytest

from grader.course import load_course
from tests.grading import ROOT

FEW = 100
WITH_TIES = {
    ("00_why_cnns", "equivariance_gap"): "one bright pixel in a dark picture",
    ("03_dropout", "dropout"): "each number of y is the factor of its unit, times the constant",
    ("03_dropout", "dropout_backward"): "the mask contains one factor and zeros",
    ("04_batch_norm", "batch_norm_backward"): "the gradient has the sum 0 and does not vary with x",
}
MANY = {("03_dropout", "dropout"): "a share needs many units"}
REFUSING = {("03_dropout", "dropout"): {"rate"}}  # some values of this setting must be refused
FAMILIES = {
    (exercise.key, function): family for exercise in load_course(ROOT) for function, family in exercise.calls().items()
}


@pytest.fixture(scope="module", params=FAMILIES, ids="-".join)
def explored(request):
    """Return a family of calls and the reference that they are for."""
    key, function = request.param
    return FAMILIES[request.param], getattr(load_course(ROOT).find(key).reference(), function)


@pytest.fixture
def place(request):
    """Return the exercise and the function of a family."""
    return request.node.callspec.params["explored"]


def arrays_in(value):
    """Yield the arrays and numbers of arguments or of an answer."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from arrays_in(part)
    elif isinstance(value, np.ndarray | np.generic | int | float):
        yield np.asarray(value)


def is_same(one, other):
    if isinstance(one, tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, np.ndarray):
        return one.flags.c_contiguous == other.flags.c_contiguous and np.array_equal(one, other)
    if isinstance(one, np.random.Generator):
        return is_same(one.bit_generator.state["state"]["state"], other.bit_generator.state["state"]["state"])
    return bool(one == other)


def clash(one, other):
    """Return whether two aspects give different values to one setting."""
    return any(one.settings[name] != other.settings[name] for name in one.settings.keys() & other.settings.keys())


def settings_of(family):
    """Return the settings of the plainest call, of each aspect, and of each pair of aspects that can be combined."""
    singles = [aspect.settings for aspect in family.aspects]
    pairs = [one.settings | other.settings for one, other in combinations(family.aspects, 2) if not clash(one, other)]
    return [{}, *singles, *pairs]


def made(family, settings, seed=0):
    return family.make(np.random.default_rng(seed), **settings)


def test_the_course_has_families_of_calls():
    assert ("01_convolution", "conv2d") in FAMILIES


def test_each_call_is_valid_and_has_a_result_or_must_be_refused(explored, place):
    family, reference = explored
    for settings in settings_of(family):
        for seed in range(3):
            arguments = made(family, settings, seed)
            if not family.valid(*arguments):
                assert REFUSING.get(place, set()) & settings.keys(), settings
                with pytest.raises(ValueError) as refused:
                    reference(*arguments)
                assert str(refused.value)
                continue
            assert all(array.size for array in arrays_in(reference(*arguments))), settings


def test_the_same_seed_gives_the_same_call(explored):
    family, _ = explored
    for settings in settings_of(family):
        assert is_same(made(family, settings, 7), made(family, settings, 7)), settings


def test_another_seed_gives_another_call(explored):
    family, _ = explored
    for settings in settings_of(family):
        calls = [made(family, settings, seed) for seed in range(8)]
        assert not all(is_same(calls[0], call) for call in calls[1:]), settings


def test_the_plainest_call_is_small_and_has_no_ties(explored, place):
    family, _ = explored
    for seed in range(5):
        arrays = [array for array in arrays_in(made(family, {}, seed)) if array.ndim]
        assert (sum(array.size for array in arrays) > FEW) == (place in MANY)
        with_ties = [array.any() and len(np.unique(array)) < array.size for array in arrays]
        assert any(with_ties) == (place in WITH_TIES)


def test_each_aspect_changes_the_call_in_its_own_way(explored):
    family, _ = explored
    calls = [made(family, settings) for settings in ({}, *(aspect.settings for aspect in family.aspects))]
    assert not any(is_same(one, other) for one, other in combinations(calls, 2))
    assert len({aspect.words for aspect in family.aspects}) == len(family.aspects)


def traits_of(arguments):
    """Return what can vary in a convolution."""
    x, w, b = arguments[:3]
    stride, padding = arguments[3:] or (1, "valid")
    pads = 2 * padding if isinstance(padding, int) else 0
    axes = zip(x.shape[1:3], w.shape[:2], np.broadcast_to(stride, 2), strict=True)
    rests = [n % s if padding == "same" else (n + pads - k) % s for n, k, s in axes]
    return {
        "images": len(x),
        "channels": x.shape[3],
        "filters": w.shape[3],
        "bias": b.any(),
        "stride": stride,
        "padding": padding,
        "left_over": any(rests),
        "wide": x.shape[2] > x.shape[1],
        "high": x.shape[1] > x.shape[2],
        "kernel": w.shape[:2],
        "numbers": (x % 1).any() or (w < 0).any() or not x.flags.c_contiguous,
    }


def test_an_aspect_of_a_convolution_changes_what_it_says_and_nothing_else():
    family = FAMILIES["01_convolution", "conv2d"]
    plain = traits_of(made(family, {}))
    for aspect in family.aspects:
        traits = traits_of(made(family, aspect.settings))
        changed = {name for name in plain if traits[name] != plain[name]}
        if aspect.words == "stride and padding are left out":
            assert not changed
            continue
        assert changed == {name for name, value in aspect.settings.items() if value != plain[name]}, aspect
