"""Misconceptions about batch normalisation, each as a switch of one wrong implementation per function."""

from functools import partial

import numpy as np

from grader.course import Misconception


def _divided(centred, variance, eps, place):
    """Divide `centred` by the standard deviation, with eps at the position that a misconception puts it."""
    if place == "outside":
        return centred / (np.sqrt(variance) + eps)
    if place == "after":
        return centred / np.sqrt(variance) + eps
    if place == "forgotten":
        return centred / np.sqrt(variance)
    if place == "squared":
        return centred / np.sqrt(variance + eps**2)
    if place == "variance":
        return centred / (variance + eps)
    if place == "root-of-std":
        return centred / np.sqrt(np.sqrt(variance) + eps)
    return centred / np.sqrt(variance + eps)


def _scaled(x_hat, gamma, beta, affine):
    if affine == "ignored":
        return x_hat
    if affine == "swapped":
        return beta * x_hat + gamma
    if affine == "beta-inside":
        return gamma * (x_hat + beta)
    if affine == "beta-forgotten":
        return gamma * x_hat
    return gamma * x_hat + beta


def wrong_train(
    x,
    gamma,
    beta,
    moving_mean,
    moving_var,
    momentum=0.99,
    eps=1e-3,
    *,
    eps_place="under-root",
    over="rows",
    ddof=0,
    remembered_ddof=0,
    affine="right",
    update="right",
    statistics="batch",
    stores="variance",
):
    """Compute `batch_norm_train` with a switch for each misconception; the defaults are correct.

    eps_place  under-root | outside | after | forgotten | squared | variance (no root) | root-of-std
    over       rows | everything | variance-everything | sum-by-batch | sample | batch-axis |
               sample-flat (without keepdims: raises, or mixes up examples and features)
    affine     right | ignored | swapped | beta-inside | beta-forgotten
    update     right | swapped | never | replaced;  stores: variance | std
    """
    axes = {"everything": None, "sample": -1, "sample-flat": -1, "batch-axis": 0}.get(over, tuple(range(x.ndim - 1)))
    keep = over == "sample"
    mean = x.mean(axis=axes, keepdims=keep)
    variance = x.var(axis=axes, keepdims=keep, ddof=ddof)
    if over == "variance-everything":
        variance = np.full_like(mean, x.var())
    if over == "sum-by-batch":
        mean = x.sum() / len(x)
        variance = ((x - mean) ** 2).sum() / len(x)
    used_mean, used_variance = (moving_mean, moving_var) if statistics == "moving" else (mean, variance)
    with np.errstate(all="ignore"):
        y = _scaled(_divided(x - used_mean, used_variance, eps, eps_place), gamma, beta, affine)
    new = variance
    if remembered_ddof:
        new = x.var(axis=axes, ddof=remembered_ddof)
    if stores == "std":
        new = np.sqrt(new)
    blended = []
    for old, fresh in ((moving_mean, mean), (moving_var, new)):
        if keep:
            fresh = x.mean(axis=tuple(range(x.ndim - 1))) * 0 + np.mean(fresh)
        if update == "never":
            blended.append(old * 1.0)
        elif update == "replaced":
            blended.append(old * 0 + fresh)
        elif update == "swapped":
            blended.append((1 - momentum) * old + momentum * fresh)
        else:
            blended.append(momentum * old + (1 - momentum) * fresh)
    return y, *blended


def wrong_infer(
    x,
    gamma,
    beta,
    moving_mean,
    moving_var,
    eps=1e-3,
    *,
    statistics="moving",
    eps_place="under-root",
    affine="right",
    updates=False,
):
    """Compute `batch_norm_infer`; statistics: moving | batch; the other switches are as in `wrong_train`."""
    axes = tuple(range(x.ndim - 1))
    mean, variance = (x.mean(axis=axes), x.var(axis=axes)) if statistics == "batch" else (moving_mean, moving_var)
    y = _scaled(_divided(x - mean, variance, eps, eps_place), gamma, beta, affine)
    if updates:
        moving_mean += 0.01 * (x.mean(axis=axes) - moving_mean)
        moving_var += 0.01 * (x.var(axis=axes) - moving_var)
    return y


