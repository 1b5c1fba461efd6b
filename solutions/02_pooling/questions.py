"""Questions for exercise 2, generated from a seed: each wrong answer is what one misconception computes."""


def _told(rows):
    return " / ".join(" ".join(f"{value:g}" for value in row) for row in rows)


def _below(rows):
    """Return a map with one row per line; a slash ends each row, for output that joins the lines."""
    return " /\n".join(" ".join(f"{value:>2}" for value in row) for row in rows)


def _pooled(rows, how, size=2, stride=2):
    return [
        [
            how([rows[i + a][j + b] for a in range(size) for b in range(size)])
            for j in range(0, len(rows[0]) - size + 1, stride)
        ]
        for i in range(0, len(rows) - size + 1, stride)
    ]


def _mean(values):
    return sum(values) / len(values)


def max_by_hand(draw):
    """Ask for max pooling of a small map by hand."""
    rows = [[draw.randint(-9, 9) for _ in range(4)] for _ in range(4)]
    return {
        "parameters": {"rows": rows},
        "ask": f"What does 2 x 2 max pooling with stride 2 return for this map? A slash ends a row.\n{_below(rows)}",
        "right": _told(_pooled(rows, max)),
        "because": f"The first block holds {rows[0][0]}, {rows[0][1]}, {rows[1][0]}, {rows[1][1]}; the largest is "
        f"{max(rows[0][0], rows[0][1], rows[1][0], rows[1][1])}.",
        "wrong": [
            {"answer": _told(_pooled(rows, lambda v: max(0, *v))), "misconception": "pool.max-starts-at-zero", "because": "The largest of negative numbers is negative."},
            {"answer": _told(_pooled(rows, lambda v: max(map(abs, v)))), "misconception": "pool.max-of-absolute", "because": "The sign counts: -9 is less than 1."},
            {"answer": _told(_pooled(rows, _mean)), "misconception": "pool.mode-ignored-max", "because": "This is average pooling."},
            {"answer": _told(_pooled(rows, max, stride=1)), "misconception": "pool.stride-default-1", "because": "The window moves by two."},
        ],
    }  # fmt: skip


def average_by_hand(draw):
    """Ask for average pooling of a small map by hand."""
    rows = [[draw.randint(0, 12) for _ in range(4)] for _ in range(2)]
    return {
        "parameters": {"rows": rows},
        "ask": f"What does 2 x 2 average pooling with stride 2 return for this map? A slash ends a row.\n{_below(rows)}",
        "right": _told(_pooled(rows, _mean)),
        "because": f"({rows[0][0]} + {rows[0][1]} + {rows[1][0]} + {rows[1][1]}) / 4 = "
        f"{_mean([rows[0][0], rows[0][1], rows[1][0], rows[1][1]]):g}; the other block works the same way.",
        "wrong": [
            {"answer": _told(_pooled(rows, sum)), "misconception": "pool.avg-is-sum", "because": "This is the sum; divide it by 4."},
            {"answer": _told(_pooled(rows, max)), "misconception": "pool.mode-ignored-avg", "because": "This is max pooling."},
            {"answer": _told(_pooled(rows, lambda v: _mean(sorted(v)[1:3]))), "misconception": "pool.avg-is-median", "because": "This is the median. The smallest and the largest count too."},
            {"answer": _told(_pooled(rows, _mean, stride=1)), "misconception": "pool.stride-default-1", "because": "The window moves by two."},
        ],
    }  # fmt: skip


