"""Misconceptions about batch normalisation, each as patches of the right programs in `tastes/`.

One belief in several functions is one misconception: `bn.eps-missing-at-inference` and `bnb.eps-forgotten` are
`bn.eps-forgotten` at inference and in the backward pass, `bn.no-scale-at-inference` is `bn.gamma-beta-ignored` there.
"""

from functools import partial

from grader.course import Misconception, patch

_loops, _steps, _formulas, _paths = (partial(patch, taste) for taste in ("loops", "steps", "formulas", "paths"))

_FUNCTIONS = {"batch_norm_train": "train", "batch_norm_infer": "infer", "batch_norm_backward": "back",
              "fold_bn_into_conv": "fold"}  # fmt: skip
_CRITERIA = {  # a matter, and its criterion for each function in the order of the stub
    "normal": ("normalises", "inference", "backward-input", "folding"),
    "features": ("features", "inference", "backward-images", "folding"),
    "images": ("images", "inference", "backward-images", "folding"),
    "epsilon": ("epsilon", "infer-epsilon", "backward-epsilon", "folding"),
    "scale": ("scale-and-shift", "infer-scale", "backward-scale", "folding"),
    "statistics": ("batch-statistics", "inference", "", ""),
    "mean": ("moving-mean", "", "", ""),
    "variance": ("moving-variance", "", "", ""),
    "gamma": ("", "", "backward-gamma", ""),
    "beta": ("", "", "backward-beta", ""),
    "unchanged": ("train-unchanged", "infer-unchanged", "backward-unchanged", "folding-unchanged"),
}


def _about(matter, id, belief, question, probe, name, programs, card="", severity="mistake"):
    """Return the misconception with these programs, charged to the criteria that are about its matter."""
    present = {one: tuple(dict.fromkeys(programs[key])) for one, key in _FUNCTIONS.items() if programs.get(key)}
    (function, (variant, *forms)), *others = present.items()
    return Misconception(
        id, function, belief, question, probe, name, variant, severity,
        cards=(card,) if card else (),
        forms=tuple(forms),
        elsewhere=dict(others),
        criteria={one: _CRITERIA[matter][list(_FUNCTIONS).index(one)] for one in present},
    )  # fmt: skip


def _both(*several):
    """Join the programs of several calls of the functions below, function by function."""
    return {key: tuple(form for one in several for form in one.get(key, ())) for key in _FUNCTIONS.values()}


def _only(programs, *keys):
    return {key: programs[key] for key in keys}


def _root(text):
    """Put another divisor in the place of the standard deviation, in all functions.

    `text` may use `{root}`, `{larger}` and `{var}`: the root and the larger of two in this taste, and the variance.
    """

    def scalar(var):
        return text.format(root="math.sqrt", larger="max", var=var)

    def array(var):
        return text.format(root="np.sqrt", larger="np.maximum", var=var)

    numbers, arrays = ("math.sqrt(var + eps)", scalar("var")), ("np.sqrt(var + eps)", array("var"))
    moving = ("np.sqrt(moving_var + eps)", array("moving_var"))
    powers = (
        ("(var + eps) ** -0.5", f"({array('var')}) ** -1.0"),
        ("(var + eps) ** -1.5", f"({array('var')}) ** -3.0"),
    )
    return {
        "train": (_formulas(arrays), _loops(numbers), _steps(arrays)),
        "infer": (_formulas(arrays), _loops(numbers)),
        "back": (_formulas(arrays), _loops(numbers), _steps(arrays), _paths(*powers)),
        "fold": (_formulas(moving), _loops("math.sqrt(moving_var[f] + eps)", scalar("moving_var[f]"))),
    }


def _normalised(text, rooted=True):
    """Put other formulas in the place of the normalised x. `text` may use `{x}`, `{mean}` and `{std}`.

    Without `rooted`, no eps is added under the root.
    """
    bare = () if rooted else (("math.sqrt(var + eps)", "math.sqrt(var)"),)
    bare_array = () if rooted else (("np.sqrt(var + eps)", "np.sqrt(var)"),)
    loops = ("(rows[m, c] - mean) / std", text.format(x="rows[m, c]", mean="mean", std="std"))
    root = "np.sqrt(var + eps)" if rooted else "np.sqrt(var)"
    formulas = ("(x - mean) / np.sqrt(var + eps)", text.format(x="x", mean="mean", std=root))
    return {
        "train": (_formulas(formulas), _loops(loops, *bare),
                  _steps(("xmu * ivar", text.format(x="table", mean="mu", std="sqrtvar")), *bare_array)),
        "infer": (_formulas(formulas), _loops(loops, *bare)),
    }  # fmt: skip


def _affine(text):
    """Put another formula in the place of gamma * x_hat + beta. `text` may use `{gamma}`, `{beta}` and `{x}`."""
    loops = ("gamma[c] * x_hat + beta[c]", text.format(gamma="gamma[c]", beta="beta[c]", x="x_hat"))
    array = text.format(gamma="gamma", beta="beta", x="x_hat")
    graph = text.format(gamma="gamma", beta="beta", x="xhat")
    return {
        "train": (_formulas("gamma * x_hat + beta", array), _loops(loops),
                  _steps("gammax = gamma * xhat\n    out = gammax + beta", f"out = {graph}")),
        "infer": (_formulas("gamma * x_hat + beta", array), _loops(loops)),
    }  # fmt: skip


def _updated(text, statistics="both"):
    """Put another formula in the place of the moving average. `text` may use `{old}`, `{new}` and `{root}`.

    `statistics` are both, mean or var.
    """

    def edits(old, mean, suffix="", root="np.sqrt"):
        pairs = {"mean": (f"moving_mean{suffix}", mean), "var": (f"moving_var{suffix}", "var")}
        chosen = pairs if statistics == "both" else {statistics: pairs[statistics]}
        return [
            (old.format(old=before, new=batch), text.format(old=before, new=batch, root=root))
            for before, batch in chosen.values()
        ]

    blended = "momentum * {old} + (1 - momentum) * {new}"
    return {
        "train": (_formulas(*edits(blended, "mean")), _loops(*edits(blended, "mean", "[c]", "math.sqrt")),
                  _steps(*edits(blended, "mu"))),
    }  # fmt: skip


_AXES = "tuple(range(x.ndim - 1))"
_MEAN, _VAR = "np.mean(x, axis=axes)", "np.var(x, axis=axes)"
_SUM, _SQUARES = "np.sum(table, axis=0) / M", "np.sum(sq, axis=0) / M"
_CLOSED = "gamma / (M * std) * (M * dy - dbeta - x_hat * dgamma)"
_OWN_SUM = ("x_hat * dgamma", "x_hat * np.sum(dy * x_hat, axis=axes)")  # dx stays right if dgamma is wrong
_OWN_BETA = ("- dbeta", "- np.sum(dy, axis=axes)")