def wrong_backward(
    dy,
    x,
    gamma,
    eps=1e-3,
    *,
    roads="all",
    scaled=True,
    dgamma_of="x-hat",
    averaged=False,
    eps_place="under-root",
    ddof=0,
):
    """Compute `batch_norm_backward`; roads: all | direct | no-mean | no-variance; the rest is as in `wrong_train`."""
    axes = tuple(range(x.ndim - 1))
    rows = x.size // x.shape[-1]
    variance = x.var(axis=axes, ddof=ddof)
    added = {"forgotten": 0.0, "outside": 0.0, "squared": eps**2}.get(eps_place, eps)
    std = np.sqrt(variance + added) + (eps if eps_place == "outside" else 0.0)
    centred = x - x.mean(axis=axes)
    x_hat = centred / std
    d_hat = dy * gamma if scaled else dy
    dx = d_hat / std
    if roads in ("all", "no-variance"):
        dx = dx - (d_hat / std).sum(axis=axes) / rows
    if roads in ("all", "no-mean"):
        dx = dx - x_hat * (d_hat * x_hat).sum(axis=axes) / rows / std
    dgamma = (dy * (x if dgamma_of == "raw" else x_hat)).sum(axis=axes)
    dbeta = dy.sum(axis=axes)
    return (dx, dgamma / rows, dbeta / rows) if averaged else (dx, dgamma, dbeta)


def wrong_fold(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3, *, bias="right"):
    """Compute `fold_bn_into_conv`; bias: right | unscaled (the bias of the convolution is not multiplied)."""
    scale = gamma / np.sqrt(moving_var + eps)
    return w * scale, (b - moving_mean * scale if bias == "unscaled" else (b - moving_mean) * scale) + beta


def _train(name, belief, question, probe, step, severity="mistake", forms=(), infer=False, back=False, **switches):
    """Return a misconception about `batch_norm_train`.

    `forms` are the switches of its other programs; `infer` and `back` add it to the other two functions.
    """
    variant = partial(wrong_train, **switches)
    others = tuple(partial(wrong_train, **{**switches, **form}) for form in forms)
    elsewhere = {"batch_norm_infer": (partial(wrong_infer, **switches),)} if infer else {}
    if back:
        elsewhere["batch_norm_backward"] = (partial(wrong_backward, **switches),)
    return Misconception(f"bn.{name}", "batch_norm_train", belief, question, probe, step, variant, severity,
                         forms=others, elsewhere=elsewhere)  # fmt: skip


def _infer(name, belief, question, probe, step, **switches):
    variant = partial(wrong_infer, **switches)
    return Misconception(f"bn.{name}", "batch_norm_infer", belief, question, probe, step, variant)


def _back(name, belief, question, probe, step, **switches):
    variant = partial(wrong_backward, **switches)
    return Misconception(f"bnb.{name}", "batch_norm_backward", belief, question, probe, step, variant)


_EPS = "A feature has variance 0.09, and eps is 0.01. What do you divide by?"
_CONSTANT = "Take the column 3 3 3 3, gamma 2 and beta 5. What comes out?"
_COLUMN = "The column 1 3 5 7 9 has mean 5 and variance 8; eps is 1. What does the 9 become?"
_CM_KG = "Take two features, 160 to 190 and 0.6 to 0.9. What are their means and standard deviations, before and after?"
_OLD = "The old mean is 15, the batch mean is 5 and the momentum is 0.9. Is the new mean closer to 15 or to 5?"
_HAND = "Take the column 3 3 7 7 with dy 1 2 3 6, gamma 4 and eps 0. Compute all three gradients."

