"""Gives every row to a thread."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import Queue

import numpy as np

lock = threading.Lock()
calls = 0


def _count():
    global calls
    with lock:
        calls += 1


def dropout(x, rate, training, rng):
    _count()
    if not 0 <= rate < 1:
        raise ValueError("rate is out of range")
    if not training:
        return x, np.ones(x.shape)
    draws = rng.random(x.shape)
    mask = np.empty(x.shape)
    flat, flat_draws = mask.reshape(-1), draws.reshape(-1)

    def work(places):
        flat[places] = np.where(flat_draws[places] < rate, 0, 1 / (1 - rate))

    threads = [threading.Thread(target=work, args=(part,), daemon=True) for part in np.array_split(np.arange(x.size), 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return x * mask, mask


def dropout_backward(dy, mask):
    with ThreadPoolExecutor(max_workers=4) as pool:
        rows = list(pool.map(np.multiply, dy, mask))
    return np.array(rows).reshape(dy.shape)


def dropout_moments(x, rate):
    with ThreadPoolExecutor() as executor:
        jobs = {executor.submit(np.multiply, x, 1.0): "mean", executor.submit(np.square, x): "square"}
        found = {jobs[job]: job.result() for job in as_completed(jobs)}
    queue = Queue()
    thread = threading.Thread(target=lambda: queue.put(found["square"] * rate / (1 - rate)))
    thread.start()
    thread.join(timeout=5)
    assert not thread.is_alive()
    return found["mean"], queue.get()
