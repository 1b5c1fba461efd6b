"""At its top level it asks for a number, reads a data set, asks the network and starts programs."""

import os
import socket
import subprocess
import sys
import urllib.request

import numpy as np

try:
    RATE = float(input("Rate? ") or 0.5)
except EOFError:
    RATE = 0.5
name = input("And your name? ")
subprocess.run([sys.executable, "-m", "pip", "install", "numpy"], check=True)
os.system("pip install scipy")
DATA = np.loadtxt("../data/digits.csv", delimiter=",")


@np.vectorize
def odds(rate):
    return rate / (1 - rate)


with urllib.request.urlopen("http://yann.lecun.com/exdb/mnist/") as page:
    page.read()
socket.create_connection(("example.org", 80)).close()
images = np.load("mnist.npz")["x_train"]
print(DATA.shape if "DATA" in globals() else "no data", images.shape)


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x * 1.0, x**2 * odds(rate)