_EPS = "A feature has variance 0.09, and eps is 0.01. What do you divide by?"
_CONSTANT = "The variance of a feature is 0, and eps is 4. What do you divide by?"
_COLUMN = "The column 1 3 5 7 9 has mean 5 and variance 8; eps is 1. What does the 9 become?"
_CM_KG = "Take two features, 160 to 190 and 0.6 to 0.9. What are their means and standard deviations, before and after?"
_OLD = "The old mean is 15, the batch mean is 5 and the momentum is 0.9. Is the new mean closer to 15 or to 5?"
_OLD_VAR = "The old variance is 18, the batch variance is 8 and the momentum is 0.9. What is the new variance?"
_HAND = "Take the column 3 3 7 7 with dy 1 2 3 6, gamma 4 and eps 0. Compute all three gradients."
_PIXELS = "Take two images of 1 x 2 pixels, 1 3 and 5 7. How many numbers go into the mean?"
_FOLD = "Take weight 3, bias 4, gamma 10, beta 7, mean 1, variance 16, eps 9. Pass x = 1 through both."
_BEFORE = "Print the arguments before and after the call."
_GAMMA_BETA = "A feature already has mean 0 and standard deviation 1. With gamma 2 and beta 5, what does the 1 become?"
_ALONE = "Pass the first row of a batch alone. Does it get the same output as in the batch?"

_DIVISORS = (
    _about("epsilon", "bn.eps-outside-sqrt", "eps is added to the standard deviation.",
           "What must not be 0 under the root, and where do you add eps?", _EPS, "eps is outside the root.",
           _root("({root}({var}) + eps)"), card="bn-epsilon"),
    _about("epsilon", "bn.eps-after-division", "eps is added at the end.",
           "A number equals the mean. What must it become, before gamma and beta?", _EPS, "eps is added to the quotient.",
           _both(_normalised("({x} - {mean}) / {std} + eps", rooted=False), _normalised("({x} - {mean}) / {std} + eps")),
           card="bn-epsilon"),
    _about("epsilon", "bn.eps-guards-the-difference", "The difference from the mean must not become 0.",
           "A number equals the mean. What must it become, before gamma and beta?", _EPS,
           "eps is added to the difference; the divisor needs it.",
           _both(_normalised("({x} - {mean} + eps) / {std}", rooted=False), _normalised("({x} - {mean} + eps) / {std}")),
           card="bn-epsilon"),
    _about("epsilon", "bn.eps-forgotten", "eps is an unimportant detail.", "What do you divide by if the variance is 0?",
           _CONSTANT, "The eps of the caller is not used.",
           _both(_root("{root}({var})"), *(_root("{root}({var} + " + own + ")") for own in ("1e-3", "1e-5", "1e-8"))),
           card="bn-epsilon"),
    _about("epsilon", "bn.eps-squared", "eps is squared, like the standard deviation.",
           "What exactly do you add to the variance?", _EPS, "The square of eps is added.",
           _root("{root}({var} + eps**2)"), card="bn-epsilon"),
    _about("epsilon", "bn.eps-twice", "eps cannot be added too often.",
           "How many times does eps enter your divisor?", _CONSTANT, "eps is added twice.",
           _both(_root("({root}({var} + eps) + eps)"), _root("{root}({var} + 2 * eps)")), card="bn-epsilon"),
    _about("epsilon", "bn.eps-subtracted", "eps is taken from the variance.",
           "The variance is smaller than eps. What is under your root?", _EPS, "eps is subtracted; it must be added.",
           _both(_root("{root}({var} - eps)"), _root("({root}({var}) - eps)")), card="bn-epsilon"),
    _about("epsilon", "bn.eps-is-a-floor", "eps is used only if the variance is too small.",
           "Does eps also change the divisor of a feature with a large variance?", _EPS,
           "eps is always added; it is no lower limit.",
           _both(_root("{root}({larger}({var}, eps))"), _root("{larger}({root}({var}), eps)")), card="bn-epsilon"),
    _about("normal", "bn.variance-squared", "The variance is a standard deviation that must be squared.",
           "A variance is a mean of squares. How often must it be squared?", _COLUMN,
           "The variance is squared before the root is taken.",
           _both(_root("{root}({var}**2 + eps)"), _root("{root}({var}**2 + eps**2)")), card="bn-variance"),
    _about("normal", "bn.divides-by-variance", "The divisor is the variance.",
           "If x is in cm, which unit does your divisor have, cm or cm squared?", _COLUMN, "The root is missing.",
           _both(_root("({var} + eps)"), _root("{var}")), card="bn-variance"),
    _about("normal", "bn.sqrt-of-std", "The divisor is the root of the standard deviation.",
           "What does the function for the standard deviation already do?", _COLUMN, "The root is taken twice.",
           _both(_root("{root}({root}({var}) + eps)"), _root("{root}({root}({var} + eps))")), card="bn-variance"),
    _about("normal", "bn.multiplies-by-std", "The standard deviation is a factor.",
           "One feature is spread ten times wider than another. How wide are the two afterwards?", _COLUMN,
           "x is multiplied by the standard deviation; it must be divided.",
           _normalised("({x} - {mean}) * {std}"), card="bn-term"),
    _about("normal", "bn.mean-forgotten", "Only the standard deviation counts.",
           "A number equals the mean. What must it become, before gamma and beta?", _COLUMN, "The mean is not subtracted.",
           _both(_normalised("{x} / {std}"),
                 {"infer": (_paths("beta - scale * moving_mean", "beta"),),
                  "fold": (_formulas("(b - moving_mean)", "b"), _loops("(b[f] - moving_mean[f])", "b[f]"),
                           _steps("(b - moving_mean)", "b"), _paths("beta - scale * moving_mean", "beta"))}),
           card="bn-term"),
    _about("normal", "bn.divisor-forgotten", "Normalising means subtracting the mean.",
           "What is the standard deviation of your output, with gamma 1?", _COLUMN,
           "The difference is not divided by the standard deviation.", _normalised("({x} - {mean})"), card="bn-term"),
    _about("normal", "bn.ddof-1", "The variance is divided by N - 1.",
           "With five rows and a tiny eps, is the standard deviation of your output 1? Which divisor gives 1?", _COLUMN,
           "Divide the variance of the batch by N.",
           {"train": (_formulas(_VAR, "np.var(x, axis=axes, ddof=1)"), _loops("squares / M", "squares / (M - 1)"),
                      _steps(_SQUARES, "np.sum(sq, axis=0) / (M - 1)"),
                      _paths(("x.var(axis=0)", "x.var(axis=0, ddof=1)"),
                             ("x.var(axis=(0, 1, 2))", "x.var(axis=(0, 1, 2), ddof=1)")),
                      _formulas("np.sqrt(var", "np.sqrt(np.var(x, axis=axes, ddof=1)"),
                      _loops("math.sqrt(var", "math.sqrt(squares / (M - 1)"),
                      _steps("np.sqrt(var", "np.sqrt(var * M / (M - 1)")),
            "back": (_formulas(_VAR, "np.var(x, axis=axes, ddof=1)"),
                     _loops("** 2 for m in range(M)) / M", "** 2 for m in range(M)) / (M - 1)"),
                     _steps("np.sum(xmu**2, axis=0) / M", "np.sum(xmu**2, axis=0) / (M - 1)"),
                     _paths("x.var(axis=axes)", "x.var(axis=axes, ddof=1)"))}, card="bn-variance"),
    _about("normal", "bn.variance-is-sum", "The variance is the sum of the squares.",
           "Ten times more rows, with the same spread: does your variance grow?", _COLUMN,
           "The sum of squares is not divided by the number of rows.",
           {"train": (_loops("squares / M", "squares"), _steps(_SQUARES, "np.sum(sq, axis=0)"),
                      _formulas(_VAR, "np.sum((x - mean) ** 2, axis=axes)")),
            "back": (_loops("** 2 for m in range(M)) / M", "** 2 for m in range(M))"),
                     _steps("np.sum(xmu**2, axis=0) / M", "np.sum(xmu**2, axis=0)"),
                     _formulas(_VAR, "np.sum((x - mean) ** 2, axis=axes)"))}, card="bn-variance"),
    _about("normal", "bn.variance-not-centred", "The variance is the mean of x squared.",
           "All numbers of a column are 100. How far are they from their mean?", _COLUMN,
           "The mean is not subtracted before squaring.",
           {"train": (_loops("(rows[m, c] - mean) ** 2", "rows[m, c] ** 2"), _steps("sq = xmu**2", "sq = table**2"),
                      _formulas(_VAR, "np.mean(x**2, axis=axes)")),
            "back": (_loops("var = sum((rows[m, c] - mean) ** 2", "var = sum(rows[m, c] ** 2"),
                     _steps("np.sum(xmu**2", "np.sum(table**2"), _formulas(_VAR, "np.mean(x**2, axis=axes)"))},
           card="bn-variance"),
    _about("normal", "bn.spread-is-mean-distance", "The variance is the mean distance from the mean.",
           "Is a distance of 2 counted as 2 or as 4?", _COLUMN, "The distances are not squared.",
           {"train": (_loops("(rows[m, c] - mean) ** 2", "abs(rows[m, c] - mean)"), _steps("sq = xmu**2", "sq = np.abs(xmu)"),
                      _formulas(_VAR, "np.mean(np.abs(x - mean), axis=axes)"))}, card="bn-variance"),
)  # fmt: skip

