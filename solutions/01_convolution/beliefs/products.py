"""Misconceptions about one output: which products are added up, over which channels and filters."""

from grader.course import patch

from .belief import after, before, belief, forms

PRODUCT = "np.sum(patch * w[:, :, :, f]"
WINDOW = "np.tensordot(patch, w, axes=((1, 2, 3), (0, 1, 2)))"
STEP = "np.tensordot(patch, w, axes=((0, 1, 2), (0, 1, 2)))"
PIXEL = "Take one pixel with the channels 2 and 3, and the weights 10 and 100. Which number comes out?"
CORNER = "Take the 3 x 3 image 0 to 8 and the kernel 0 1 / 2 3. The first output is 19. Which products did you add?"
IMPULSE = "Take a 3 x 5 image with a single 1 in the middle, and the kernel 1 2 3 / 4 5 6. What is the first output?"
TWO_FILTERS = "Take one pixel of 1 and two filters with the weights 10 and 100. Which two numbers come out?"
SHAPE = "    KH, KW, _, F = w.shape"
STEP_SHAPE = "    KH, KW, C, F = w.shape"
KERNEL = "w[:, :, :, f]"
RETURN = "    return y"


def scaled(by: str):
    """Return the patches in which each product is divided by a number."""
    return {
        "conv2d_step": forms("loops", ("patch * w", f"patch / ({by}) * w"))
        + forms("windows", ("(patch, w, axes", f"(patch / ({by}), w, axes"))
        + forms("slices", ("products, axis", f"products / ({by}), axis")),
        "conv2d": forms("loops slices", ("patch * w", f"patch / ({by}) * w"))
        + forms("windows", ("(patch, w,", f"(patch / ({by}), w,")),    }  # fmt: skip


def one_channel(index: str, loop: str):
    """Return the patches in which only some channels count; `index` is a slice of them."""
    return {
        "conv2d_step": forms("loops", (f"patch * {KERNEL}", f"patch[..., {index}] * w[:, :, {index}, f]"))
        + forms("windows", ("(patch, w, axes", f"(patch[..., {index}], w[:, :, {index}], axes"))
        + forms("slices", ("products, axis", f"products[:, :, {index}], axis"))
        + forms("scalars", ("for c in range(C)", f"for c in {loop}")),
        "conv2d": forms("loops slices", (f"patch * {KERNEL}", f"patch[..., {index}] * w[:, :, {index}, f]"))
        + forms("windows", ("(patch, w,", f"(patch[..., {index}], w[:, :, {index}],"))
        + forms("positions", ("seen @ w[ki, kj]", f"seen[..., {index}] @ w[ki, kj, {index}]"))
        + forms("scalars", ("for c in range(C)", f"for c in {loop}")),
    }  # fmt: skip


def other_kernel(new: str, scalar: str = ""):
    """Return the patches of both functions that use `new` in place of the kernels w."""
    line = f"w = {new}"
    step = forms("loops slices windows", after(STEP_SHAPE, line))
    conv = forms("loops slices windows", after(SHAPE, line))
    if scalar:
        step += forms("scalars", ("w[ki, kj, c, f]", scalar))
        conv += forms("scalars", ("w[ki, kj, c, f]", scalar))
    return {"conv2d_step": step, "conv2d": conv}


def together(*programs):
    """Return several sets of programs as one."""
    names = dict.fromkeys(name for one in programs for name in one)
    return {name: tuple(form for one in programs for form in one.get(name, ())) for name in names}


TRANSPOSED_FIRST = {
    "conv2d": forms("loops slices windows", before(SHAPE, "w = w.transpose(1, 0, 2, 3)"))
    + forms("loops slices", ("KH, KW, _, F = w.shape", "KW, KH, _, F = w.shape")),
    "conv2d_backward": forms("loops windows positions", before(SHAPE, "w = w.transpose(1, 0, 2, 3)"))
    + forms("loops slices", (" * w[:, :, :, f]", " * w[:, :, :, f].transpose(1, 0, 2)"))
    + forms("windows", ("w, axes=(1, 3)", "w.transpose(1, 0, 2, 3), axes=(1, 3)"))
    + forms("positions", ("w[ki, kj].T", "w[kj, ki].T"))
    + forms("scalars", ("g * w[ki, kj, c, f]", "g * w[kj, ki, c, f]")),
}  # fmt: skip

