"""Formulas and code as words, for reading aloud: a voice is silent at a minus, a slash or a bracket.

A dash between two words of prose, a hyphen and an ordinary parenthesis stay as they are.
"""

from __future__ import annotations

import re

from grader.study.lessons import plain

_POWERS = {"2": "squared", "3": "cubed"}
_POWER = re.compile(r"(?<=[\w)])(?:\*\*(?=[\w(])|\s*\^\s*)(\w+|\([^()]*\))")
_FUNCTIONS = {"floor": "the floor of ", "ceil": "the ceiling of ", "sqrt": "the square root of ", "sum": "the sum of "}
_SIGNS = (
    (r"²", " squared"),
    (r"³", " cubed"),
    (r"(?<=\w)\(\)", ""),
    (r"(?<=[\d)\]]) - |(?<=\w) - (?=\w+\()", " minus "),
    (r"(?<=\)) x (?=\w)|(?<=[=+] )([\w.]+) x (?=[A-Za-z])", r"\1 times "),
    (r"\s*(?:->|→)\s*", " gives "),
    (r"\s*(?:>=|≥)\s*", " is at least "),
    (r"\s*(?:<=|≤)\s*", " is at most "),
    (r"\s*(?:==?)\s*", " equals "),
    (r" > ", " is greater than "),
    (r" < ", " is less than "),
    (r"\s*−(?=\s)", " minus"),
    (r"−", "minus "),
    (r"(?<=\d) [x×] (?=\d)", " by "),
    (r"\s*×\s*", " times "),
    (r"(?<=[\w)\]]) \* (?=[\w(\[])", " times "),
    (r"(?<=[\w)\]]) \+ (?=[\w(\[])", " plus "),
    (r"(?<=\w)\+(?=\w)", " plus "),
    (r"(?<=[\w)\]]) / (?=[\w(\[])", " over "),
    (r"(?<=\d)/(?=[\d(])|(?<=\b[a-zA-Z])/(?=[a-zA-Z]\b)", " over "),
    (r"(?<=\w)/(?=\w)", " or "),  # and/or
    (r"(?<=\b\w) - (?=[\w(\[])|(?<=[\w)\]]) - (?=(?:\d|\w\b))", " minus "),
    (r"(?<=\(\d)-(?=\w+\))", " minus "),
    (r"(?<![\w)\]])-(?=[\d.]|[a-z]\b)", "minus "),
    (r"(?<=\b[A-Z]{2}) - (?=\w)|(?<=\w) - (?=[A-Z]{2}\b)", " minus "),
)  # fmt: skip
_INNERMOST = re.compile(r"([A-Za-z]+)?\(([^()]*)\)")
_INDEX = re.compile(r"(\w)\[([^\[\]]*)\]")
_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)  # code and pictures are for the eye
_IS_FORMULA = re.compile(r"\b(?:plus|minus|times|over|squared|cubed|power|floor|ceiling|root)\b")


def spoken_form(markdown: str) -> str:
    """Return a text in Markdown as a voice should say it.

    >>> spoken_form("The variance is `x^2 p / (1 - p)`.")
    'The variance is x squared p over 1 minus p.'
    >>> spoken_form("There are floor((n + 2p - k) / s) + 1 rows.")
    'There are the floor of n plus 2p minus k, over s, plus 1 rows.'
    """
    text = _POWER.sub(_as_power, _BLOCK.sub("", markdown))
    text = plain(text)
    for sign, word in _SIGNS:
        text = re.sub(sign, word, text)
    text = _INDEX.sub(r"\1 at \2,", text)
    text = _without_brackets(text)
    text = re.sub(r"[\[\]]", "", text).replace("_", " ")
    text = re.sub(r",(\s*(?:[,.;:?!]|$))", r"\1", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def _as_power(found: re.Match[str]) -> str:
    exponent = found[1].strip("()")
    return f" {_POWERS[exponent]}" if exponent in _POWERS else f" to the power of {exponent}"


def _without_brackets(text: str) -> str:
    """Say the brackets of formulas: a pause after each, and the name of a function before it."""
    place = 0
    while found := _INNERMOST.search(text, place):
        name, inside = found[1] or "", found[2]
        if name not in _FUNCTIONS and not _IS_FORMULA.search(inside):
            place = found.end()
            continue
        pause = "," if re.match(r"\s*(?:plus|minus|times|over|\w)", text[found.end() :]) else ""
        said = _FUNCTIONS.get(name) or (f"{name} " if name else "")
        text = f"{text[: found.start()]}{said}{inside}{pause}{text[found.end() :]}"
        place = 0
    return text