_GROUPS = (
    _about("features", "bn.normalises-globally", "There is one mean for everything.",
           "Should height in cm and weight in kg share a mean?", _CM_KG, "All features share one mean and variance.",
           {"train": (_formulas((_MEAN, "np.mean(x)"), (_VAR, "np.var(x)")),
                      _steps((_SUM, "np.mean(table)"), (_SQUARES, "np.mean(sq)")),
                      _loops(("mean = total / M", "mean = rows.mean()"), ("var = squares / M", "var = rows.var()")),
                      _paths(("x.mean(axis=0)", "x.mean()"), ("x.var(axis=0)", "x.var()"),
                                           ("x.mean(axis=(0, 1, 2))", "x.mean()"), ("x.var(axis=(0, 1, 2))", "x.var()"))),
            "back": (_formulas((_MEAN, "np.mean(x)"), (_VAR, "np.var(x)")),
                     _steps((_SUM, "np.mean(table)"), ("np.sum(xmu**2, axis=0) / M", "np.mean(xmu**2)")))},
           card="bn-axes"),
    _about("features", "bn.global-mean", "There is one mean for everything, and a variance per feature.",
           "Should height in cm and weight in kg share a mean?", _CM_KG, "All features share one mean.",
           {"train": (_formulas(_MEAN, "np.mean(x)"), _steps(_SUM, "np.mean(table)"),
                      _loops("mean = total / M", "mean = rows.mean()"))}, card="bn-axes"),
    _about("features", "bn.global-variance", "There is one variance for everything.",
           "Should height in cm and weight in kg share a variance?", _CM_KG, "All features share one variance.",
           {"train": (_formulas(_VAR, "np.var(x)"), _loops("var = squares / M", "var = rows.var()"),
                      _steps(_SQUARES, "np.mean(sq)")),
            "back": (_formulas(_VAR, "np.var(x)"), _steps("np.sum(xmu**2, axis=0) / M", "np.mean(xmu**2)"))}, card="bn-axes"),
    _about("features", "bn.sum-over-all-divided-by-batch", "The mean is the sum over everything, divided by the batch.",
           "How many numbers did you add up, and what did you divide by?", _CM_KG,
           "The sum and the divisor do not match.",
           {"train": (_formulas((_MEAN, "np.sum(x) / len(x)"), (_VAR, "np.sum((x - mean) ** 2) / len(x)")),
                      _steps((_SUM, "np.sum(table) / len(x)"), (_SQUARES, "np.sum(sq) / len(x)")),
                      _loops(("mean = total / M", "mean = rows.sum() / len(x)"),
                             ("var = squares / M", "var = ((rows - mean) ** 2).sum() / len(x)")))}, card="bn-axes"),
    _about("features", "bn.normalises-per-sample", "Every example is normalised separately.",
           "Does example 1 depend on example 2?", _CM_KG, "This is layer normalisation, or instance normalisation.",
           {"train": (_formulas((_AXES, "-1"), ("axis=axes)", "axis=axes, keepdims=True)")),
                      _steps((_SUM, "np.mean(table, axis=1, keepdims=True)"),
                             (_SQUARES, "np.mean(sq, axis=1, keepdims=True)")),
                      _formulas((_AXES, "-1")), _paths(("axis=0", "axis=1"), ("axis=(0, 1, 2)", "axis=(1, 2, 3)")),
                      _paths(("axis=0)", "axis=1, keepdims=True)"), ("axis=(0, 1, 2))", "axis=(1, 2, 3), keepdims=True)")),
                      _formulas((_AXES, "tuple(range(1, x.ndim))"), ("axis=axes)", "axis=axes, keepdims=True)")),
                      _formulas((_AXES, "(1, 2) if x.ndim == 4 else 0"), ("axis=axes)", "axis=axes, keepdims=x.ndim == 4)")),
                      _paths("axis=(0, 1, 2))", "axis=(1, 2), keepdims=True)"), _paths("axis=(0, 1, 2)", "axis=(1, 2)")),
            "back": (_formulas((_AXES, "-1"), ("axis=axes)", "axis=axes, keepdims=True)")),
                     _formulas((_MEAN, "np.mean(x, axis=-1, keepdims=True)"), (_VAR, "np.var(x, axis=-1, keepdims=True)")),
                     _steps((_SUM, "np.mean(table, axis=1, keepdims=True)"),
                            ("np.sum(xmu**2, axis=0) / M", "np.mean(xmu**2, axis=1, keepdims=True)")))}, card="bn-axes"),
    _about("images", "bn.normalises-batch-axis-only", "The mean runs over the batch, for images too.",
           "How many means does a layer with C channels have?", _PIXELS, "The mean must include rows and columns.",
           {"train": (_formulas(_AXES, "0"), _steps("x.reshape(-1, C)", "x"), _paths("axis=(0, 1, 2)", "axis=0")),
            "back": (_formulas((_AXES, "0"), ("np.prod(x.shape[:-1])", "len(x)")), _formulas(_AXES, "0"),
                     _steps(("x.reshape(-1, C)", "x"), ("dy.reshape(-1, C)", "dy")), _paths("else (0, 1, 2)", "else (0,)"))},
           card="bn-axes"),
    _about("images", "bn.divides-by-batch-size", "The number of images is the number of rows.",
           "How many numbers did you add up for one channel, and what did you divide by?", _PIXELS,
           "The sums run over all pixels; they must be divided by their number.",
           {"train": (_steps("M = table.shape[0]", "M = x.shape[0]"),
                      _loops(("total / M", "total / len(x)"), ("squares / M", "squares / len(x)")),
                      _formulas((_MEAN, "np.sum(x, axis=axes) / len(x)"),
                                (_VAR, "np.sum((x - mean) ** 2, axis=axes) / len(x)")),
                      _formulas(_VAR, "np.sum((x - mean) ** 2, axis=axes) / len(x)"),
                      _steps(_SQUARES, "np.sum(sq, axis=0) / len(x)")),
            "back": (_formulas("np.prod(x.shape[:-1])", "x.shape[0]"), _steps("M = table.shape[0]", "M = x.shape[0]"),
                     _paths("x.size // x.shape[-1]", "x.shape[0]"), _loops("/ M", "/ len(x)"),
                     _loops(("mean) / M", "mean) / len(x)"), ("d_mean / M", "d_mean / len(x)")),
                     _formulas(("np.prod(x.shape[:-1])", "x.shape[0]"), (_MEAN, "np.sum(x, axis=axes) / M"),
                               (_VAR, "np.sum((x - mean) ** 2, axis=axes) / M")))}, card="bn-axes"),
    _about("images", "bn.channels-first", "The channels are the second axis.",
           "Which axis of (N, H, W, C) holds the channels?",
           "Take an array of shape (2, 3, 4, 5). How many channels does it have?",
           "The channels are the last axis here; other libraries put them before the rows.",
           {"train": (_formulas((_AXES, "0 if x.ndim == 2 else (0, 2, 3)"), ("axis=axes)", "axis=axes, keepdims=x.ndim == 4)")),
                      _formulas(_AXES, "0 if x.ndim == 2 else (0, 2, 3)"), _paths("axis=(0, 1, 2)", "axis=(0, 2, 3)"),
                      _paths("axis=(0, 1, 2))", "axis=(0, 2, 3), keepdims=True)")),
            "back": (_formulas((_AXES, "0 if x.ndim == 2 else (0, 2, 3)"), ("axis=axes)", "axis=axes, keepdims=x.ndim == 4)")),
                     _formulas(_AXES, "0 if x.ndim == 2 else (0, 2, 3)"), _paths("else (0, 1, 2)", "else (0, 2, 3)"))},
           card="bn-axes"),
    _about("statistics", "bn.running-stats-in-training", "Training normalises by the moving statistics.",
           "What does training normalise by, the batch or the moving statistics?",
           "A batch has mean 5 and the moving mean is 100. What is the mean of y?",
           "The moving statistics are used in training.",
           {"train": (_formulas("(x - mean) / np.sqrt(var + eps)", "(x - moving_mean) / np.sqrt(moving_var + eps)"),
                      _loops(("math.sqrt(var + eps)", "math.sqrt(moving_var[c] + eps)"),
                             ("(rows[m, c] - mean) / std", "(rows[m, c] - moving_mean[c]) / std")),
                      _steps("xhat = xmu * ivar", "xhat = (table - moving_mean) / np.sqrt(moving_var + eps)"),
                      _formulas("(x - mean) / np.sqrt(var + eps)",
                                "(x - (momentum * moving_mean + (1 - momentum) * mean)) / "
                                "np.sqrt(momentum * moving_var + (1 - momentum) * var + eps)"),
                      _steps("xhat = xmu * ivar", "xhat = (table - (momentum * moving_mean + (1 - momentum) * mu)) / "
                             "np.sqrt(momentum * moving_var + (1 - momentum) * var + eps)"))}, card="bn-inference"),
    _about("statistics", "bn.batch-stats-at-inference", "Inference normalises by the batch.",
           "What comes out for a batch with one image?", _ALONE,
           "The statistics of the batch are used; use the moving ones.",
           {"infer": (_formulas("moving_mean, moving_var\n", "x.reshape(-1, x.shape[-1]).mean(axis=0), "
                                "x.reshape(-1, x.shape[-1]).var(axis=0)\n"),
                      _loops("moving_mean[c], moving_var[c]", "rows[:, c].mean(), rows[:, c].var()"),
                      _steps("mu, var = moving_mean, moving_var", "table = x.reshape(-1, x.shape[-1])\n"
                             "    mu, var = table.mean(axis=0), table.var(axis=0)"),
                      _formulas("moving_mean, moving_var\n", "np.mean(x, axis=0), np.var(x, axis=0)\n"),
                      _loops("moving_mean[c], moving_var[c]", "rows[:, c].mean(), moving_var[c]"),
                      _formulas("moving_mean, moving_var\n", "x.reshape(-1, x.shape[-1]).mean(axis=0), moving_var\n"),
                      _loops("moving_mean[c], moving_var[c]", "moving_mean[c], rows[:, c].var()"),
                      _formulas("moving_mean, moving_var\n", "moving_mean, x.reshape(-1, x.shape[-1]).var(axis=0)\n"))},
           card="bn-inference"),
    _about("statistics", "bn.not-normalised-at-inference", "Inference does not normalise.",
           "The weights were trained on normalised numbers. Which numbers do they get at inference?",
           "Take x = 8, moving mean 2, moving variance 8, eps 1, gamma 1 and beta 0. What comes out?",
           "x is not normalised at inference.",
           {"infer": (_formulas("(x - mean) / np.sqrt(var + eps)", "x"), _loops("(rows[m, c] - mean) / std", "rows[m, c]"),
                      _steps("xhat = xmu * ivar", "xhat = x"), _paths("return scale * x + shift", "return gamma * x + beta"),
                      _paths("return scale * x + shift", "return x * 1.0"), _formulas("return gamma * x_hat + beta", "return x * 1.0"))},
           card="bn-inference"),
)  # fmt: skip

