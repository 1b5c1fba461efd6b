"""Misconceptions about the zeros of padding "same", for one axis: first in `same_padding`, then wherever it is used."""

from grader.course import Patch, patch

from .belief import PADDED, belief, forms

ALONE = {"n": "n", "k": "k", "s": "s", "out": "out", "total": "total", "before": "before", "after": "after"}
AXES = (
    {"n": "H", "k": "KH", "s": "SH", "out": "OH", "total": "rows", "before": "top", "after": "bottom"},
    {"n": "W", "k": "KW", "s": "SW", "out": "OW", "total": "cols", "before": "left", "after": "right"},
)
RIGHT = {
    "out": "{out} = -(-{n} // {s})",
    "total": "{total} = max(({out} - 1) * {s} + {k} - {n}, 0)",
    "before": "{before} = {total} // 2",
    "after": "{after} = {total} - {before}",
}


def alone(**wrong: str) -> tuple[Patch, ...]:
    """Return the patches of `same_padding`; `wrong` gives the right-hand sides of the lines that differ."""
    lines = {name: (f"{{{name}}} = {wrong[name]}" if name in wrong else right) for name, right in RIGHT.items()}
    edits = [(RIGHT[name].format(**ALONE), lines[name].format(**ALONE)) for name in wrong]
    found = [patch("loops", *edits)]
    counted = [lines[name].format(**ALONE) for name in ("out", "total")] if {"out", "total"} & {*wrong} else []
    halves = [
        (RIGHT[name].format(**ALONE), lines[name].format(**ALONE)) for name in wrong if name in ("before", "after")
    ]
    start = RIGHT["before"].format(**ALONE)
    if counted:  # this taste counts the zeros in another way, so the wrong count comes after its own
        halves = [(start, "\n    ".join((*counted, start))), *halves]
    return (*found, patch("slices", *halves))


def inside(tastes: str = PADDED, **wrong: str) -> tuple[Patch, ...]:
    """Return the patches of a function that computes the zeros itself, for rows and for columns."""
    edits = [
        (RIGHT[name].format(**axis), (f"{{{name}}} = {new}").format(**axis))
        for axis in AXES
        for name, new in wrong.items()
    ]
    return forms(tastes, *edits)


def same(id, matter, text, question, probe, name, *also: dict[str, str], cards=(), tastes=PADDED, **wrong: str):
    """Return a misconception about "same"; `also` holds other right-hand sides that it leads to.

    The zeros at the end change nothing if the size of the output was computed beforehand, nor in the backward pass. A
    misconception about them gets only the tastes in which its program differs from that of every other one.
    """
    ways = (wrong, *also)
    backward = {"conv2d_backward": tuple(form for way in ways for form in inside("loops windows", **way))}
    return belief(
        id, matter, text, question, probe, name, cards=cards,
        same_padding=tuple(form for way in ways for form in alone(**way)),
        conv2d=tuple(form for way in ways for form in inside(tastes, **way)),
        **(backward if tastes == PADDED else {}),
    )  # fmt: skip


ONES = 'Take a 3 x 3 image of ones, a 3 x 3 kernel of ones, padding "same". Which values are in the corner and centre?'
EVEN = 'Take the row 1 2, the kernel 10 1 and padding "same". Which two numbers come out?'
DRAW = 'Draw the windows on 6 pixels, kernel 3, stride 2, padding "same". How many are there, and where does the last one end?'
REACH = "At stride 2, how far does the last window reach, and how many zeros does it need?"
SHRINKS = 'At stride 2, does the picture shrink? What should "same" be the same as?'
FIVE = "n = 5, k = 2, s = 2. Draw the windows. How many are there, and which pixels do they see?"

INPUT_SIZE = "{n}"
ALL_SIZES = "({n} - 1) * {s} + {k} - {n}"

