"""Keras models in a check: what a learner's process says of them is a claim, what the clean process says is true.

A model stays in the process that made it. Its configuration and weights cross as data; from them the same model is
built again in a clean process that has never held a learner's code, where it predicts, is trained and is measured.
Only built-in layers are rebuilt: a custom layer could compute anything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grader.checks.assertions import CheckFailedError
from grader.checks.built_in import refusal
from grader.checks.exported import Exported, Loss, Optimizer, Step, Weight
from grader.sandbox.answer import Answer, Raised, Returned, Stopped
from grader.sandbox.inside.protocol import ModelOperation
from grader.sandbox.reason import Reason
from grader.sandbox.request import Caller

CONFIG_LIMIT = 1024 * 1024
NESTING_LIMIT = 60  # levels of lists and dictionaries: a right answer has 12, each inner model adds 4
LAYERS_LIMIT = 1000  # the deepest network of keras.applications has 813
CLEAN_SECONDS = 60.0
"""Time of the clean process for one submission: a right answer needs 2 seconds, a model that never ends uses it up."""
NAMES_LIMIT = 100  # entries of a History


_Path = Annotated[str, Field(max_length=500)]


class _Claim(BaseModel):
    """The description of a model by a process. It is not verified yet."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")
    config: np.ndarray
    weights: list[tuple[_Path, np.ndarray, bool]]
    built: bool
    loss: Loss | None
    optimizer: Optimizer | None


_WEIGHTS = TypeAdapter(list[tuple[_Path, np.ndarray]], config=ConfigDict(arbitrary_types_allowed=True))
_HISTORY = TypeAdapter(
    Annotated[dict[Annotated[str, Field(max_length=200)], list[float]], Field(max_length=NAMES_LIMIT)]
)


@dataclass(frozen=True)
class VerifiedModel:
    """A learner's model as data, and the model that was built again from these data in the clean process.

    The layers and shapes in `data` are those of `clean`. Training `clean` changes it; `Models.rebuild` makes another.
    """

    data: Exported
    clean: CleanModel


