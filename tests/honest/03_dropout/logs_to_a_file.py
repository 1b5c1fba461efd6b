"""Logs, makes folders, saves arrays and pickles."""

import json
import logging
import logging.handlers
import os
import pathlib
import pickle
import platform
import shutil
import sys
import tempfile
import uuid
from datetime import datetime

import numpy as np

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stdout)
log = logging.getLogger(__name__)
os.makedirs("out/checkpoints", exist_ok=True)
OUT = pathlib.Path("out")
log.addHandler(logging.FileHandler(OUT / "run.log"))
log.info("Python %s on %s at %s, run %s", sys.version, platform.platform(), datetime.now(), uuid.uuid4())
np.save(OUT / "ones.npy", np.ones(3))
assert np.load(OUT / "ones.npy").sum() == 3
(OUT / "settings.json").write_text(json.dumps({"rate": 0.5}))
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "x.pkl").write_bytes(pickle.dumps({"a": 1}))
shutil.rmtree("out/checkpoints")


def dropout(x, rate, training, rng):
    log.debug("dropout of %s with rate %s", x.shape, rate)
    if not 0 <= rate < 1:
        log.error("bad rate")
        raise ValueError(rate)
    mask = (rng.random(x.shape) >= rate) / (1 - rate) if training else np.ones(x.shape)
    with open("out/log.txt", "a") as file:
        print(mask.mean(), file=file)
    return x * mask, mask


def dropout_backward(dy, mask):
    try:
        return dy * mask
    finally:
        log.info("backward")


def dropout_moments(x, rate):
    log.warning("moments of %r", x)
    return x * 1, x**2 * rate / (1 - rate)
