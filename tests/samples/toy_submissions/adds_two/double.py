def double(x):
    return x + 2


def split(n, parts=2):
    return n // parts, n - n // parts
