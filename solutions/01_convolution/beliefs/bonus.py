"""Misconceptions about the two optional functions."""

from .belief import belief, forms

SPREAD = "np.zeros(((KH - 1) * DH + 1, (KW - 1) * DW + 1, C, F))"
PIXELS = "How many pixels does a kernel of 3 with dilation 2 span?"
CORNERS = "Take a 3 x 3 image, a 2 x 2 kernel and dilation 2. Which four pixels count?"
IMAGES = "x[:, :, :, g * channels : (g + 1) * channels]"
FILTERS = "w[:, :, :, g * filters : (g + 1) * filters]"
BIASES = "b[g * filters : (g + 1) * filters]"

BONUS = (
    belief("conv.dilation-ignored", "dilation", "The weights of a kernel are always side by side.", PIXELS, CORNERS,
           "The dilation is not used.",
           conv2d_dilated=forms("loops", ("return conv2d(x, spread,", "return conv2d(x, w,"))),
    belief("conv.dilation-counts-holes", "dilation", "A dilation of 2 leaves two pixels between the weights.", PIXELS,
           CORNERS, "The weights are one pixel too far apart.",
           conv2d_dilated=forms("loops", (SPREAD, "np.zeros(((KH - 1) * (DH + 1) + 1, (KW - 1) * (DW + 1) + 1, C, F))"),
                                ("spread[::DH, ::DW]", "spread[:: DH + 1, :: DW + 1]"))),
    belief("conv.dilation-ends-with-holes", "dilation", "Every weight is followed by a hole, even the last one.", PIXELS,
           CORNERS, "The kernel has zeros after its last weight, so it is too large.",
           conv2d_dilated=forms("loops", (SPREAD, "np.zeros((KH * DH, KW * DW, C, F))"))),
    belief("conv.dilation-axes-swapped", "dilation", "The first number of the dilation is for columns.",
           "Which number of the pair is for rows?", "Take a 3 x 2 image, a 2 x 2 kernel and dilation (2, 1). Which four pixels count?",
           "The dilations of rows and columns are swapped.",
           conv2d_dilated=forms("loops", ("DH, DW = dilation if", "DW, DH = dilation if"))),
    belief("conv.dilation-is-a-stride", "dilation", "Dilation moves the window further.",
           "Does the dilation change where a window starts, or which pixels it sees?", CORNERS,
           "The dilation is used as the stride.",
           conv2d_dilated=forms("loops", ("return conv2d(x, spread, b, stride, padding)", "return conv2d(x, w, b, dilation, padding)"))
           + forms("loops", ("b, stride, padding)", "b, (DH, DW), padding)"))),
    belief("conv.groups-interleaved", "groups", "The groups take the channels in turns.",
           "Which channels does the second group see?", "Take four channels in two groups. Which two go together?",
           "The channels of a group are next to each other.",
           conv2d_grouped=forms("loops", (IMAGES, "x[:, :, :, g::groups]"))
           + forms("loops", (IMAGES, "x[:, :, :, g::groups]"), (FILTERS, "w[:, :, :, g::groups]"), (BIASES, "b[g::groups]"))),
    belief("conv.filters-interleaved", "groups", "The groups take the filters in turns.",
           "Which filters does the second group use?", "Take four filters in two groups. Which two go together?",
           "The filters of a group are next to each other.",
           conv2d_grouped=forms("loops", (FILTERS, "w[:, :, :, g::groups]"), (BIASES, "b[g::groups]"))
           + forms("loops", (FILTERS, "w[:, :, :, g::groups]"))),
    belief("conv.groups-see-the-same", "groups", "Every group sees the first channels.",
           "Which channels does the second group see?", "Take one pixel with the channels 1 and 10, two groups, and the weights 2 and 3.",
           "Every group sees the channels of the first group.",
           conv2d_grouped=forms("loops", (IMAGES, "x[:, :, :, :channels]"))),
    belief("conv.groups-added-up", "groups", "The maps of the groups are added up.",
           "How many maps do four filters in two groups give?", "Take one pixel with the channels 1 and 10, two groups, and the weights 2 and 3.",
           "The groups' maps are added; they go next to each other.",
           conv2d_grouped=forms("loops", ("np.concatenate(maps, axis=3)", "sum(maps)"))),
    belief("conv.groups-share-the-first-bias", "groups", "Every group uses the first biases.",
           "Which biases belong to the filters of the second group?", "Take an image of zeros, two groups and the biases 1 and 10. Which two numbers come out?",
           "The biases of the first group are used for every group.",
           conv2d_grouped=forms("loops", (BIASES, "b[:filters]"))),
)  # fmt: skip
