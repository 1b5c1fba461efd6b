"""Misconceptions about the size of the output, and about which of two numbers is for rows and which for columns."""

from grader.course import Patch, patch

from .belief import after, before, belief, forms

IMAGE = "    N, H, W, C = x.shape"
KERNEL = "    KH, KW, _, F = w.shape"
PAD = "    xp = np.pad(x"
PADDED = "    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))"
OUTPUT = "    y = np.zeros((N, OH"
MAPS = "np.zeros((N, OH, OW, F))"
START = "    OH, OW = dy.shape[1:3]"
WINDOW = "i * SH : i * SH + KH, j * SW : j * SW + KW"
INDEXED = "loops slices windows"
LOOPS = "loops slices"  # a product of windows raises the same exception for all sizes that do not fit
BACK = "loops windows"
ROWS, COLUMNS = "for i in range(OH)", "for j in range(OW)"
READ_OFF = ("xp.shape[1]", "xp.shape[2]")
FIGURED = ("H + 2 * p", "W + 2 * p")
ROOMS = {
    "loops": READ_OFF, "windows": READ_OFF, "columns": READ_OFF, "slices": FIGURED, "positions": FIGURED,
    "scalars": ("H + top + bottom", "W + left + right"),
}  # fmt: skip
WIDE = "Take a 2 x 5 image with a 1 x 3 kernel. What shape comes out?"
FIVE = "Take a 2 x 5 image and the 1 x 1 kernel [1]. What comes out?"
EIGHT = "8 rows, kernel 3, stride 2. Write down every start."
THREE = "3 rows, kernel 2. Write down every start."


def counted(tastes: str, formula: str, *more: tuple[str, str]) -> tuple[Patch, ...]:
    """Return the patches that count the windows of both axes by another formula.

    `room` are the pixels of the axis with its padding, `k` and `s` its kernel and stride, `t` the other axis's stride.
    """
    found = []
    for taste in tastes.split():
        edits = [
            (f"max(0, ({room} - {k}) // {s} + 1)", formula.format(room=room, k=k, s=s, t=t, n=n, q=q))
            for room, k, s, t, n, q in zip(
                ROOMS[taste], ("KH", "KW"), ("SH", "SW"), ("SW", "SH"), "HW", ("KW", "KH"), strict=True
            )
        ]
        found.append(patch(taste, *edits, *more))
    return tuple(found)


def columns_counted(tastes: str, formula: str) -> tuple[Patch, ...]:
    """Return the patches that count the columns by another formula; `rows` and `columns` are the padded sizes."""
    return tuple(
        patch(
            taste,
            (
                f"max(0, ({ROOMS[taste][1]} - KW) // SW + 1)",
                formula.format(rows=ROOMS[taste][0], columns=ROOMS[taste][1]),
            ),
        )
        for taste in tastes.split()
    )


def rows_counted(tastes: str, formula: str) -> tuple[Patch, ...]:
    """Return the patches that count the rows by another formula."""
    return tuple(
        patch(
            taste,
            (
                f"max(0, ({ROOMS[taste][0]} - KH) // SH + 1)",
                formula.format(rows=ROOMS[taste][0], columns=ROOMS[taste][1]),
            ),
        )
        for taste in tastes.split()
    )


FITS = "(xp.shape[1] - KH) % SH == 0 and (xp.shape[2] - KW) % SW == 0"
PLUS = ("OH = -(-H // SH)", "OW = -(-W // SW)")

