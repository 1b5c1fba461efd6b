"""Questions for exercise 0, generated from a seed: each wrong answer is what one misconception computes."""

from math import prod


def dense_weights(draw):
    """Ask for the parameters of a dense layer after a flattened image."""
    side, channels, units = (
        draw.choice([28, 32, 50, 64, 100, 128]),
        draw.choice([1, 3]),
        draw.choice([10, 64, 100, 1000]),
    )
    inputs = side * side * channels
    right = inputs * units + units
    colour = "A grey" if channels == 1 else "An RGB"
    return {
        "parameters": {"side": side, "channels": channels, "units": units},
        "ask": f"{colour} image of {side} x {side} is flattened and connected to a dense layer of {units:,} units with biases. "
        "How many parameters does the layer have?",
        "right": right,
        "because": f"{side} x {side} x {channels} = {inputs:,} inputs with {units:,} weights each make {inputs * units:,} weights, "
        f"plus {units:,} biases.",
        "wrong": [
            {"answer": inputs * units, "misconception": "why.dense-bias-forgotten",
             "because": "These are the weights. Each unit also has a bias."},
            {"answer": inputs * units + inputs, "misconception": "why.dense-bias-per-input",
             "because": "A bias belongs to a unit, not to an input."},
            {"answer": inputs + units, "misconception": "why.dense-adds",
             "because": "Every input is connected to every unit: the numbers multiply."},
            {"answer": right + inputs, "misconception": "why.dense-bias-both",
             "because": "Only the units have a bias; the inputs have none."},
            {"answer": 2 * inputs * units, "misconception": "why.dense-bias-per-weight",
             "because": "A bias belongs to a unit, not to a weight."},
            {"answer": 3 * inputs * units + units, "misconception": "why.dense-per-colour",
             "because": "The inputs already count each colour once."},
        ],
    }  # fmt: skip


def conv_weights(draw):
    """Ask for the parameters of a convolution."""
    k, c_in, c_out, side = draw.choice([1, 3, 5, 7]), draw.choice([1, 3, 8, 16]), draw.choice([8, 16, 32, 64]), 32
    right = (k * k * c_in + 1) * c_out
    return {
        "parameters": {"k": k, "c_in": c_in, "c_out": c_out},
        "ask": f"A convolution has {c_out} filters of {k} x {k}, with biases, and takes an image of {side} x {side} with "
        f"{c_in} channel{'s' * (c_in > 1)}. How many parameters does it have?",
        "right": right,
        "because": f"One filter has {k} x {k} x {c_in} = {k * k * c_in} weights and one bias; there are {c_out} of them.",
        "wrong": [
            {"answer": k * k * c_in * c_out, "misconception": "why.bias-forgotten",
             "because": "These are the weights; each filter has a bias too."},
            {"answer": (k * k + 1) * c_out, "misconception": "why.channels-ignored",
             "because": "A filter is as deep as its input."},
            {"answer": k * k * c_in * c_out + k * k * c_in * c_out, "misconception": "why.bias-per-weight",
             "because": "A bias belongs to a filter, not to a weight."},
            {"answer": k * k * c_in * c_out + c_in, "misconception": "why.conv-bias-per-input",
             "because": "A bias belongs to a filter, not to an input channel."},
            {"answer": k * k * c_in * c_out * side * side, "misconception": "why.params-scale-with-image",
             "because": "The same weights are used at every position: the size of the image does not matter."},
        ],
    }  # fmt: skip


def receptive_field(draw):
    """Ask for the receptive field of a stack of convolutions."""
    kernels = [draw.choice([3, 5, 7]) for _ in range(draw.randint(2, 4))]
    right = 1 + sum(k - 1 for k in kernels)
    shown = ", then ".join(f"{k} x {k}" for k in kernels)
    return {
        "parameters": {"kernels": kernels},
        "ask": f"Stack convolutions with stride 1: {shown}. One unit of the last map sees a patch of R x R pixels. What is R?",
        "right": right,
        "because": "Each layer adds its kernel size minus one: 1" + "".join(f" + {k - 1}" for k in kernels) + f" = {right}.",
        "wrong": [
            {"answer": sum(kernels), "misconception": "why.fields-add", "because": "Neighbouring kernels overlap by one pixel, so their sizes do not simply add up."},
            {"answer": kernels[-1], "misconception": "why.field-is-own-kernel", "because": "That is what it sees of the previous map, and each unit of that map sees a patch as well."},
            {"answer": prod(kernels), "misconception": "why.fields-multiply", "because": "Go back layer by layer: each kernel adds its size minus one."},
            {"answer": right - 1, "misconception": "why.field-without-first-pixel", "because": "Start with one pixel, then add."},
            {"answer": right + 1, "misconception": "why.field-from-two-pixels", "because": "Start with one pixel, not with two."},
        ],
    }  # fmt: skip


