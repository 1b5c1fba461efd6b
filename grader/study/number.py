"""Numbers as people type them."""

from __future__ import annotations

import re

_DECIMAL = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
_NUMBER = re.compile(_DECIMAL)
_PAIR = re.compile(rf"({_DECIMAL})\s*(/|\^|\*\*)\s*({_DECIMAL})")
_WORDS = {"thousand": "e3", "million": "e6", "billion": "e9"}


class UnreadableError(ValueError):
    """An answer that cannot be parsed. The question is asked again; the message says what was expected."""


def numbers_in(typed: str) -> tuple[float, ...]:
    """Return the values that a typed number may have, the most likely one first.

    Accept marks between thousands, a comma or a point, a fraction, a power, a percent sign, a word such as million:

    >>> [numbers_in(text)[0] for text in ("30,000,000", "30 000", "0,25", "1/4", "3 x 10^4", "2^10", "30 million")]
    [30000000.0, 30000.0, 0.25, 0.25, 30000.0, 1024.0, 30000000.0]

    1,000 may mean a thousand or one, and 50% a half or fifty:

    >>> numbers_in("1,000"), numbers_in("50 %")
    ((1000.0, 1.0), (0.5, 50.0))

    Raises UnreadableError.
    """
    text = typed.strip().lower().replace("\N{MINUS SIGN}", "-").rstrip(".=")
    text, percent = re.subn(r"\s*%$", "", text)
    text = re.sub(r"\s*[x*×]\s*10\s*(?:\^|\*\*)\s*", "e", text.strip())
    values = [_quotient(reading) for reading in _readings(text)]
    if not values:
        raise UnreadableError(f'"{typed.strip()[:40]}" is not a number. Type one such as 24, 0.5 or 1/4.')
    return tuple(values) if not percent else (*(value / 100 for value in values), *values)


def number_of(answer: str | float) -> int | float | None:
    """Return the number that an answer is, None for another text.

    >>> [number_of(answer) for answer in (24, "3.5", "-2", "4 x 4", "0 or 2", "1,2")]
    [24, 3.5, -2, None, None, None]
    """
    if not isinstance(answer, str):
        return answer
    if not _NUMBER.fullmatch(answer):
        return None
    return int(answer) if answer.lstrip("-+").isdecimal() else float(answer)


def _readings(text: str) -> list[str]:
    """Return the text in Python's notation, once for each possible meaning of its points and commas."""
    text, _, word = text.partition(" ") if text.partition(" ")[2] in _WORDS else (text, "", "")
    text = re.sub(r"(?<=\d)[ _'\u2019\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    found = []
    for thousands, point in ((",", "."), (".", ",")):
        grouped = re.fullmatch(rf"([-+]?[1-9]\d{{0,2}}(?:\{thousands}\d{{3}})+)(\{point}\d+)?", text)
        if grouped:
            found.append(grouped[1].replace(thousands, "") + (grouped[2] or "").replace(point, "."))
    if text.count(",") + text.count(".") <= 1:
        found.insert(0 if "." in text else len(found), text.replace(",", "."))
    elif "/" in text and not found:
        found.append(text.replace(",", "."))
    return [
        f"{one}{_WORDS.get(word, '')}" for one in found if _NUMBER.fullmatch(one) or (not word and _PAIR.fullmatch(one))
    ]


def _quotient(text: str) -> float:
    """Return the value of a number, a fraction or a power. Raises UnreadableError."""
    pair = _PAIR.fullmatch(text)
    if pair is None:
        return float(text)
    left, right = float(pair[1]), float(pair[3])
    try:
        return left / right if pair[2] == "/" else float(left**right)
    except (ZeroDivisionError, OverflowError, TypeError):
        raise UnreadableError(f'"{text[:40]}" has no value: it divides by 0 or is too large.') from None
