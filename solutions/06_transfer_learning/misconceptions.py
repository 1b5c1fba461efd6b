"""What learners get wrong in transfer learning, each as a switch of one wrong implementation a function.

Keras is imported where a variant runs: whoever only reads what a misconception is called does not wait for it.
"""

from functools import partial

from grader.course import Misconception


def wrong_head(
    base,
    n_classes,
    *,
    frozen="base",
    statistics="kept",
    rescaled=True,
    fresh=False,
    units=None,
    compiled=True,
    top="cut",
):
    """`add_head`; frozen: base | nothing | everything; statistics: kept | moving; top: cut | kept."""
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
    x = keras.layers.Rescaling(2.0, offset=-1.0)(inputs) if rescaled else inputs
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
    model, base, n_layers, learning_rate, *, end="last", compiles=True, order="outside-in", norms=False, rate="given"
):
    """`unfreeze_top`; end: last | first | all; order: outside-in | inside-out; rate: given | head's."""
    import keras

    if order == "outside-in":
        base.trainable = True
    first = len(base.layers) - n_layers
    for number, layer in enumerate(base.layers):
        chosen = {"last": number >= first, "first": number < n_layers, "all": True}[end]
        layer.trainable = chosen and (norms or not isinstance(layer, keras.layers.BatchNormalization))
    if order == "inside-out":
        base.trainable = True  # and this sets every layer again
    if compiles:
        chosen = learning_rate if rate == "given" else 1e-2
        model.compile(keras.optimizers.Adam(chosen), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def wrong_compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3, *, measures="test", gives="dict"):
    """`compare`; measures: test | training | selects (trained on the test images); gives: dict | list | fixed."""
    from .transfer_learning import compare

    if gives == "fixed":
        return {"scratch": 0.7, "frozen": 0.8, "finetuned": 0.9}
    if measures == "training":
        x_test, y_test = x_train, y_train
    if measures == "selects":
        x_train, y_train, epochs = x_test, y_test, 15 * epochs
    found = compare(base, x_train, y_train, x_test, y_test, n_classes, epochs)
    return list(found.values()) if gives == "list" else found


_NOTE = "Note every weight, train for an epoch, and note again."

MISCONCEPTIONS = (
    Misconception("tl.base-not-frozen", "add_head", "A new head leaves the base alone.",
                  "Which weights have moved after an epoch?", _NOTE, "The base was not frozen.",
                  partial(wrong_head, frozen="nothing")),
    Misconception("tl.whole-model-frozen", "add_head", "The whole model is to be frozen.",
                  "Which weights are to learn the new classes?", _NOTE, "The head is frozen as well.",
                  partial(wrong_head, frozen="everything")),
    Misconception("tl.base-weights-random", "add_head", "A base is its layers.",
                  "What has the base learnt, and where is it?",
                  "base.get_weights() and those of your model.", "The layers were built anew, with fresh weights.",
                  partial(wrong_head, fresh=True)),
    Misconception("tl.bn-statistics-move", "add_head", "training=False in the call holds the statistics.",
                  "Which two numbers of batch normalisation does no gradient touch?", "The moving mean of norm1.",
                  "The statistics moved while fit ran.", partial(wrong_head, statistics="moving")),
    Misconception("tl.wrong-preprocessing", "add_head", "Every network takes [0, 1].",
                  "In which range were the images that the base has learnt from?", "A white pixel.",
                  "The base was fed with another range.", partial(wrong_head, rescaled=False)),
    Misconception("tl.wrong-units", "add_head", "There are as many classes as the base had.", "And with three classes?",
                  "Ask for 3 classes.", "The number of units is fixed in the code.", partial(wrong_head, units=5)),
    Misconception("tl.top-kept", "add_head", "A new head goes on top of the old one.",
                  "What can a network of five old classes tell your head about a new one?",
                  "model.summary() for a base that ends in old_scores.",
                  "The old classifier is still inside; a head stands on maps.", partial(wrong_head, top="kept")),
    Misconception("tl.not-compiled", "add_head", "A model is ready when it is built.", "Who tells it what to minimise?",
                  "model.loss", "compile was not called.", partial(wrong_head, compiled=False)),
    Misconception("tl.changed-trainable-without-recompile", "unfreeze_top", "trainable counts at once.",
                  "Which weights have moved after an epoch?", _NOTE, "The model was not compiled again.",
                  partial(wrong_unfreeze, compiles=False)),
    Misconception("tl.unfroze-first-layers", "unfreeze_top", "Layers are counted from the input.",
                  "Which layers know edges, and which know what is special about the old task?", _NOTE,
                  "Counted from the wrong end.", partial(wrong_unfreeze, end="first")),
    Misconception("tl.head-and-base-together", "unfreeze_top", "Fine-tuning trains everything.",
                  "How many layers were to be unfrozen?", _NOTE, "All layers learn.",
                  partial(wrong_unfreeze, end="all")),
    Misconception("tl.parent-false-child-true-order", "unfreeze_top",
                  "The base's flag and those of its layers are apart.",
                  "What does setting the flag of the base do to the flags of its layers?", _NOTE,
                  "The base's flag sets that of each of its layers, and what is set last counts.",
                  partial(wrong_unfreeze, order="inside-out")),
    Misconception("tl.bn-unfrozen", "unfreeze_top", "Batch normalisation is a layer like the others.",
                  "How good are statistics of thirty images?", "The moving mean of norm3.",
                  "Batch normalisation learns too.", partial(wrong_unfreeze, norms=True)),
    Misconception("tl.high-learning-rate", "unfreeze_top", "One learning rate is right for everything.",
                  "How large may the steps of what is already good be?", "model.optimizer.learning_rate",
                  "The head's learning rate was kept.", partial(wrong_unfreeze, rate="head's")),
    Misconception("tl.test-set-selection", "compare", "More images are better.",
                  "Which images has the model seen before it is measured?", "Test labels drawn by lot.",
                  "Trained on the test images.", partial(wrong_compare, measures="selects")),
    Misconception("tl.measures-training", "compare", "Accuracy is what fit prints.", "On which images did you measure?",
                  "Test labels drawn by lot.", "Measured on the training images.",
                  partial(wrong_compare, measures="training")),
    Misconception("tl.fixed-numbers", "compare", "Transfer always wins.", "Did you measure that?",
                  "Test labels drawn by lot.", "The numbers depend on nothing.", partial(wrong_compare, gives="fixed")),
    Misconception("tl.returns-list", "compare", "The order says which is which.", "What did the contract ask for?",
                  "Print what compare returns.", "A list, not a dict.", partial(wrong_compare, gives="list")),
)  # fmt: skip
