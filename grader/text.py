r"""Texts that are safe to keep and to show. Only this module decides which characters are shown as escapes.

A learner chooses a name, an exception message or a printed line. It may hold terminal commands, marks that reverse the
writing direction, invisible characters, a megabyte of one letter, or a line that looks like a line of a report.

- `claimed` and `claimed_name` escape such a text and limit its length. Call them when a text enters the grader.
- `quoted` puts a margin before each further line, so that no line of a learner looks like a line of a report.
- `for_terminal`, `for_line`, `for_path`, `for_html`, `for_xml`, `for_json`, `for_cell` and `for_file_name` make a text
  safe for one output. Call them when a text leaves the grader.
- `counted` writes a number with its noun.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import unicodedata

MARGIN = "| "
NAME_CHARACTERS = 80
MESSAGE_CHARACTERS = 1000  # what Keras says about one wrong layer needs about 700
MARKS_SHOWN = 4  # combining marks in a row: written languages need up to three; more of them cover other lines
LINE_CHARACTERS = 300  # of a path in a message
PATH_CHARACTERS = 4096  # Linux allows no longer path
ID_CHARACTERS = 128  # names of people end below 80; a component of a path at 255
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
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]*")
_SAFE_FILE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?")
_NOT_IN_A_FILE_NAME = re.compile(r"[^a-z0-9]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # reserved by Windows, with any extension


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
    return for_line(claimed(text, limit), limit)


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


def for_line(text: str, limit: int = LINE_CHARACTERS) -> str:
    r"""Return a name or a path as a part of one line.

    >>> print(for_line("a\tfolder\n\u202e"))
    a\tfolder\n\u202e
    """
    return capped(visible(text).replace("\n", "\\n").replace("\t", "\\t"), limit)


def for_path(path: os.PathLike[str] | str) -> str:
    r"""Return a path as a part of one line, whole however long it is.

    >>> print(for_path("a\tfolder\n"))
    a\tfolder\n
    """
    return for_line(os.fspath(path), PATH_CHARACTERS)


def for_encoding(text: str, encoding: str) -> str:
    r"""Return a text that an encoding can carry: other characters become escapes.

    >>> for_encoding("naïve ½ \u2603", "latin-1")
    'naïve ½ \\u2603'
    """
    return text.encode(encoding, "backslashreplace").decode(encoding)


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


def for_file_name(name: str) -> str:
    """Return a file name for this name, on any file system; different names have different file names.

    A name of small letters, digits, `.`, `_` and `-` is its own file name. Every other one gets a readable beginning
    and 128 bits of its hash after a `~`, which the first kind never holds. So nothing collides on file systems that do
    not tell upper and lower case or Unicode normal forms apart.

    >>> for_file_name("anna-b")
    'anna-b'
    >>> for_file_name("Anna B").startswith("anna-b~")
    True
    """
    if _SAFE_FILE_NAME.fullmatch(name) and not _DEVICE.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    beginning = _NOT_IN_A_FILE_NAME.sub("-", plain).strip("-")[:32].strip("-") or "learner"
    return f"{beginning}~{_digest(name)}"


def identity(name: str) -> str:
    """Return the id of a name: NFC, with escapes for invisible characters, of limited length.

    Two names get the same id only if they are the same text in two Unicode normal forms.

    >>> identity("anna")
    'anna'
    >>> identity("an\\x1b[2Jna")
    'an\\\\x1b[2Jna'
    """
    normal = unicodedata.normalize("NFC", name)
    escaped = "".join(
        "\\\\" if character == "\\" else character if character.isprintable() else _escaped(character)
        for character in normal
    )
    return escaped if len(escaped) <= ID_CHARACTERS else f"{escaped[:96]}~{_digest(normal)}"


def without_addresses(text: str) -> str:
    """Return a text without the addresses in Python's descriptions of objects: they differ from run to run.

    The sandbox removes them too, before it cuts a message to length. That is only a claim, so our side does it again.

    >>> without_addresses("<function f at 0x7f5c3a1b2c40> and <__main__.A object at 0x55d0>")
    '<function f> and <__main__.A object>'
    """
    return _ADDRESS.sub("", text)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number and what is counted.

    >>> counted(1, "day"), counted(2000, "day"), counted(2, "entry", "entries"), counted(1, "card is", "cards are")
    ('1 day', '2,000 days', '2 entries', '1 card is')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _shows(character: str) -> bool:
    """Return whether a reader can see the character; a line feed and a tab count as visible."""
    return character in "\n\t" or (character.isprintable() and not _UNSEEN.match(character))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _digest(text: str) -> str:
    """Return 128 bits in 26 small letters and digits."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