COUNTS = (
    belief("conv.output-ceil", "stride", "A window that fits only partly counts too.",
           "How many windows of 2 fit on 5 pixels, side by side?", EIGHT, "Partial windows are counted.",
           cards=("conv-size",),
           conv2d=counted("loops slices windows positions scalars", "max(0, -(-({room} - {k}) // {s}) + 1)")),
    belief("conv.output-off-by-one", "kernel", "There are H - K windows.",
           "At how many positions can a window of 3 start on 5 pixels?", THREE, "One window is missing: the first one counts too.",
           cards=("conv-valid-size",),
           conv2d=counted("loops slices windows", "max(0, ({room} - {k}) // {s})")
           + counted("loops slices", "max(0, ({room} - {k} - 1) // {s} + 1)")
           + rows_counted(LOOPS, "max(0, ({rows} - KH) // SH)") + columns_counted(LOOPS, "max(0, ({columns} - KW) // SW)")),
    belief("conv.output-one-too-many", "kernel", "There is one more window than fits.",
           "At how many positions can a window of 3 start on 5 pixels?", THREE, "There is one window too many.",
           conv2d=counted("loops slices windows positions scalars", "max(0, ({room} - {k}) // {s} + 2)")),
    belief("conv.one-added-before-dividing", "stride", "The size is (H - K + 1) divided by the stride.",
           "Does a stride of 2 skip the first window, or only every second one?", "7 rows, kernel 3, stride 2. Write down every start.",
           "1 is added before the division; the first window counts after it.", cards=("conv-size",),
           conv2d=counted("loops slices windows", "max(0, ({room} - {k} + 1) // {s})")),
    belief("conv.size-is-a-fraction", "kernel", "A size may be a fraction.",
           "What does Python give for 4 / 2: a whole number?", "Print OH and its type for 5 rows, kernel 3 and stride 2.",
           "A size is divided with /, which gives a float; use // for whole numbers.",
           conv2d=counted("loops slices windows", "max(0, ({room} - {k}) / {s} + 1)")
           + counted("loops slices", "({room} - {k}) / {s} + 1")
           + forms("slices", (PLUS[0], "OH = np.ceil(H / SH)"), (PLUS[1], "OW = np.ceil(W / SW)"))),
    belief("conv.windows-must-fit", "stride", "The windows must cover the image exactly.",
           "What happens to a row that no window reaches?", EIGHT,
           "A row that is left over is not an error; round down.", cards=("conv-size",),
           conv2d=forms("loops slices windows", after(PADDED, f"assert {FITS}"))
           + forms("loops slices windows", after(PADDED, f"if not ({FITS}):", '    raise ValueError("it does not fit")'))
           + counted("loops slices windows", "max(0, round(({room} - {k}) / {s} + 1))")),
    belief("conv.kernel-always-fits", "empty", "A kernel always fits into the image.",
           "At how many positions does a kernel of 3 fit on 2 pixels?", "Take a 2 x 2 image and a 3 x 3 kernel. What shape comes out?",
           "There is no window if the kernel does not fit; then the output is empty.",
           conv2d=counted("loops slices windows", "max(1, ({room} - {k}) // {s} + 1)")
           + forms("columns", ("    if OH == 0 or OW == 0:\n        return np.zeros((N, OH, OW, F))\n", ""))),
    belief("conv.last-window-left-at-zero", "kernel", "The loop ends before the last position.",
           "Which is the last position that your loop visits?", THREE,
           "The output has the right size, but its last row or column stays 0.",
           conv2d=forms(INDEXED, (ROWS, "for i in range(OH - 1)"), (COLUMNS, "for j in range(OW - 1)"))
           + forms(LOOPS, (ROWS, "for i in range(OH - 1)")) + forms(LOOPS, (COLUMNS, "for j in range(OW - 1)"))
           + forms(INDEXED, (ROWS, "for i in range(-(-(xp.shape[1] - KH) // SH))"), (COLUMNS, "for j in range(-(-(xp.shape[2] - KW) // SW))")),
           conv2d_backward=forms(BACK, (ROWS, "for i in range(OH - 1)"), (COLUMNS, "for j in range(OW - 1)"))
           + forms(BACK, (ROWS, "for i in range(OH - 1)")) + forms(BACK, (COLUMNS, "for j in range(OW - 1)"))),
    belief("conv.output-like-input", "kernel", "The output is as large as the input.",
           "How many windows of 3 fit on 5 pixels without padding?", THREE,
           "The output has the size of the image; it has one number per window.",
           conv2d=forms("loops slices windows scalars", (MAPS, "np.zeros((N, H, W, F))"))
           + forms("loops slices windows positions scalars", before(OUTPUT, "OH, OW = H, W"))
           + forms("loops windows", (ROWS, "for i in range(H)"), (COLUMNS, "for j in range(W)"))),
    belief("conv.output-like-padded", "kernel", "The output is as large as the padded image.",
           "How many windows of 3 fit on 5 pixels?", THREE,
           "The output has the size of the padded image; it has one number per window.",
           conv2d=forms("loops slices windows", (MAPS, "np.zeros((N, xp.shape[1], xp.shape[2], F))"))
           + forms("loops windows", before(OUTPUT, "OH, OW = xp.shape[1], xp.shape[2]"))),
    belief("conv.size-uses-filter-count", "channels", "The number of filters is the size of the kernel.",
           "Which of the four sizes of w is the height of a filter?",
           "Take a 3 x 3 image and one 2 x 2 filter. What shape comes out?",
           "The output size is computed from the number of filters.",
           conv2d=counted("loops slices windows positions scalars", "max(0, ({room} - F) // {s} + 1)")
           + forms("loops windows", after(KERNEL, "KH = KW = F"))),
    belief("conv.kernel-is-3x3", "kernel", "A kernel has 3 x 3 weights.",
           "How many rows and columns of weights does this kernel have?",
           "Take a 3 x 3 image and a 2 x 2 kernel. How many pixels does your window contain?",
           "The size 3 is fixed; take it from w.",
           conv2d=forms("loops slices windows positions scalars", after(KERNEL, "KH = KW = 3"))
           + forms(INDEXED, (WINDOW, "i * SH : i * SH + 3, j * SW : j * SW + 3"))
           + counted("loops slices", "max(0, ({room} - 3) // {s} + 1)"),
           conv2d_backward=forms("loops windows positions", after(KERNEL, "KH = KW = 3"))),
)  # fmt: skip

