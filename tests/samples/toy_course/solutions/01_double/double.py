"""The reference of a small course."""


def double(x):
    return 2 * x


def split(n, parts=2):
    return n // parts, n - n // parts


def halve(x):
    return x / 2
