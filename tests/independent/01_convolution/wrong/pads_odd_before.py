"""Based on: loops
Kind: single
Function: same_padding
Mistake: Puts the odd zero before instead of after.
"""


def same_padding(n, k, s):
    windows = 0
    start = 0
    while start < n:
        windows += 1
        start += s
    last_end = (windows - 1) * s + k
    missing = last_end - n
    if missing < 0:
        missing = 0
    after = missing // 2
    before = missing - after
    return before, after
