"""Questions for exercise 5, generated from a seed: each wrong answer is what one misconception computes."""


def flattened(draw):
    """Ask for the size of the output of Flatten."""
    n, k, filters = draw.choice([8, 12, 16, 28, 32]), draw.choice([3, 5]), draw.choice([8, 16, 32])
    after = n - k + 1
    pooled = after // 2
    return {
        "parameters": {"n": n, "k": k, "filters": filters},
        "ask": f"A model is Input({n}, {n}, 1), Conv2D({filters}, {k}), MaxPooling2D(2), Flatten(). How many numbers does Flatten return per image?",
        "right": pooled * pooled * filters,
        "because": f"The convolution gives {after} x {after} and pooling {pooled} x {pooled}, with {filters} maps: {pooled * pooled * filters}.",
        "wrong": [
            {"answer": (n // 2) ** 2 * filters, "misconception": "conv.output-like-input", "because": 'Without padding="same", a convolution shrinks the map.'},
            {"answer": after * after * filters, "misconception": "keras.no-pooling", "because": "Pooling comes before Flatten, and halves rows and columns."},
            {"answer": pooled * pooled, "misconception": "pool.across-channels", "because": f"There are {filters} maps."},
            {"answer": n * n * filters, "misconception": "keras.flatten-takes-the-input", "because": "Flatten takes the pooled maps, not the input."},
            {"answer": filters, "misconception": "keras.flatten-is-global", "because": "Global pooling gives one number per map; Flatten keeps all numbers."},
        ],
    }  # fmt: skip


def steps(draw):
    """Ask how many steps of gradient descent a training run takes."""
    images, batch, epochs = (
        draw.choice([1000, 1100, 1347, 5000, 6000]),
        draw.choice([16, 32, 64, 128]),
        draw.choice([5, 10, 12, 20]),
    )
    each = -(-images // batch)
    return {
        "parameters": {"images": images, "batch": batch, "epochs": epochs},
        "ask": f"You call model.fit on {images} images with batch_size={batch} for {epochs} epochs. How many times do the weights change?",
        "right": each * epochs,
        "because": f"There are ceil({images} / {batch}) = {each} batches per epoch, times {epochs} epochs. A smaller last batch counts too.",
        "wrong": [
            {"answer": epochs, "misconception": "keras.step-is-an-epoch", "because": "The weights change after every batch, not once per epoch."},
            {"answer": each, "misconception": "keras.epochs-ignored", "because": "This is the number of steps in one epoch."},
            {"answer": images // batch * epochs, "misconception": "keras.partial-batch-left-out", "because": "The last batch of an epoch is smaller, but it counts too."},
            {"answer": (each + 1) * epochs, "misconception": "keras.one-step-too-many", "because": "There is no empty batch after the last one."},
            {"answer": images * epochs, "misconception": "keras.step-is-an-image", "because": "A batch is one step, however many images it contains."},
        ],
    }  # fmt: skip


def loss_of(draw):
    """Ask for the loss that fits the output and the labels."""
    classes = draw.choice([3, 5, 7, 10])
    softmax, one_hot = draw.choice([True, False]), draw.choice([True, False])
    end = f'Dense({classes}, activation="softmax")' if softmax else f"Dense({classes})"
    label = "one-hot rows" if one_hot else "integers"

    def told(sparse, logits):
        name = "SparseCategoricalCrossentropy" if sparse else "CategoricalCrossentropy"
        return f"{name}({'from_logits=True' if logits else ''})"

    wrong_logits = "keras.softmax-and-from-logits" if softmax else "keras.logits-without-from-logits"
    return {
        "parameters": {"classes": classes, "softmax": softmax, "one_hot": one_hot},
        "ask": f"A model ends with {end}, and the labels are {label}. Which loss fits?",
        "right": told(not one_hot, not softmax),
        "because": f"Labels that are {label} need {'the plain' if one_hot else 'the sparse'} form; "
        + ("softmax already returns probabilities." if softmax else "without softmax, the outputs are logits."),
        "wrong": [
            {"answer": told(not one_hot, softmax), "misconception": wrong_logits, "because": "The loss must know whether the outputs are probabilities."},
            {"answer": told(one_hot, not softmax), "misconception": "keras.sparse-vs-onehot", "because": "Sparse is for integers, plain for one-hot rows."},
            {"answer": "BinaryCrossentropy()", "misconception": "keras.binary-loss-for-multiclass", "because": "There are more than two classes, and only one is right."},
            {"answer": told(one_hot, softmax), "misconception": "keras.sparse-vs-onehot", "because": "This loss fits neither the labels nor the outputs."},
        ],
    }  # fmt: skip


def scaled(draw):
    """Ask what value a pixel gets."""
    pixel, brightest = draw.choice([51, 102, 153, 204]), draw.choice([204, 210, 240])
    if brightest <= pixel:
        return None
    return {
        "parameters": {"pixel": pixel, "brightest": brightest},
        "ask": f"You scale uint8 images to the range 0 to 1. The brightest pixel of this batch is {brightest}. What does a pixel of {pixel} become?",
        "right": f"{pixel / 255:.4g}",
        "because": f"{pixel} / 255 = {pixel / 255:.4g}: every batch is divided by the same number.",
        "wrong": [
            {"answer": f"{pixel / brightest:.4g}", "misconception": "keras.train-test-scaled-differently", "because": "Then the same grey would be a different number in the next batch."},
            {"answer": f"{pixel}", "misconception": "keras.unscaled-input", "because": "That is the number in the file, from 0 to 255. The network needs small numbers."},
            {"answer": f"{pixel / 100:.4g}", "misconception": "keras.brightness-is-percent", "because": "White is 255, not 100."},
            {"answer": f"{1 - pixel / 255:.4g}", "misconception": "keras.black-is-1", "because": "Black is 0 and stays 0."},
            {"answer": f"{pixel / 256:.4g}", "misconception": "keras.white-is-256", "because": "White is 255 and must become 1."},
            {"answer": f"{pixel / 127.5 - 1:.4g}", "misconception": "keras.range-is-around-zero", "because": "This scales to the range -1 to 1."},
        ],
    }  # fmt: skip


def model_parameters(draw):
    """Ask for the parameters of a small network."""
    n, filters, classes = draw.choice([8, 10, 12, 14]), draw.choice([4, 8, 16]), draw.choice([3, 5, 10])
    side = (n - 2) // 2
    conv, dense = 9 * filters + filters, side * side * filters * classes + classes
    return {
        "parameters": {"n": n, "filters": filters, "classes": classes},
        "ask": f"A model is Input({n}, {n}, 1), Conv2D({filters}, 3), MaxPooling2D(2), Flatten(), Dropout(0.5), Dense({classes}). How many parameters does it have?",
        "right": conv + dense,
        "because": f"The convolution has {conv}, the dense layer has {side} x {side} x {filters} x {classes} + {classes} = {dense}; the others have none.",
        "wrong": [
            {"answer": conv + dense - filters - classes, "misconception": "why.bias-forgotten", "because": "Filters and units have biases."},
            {"answer": conv + (n // 2) ** 2 * filters * classes + classes, "misconception": "conv.output-like-input", "because": 'Without padding="same", the convolution shrinks the map.'},
            {"answer": conv + (n - 2) ** 2 * filters * classes + classes, "misconception": "keras.no-pooling", "because": "Pooling halves rows and columns."},
            {"answer": (n - 2) ** 2 * conv + dense, "misconception": "why.params-scale-with-image", "because": "The same filters are used at every position."},
            {"answer": conv + dense // 2, "misconception": "keras.dropout-takes-weights", "because": "Dropout silences units in single training steps; it does not remove weights."},
        ],
    }  # fmt: skip
