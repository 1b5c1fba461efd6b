"""Misconceptions about transfer learning, each as a switch of one wrong implementation per function.

Keras is imported only when a variant runs, so that reading the names of misconceptions does not load it.
"""

from functools import partial

import numpy as np

from grader.course import Misconception


def wrong_head(
    base,
    n_classes,
    *,
    frozen="base",
    statistics="kept",
    rescaled=True,
    white=1,
    fresh=False,
    units=None,
    compiled=True,
    top="cut",
):
    """Compute `add_head`; frozen: base | nothing | everything; statistics: kept | moving; top: cut | kept."""
    import keras

    from .transfer_learning import features_of

    if top == "cut":
        base = features_of(base)
    if fresh:
        base = keras.models.clone_model(base)
    base.trainable = frozen == "nothing"
    if statistics == "moving":
        base.trainable = True
        for layer in base.layers:
            layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.Rescaling(2.0 / white, offset=-1.0)(inputs) if rescaled else inputs
    x = base(x, training=False) if statistics == "moving" else base(x)
    if len(x.shape) == 4:
        x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, keras.layers.Dense(units or n_classes, activation="softmax")(x))
    if frozen == "everything":
        model.trainable = False
    if compiled:
        model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def wrong_unfreeze(
    model,
    base,
    n_layers,
    learning_rate,
    *,
    end="last",
    counts="all",
    compiles=True,
    order="outside-in",
    norms=False,
    rate="given",
):
    """Compute `unfreeze_top`; end: last | first | all; counts: all | weights; order: outside-in | inside-out; rate: given | head's."""
    import keras

    if order == "outside-in":
        base.trainable = True
    counted = [number for number, layer in enumerate(base.layers) if counts == "all" or layer.weights]
    first = [*counted, len(base.layers)][-n_layers - 1]
    for number, layer in enumerate(base.layers):
        chosen = {"last": number >= first, "first": number < n_layers, "all": True}[end]
        layer.trainable = chosen and (norms or not isinstance(layer, keras.layers.BatchNormalization))
    if order == "inside-out":
        base.trainable = True  # and this sets every layer again
    if compiles:
        chosen = learning_rate if rate == "given" else 1e-2
        model.compile(keras.optimizers.Adam(chosen), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def wrong_compare(
    base, x_train, y_train, x_test, y_test, n_classes, epochs=3, *, measures="test", gives="dict", longer=False
):
    """Compute `compare`; measures: test | training | selects (trains on test images); gives: dict | list | fixed; longer: with more epochs."""
    from .transfer_learning import compare

    if gives == "fixed":
        return {"scratch": 0.7, "frozen": 0.8, "finetuned": 0.9}
    if longer:
        compare(base, x_train, y_train, x_test, y_test, n_classes, 2)
    if measures == "training":
        x_test, y_test = x_train, y_train
    if measures == "selects":
        x_train, y_train = np.concatenate([x_test] * 15), np.concatenate([y_test] * 15)
    found = compare(base, x_train, y_train, x_test, y_test, n_classes, epochs)
    return list(found.values()) if gives == "list" else found


def wrong_schedule(
    base, x_train, y_train, x_test, y_test, n_classes, epochs=3, *, frozen_scratch=False, frozen_epochs=None
):
    """Compute `compare`; frozen_scratch: only the head of scratch learns; frozen_epochs: of finetuned, None: half of them."""
    import keras

    from .transfer_learning import add_head, unfreeze_top

    def accuracy_after(model, epochs):
        model.fit(x_train, y_train, epochs=epochs, verbose=0)
        return float(model.evaluate(x_test, y_test, verbose=0)[1])

    kept, fresh = base.get_weights(), keras.models.clone_model(base)
    model = add_head(fresh, n_classes)
    if not frozen_scratch:
        fresh.trainable = True
        model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scratch = accuracy_after(model, epochs)
    frozen = accuracy_after(add_head(base, n_classes), epochs)
    model = add_head(base, n_classes)
    first = epochs // 2 if frozen_epochs is None else frozen_epochs
    if first:
        accuracy_after(model, first)
    finetuned = accuracy_after(unfreeze_top(model, base, 2, 1e-3), epochs - first)
    base.set_weights(kept)
    return {"scratch": scratch, "frozen": frozen, "finetuned": finetuned}


_NOTE = "Save every weight, train for an epoch, and compare."

MISCONCEPTIONS = (
    Misconception("tl.base-not-frozen", "add_head", "A new head does not change the base.",
                  "Which weights have changed after an epoch?", _NOTE, "The base was not frozen.",
                  partial(wrong_head, frozen="nothing")),
    Misconception("tl.whole-model-frozen", "add_head", "The whole model must be frozen.",
                  "Which weights should learn the new classes?", _NOTE, "The head is frozen too.",
                  partial(wrong_head, frozen="everything")),
    Misconception("tl.base-weights-random", "add_head", "A base is only its layers.",
                  "Where is the knowledge of the base stored?",
                  "Compare base.get_weights() with the weights in your model.",
                  "The layers are new, with fresh weights.",
                  partial(wrong_head, fresh=True)),
    Misconception("tl.bn-statistics-move", "add_head", "Batch normalisation need not be frozen: it has no kernel, or training=False is enough.",
                  "Which two statistics of batch normalisation does no gradient change?",
                  "Print the moving mean of norm1 before and after an epoch.",
                  "The batch normalisation was not frozen, so its statistics changed during fit.",
                  partial(wrong_head, statistics="moving")),
    Misconception("tl.wrong-preprocessing", "add_head", "Every network takes [0, 1].",
                  "What was the range of the images that the base has learnt from?",
                  "Take a black pixel. Which value does the base get?",
                  "The base gets images in a different range.", partial(wrong_head, rescaled=False)),
    Misconception("tl.scaled-as-bytes", "add_head", "Pixels always go up to 255.",
                  "How large is a white pixel in the images that add_head gets: 1 or 255?",
                  "Take a white pixel. Which value does the base get?",
                  "The images are in [0, 1] already; x / 127.5 - 1 is for pixels up to 255.",
                  partial(wrong_head, white=255)),
    Misconception("tl.wrong-units", "add_head", "There are always five classes.",
                  "What does your model return for three classes?",
                  "Build a model for 3 classes.", "The number of units is fixed in the code.",
                  partial(wrong_head, units=5)),
    Misconception("tl.top-kept", "add_head", "A new head goes on top of the old one.",
                  "What can seven old classes tell your head about a new class?",
                  "Print model.summary() for a base that ends in old_scores.",
                  "The old classifier is still in the model; put the head on maps.", partial(wrong_head, top="kept")),
    Misconception("tl.not-compiled", "add_head", "A model is ready when it is built.",
                  "How does the model know what to minimise?",
                  "Print model.loss.", "compile was not called.", partial(wrong_head, compiled=False)),
    Misconception("tl.changed-trainable-without-recompile", "unfreeze_top", "trainable takes effect immediately.",
                  "Which weights have changed after an epoch?", _NOTE, "The model was not compiled again.",
                  partial(wrong_unfreeze, compiles=False)),
    Misconception("tl.unfroze-first-layers", "unfreeze_top", "Layers are counted from the input.",
                  "Which layers know edges, and which know features of the old task?", _NOTE,
                  "The layers are counted from the wrong end.", partial(wrong_unfreeze, end="first")),
    Misconception("tl.counts-some-layers", "unfreeze_top", "Only layers with weights count as layers.",
                  "How many layers does base.layers have, and which ones are the last four?", _NOTE,
                  "Pooling has no weights, but it is one of base.layers and counts.",
                  partial(wrong_unfreeze, counts="weights")),
    Misconception("tl.head-and-base-together", "unfreeze_top", "Fine-tuning trains everything.",
                  "How many layers should be unfrozen?", _NOTE, "All layers learn.",
                  partial(wrong_unfreeze, end="all")),
    Misconception("tl.parent-false-child-true-order", "unfreeze_top",
                  "The flags of the base and of its layers are independent.",
                  "What does setting the flag of the base do to the flags of its layers?", _NOTE,
                  "The flag of the base sets the flag of every layer, and the last setting counts.",
                  partial(wrong_unfreeze, order="inside-out")),
    Misconception("tl.bn-unfrozen", "unfreeze_top", "Batch normalisation is a layer like the others.",
                  "How good are statistics of thirty images?",
                  "Print the moving mean of norm3 before and after an epoch.",
                  "Batch normalisation learns too.", partial(wrong_unfreeze, norms=True)),
    Misconception("tl.high-learning-rate", "unfreeze_top", "One learning rate is right for everything.",
                  "The weights of the base are already good. How large may their steps be?",
                  "Print model.optimizer.learning_rate before and after.",
                  "The model still has the learning rate of the head.", partial(wrong_unfreeze, rate="head's")),
    Misconception("tl.test-set-selection", "compare", "More images are better.",
                  "Which images has the model seen before you measure it?", "Give the test images random labels.",
                  "The model is trained on the test images.", partial(wrong_compare, measures="selects")),
    Misconception("tl.measures-training", "compare", "The accuracy is the one that fit prints.",
                  "On which images did you measure?",
                  "Give the test images random labels.", "The accuracy is measured on the training images.",
                  partial(wrong_compare, measures="training")),
    Misconception("tl.unequal-epochs", "compare", "The epochs of fine-tuning come on top.",
                  "How many epochs does each of the three models get in all?",
                  "Count the lines that fit prints for each model.",
                  "The models are trained for different numbers of epochs, so the comparison says nothing.",
                  partial(wrong_compare, longer=True)),
    Misconception("tl.scratch-frozen", "compare", "A head is all that a new network must learn.",
                  "Which weights of scratch have changed after training?", _NOTE,
                  "The fresh layers of scratch are frozen, so only its head learns.",
                  partial(wrong_schedule, frozen_scratch=True)),
    Misconception("tl.no-frozen-epochs", "compare", "Fine-tuning needs no frozen epochs of its own.",
                  "For how many of its epochs is the base of finetuned frozen, and how many epochs does it get in all?",
                  "Print how many weights are trainable before each call of fit.",
                  "finetuned must start from a new head: the first half of its epochs with the base frozen, the others after unfreeze_top.",
                  partial(wrong_schedule, frozen_epochs=0)),
    Misconception("tl.fixed-numbers", "compare", "Transfer always wins.", "Did you measure that?",
                  "Give the test images random labels.", "The numbers do not depend on the data.",
                  partial(wrong_compare, gives="fixed")),
    Misconception("tl.returns-list", "compare", "The order tells which accuracy is which.",
                  "What should compare return?",
                  "Print what compare returns.", "A list is returned; return a dict.",
                  partial(wrong_compare, gives="list")),
)  # fmt: skip