def shifted(draw):
    """Ask where a feature is found after the image has shifted."""
    row, column, dy, dx = (
        draw.randint(8, 20),
        draw.randint(8, 20),
        draw.choice([-4, -2, 3, 5]),
        draw.choice([-3, -1, 2, 4]),
    )

    def told(i, j):
        return f"row {i}, column {j}"

    def sign(step):
        return "+" if step > 0 else "-"

    down = f"{abs(dy)} {'down' if dy > 0 else 'up'}"
    right = f"{abs(dx)} to the {'right' if dx > 0 else 'left'}"
    return {
        "parameters": {"row": row, "column": column, "dy": dy, "dx": dx},
        "ask": f"A convolution with stride 1 finds a feature at {told(row, column)} of its map. The image moves {down} and {right}. Where does it find the feature now?",
        "right": told(row + dy, column + dx),
        "because": f"The same filter looks everywhere, so the map moves with the image: {row} {sign(dy)} {abs(dy)} = {row + dy} and {column} {sign(dx)} {abs(dx)} = {column + dx}.",
        "wrong": [
            {"answer": told(row, column), "misconception": "why.conv-is-invariant", "because": "That would be invariance. The map of a convolution moves with the image."},
            {"answer": told(row + dx, column + dy), "misconception": "why.gap-axes-swapped", "because": "Down and up are rows, left and right are columns."},
            {"answer": told(row - dy, column - dx), "misconception": "why.gap-shifted-the-other-way", "because": "The map moves in the same direction as the image."},
        ],
    }  # fmt: skip


def inputs_of_image(draw):
    """Ask for the number of inputs of an image."""
    rows, columns, channels = draw.choice([20, 28, 32, 50, 60]), draw.choice([24, 28, 30, 40, 80]), draw.choice([1, 3])
    right = rows * columns * channels
    return {
        "parameters": {"rows": rows, "columns": columns, "channels": channels},
        "ask": f"{'A grey' if channels == 1 else 'A colour'} image has {rows} rows and {columns} columns. How many inputs does a network get?",
        "right": right,
        "because": f"{rows} x {columns} pixels with {channels} number{'s' * (channels > 1)} each = {right:,}.",
        "wrong": [
            {"answer": rows * columns * (4 - channels), "misconception": "why.grey-is-three-channels" if channels == 1 else "why.colour-is-one-channel",
             "because": "A grey pixel has one number, a colour pixel has three."},
            {"answer": rows + columns, "misconception": "why.sides-add", "because": "Multiply rows by columns; do not add them."},
            {"answer": (rows + columns) * channels, "misconception": "why.sides-add", "because": "Multiply rows by columns; do not add them."},
            {"answer": rows * columns * 256, "misconception": "why.brightness-counts", "because": "A pixel is one number with 256 possible values, not 256 numbers."},
        ],
    }  # fmt: skip


def weights_of_dense(draw):
    """Ask for the weights of a dense layer on an image, without biases."""
    side, channels, units = draw.choice([50, 100, 200]), draw.choice([1, 3]), draw.choice([100, 500, 1000])
    inputs = side * side * channels
    return {
        "parameters": {"side": side, "channels": channels, "units": units},
        "ask": f"{'A grey' if channels == 1 else 'A colour'} image of {side} x {side} is connected to {units:,} hidden units. How many weights does the layer have, without biases?",
        "right": inputs * units,
        "because": f"{side} x {side} x {channels} = {inputs:,} inputs, each with {units:,} weights: {inputs * units:,}.",
        "wrong": [
            {"answer": inputs + units, "misconception": "why.dense-adds", "because": "Every input is connected to every unit."},
            {"answer": side * side * (4 - channels) * units, "misconception": "why.colour-is-one-channel" if channels == 3 else "why.grey-is-three-channels",
             "because": "A grey pixel has one number, a colour pixel has three."},
            {"answer": 2 * inputs * units, "misconception": "why.dense-bias-per-weight", "because": "A weight has no bias of its own."},
            {"answer": inputs * (units + 1), "misconception": "why.dense-bias-per-input", "because": "Biases are not asked for, and an input has none."},
            {"answer": 2 * side * channels * units, "misconception": "why.sides-add", "because": "The number of pixels is rows times columns."},
        ],
    }  # fmt: skip
