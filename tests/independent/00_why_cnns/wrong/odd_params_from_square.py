"""Based on: helpers
Kind: odd
Function: conv_params
Mistake: Sees a convolution as a dense layer from one square patch to the next and takes the longer side of the kernel for the patch, because a patch is thought to be square.
"""


def patch_size(kernel_size):
    sides = as_pair(kernel_size)
    return max(sides) * max(sides)


def conv_params(kernel_size, c_in, c_out, bias=True):
    return dense_params(patch_size(kernel_size) * c_in, c_out, bias)