_MOVING = (
    _about("mean", "bn.momentum-swapped", "The momentum is the share of the new value.",
           "With momentum 0.99, how much of the old value is kept?", _OLD, "Old and new are swapped.",
           _updated("(1 - momentum) * {old} + momentum * {new}"), card="bn-momentum"),
    _about("mean", "bn.running-never-updated", "Training does not change the moving statistics.",
           "What will inference use?", _OLD, "The moving statistics are returned unchanged.",
           _updated("{old}"), card="bn-momentum"),
    _about("mean", "bn.running-replaced", "The moving statistics are those of the last batch.",
           "What happened to the earlier batches?", _OLD, "The old values are replaced; mix them with the new ones.",
           _both(_updated("{new}"), _updated("{new}", "var"), _updated("{new}", "mean")), card="bn-momentum"),
    _about("mean", "bn.running-shares-do-not-sum", "The batch is added to the old value.",
           "The old value and the batch have the same mean. What must the new value be?", _OLD,
           "The shares of the old and the new value must sum to 1.",
           _both(_updated("{old} + (1 - momentum) * {new}"), _updated("momentum * {old} + {new}"),
                 _updated("momentum * {old} + momentum * {new}"), _updated("{old} + momentum * {new}"),
                 _updated("{old} + {new}")), card="bn-momentum"),
    _about("mean", "bn.momentum-hardcoded", "The momentum is always the same number.",
           "The caller passes a momentum. Where does your function use it?", _OLD,
           "The momentum of the caller is not used.",
           _both(_updated("0.9 * {old} + 0.1 * {new}"), _updated("0.99 * {old} + 0.01 * {new}"),
                 _updated("({old} + {new}) / 2")), card="bn-momentum"),
    _about("variance", "bn.running-stores-std", "The layer keeps a moving standard deviation.",
           "Do you keep a variance or a standard deviation?", _OLD_VAR,
           "The standard deviation is stored; store the variance.",
           _both(_updated("momentum * {old} + (1 - momentum) * {root}({new})", "var"),
                 _updated("momentum * {old} + (1 - momentum) * {root}({new} + eps)", "var"))),
    _about("variance", "bn.running-var-unbiased", "The moving variance uses N - 1.",
           "There are two conventions. Which one do you use?", _COLUMN,
           "This is the convention of PyTorch; Keras divides by N.",
           {"train": (_formulas("(1 - momentum) * var", "(1 - momentum) * np.var(x, axis=axes, ddof=1)"),
                      _loops("(1 - momentum) * var", "(1 - momentum) * squares / (M - 1)"),
                      _steps("(1 - momentum) * var", "(1 - momentum) * var * M / (M - 1)"))}, severity="convention"),
    _about("variance", "bn.eps-in-moving-variance", "eps belongs to the variance.",
           "A constant feature has variance 0. What do you remember after many batches?", _OLD_VAR,
           "eps is added before the variance is remembered.",
           _both(_updated("momentum * {old} + (1 - momentum) * ({new} + eps)", "var"),
                 {"train": (_formulas((_VAR, _VAR + " + eps"), ("np.sqrt(var + eps)", "np.sqrt(var)")),
                            _steps((_SQUARES, _SQUARES + " + eps"), ("np.sqrt(var + eps)", "np.sqrt(var)")),
                            _formulas(_VAR, _VAR + " + eps"), _steps(_SQUARES, _SQUARES + " + eps"))})),
    _about("unchanged", "bn.updates-in-place", "The caller's moving statistics are updated in place.",
           "Do moving_mean and moving_var still hold what the caller passed?", _BEFORE,
           "The function writes into its arguments; return new arrays.",
           {"train": tuple(taste("    return ", "    moving_mean[...] = new_mean\n    moving_var[...] = new_var\n    return ")
                           for taste in (_formulas, _loops, _steps, _paths))}),
    _about("unchanged", "bn.updates-at-inference", "Every batch updates the moving statistics.",
           "May a test image change the network?", "Print the moving mean before and after the call.",
           "The moving statistics are overwritten.",
           {"infer": (*(taste(f"    {old} = moving_mean, moving_var\n",
                              f"    {old} = moving_mean, moving_var\n    rows = x.reshape(-1, x.shape[-1])\n"
                              f"    moving_mean[...] = {keep} * moving_mean + (1 - {keep}) * rows.mean(axis=0)\n"
                              f"    moving_var[...] = {keep} * moving_var + (1 - {keep}) * rows.var(axis=0)\n")
                        for keep in ("0.99", "0.9") for taste, old in ((_formulas, "mean, var"), (_steps, "mu, var"))),
                      *(taste(f"    {old} = moving_mean, moving_var\n",
                              f"    rows = x.reshape(-1, x.shape[-1])\n"
                              f"    {old} = ({keep} * moving_mean + (1 - {keep}) * rows.mean(axis=0), "
                              f"{keep} * moving_var + (1 - {keep}) * rows.var(axis=0))\n")
                        for keep in ("0.99", "0.9") for taste, old in ((_formulas, "mean, var"), (_steps, "mu, var"))))},
           card="bn-inference"),
    _about("unchanged", "bn.mutates-input", "The arguments are no longer needed.",
           "Does x still hold what the caller passed?", _BEFORE, "The function writes into its arguments.",
           {"train": (_formulas("x_hat = (x - mean) /", "x -= mean\n    x_hat = x /"),
                      _steps("xmu = table - mu", "table -= mu\n    xmu = table"),
                      _loops("y[m, c] = gamma[c] * x_hat + beta[c]", "rows[m, c] = gamma[c] * x_hat + beta[c]\n"
                             "            y[m, c] = rows[m, c]")),
            "infer": (_formulas("x_hat = (x - mean) /", "x -= mean\n    x_hat = x /"), _steps("xmu = x - mu", "x -= mu\n    xmu = x"),
                      _loops("y[m, c] = gamma[c] * x_hat + beta[c]", "rows[m, c] = gamma[c] * x_hat + beta[c]\n"
                             "            y[m, c] = rows[m, c]")),
            "back": (_formulas("x_hat = (x - mean) / std", "x -= mean\n    x_hat = x / std"),
                     _steps("dxhat = dout * gamma", "dout *= gamma\n    dxhat = dout"))}),
)  # fmt: skip

