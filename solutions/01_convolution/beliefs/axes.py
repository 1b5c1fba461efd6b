"""Misconceptions about the axes of an array: which ones a sum runs over, which ones are left, and in which order."""

from .belief import belief, forms
from .products import KERNEL, PRODUCT, STEP, TWO_FILTERS, WINDOW

PIXEL = "Take one pixel with the channels 2 and 3, and the weights 10 and 100. Which number comes out?"
CORNER = "Take the 3 x 3 image 0 to 8 and the kernel 0 1 / 2 3. The first output is 19. Which numbers did you add?"
SHAPES = "Print the shape of your result for one image, one channel and one filter."
RETURN = "    return y"


def mixed(patch, kernel, plain_patch="patch.{0}(axis=-1)"):
    """Return the patches that put the channels together before they multiply."""
    summed = plain_patch.format(patch)
    return {
        "conv2d_step": forms("loops", (f"patch * {KERNEL}", f"{summed} * {KERNEL}.{kernel}(axis=-1)")),
        "conv2d": forms("loops", (f"patch * {KERNEL}", f"{summed} * {KERNEL}.{kernel}(axis=-1)"))
        + forms("slices", (f"patch * {KERNEL}, axis=(1, 2, 3)", f"{summed} * {KERNEL}.{kernel}(axis=-1), axis=(1, 2)")),
    }  # fmt: skip


def joined(*programs):
    return {name: tuple(form for one in programs for form in one[name]) for name in programs[0]}


AXES = (
    belief("conv.no-axis-for-filters", "kernel", "Patch and kernels can be multiplied as they are.",
           "The patch has three axes and w has four. Which axis of w meets the rows of the patch?", CORNER,
           "NumPy matches axes from the end, so the patch meets the wrong axes of w.",
           conv2d_step=forms("windows", (STEP, "np.sum(patch * w)")) + forms("windows", (STEP, "np.sum(patch * w, axis=(0, 1, 2))"))
           + forms("slices", ("patch[:, :, :, None] * w", "patch * w")) + forms("windows", (STEP, "np.dot(patch, w)")),
           conv2d=forms("windows", (WINDOW, "np.sum(patch * w)")) + forms("windows", (WINDOW, "np.sum(patch * w, axis=(1, 2, 3))"))
           + forms("windows", (WINDOW, "np.sum(patch * w, axis=(0, 1, 2))"))
           + forms("loops", (f"patch * {KERNEL}", "patch * w"))),
    belief("conv.channels-kept-apart", "channels", "Each channel gives its own output.",
           "One filter sees three channels. How many numbers does it give at one position?", PIXEL,
           "The sum does not run over the channels.",
           conv2d_step=forms("slices", ("axis=(0, 1, 2)", "axis=(0, 1)")) + forms("loops", (PRODUCT + ")", f"np.sum(patch * {KERNEL}, axis=(0, 1))"))
           + forms("windows", (f"return {STEP} + b", "return np.einsum('ijc,ijcf->cf', patch, w) + b"))
           + forms("windows", (f"return {STEP} + b", "return np.einsum('ijc,ijcf->fc', patch, w) + b[:, None]")),
           conv2d=forms("slices", ("axis=(1, 2, 3)", "axis=(1, 2)")) + forms("loops", (PRODUCT + ")", f"np.sum(patch * {KERNEL}, axis=(0, 1))"))),
    belief("conv.channels-mixed-first", "channels", "The channels are put together before they are weighted.",
           "Which weight does the red value of a pixel meet, and which one does the blue value meet?", PIXEL,
           "Pixels and weights of all channels are added up before the product.",
           **joined(mixed("sum", "sum"), mixed("mean", "sum"), mixed("mean", "mean"))),
    belief("conv.channels-share-weights", "channels", "All channels have the same weights.",
           "Which weight does the second channel of a pixel meet?", PIXEL,
           "One channel's weights are used for all channels.",
           conv2d_step=forms("loops", (KERNEL, "w[:, :, :1, f]")) + forms("loops", (KERNEL, "w[:, :, -1:, f]")),
           conv2d=forms("loops slices", (KERNEL, "w[:, :, :1, f]")) + forms("loops", (KERNEL, "w[:, :, -1:, f]"))),
    belief("conv.channels-share-pixels", "channels", "All channels of a pixel are alike.",
           "The image is red. What does the weight for blue meet?", PIXEL, "One channel of the image is used for all weights.",
           conv2d_step=forms("loops", (f"patch * {KERNEL}", f"patch[..., :1] * {KERNEL}")) + forms("loops", (f"patch * {KERNEL}", f"patch[..., -1:] * {KERNEL}")),
           conv2d=forms("loops slices", (f"patch * {KERNEL}", f"patch[..., :1] * {KERNEL}"))
           + forms("loops", (f"patch * {KERNEL}", f"patch[..., -1:] * {KERNEL}"))),
    belief("conv.adds-pixels-and-weights", "kernel", "Pixels and weights are added.",
           "A weight is 0. Should the pixel under it count?", CORNER, "Each weight is added to its pixel; it must be multiplied.",
           conv2d_step=forms("loops slices", (" * w", " + w")) + forms("scalars", (" * w[", " + w[")),
           conv2d=forms("loops slices", ("patch * w", "patch + w")) + forms("scalars", (" * w[", " + w["))),
    belief("conv.step-keeps-axes", "kernel", "The result of one position still has rows and columns.",
           "How many numbers does one position give with three filters, and how many axes do they have?", TWO_FILTERS,
           "The result must have a single axis: its shape is (C_out,).",
           conv2d_step=forms("windows", (f"return {STEP} + b", f"return ({STEP} + b).reshape(1, 1, F)"))
           + forms("windows", (f"return {STEP} + b", f"return ({STEP} + b)[None]"))
           + forms("windows", (f"return {STEP} + b", f"return ({STEP} + b)[:, None]"))
           + forms("slices", ("axis=(0, 1, 2))", "axis=(0, 1, 2), keepdims=True)"))),
    belief("conv.axes-of-length-1-dropped", "kernel", "An axis of length 1 is not needed.",
           "What shape must come out for one image and one filter?", SHAPES, "The result always has four axes.",
           conv2d=forms("windows", (RETURN, "    return np.squeeze(y)")) + forms("windows", (RETURN, "    return y[0]"))
           + forms("windows", (RETURN, "    return y[..., 0]")) + forms("windows", (RETURN, "    return y[0, :, :, 0]")),
           conv2d_backward=forms("windows", ("return dx, dw, db", "return np.squeeze(dx), np.squeeze(dw), db"))),
    belief("conv.filters-come-second", "kernel", "The maps of the filters come before rows and columns.",
           "Which axis of y counts the filters?", SHAPES, "The output is (N, OH, OW, C_out).",
           conv2d=forms("windows", (RETURN, "    return y.transpose(0, 3, 1, 2)"))
           + forms("loops", ("np.zeros((N, OH, OW, F))", "np.zeros((N, F, OH, OW))"), ("y[n, i, j, f]", "y[n, f, i, j]"))
           + forms("windows", (RETURN, "    return y.transpose(3, 1, 2, 0)"))),
)  # fmt: skip
