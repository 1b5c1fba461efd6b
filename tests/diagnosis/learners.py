"""Wrong programs as learners write them, not copied from our variants: with other loops, names and crashes."""

import numpy as np

from tests.grading import reference_functions


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def pads_of(n, k, s, padding):
    if padding == "valid":
        return 0, 0
    if padding == "same":
        missing = max((int(np.ceil(n / s)) - 1) * s + k - n, 0)
        return missing // 2, missing - missing // 2
    return padding, padding


# ---------------------------------------------------------------------------------------------- convolution


def convolve(x, w, b, stride, padding, *, bias=True, pads=pads_of, start=lambda i, s: i * s, places=None, weight=None):
    """Convolve with five loops, as most learners do first; each keyword turns on a mistake."""
    n_images, height, width, _ = x.shape
    kh, kw, _, filters = w.shape
    sh, sw = pair(stride)
    rows, columns = pads(height, kh, sh, padding), pads(width, kw, sw, padding)
    xp = np.zeros((n_images, height + sum(rows), width + sum(columns), x.shape[3]))
    xp[:, rows[0] : rows[0] + height, columns[0] : columns[0] + width, :] = x
    count = places or (lambda n, k, s: max((n - k) // s + 1, 0))
    out = np.zeros((n_images, count(xp.shape[1], kh, sh), count(xp.shape[2], kw, sw), filters))
    for n in range(n_images):
        for f in range(filters):
            kernel = w[:, :, :, f] if weight is None else weight(w[:, :, :, f])
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    top, left = start(i, sh), start(j, sw)
                    out[n, i, j, f] = np.sum(xp[n, top : top + kh, left : left + kw, :] * kernel) + (
                        b[f] if bias else 0
                    )
    return out


def one_too_many(n, k, s, padding):
    if padding == "same":
        p = ((n - 1) * s + k - n) // 2 + 1
        return p, p
    return pads_of(n, k, s, padding)


def no_bias(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding, bias=False)


def turned_kernel(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding, weight=lambda kernel: np.rot90(kernel, 2))


def no_bias_and_one_too_many(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding, bias=False, pads=one_too_many)


def half_a_kernel(x, w, b, stride=1, padding="valid"):
    return convolve(
        x, w, b, stride, padding, pads=lambda n, k, s, p: (k // 2, k // 2) if p == "same" else pads_of(n, k, s, p)
    )


def stride_in_the_index_only(x, w, b, stride=1, padding="valid"):
    """Use the stride in the index only, so that the last windows end outside the image and the product raises."""
    return convolve(x, w, b, stride, padding, places=lambda n, k, s: max(n - k + 1, 0))


def stride_in_the_shape_only(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding, start=lambda i, s: i)


def partial_windows(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding, places=lambda n, k, s: max(int(np.ceil((n - k) / s)) + 1, 0))


def transposed_kernel(x, w, b, stride=1, padding="valid"):
    """Transpose the kernel, which raises if it is not square."""
    return convolve(x, w, b, stride, padding, weight=lambda kernel: kernel.transpose(1, 0, 2))


def stride_in_the_shape_and_no_numbers_for_padding(x, w, b, stride=1, padding="valid"):
    """Accept two words for padding and raise for a number: a second mistake, which no misconception explains."""
    pads = {"valid": lambda n, k, s, p: (0, 0), "same": pads_of}[padding]
    return convolve(x, w, b, stride, padding, pads=pads, start=lambda i, s: i)


def in_an_array_of_integers(x, w, b, stride=1, padding="valid"):
    return convolve(x, w, b, stride, padding).astype(int)


def half_written(x, w, b, stride=1, padding="valid"):
    if padding != "valid":
        raise NotImplementedError("padding comes later")
    return convolve(x, w, b, stride, padding, bias=False)


def back(dy, x, w, stride, padding, *, crop, into=False, add=True, db=None, dw=None):
    n_images, height, width, _ = x.shape
    kh, kw, _, filters = w.shape
    sh, sw = pair(stride)
    rows, columns = pads_of(height, kh, sh, padding), pads_of(width, kw, sw, padding)
    xp = np.pad(x, ((0, 0), rows, columns, (0, 0)))
    d_xp, d_w, d_b = np.zeros_like(xp), np.zeros_like(w), np.zeros(filters)
    for n in range(n_images):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                for f in range(filters):
                    window = np.s_[n, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                    d_xp[window] = w[:, :, :, f] * dy[n, i, j, f] + (d_xp[window] if add or f else 0)
                    d_w[:, :, :, f] += xp[window] * dy[n, i, j, f]
                    d_b[f] += dy[n, i, j, f]
    dx = np.zeros_like(x)
    if into:
        dx[...] = crop(d_xp, rows, columns, x)
    else:
        dx = crop(d_xp, rows, columns, x)
    return dx, d_w if dw is None else dw(d_w, n_images), d_b if db is None else db(dy)


def rightly(d_xp, rows, columns, x):
    return d_xp[:, rows[0] : rows[0] + x.shape[1], columns[0] : columns[0] + x.shape[2]]


def minus(d_xp, rows, columns, x):
    return d_xp[:, rows[0] : -rows[1], columns[0] : -columns[1]]


def empty_crop(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=minus)


def empty_crop_that_raises(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=minus, into=True)


def empty_crop_for_a_number(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=rightly if padding in ("valid", "same") else minus)


def empty_crop_for_a_number_that_raises(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=rightly if padding in ("valid", "same") else minus, into=True)


def mean_of_the_bias(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=rightly, db=lambda d: d.mean(axis=(0, 1, 2)))


def dw_averaged(dy, x, w, stride=1, padding="valid"):
    """Average the gradient of the kernel, but not that of the bias."""
    return back(dy, x, w, stride, padding, crop=rightly, dw=lambda d, n: d / n)


def corner_and_dw_flipped(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=lambda d, r, c, x: d[:, : x.shape[1], : x.shape[2]],
                dw=lambda d, n: d[::-1, ::-1])  # fmt: skip


def corner_and_a_strange_db(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=lambda d, r, c, x: d[:, : x.shape[1], : x.shape[2]],
                db=lambda d: d.sum(axis=(0, 1, 2)) + 0.5)  # fmt: skip


def kept_padding(dy, x, w, stride=1, padding="valid"):
    return back(dy, x, w, stride, padding, crop=lambda d, r, c, x: d)


# -------------------------------------------------------------------------------------------------- pooling


def pooled(x, size, stride, padding, reduce, *, step=lambda size: size, best=None, whole=True):
    kh, kw = pair(size)
    sh, sw = pair(stride) if stride is not None else step((kh, kw))
    rows, columns = pads_of(x.shape[1], kh, sh, padding), pads_of(x.shape[2], kw, sw, padding)
    xp = np.pad(x, ((0, 0), rows, columns, (0, 0)), constant_values=np.nan if best is None else best)
    count = (lambda n, k, s: (n - k) // s + 1) if whole else (lambda n, k, s: int(np.ceil((n - k) / s)) + 1)
    oh, ow = max(count(xp.shape[1], kh, sh), 0), max(count(xp.shape[2], kw, sw), 0)
    out = np.zeros((len(x), oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = reduce(xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw], axis=(1, 2))
    return out


def padded_with_zeros(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, np.max, best=0.0)


def step_of_one(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, np.nanmax, step=lambda size: (1, 1))


def step_of_one_for_means(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, np.nanmean, step=lambda size: (1, 1))


def mean_with_zeros(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, np.mean, best=0.0)


def with_what_is_left(x, size=2, stride=None, padding="valid"):
    return pooled(x, size, stride, padding, np.nanmax, whole=False)


def winners(dy, x, size=2, stride=None, padding="valid"):
    """Assign the gradient instead of adding it, and give it to all maxima of a tie."""
    kh, kw = pair(size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    rows, columns = pads_of(x.shape[1], kh, sh, padding), pads_of(x.shape[2], kw, sw, padding)
    xp = np.pad(x, ((0, 0), rows, columns, (0, 0)), constant_values=-np.inf)
    d_xp = np.zeros_like(xp)
    for n, i, j, c in np.ndindex(dy.shape):
        window = xp[n, i * sh : i * sh + kh, j * sw : j * sw + kw, c]
        for a, b in zip(*np.where(window == window.max()), strict=True):
            d_xp[n, i * sh + a, j * sw + b, c] = dy[n, i, j, c]
    return d_xp[:, rows[0] : rows[0] + x.shape[1], columns[0] : columns[0] + x.shape[2]]


def shared_by_window_size(dy, x, size=2, stride=None, padding="valid"):
    kh, kw = pair(size)
    sh, sw = pair(stride) if stride is not None else (kh, kw)
    rows, columns = pads_of(x.shape[1], kh, sh, padding), pads_of(x.shape[2], kw, sw, padding)
    d_xp = np.zeros((len(x), x.shape[1] + sum(rows), x.shape[2] + sum(columns), x.shape[3]))
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            d_xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw] += dy[:, i : i + 1, j : j + 1] / (kh * kw)
    return d_xp[:, rows[0] : rows[0] + x.shape[1], columns[0] : columns[0] + x.shape[2]]


# ----------------------------------------------------------------------------------------------- batch norm


def normalised(x, gamma, beta, old_mean, old_var, momentum, eps, *, spread, blend=None, remembered=None):
    axes = (0, 1, 2) if x.ndim == 4 else 0
    mean, var = np.mean(x, axis=axes), np.mean((x - np.mean(x, axis=axes)) ** 2, axis=axes)
    blend = blend or (lambda old, new: momentum * old + (1 - momentum) * new)
    kept = var if remembered is None else remembered(var, x.size // x.shape[-1])
    return gamma * (x - mean) / spread(var, eps) + beta, blend(old_mean, mean), blend(old_var, kept)


def eps_outside(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    return normalised(x, gamma, beta, old_mean, old_var, momentum, eps, spread=lambda v, e: np.sqrt(v) + e)


def eps_outside_remembered_as_pytorch(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    return normalised(x, gamma, beta, old_mean, old_var, momentum, eps, spread=lambda v, e: np.sqrt(v) + e,
                      remembered=lambda v, n: v * n / (n - 1))  # fmt: skip


def eps_outside_for_tables(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    """Treat images rightly, so that the misconception explains all failed calls but contradicts others."""
    spread = (lambda v, e: np.sqrt(v) + e) if x.ndim == 2 else (lambda v, e: np.sqrt(v + e))
    return normalised(x, gamma, beta, old_mean, old_var, momentum, eps, spread=spread)


def eps_outside_in_rows(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    """Return statistics of shape (1, C), which are accepted."""
    y, mean, var = eps_outside(x, gamma, beta, old_mean, old_var, momentum, eps)
    return y, mean[None], var[None]


def momentum_swapped_in_a_list(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    return list(normalised(x, gamma, beta, old_mean, old_var, momentum, eps, spread=lambda v, e: np.sqrt(v + e),
                           blend=lambda old, new: (1 - momentum) * old + momentum * new))  # fmt: skip


def variance_of_the_batch_only(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    """Blend the mean but replace the variance, so that one result is wrong."""
    y, mean, _ = normalised(x, gamma, beta, old_mean, old_var, momentum, eps, spread=lambda v, e: np.sqrt(v + e))
    return y, mean, x.var(axis=tuple(range(x.ndim - 1)))


def each_on_its_own(x, gamma, beta, old_mean, old_var, momentum=0.99, eps=1e-3):
    """Normalise each example, which raises because its statistics do not fit those of features."""
    mean, var = x.mean(axis=-1), x.var(axis=-1)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return y, momentum * old_mean + (1 - momentum) * mean, momentum * old_var + (1 - momentum) * var


def variance_in_place_of_its_root(x, gamma, beta, mean, var, eps=1e-3):
    return beta + gamma * ((x - mean) / (var + eps))


def constants(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    inverse = 1 / np.sqrt(x.var(axis=axes) + eps)
    return gamma * dy * inverse, (dy * (x - x.mean(axis=axes)) * inverse).sum(axis=axes), dy.sum(axis=axes)


def constants_and_means(dy, x, gamma, eps=1e-3):
    """Compute dx by one misconception, dgamma and dbeta by another."""
    dx, dgamma, dbeta = constants(dy, x, gamma, eps)
    rows = x.size // x.shape[-1]
    return dx, dgamma / rows, dbeta / rows


# ------------------------------------------------------------------------------------------------ and others


def weights_only(n_in, n_out, bias=True):
    return np.zeros((n_out, n_in)).size


def rolled(x, dy, dx):
    rows = 0 if x.ndim == 2 else x.ndim - 3
    return np.roll(np.roll(x, dy, axis=rows), dx, axis=rows + 1)


def same_as_before(f, x, dy, dx):
    shifted = reference_functions("00_why_cnns")["shift2d"](x, dy, dx)
    return float(np.max(np.abs(f(shifted) - f(x))))


LEARNERS = (
    ("01_convolution", "conv2d", no_bias, ["conv.bias-forgotten"]),
    ("01_convolution", "conv2d_fast", no_bias, ["conv.bias-forgotten"]),
    ("01_convolution", "conv2d", turned_kernel, ["conv.true-convolution"]),
    ("01_convolution", "conv2d", no_bias_and_one_too_many, ["conv.bias-forgotten", "conv.same-one-too-many"]),
    ("01_convolution", "conv2d_fast", no_bias_and_one_too_many, ["conv.bias-forgotten", "conv.same-one-too-many"]),
    ("01_convolution", "conv2d", half_a_kernel, ["conv.same-half-kernel-both-sides"]),
    ("01_convolution", "conv2d", stride_in_the_index_only, ["conv.stride-only-in-index"]),
    ("01_convolution", "conv2d", stride_in_the_shape_only, ["conv.stride-only-in-shape"]),
    ("01_convolution", "conv2d", partial_windows, ["conv.output-ceil"]),
    ("01_convolution", "conv2d", transposed_kernel, ["conv.kernel-transposed"]),
    ("01_convolution", "conv2d", stride_in_the_shape_and_no_numbers_for_padding, ["conv.stride-only-in-shape"]),
    ("01_convolution", "conv2d", in_an_array_of_integers, ["conv.integer-output"]),
    ("01_convolution", "conv2d", half_written, ["conv.bias-forgotten"]),
    ("01_convolution", "conv2d_backward", empty_crop, ["convb.dx-crop-empty-when-pad-0"]),
    ("01_convolution", "conv2d_backward", empty_crop_that_raises, ["convb.dx-crop-empty-when-pad-0"]),
    ("01_convolution", "conv2d_backward", empty_crop_for_a_number, ["convb.dx-crop-empty-when-pad-0"]),
    ("01_convolution", "conv2d_backward", empty_crop_for_a_number_that_raises, ["convb.dx-crop-empty-when-pad-0"]),
    ("01_convolution", "conv2d_backward", mean_of_the_bias, ["convb.db-mean-all"]),
    ("01_convolution", "conv2d_backward", dw_averaged, ["convb.grads-averaged-over-batch"]),
    ("01_convolution", "conv2d_backward", corner_and_dw_flipped, ["convb.dx-cropped-from-corner", "convb.dw-flipped"]),
    ("01_convolution", "conv2d_backward", corner_and_a_strange_db, ["convb.dx-cropped-from-corner"]),
    ("01_convolution", "conv2d_backward", kept_padding, ["convb.dx-padding-kept"]),
    ("02_pooling", "max_pool2d", padded_with_zeros, ["pool.max-pads-with-zero"]),
    ("02_pooling", "max_pool2d", step_of_one, ["pool.stride-default-1"]),
    ("02_pooling", "avg_pool2d", step_of_one_for_means, ["pool.stride-default-1"]),
    ("02_pooling", "avg_pool2d", mean_with_zeros, ["pool.avg-counts-padding"]),
    ("02_pooling", "max_pool2d", with_what_is_left, ["pool.keeps-partial-windows"]),
    ("02_pooling", "max_pool2d_backward", winners, ["poolb.assign-not-accumulate"]),
    ("02_pooling", "avg_pool2d_backward", shared_by_window_size, ["pool.avg-counts-padding"]),
    ("04_batch_norm", "batch_norm_train", eps_outside, ["bn.eps-outside-sqrt"]),
    ("04_batch_norm", "batch_norm_train", eps_outside_remembered_as_pytorch, ["bn.eps-outside-sqrt"]),
    ("04_batch_norm", "batch_norm_train", eps_outside_for_tables, ["bn.eps-outside-sqrt"]),
    ("04_batch_norm", "batch_norm_train", eps_outside_in_rows, ["bn.eps-outside-sqrt"]),
    ("04_batch_norm", "batch_norm_train", momentum_swapped_in_a_list, ["bn.momentum-swapped"]),
    ("04_batch_norm", "batch_norm_train", variance_of_the_batch_only, ["bn.variance-replaced"]),
    ("04_batch_norm", "batch_norm_train", each_on_its_own, ["bn.normalises-per-sample"]),
    ("04_batch_norm", "batch_norm_infer", variance_in_place_of_its_root, ["bn.divides-by-variance"]),
    ("04_batch_norm", "batch_norm_backward", constants, ["bnb.statistics-are-constants"]),
    ("04_batch_norm", "batch_norm_backward", constants_and_means,
     ["bnb.statistics-are-constants", "bnb.param-grads-averaged"]),
    ("00_why_cnns", "dense_params", weights_only, ["why.dense-bias-forgotten"]),
    ("00_why_cnns", "shift2d", rolled, ["why.shift-wraps"]),
    ("00_why_cnns", "equivariance_gap", same_as_before, ["why.conv-is-invariant"]),
)  # fmt: skip
