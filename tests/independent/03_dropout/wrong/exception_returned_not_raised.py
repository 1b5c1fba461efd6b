"""Based on: helpers
Kind: single
Function: dropout
Mistake: The check returns the exception and does not raise it.
"""


def check_rate(rate):
    if not (rate >= 0 and rate < 1):
        return ValueError("the rate must be at least 0 and less than 1")
    return None
