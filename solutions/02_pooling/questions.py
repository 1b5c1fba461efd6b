"""Questions of exercise 2, drawn from a seed: each distractor is what one named misunderstanding computes."""


def _told(rows):
    return " / ".join(" ".join(f"{value:g}" for value in row) for row in rows)


def _below(rows):
    """A map with a row on each line; where lines are joined, the stroke still parts the rows."""
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
    """Max pooling of a small map by hand."""
    rows = [[draw.randint(-9, 9) for _ in range(4)] for _ in range(4)]
    return {
        "parameters": {"rows": rows},
        "ask": f"What does max pooling of 2 x 2 with stride 2 make of this map? A stroke ends a row.\n{_below(rows)}",
        "right": _told(_pooled(rows, max)),
        "because": f"The first block holds {rows[0][0]}, {rows[0][1]}, {rows[1][0]}, {rows[1][1]}: the largest is "
        f"{max(rows[0][0], rows[0][1], rows[1][0], rows[1][1])}.",
        "wrong": [
            {"answer": _told(_pooled(rows, lambda v: max(0, *v))), "misconception": "pool.max-starts-at-zero", "because": "The largest of negative numbers is negative."},
            {"answer": _told(_pooled(rows, lambda v: max(map(abs, v)))), "misconception": "pool.max-of-absolute", "because": "Signs count: -9 is less than 1."},
            {"answer": _told(_pooled(rows, _mean)), "misconception": "pool.mode-ignored-max", "because": "This is average pooling."},
            {"answer": _told(_pooled(rows, max, stride=1)), "misconception": "pool.stride-default-1", "because": "The window moves by two."},
        ],
    }  # fmt: skip


def average_by_hand(draw):
    """Average pooling of a small map by hand."""
    rows = [[draw.randint(0, 12) for _ in range(4)] for _ in range(2)]
    return {
        "parameters": {"rows": rows},
        "ask": f"What does average pooling of 2 x 2 with stride 2 make of this map? A stroke ends a row.\n{_below(rows)}",
        "right": _told(_pooled(rows, _mean)),
        "because": f"({rows[0][0]} + {rows[0][1]} + {rows[1][0]} + {rows[1][1]}) / 4 = "
        f"{_mean([rows[0][0], rows[0][1], rows[1][0], rows[1][1]]):g}, and the same for the other block.",
        "wrong": [
            {"answer": _told(_pooled(rows, sum)), "misconception": "pool.avg-is-sum", "because": "A sum is not divided by the four."},
            {"answer": _told(_pooled(rows, max)), "misconception": "pool.mode-ignored-avg", "because": "This is max pooling."},
            {"answer": _told(_pooled(rows, lambda v: _mean(sorted(v)[1:3]))), "misconception": "pool.avg-is-median", "because": "This is the median: the outer two count as well."},
            {"answer": _told(_pooled(rows, _mean, stride=1)), "misconception": "pool.stride-default-1", "because": "The window moves by two."},
        ],
    }  # fmt: skip


def pooled_size(draw):
    """The size of a pooled map."""
    n, size, channels = draw.randint(7, 64), draw.choice([2, 3, 4]), draw.choice([8, 16, 32])
    right = n // size

    def told(side, depth):
        return f"{side} x {side} x {depth}"

    return {
        "parameters": {"n": n, "size": size, "channels": channels},
        "ask": f"A map of {n} x {n} x {channels} meets max pooling of {size} x {size}; stride and padding are left at Keras' defaults. What comes out?",
        "right": told(right, channels),
        "because": f"The stride is the window's: floor(({n} - {size}) / {size}) + 1 = {right}. Each channel is pooled by itself.",
        "wrong": [
            {"answer": told(n - size + 1, channels), "misconception": "pool.stride-default-1", "because": "Left out, the stride is the window's size."},
            {"answer": told(-(-n // size), channels), "misconception": "pool.keeps-partial-windows", "because": "A window that does not fit is left out."},
            {"answer": told(right, channels // size), "misconception": "pool.depth-shrinks-too", "because": "Pooling does not touch the depth."},
            {"answer": told(right, 1), "misconception": "pool.across-channels", "because": "Each channel is pooled by itself, and none is lost."},
            {"answer": told(n // 2, channels), "misconception": "pool.assumes-2x2", "because": f"The window is {size} x {size}."},
        ],
    }  # fmt: skip


def gradient_of_max(draw):
    """Where the gradient of a max pooling goes."""
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
            {"answer": told([dy] * 4), "misconception": "poolb.max-gradient-to-everyone", "because": "The others changed nothing in the output."},
            {"answer": told([dy / 4] * 4), "misconception": "poolb.max-gradient-shared-out", "because": "This is what average pooling does."},
            {"answer": told([dy * v if v == largest else 0 for v in block]), "misconception": "poolb.max-gradient-times-value", "because": "The output is the value itself: its slope is 1."},
            {"answer": told([v if v == largest else 0 for v in block]), "misconception": "poolb.gradient-is-the-value", "because": "This is the value, not the gradient."},
        ],
    }  # fmt: skip


def pooled_twice(draw):
    """The size of a map after two poolings."""
    n = draw.randint(16, 99)
    once = n // 2
    return {
        "parameters": {"n": n},
        "ask": f"A map of {n} x {n} meets max pooling of 2 x 2 with stride 2, without padding, twice. How many rows are left?",
        "right": once // 2,
        "because": f"{n} becomes {once}, and {once} becomes {once // 2}: each time a row that fills no window is left out.",
        "wrong": [
            {"answer": (n + 3) // 4, "misconception": "pool.keeps-partial-windows", "because": "A window that does not fit is left out."},
            {"answer": once, "misconception": "pool.pooled-for-good", "because": "This is what the first pooling leaves."},
            {"answer": n - 2, "misconception": "pool.stride-default-1", "because": "The window moves by two."},
            {"answer": n // 4 // 4, "misconception": "pool.quarter-of-the-rows", "because": "A quarter of the numbers is left each time, and that is half of the rows."},
        ],
    }  # fmt: skip