_SCALES = (
    _about("scale", "bn.gamma-beta-ignored", "The layer only normalises.",
           "With gamma 2 and beta 5, what are the mean and the standard deviation of the output?", _GAMMA_BETA,
           "gamma and beta are not used.", _affine("{x}"), card="bn-gamma-beta"),
    _about("scale", "bn.gamma-beta-swapped", "beta scales and gamma shifts.",
           "With gamma 2 and beta 5, what are the mean and the standard deviation of the output?", _GAMMA_BETA,
           "gamma and beta are swapped.", _affine("{beta} * {x} + {gamma}"), card="bn-gamma-beta"),
    _about("scale", "bn.beta-inside-scale", "beta is added before scaling.",
           "With gamma 2 and beta 5, what is the mean of the output?", _GAMMA_BETA, "beta is multiplied by gamma.",
           _affine("{gamma} * ({x} + {beta})"), card="bn-gamma-beta"),
    _about("scale", "bn.beta-forgotten", "gamma is enough.", "beta is 5. Where does it enter your result?", _GAMMA_BETA,
           "beta is missing.",
           _both(_affine("{gamma} * {x}"), {"fold": (_formulas(" + beta", ""), _loops(" + beta[f]", ""), _steps(" + beta", ""),
                                                     _paths("beta - scale", "-scale"))}), card="bn-gamma-beta"),
    _about("scale", "bn.gamma-forgotten", "beta is enough.", "gamma is 2. Where does it enter your result?", _GAMMA_BETA,
           "gamma is missing.",
           _both(_affine("{x} + {beta}"), {"fold": (_formulas("gamma /", "1.0 /"), _loops("gamma[f] /", "1.0 /"),
                                                    _steps("gamma * ivar", "ivar"), _paths("gamma /", "1.0 /"))}),
           card="bn-gamma-beta"),
    _about("scale", "bn.one-gamma-for-all", "The layer has one gamma and one beta.",
           "How many numbers does gamma hold for three features?",
           "Take two features with gamma 2, 10. By how much is the second one stretched?",
           "Each feature has its own gamma and beta.",
           {"train": (_formulas("gamma * x_hat + beta", "gamma[0] * x_hat + beta[0]"),
                      _loops("gamma[c] * x_hat + beta[c]", "gamma[0] * x_hat + beta[0]"),
                      _steps(("gamma * xhat", "gamma[0] * xhat"), ("gammax + beta", "gammax + beta[0]")),
                      _formulas("gamma * x_hat + beta", "gamma.mean() * x_hat + beta.mean()")),
            "infer": (_formulas("gamma * x_hat + beta", "gamma[0] * x_hat + beta[0]"),
                      _loops("gamma[c] * x_hat + beta[c]", "gamma[0] * x_hat + beta[0]"),
                      _steps(("gamma * xhat", "gamma[0] * xhat"), ("gammax + beta", "gammax + beta[0]")))},
           card="bn-gamma-beta"),
)  # fmt: skip