MISCONCEPTIONS = (
    _train("eps-outside-sqrt", "eps is added to the standard deviation.",
           "What must not be 0 under the root, and where do you add eps?", _EPS, "eps is outside the root.",
           back=True, eps_place="outside"),
    _train("eps-after-division", "eps is added at the end.", "With beta 0, is the mean of your output still 0?", _EPS,
           "eps is added to the quotient.", infer=True, eps_place="after"),
    _train("eps-forgotten", "eps is an unimportant detail.", "What does a constant feature give?",
           _CONSTANT, "eps is missing.", eps_place="forgotten"),
    _train("eps-squared", "eps is squared, like the standard deviation.", "What exactly do you add to the variance?",
           _EPS, "The square of eps is added.", infer=True, back=True, eps_place="squared"),
    _train("divides-by-variance", "The divisor is the variance.",
           "If x is in cm, which unit does your divisor have, cm or cm squared?", _COLUMN,
           "The root is missing.", infer=True, eps_place="variance"),
    _train("sqrt-of-std", "The divisor is the root of the standard deviation.",
           "What does the function for the standard deviation already do?",
           _COLUMN, "The root is taken twice.", infer=True, eps_place="root-of-std"),
    _train("ddof-1", "The variance is divided by N - 1.",
           "With five rows and a tiny eps, is the standard deviation of your output 1? Which divisor gives 1?", _COLUMN,
           "Divide the variance of the batch by N.", back=True, ddof=1),
    _train("running-var-unbiased", "The moving variance uses N - 1.",
           "There are two conventions. Which one do you use?", _COLUMN,
           "This is the convention of PyTorch; Keras divides by N.",
           severity="convention", remembered_ddof=1),
    _train("normalises-globally", "There is one mean for everything.",
           "Should height in cm and weight in kg share a mean?", _CM_KG, "All features share one mean and variance.",
           over="everything"),
    _train("global-variance", "There is one variance for everything.",
           "Should height in cm and weight in kg share a variance?", _CM_KG, "All features share one variance.",
           over="variance-everything"),
    _train("sum-over-all-divided-by-batch", "The mean is the sum over everything, divided by the batch.",
           "How many numbers did you add up, and what did you divide by?", _CM_KG,
           "The sum and the divisor do not match.", over="sum-by-batch"),
    _train("normalises-per-sample", "Every example is normalised separately.",
           "Does example 1 depend on example 2?", _CM_KG, "This is layer normalisation.",
           forms=[{"over": "sample-flat"}], over="sample"),
    _train("normalises-batch-axis-only", "The mean runs over the batch, for images too.",
           "How many means does a layer with C channels have?",
           "Take two images of 1 x 2 pixels, 1 3 and 5 7. How many numbers go into the mean?",
           "The mean must include rows and columns.", over="batch-axis"),
    _train("running-stats-in-training", "Training normalises by the moving statistics.",
           "What does training normalise by, the batch or the moving statistics?",
           "A batch has mean 5 and the moving mean is 100. What is the mean of y?",
           "The moving statistics are used in training.", statistics="moving"),
    _train("momentum-swapped", "The momentum is the share of the new value.",
           "With momentum 0.99, how much of the old value is kept?", _OLD, "Old and new are swapped.",
           update="swapped"),
    _train("running-never-updated", "Training does not change the moving statistics.", "What will inference use?",
           _OLD, "The moving statistics are returned unchanged.", update="never"),
    _train("running-replaced", "The moving statistics are those of the last batch.",
           "What happened to the earlier batches?", _OLD,
           "The old values are replaced; mix them with the new ones.", update="replaced"),
    _train("running-stores-std", "The layer keeps a moving standard deviation.",
           "Do you keep a variance or a standard deviation?",
           "The old variance is 18, the batch variance is 8 and the momentum is 0.9. What is the new variance?",
           "The standard deviation is stored; store the variance.", stores="std"),
    _train("gamma-beta-ignored", "The layer only normalises.",
           "With gamma 2 and beta 5, what are the mean and the standard deviation of the output?", _COLUMN,
           "gamma and beta are not used.",
           affine="ignored"),
    _train("gamma-beta-swapped", "beta scales and gamma shifts.",
           "With gamma 2 and beta 5, what are the mean and the standard deviation of the output?", _COLUMN,
           "gamma and beta are swapped.",
           infer=True, affine="swapped"),
    _train("beta-inside-scale", "beta is added before scaling.",
           "With gamma 2 and beta 5, what is the mean of the output?", _COLUMN, "beta is multiplied by gamma.",
           infer=True, affine="beta-inside"),
    _train("beta-forgotten", "gamma is enough.", "With beta 5, what is the mean of the output?", _COLUMN,
           "beta is missing.", infer=True, affine="beta-forgotten"),
    _infer("batch-stats-at-inference", "Inference normalises by the batch.",
           "What comes out for a batch with one image?",
           "Pass the first row of a batch alone. Does it get the same output as in the batch?",
           "The statistics of the batch are used; use the moving ones.", statistics="batch"),
    _infer("eps-missing-at-inference", "eps is only for training.",
           "With the same mean and variance, do training and inference give the same output?",
           "The moving variance is 0. What comes out?", "eps is missing at inference.", eps_place="forgotten"),
    _infer("no-scale-at-inference", "gamma and beta are only for training.",
           "Training learnt gamma and beta. What are they for, if inference does not use them?",
           "Take gamma 3 and beta 1, and let x be the moving mean. What comes out?",
           "gamma and beta are not used at inference.",
           affine="ignored"),
    _infer("updates-at-inference", "Every batch updates the moving statistics.", "May a test image change the network?",
           "Print the moving mean before and after the call.", "The moving statistics are overwritten.",
           updates=True),
    _infer("eps-outside-sqrt-at-inference", "eps is added to the standard deviation.",
           "With the same mean and variance, do training and inference give the same output?",
           "The moving variance is 0.09 and eps is 0.01. What do you divide by?", "eps is outside the root.",
           eps_place="outside"),
    _back("statistics-are-constants", "Mean and variance are constants.",
          "If you add 1 to every x, does y change? So what is the sum of dx?", _HAND,
          "Only the direct path is used.", roads="direct"),
    _back("forgets-mean-path", "The mean is a constant.", "If you add 1 to every x, does y change?", _HAND,
          "The path through the mean is missing.", roads="no-mean"),
    _back("forgets-variance-path", "The variance is a constant.", "If you double every x, does y double?", _HAND,
          "The path through the variance is missing.", roads="no-variance"),
    _back("gamma-missing-in-dx", "gamma has its own gradient and no part in dx.",
          "What is multiplied by gamma in the forward pass?", _HAND, "The factor gamma is missing in dx.",
          scaled=False),
    _back("dgamma-uses-raw-x", "gamma multiplies x.", "What is gamma multiplied by in the forward pass?", _HAND,
          "The raw x is used; use the normalised x.", dgamma_of="raw"),
    _back("param-grads-averaged", "Gradients of parameters are means.",
          "Nudge beta a little. By how much does the sum of y * dy change?", _HAND, "Take the sum, not the mean.",
          averaged=True),
    _back("eps-forgotten", "eps has no part in gradients.", "What did the forward pass divide by?", _EPS,
          "eps is missing in the backward pass.", eps_place="forgotten"),
    Misconception("bn.fold-bias-unscaled", "fold_bn_into_conv", "Only the weights are scaled.",
                  "What is the bias of the convolution multiplied by?",
                  "Take weight 3, bias 4, gamma 10, beta 7, mean 1, variance 16, eps 9. Pass x = 1 through both.",
                  "The bias is not scaled.", partial(wrong_fold, bias="unscaled")),
)  # fmt: skip