KERNELS = (
    belief("conv.true-convolution", "kernel", "A convolution flips the kernel first.",
           "Put a single 1 into the image: does the kernel come out as you wrote it, or flipped?", IMPULSE,
           "The kernel is flipped; networks do not flip it.", cards=("conv-flip",),
           **together(other_kernel("w[::-1, ::-1]", "w[KH - 1 - ki, KW - 1 - kj, c, f]"),
                      other_kernel("np.flip(w)"), other_kernel("w[::-1]"), other_kernel("w[:, ::-1]"))),
    belief("conv.kernel-turned-once", "kernel", "The kernel is rotated by 90 degrees.",
           "Put a single 1 into the image: in which direction does the kernel come out?", IMPULSE,
           "The kernel is rotated by 90 degrees; use it as it is.",
           **together(other_kernel("np.rot90(w)"), other_kernel("np.rot90(w, -1)"))),
    belief("conv.kernel-transposed", "kernel", "The kernel's first axis is x.",
           "A kernel should find horizontal edges. Which edges does yours find?", IMPULSE,
           "Rows and columns of the kernel are swapped.",
           **together(other_kernel("w.transpose(1, 0, 2, 3)", "w[kj, ki, c, f]"), TRANSPOSED_FIRST)),
    belief("conv.kernel-reshaped-not-transposed", "channels", "A reshape moves axes.",
           "After the reshape, is element [0, 0, 1, 0] still the same weight?",
           "Number the weights of a kernel of shape (1, 1, 3, 2) from 0 to 5 and reshape them. Where is number 1?",
           "A reshape keeps the order of the numbers; to move axes, use a transpose.",
           conv2d_step=forms("windows", (STEP, "w.reshape(F, -1) @ patch.ravel()"))
           + forms("windows", (STEP, "patch.transpose(2, 0, 1).ravel() @ w.reshape(-1, F)")),
           conv2d=forms("columns", ("w.reshape(KH * KW * C, F)", "w.reshape(F, KH * KW * C).T"))
           + forms("columns", ("windows.transpose(0, 1, 2, 4, 5, 3).reshape(", "windows.reshape("))
           + forms("loops slices windows", after(SHAPE, "w = w.reshape(F, C, KH, KW).transpose(2, 3, 1, 0)"))
           + forms("loops windows", after(SHAPE, "w = w.reshape(F, KH, KW, C).transpose(1, 2, 3, 0)"))),
    belief("conv.rows-in-another-order", "images", "The rows of a matrix may be in any order before a reshape.",
           "Which output belongs to row 1 of your matrix: the next column, the next row or the next image? Which one does the reshape expect?",
           "Take two images of one row and two columns. Number the rows of your matrix. Which rows belong to the second image?",
           "A reshape reads images first, then rows, then columns; the results are in a different order.",
           conv2d=forms("columns", ("windows.transpose(0, 1, 2, 4, 5, 3)", "windows.transpose(1, 2, 0, 4, 5, 3)"))
           + forms("loops windows", (RETURN, "    return y.transpose(1, 2, 0, 3).reshape(N, OH, OW, F)"))
           + forms("columns", ("windows.transpose(0, 1, 2, 4, 5, 3)", "windows.transpose(0, 2, 1, 4, 5, 3)"))
           + forms("loops windows", (RETURN, "    return y.transpose(0, 2, 1, 3).reshape(N, OH, OW, F)"))
           + forms("columns", ("return y.reshape(N, OH, OW, F)", "return y.reshape(N, F, OH, OW).transpose(0, 2, 3, 1)"))
           + forms("columns", ("return y.reshape(N, OH, OW, F)", "return y.T.reshape(N, OH, OW, F)"))
           + forms("loops windows", (RETURN, "    return y.transpose(0, 3, 1, 2).reshape(N, OH, OW, F)"))),
    belief("conv.channels-come-first", "channels", "Images have the shape (N, C, H, W).",
           "In this course, which axis of x counts the channels?",
           "Take an image of shape (1, 3, 4, 2). How many rows, columns and channels does it have?",
           "Images are (N, H, W, C), and kernels are (KH, KW, C_in, C_out).", charged={"pad2d": "pad"},
           pad2d=forms("slices", ("((0, 0), (top, bottom), (left, right), (0, 0))", "((0, 0), (0, 0), (top, bottom), (left, right))")),
           conv2d=forms("loops slices windows", before("    N, H, W, C = x.shape", "x = x.transpose(0, 2, 3, 1)"))
           + forms("loops slices windows", ("N, H, W, C = x.shape", "N, C, H, W = x.shape"))
           + forms("loops slices windows", before("    N, H, W, C = x.shape", "x, w = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)"))
           + forms("loops windows", before("    N, H, W, C = x.shape", "x, w = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0)"), ("    return y", "    return y.transpose(0, 3, 1, 2)"))),
)  # fmt: skip

