"""Write a misconception about convolution: its words, the criteria it is charged to, and its programs as patches."""

from collections.abc import Mapping

from grader.course import Misconception, Patch, patch

PADDED = "loops slices windows"

MATTERS = {
    "kernel": {"conv2d_step": "step", "conv2d": "kernel", "conv2d_fast": "fast", "conv2d_backward": "backward-image"},
    "channels": {"conv2d_step": "step-channels", "conv2d": "channels-and-bias", "conv2d_fast": "fast"},
    "bias": {"conv2d_step": "step-bias", "conv2d": "channels-and-bias", "conv2d_fast": "fast"},
    "images": {"conv2d": "kernel", "conv2d_fast": "fast", "conv2d_backward": "backward-images"},
    "stride": {"conv2d": "stride", "conv2d_fast": "fast-stride", "conv2d_backward": "backward-stride"},
    "shapes": {"conv2d": "shapes", "conv2d_fast": "fast-combined", "conv2d_backward": "backward-combined"},
    "empty": {"conv2d": "empty"},
    "same": {
        "same_padding": "same-padding",
        "conv2d": "same",
        "conv2d_fast": "fast-padding",
        "conv2d_backward": "backward-padding",
    },
    "odd zero": {
        "same_padding": "same-odd-zero",
        "conv2d": "same",
        "conv2d_fast": "fast-padding",
        "conv2d_backward": "backward-padding",
    },
    "same and stride": {
        "same_padding": "same-stride",
        "conv2d": "combined",
        "conv2d_fast": "fast-combined",
        "conv2d_backward": "backward-combined",
    },
    "padding": {
        "pad2d": "pad",
        "conv2d": "padding",
        "conv2d_fast": "fast-padding",
        "conv2d_backward": "backward-padding",
    },
    "sides": {
        "pad2d": "pad-sides",
        "conv2d": "same",
        "conv2d_fast": "fast-padding",
        "conv2d_backward": "backward-padding",
    },
    "unchanged": {
        "pad2d": "pad-unchanged",
        "conv2d_step": "step-unchanged",
        "conv2d": "unchanged",
        "conv2d_fast": "fast-unchanged",
        "conv2d_backward": "backward-unchanged",
    },
    "dx": {"conv2d_backward": "backward-image"},
    "dw": {"conv2d_backward": "backward-kernels"},
    "db": {"conv2d_backward": "backward-bias"},
    "dilation": {"conv2d_dilated": "dilation"},
    "groups": {"conv2d_grouped": "groups"},
}
"""The criterion of each function that a mistake of this kind is charged to."""


def forms(tastes: str, *edits: tuple[str, str]) -> tuple[Patch, ...]:
    """Return the same edits as a patch of each of these tastes."""
    return tuple(patch(taste, *edits) for taste in tastes.split())


def before(line: str, *new: str) -> tuple[str, str]:
    """Return the edit that puts lines before the one that starts with this text, at its indent."""
    indent = line[: len(line) - len(line.lstrip())]
    return line, "".join(f"{indent}{text}\n" for text in new) + line


def after(line: str, *new: str) -> tuple[str, str]:
    """Return the edit that puts lines after this one, at its indent."""
    indent = line[: len(line) - len(line.lstrip())]
    return line + "\n", line + "\n" + "".join(f"{indent}{text}\n" for text in new)


def belief(
    id: str, matter: str, text: str, question: str, probe: str, name: str, *, cards: tuple[str, ...] = (),
    charged: Mapping[str, str] | None = None, **programs: tuple[Patch, ...],
) -> Misconception:  # fmt: skip
    """Return a misconception; `programs` holds its patches for each function, in the order of the stub.

    `charged` names the criterion of a function if it differs from that of the matter.
    The patches of `conv2d` are also those of `conv2d_fast`, except the slowest taste.
    """
    if "conv2d" in programs and "conv2d_fast" in MATTERS[matter]:
        quick = tuple(form for form in programs["conv2d"] if form.taste != "scalars")
        programs["conv2d_fast"] = quick or programs["conv2d"]
    first, *others = programs
    variant, *more = programs[first]
    return Misconception(
        id, first, text, question, probe, name, variant,
        cards=cards,
        forms=tuple(more),
        elsewhere={function: programs[function] for function in others},
        criteria={function: (charged or {}).get(function, MATTERS[matter].get(function, "")) for function in programs},
        overwrites=matter == "unchanged",
    )  # fmt: skip
