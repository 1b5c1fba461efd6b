"""Misconceptions about padding: which numbers are outside the picture, and how many."""

from .belief import PADDED, after, before, belief, forms

PAD = "    xp = np.pad(x"
PADS = "((0, 0), (top, bottom), (left, right), (0, 0))"
SIDES = "(top, bottom), (left, right), (0, 0)"
NUMBER = 'p = 0 if padding == "valid" else padding'
BACK = "loops windows"
ONES = 'Take a 3 x 3 image of ones, a 3 x 3 kernel of ones, padding "same". Which values are in the corner and centre?'
SINGLE = "Pad a single pixel 5 by one on each side. Which nine numbers do you get?"
PIXEL = "Take one pixel 5, the 1 x 1 kernel [1] and padding 1. Which nine numbers come out?"
BELOW = "Pad one pixel with ((0, 1), (0, 0)), one row below. What shape do you get, and where is the pixel?"
RIGHT_PIXEL = "Pad one pixel with ((1, 0), (0, 0)), one row above. What shape do you get, and where is the pixel?"
ZEROS = "xp = np.zeros((N, H + top + bottom, W + left + right, C))"
INTO = "xp[:, top : top + H, left : left + W, :] = x"


def outside(mode):
    """Return the patches of each function that pads, for values outside the picture that are not zeros."""
    edit = (PADS, f'{PADS}, mode="{mode}"')
    return {
        "pad2d": forms("slices", edit) + forms("loops", (ZEROS, f'xp = np.pad(x, {PADS}, mode="{mode}")')),
        "conv2d": forms(PADDED, edit),
        "conv2d_backward": forms(BACK, edit),
    }


def both(*programs):
    """Return several sets of patches as one."""
    return {name: tuple(form for one in programs for form in one[name]) for name in programs[0]}


def filled(widths):
    """Return the patches of the functions that pad these sides only."""
    edit = (SIDES, f"{widths}, (0, 0)")
    return {"pad2d": forms("slices", edit), "conv2d": forms(PADDED, edit)}


def rows_only(sides, others):
    """Return the patches in which a number as padding counts for two sides only."""
    edit = ("top = bottom = left = right = p", f"{sides} = p\n        {others} = 0")
    return {"pad2d": (), "conv2d": forms("loops windows", edit)}


def all_sides(*lines):
    """Return the patches that compute other pads: before the size is counted from the padded image, or after it."""
    return forms(PADDED, before(PAD, *lines))


HALF = ("top = bottom = (KH - 1) // 2", "left = right = (KW - 1) // 2")
HALF_ROUNDED_UP = ("top = bottom = KH // 2", "left = right = KW // 2")
IF_VALID = 'if padding == "valid":'
FRAMED = (
    'if padding == "same":',
    "    whole = np.zeros((N, -(-H // SH), -(-W // SW), F))",
    "    {place} = y",
    "    return whole",
)
CENTRED = "whole[:, (whole.shape[1] - OH) // 2 :, (whole.shape[2] - OW) // 2 :][:, :OH, :OW]"
FROM_HALF = "whole[:, KH // 2 : KH // 2 + OH, KW // 2 : KW // 2 + OW]"
ONE_PIXEL = "whole[:, 1:-1, 1:-1]"


def framed(place):
    """Return the patches that write the valid result into a frame of zeros."""
    lines = [line.format(place=place) for line in FRAMED]
    valid = before(PAD, 'if padding == "same":', "    top = bottom = left = right = 0")
    return forms("loops windows", valid, before("    return y", *lines))


TO_IMAGE = "                    dxp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, :] += dy[n, i, j, f] * w[:, :, :, f]"
NEGATIVE = f"{ZEROS}\n    xp[:, top:-bottom, left:-right, :] = x"

