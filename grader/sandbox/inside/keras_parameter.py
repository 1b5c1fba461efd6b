"""The only layer of the grader in a rebuilt model: a weight that a learner's own layer uses in its operations."""

from __future__ import annotations

from typing import Any

import keras

PACKAGE = "grader"


@keras.saving.register_keras_serializable(PACKAGE)
class Parameter(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Return a weight, whatever the input."""

    def __init__(self, shape: Any, **settings: Any) -> None:
        super().__init__(**settings)
        self.shape = tuple(int(size) for size in shape)
        self.value: Any = None

    @classmethod
    def holding(cls, variable: Any, name: str) -> Parameter:
        """Return a layer whose weight is this variable of another layer."""
        layer = cls(variable.shape, name=name, trainable=bool(variable.trainable))
        layer.value = variable
        layer.built = True
        return layer

    def build(self, _: Any) -> None:
        """Make the weight; its value is set afterwards."""
        self.value = self.add_weight(shape=self.shape, initializer="zeros", name="value")

    def call(self, _: Any) -> Any:
        """Return the weight."""
        return keras.ops.convert_to_tensor(self.value)

    def compute_output_spec(self, _: Any) -> Any:
        """Return the shape of the weight: it has no axis for images."""
        return keras.KerasTensor(self.shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same layer again."""
        return {**super().get_config(), "shape": list(self.shape)}