SAME = (
    same("conv.same-means-input-size", "same and stride", '"same" keeps the input\'s size at any stride.', SHRINKS, DRAW,
         '"same" gives ceil(H / stride) rows.', {"total": f"max({ALL_SIZES}, 0)"}, out=INPUT_SIZE, cards=("conv-same",)),
    same("conv.same-means-input-size-floor", "same and stride", '"same" keeps the input\'s size at any stride, rounded down.',
         SHRINKS, DRAW, '"same" gives ceil(H / stride) rows, and the odd zero is not dropped.',
         {"total": f"max({ALL_SIZES}, 0)", "after": "{before}"}, out=INPUT_SIZE, after="{before}", cards=("conv-same",)),
    same("conv.same-means-input-size-ceil", "same and stride", '"same" keeps the input\'s size at any stride, rounded up.',
         SHRINKS, DRAW, '"same" gives ceil(H / stride) rows, and only one side gets the odd zero.',
         {"total": f"max({ALL_SIZES}, 0)", "before": "-(-{total} // 2)", "after": "{before}"},
         out=INPUT_SIZE, before="-(-{total} // 2)", after="{before}", cards=("conv-same",)),
    same("conv.same-one-too-many", "same", '"same" pads half the missing zeros on each side, plus one more.',
         "For a kernel of 3, how many zeros on each side keep the size? Count the zeros you add.", ONES,
         "There is one zero too many on every side.",
         {"before": "{total} // 2 + 1", "after": "{before}"},
         {"before": "{total} // 2 + 1", "after": "{total} - {total} // 2 + 1"},
         {"before": "{k} // 2 + 1", "after": "{before}"},
         out=INPUT_SIZE, before="{total} // 2 + 1", after="{before}"),
    same("conv.same-half-kernel-both-sides", "odd zero", '"same" pads half the kernel on each side.',
         "For a kernel of 2, how many zeros are needed in total?", EVEN,
         "An even kernel needs an odd number of zeros.", before="{k} // 2", after="{k} // 2", cards=("conv-odd-zero",)),
    same("conv.same-half-of-one-less", "odd zero", '"same" pads half of one less than the kernel on each side.',
         "For a kernel of 2, how many zeros are needed in total, and how many do you add?", EVEN,
         "For an even kernel, the odd zero is missing; and the stride is not used.",
         before="({k} - 1) // 2", after="({k} - 1) // 2", cards=("conv-odd-zero",)),
    same("conv.same-floor-of-half", "odd zero", "Both sides get half of the missing zeros, rounded down.",
         "Five zeros are missing. How many do you add in total?", EVEN,
         "If the number of zeros is odd, one of them is lost.", after="{before}", cards=("conv-odd-zero",)),
    same("conv.same-ceil-of-half", "odd zero", "Both sides get half of the missing zeros, rounded up.",
         "Five zeros are missing. How many do you add in total?", EVEN,
         "If the number of zeros is odd, there is one too many.", before="-(-{total} // 2)", after="{before}",
         cards=("conv-odd-zero",), tastes="loops windows"),
    same("conv.same-extra-pad-first", "odd zero", "The odd zero goes at the top and left.",
         "If one side must get one more zero, which side does Keras choose?", EVEN, "The odd zero goes at the end.",
         before="{total} - {total} // 2", cards=("conv-odd-zero",)),
    same("conv.same-ignores-stride", "same and stride", 'The zeros for "same" do not depend on the stride.', REACH, DRAW,
         "The zeros are computed for stride 1.", total="{k} - 1"),
    same("conv.same-not-padded", "same", '"same" needs no zeros.', "How many windows of 3 fit on 3 pixels without zeros?", ONES,
         'The image is not padded for "same".', total="0"),
    same("conv.same-only-at-end", "same", 'All zeros for "same" go at the bottom and right.',
         "A kernel of 3 is centred on the first pixel. What does its first weight see?", ONES,
         "All zeros are at the end; half of them go at the start.", before="0"),
    same("conv.same-only-at-start", "same", 'All zeros for "same" go at the top and left.',
         "A kernel of 3 is centred on the last pixel. What does its last weight see?", ONES,
         "All zeros are at the start; half of them go at the end.", before="{total}"),
    same("conv.same-total-on-each-side", "same", "Each side gets all the zeros that are missing.",
         "Two zeros are missing in total. How many do you add in total?", ONES,
         "The zeros are not shared between the two sides.", before="{total}", after="{total}", tastes="loops windows"),
    same("conv.same-rounds-down", "same and stride", '"same" gives n / s outputs, rounded down.',
         "How many windows start on 5 pixels at stride 2, if one starts at every second pixel?", FIVE,
         '"same" gives ceil(n / s) outputs: an incomplete step counts too.', out="{n} // {s}"),
    same("conv.same-stride-divides", "same and stride", "The missing zeros are the kernel minus the stride.",
         "On 5 pixels, how far does the last window of 3 at stride 2 reach? And on 6 pixels?",
         'Draw the windows on 5 pixels, kernel 3, stride 2, padding "same". How many are there, and how many zeros are missing?',
         "The number of zeros depends on what is left over when n is divided by s.", total="max({k} - {s}, 0)", tastes="slices"),
    same("conv.same-negative-zeros", "same and stride", "The number of missing zeros is never below 0.",
         "With a kernel of 1 and stride 2, how many zeros are missing?",
         "n = 6, k = 1, s = 3. Where does the last window end? How many zeros are missing?",
         "The formula gives a negative number if the stride is larger than the kernel; then no zeros are needed.",
         total="({out} - 1) * {s} + {k} - {n}"),
    same("conv.same-half-is-a-fraction", "odd zero", "Half of the missing zeros may be a fraction.",
         "Three zeros are missing. How many go on each side, in whole numbers?", EVEN,
         "Half of an odd number is not a whole number; one side gets one more zero.",
         before="{total} / 2", after="{total} / 2", cards=("conv-odd-zero",), tastes="loops slices"),
    belief("conv.same-half-is-rounded", "odd zero", "round() rounds every half down, or up.",
         "What does Python give for round(0.5), and what for round(1.5)?",
         "Compute same_padding for n = 5 and k = 2, 4, 6 at stride 1. On which side is the odd zero?",
         "round() goes to the even neighbour; use // to round down.", cards=("conv-odd-zero",),
           same_padding=alone(before="round({total} / 2)")),
    same("conv.same-one-step-too-many", "same", "Between the windows there are as many steps as windows.",
         "Three windows are in a row. How many steps are between the first and the last?", DRAW,
         "The last window starts at (out - 1) * stride.", total="max({out} * {s} + {k} - {n}, 0)"),
    same("conv.same-kernel-forgotten", "same", "The last window ends where it starts.",
         "The last window starts at pixel 4 and the kernel is 3. Where does it end?", DRAW,
         "The size of the kernel is missing in the number of zeros.", total="max({out} * {s} - {n}, 0)"),
    same("conv.same-ends-one-off", "same", "The last pixel of a window is its start plus its size.",
         "A window of 3 starts at pixel 4. Which is its last pixel, and how many pixels must there be?", DRAW,
         "The number of zeros is off by one.",
         total="max(({out} - 1) * {s} + {k} - {n} - 1, 0)"),
    same("conv.same-one-window-more", "same and stride", '"same" gives n / s outputs rounded down, plus one.',
         "6 pixels at stride 2: how many windows start, if one starts at every second pixel?", DRAW,
         "There is one window too many if n is a multiple of the stride.", out="{n} // {s} + 1"),
)  # fmt: skip
