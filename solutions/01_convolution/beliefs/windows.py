"""Misconceptions about the loop over the windows: where it starts, what a slice holds, and where a result is put."""

from .belief import after, before, belief, forms

IMAGE = "    N, H, W, C = x.shape"
PADDED = "    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))"
STRIDE = "SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)"
WINDOW = "i * SH : i * SH + KH, j * SW : j * SW + KW"
ROWS, COLUMNS = "for i in range(OH)", "for j in range(OW)"
MAPS = "np.zeros((N, OH, OW, F))"
ALL_STARTS = "np.zeros((N, max(0, xp.shape[1] - KH + 1), max(0, xp.shape[2] - KW + 1), F))"
BACK = "loops windows"
INDEXED = "loops slices windows"
PIECE = "ki : ki + SH * OH : SH, kj : kj + SW * OW : SW, :"
THREE = "3 rows, kernel 2. Write down every start."
EIGHT = "8 rows, kernel 3, stride 2. Write down every start."
TALL = "Take a 6 x 2 image, the 1 x 1 kernel [1] and stride (2, 1). What shape comes out?"
RAMP = "Take the row 0 1 2 3 4 5, the kernel 1 10 and stride 2. Which numbers come out?"


def window(tastes, new):
    """Return the patches that look at another window, and those that write the gradient of another window."""
    return forms(tastes, (WINDOW, new))


def shifted(rows, columns):
    return f"i * SH : i * SH + {rows}, j * SW : j * SW + {columns}"


SHORT, LONG = shifted("KH - 1", "KW - 1"), shifted("KH + 1", "KW + 1")
APART = shifted("KH * SH : SH", "KW * SW : SW")

