"""Based on: beginner
Kind: double
Function: conv2d_step
Mistake: Looks only at the first channel of the patch; and adds the bias to every product.
"""


def conv2d_step(patch, w, b):
    results = []
    for filter_number in range(w.shape[3]):
        one_filter = w[:, :, 0, filter_number]
        products = patch[:, :, 0] * one_filter + b[filter_number]
        results.append(products.sum())
    return np.array(results)
