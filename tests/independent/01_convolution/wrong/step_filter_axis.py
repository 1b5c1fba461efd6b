"""Based on: beginner
Kind: single
Function: conv2d_step
Mistake: Picks a filter along the third axis of w, thinking that filters come before channels.
"""


def conv2d_step(patch, w, b):
    results = []
    for filter_number in range(w.shape[2]):
        one_filter = w[:, :, filter_number, :]
        products = patch * one_filter
        results.append(products.sum() + b[filter_number])
    return np.array(results)