PRODUCTS = (
    belief("conv.is-a-mean", "kernel", "A convolution is an average of the pixels under the kernel.",
           "With a kernel of ones on an image of ones, which number comes out?", CORNER,
           "The products are averaged; they must be added up.", **scaled("KH * KW * C")),
    belief("conv.takes-the-largest", "kernel", "A filter gives the largest of its products.",
           "With a kernel of ones on an image of ones, which number comes out?", CORNER,
           "The largest product is taken; all products must be added up.",
           conv2d_step=forms("loops slices", ("np.sum(", "np.max(")), conv2d=forms("loops slices", ("np.sum(", "np.max("))),
    belief("conv.is-a-matrix-product", "kernel", "A convolution is the matrix product of patch and kernel.",
           "Which pixel does the weight in the first row and second column meet?", CORNER,
           "Patch and kernel are multiplied as matrices; each weight must meet the pixel under it.",
           conv2d_step=forms("loops", (f"patch * {KERNEL}", "patch.transpose(2, 0, 1) @ w[:, :, :, f].transpose(2, 0, 1)"))
           + forms("slices", ("patch[:, :, :, None] * w", "np.einsum('ijc,jkcf->ikcf', patch, w)")),
           conv2d=forms("loops", (f"patch * {KERNEL}", "patch.transpose(2, 0, 1) @ w[:, :, :, f].transpose(2, 0, 1)"))
           + forms("slices", (f"patch * {KERNEL}", "patch.transpose(0, 3, 1, 2) @ w[:, :, :, f].transpose(2, 0, 1)"))),
    belief("conv.products-overwritten", "kernel", "Each product replaces the sum so far.",
           "How many products does one output add up? Which of them are left in yours?", CORNER,
           "A product is assigned; it must be added.",
           conv2d_step=forms("scalars", ("total +=", "total ="))
           + forms("loops", (PRODUCT, "np.sum(patch[-1, -1, -1] * w[-1, -1, -1, f]")),
           conv2d=forms("scalars", ("total +=", "total =")) + forms("positions", ("y +=", "y ="))
           + forms("loops", (PRODUCT, "np.sum(patch[-1, -1, -1] * w[-1, -1, -1, f]"))
           + forms("slices", (PRODUCT + ", axis=(1, 2, 3))", "(patch[:, -1, -1, -1] * w[-1, -1, -1, f])"))),
    belief("conv.sum-never-reset", "channels", "The sum of one output starts where the last one ended.",
           "What should the sum be before the first product of the second output?",
           "Take an image of ones and the 1 x 1 kernel [1]. Which numbers come out?",
           "The sum is not set back to 0 for each output.",
           conv2d_step=forms("scalars", ("    for f in range(F):\n        total = 0.0\n", "    total = 0.0\n    for f in range(F):\n"))
           + forms("loops", before("    for f in range(F)", "total = 0.0"), (f"y[f] = {PRODUCT}) + b[f]", f"total += {PRODUCT})\n        y[f] = total + b[f]")),
           conv2d=tuple(
               patch("scalars", ("                    total = 0.0\n", ""), before(place, "total = 0.0"))
               for place in ("                for f in range(F)", "            for j in range(OW)", "        for i in range(OH)", "    for n in range(N)"))
           + tuple(
               patch(taste, before(place, "total = 0.0"), (f"y[n, i, j, f] = {PRODUCT}) + b[f]", f"total += {PRODUCT})\n                    y[n, i, j, f] = total + b[f]"))
               for taste, place in (("loops", "                for f in range(F)"), ("loops", "    for n in range(N)")))),
    belief("conv.patch-is-a-copy", "kernel", "A slice of an array is a copy.",
           "After you multiplied a patch in place, what does the next window see?",
           "Take an image of ones, a 2 x 2 kernel of twos and stride 1. Which numbers come out?",
           "The patch is multiplied in place, and the windows overlap.",
           charged={"conv2d_step": "step-unchanged"},
           conv2d_step=forms("loops", (f"y[f] = {PRODUCT})", f"patch *= {KERNEL}\n        y[f] = np.sum(patch)")),
           conv2d=forms("loops", (f"y[n, i, j, f] = {PRODUCT})", f"patch *= {KERNEL}\n                    y[n, i, j, f] = np.sum(patch)"))
           + forms("loops", (f"y[n, i, j, f] = {PRODUCT})", f"patch *= {KERNEL}\n                    y[n, i, j, f] = np.sum(patch)"), after("    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))", "xp = xp if padding != 'valid' else x"))
           + forms("slices", (f"y[:, i, j, f] = {PRODUCT},", f"patch *= {KERNEL}\n                y[:, i, j, f] = np.sum(patch,"))),
    belief("conv.sum-over-batch", "kernel", "One sum covers all images.",
           "Take two different images. How many outputs do they share?",
           "Take two images, one of zeros and one of ones, and the 1 x 1 kernel [1]. Which two pictures come out?",
           "The images of the batch are added up; each image has its own output.",
           charged={"conv2d_backward": "backward-images"},
           conv2d=forms("slices", (", axis=(1, 2, 3))", ")"))
           + forms("windows", (f"{WINDOW} + b", "np.tensordot(patch.sum(axis=0), w, axes=3) + b"))
           + forms("positions", ("seen @ w", "seen.sum(axis=0) @ w"))
           + forms("windows", (f"{WINDOW} + b", "np.tensordot(patch.mean(axis=0), w, axes=3) + b"))
           + forms("loops", ("y[n, i, j, f] =", "y[:, i, j, f] +=")),
           conv2d_backward=forms("loops", ("dxp[n, i", "dxp[:, i")) + forms("windows", ("dx = dxp[:, top : top + H, left : left + W, :]", "dx = np.broadcast_to(dxp.sum(axis=0), xp.shape)[:, top : top + H, left : left + W, :] / N"))),
)  # fmt: skip