def _returned(dgamma, dbeta, dx="dx"):
    """Return the programs of the backward pass that return these; `rows` is the number of rows."""
    arrays = (dx + ".reshape(x.shape)" if dx == "dx" else f"({dx}).reshape(x.shape)", dgamma, dbeta)
    graph = ", ".join(arrays)
    return {
        "back": (_formulas("return dx, dgamma, dbeta", f"return {dx}, {dgamma}, {dbeta}"),
                 _loops("return dx.reshape(x.shape), dgamma, dbeta", f"return {graph}"),
                 _steps("return dx.reshape(x.shape), dgamma, dbeta", f"return {graph}"),
                 _paths("return dx, dgamma, dbeta", f"return {dx}, {dgamma}, {dbeta}".replace("/ M", "/ m"))),
    }  # fmt: skip


_GRADIENTS = (
    _about("normal", "bnb.statistics-are-constants", "Mean and variance are constants.",
           "If you add 1 to every x, does y change? So what is the sum of dx?", _HAND, "Only the direct path is used.",
           {"back": (_formulas(_CLOSED, "gamma / std * dy"), _loops("direct + through_var + through_mean", "direct"),
                     _steps("dx = dx1 + dx2", "dx = dxmu1"), _paths(" + d_var * 2 * (x - mean) / m + d_mean / m", ""))},
           card="bn-backward"),
    _about("normal", "bnb.forgets-mean-path", "The mean is a constant.", "If you add 1 to every x, does y change?", _HAND,
           "The path through the mean is missing.",
           {"back": (_formulas(" - dbeta", ""), _loops(" + through_mean", ""), _steps("dx = dx1 + dx2", "dx = dx1"),
                     _paths(" + d_mean / m", ""))}, card="bn-backward"),
    _about("normal", "bnb.forgets-variance-path", "The variance is a constant.", "If you double every x, does y double?",
           _HAND, "The path through the variance is missing.",
           {"back": (_formulas(" - x_hat * dgamma", ""), _loops(" + through_var", ""),
                     _steps("dx1 = dxmu1 + dxmu2", "dx1 = dxmu1"), _paths(" + d_var * 2 * (x - mean) / m", ""))},
           card="bn-backward"),
    _about("normal", "bnb.sums-not-divided", "A mean passes the whole gradient back to each number.",
           "Nudge one of four numbers by 1. By how much does their mean move?", _HAND,
           "The gradients of the mean and the variance are not divided by the number of rows.",
           {"back": (_loops(("through_mean = d_mean / M", "through_mean = d_mean"), ("(rows[m, c] - mean) / M\n", "(rows[m, c] - mean)\n")),
                     _steps(("dvar / M", "dvar"), ("dmu / M", "dmu")),
                     _formulas(_CLOSED, "gamma / std * (dy - dbeta - x_hat * dgamma)"),
                     _paths(("(x - mean) / m +", "(x - mean) +"), ("d_mean / m", "d_mean")),
                     _loops("through_mean = d_mean / M", "through_mean = d_mean"), _steps("dmu / M", "dmu"),
                     _formulas("- dbeta", "- M * dbeta"), _paths("d_mean / m", "d_mean"),
                     _loops("(rows[m, c] - mean) / M\n", "(rows[m, c] - mean)\n"), _steps("dvar / M", "dvar"),
                     _formulas("x_hat * dgamma)", "M * x_hat * dgamma)"), _paths("(x - mean) / m +", "(x - mean) +"))},
           card="bn-backward"),
    _about("normal", "bnb.not-divided-by-rows", "The formula for dx needs no division by the number of rows.",
           "Your formula multiplies dy by the number of rows. Where is this undone?", _HAND,
           "dx is too large by the number of rows.",
           _both({"back": (_formulas("gamma / (M * std)", "gamma / std"),)}, _returned("dgamma", "dbeta", "dx * M")),
           card="bn-backward"),
    _about("normal", "bnb.n-minus-1-for-n", "Gradients are divided by N - 1.",
           "Nudge one of four numbers by 1. By how much does their mean move?", _HAND,
           "The forward pass divides by N, so the backward pass does too.",
           {"back": (_loops(("d_mean / M", "d_mean / (M - 1)"), ("mean) / M\n", "mean) / (M - 1)\n")),
                     _steps(("dvar / M", "dvar / (M - 1)"), ("dmu / M", "dmu / (M - 1)")),
                     _formulas(_CLOSED, "gamma / ((M - 1) * std) * ((M - 1) * dy - dbeta - x_hat * dgamma)"),
                     _paths("/ m", "/ (m - 1)"),
                     _loops("mean) / M\n", "mean) / (M - 1)\n"), _steps("dvar / M", "dvar / (M - 1)"))},
           card="bn-backward"),
    _about("normal", "bnb.wrong-power", "The derivative of a root is a root.",
           "What is the derivative of v ** -0.5? Which power of v does it have?", _HAND,
           "The power of the standard deviation is wrong.",
           {"back": (_loops("std**3", "std"), _paths("** -1.5", "** -0.5"), _steps("sqrtvar**2", "sqrtvar"),
                     _loops("std**3", "std**2"), _paths("** -1.5", "** -1.0"),
                     _steps("0.5 / np.sqrt(var + eps)", "0.5 * np.sqrt(var + eps)"),
                     _formulas("gamma / (M * std)", "gamma / (M * std**2)"), _formulas("gamma / (M * std)", "gamma / (M * np.sqrt(std))"),
                     _formulas("gamma / (M * std)", "gamma * std / M"), _formulas("gamma / (M * std)", "gamma / M"),
                     _loops("direct = d_x_hat / std", "direct = d_x_hat / std**2"), _steps("dxhat * ivar", "dxhat * ivar**2"))},
           card="bn-backward"),
    _about("normal", "bnb.half-forgotten", "The derivative of a root has no factor.",
           "What is the derivative of v ** -0.5? Which number is in front?", _HAND,
           "The factor 0.5 is missing in the path through the variance.",
           {"back": (_loops("* -0.5 /", "* -1 /"), _steps("0.5 / np.sqrt", "1.0 / np.sqrt"), _paths("* -0.5 * (var", "* -1.0 * (var"))},
           card="bn-backward"),
    _about("normal", "bnb.factor-2-forgotten", "The derivative of a square has no factor.",
           "What is the derivative of (x - mean) ** 2?", _HAND, "The factor 2 is missing in the path through the variance.",
           {"back": (_loops("d_var * 2 *", "d_var *"), _steps("2 * xmu * dsq", "xmu * dsq"), _paths("d_var * 2 *", "d_var *"))},
           card="bn-backward"),
    _about("normal", "bnb.wrong-sign", "All paths are added with the same sign.",
           "If the mean rises, does the normalised x rise or fall?", _HAND, "A sign is wrong on the way back.",
           {"back": (_formulas("M * dy - dbeta - x_hat", "M * dy + dbeta + x_hat"), _formulas("- dbeta -", "+ dbeta -"),
                     _formulas("- x_hat * dgamma", "+ x_hat * dgamma"),
                     _loops(("* -1 /", "/"), ("* -0.5 /", "* 0.5 /")), _loops("* -1 /", "/"), _loops("* -0.5 /", "* 0.5 /"),
                     _steps(("-1.0 / sqrtvar", "1.0 / sqrtvar"), ("dmu = -1 *", "dmu =")),
                     _steps("dmu = -1 *", "dmu ="), _steps("-1.0 / sqrtvar", "1.0 / sqrtvar"),
                     _paths(("* -0.5 * (var", "* 0.5 * (var"), ("d_x_hat * -1 *", "d_x_hat *")), _paths("d_x_hat * -1 *", "d_x_hat *"),
                     _paths("* -0.5 * (var", "* 0.5 * (var"))}, card="bn-backward"),
    _about("normal", "bnb.x-hat-missing", "The variance passes the same gradient to every number.",
           "A number equals the mean. Nudge it: does the variance change?", _HAND,
           "The path through the variance needs the distance of each x from the mean.",
           {"back": (_formulas("- x_hat * dgamma", "- dgamma"), _loops("d_var * 2 * (rows[m, c] - mean)", "d_var * 2"),
                     _paths("d_var * 2 * (x - mean)", "d_var * 2"))}, card="bn-backward"),
    _about("scale", "bnb.gamma-missing-in-dx", "gamma has its own gradient and no part in dx.",
           "What is multiplied by gamma in the forward pass?", _HAND, "The factor gamma is missing in dx.",
           {"back": (_formulas("gamma / (M", "1.0 / (M"), _loops("d_rows[m, c] * gamma[c]", "d_rows[m, c]"),
                     _steps("dout * gamma", "dout"), _paths("dy * gamma", "dy"))}, card="bn-backward"),
    _about("scale", "bnb.gamma-twice", "gamma is part of every step back.",
           "How many times is x multiplied by gamma in the forward pass?", _HAND, "gamma is multiplied in twice.",
           {"back": (_formulas("gamma / (M", "gamma**2 / (M"), _loops("* gamma[c]", "* gamma[c] ** 2"),
                     _steps("dout * gamma", "dout * gamma**2"), _paths("dy * gamma", "dy * gamma**2"))}),
    _about("normal", "bnb.dx-averaged", "A gradient is a mean over the batch.",
           "Nudge one x. By how much does the sum of y * dy change?", _HAND, "dx is divided by the size of the batch.",
           _both(_returned("dgamma", "dbeta", "dx / len(x)"), _returned("dgamma", "dbeta", "dx / M"))),
    _about("gamma", "bnb.dgamma-uses-raw-x", "gamma multiplies x.", "What is gamma multiplied by in the forward pass?",
           _HAND, "The raw x is used; use the normalised x.",
           {"back": (_formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * x, axis=axes)"), _OWN_SUM),
                     _loops("+= d_rows[m, c] * x_hat", "+= d_rows[m, c] * rows[m, c]"), _steps("dout * xhat", "dout * table"),
                     _paths("dy * x_hat", "dy * x"), _formulas("dy * x_hat", "dy * x"))}),
    _about("gamma", "bnb.dgamma-uses-centred-x", "gamma multiplies the difference from the mean.",
           "What is gamma multiplied by in the forward pass?", _HAND, "The difference is not divided by the standard deviation.",
           {"back": (_formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * (x - mean), axis=axes)"), _OWN_SUM),
                     _loops("+= d_rows[m, c] * x_hat", "+= d_rows[m, c] * (rows[m, c] - mean)"), _steps("dout * xhat", "dout * xmu"),
                     _paths("dy * x_hat", "dy * (x - mean)"))}),
    _about("gamma", "bnb.dgamma-forgets-x-hat", "The gradient of gamma is the sum of dy.",
           "Nudge gamma a little. Does every y move equally far?", _HAND, "dgamma needs the normalised x.",
           {"back": (_formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy, axis=axes)"), _OWN_SUM),
                     _loops("+= d_rows[m, c] * x_hat", "+= d_rows[m, c]"), _steps("dout * xhat", "dout"),
                     _paths("dy * x_hat", "dy"))}),
    _about("gamma", "bnb.param-grads-include-gamma", "gamma is part of its own gradient.",
           "Which number multiplies gamma in the forward pass, and does it contain gamma?", _HAND,
           "dy is multiplied by gamma before it is summed.",
           {"back": (_formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * gamma * x_hat, axis=axes)"), _OWN_SUM),
                     _loops("+= d_rows[m, c] * x_hat", "+= d_rows[m, c] * gamma[c] * x_hat"), _steps("dout * xhat", "dout * gamma * xhat"),
                     _paths("dy * x_hat", "d_x_hat * x_hat"), _paths(("dy * x_hat", "d_x_hat * x_hat"), ("np.sum(dy, ", "np.sum(d_x_hat, ")),
                     _loops(("+= d_rows[m, c] * x_hat", "+= d_rows[m, c] * gamma[c] * x_hat"),
                            ("dbeta[c] += d_rows[m, c]", "dbeta[c] += d_rows[m, c] * gamma[c]")))}),
    _about("beta", "bnb.dbeta-includes-gamma", "beta is scaled by gamma.",
           "Nudge beta by 1. By how much does one y move?", _HAND, "dy is multiplied by gamma before it is summed.",
           {"back": (_loops("dbeta[c] += d_rows[m, c]", "dbeta[c] += d_rows[m, c] * gamma[c]"),
                     _steps("np.sum(dout, axis=0)", "np.sum(dout * gamma, axis=0)"), _paths("np.sum(dy, ", "np.sum(d_x_hat, "),
                     _formulas(("np.sum(dy, axis=axes)", "np.sum(dy * gamma, axis=axes)"), _OWN_BETA))}),
    _about("gamma", "bnb.param-grads-averaged", "Gradients of parameters are means.",
           "Nudge beta a little. By how much does the sum of y * dy change?", _HAND, "Take the sum, not the mean.",
           _both(_returned("dgamma / M", "dbeta / M"), _returned("dgamma / len(x)", "dbeta / len(x)"),
                 _returned("dgamma / M", "dbeta"), _returned("dgamma", "dbeta / M"))),
    _about("gamma", "bnb.param-grads-over-features", "The layer has one gamma and one beta.",
           "How many numbers does gamma hold for three features? And dgamma?",
           "Take two features with dy 1 2 and 10 20. What is dbeta?", "The sums run over the features too.",
           {"back": (_steps(("np.sum(dout, axis=0)", "np.sum(dout)"), ("np.sum(dout * xhat, axis=0)", "np.sum(dout * xhat)")),
                     _paths(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * x_hat)"), ("np.sum(dy, axis=axes)", "np.sum(dy)")),
                     _formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * x_hat)"), ("np.sum(dy, axis=axes)", "np.sum(dy)"),
                               _OWN_SUM, _OWN_BETA),
                     _steps("np.sum(dout, axis=0)", "np.sum(dout)"), _steps("np.sum(dout * xhat, axis=0)", "np.sum(dout * xhat)"))}),
    _about("images", "bnb.param-grads-over-batch-only", "Gradients of parameters are summed over the batch only.",
           "gamma has one number per channel. Which shape does your dgamma have for images?",
           "Take two images of 1 x 2 pixels with dy 1 2 and 3 4. What is dbeta?", "The sums must run over rows and columns too.",
           {"back": (_paths(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * x_hat, axis=0)"),
                            ("np.sum(dy, axis=axes)", "np.sum(dy, axis=0)")),
                     _formulas(("np.sum(dy * x_hat, axis=axes)", "np.sum(dy * x_hat, axis=0)"),
                               ("np.sum(dy, axis=axes)", "np.sum(dy, axis=0)"), _OWN_SUM, _OWN_BETA),
                     _paths("np.sum(dy, axis=axes)", "np.sum(dy, axis=0)"))}),
)  # fmt: skip

