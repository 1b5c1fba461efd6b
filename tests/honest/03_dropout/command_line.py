#!/usr/bin/env python3
"""usage: dropout.py [--rate RATE]

Works as a script, wherever it lies, and reads its own source.
"""

import argparse
import inspect
import os
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
os.chdir(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, str(HERE.parent))
sys.path.append(os.path.join(os.path.dirname(__file__), ".."))

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rate", type=float, default=0.5)
parser.add_argument("--verbose", action="store_true")
args = parser.parse_args()
assert Path(sys.argv[0]).name == Path(__file__).name and len(sys.argv) == 1

with open(__file__, encoding="utf-8") as file:
    SOURCE = file.read()
assert "def dropout_backward" in SOURCE


def dropout(x, rate=args.rate, training=True, rng=None):
    if rate < 0 or 1 <= rate:
        raise ValueError(parser.format_usage())
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x + 0.0, x**2 * rate / (1 - rate)


assert inspect.getsource(dropout_backward).startswith("def dropout_backward")

if __name__ == "__main__":
    from sklearn.datasets import load_digits

    sys.exit(print(dropout(load_digits().images, args.rate, True, np.random.default_rng())))
