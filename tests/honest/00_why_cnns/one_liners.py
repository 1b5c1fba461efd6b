# everything is a lambda; whole modules are poured into the file
from functools import *
from itertools import *
from math import *
from operator import *
from os.path import *
from string import *
import os, sys, numpy as np; from collections import *

two = lambda v: (v, v) if isinstance(v, int) else v
dense_params = lambda n_in, n_out, bias=True: n_in * n_out + bias * n_out
conv_params = lambda kernel_size, c_in, c_out, bias=True: reduce(mul, two(kernel_size)) * c_in * c_out + (bias and c_out)
conv_output_shape = lambda hw, kernel_size, stride=1, padding="valid": tuple(
    ceil(n / s) if padding == "same" else floor((n + 2 * (padding if padding != "valid" else 0) - k) / s) + 1
    for n, k, s in zip(hw, two(kernel_size), two(stride)))
moved = lambda n, d: np.eye(n, n, -d)
shift2d = lambda x, dy, dx: (
    moved(x.shape[0], dy) @ x @ moved(x.shape[1], dx).T if x.ndim == 2 else
    np.einsum("ia,jb,...abc->...ijc", moved(x.shape[-3], dy), moved(x.shape[-2], dx), x))
equivariance_gap = lambda f, x, dy, dx: max(
    starmap(compose := lambda a, b: abs(a - b), zip(f(shift2d(x, dy, dx)).flat, shift2d(f(x), dy, dx).flat)), default=0)

if basename(__file__) != "why_cnns.py": sys.exit(1)
