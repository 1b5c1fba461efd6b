"""Gives every row to a process of a pool."""

import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing.dummy import Pool as ThreadPool
from multiprocessing.pool import ThreadPool as OtherThreadPool

import numpy as np

mp.set_start_method("spawn", force=True)


def _keep(draws, rate):
    return np.where(draws < rate, 0.0, 1.0 / (1.0 - rate))


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError
    if not training:
        return x, np.ones(x.shape)
    draws = rng.random(x.shape)
    with mp.Pool(mp.cpu_count() or 2) as pool:
        mask = np.array(pool.map(partial(_keep, rate=rate), draws)).reshape(x.shape)
    return x * mask, mask


def dropout_backward(dy, mask):
    pool = ThreadPool(2)
    try:
        return np.array(pool.starmap(np.multiply, zip(dy, mask))).reshape(dy.shape)
    finally:
        pool.close()
        pool.join()


def dropout_moments(x, rate):
    with ProcessPoolExecutor(max_workers=2) as executor:
        mean = np.array(list(executor.map(float, x.reshape(-1)))).reshape(x.shape)
    with OtherThreadPool() as pool:
        square = pool.apply_async(np.square, (x,)).get(timeout=10)
    with mp.Manager() as manager:
        shared = manager.dict(rate=rate)
        process = mp.Process(target=shared.update, args=({"odds": rate / (1 - rate)},))
        process.start()
        process.join()
        return mean, square * shared["odds"]


if __name__ == "__main__":
    mp.freeze_support()
    print(dropout(np.ones((4, 5)), 0.5, True, np.random.default_rng()))
