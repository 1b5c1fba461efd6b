r"""A learner's text, made safe to keep and to show. Only this module decides which characters are shown as escapes.

A learner chooses a name, an exception message or a printed line. It may hold terminal commands, marks that turn the
writing direction, invisible characters, a megabyte of one letter, or a line that looks like a line of a report.

- `claimed` and `claimed_name` escape such a text and limit its length. Call them when a text enters the grader.
- `quoted` puts a margin before each further line, so that no line of a learner looks like a line of a report.
- `for_terminal`, `for_html`, `for_xml`, `for_json` and `for_cell` make a text safe for one output. Call them when a
  text leaves the grader.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata

MARGIN = "| "
NAME_CHARACTERS = 80
MESSAGE_CHARACTERS = 1000  # what Keras says about one wrong layer needs about 700
MARKS_SHOWN = 4  # combining marks in a row: written languages need up to three; more of them cover other lines
PIECE = 256

_SHOWN_AS_IT_IS = re.compile(r"[\n\t\x20-\x7e]*+")
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")
# Printable for Python, but invisible: fillers, blank patterns and variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
_SEQUENCE = re.compile(r"\x1b\[[0-?]*+[ -/]*+[@-~]|\x1b\][^\x07\x1b]*+(?:\x07|\x1b\\)")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BEFORE_A_FORMULA = " '\"\t\r\n"


def visible(text: str) -> str:
    r"""Return the text with an escape for each invisible character; line feeds and tabs stay.

    >>> visible("a\u202eb\u200b\x1b c\n")
    'a\\u202eb\\u200b\\x1b c\n'
    """
    if _SHOWN_AS_IT_IS.fullmatch(text):
        return text
    shown, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        shown.append(character if _shows(character) and marks <= MARKS_SHOWN else _escaped(character))
    return "".join(shown)


def capped(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters: a longer one loses its middle.

    >>> capped("a" * 1000 + "end", 60)
    'aaaaaaaaaaaaaaaaaaaaaaaa ... (968 left out) ... aaaaaaaaend'
    """
    if len(text) <= limit:
        return text
    room = max(limit - len(f" ... ({len(text)} left out) ... "), 2)
    end = room // 3
    begin = room - end
    return f"{text[:begin]} ... ({len(text) - room} left out) ... {text[-end:] if end else ''}"


def claimed(text: str, limit: int = MESSAGE_CHARACTERS) -> str:
    r"""Return a learner's text as it may be kept: escaped, without colours, of limited length.

    >>> claimed("\x1b[1mbold\x1b[0m \u202e")
    'bold \\u202e'
    """
    return capped(visible(_SEQUENCE.sub("", capped(text, 4 * limit))), limit)


def claimed_name(text: str, limit: int = NAME_CHARACTERS) -> str:
    r"""Return a name that a learner chose, on one line and of limited length.

    >>> claimed_name("f\nPASS")
    'f\\nPASS'
    """
    return capped(claimed(text, limit).replace("\n", "\\n").replace("\t", "\\t"), limit)


def quoted(text: str) -> str:
    r"""Return the text with a margin before each line but the first, which is part of our own sentence.

    >>> quoted("oops\nPASS  1 / 1")
    'oops\n| PASS  1 / 1'
    """
    first, *others = text.split("\n")
    return "\n".join([first, *(line if line.startswith(MARGIN) else f"{MARGIN}{line}" for line in others)])


def with_margin(text: str) -> str:
    r"""Return the text with a margin before each line.

    >>> with_margin("PASS\n1 / 1")
    '| PASS\n| 1 / 1'
    """
    return "\n".join(f"{MARGIN}{line}" for line in text.split("\n"))


def affordable(text: str, most: int) -> str:
    """Return the beginning of a text that needs at most `most` characters when it is escaped for JSON or HTML.

    One control character becomes six characters of JSON, one quotation mark six of HTML.
    """
    if len(text) * 12 <= most:
        return text
    spent = 0
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE]
        spent += max(len(json.dumps(piece)), len(html.escape(visible(piece))))
        if spent > most:
            return text[:start]
    return text


def for_terminal(text: str) -> str:
    r"""Return a text without terminal commands: colours are removed, everything else is escaped.

    >>> print(for_terminal("\x1b[31mred\x1b[0m 10%\r20%\x07"))
    red 10%\r20%\x07
    """
    return visible(_SEQUENCE.sub("", text).replace("\t", "    "))


def printed_for_terminal(text: str) -> str:
    r"""Return what a program printed, as a terminal shows it in the end: only the last state of an overwritten line.

    >>> print(printed_for_terminal("10%\r20%\r\nend"))
    20%
    end
    """
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in _SEQUENCE.sub("", text).split("\n"))
    return visible("\n".join(lines).replace("\t", "    "))


def for_html(text: str) -> str:
    """Return a text for a page; the template escapes its markup."""
    return visible(text)


def for_xml(text: str) -> str:
    r"""Return a text as the content or, between double quotes, as an attribute of an element.

    >>> for_xml('<a>\x00"')
    '&lt;a&gt;\\x00&quot;'
    """
    return html.escape(visible(text), quote=True).replace("&#x27;", "'")


def for_xml_attribute(text: str) -> str:
    """Return a text as an attribute with its quotation marks; a parser would turn bare line feeds into spaces."""
    return '"' + for_xml(text).replace("\n", "&#10;").replace("\t", "&#9;") + '"'


def for_json(serialised: str) -> str:
    r"""Return serialised JSON with its invisible characters escaped, so that it is safe to print. Its meaning stays.

    >>> for_json('"a\u202eb\U000e0041"')
    '"a\\u202eb\\udb40\\udc41"'
    """
    return _NOT_PLAIN.sub(lambda match: match[0] if _shows(match[0]) else json.dumps(match[0])[1:-1], serialised)


def for_cell(text: str) -> str:
    """Return a learner's text for a cell of a spreadsheet."""
    return without_formula(visible(text))


def without_formula(text: str) -> str:
    r"""Return a text that no spreadsheet reads as a formula.

    >>> without_formula("=cmd|' /C calc'!A0"), without_formula("\t=1"), without_formula("a = b")
    ("'=cmd|' /C calc'!A0", "'\t=1", 'a = b')
    """
    starts = (text, text.lstrip(_BEFORE_A_FORMULA))
    return f"'{text}" if any(start.startswith(_FORMULA_STARTS) for start in starts) else text


def _shows(character: str) -> bool:
    """Return whether a reader can see the character; a line feed and a tab count as visible."""
    return character in "\n\t" or (character.isprintable() and not _UNSEEN.match(character))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
