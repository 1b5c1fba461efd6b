"""Say in plain words what an error of Keras or TensorFlow means."""

from __future__ import annotations

import re
from types import TracebackType

_LABEL = re.compile(r"Received a label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)")
_DETECTED = re.compile(r"Graph execution error:\s+Detected at node.*?<stack traces unavailable>\s*", re.DOTALL)
_AT_NODE = re.compile(r"\s*\[\[\{\{node .*|\s*\[Op:\w+\].*", re.DOTALL)
IDIOMS = (
    (r"not recognized: \{'lr'|unexpected keyword argument 'lr'", "Keras 3 calls this argument learning_rate."),
    (r"not recognized: \{'decay'|unexpected keyword argument 'decay'", "In Keras 3, learning_rate may be a schedule."),
    (r"`metrics` argument to be a list", 'In Keras 3, metrics is a list: metrics=["accuracy"].'),
    (r"np_utils", "Keras 3 has keras.utils.to_categorical."),
    (r"no attribute 'predict_classes'", "In Keras 3, write model.predict(x).argmax(axis=-1)."),
    (r"no attribute 'fit_generator'", "In Keras 3, fit also takes generators."),
    (r"keras\.layers\.(convolutional|core|normalization)", "In Keras 3, import layers from keras.layers."),
    (r"filepath provided must end in", "Keras 3 saves models as .keras and weights as .weights.h5, not as .hdf5."),
)  # fmt: skip
"""Parts of the errors that programs for Keras 2 raise, and what Keras 3 calls it."""


def in_plain_words(error: BaseException, message: str) -> str:
    """Return the message of an exception without the inner names of TensorFlow, with what Keras 3 calls it.

    >>> error = KeyError("lr")
    >>> in_plain_words(error, "Argument(s) not recognized: {'lr': 0.01}")
    "Argument(s) not recognized: {'lr': 0.01}. Keras 3 calls this argument learning_rate."
    """
    label = _LABEL.search(message)
    if label:
        value, outputs = label.groups()
        which = f"labels go up to {value}" if not value.startswith("-") else f"a label is {value}"
        return f"{which}, but the model has {outputs} outputs: one for each of the labels 0 to {int(outputs) - 1}"
    message = _AT_NODE.sub("", _DETECTED.sub("", message)).strip()
    notes = [note for pattern, note in IDIOMS if re.search(pattern, message)][:1]
    if "NoneType" in message:
        notes += _keys_of_logs(error.__traceback__)
    return " ".join([f"{message.rstrip('.')}.", *notes]) if notes else message


def _keys_of_logs(trace: TracebackType | None) -> list[str]:
    """Return a sentence with the keys of the innermost `logs`, which a callback has asked for a missing one."""
    keys: list[str] = []
    while trace is not None:
        logs = trace.tb_frame.f_locals.get("logs")
        if isinstance(logs, dict):
            keys = [str(key)[:40] for key in list(logs)[:10]]
        trace = trace.tb_next
    return [f"logs has the keys {', '.join(keys)}."] if keys else []
