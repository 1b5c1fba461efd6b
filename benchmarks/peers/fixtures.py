"""The `conftest.py` of plain pytest: the fixtures that the hidden tests ask for."""

import importlib
import os
import runpy

import pytest
from plain_checks import Submission, rng_for


def pytest_configure(config):
    config.addinivalue_line("markers", "criterion(id, **reasons): the criterion that the check belongs to")


@pytest.fixture(scope="session")
def submission():
    return Submission(runpy.run_path(os.environ["LEARNER"]))


@pytest.fixture(scope="session")
def reference():
    return importlib.import_module("plain_reference")


@pytest.fixture
def rng(request):
    return rng_for(request.node.originalname)