class Models:
    """The models of one submission; `clean` calls a process without a learner's code."""

    def __init__(self, learner: Caller, clean: Caller, kept: dict[str, Any] | None = None) -> None:
        """Keep in `kept` what one check keeps for the next."""
        self._learner = learner
        self._clean = clean
        self._kept = kept if kept is not None else {}
        self._stopped: tuple[Reason, str] | None = None
        self._spent = 0.0

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returned for the first check that asked. If it failed then, it fails for every check."""
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except CheckFailedError as error:
                self._kept[name] = error
        return self.kept(name)

    def keep(self, name: str, value: Any) -> None:
        """Keep a value for a later check or sight, in place of an earlier one."""
        self._kept[name] = value

    def keep_history(self, name: str, found: Any) -> None:
        """Keep a learner's History as a dictionary: after the checks, its process has ended.

        If it is no History, this fails for every sight, and not for the check.
        """
        try:
            self._kept[name] = self.history(found)
        except CheckFailedError as error:
            self._kept[name] = error

    def kept(self, name: str) -> Any:
        """Return what a check has kept. Fail as it failed, or as a skipped check if none has kept anything."""
        if name not in self._kept:
            raise CheckFailedError(Reason.SKIPPED, f"no check has got as far as {name}")
        found = self._kept[name]
        if isinstance(found, CheckFailedError):
            raise CheckFailedError(
                found.reason, found.seen, found.expected, found.call, found.because, found.sign, found.raised
            )
        return found

    def export(self, model: Any, shape: tuple[int, ...]) -> VerifiedModel:
        """Return a learner's model for images of this shape, built again in the clean process.

        Fails the check if there is no model, or if it cannot be read as built-in layers and operations.
        """
        claimed = _exported(_claimed(self._learner.call(ModelOperation.EXPORT, (model, shape))))
        clean = self.rebuild(claimed)
        return VerifiedModel(replace(claimed, **clean.description()), clean)

    def weights(self, model: Any) -> dict[str, NDArray[Any]]:
        """Return the weights of a learner's model by path, in its order."""
        return _weights(_claimed(self._learner.call(ModelOperation.WEIGHTS, (model,))))

    def fit(self, model: Any, x: NDArray[Any], y: NDArray[Any], epochs: int, batch_size: int) -> None:
        """Train a learner's model in their process, as it was compiled."""
        answer = self._learner.call(ModelOperation.FIT, (model, x, y, epochs, batch_size))
        _claimed(answer, "a model that can be trained")

    def assign(self, model: Any, exported: Exported) -> None:
        """Give a learner's model the weights in `exported`, which has the same layers."""
        _claimed(self._learner.call(ModelOperation.ASSIGN, (model, exported.as_arguments()[1])))

    def history(self, found: Any) -> dict[str, list[float]]:
        """Return a learner's History as a dictionary."""
        table = _claimed(self._learner.call(ModelOperation.HISTORY, (found,)), "the History that model.fit returns")
        try:
            return _HISTORY.validate_python(table)
        except ValidationError:
            raise CheckFailedError(
                Reason.WRONG_TYPE, "train returned no History", "the one that model.fit returns"
            ) from None

    def silently(self, function: str, model: Any, x: NDArray[Any]) -> Any:
        """Return the answer of a learner's function for a model whose layers do not answer."""
        return self._learner.call(function, (model, x), silently=True)

    def send(self, exported: Exported) -> Any:
        """Build a model from data in the learner's process, and return it as an argument for their functions."""
        return _claimed(
            self._learner.call(ModelOperation.REBUILD, exported.as_arguments()), "a model that can be built again"
        )

    def rebuild(self, exported: Exported) -> CleanModel:
        """Return the model in a clean process. Fails the check if it is not made of built-in layers."""
        refused = refusal(exported.config, exported.parameters)
        if refused:
            raise CheckFailedError(Reason.UNUSABLE_MODEL, *refused)
        measured = partial(self._measured, exported.claimed)
        made = measured(
            "the model cannot be built again from its configuration", ModelOperation.REBUILD, *exported.as_arguments()
        )
        return CleanModel(measured, made)

    def _measured(self, claimed: bool, failing: str, operation: ModelOperation, *arguments: Any) -> Any:
        """Return the answer of the clean process.

        If a learner's model ends the process, no further model of that learner is rebuilt. A model of the check gets a
        new process.
        """
        if self._spent > CLEAN_SECONDS and self._stopped is None:
            self._stopped = (Reason.OVER_BUDGET, f"earlier models had already used {CLEAN_SECONDS:g} seconds")
        stopped = self._stopped if claimed else None
        started = time.monotonic()
        answer: Answer = Stopped(*stopped) if stopped else self._clean.call(operation, arguments)
        if claimed:
            self._spent += time.monotonic() - started
        if isinstance(answer, Returned):
            return answer.value
        if isinstance(answer, Raised):
            raise CheckFailedError(Reason.UNUSABLE_MODEL, f"{failing}: {answer.message[:300]}", raised=answer)
        if claimed:
            self._stopped = (answer.reason, answer.detail)
        raise CheckFailedError(answer.reason, f"{failing}: in a separate process, {answer.detail}")


