"""Run a learner's function while the layers of others refuse to compute."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

LAYERS_OF_OTHERS = ("Conv", "Pool", "BatchNorm", "Patches", "Dilation", "__inference", "__forward", "PartitionedCall")
"""Parts of names of TensorFlow operations that do the work of a layer, or that run a function compiled earlier."""
IN_SCIPY = ("scipy.ndimage._nd_image", "scipy.signal._sigtools", "scipy.fft._pocketfft.pypocketfft")
"""The parts of SciPy, if it is loaded, that compute convolutions for its functions."""


def silently(function: Callable[..., Any], model: Any, x: Any) -> Any:
    """Return what a learner's function computes from the model's weights and x while Keras layers refuse to compute.

    TensorFlow still reads variables and computes what is not a layer of the exercises, such as an activation.
    """
    with _refused_layers():
        return np.asarray(function(model, x))


@contextlib.contextmanager
def _refused_layers() -> Iterator[None]:
    """Make Keras layers, and the TensorFlow operations that do their work, raise an error inside the block."""
    import keras
    from tensorflow.python import pywrap_tfe
    from tensorflow.python.client import session

    def refuse_layer(self: Any, *_: Any, **__: Any) -> Any:
        raise RuntimeError(f"the Keras layer {self.name} was called; compute it with your own NumPy layers")

    def refuse_session(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a session of TensorFlow was run; compute the layers with your own NumPy layers")

    def refuse_scipy(*_: Any, **__: Any) -> Any:
        raise RuntimeError("SciPy was called for a convolution; compute it with your own NumPy layers")

    def guarded(execute: Callable[..., Any], place: int) -> Callable[..., Any]:
        def execute_unless_layer(*arguments: Any, **named: Any) -> Any:
            name = str(arguments[place])
            if any(part in name for part in LAYERS_OF_OTHERS):
                shown = "a compiled function" if "_" in name or "Call" in name else name
                raise RuntimeError(f"TensorFlow was called for {shown}; compute it with your own NumPy layers")
            return execute(*arguments, **named)

        return execute_unless_layer

    layer, runner = keras.layers.Layer, session.BaseSession
    patches = [
        (layer, "__call__", refuse_layer),
        (runner, "run", refuse_session),
        *(
            (pywrap_tfe, name, guarded(getattr(pywrap_tfe, name), place))
            for name, place in (("TFE_Py_FastPathExecute", 1), ("TFE_Py_Execute", 2), ("TFE_Py_ExecuteCancelable", 2))
        ),
    ]
    patches += [
        (sys.modules[part], name, refuse_scipy)
        for part in IN_SCIPY
        if part in sys.modules
        for name, function in vars(sys.modules[part]).items()
        if callable(function) and not name.startswith("__")
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
    for owner, name, patch in patches:
        setattr(owner, name, patch)
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)
