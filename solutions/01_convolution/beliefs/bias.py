"""Misconceptions about the bias: how many there are, and how often one is added."""

from .belief import belief, forms

ZEROS = "Take an image of zeros with three channels, three 2 x 2 filters and the biases 1, 10, 100. Which three numbers come out?"


def added(one: str, all_filters: str):
    """Return the patches of both functions: what is added to one filter's output, and to those of all filters."""
    return {
        "conv2d_step": forms("loops scalars", ("+ b[f]", one)) + forms("slices windows", (" + b\n", f" {all_filters}\n")),
        "conv2d": forms("loops slices", ("+ b[f]", one)) + forms("windows", (" + b\n", f" {all_filters}\n")),
    }  # fmt: skip


def forgotten():
    """Return the patches without a bias, in all tastes: it is often forgotten together with something else."""
    programs = added("+ 0", "+ 0 * b")
    more = forms("scalars", ("+ b[f]", "+ 0")) + forms("columns", (" + b\n", "\n")) + forms("positions", ("y + b", "y"))
    return {**programs, "conv2d": programs["conv2d"] + more}


def both(*programs):
    """Return several sets of patches as one."""
    names = dict.fromkeys(name for one in programs for name in one)
    return {name: tuple(form for one in programs for form in one.get(name, ())) for name in names}


def everywhere(bias: str, one: str):
    """Return the patches of a convolution that add this in place of the bias."""
    return forms("loops", ("+ b[f]", f"+ {one}")) + forms("windows", (" + b\n", f" + {bias}\n"))


BIAS = (
    belief("conv.bias-forgotten", "bias", "A filter has only weights.", "What does an image of zeros give?", ZEROS,
           "The bias is missing.", cards=("conv-bias",), **forgotten()),
    belief("conv.bias-per-element", "bias", "The bias belongs to each product.",
           "For an image of zeros, what should one output be? What is it in your code?", ZEROS,
           "The bias is added once per product; add it once per output.", cards=("conv-bias",),
           **added("+ KH * KW * C * b[f]", "+ KH * KW * C * b")),
    belief("conv.bias-per-channel", "bias", "Each input channel adds the bias.",
           "With three input channels, how many times is the bias added to one output?", ZEROS,
           "Each channel adds the bias again.", cards=("conv-bias",), **added("+ C * b[f]", "+ C * b")),
    belief("conv.bias-per-tap", "bias", "Each position of the kernel adds the bias.",
           "With a kernel of 2 x 2, how many times is the bias added to one output?", ZEROS,
           "The bias is added again at each position of the kernel.", cards=("conv-bias",),
           **added("+ KH * KW * b[f]", "+ KH * KW * b")),
    belief("conv.bias-summed-over-filters", "bias", "There is one bias, the sum of all biases.",
           "How many biases does a layer with F filters have?", ZEROS, "All biases are added to every filter.",
           cards=("conv-bias",), **added("+ b.sum()", "+ b.sum()")),
    belief("conv.bias-first-only", "bias", "The layer has one bias.",
           "How many biases does a layer with F filters have?", ZEROS, "Every filter gets the same bias.",
           cards=("conv-bias",), **both(added("+ b[0]", "+ b[0]"), added("+ b[-1]", "+ b[-1]"), added("+ b.mean()", "+ b.mean()"))),
    belief("conv.bias-subtracted", "bias", "The bias is a threshold that is subtracted.",
           "Does a larger bias make the output larger or smaller?", ZEROS, "The bias is subtracted; it must be added.",
           cards=("conv-bias",), **added("- b[f]", "- b")),
    belief("conv.bias-is-a-factor", "bias", "The bias scales the sum of the products.",
           "With a bias of 0, should the output be 0 whatever the image shows?", ZEROS,
           "The sum is multiplied by the bias; the bias must be added.", cards=("conv-bias",), **added("* b[f]", "* b")),
    belief("conv.bias-added-again", "bias", "The bias may be added in every round of a loop.",
           "How often does your line with the bias run for one output?", ZEROS,
           "The bias is added again in each round of a loop over filters, images or positions.", cards=("conv-bias",),
           **both(added("+ 2 * b[f]", "+ 2 * b"), added("+ F * b[f]", "+ F * b"),
                  {"conv2d": everywhere("N * b", "N * b[f]") + everywhere("OH * OW * b", "OH * OW * b[f]")})),
)  # fmt: skip