SIDES = (
    belief("conv.rows-for-columns", "shapes", "The columns have the same numbers as the rows.",
           "Which of your numbers are about rows, and which about columns? Do they differ for a 3 x 9 image?", WIDE,
           "A number of the rows is used for the columns.",
           conv2d=forms("loops slices windows positions", before(OUTPUT, "OW = OH"))
           + forms("loops slices windows positions scalars", (MAPS, "np.zeros((N, OH, OH, F))"))
           + columns_counted("loops slices windows positions", "max(0, ({columns} - KH) // SW + 1)")
           + columns_counted("loops slices windows positions", "max(0, ({rows} - KW) // SW + 1)")
           + columns_counted("loops slices windows", "max(0, ({columns} - KH) // SH + 1)")
           + columns_counted("loops slices windows", "max(0, ({rows} - KH) // SH + 1)")
           + forms(INDEXED, ("j * SW + KW", "j * SW + KH"))
           + forms(INDEXED, (WINDOW, "i * SH : i * SH + KW, j * SW : j * SW + KH"))
           + forms("positions scalars", ("for kj in range(KW)", "for kj in range(KH)"))
           + forms(INDEXED, (COLUMNS, "for j in range(OH)"))
           + forms("slices", after(IMAGE, "W = H"))
           + forms("loops slices windows positions", after(KERNEL, "KW = KH"))
           + forms("loops slices windows", before(PAD, "left, right = top, bottom"))
           + forms("loops windows", ("(OW - 1) * SW + KW - W", "(OW - 1) * SW + KH - W"))
           + forms("loops windows", ("(OW - 1) * SW + KW - W", "(OH - 1) * SH + KW - H")),
           conv2d_backward=forms("loops windows", before(PAD, "left, right = top, bottom"))
           + forms(BACK, after(START, "OW = OH"))
           + forms(BACK, ("j * SW + KW", "j * SW + KH")) + forms("loops windows", after(KERNEL, "KW = KH"))
           + forms("loops windows", ("left : left + W,", "left : left + H,")) + forms("loops windows", ("left : left + W,", "top : top + W,"))
           + forms("positions scalars", ("for kj in range(KW)", "for kj in range(KH)"))),
    belief("conv.columns-for-rows", "shapes", "The rows have the same numbers as the columns.",
           "Which of your numbers are about rows, and which about columns? Do they differ for a 9 x 3 image?",
           "Take a 5 x 2 image with a 3 x 1 kernel. What shape comes out?",
           "A number of the columns is used for the rows.",
           conv2d=forms("loops slices windows", before(OUTPUT, "OH = OW"))
           + forms("loops slices windows", (MAPS, "np.zeros((N, OW, OW, F))"))
           + rows_counted("loops slices windows", "max(0, ({rows} - KW) // SH + 1)")
           + rows_counted("loops slices windows", "max(0, ({columns} - KH) // SH + 1)")
           + forms(LOOPS, ("i * SH + KH", "i * SH + KW"))
           + forms(LOOPS, after(KERNEL, "KH = KW"))
           + forms("loops windows", before(PAD, "top, bottom = left, right")),
           conv2d_backward=forms("loops windows", after(START, "OH = OW"))
           + forms(BACK, ("i * SH + KH", "i * SH + KW"))
           + forms("loops windows", ("top : top + H,", "top : top + W,"))
           + forms("loops windows", before(PAD, "top, bottom = left, right"))),
    belief("conv.output-axes-swapped", "shapes", "The width comes first.",
           "For a 3 x 9 image, is your output high or wide?", FIVE, "Rows and columns of the output are swapped.",
           conv2d=forms("loops slices windows", (MAPS, "np.zeros((N, OW, OH, F))"))
           + forms("loops slices windows", ("    return y", "    y = y.swapaxes(1, 2)\n    return y"))
           + forms("columns", ("return y.reshape(N, OH, OW, F)", "return y.reshape(N, OW, OH, F)"))
           + forms("columns", ("return y.reshape(N, OH, OW, F)", "return y.reshape(N, OW, OH, F).transpose(0, 2, 1, 3)"))
           + forms("windows", ("    return y", "    return y.reshape(N, OW, OH, F).transpose(0, 2, 1, 3)"))
           + forms("loops slices windows", (", i, j", ", j, i"))
           + forms(INDEXED, (ROWS, "for i in range(OW)"), (COLUMNS, "for j in range(OH)"))
           + forms(INDEXED, (WINDOW, "j * SH : j * SH + KH, i * SW : i * SW + KW"))
           + forms(INDEXED, (WINDOW, "j * SW : j * SW + KW, i * SH : i * SH + KH")),
           conv2d_backward=forms("loops windows", (WINDOW, "j * SH : j * SH + KH, i * SW : i * SW + KW"))
           + forms(BACK, (ROWS, "for i in range(OW)"), (COLUMNS, "for j in range(OH)"))),
    belief("conv.rows-columns-swapped", "shapes", "The first index of an image is x.", "Which pixel is x[0, 2, 1]?", FIVE,
           "Rows and columns of the image are swapped.",
           conv2d=forms("slices", ("N, H, W, C = x.shape", "N, W, H, C = x.shape"))
           + forms("slices", ("N, H, W, C = x.shape", "N, W, H, C = x.shape"), ("KH, KW, _, F", "KW, KH, _, F"))
           + forms("loops slices windows", before(IMAGE, "x = x.swapaxes(1, 2)"))
           + forms("scalars", ("x[n, r, q, c]", "x[n, q, r, c]")),
           conv2d_backward=forms("loops windows", ("N, H, W, C = x.shape", "N, W, H, C = x.shape"))),
)  # fmt: skip