ROWS = "for f in range(F)"
MAPS = "np.zeros((N, OH, OW, F))"
CHANNELS = (
    belief("conv.channels-first-only", "channels", "A filter looks at one channel.", "Does the filter see only red?",
           PIXEL, "Only the first channel is used.", cards=("conv-dot",), charged={"pad2d": "pad"},
           pad2d=forms("slices", ("np.pad(x,", "np.pad(x[..., :1],")) + forms("loops", ("left : left + W, :] = x", "left : left + W, 0] = x[:, :, :, 0]")),
           **one_channel(":1", "range(1)")),
    belief("conv.channels-last-only", "channels", "Each channel replaces the one before.",
           "Does the filter see only the last channel?", PIXEL, "Only the last channel is used.", cards=("conv-dot",),
           **one_channel("-1:", "range(C - 1, C)")),
    belief("conv.channels-averaged", "channels", "The channels are averaged.",
           "With two channels, does each one count only half?", PIXEL,
           "The sum is divided by the number of channels.", cards=("conv-dot",), **scaled("C")),
    belief("conv.filter-from-wrong-axis", "channels", "The filters are the first axis of w.",
           "Which of the four axes of w counts the filters?",
           "Take w of shape (2, 2, 3, 5). How many filters are there, and what is the shape of one?",
           "The filter is taken from the wrong axis; the filters are the last axis of w.",
           charged={"conv2d_backward": "backward-combined"},
           conv2d_step=forms("loops", (KERNEL, "w[f]")) + forms("loops", (KERNEL, "w[:, :, f]")) + forms("loops", (KERNEL, "w[:, f]"))
           + forms("windows", ("w, axes=((0, 1, 2), (0, 1, 2))", "w, axes=((0, 1, 2), (1, 2, 3))"))
           + forms("loops", (STEP_SHAPE.strip(), "F, KH, KW, C = w.shape"), (KERNEL, "w[f]"))
           + forms("scalars", ("w[ki, kj, c, f]", "w[f, ki, kj, c]")) + forms("scalars", ("w[ki, kj, c, f]", "w[ki, kj, f, c]")),
           conv2d=forms("loops slices", (KERNEL, "w[f]")) + forms("loops slices", (KERNEL, "w[:, :, f]"))
           + forms("loops slices", (KERNEL, "w[:, f]"))
           + forms("loops slices", ("KH, KW, _, F = w.shape", "F, KH, KW, _ = w.shape"), (KERNEL, "w[f]"))
           + forms("windows", ("w, axes=((1, 2, 3), (0, 1, 2))", "w, axes=((1, 2, 3), (1, 2, 3))"))
           + forms("windows", ("KH, KW, _, F = w.shape", "F, KH, KW, _ = w.shape"), ("w, axes=((1, 2, 3), (0, 1, 2))", "w, axes=((1, 2, 3), (1, 2, 3))"))
           + forms("positions", ("@ w[ki, kj]", "@ w[ki, kj].T"))
           + forms("columns", ("y = columns @ w.reshape(KH * KW * C, F) + b\n    return y.reshape(N, OH, OW, F)", "return np.einsum('nijcab,abfc->nijf', windows, w) + b"))
           + forms("windows", (WINDOW, "np.einsum('nijc,ijfc->nf', patch, w)"), (MAPS, "np.zeros((N, OH, OW, w.shape[2]))"), (" + b\n    return y", "\n    return y + b")) + forms("positions", ("seen @ w[ki, kj]", "np.einsum('nijc,fc->nijf', seen, w[ki, kj])"))
           + forms("scalars", ("w[ki, kj, c, f]", "w[f, ki, kj, c]")) + forms("scalars", ("w[ki, kj, c, f]", "w[ki, kj, f, c]")),
           conv2d_backward=forms("windows", ("w, axes=(1, 3)", "w, axes=(1, 2)")) + forms("positions", ("dy @ w[ki, kj].T", "dy @ w[ki, kj]"))
           + forms("positions", ("dy @ w[ki, kj].T", "np.tensordot(dy, w[ki, kj], axes=(3, 0))"))),
    belief("conv.as-many-filters-as-channels", "channels", "A layer has one filter for each channel of its input.",
           "How many maps do five filters give for an image with three channels?", TWO_FILTERS,
           "The number of channels is used for the number of filters.",
           conv2d_step=forms("loops", ("np.zeros(F)", "np.zeros(C)"), ("range(F)", "range(C)"))
           + forms("loops scalars", ("range(F)", "range(C)")) + forms("loops scalars", ("np.zeros(F)", "np.zeros(C)")),
           conv2d=forms("loops slices", (MAPS, "np.zeros((N, OH, OW, C))"), (ROWS, "for f in range(C)"))
           + forms("loops slices", (ROWS, "for f in range(C)"))
           + forms("loops slices windows positions", (MAPS, "np.zeros((N, OH, OW, C))"))),
    belief("conv.first-filter-only", "channels", "A layer has one filter.",
           "Are the maps of two different filters equal?", TWO_FILTERS, "Only one filter is used.",
           charged={"conv2d_backward": "backward-combined"},
           conv2d_step=forms("loops", (KERNEL, "w[:, :, :, 0]")) + forms("loops scalars", (ROWS, "for f in range(1)"))
           + forms("windows", ("(patch, w, axes", "(patch, w[..., :1], axes"))
           + forms("loops", (KERNEL, "w[:, :, :, -1]")) + forms("loops", ("    return y", "    return y[0]"))
           + forms("windows", (f"return {STEP} + b", "return np.dot(patch.ravel(), w.ravel()) + b")),
           conv2d=forms("loops slices", (KERNEL, "w[:, :, :, 0]")) + forms("loops slices", (ROWS, "for f in range(1)"))
           + forms("windows", ("(patch, w,", "(patch, w[..., :1],"))
           + forms("positions", ("@ w[ki, kj]", "@ w[ki, kj, :, :1]"))
           + forms("loops", (KERNEL, "w[:, :, :, -1]")) + forms("loops", ("y[n, i, j, f]", "y[n, i, j]")),
           conv2d_backward=forms("windows", ("dy[:, i, j, :], w, axes", "dy[:, i, j, :1], w[..., :1], axes"))
           + forms("loops scalars", (ROWS, "for f in range(1)")) + forms("loops", ("* w[:, :, :, f]", "* w[:, :, :, 0]"))),
    belief("conv.filters-summed-together", "channels", "All filters give one sum.",
           "How many numbers does one window give with two filters?", TWO_FILTERS,
           "The products of all filters are added up; each filter has its own sum.",
           conv2d_step=forms("slices", ("np.sum(products, axis=(0, 1, 2))", "np.sum(products)"))
           + forms("loops", (PRODUCT, "np.sum(patch[..., None] * w")) + forms("windows", (STEP, f"{STEP}.sum()"))
           + forms("loops", ("    return y", "    return y.sum(keepdims=True)")) + forms("loops", ("    return y", "    return np.full(F, y.sum())"))
           + forms("loops scalars", ("    return y", "    return y.sum()")),
           conv2d=forms("loops", (PRODUCT, "np.sum(patch[..., None] * w"))
           + forms("slices", (PRODUCT + ", axis=(1, 2, 3))", "np.sum(patch[..., None] * w, axis=(1, 2, 3, 4))"))
           + forms("windows", (WINDOW, f"{WINDOW}.sum(axis=1, keepdims=True)"))),
)  # fmt: skip
