# prints whatever it sees, while it is loaded and in every call
import sys
import numpy as np

for i in range(40_000):
    print("line", i, "of many lines that were printed while the file was imported: " + "=" * 60)
sys.stderr.write("E" * 3_000_000 + "\n")
print("no line end, and a lone surrogate \\udc80 spelled out", end="")


def dropout(x, rate, training, rng):
    print("dropout got", x, "and", rate, file=sys.stderr)
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be at least 0 and below 1, not " + repr(rate))
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) >= rate).astype(float) / (1.0 - rate)
    print(repr(mask.tolist()))
    return x * mask, mask


def dropout_backward(dy, mask):
    print("\x1b[31mbackward\x1b[0m", dy.shape, flush=True)
    return dy * mask


def dropout_moments(x, rate):
    print("-" * 500_000)
    return x * 1.0, x * x * (rate / (1.0 - rate))
