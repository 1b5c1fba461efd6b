"""Based on: helpers
Kind: single
Function: conv2d, conv2d_backward, conv2d_fast
Mistake: Gives the padding of the columns to the rows and the other way round for "same".
"""


class Geometry:
    """All sizes of one convolution."""

    def __init__(self, x_shape, w_shape, stride, padding):
        self.N, self.H, self.W, self.C = x_shape
        self.KH, self.KW, _, self.F = w_shape
        self.SH, self.SW = pair(stride)
        self.pads = self.find_pads(padding)
        self.OH = self.positions(self.H + sum(self.pads[0]), self.KH, self.SH)
        self.OW = self.positions(self.W + sum(self.pads[1]), self.KW, self.SW)

    def find_pads(self, padding):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding == "same":
            return same_padding(self.W, self.KW, self.SW), same_padding(self.H, self.KH, self.SH)
        return pair(padding), pair(padding)

    @staticmethod
    def positions(n, k, s):
        return max((n - k) // s + 1, 0)

    def windows(self):
        for i in range(self.OH):
            for j in range(self.OW):
                yield i, j, self.window(i, j)

    def window(self, i, j):
        r = i * self.SH
        c = j * self.SW
        return (slice(None), slice(r, r + self.KH), slice(c, c + self.KW))

    def crop(self, padded):
        top = self.pads[0][0]
        left = self.pads[1][0]
        return padded[:, top : top + self.H, left : left + self.W]