PADDING = (
    belief("conv.pads-one-side", "padding", "Zeros are added on one side of an axis.",
           "With padding 1 on all four sides, how many rows and columns are added?", SINGLE, "Two of the four sides get no zeros.",
           charged={"conv2d_backward": "backward-combined"},
           pad2d=forms("slices", (SIDES, "(top, 0), (left, 0), (0, 0)")) + forms("slices", (SIDES, "(0, bottom), (0, right), (0, 0)")),
           conv2d=forms("slices", (SIDES, "(top, 0), (left, 0), (0, 0)")) + forms(PADDED, (SIDES, "(0, bottom), (0, right), (0, 0)")),
           conv2d_backward=forms(BACK, ("(top, bottom), (left, right), (0, 0)", "(0, bottom), (0, right), (0, 0)"))),
    belief("conv.pads-one-direction", "padding", "Zeros go above and below, or left and right.",
           "With padding 1, how many rows and how many columns does a padded 3 x 3 image have?", SINGLE,
           "Only rows or only columns are added.",
           charged={"conv2d_backward": "backward-combined"},
           **both(filled("(top, bottom), (0, 0)"), filled("(0, 0), (left, right)"), rows_only("top = bottom", "left = right"), rows_only("left = right", "top = bottom")),
           conv2d_backward=forms("loops", ("(top, bottom), (left, right), (0, 0)", "(top, bottom), (0, 0), (0, 0)"))),
    belief("conv.pads-twice", "padding", "The zeros of both sides are added on each side.",
           "With padding 1, how many rows of zeros are above the picture?", SINGLE, "Each side gets twice as many zeros as asked for.",
           pad2d=forms("slices", ("(top, bottom), (left, right), (0, 0)", "(2 * top, 2 * bottom), (2 * left, 2 * right), (0, 0)"))
           + forms("slices", ("(top, bottom), (left, right), (0, 0)", "(top + bottom, top + bottom), (left + right, left + right), (0, 0)")),
           conv2d=forms(PADDED, (NUMBER, 'p = 0 if padding == "valid" else 2 * padding')),
           conv2d_backward=forms(BACK, (NUMBER, 'p = 0 if padding == "valid" else 2 * padding'))),
    belief("conv.pads-with-ones", "padding", "The numbers around the picture are not 0.",
           "What should a pixel outside the picture add to a sum?", SINGLE, "The image is padded with numbers other than 0.",
           charged={"conv2d_backward": "backward-combined"},
           pad2d=forms("slices", (PADS, f"{PADS}, constant_values=1")) + forms("loops", (ZEROS, ZEROS.replace("zeros", "ones")))
           + forms("slices", (PADS, f"{PADS}, constant_values=x.mean()")) + forms("slices", (PADS, f"{PADS}, constant_values=-1"))
           + forms("slices", (f"np.pad(x, {PADS})", f"np.pad(x.astype(float), {PADS}, constant_values=-np.inf)"))
           + forms("slices", (f"np.pad(x, {PADS})", f"np.pad(x.astype(float), {PADS}, constant_values=np.nan)")),
           conv2d=forms("loops", (PADS, f"{PADS}, constant_values=1")) + forms("loops", (PADS, f"{PADS}, constant_values=x.mean()")),
           conv2d_backward=forms("windows", (PADS, f"{PADS}, constant_values=1"))),
    belief("conv.pads-first-axes", "padding", "Rows and columns are the first two axes of a batch.",
           "Which axis of x counts the images? Does it grow?", SINGLE, "The images are padded, as if they were rows.",
           pad2d=forms("slices", (PADS, "((top, bottom), (left, right), (0, 0), (0, 0))")),
           conv2d=forms(PADDED, (PADS, "((top, bottom), (left, right), (0, 0), (0, 0))"))),
    belief("conv.pad-widths-for-two-axes", "padding", "An image has two axes to pad.",
           "How many axes does x have, and how many pairs of widths does np.pad get?", SINGLE,
           "np.pad needs a pair for each of the four axes.",
           pad2d=forms("slices", (PADS, "((top, bottom), (left, right))")) + forms("slices", (PADS, "((top, bottom), (left, right), (0, 0))")),
           conv2d=forms("loops slices", (PADS, "((top, bottom), (left, right))")) + forms("loops", (PADS, "((top, bottom), (left, right), (0, 0))"))),
    belief("conv.picture-ends-after-its-size", "sides", "In the padded image, the picture ends at its own size plus the zeros after it.",
           "At which row of the padded image does a picture of 3 rows end, with 2 zero rows on top?", RIGHT_PIXEL,
           "The slice for the picture must be as long as the picture: it ends at top + H.",
           pad2d=forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, top : H + bottom, left : W + right, :]"))
           + forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, top:H, left:W, :]"))
           + forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, bottom : bottom + H, left : left + W, :]")),
           conv2d=forms("loops", (f"xp = np.pad(x, {PADS})", f"{ZEROS}\n    xp[:, top : H + bottom, left : W + right, :] = x"))),
    belief("conv.result-is-not-the-padded-image", "padding", "np.pad changes x itself.",
           "Which array do you return, and is it larger than x?", SINGLE, "x is returned without any padding.",
           pad2d=forms("slices", (f"np.pad(x, {PADS})", "x.copy()")) + forms("loops", ("    return xp", "    return x.copy()"))),
    belief("conv.pads-over-the-border", "padding", "Zeros replace the pixels at the border.",
           "With padding 1 on all four sides, how many rows does a 3 x 3 picture have afterwards?", SINGLE,
           "The zeros are written over the picture; they must be added around it.",
           pad2d=forms("loops", (ZEROS, "xp = np.zeros(x.shape)"), (INTO, "xp[:, top : H - bottom, left : W - right] = x[:, top : H - bottom, left : W - right]"))
           + forms("slices", ("    return np.pad(", "    N, H, W, C = x.shape\n    rows, cols = np.arange(H), np.arange(W)\n    inside = ((rows >= top) & (rows < H - bottom))[:, None] & "
                              "((cols >= left) & (cols < W - right))\n    return x * inside[None, :, :, None]\n    return np.pad("))),
    belief("conv.pad-replicates-edge", "padding", "Padding repeats the edge of the picture.",
           "What is outside the picture?", SINGLE, "The edge is repeated; pad with zeros instead.",
           charged={"conv2d_backward": "backward-combined"}, **outside("edge")),
    belief("conv.pad-reflects", "padding", "Padding mirrors the picture.", "What is outside the picture?", ONES,
           "The picture is mirrored; pad with zeros instead.",
           charged={"conv2d_backward": "backward-combined"}, **outside("reflect")),
    belief("conv.pad2d-axes-swapped", "sides", "The first pair of pads is for columns.",
           "Which pair is top and bottom?", RIGHT_PIXEL, "The pads of rows and columns are swapped.",
           charged={"conv2d": "combined", "conv2d_fast": "fast-combined", "conv2d_backward": "backward-combined"},
           pad2d=forms("loops slices", ("(top, bottom), (left, right) = pads", "(left, right), (top, bottom) = pads"))
           + forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, left : left + H, top : top + W, :]")),
           conv2d=forms("loops slices windows", ("(top, bottom), (left, right), (0, 0))", "(left, right), (top, bottom), (0, 0))")),
           conv2d_backward=forms(BACK, ("(top, bottom), (left, right), (0, 0))", "(left, right), (top, bottom), (0, 0))"))),
    belief("conv.pads-are-corners", "sides", "The pads are (top, left), (bottom, right).",
           "Which two sides are in the first pair?", BELOW, "The first pair is top and bottom.",
           pad2d=forms("loops slices", ("(top, bottom), (left, right) = pads", "(top, left), (bottom, right) = pads"))),
    belief("conv.pads-end-first", "sides", "The second number of a pair is for the top or the left.",
           "Does a pair begin with the side where the picture begins?", RIGHT_PIXEL,
           "The two numbers of a pair are swapped.",
           pad2d=forms("loops slices", ("(top, bottom), (left, right) = pads", "(bottom, top), (right, left) = pads"))),
    belief("conv.pads-both-sides-alike", "sides", "Opposite sides get the same number of zeros.",
           "Must the bottom get as many zeros as the top?", RIGHT_PIXEL,
           "One number of each pair is not used.",
           pad2d=forms("loops", ("H + top + bottom, W + left + right", "H + 2 * top, W + 2 * left"))
           + forms("slices", ("(top, bottom), (left, right), (0, 0)", "(top, top), (left, left), (0, 0)"))
           + forms("slices", ("(top, bottom), (left, right), (0, 0)", "(bottom, bottom), (right, right), (0, 0)"))
           + forms("slices", ("(top, bottom), (left, right), (0, 0)", "(top, top), (top, top), (0, 0)"))),
    belief("conv.picture-in-the-corner", "padding", "All zeros go below and to the right of the picture.",
           "Where in the padded image does the picture start?", SINGLE,
           "The picture starts in the corner; it must start after the zeros at the top and left.",
           pad2d=forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, :H, :W, :]"))
           + forms("slices", ("(top, bottom), (left, right), (0, 0)", "(0, top + bottom), (0, left + right), (0, 0)")),
           conv2d=forms(PADDED, ("(top, bottom), (left, right), (0, 0)", "(0, top + bottom), (0, left + right), (0, 0)"))),
    belief("conv.pads-every-axis", "padding", "Padding goes around every axis.",
           "How many images and how many channels does your padded array have?", SINGLE,
           "Images and channels are padded too; only rows and columns get zeros.",
           pad2d=forms("loops", (ZEROS, "xp = np.zeros((N + top + bottom, H + top + bottom, W + left + right, C + left + right))"),
                       (INTO, "xp[top : top + N, top : top + H, left : left + W, left : left + C] = x"))
           + forms("slices", ("    return np.pad(x,", "    if top == bottom == left == right:\n        return np.pad(x, top)\n    return np.pad(x,"))
           + forms("loops", ("    return xp", "    return xp if {top, bottom, left, right} != {top} else np.pad(x, top)"))
           + forms("slices", ("(0, 0), (top", "(top, bottom), (top"), ("right), (0, 0)", "right), (left, right)")),
           conv2d=forms(PADDED, ("np.pad(x, ((0, 0), (top", "np.pad(x, ((top, bottom), (top"), ("right), (0, 0)))", "right), (left, right)))"))),
    belief("conv.pad-hardcoded-1", "padding", "Padding means one pixel.",
           "Use padding 0, then padding 2. What changes in your padded image?",
           "Take a 3 x 3 image with padding 2. How many rows does the padded image have?", "The padding is fixed at 1.",
           pad2d=forms("loops slices", after("    (top, bottom), (left, right) = pads", "top = bottom = left = right = 1")),
           conv2d=forms(PADDED, (NUMBER, 'p = 0 if padding == "valid" else 1'))
           + all_sides('if padding != "valid":', "    top = bottom = left = right = 1")
           + all_sides('if padding == "same":', "    top = bottom = left = right = 1")
           + all_sides("top = bottom = left = right = 1"),
           conv2d_backward=forms(BACK, (NUMBER, 'p = 0 if padding == "valid" else 1'))
           + forms(BACK, before(PAD, 'if padding != "valid":', "    top = bottom = left = right = 1"))
           + forms(BACK, before(PAD, "top = bottom = left = right = 1"))
           + forms(BACK, ("dxp[:, top : top + H, left : left + W, :]", "dxp[:, 1:-1, 1:-1, :]"))
           + forms(BACK, ("dx = dxp[:, top : top + H, left : left + W, :]", "dx = dxp[:, 1:-1, 1:-1, :] if padding else dxp"))
           + forms(BACK, ("dx = dxp[:, top : top + H, left : left + W, :]", 'dx = dxp if padding == "valid" else dxp[:, 1:-1, 1:-1, :]'))),
    belief("conv.number-is-ignored", "padding", "A number as padding means no padding.",
           "How many rows does your padded image have for padding 2?", PIXEL, "A padding that is a number is not used.",
           conv2d=forms(PADDED, (NUMBER, "p = 0")),
           conv2d_backward=forms(BACK, (NUMBER, "p = 0"))
           + forms("loops", (NUMBER, "p = 0"), before(TO_IMAGE, "dw[:, :, :, f] = dw[:, :, :, f] + patch * dy[n, i, j, f]"),
                   ("                    dw[:, :, :, f] += dy[n, i, j, f] * patch\n", ""))),
    belief("conv.number-means-same", "padding", "Every padding except \"valid\" keeps the size of the image.",
           "Use padding 2 for a kernel of 3. Does the output keep the size of the image?", PIXEL,
           'A number is treated as "same"; it is the number of zeros on each side.',
           conv2d=forms(PADDED, ('    if padding == "same":', '    if padding != "valid":')),
           conv2d_backward=forms(BACK, ('    if padding == "same":', '    if padding != "valid":'))),
    belief("conv.number-is-the-total", "padding", "The number is the total of both sides.",
           "Use padding 2. How many rows of zeros are above the picture, and how many below?", PIXEL,
           "The number is shared between both sides; each side gets all of it.",
           conv2d=forms(PADDED, (NUMBER, 'p = 0 if padding == "valid" else padding // 2'))
           + forms("loops windows", ("top = bottom = left = right = p", "top = left = p // 2\n        bottom = right = p - p // 2"))),
    belief("conv.padding-is-ignored", "padding", "The window always stays inside the picture.",
           'What do you do with the argument padding?', ONES, "The padding is not used.",
           conv2d=all_sides("top = bottom = left = right = 0"),
           conv2d_backward=forms(BACK, before(PAD, "top = bottom = left = right = 0"))),
    belief("conv.half-kernel-always", "padding", "A convolution always pads half a kernel.",
           'Use padding "valid" with a kernel of 3. How many rows of zeros did you add?',
           'Take a 3 x 3 image, a 3 x 3 kernel and padding "valid". What shape comes out?',
           "Half a kernel is padded, whatever the argument says.",
           conv2d=all_sides(*HALF) + all_sides(*HALF_ROUNDED_UP)
           + all_sides(IF_VALID, *("    " + line for line in HALF))
           + all_sides(IF_VALID, *("    " + line for line in HALF_ROUNDED_UP)),
           conv2d_backward=forms(BACK, before(PAD, *HALF)) + forms(BACK, before(PAD, *HALF_ROUNDED_UP))),
    belief("conv.same-leaves-border-zero", "same", '"same" is the valid result in a frame of zeros.',
           "Should a corner of the output be 0 if the corner pixel is 9?", ONES, "The border is left at 0.",
           conv2d=framed(CENTRED) + framed(FROM_HALF) + framed(ONE_PIXEL)),
    belief("conv.padding-counted-once", "padding", "Padding adds p rows to the image.",
           "With padding 1 on all four sides, how many rows are added?", PIXEL,
           "The size counts the padding of one side only.",
           conv2d=forms("slices", ("H + 2 * p", "H + p"), ("W + 2 * p", "W + p"))
           + forms("loops windows", ("(xp.shape[1] -", "(H + top -"), ("(xp.shape[2] -", "(W + left -"))),
    belief("conv.size-before-padding", "padding", "The size of the output follows from the picture without its padding.",
           "With padding 1, does the window have more room or not?", PIXEL,
           "The size is computed from the unpadded image.",
           conv2d=forms("slices", ("H + 2 * p", "H"), ("W + 2 * p", "W"))
           + forms("loops windows", ("(xp.shape[1] -", "(H -"), ("(xp.shape[2] -", "(W -"))),
)  # fmt: skip