_FOLDING = (
    _about("normal", "bn.fold-bias-unscaled", "Only the weights are scaled.",
           "What is the bias of the convolution multiplied by?", _FOLD, "The bias is not scaled.",
           {"fold": (_formulas("(b - moving_mean) * scale", "b - moving_mean * scale"),
                     _loops("(b[f] - moving_mean[f]) * scale", "b[f] - moving_mean[f] * scale"),
                     _steps("(b - moving_mean) * scale", "b - moving_mean * scale"), _paths("scale * b + shift", "b + shift"),
                     _formulas("(b - moving_mean) * scale", "b - moving_mean"), _loops("(b[f] - moving_mean[f]) * scale", "b[f] - moving_mean[f]"))},
           card="bn-fold"),
    _about("normal", "bn.fold-bias-forgotten", "A convolution before batch norm has no bias.",
           "The convolution adds b. Where is b in your new bias?", _FOLD, "The bias of the convolution is lost.",
           {"fold": (_formulas("(b - moving_mean)", "(-moving_mean)"), _loops("(b[f] - moving_mean[f])", "(-moving_mean[f])"),
                     _steps("(b - moving_mean)", "(-moving_mean)"), _paths("scale * b + shift", "shift"))}, card="bn-fold"),
    _about("normal", "bn.fold-mean-added", "The moving mean is added.", "Does batch norm add the mean or subtract it?", _FOLD,
           "The sign of the mean is wrong.",
           {"fold": (_formulas("b - moving_mean", "b + moving_mean"), _loops("b[f] - moving_mean[f]", "b[f] + moving_mean[f]"),
                     _steps("b - moving_mean", "b + moving_mean"), _paths("beta - scale", "beta + scale"))}, card="bn-fold"),
    _about("normal", "bn.fold-weights-unscaled", "Folding changes the bias only.",
           "What is a pixel multiplied by, in the convolution and the batch norm together?", _FOLD, "The weights are not scaled.",
           {"fold": (_formulas("w * scale", "w * 1.0"), _steps("w * scale", "w * 1.0"), _loops("w[i, j, c, f] * scale", "w[i, j, c, f]"))},
           card="bn-fold"),
    _about("normal", "bn.fold-beta-scaled", "beta is scaled like the bias.", "What is beta multiplied by in batch norm?", _FOLD,
           "beta is multiplied by the scale.",
           {"fold": (_formulas("(b - moving_mean) * scale + beta", "(b - moving_mean + beta) * scale"),
                     _loops("(b[f] - moving_mean[f]) * scale + beta[f]", "(b[f] - moving_mean[f] + beta[f]) * scale"),
                     _steps("(b - moving_mean) * scale + beta", "(b - moving_mean + beta) * scale"))}, card="bn-fold"),
    _about("normal", "bn.fold-scales-input-channels", "Batch norm scales the channels of the image.",
           "Batch norm comes after the convolution. Which axis of w are the channels that it sees?",
           "Take a kernel (1, 1, 2, 3). How many numbers does gamma hold?", "The scale belongs to the last axis of w, the filters.",
           {"fold": (_formulas("w * scale", "w * scale[:, None]"), _steps("w * scale", "w * scale[:, None]"),
                     _loops("w[i, j, c, f] * scale", "w[i, j, c, f] * gamma[c] / math.sqrt(moving_var[c] + eps)"),
                     _formulas("w * scale", "w * scale[:, None, None, None]"), _steps("w * scale", "w * scale[:, None, None, None]"))},
           card="bn-fold"),
    _about("unchanged", "bn.fold-in-place", "The old weights are no longer needed.",
           "Does w still hold what the caller passed?", _BEFORE, "The function writes into its arguments.",
           {"fold": (_formulas("new_w = w * scale", "w *= scale\n    new_w = w"), _steps("new_w = w * scale", "w *= scale\n    new_w = w"))}),
)  # fmt: skip

MISCONCEPTIONS = (*_DIVISORS, *_GROUPS, *_MOVING, *_SCALES, *_GRADIENTS, *_FOLDING)
