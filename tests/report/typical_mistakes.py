"""Fifteen mistakes that learners typically make: the reference with one change, and what its report must say at once."""

from dataclasses import dataclass

from tests.grading import COURSE

STEP = "    return np.tensordot(patch, w, axes=3) + b  # (KH, KW, C_in) x (KH, KW, C_in, C_out) -> (C_out,)\n"
FORWARD = """    y = np.zeros((len(x), OH, OW, C_out), np.result_type(x, w, b))
    for ki in range(KH):
        for kj in range(KW):
            y += _seen_by(padded, ki, kj, (SH, SW), (OH, OW)) @ w[ki, kj]  # (N, OH, OW, C_in) @ (C_in, C_out)
    return y + b
"""
LOOPS = """    y = np.zeros({shape}{dtype})
    for n in range(len(x)):
        for i in range(OH):
            for j in range(OW):
                patch = padded[n, {row} : {row} + KH, {column} : {column} + KW]
                y[n, i, j] = np.tensordot(patch, w, axes=3) + b
    return y
"""
USUAL = {
    "shape": "(len(x), OH, OW, C_out)", "dtype": "", "row": "i * SH", "column": "j * SW",
}  # fmt: skip
BACKWARD = "    return _cropped(d_padded, x, pads), dw, dy.sum(axis=(0, 1, 2))\n"
BLEND = "return y.astype(x.dtype, copy=False), _blend(moving_mean, mean, momentum), _blend(moving_var, var, momentum)"


@dataclass(frozen=True)
class Mistake:
    """The exercise, the changes of its reference as pairs of old and new text, and the words that name the cause."""

    exercise: str
    changes: tuple[tuple[str, str], ...]
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the program with the mistake."""
        text = COURSE.find(self.exercise).reference_path.read_text(encoding="utf-8")
        for old, new in self.changes:
            assert old in text, old
            text = text.replace(old, new)
        return text


def of_convolution(old: str, new: str, *words: str) -> Mistake:
    """Return a mistake in exercise 1."""
    return Mistake("01_convolution", ((old, new),), words)


def of_loops(*words: str, **changed: str) -> Mistake:
    """Return a mistake in a `conv2d` that is written with loops."""
    return of_convolution(FORWARD, LOOPS.format(**{**USUAL, **changed}), *words)


MISTAKES = {
    "a syntax error": of_convolution(
        "    for ki in range(KH):", "    for ki in range(KH)", "Python cannot read this line", "for ki in range(KH)"
    ),
    "a missing return": of_convolution(
        FORWARD, FORWARD.replace("return y + b", "y + b"), "conv2d returned None", "is there a `return`?"
    ),
    "results in the wrong order": of_convolution(
        BACKWARD,
        "    return dw, _cropped(d_padded, x, pads), dy.sum(axis=(0, 1, 2))\n",
        "dx has shape (2, 2, 1, 1)",
        "In which order",
    ),
    "a scalar db": of_convolution(BACKWARD, BACKWARD.replace("axis=(0, 1, 2)", ""), "db", "()", "(1,)"),
    "a stride that is off by one": of_loops(
        "Moves the kernel by the stride", row="i * (SH + 1)", column="j * (SW + 1)"
    ),
    "a bias that is forgotten in conv2d_step": of_convolution(STEP, STEP.replace(" + b", ""), "conv2d_step", "bias"),
    "an integer padding that is not handled": of_convolution(
        "            pad = (int(padding), int(padding))\n",
        "            pass\n",
        "UnboundLocalError",
        "if the padding is the number 0",
    ),
    "a mask of the wrong shape": Mistake(
        "03_dropout",
        (("keep = rng.random(x.shape) >= rate", "keep = rng.random(x.shape[:-1]) >= rate"),),
        ("mask", "shape"),
    ),
    "a momentum that is swapped": Mistake(
        "04_batch_norm",
        ((BLEND, BLEND.replace("momentum)", "1 - momentum)")),),
        ("new_mean", "momentum"),
    ),
    "eps outside the root": Mistake(
        "04_batch_norm",
        (("np.sqrt(var + eps)", "(np.sqrt(var) + eps)"),),
        ("eps", "root"),
    ),
    "a loop without an end": of_convolution(
        FORWARD,
        FORWARD.replace("    return y + b", "        ki = 0\n    while ki < KH:\n        pass\n    return y + b"),
        "conv2d took longer than",
        "seconds",
    ),
    "a name with a typo": of_convolution(
        FORWARD, FORWARD.replace("return y + b", "return y + bias"), "NameError", "name 'bias' is not defined", "line"
    ),
    "an output array of integers": of_loops("int64", "too coarse", dtype=", dtype=int"),
    "an output that is allocated with OH twice": of_loops(
        "conv2d, line", "about rows, and which about columns", shape="(len(x), OH, OH, C_out)"
    ),
}
"""The mistakes but one: a file of another exercise is refused before it is graded."""
