"""Questions for exercise 1, generated from a seed: each wrong answer is what one misconception computes."""


def _ceil(a, b):
    return -(-a // b)


def output_size(draw):
    """Ask for the size of a convolution's output with an integer padding."""
    n, k, s, p = draw.randint(6, 64), draw.choice([3, 5, 7]), draw.randint(1, 4), draw.randint(0, 3)
    if k > n + 2 * p:
        return None
    right = (n + 2 * p - k) // s + 1
    return {
        "parameters": {"n": n, "k": k, "s": s, "p": p},
        "ask": f"An image has {n} rows, the kernel has {k} rows, the stride is {s}, and {p} {'zero is' if p == 1 else 'zeros are'} added on every side. "
        "How many rows does the output have?",
        "right": right,
        "because": f"floor(({n} + 2*{p} - {k}) / {s}) + 1 = floor({n + 2 * p - k} / {s}) + 1 = {right}.",
        "wrong": [
            {"answer": right - 1, "misconception": "conv.output-off-by-one", "because": "The window at the start counts too, so add 1."},
            {"answer": _ceil(n + 2 * p - k, s) + 1, "misconception": "conv.output-ceil", "because": "A window that does not fit is left out: round down."},
            {"answer": n + 2 * p - k + 1, "misconception": "conv.stride-ignored", "because": f"The window moves {s} rows at a time."},
            {"answer": (n + p - k) // s + 1, "misconception": "why.pads-once", "because": "Zeros are added at the top and at the bottom."},
            {"answer": right + 1, "misconception": "conv.output-one-too-many", "because": "One window more would end outside the image."},
            {"answer": (n - k) // s + 1, "misconception": "conv.size-before-padding", "because": "The zeros make the image larger."},
            {"answer": n, "misconception": "conv.output-like-input", "because": 'Only padding "same" with stride 1 keeps the size.'},
        ],
    }  # fmt: skip


def same_size(draw):
    """Ask for the size of a convolution's output with padding "same"."""
    n, k, s = draw.randint(5, 64), draw.choice([2, 3, 4, 5]), draw.randint(2, 5)
    right = _ceil(n, s)
    return {
        "parameters": {"n": n, "k": k, "s": s},
        "ask": f'An image has {n} rows, the kernel has {k} rows, the stride is {s}, and the padding is "same". How many rows does the output have?',
        "right": right,
        "because": f"ceil({n} / {s}) = {right}: one window for each stride that starts in the image.",
        "wrong": [
            {"answer": n, "misconception": "conv.same-means-input-size", "because": "At a stride above 1 the map shrinks."},
            {"answer": n // s, "misconception": "why.same-floor", "because": "The last, incomplete stride gets a window too, thanks to the zeros."},
            {"answer": (n - k) // s + 1, "misconception": "why.same-is-valid", "because": "This is the size without padding."},
            {"answer": right + 1, "misconception": "why.same-one-too-many", "because": "No window starts after the end of the image."},
            {"answer": _ceil(n + k - 1, s), "misconception": "conv.same-covers-every-shift", "because": "That many windows touch the image at all; with \"same\", each stride has one."},
            {"answer": n // (s + 1), "misconception": "conv.stride-is-one-more", "because": "The window moves by the stride, not by one more."},
            {"answer": max(1, right - 1), "misconception": "conv.output-off-by-one", "because": "The window at the start counts too."},
        ],
    }  # fmt: skip


def same_zeros(draw):
    """Ask how padding "same" distributes its zeros."""
    n, k, s = draw.randint(5, 40), draw.choice([2, 3, 4, 5, 6]), draw.randint(1, 3)
    total = max((_ceil(n, s) - 1) * s + k - n, 0)
    before, after = total // 2, total - total // 2
    told = [f"{before} before and {after} after", f"{after} before and {before} after"]
    beliefs = [
        (told[1], "conv.same-extra-pad-first", "The odd zero goes at the end, as in Keras."),
        (f"{k // 2} before and {k // 2} after", "conv.same-half-kernel-both-sides", "The zeros fill what the windows lack, not half a kernel on each side. The two agree for odd kernels at stride 1, and sometimes in other cases."),
        (f"{(k - 1) // 2} before and {k - 1 - (k - 1) // 2} after", "conv.same-ignores-stride", "A larger stride needs fewer windows, and often fewer zeros."),
        (f"{before + 1} before and {after + 1} after", "conv.same-one-too-many", "Fewer zeros are needed."),
        ("0 before and 0 after", "why.same-is-valid", 'Without zeros, this is padding "valid".'),
    ]  # fmt: skip
    return {
        "parameters": {"n": n, "k": k, "s": s},
        "ask": f'An image has {n} rows, the kernel has {k} rows, the stride is {s}, and the padding is "same" as in Keras. How many rows of zeros are added?',
        "right": told[0],
        "because": f"ceil({n} / {s}) = {_ceil(n, s)} windows need {(_ceil(n, s) - 1) * s + k} rows, so {total} "
        f"{'is' if total == 1 else 'are'} missing; an odd one goes at the end.",
        "wrong": [{"answer": a, "misconception": m, "because": b} for a, m, b in beliefs],
    }


def by_hand(draw):
    """Ask for one row, convolved by hand."""
    x = [draw.randint(0, 5) for _ in range(4)]
    w = [draw.randint(-2, 3) for _ in range(2)]
    b = draw.randint(-2, 2)
    if w[0] == w[1]:
        return None  # flipping it would change nothing

    def slid(row, taps, bias):
        return [sum(row[i + j] * taps[j] for j in range(2)) + bias for i in range(len(row) - 1)]

    def told(values):
        return ", ".join(map(str, values))

    def signed(value):
        return f"({value})" if value < 0 else f"{value}"

    right = slid(x, w, b)

    def worked(j):
        products = " + ".join(f"{x[j + i]} x {signed(w[i])}" for i in range(2))
        return f"{products} + {signed(b)} = {right[j]}"

    return {
        "parameters": {"x": x, "w": w, "b": b},
        "ask": f"A convolutional layer has the kernel {told(w)}, bias {b}, stride 1 and no padding. What does it give for the row {told(x)}?",
        "right": told(right),
        "because": "; ".join(worked(j) for j in range(len(right))) + ". A layer does not flip the kernel.",
        "wrong": [
            {"answer": told(slid(x, w[::-1], b)), "misconception": "conv.true-convolution", "because": "Convolution in mathematics flips the kernel; a layer does not."},
            {"answer": told(slid(x, w, 0)), "misconception": "conv.bias-forgotten", "because": "Add the bias at every position."},
            {"answer": told([right[0] - b, *right[1:]]), "misconception": "conv.bias-not-everywhere", "because": "The bias is added at every position, the first one too."},
            {"answer": told(slid([0, *x, 0], w, b)), "misconception": "conv.half-kernel-always", "because": "There is no padding here: the kernel stays inside."},
            {"answer": told([max(v, 0) for v in right]), "misconception": "conv.activation-baked-in", "because": "A convolution itself has no activation."},
        ],
    }  # fmt: skip


def multiplications(draw):
    """Ask how many multiplications a convolution takes."""
    n, k, c_in, c_out = (
        draw.choice([8, 16, 28, 32]),
        draw.choice([3, 5]),
        draw.choice([1, 3, 8]),
        draw.choice([4, 8, 16]),
    )
    m = n - k + 1
    right = m * m * k * k * c_in * c_out
    return {
        "parameters": {"n": n, "k": k, "c_in": c_in, "c_out": c_out},
        "ask": f"{c_out} filters of {k} x {k} slide over an image of {n} x {n} with {c_in} channel{'s' * (c_in > 1)}, "
        "stride 1, no padding. How many multiplications does that take?",
        "right": right,
        "because": f"There are {m} x {m} positions with {k} x {k} x {c_in} products each, for {c_out} filters.",
        "wrong": [
            {"answer": n * n * k * k * c_in * c_out, "misconception": "conv.output-like-input", "because": f"Only {m} x {m} windows fit."},
            {"answer": m * m * k * k * c_out, "misconception": "why.channels-ignored", "because": "A filter is as deep as its input."},
            {"answer": k * k * c_in * c_out, "misconception": "conv.weights-used-once", "because": "That is the number of weights. Each one is used at every position."},
            {"answer": 2 * right, "misconception": "conv.additions-count", "because": "That counts the additions too."},
            {"answer": m * m * (k * k * c_in + 1) * c_out, "misconception": "conv.bias-multiplies", "because": "The bias is added, not multiplied."},
            {"answer": m * m * k * k * c_in, "misconception": "conv.filters-cost-nothing", "because": f"That is only one of the {c_out} filters."},
        ],
    }  # fmt: skip
