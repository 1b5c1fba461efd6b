"""Misconceptions about the stride: where a window starts, how many there are, and which number is for rows."""

from .belief import before, belief, forms
from .sizes import OUTPUT, columns_counted, counted, rows_counted

IMAGE = "    N, H, W, C = x.shape"
PAD = "    xp = np.pad(x"
BACK = "loops windows"
INDEXED = "loops slices windows"
READ_OFF = "loops windows"
RAMP = "Take the row 0 1 2 3 4 5, the 1 x 1 kernel [1] and stride 2. Which numbers come out?"
TALL = "Take a 6 x 2 image, the 1 x 1 kernel [1] and stride (2, 1). What shape comes out?"
START = "    OH, OW = dy.shape[1:3]"


def stepped(line):
    """Return the patches of all functions that change SH and SW at the start, or only where windows are moved."""
    return {
        "conv2d": forms("loops slices windows", before(IMAGE, line)) + forms(INDEXED, before(OUTPUT, line)),
        "conv2d_backward": forms(BACK, before(IMAGE, line)) + forms(BACK + " positions", before(START, line)),
    }


SWAPPED = stepped("SH, SW = SW, SH")
IGNORED = stepped("SH = SW = 1")
ROWS_FOR_BOTH = stepped("SW = SH")
COLUMNS_FOR_BOTH = stepped("SH = SW")

STRIDE = (
    belief("conv.stride-ignored", "stride", "A window starts at every pixel.",
           "At stride 2, where does the second window start, and how many are there?", RAMP, "The stride is not used.",
           cards=("conv-size",),
           conv2d=forms("loops slices windows", before(IMAGE, "SH = SW = 1")) + forms(READ_OFF, before(PAD, "SH = SW = 1"))
           + counted("slices", "max(0, {room} - {k} + 1)", before(OUTPUT, "SH = SW = 1")),
           conv2d_backward=IGNORED["conv2d_backward"]),
    belief("conv.stride-only-in-shape", "stride", "The stride makes the output smaller, but the window still moves by one.",
           "Where must the second window start?", RAMP, "The stride is missing in the position of the window.",
           conv2d=forms(INDEXED, before(OUTPUT, "SH = SW = 1"))
           + forms("loops slices", ("i * SH", "i")) + forms("loops slices", ("j * SW", "j"))),
    belief("conv.stride-only-in-index", "stride", "The window moves by the stride, but the output keeps its size.",
           "How many windows fit on 6 pixels at stride 2?", RAMP, "The stride is missing in the output's size.",
           conv2d=counted("loops slices windows positions scalars", "max(0, {room} - {k} + 1)")
           + rows_counted("loops slices", "max(0, {rows} - KH + 1)") + columns_counted("loops slices", "max(0, {columns} - KW + 1)")
           + counted("slices", "max(0, {room} - {k} + 1)", ("OH = -(-H // SH)", "OH = H"), ("OW = -(-W // SW)", "OW = W"))),
    belief("conv.stride-axes-swapped", "stride", "The first number of the stride is for columns.",
           "Which number of the pair is for rows?", TALL, "The row stride and the column stride are swapped.",
           conv2d=SWAPPED["conv2d"] + counted("loops slices windows", "max(0, ({room} - {k}) // {t} + 1)"),
           conv2d_backward=SWAPPED["conv2d_backward"]),
    belief("conv.row-stride-for-columns", "stride", "Both axes move by the row stride.",
           "Which number of the pair is for columns?", TALL, "The row stride is used for the columns too.",
           conv2d=ROWS_FOR_BOTH["conv2d"] + counted("loops slices windows", "max(0, ({room} - {k}) // SH + 1)")
           + forms("loops windows", ("j * SW", "j * SH")),
           conv2d_backward=ROWS_FOR_BOTH["conv2d_backward"]),
    belief("conv.column-stride-for-rows", "stride", "Both axes move by the column stride.",
           "Which number of the pair is for rows?",
           "Take stride (2, 1) on a 4 x 2 image and the 1 x 1 kernel [1]. Which rows does your window visit?",
           "The column stride is used for the rows too.",
           conv2d=COLUMNS_FOR_BOTH["conv2d"] + counted("loops slices windows", "max(0, ({room} - {k}) // SW + 1)")
           + forms("loops windows", ("i * SH", "i * SW")),
           conv2d_backward=COLUMNS_FOR_BOTH["conv2d_backward"]),
    belief("conv.stride-is-kernel-size", "stride", "Windows do not overlap: they move by the size of the kernel.",
           "At stride 1, do two neighbouring windows of 2 overlap?",
           "Take the row 1 2 3, the kernel 1 1 and stride 1. Which numbers come out?",
           "The window moves by its own size; it must move by the stride.",
           conv2d=forms("loops slices windows", before(OUTPUT, "SH, SW = KH, KW"))
           + forms("loops slices windows", ("    if padding ==", "    SH, SW = KH, KW\n    if padding ==")),
           conv2d_backward=forms("loops windows", before(START, "SH, SW = KH, KW"))),
)  # fmt: skip
