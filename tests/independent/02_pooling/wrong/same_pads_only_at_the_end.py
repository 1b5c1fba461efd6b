"""Based on: helpers
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: With same all padding is put after the last pixel, because the window that sticks out is the last one.
"""


class Axis:
    """One axis of the picture: how many windows it has and which pixels belong to each."""

    def __init__(self, n, k, s, padding):
        self.n = n
        self.k = k
        self.s = s
        if padding == "same":
            self.before = 0
            self.out = ceil_div(n, s)
        else:
            self.before = 0 if padding == "valid" else padding
            self.out = max((n + 2 * self.before - k) // s + 1, 0)

    def first(self, i):
        return max(i * self.s - self.before, 0)

    def last(self, i):
        return min(i * self.s - self.before + self.k, self.n)

    def span(self, i):
        return slice(self.first(i), self.last(i))
