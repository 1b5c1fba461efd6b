"""Misconceptions about convolution, each as the lines of a right program that a learner would have written differently.

The right programs are in `tastes/`: the same slip gives other answers in another style. A loop with single numbers
leaves out what is outside the image, a product of slices raises if a window is cut short, and a size that was read off
the padded image hides mistakes that show if the size is computed beforehand.

A misconception has one id, for all functions in which it can be seen. `convb.pad-hardcoded-1`,
`convb.same-one-too-many`, `convb.stride-ignored` and `convb.stride-axis-mixed-up` are the misconceptions
`conv.pad-hardcoded-1`, `conv.same-one-too-many`, `conv.stride-ignored` and `conv.column-stride-for-rows`.
"""

from .beliefs.axes import AXES
from .beliefs.backward import BACKWARD
from .beliefs.bias import BIAS
from .beliefs.bonus import BONUS
from .beliefs.padding import PADDING
from .beliefs.products import CHANNELS, KERNELS, PRODUCTS
from .beliefs.results import RESULTS
from .beliefs.same import SAME
from .beliefs.sizes import COUNTS, SIDES
from .beliefs.stride import STRIDE
from .beliefs.windows import WINDOWS

MISCONCEPTIONS = (
    *SAME, *PADDING, *BIAS, *CHANNELS, *KERNELS, *PRODUCTS, *STRIDE, *COUNTS, *SIDES, *RESULTS, *WINDOWS, *AXES,
    *BACKWARD, *BONUS,
)  # fmt: skip
