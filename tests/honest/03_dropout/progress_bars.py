"""Shows a progress bar in every loop."""

import numpy as np
from rich.progress import track
from tqdm import tqdm, trange
from tqdm.auto import tqdm as auto_tqdm
import tqdm.notebook


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    if training:
        flat = mask.reshape(-1)
        draws = rng.random(flat.size)
        for i in tqdm(range(flat.size), desc="dropping", leave=False):
            flat[i] = 1 / (1 - rate) if draws[i] >= rate else 0
    return x * mask, mask


def dropout_backward(dy, mask):
    dx = np.empty(dy.shape)
    progress = auto_tqdm(np.ndindex(dy.shape), total=dy.size)
    for place in progress:
        dx[place] = dy[place] * mask[place]
        progress.set_postfix(last=dx[place])
    return dx


def dropout_moments(x, rate):
    mean, variance = np.empty(x.shape), np.empty(x.shape)
    with tqdm.notebook.tqdm(total=x.size) as bar:
        for place, value in track(list(np.ndenumerate(x)), description="moments"):
            mean[place] = value
            variance[place] = value * value * rate / (1 - rate)
            bar.update(1)
    return mean, variance


for _ in trange(3):
    pass
