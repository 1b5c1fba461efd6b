"""Run the hidden tests against our own solutions with plain `pytest`: they must pass before a learner uses them."""

from pathlib import Path

import pytest

from grader.checks import DirectCaller, Models, direct, generator_for
from grader.course import DEFAULT_SEED, load_course
from tests.needs import needs_installed

COURSE = load_course(Path(__file__).parents[2])


def pytest_itemcollected(item):
    """Mark the checks that train as thorough: `make test` leaves them out, `make thorough` runs them."""
    if COURSE.find(item.path.parent.name).rubric.flavour == "keras":
        item.add_marker("thorough")


@pytest.fixture
def exercise(request):
    exercise = COURSE.find(request.path.parent.name)
    if exercise.rubric.flavour == "keras":
        needs_installed("tensorflow", "the networks of exercises 5 and 6")
    return exercise


@pytest.fixture
def reference(exercise):
    return exercise.reference()


@pytest.fixture
def submission(exercise, reference):
    functions = {name: getattr(reference, name) for name in exercise.rubric.functions}
    return direct(exercise.rubric, functions, reference)


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def models(exercise, reference, kept):
    """Share the models among all checks of a file, as in a run of the grader, so that training is not repeated."""
    caller = DirectCaller({name: getattr(reference, name) for name in exercise.rubric.functions})
    return kept.setdefault(exercise.key, Models(caller, caller))


@pytest.fixture
def rng(request, exercise):
    return generator_for(DEFAULT_SEED, exercise.key, request.node.originalname, 0)