class CleanModel:
    """A model in a process without a learner's code, so its answers are true."""

    def __init__(self, measured: Callable[..., Any], model: Any) -> None:
        self._measured = measured
        self._model = model

    def description(self) -> dict[str, Any]:
        """Return `layers`, `steps`, `inputs` and `outputs` as in Exported."""
        found = self._measured("the model cannot be inspected", ModelOperation.DESCRIBE, self._model)
        try:
            steps = tuple(
                Step(kind, activation, window, rank, tuple(before))
                for kind, activation, window, rank, before in found["steps"]
            )
            return {name: tuple(map(tuple, found[name])) for name in ("layers", "inputs", "outputs")} | {"steps": steps}
        except (TypeError, ValueError):  # more than a reply holds
            raise CheckFailedError(
                Reason.UNUSABLE_MODEL, "the model cannot be inspected", "one with fewer layers"
            ) from None

    def predict(self, x: NDArray[Any]) -> NDArray[Any]:
        """Return the outputs at inference, one row per image. Fails the check if the model returns another shape."""
        rows = np.asarray(self._measured("the model does not take the images", ModelOperation.PREDICT, self._model, x))
        if rows.ndim != 2 or len(rows) != len(x) or rows.dtype.kind != "f":
            raise CheckFailedError(
                Reason.WRONG_SHAPE,
                f"the model returns an array of shape {rows.shape} for {len(x)} images",
                "one row per image",
            )
        return rows

    def fed(self, layer: str, inner: str, x: NDArray[Any]) -> NDArray[Any]:
        """Return the input of a layer for x, or of the inner model `inner` if that holds the layer."""
        failing = f"the input of the layer {layer} cannot be computed"
        return np.asarray(self._measured(failing, ModelOperation.FED, self._model, layer, inner, x))

    def accuracy(self, x: NDArray[Any], labels: NDArray[Any]) -> float:
        """Return the share of examples whose largest output is at their label."""
        return float((self.predict(x).argmax(axis=1) == labels).mean())

    def moved_by(
        self, x: NDArray[Any], y: NDArray[Any], epochs: int, batch_size: int, from_logits: bool
    ) -> frozenset[str]:
        """Train the model with our own loss and optimizer, and return the paths of the weights that changed."""
        failing = "the model cannot be trained in a separate process"
        before = _weights(self._measured(failing, ModelOperation.WEIGHTS, self._model))
        self._measured(failing, ModelOperation.TRAIN, self._model, x, y, epochs, batch_size, from_logits)
        after = _weights(self._measured(failing, ModelOperation.WEIGHTS, self._model))
        return frozenset(path for path, value in after.items() if not np.array_equal(before[path], value))


def _nesting(tree: Any) -> int:
    """Return how deep lists and dictionaries are nested."""
    level, depth = [tree], 0
    while level := [part for part in level if isinstance(part, dict | list)]:
        depth += 1
        level = [inner for part in level for inner in (part.values() if isinstance(part, dict) else part)]
    return depth


def _exported(found: Any) -> Exported:
    """Return the data of a claim. Fails the check if they have another form."""
    try:
        claim = _Claim.model_validate(found)
        if claim.config.dtype != np.uint8 or claim.config.size > CONFIG_LIMIT:
            raise TypeError
        exported = Exported(
            claim.config.tobytes().decode(),
            tuple(Weight(*weight) for weight in claim.weights),
            loss=claim.loss,
            optimizer=claim.optimizer,
            built=claim.built,
            claimed=True,
        )
        if any(one.value.dtype.kind not in "biuf" for one in exported.weights):
            raise TypeError
        if _nesting(json.loads(exported.config)) > NESTING_LIMIT:
            raise TypeError
        if sum(1 for _ in exported.settings()) > LAYERS_LIMIT:
            raise TypeError
        refusal(exported.config, exported.parameters)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        raise CheckFailedError(
            Reason.UNUSABLE_MODEL, "the model cannot be read", "one made of built-in Keras layers"
        ) from None
    return exported


def _weights(found: Any) -> dict[str, NDArray[Any]]:
    try:
        pairs = _WEIGHTS.validate_python(found)
    except ValidationError:
        raise CheckFailedError(Reason.UNUSABLE_MODEL, "the weights of the model cannot be read") from None
    return dict(pairs)


def _claimed(answer: Answer, expected: str = "a built Keras model") -> Any:
    """Return the answer of a learner's process, or fail the check."""
    if isinstance(answer, Returned):
        return answer.value
    if isinstance(answer, Raised):
        raise CheckFailedError(Reason.UNUSABLE_MODEL, answer.message[:400], expected, raised=answer)
    raise CheckFailedError(answer.reason, answer.detail)