def pooled_size(draw):
    """Ask for the size of a pooled map."""
    n, size, channels = draw.randint(7, 64), draw.choice([2, 3, 4]), draw.choice([8, 16, 32])
    right = n // size

    def told(side, depth):
        return f"{side} x {side} x {depth}"

    return {
        "parameters": {"n": n, "size": size, "channels": channels},
        "ask": f"You apply {size} x {size} max pooling to a map of {n} x {n} x {channels}, with the default stride and padding of Keras. What comes out?",
        "right": told(right, channels),
        "because": f"The stride is the size of the window: floor(({n} - {size}) / {size}) + 1 = {right}. Each channel is pooled separately.",
        "wrong": [
            {"answer": told(n - size + 1, channels), "misconception": "pool.stride-default-1", "because": "The default stride is the size of the window."},
            {"answer": told(-(-n // size), channels), "misconception": "pool.keeps-partial-windows", "because": "A window that does not fit is left out."},
            {"answer": told(right, channels // size), "misconception": "pool.depth-shrinks-too", "because": "Pooling does not change the depth."},
            {"answer": told(right, 1), "misconception": "pool.across-channels", "because": "Each channel is pooled separately, and all channels are kept."},
            {"answer": told(n // 2, channels), "misconception": "pool.assumes-2x2", "because": f"The window is {size} x {size}."},
        ],
    }  # fmt: skip


def gradient_of_max(draw):
    """Ask where the gradient of max pooling goes."""
    block = draw.sample(range(-9, 10), 4)
    dy = draw.choice([2, 3, 4, 5, 6, 8])
    largest = max(block)

    def told(values):
        return " ".join(f"{value:g}" for value in values)

    return {
        "parameters": {"block": block, "dy": dy},
        "ask": f"One window of max pooling holds {told(block)}, and the gradient of its output is {dy}. What are the gradients of the four inputs?",
        "right": told([dy if v == largest else 0 for v in block]),
        "because": f"Only {largest} reached the output, so only it gets the gradient.",
        "wrong": [
            {"answer": told([dy] * 4), "misconception": "poolb.max-gradient-to-everyone", "because": "The other inputs did not change the output."},
            {"answer": told([dy / 4] * 4), "misconception": "poolb.max-gradient-shared-out", "because": "This is what average pooling does."},
            {"answer": told([dy * v if v == largest else 0 for v in block]), "misconception": "poolb.max-gradient-times-value", "because": "The output equals the largest input, so the slope is 1."},
            {"answer": told([v if v == largest else 0 for v in block]), "misconception": "poolb.gradient-is-the-value", "because": "This is the value, not the gradient."},
        ],
    }  # fmt: skip


def pooled_twice(draw):
    """Ask for the size of a map after two pooling layers."""
    n = draw.randint(16, 99)
    once = n // 2
    return {
        "parameters": {"n": n},
        "ask": f"You apply 2 x 2 max pooling with stride 2, without padding, twice to a map of {n} x {n}. How many rows are left?",
        "right": once // 2,
        "because": f"{n} becomes {once}, and {once} becomes {once // 2}. A row that does not fill a window is left out each time.",
        "wrong": [
            {"answer": (n + 3) // 4, "misconception": "pool.keeps-partial-windows", "because": "A window that does not fit is left out."},
            {"answer": once, "misconception": "pool.pooled-for-good", "because": "That is the size after the first pooling."},
            {"answer": n - 2, "misconception": "pool.stride-default-1", "because": "The window moves by two."},
            {"answer": once // 2 - 1, "misconception": "pool.loop-one-short", "because": "The last window that fits counts too."},
            {"answer": n // 4 // 4, "misconception": "pool.quarter-of-the-rows", "because": "A quarter of the numbers is left each time, but half of the rows."},
        ],
    }  # fmt: skip


def average_of_window(draw):
    """Ask for the mean of one window."""
    window = draw.sample(range(-6, 13), 4)
    if sum(window) % 4:
        return None
    right = sum(window) // 4
    middle = sorted(window)[1:3]
    return {
        "parameters": {"window": window},
        "ask": f"What does average pooling give for a window of {', '.join(map(str, window))}?",
        "right": right,
        "because": f"The sum is {sum(window)}; divided by 4, it is {right}.",
        "wrong": [
            {"answer": sum(window), "misconception": "pool.avg-is-sum", "because": "Divide the sum by the number of pixels."},
            {"answer": max(window), "misconception": "pool.mode-ignored-avg", "because": "This is max pooling."},
            {"answer": sum(middle) / 2, "misconception": "pool.avg-is-median", "because": "This is the median. The smallest and the largest count too."},
        ],
    }  # fmt: skip


def rows_of_pooled(draw):
    """Ask for the rows of a pooled map whose size may leave a remainder."""
    size = draw.choice([2, 3])
    n = draw.randint(7, 40)
    if n % size == 0 and draw.random() < 0.7:
        return None
    return {
        "parameters": {"n": n, "size": size},
        "ask": f"You apply {size} x {size} max pooling without padding to a map of {n} x {n}, with the default stride. How many rows come out?",
        "right": n // size,
        "because": f"{n // size} windows of {size} rows fit into {n}" + (f", with {n % size} left over." if n % size else "."),
        "wrong": [
            {"answer": -(-n // size), "misconception": "pool.keeps-partial-windows", "because": "A window that does not fit is left out."},
            {"answer": n - size + 1, "misconception": "pool.stride-default-1", "because": "The default stride is the size of the window."},
            {"answer": n // size**2, "misconception": "pool.quarter-of-the-rows", "because": "The number of pixels is divided by the square of the size, the number of rows only by the size."},
        ],
    }  # fmt: skip


def global_average(draw):
    """Ask how many numbers global average pooling returns."""
    side, channels = draw.choice([4, 5, 7, 8, 14]), draw.choice([16, 32, 64, 128, 256])
    return {
        "parameters": {"side": side, "channels": channels},
        "ask": f"How many numbers does global average pooling return for a map of {side} x {side} x {channels}?",
        "right": channels,
        "because": f"One mean for each of the {channels} channels.",
        "wrong": [
            {"answer": side * side, "misconception": "pool.mean-over-channels", "because": "It averages over positions, not over channels."},
            {"answer": 1, "misconception": "pool.global-over-channels", "because": "Each channel keeps its own number."},
            {"answer": side * side * channels, "misconception": "pool.global-is-flatten", "because": "That is the whole map, without any pooling."},
            {"answer": side * channels, "misconception": "pool.global-one-axis", "because": "It averages over rows and columns, not over one of them."},
            {"answer": channels // 2, "misconception": "pool.depth-shrinks-too", "because": "Pooling keeps the depth."},
            {"answer": channels + 1, "misconception": "pool.global-one-mean-more", "because": "There is one mean for each channel, and nothing more."},
        ],
    }  # fmt: skip
