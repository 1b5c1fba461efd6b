"""A model from a learner's process is trusted only after the clean process has built it again."""

import json

import numpy as np
import pytest

from grader.checks import CheckFailedError, Models
from grader.sandbox import Reason
from grader.sandbox.answer import Returned, Stopped
from grader.sandbox.inside.protocol import ModelOperation
from grader.sandbox.request import Caller

CONFIG = json.dumps(
    {
        "class_name": "Sequential",
        "config": {"layers": [{"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense"}}]},
    }
)
CLAIM = {
    "config": np.frombuffer(CONFIG.encode(), np.uint8),
    "weights": [("dense/kernel", np.ones((2, 2), "float32"), True)],
    "built": True,
    "loss": None,
    "optimizer": None,
}


class Learner(Caller):
    """Describes a model."""

    def ask(self, request):
        assert request.function is ModelOperation.EXPORT
        return Returned(CLAIM)


class Clean(Caller):
    """Builds models, which are numbers, and keeps in `asked` which operation it ran on which."""

    def __init__(self):
        self.built = 0
        self.asked = []

    def ask(self, request):
        self.asked.append((request.function, request.arguments[0]))
        if request.function is ModelOperation.REBUILD:
            self.built += 1
            return Returned(self.built)
        if request.function is ModelOperation.DESCRIBE:
            return Returned(
                {
                    "layers": [["Dense", "dense", True]],
                    "steps": [["Dense", "", 0, 2, []]],
                    "inputs": [[None, 2]],
                    "outputs": [[None, 2]],
                }
            )
        return Returned(np.zeros((3, 2), "float32"))


@pytest.fixture
def clean():
    return Clean()


@pytest.fixture
def models(clean):
    return Models(Learner(), clean)


def test_a_verified_model_holds_its_data_and_the_model_that_was_built_from_them(models, clean):
    verified = models.export("a handle", (2,))

    assert verified.data.layers == (("Dense", "dense", True),)
    assert verified.data.inputs == ((None, 2),)
    assert verified.clean.predict(np.zeros((3, 2))).shape == (3, 2)
    assert clean.built == 1


def test_a_verified_model_stays_the_same_model_however_often_it_is_asked(models, clean):
    verified = models.export("a handle", (2,))
    for _ in range(3):
        verified.clean.predict(np.zeros((3, 2)))

    assert [model for operation, model in clean.asked if operation is ModelOperation.PREDICT] == [1, 1, 1]


def test_each_rebuild_makes_a_new_model(models, clean):
    verified = models.export("a handle", (2,))
    for _ in range(2):
        models.rebuild(verified.data).predict(np.zeros((3, 2)))

    assert [model for operation, model in clean.asked if operation is ModelOperation.PREDICT] == [2, 3]


def test_a_model_that_the_clean_process_cannot_describe_is_not_verified(models, monkeypatch):
    monkeypatch.setattr(Clean, "ask", lambda *_: Stopped(Reason.DIED, "it crashed"))

    with pytest.raises(CheckFailedError) as caught:
        models.export("a handle", (2,))
    assert caught.value.reason is Reason.DIED


def test_a_failure_that_is_kept_keeps_the_sign_that_was_seen_later():
    models = Models(None, None)

    def fails():
        error = CheckFailedError(Reason.WRONG_VALUE, "the loss does not fall")
        error.sign = "keras.sparse-vs-onehot"
        raise error

    for _ in range(2):
        with pytest.raises(CheckFailedError) as caught:
            models.once("trained", fails)
        assert caught.value.sign == "keras.sparse-vs-onehot"
