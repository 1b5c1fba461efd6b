def double(x):
    return x + x


def split(n, parts=2):
    return n // parts, n // parts