WINDOWS = (
    belief("conv.counting-starts-at-1", "kernel", "The first position has the number 1.",
           "Which number does Python give to the first row, and where does your loop start?", THREE,
           "The loop starts at 1, so number 0 is never computed.",
           conv2d=forms("loops windows", (ROWS, "for i in range(1, OH)"), (COLUMNS, "for j in range(1, OW)"))
           + forms("loops", (ROWS, "for i in range(1, OH)")) + forms("loops", (COLUMNS, "for j in range(1, OW)"))
           + forms("loops", (ROWS, "for i in range(1, OH + 1)"), (COLUMNS, "for j in range(1, OW + 1)"))
           + forms("loops", ("for n in range(N)", "for n in range(1, N)")) + forms("loops", ("for f in range(F)", "for f in range(1, F)"))
           + forms("scalars", ("for ki in range(KH)", "for ki in range(1, KH)"), ("for kj in range(KW)", "for kj in range(1, KW)")),
           conv2d_backward=forms("loops windows", (ROWS, "for i in range(1, OH)"), (COLUMNS, "for j in range(1, OW)"))
           + forms("loops", ("for n in range(N)", "for n in range(1, N)")) + forms("loops", ("for f in range(F)", "for f in range(1, F)"))),
    belief("conv.window-off-by-one", "kernel", "A slice includes its end.",
           "How many numbers are in a[0:2]? How many pixels are in your window?", THREE,
           "The window is one pixel too small or too large.",
           conv2d=window("loops slices", SHORT) + window("loops slices", LONG)
           + forms("scalars positions", ("for ki in range(KH)", "for ki in range(KH - 1)"), ("for kj in range(KW)", "for kj in range(KW - 1)"))
           + forms("scalars", ("for ki in range(KH)", "for ki in range(KH - 1)")) + forms("scalars", ("for kj in range(KW)", "for kj in range(KW - 1)"))
           + forms("scalars", ("for ki in range(KH)", "for ki in range(KH + 1)"), ("for kj in range(KW)", "for kj in range(KW + 1)")),
           conv2d_backward=window(BACK, SHORT) + window(BACK, LONG)
           + forms("scalars positions", ("for ki in range(KH)", "for ki in range(KH - 1)"), ("for kj in range(KW)", "for kj in range(KW - 1)"))),
    belief("conv.output-index-is-position", "stride", "A result belongs where its window starts.",
           "At stride 2, the second window starts at row 2. Which row of the output is it?", EIGHT,
           "The output counts windows, the image counts pixels.",
           conv2d=forms("loops", ("y[n, i, j, f]", "y[n, i * SH, j * SW, f]")) + forms("slices", ("y[:, i, j, f]", "y[:, i * SH, j * SW, f]"))
           + forms("loops", ("y[n, i, j, f]", "y[n, i * SH, j * SW, f]"), (MAPS, "np.zeros((N, H, W, F))"))
           + forms("loops", ("y[n, i, j, f]", "y[n, i * SH, j * SW, f]"), (MAPS, ALL_STARTS)) + forms("windows", ("y[:, i, j, :]", "y[:, i * SH, j * SW, :]"), (MAPS, ALL_STARTS)),
           conv2d_backward=forms("loops", ("dy[n, i, j, f]", "dy[n, i * SH, j * SW, f]"))
           + forms("windows", ("dy[:, i, j, :]", "dy[:, i * SH, j * SW, :]"))),
    belief("conv.stride-skips-pixels", "stride", "The stride skips pixels inside a window.",
           "At stride 2, which pixels does the first window see: neighbours, or every second one?", RAMP,
           "The stride is the distance between windows; inside a window, the pixels are neighbours.",
           conv2d=window(INDEXED, APART)
           + forms("loops columns", after(PADDED, "xp = xp[:, ::SH, ::SW]", "SH = SW = 1"))
           + forms("columns", ("sliding_window_view(xp,", "sliding_window_view(xp[:, ::SH, ::SW],"), ("windows = windows[:, ::SH, ::SW]\n", "windows = windows[:, :OH, :OW]\n"))
           + forms("columns", ("windows = windows[:, ::SH, ::SW]\n", "windows, w = windows[..., ::SH, ::SW], w[::SH, ::SW]\n    KH, KW = w.shape[:2]\n    OH, OW = windows.shape[1:3]\n"))
           + forms("windows", (MAPS, "np.zeros((N, OH, OW, F))\n    OH, OW = xp.shape[1] - KH + 1, xp.shape[2] - KW + 1\n    w, y = w[::SH, ::SW], np.zeros((N, OH, OW, F))"),
                   (WINDOW, "i : i + KH : SH, j : j + KW : SW")),
           conv2d_backward=window(BACK, APART)),
    belief("conv.kernel-centred-on-start", "kernel", "The middle of the kernel is on the pixel where the window starts.",
           "Which pixels does the first window of 2 see on a row of 3?", THREE,
           "The window is moved up and left by half a kernel; its first weight must be on the pixel where it starts.",
           conv2d=forms("scalars", ("i * SH + ki - top", "i * SH + ki - top - KH // 2"), ("j * SW + kj - left", "j * SW + kj - left - KW // 2"))
           + forms("loops slices windows", before("    y = np.zeros((N, OH", "xp = np.pad(xp, ((0, 0), (KH // 2, 0), (KW // 2, 0), (0, 0)))"))),
    belief("conv.piece-one-too-short", "kernel", "The pixels of a weight end at H - KH plus its row.",
           "The last window starts at row H - KH. In a slice, which number must be after it?", THREE,
           "The piece of the image for one weight is one row and one column too short: the end of a slice is not part of it.",
           conv2d=forms("positions", (PIECE, "ki : xp.shape[1] - KH + ki : SH, kj : xp.shape[2] - KW + kj : SW, :"))
           + forms("positions", (PIECE, "ki : xp.shape[1] - KH + ki : SH, kj : xp.shape[2] - KW + kj : SW, :"), ("y = np.zeros((N, OH, OW, F))", "y = np.zeros((N, OH, OW, F)) + b"),
                   ("return y + b", "return y"))
           + forms("positions", (PIECE, "ki : ki + SH * (OH - 1) : SH, kj : kj + SW * (OW - 1) : SW, :"))),
    belief("conv.stride-skips-the-first", "stride", "The first window comes after one step.",
           "At stride 2, is the first window at row 0 or later?", RAMP, "The first windows are skipped; the first one starts at 0.",
           conv2d=forms("loops windows", after(PADDED, "xp = xp[:, SH - 1 :, SW - 1 :]"))
           + forms("loops slices", (WINDOW, "(i + 1) * SH : (i + 1) * SH + KH, (j + 1) * SW : (j + 1) * SW + KW"))
           + forms("loops slices", (WINDOW, "i * SH + 1 : i * SH + 1 + KH, j * SW + 1 : j * SW + 1 + KW"))),
    belief("conv.stride-is-added", "stride", "The window starts at its number plus the stride.",
           "At stride 2, where do windows 0, 1 and 2 start?", RAMP, "The stride is added; a start is number times stride.",
           conv2d=forms("loops slices", (WINDOW, "i + SH - 1 : i + SH - 1 + KH, j + SW - 1 : j + SW - 1 + KW"))
           + forms("loops slices", (WINDOW, "i + SH : i + SH + KH, j + SW : j + SW + KW"))),
    belief("conv.stride-is-one-number", "stride", "The stride is one number for both axes.",
           "What is SH if the caller passes the stride (2, 1)?", TALL, "The stride may be a pair, (rows, columns).",
           conv2d=forms("loops slices columns positions", (STRIDE, "SH = SW = stride")),
           conv2d_backward=forms("loops windows positions scalars", (STRIDE, "SH = SW = stride"))),
    belief("conv.stride-is-a-pair", "kernel", "The stride is always a pair.",
           "What is the stride if the caller passes nothing?", "Call the function without stride and padding.",
           "The stride may be a single number; it then applies to rows and columns.",
           conv2d=forms("loops", (STRIDE, "SH, SW = stride")) + forms("loops", (STRIDE, "SH, SW = stride[0], stride[1]")),
           conv2d_backward=forms("loops", (STRIDE, "SH, SW = stride")) + forms("loops", (STRIDE, "SH, SW = stride[0], stride[1]"))),
    belief("conv.padding-is-a-number", "kernel", "The padding is always a number.",
           'What does your function do with the word "valid"?', "Call the function without stride and padding.",
           'The padding may be a word: "valid" or "same".',
           conv2d=forms("loops slices", ('p = 0 if padding == "valid" else padding', "p = padding"))
           + forms("loops", before(IMAGE, "padding = int(padding)")),
           conv2d_backward=forms("loops", ('p = 0 if padding == "valid" else padding', "p = padding"))
           + forms("loops", before(IMAGE, "padding = int(padding)"))),
)  # fmt: skip
