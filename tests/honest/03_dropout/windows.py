"""Written in Notepad: a mark at the beginning, CRLF, tabs, no line end."""
import numpy as np

def dropout(x, rate, training, rng):
	if not 0 <= rate < 1:
		raise ValueError("Rate ist unmöglich")
	if not training:
		return x, np.ones(x.shape)
	keep = 1 - rate
	mask = (rng.random(x.shape) < keep) / keep
	return x * mask, mask

def dropout_backward(dy, mask):
	return dy * mask

def dropout_moments(x, rate):
	return x * 1.0, x ** 2 * rate / (1 - rate)