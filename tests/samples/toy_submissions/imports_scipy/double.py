import numpy as np
import scipy.signal


def double(x):
    return scipy.signal.convolve(x, np.array([2]))


def split(n, parts=2):
    return n // parts, n - n // parts
