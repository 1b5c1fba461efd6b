"""Misconceptions about the gradients of a convolution."""

from .belief import before, belief, forms
from .padding import NEGATIVE

CROP = "dx = dxp[:, top : top + H, left : left + W, :]"
CROPPED = "    " + CROP
BACK = "loops windows"
TASTES = "loops windows"
BUFFER = "dxp = np.zeros(xp.shape)"
RETURN = "return dx, dw, db"
SUMMED = "db = np.sum(dy, axis=(0, 1, 2))"
PLACE = "i * SH : i * SH + KH, j * SW : j * SW + KW"
PICTURE = "Take the 3 x 3 image 0 to 8, the kernel 0 1 / 2 3 and a gradient of ones. What does the centre get?"
PADDED = "Take a 3 x 3 image with padding 1. Which rows and columns of the padded gradient belong to the picture?"
THREE = "Take three 3 x 3 images, two 2 x 2 filters and a gradient of ones. What does each bias get?"
NUDGE = "Nudge b a little. By how much does the sum of y * dy change?"
CORNERS = "Take the 3 x 3 image 0 to 8, the kernel 0 1 / 2 3 and a gradient of ones. What do the four corners get?"
TWOS = "Take the 3 x 3 image 0 to 8, the kernel 0 1 / 2 3 and a gradient of twos. What do the centre and weight (0, 0) get?"
SAME_IMAGE = "Take a batch of one image, then of three copies of it, with the same dy for each. How many times as large are dw and db, and does dx of the first image change?"
WEIGHT = "Take the 3 x 3 image 0 to 8, a 2 x 2 kernel and a gradient of ones. Which pixels did weight (0, 0) multiply?"

MINUS = "dxp[:, top:-bottom, left:-right, :]"
EQUAL = "dxp[:, top:-top, left:-left, :]"
INTO = ("dx = np.zeros(x.shape)", "dx[...] = ")


def cropped(tastes, wrong):
    """Return the patches that crop in a wrong way: into a new array, or into one like x, which raises if sizes differ."""
    return forms(tastes, (CROP, f"dx = {wrong}")) + forms(tastes, before(CROPPED, INTO[0]), (CROP, INTO[1] + wrong))


def db(new):
    """Return the patches that compute another gradient of the bias."""
    return forms("windows", (SUMMED, f"db = {new}")) + forms("loops", (RETURN, f"return dx, dw, {new}"))


