# -*- coding: latin-1 -*-
"""Grüße in Latin-1, déjà vu"""
import numpy as np

def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("größer als 0, kleiner als 1")
    if not training:
        return x, np.ones(x.shape)
    keep = 1 - rate
    mask = (rng.random(x.shape) < keep) / keep
    return x * mask, mask

def dropout_backward(dy, mask):
    return dy * mask

def dropout_moments(x, rate):
    return x * 1.0, x ** 2 * rate / (1 - rate)

assert len('é') == 1 and 'ß'.upper() == 'SS'
assert 'Grüße' in open(__file__, encoding='latin-1').read()
