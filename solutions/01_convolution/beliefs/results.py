"""Misconceptions about what comes out: its numbers, its images, and what happens to the arguments."""

from .belief import before, belief, forms

RETURN = "    return y"
MAPS = "np.zeros((N, OH, OW, F))"
IMAGES = "for n in range(N)"
IMAGE = "    N, H, W, C = x.shape"

RESULTS = (
    belief("conv.activation-baked-in", "kernel", "A convolution layer ends with a ReLU.",
           "Can your function return a negative number?",
           "Take one pixel of 1 and a weight of -1. Which number comes out?", "Negative outputs are clipped to 0.",
           charged={"conv2d_fast": "fast-combined"},
           conv2d=forms("loops slices windows", (RETURN, "    return np.maximum(y, 0)"))
           + forms("positions", ("return y + b", "return np.maximum(y + b, 0)"))
           + forms("columns", ("+ b\n", "+ b\n    y = np.maximum(y, 0)\n"))),
    belief("conv.integer-output", "kernel", "The output contains integers.", "What happens to 0.5 in your output?",
           "Take one pixel of 1 and a weight of 0.5. Which number comes out?", "Fractions are cut off.", charged={"conv2d_fast": "fast-combined"},
           conv2d=forms("loops slices windows positions", (MAPS, "np.zeros((N, OH, OW, F), dtype=int)"))
           + forms("windows columns", (RETURN, "    return y.astype(int)"))
           + forms("loops slices", ("xp = np.pad(x", "xp = np.pad(x.astype(int)"))),
    belief("conv.half-precision", "kernel", "Half precision is exact enough.",
           "How many digits does np.float16 keep?", "Take one pixel of 0.1 and a weight of 1. Print the difference between y and 0.1.",
           "The numbers are rounded to half precision, which keeps about three digits.",
           charged={"conv2d_fast": "fast-combined"},
           conv2d=tuple(
               form
               for single in (".astype(np.float32)", "")
               for form in forms("windows columns", before(IMAGE, f"x, w = x.astype(np.float16){single}, w.astype(np.float16){single}"))
           )),
    belief("conv.mutates-input", "unchanged", "An argument may be overwritten.",
           "Do the arguments still hold what the caller passed?", "Print the arguments before and after the call.",
           "The function writes into an argument.",
           conv2d=forms("loops slices windows", before(RETURN, "x[...] = 0"))
           + forms("loops windows", before(RETURN, "w *= 0"))
           + forms("loops windows", before(RETURN, "b *= 0")),
           conv2d_backward=forms("loops windows", before("    return dx", "x[...] = 0"))
           + forms("loops windows", before("    return dx", "dy *= 0"))),
    belief("conv.batch-loop-first-only", "kernel", "The batch has one image.",
           "What does your function return for the second image of a batch?",
           "Take two equal images. Compare the two outputs.", "Only one image is used.",
           charged={"pad2d": "pad", "conv2d_backward": "backward-images"},
           pad2d=forms("loops", ("xp[:, top : top + H, left : left + W, :] = x", "xp[0, top : top + H, left : left + W, :] = x[0]"))
           + forms("slices", ("np.pad(x,", "np.pad(x[:1],")),
           conv2d=forms("loops scalars", (IMAGES, "for n in range(1)"))
           + forms("slices windows", ("y[:, i, j", "y[:1, i, j"), ("patch = xp[:,", "patch = xp[:1,"))
           + forms("loops slices windows", before("    N, H, W, C = x.shape", "x = x[:1]"))
           + forms("windows slices", ("patch = xp[:,", "patch = xp[:1,"))
           + forms("loops", ("patch = xp[n,", "patch = xp[-1,"))
           + forms("loops scalars", ("y[n, i, j, f]", "y[0, i, j, f]")),
           conv2d_backward=forms("loops scalars", (IMAGES, "for n in range(1)"))
           + forms("windows positions", before("    OH, OW = dy.shape[1:3]", "dy = dy.copy()", "dy[1:] = 0"))
           + forms("loops", ("patch = xp[n,", "patch = xp[0,")) + forms("windows", ("np.tensordot(patch, dy[:, i, j, :], axes=(0, 0))", "np.tensordot(patch[:1], dy[:1, i, j, :], axes=(0, 0))"))
           + forms("windows", before("    return dx", "dx[1:] = 0")) + forms("windows", before("    return dx", "dx[:-1] = 0"))
           + forms("windows", ("return dx, dw, db", "return dx[0], dw, db"))),
)  # fmt: skip