BACKWARD = (
    belief("convb.dx-crop-empty-when-pad-0", "padding", "[p:-p] leaves out p pixels on each side, for any p.",
           "What is a[0:-0]?", "Use padding 0. Print the shape of the slice [p:-p].",
           "The slice is empty if there is no padding.", charged={"pad2d": "pad-sides"},
           pad2d=forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, top:-bottom, left:-right, :]"))
           + forms("loops", ("xp[:, top : top + H, left : left + W, :]", "xp[:, top:-top, left:-left, :]")),
           conv2d=forms("loops slices", ("xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))", NEGATIVE)),
           conv2d_backward=cropped(TASTES, MINUS)
           + cropped("loops windows", EQUAL)
           + cropped("loops windows", f'{MINUS} if padding not in ("valid", "same") else {CROP[5:]}')
           + cropped("loops windows", f'{MINUS} if padding != "valid" else dxp')
           + cropped("loops windows", f'{MINUS} if padding != "same" else {CROP[5:]}')),
    belief("convb.dx-padding-kept", "padding", "The gradient has the shape of the padded image.",
           "Which rows of the gradient belong to real pixels?", PADDED, "The padding is not cropped.",
           conv2d_backward=cropped(TASTES, "dxp")
           + cropped("loops windows", f'dxp if padding != "same" else {CROP[5:]}')
           + cropped("loops windows", f'dxp if padding == "same" else {CROP[5:]}')),
    belief("convb.dx-cropped-from-corner", "padding", "The first H rows belong to the picture.",
           "Which rows of the gradient belong to real pixels?", PADDED,
           "The crop starts at the corner; it must start where the picture starts.",
           conv2d_backward=forms(TASTES, (CROP, "dx = dxp[:, :H, :W, :]"))),
    belief("convb.dx-cropped-by-zeros-after", "padding", "The crop starts after as many rows as there are zeros at the end.",
           '"same" adds three rows of zeros to an image. How many are at the top, and how many at the bottom?',
           'Take a 3 x 3 image, a 2 x 2 kernel and padding "same". Which rows of the padded gradient belong to the picture?',
           "The crop starts at the number of zeros at the bottom and right; it must start at that of the top and left.",
           conv2d_backward=forms("loops windows positions", (CROP, "dx = dxp[:, bottom : bottom + H, right : right + W, :]"))),
    belief("convb.dx-ends-with-last-window", "dx", "The gradient of the image ends where the last window ends.",
           "Windows of 2 at stride 2 on 5 rows: what is the gradient of the last row, and is it in your dx?",
           "Take a row of five pixels, a kernel of 2 and stride 2. Which shape must dx have?",
           "dx is as large as the windows reach; it must have the shape of x.",
           charged={"conv2d_backward": "backward-stride"},
           conv2d_backward=forms("loops slices", (BUFFER, "dxp = np.zeros((N, (OH - 1) * SH + KH, (OW - 1) * SW + KW, C))"))),
    belief("convb.dx-cropped-at-the-end", "padding", "The last H rows belong to the picture.",
           "Which rows of the gradient belong to real pixels?", PADDED,
           "The crop ends at the last row; it must end where the picture ends.",
           conv2d_backward=forms("loops windows", (CROP, "dx = dxp[:, dxp.shape[1] - H :, dxp.shape[2] - W :, :]"))),
    belief("convb.dx-never-filled", "dx", "The padded gradient fills dx by itself.",
           "Which line puts the gradient of the padded image into the array that you return?", PICTURE,
           "dx stays 0: the gradient is never copied into it.",
           conv2d_backward=forms(TASTES, (CROP, "dx = np.zeros(x.shape)"))),
    belief("convb.dx-starts-from-x", "dx", "The gradient starts as a copy of the image.",
           "With a gradient dy of zeros, what should dx be?", PICTURE,
           "dx starts as a copy of x; it must start at 0.",
           conv2d_backward=forms(TASTES, (BUFFER, "dxp = xp.copy()"))
           + forms("scalars", ("dx = np.zeros(x.shape)", "dx = x.astype(float)"))),
    belief("convb.dw-starts-from-w", "dw", "The kernel's gradient starts as a copy of the kernel.",
           "With a gradient dy of zeros, what should dw be?", WEIGHT, "dw starts as a copy of w; it must start at 0.",
           conv2d_backward=forms("loops windows scalars", ("dw = np.zeros(w.shape)", "dw = w.astype(float)"))),
    belief("convb.assign-not-accumulate", "dx", "Each pixel belongs to one window.",
           "How many windows see the centre pixel?", PICTURE, "The gradient is assigned; it must be added.",
           conv2d_backward=forms("loops slices windows", (f"{PLACE}, :] +=", f"{PLACE}, :] ="))
           + forms("positions", ("SW, :] += dy", "SW, :] = dy")) + forms("scalars", ("dx[n, r, q, c] +=", "dx[n, r, q, c] ="))),
    belief("convb.dw-assigned", "dw", "Each weight gets the gradient of one position.", "At how many positions was weight (0, 0) used?", WEIGHT,
           "dw is assigned; it must be added up over all positions.",
           conv2d_backward=forms("loops slices", ("dw[:, :, :, f] +=", "dw[:, :, :, f] =")) + forms("windows", ("dw +=", "dw ="))
           + forms("scalars", ("dw[ki, kj, c, f] +=", "dw[ki, kj, c, f] ="))),
    belief("convb.db-assigned", "db", "The last gradient is the gradient of the bias.", NUDGE, THREE,
           "db is assigned; it must be added up over all positions.",
           conv2d_backward=forms("loops", ("db[f] +=", "db[f] =")) + forms("scalars", ("db[f] +=", "db[f] ="))
           + forms("windows", (SUMMED, "db = dy[-1, -1, -1]"))),
    belief("convb.dx-kernel-flipped", "dx", "The gradient goes back through the weight at the opposite place of the kernel.",
           "If output (0, 0) used weight (0, 0) on pixel (0, 0), which weight carries its gradient back?", CORNERS,
           "The kernel is flipped, or not flipped, by mistake: a loop over windows uses it as it is, and a convolution of dy uses it flipped.",
           conv2d_backward=forms("loops slices", ("* w[:, :, :, f]", "* w[::-1, ::-1, :, f]"))
           + forms("windows", (":], w, axes", ":], w[::-1, ::-1], axes"))
           + forms("positions", ("w[ki, kj].T", "w[KH - 1 - ki, KW - 1 - kj].T"))
           + forms("scalars", ("g * w[ki, kj, c, f]", "g * w[KH - 1 - ki, KW - 1 - kj, c, f]"))
           + forms("turned", ("turned = w[::-1, ::-1]", "turned = w"))),
    belief("convb.dw-flipped", "dw", "The kernel's gradient is flipped.",
           "Which pixels were multiplied by weight (0, 0)?", WEIGHT,
           "dw is flipped; weight (0, 0) must get the sum for the pixels that it multiplied.",
           conv2d_backward=forms(BACK, (RETURN, "return dx, dw[::-1, ::-1], db"))),
    belief("convb.dw-transposed", "dw", "The rows of dw are the columns of the kernel.",
           "Which pixels were multiplied by the weight in the first row and second column?",
           "Take the 3 x 3 image 0 to 8, a 2 x 2 kernel and a gradient of ones. What does the weight in the first row and second column get?",
           "Rows and columns of dw are swapped.",
           conv2d_backward=forms(TASTES, (RETURN, "return dx, dw.transpose(1, 0, 2, 3), db"))),
    belief("convb.dw-from-unpadded-image", "padding", "The windows of dw start in the corner of the picture.",
           "Which pixels did the window at (0, 0) see in the forward pass, with padding 1?",
           "Take a 3 x 3 image of ones, a 3 x 3 kernel, padding 1 and a gradient of ones. What does weight (0, 0) get?",
           "dw uses windows of the picture without its zeros at the top and left; it must use those of the padded image.",
           conv2d_backward=forms("loops slices windows", ("patch = xp[", "patch = x["))
           + forms("positions", ("seen = xp[", "seen = x["))
           + forms(BACK, ("(top, bottom), (left, right), (0, 0)", "(0, top + bottom), (0, left + right), (0, 0)"))
           + forms("scalars", ("                                if 0 <= r < H and 0 <= q < W:\n", "                                if r + top < H and q + left < W:\n"
                               "                                    dw[ki, kj, c, f] += g * x[n, r + top, q + left, c]\n                                if 0 <= r < H and 0 <= q < W:\n"),
                   ("                                    dw[ki, kj, c, f] += g * x[n, r, q, c]\n", ""))),
    belief("convb.gradient-starts-again", "dw", "A gradient may start again with the next image.",
           "What is in dw when your loop begins with the second image, and what should be in it?", SAME_IMAGE,
           "dw or db starts again with each image, so only the last image counts.",
           charged={"conv2d_backward": "backward-images"},
           conv2d_backward=forms("loops", before("        for i in range(OH)", "dw = np.zeros(w.shape)"))
           + forms("windows", ("np.tensordot(patch, dy[:, i, j, :], axes=(0, 0))", "np.tensordot(patch[-1:], dy[-1:, i, j, :], axes=(0, 0))"))
           + forms("loops", before("        for i in range(OH)", "dw, db = np.zeros(w.shape), np.zeros(F)"))
           + forms("scalars", before("        for i in range(OH)", "dw, db = np.zeros(w.shape), np.zeros(F)"))),
    belief("convb.dx-of-last-filter", "dx", "Each filter has its own gradient of the image.",
           "A pixel was used by two filters. What is its gradient, given one for each filter?",
           "Take one pixel of 1, two filters with the weights 10 and 100, and the gradients 1 and 1. What is dx?",
           "dx is assigned, or starts again, for each filter; the gradients of all filters must be added up.",
           charged={"conv2d_backward": "backward-combined"},
           conv2d_backward=forms("windows", ("dy[:, i, j, :], w, axes", "dy[:, i, j, -1:], w[..., -1:], axes"))
           + forms("loops", ("dy[n, i, j, f] * w[:, :, :, f]", "(f == F - 1) * dy[n, i, j, f] * w[:, :, :, f]"))
           + forms("scalars", ("g * w[ki, kj, c, f]", "(f == F - 1) * g * w[ki, kj, c, f]"))),
    belief("convb.dw-from-one-pixel", "dw", "All weights of a filter saw the same pixel.",
           "Which pixel of the window did weight (0, 0) multiply, and which one did the last weight multiply?", WEIGHT,
           "dw uses one pixel of the window for all weights; each weight gets the pixel that it multiplied.",
           conv2d_backward=forms("loops", ("* patch", "* patch[KH // 2, KW // 2]")) + forms("slices", ("g * patch", "g * patch[:, KH // 2, KW // 2, None, None]"))
           + forms("loops", ("* patch", "* patch[0, 0]")) + forms("slices", ("g * patch", "g * patch[:, 0, 0, None, None]"))),
    belief("convb.dw-without-dy", "dw", "The gradient of a weight is the sum of its pixels.",
           "If dy is twice as large, how much larger is dw?", TWOS, "dy is missing in dw.",
           conv2d_backward=forms("loops", ("+= dy[n, i, j, f] * patch", "+= patch"))
           + forms("slices", ("np.sum(g * patch, axis=0)", "np.sum(patch, axis=0)"))
           + forms("windows", ("np.tensordot(patch, dy[:, i, j, :], axes=(0, 0))", "np.tensordot(patch, np.ones_like(dy[:, i, j, :]), axes=(0, 0))"))),
    belief("convb.dx-without-dy", "dx", "The gradient of a pixel is the sum of its weights.",
           "If dy is twice as large, how much larger is dx?", TWOS, "dy is missing in dx.",
           conv2d_backward=forms("loops", ("+= dy[n, i, j, f] * w", "+= w")) + forms("slices", ("+= g * w", "+= w"))
           + forms("windows", ("+= np.tensordot(dy[:, i, j, :], w, axes=(1, 3))", "+= w.sum(axis=3)"))),
    belief("convb.results-in-other-order", "dx", "The order of the three gradients does not matter.",
           "In which order does the caller expect the three gradients?",
           "Print the shapes of the three results next to those of x, w and b.",
           "The gradients are returned in the wrong order; expected dx, dw, db.",
           conv2d_backward=forms("loops windows", (RETURN, "return dw, dx, db")) + forms("loops windows", (RETURN, "return dw, db, dx"))
           + forms("loops windows", (RETURN, "return dx, db, dw")) + forms("loops windows", (RETURN, "return db, dw, dx"))),
    belief("convb.grads-averaged-over-batch", "dw", "Gradients are means over the batch.", NUDGE,
           SAME_IMAGE,
           "The gradient is divided by the batch size; the loss has already done that.",
           charged={"conv2d_backward": "backward-images"},
           conv2d_backward=forms(TASTES, (RETURN, "return dx, dw / N, db / N")) + forms(TASTES, (RETURN, "return dx, dw / N, db"))
           + forms(TASTES, (RETURN, "return dx / N, dw / N, db / N")) + forms(TASTES, (RETURN, "return dx / N, dw, db")) + forms(TASTES, (RETURN, "return dx, dw, db / N"))),
    belief("convb.dw-averaged-over-positions", "dw", "The gradient of a weight is a mean over the positions.",
           "Nudge one weight a little. By how much does the sum of y * dy change?", WEIGHT,
           "dw is divided by the number of positions; it is a sum.",
           conv2d_backward=forms("loops windows", (RETURN, "return dx, dw / (OH * OW), db"))
           + forms("loops windows", (RETURN, "return dx, dw / (N * OH * OW), db"))),
    belief("convb.db-mean-all", "db", "The bias gradient is a mean.", NUDGE, THREE, "Take the sum, not the mean.",
           conv2d_backward=db("np.mean(dy, axis=(0, 1, 2))") + db("dy.sum(axis=0).mean(axis=(0, 1))")),
    belief("convb.db-first-example", "db", "The bias gradient comes from one image.",
           "Take three equal images. How much of the gradient comes from each one?", THREE,
           "Only one image counts.", charged={"conv2d_backward": "backward-images"}, conv2d_backward=db("dy[0].sum(axis=(0, 1))") + db("dy[-1].sum(axis=(0, 1))")),
    belief("convb.db-over-batch-only", "db", "The bias gradient is a sum over the batch.",
           "How many biases are there? How many numbers did you return?", THREE, "Sum over rows and columns too.",
           conv2d_backward=db("np.sum(dy, axis=0)")),
    belief("convb.db-over-positions-only", "db", "The bias gradient is a sum over rows and columns.",
           "How many biases are there? How many numbers did you return?", THREE, "Sum over the images too.",
           conv2d_backward=db("np.sum(dy, axis=(1, 2))")),
    belief("convb.db-axis-missing", "db", "One axis of the image is enough for the bias gradient.",
           "At how many rows and columns is a bias added? How many numbers did you return?", THREE,
           "The sum must run over images, rows and columns.",
           conv2d_backward=db("np.sum(dy, axis=(0, 1))") + db("np.sum(dy, axis=(0, 2))") + db("np.sum(dy, axis=1)") + db("np.sum(dy, axis=2)")),
    belief("convb.db-over-filters", "db", "The filters are summed too, or a different axis counts them.",
           "Which axis of dy counts the filters? Is it still there after your sum?", THREE,
           "The axis of the filters, the last one, must be left.",
           conv2d_backward=db("np.sum(dy, axis=3)") + db("np.sum(dy, axis=(1, 2, 3))") + db("np.sum(dy, axis=(0, 2, 3))") + db("np.sum(dy, axis=(0, 1, 3))")
           + db("dy.reshape(F, -1).sum(axis=1)")),
    belief("convb.db-keeps-axes", "db", "The bias gradient is a row or a column.", "What is the shape of b, and what is the shape of your db?",
           "Print the shapes of b and db.", "db must have the shape of b, (C_out,).",
           conv2d_backward=forms("windows", (SUMMED, "db = np.sum(dy, axis=(0, 1, 2), keepdims=True)"))
           + forms("windows", (SUMMED, "db = np.sum(dy, axis=(0, 1, 2)).reshape(1, F)")) + forms("windows", (SUMMED, "db = np.sum(dy, axis=(0, 1, 2)).reshape(F, 1)"))),
    belief("convb.db-never-filled", "db", "The gradient of the bias is 0.", NUDGE, THREE, "db is 0; it is the sum of dy.",
           conv2d_backward=db("np.zeros(F)")),
    belief("convb.dw-never-filled", "dw", "The gradient of the kernel is 0.",
           "Nudge one weight a little. By how much does the sum of y * dy change?", WEIGHT, "dw stays 0: nothing is added to it.",
           conv2d_backward=forms("windows", (RETURN, "return dx, np.zeros(w.shape), db"))),
    belief("convb.dw-other-layout", "dw", "dw may have its axes in a different order from those of w.",
           "Print the shapes of w and dw. Can you subtract one from the other?", WEIGHT, "dw must have the layout of w: (KH, KW, C_in, C_out).",
           conv2d_backward=forms("windows", (RETURN, "return dx, dw.transpose(3, 0, 1, 2), db")) + forms("windows", (RETURN, "return dx, dw.transpose(3, 2, 0, 1), db"))
           + forms("windows", (RETURN, "return dx, dw.transpose(0, 1, 3, 2), db")) + forms("windows", (RETURN, "return dx, dw.transpose(3, 0, 1, 2).reshape(w.shape), db"))),
    belief("convb.dw-from-weights", "dw", "The gradient of a weight contains the weight.",
           "y += pixel * weight. What is multiplied by the weight, and what is therefore its gradient?", WEIGHT,
           "dw contains the weights; it is the sum of dy times the pixels.",
           conv2d_backward=forms("windows", (RETURN, "return dx, dw * w, db")) + forms("loops slices", ("* patch", "* w[:, :, :, f]"))
           + forms("scalars", ("g * x[n, r, q, c]", "g * w[ki, kj, c, f]"))),
    belief("convb.dx-from-pixels", "dx", "The gradient of a pixel contains the pixel.",
           "y += pixel * weight. What is multiplied by the pixel, and what is therefore its gradient?", PICTURE,
           "dx contains the pixels; it is the sum of dy times the weights.",
           conv2d_backward=forms("windows", (RETURN, "return dx * x, dw, db")) + forms("loops slices", ("* w[:, :, :, f]", "* patch"))
           + forms("scalars", ("g * w[ki, kj, c, f]", "g * x[n, r, q, c]"))),
    belief("convb.channels-share-gradient", "dx", "All channels of a pixel get the same gradient.",
           "Red and blue of a pixel met different weights. Do they get the same gradient?",
           "Take one pixel with two channels, the weights 10 and 100 and the gradient 1. What is dx?",
           "The gradients of the channels are added up or averaged; each channel has its own.",
           charged={"conv2d_backward": "backward-combined"},
           conv2d_backward=forms("loops", ("* w[:, :, :, f]", "* w[:, :, :, f].sum(axis=2, keepdims=True)")) + forms("loops", ("* w[:, :, :, f]", "* w[:, :, :, f].mean(axis=2, keepdims=True)"))
           + forms("windows", (CROP, f"{CROP}.sum(axis=3, keepdims=True)")) + forms("windows", (CROP, f"{CROP}.mean(axis=3, keepdims=True)"))
           + forms("loops slices", ("* w[:, :, :, f]", "* w[:, :, :1, f]"))),
    belief("convb.first-channel-gets-all", "dx", "Only one channel gets a gradient.",
           "Red and blue of a pixel met different weights. Do both get a gradient?",
           "Take one pixel with two channels, the weights 10 and 100 and the gradient 1. What is dx?",
           "Only one channel gets a gradient; the others stay 0.",
           charged={"conv2d_backward": "backward-combined"},
           conv2d_backward=forms("scalars", ("for c in range(C)", "for c in range(1)")) + forms("scalars", ("for c in range(C)", "for c in range(C - 1, C)"))
           + forms("windows", before("    return dx", "dx[..., 1:] = 0")) + forms("windows", before("    return dx", "dw[:, :, 1:] = 0"))),
    belief("convb.sign-turned", "dx", "A gradient points downhill.",
           "A weight is positive and dy is positive. Is the gradient of the pixel positive or negative?", PICTURE,
           "The gradients have the wrong sign; the step downhill is taken later.",
           conv2d_backward=forms("windows", (RETURN, "return -dx, -dw, -db")) + forms("windows", (RETURN, "return -dx, dw, db"))),
    belief("convb.dx-crop-half-kernel", "padding", "Half a kernel is cropped on each side.",
           "How many rows of zeros did you add at the top, and how many do you cut off?",
           'Take a 3 x 3 image, a 2 x 2 kernel and padding "same". Which rows and columns of the padded gradient belong to the picture?',
           "The crop must undo the padding, whatever the size of the kernel.",
           conv2d_backward=cropped("windows", "dxp[:, KH // 2 : KH // 2 + H, KW // 2 : KW // 2 + W, :]")
           + cropped("windows", "dxp[:, KH // 2 : -(KH // 2), KW // 2 : -(KW // 2), :]")
           + cropped("windows", f'dxp[:, KH // 2 : -(KH // 2), KW // 2 : -(KW // 2), :] if padding == "same" else {CROP[5:]}')),
    belief("convb.db-one-number", "db", "All filters share one bias gradient.",
           "How many biases does a layer with F filters have?", THREE, "The filters are added up too; each has its own sum.",
           conv2d_backward=db("np.sum(dy)") + db("np.full(w.shape[3], dy.sum())")),
    belief("convb.db-counted-twice", "db", "db is summed and then added up again.",
           "Nudge b a little. By how much does the sum of y * dy change, and how large is your db?", THREE,
           "Each gradient is counted twice.", conv2d_backward=db("2 * np.sum(dy, axis=(0, 1, 2))")
           + forms("loops", ("db = np.zeros(F)", SUMMED))),
    belief("convb.db-per-product", "db", "The bias gets a gradient from each product.",
           "How many times was the bias added to one output?", THREE,
           "Each gradient is counted once per weight; the bias was added once per output.",
           conv2d_backward=db("KH * KW * C * np.sum(dy, axis=(0, 1, 2))") + db("KH * KW * np.sum(dy, axis=(0, 1, 2))")),
    belief("convb.dy-gaps-forgotten", "stride", "In the convolution of dy, its numbers are next to each other.",
           "At stride 2, how far apart are the windows that two neighbouring numbers of dy belong to?",
           "Take a row of four pixels, the 1 x 1 kernel [5], stride 2, and gradients 1 and 10. Which pixels get nothing?",
           "At a larger stride there are gaps of zeros between the numbers of dy.",
           conv2d_backward=forms("turned", ("spread[:, : OH * SH : SH, : OW * SW : SW, :]", "spread[:, :OH, :OW, :]"))
           + forms("windows", (f"dxp[:, {PLACE}", "dxp[:, i : i + KH, j : j + KW"))),
)  # fmt: skip
