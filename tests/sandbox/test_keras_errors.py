"""Errors of Keras and TensorFlow, as a beginner reads them. The texts are those of Keras 3.15."""

import pytest

from grader.sandbox.inside.keras_errors import in_plain_words

GRAPH = """Graph execution error:

Detected at node compile_loss/sparse_categorical_crossentropy/SparseSoftmaxCrossEntropyWithLogits defined at (most recent call last):
<stack traces unavailable>
"""


def words(message):
    return in_plain_words(ValueError(message), message)


def test_a_label_beyond_the_outputs_is_named_with_both_numbers():
    message = f"{GRAPH}Received a label value of 9 which is outside the valid range of [0, 9).  Label values: 9 8 7"
    assert words(message) == ("labels go up to 9, but the model has 9 outputs: one for each of the labels 0 to 8")
    assert words(message.replace("of 9", "of -1")).startswith("a label is -1, but the model has 9 outputs")


def test_the_names_inside_a_graph_are_left_out():
    message = f"{GRAPH}Matrix size-incompatible: In[0]: [4,5], In[1]: [4,10]\n\t [[{{{{node sequential/dense/MatMul}}}}]] [Op:f]"
    assert words(message) == "Matrix size-incompatible: In[0]: [4,5], In[1]: [4,10]"


@pytest.mark.parametrize(
    ("message", "note"),
    [
        ("Argument(s) not recognized: {'lr': 0.01}", "Keras 3 calls this argument learning_rate."),
        ("Expected `metrics` argument to be a list, tuple, or dict. Received", 'metrics=["accuracy"]'),
        ("cannot import name 'np_utils' from 'keras.utils'", "Keras 3 has keras.utils.to_categorical."),
        ("'Sequential' object has no attribute 'predict_classes'", "model.predict(x).argmax(axis=-1)"),
        ("The filepath provided must end in `.keras` (Keras model format).", "not as .hdf5"),
    ],
)
def test_an_idiom_of_keras_2_is_named_as_keras_3_calls_it(message, note):
    assert words(message).startswith(message)
    assert note in words(message)


def test_a_missing_key_of_logs_is_answered_with_those_that_are_there():
    def on_epoch_end(epoch, logs):
        return logs.get("acc") > 0.99

    with pytest.raises(TypeError) as caught:
        on_epoch_end(0, {"accuracy": 0.5, "loss": 1.0})
    assert in_plain_words(caught.value, str(caught.value)).endswith(". logs has the keys accuracy, loss.")


def test_other_messages_stay_as_they_are():
    assert words("no such thing") == "no such thing"
    assert words("") == ""
