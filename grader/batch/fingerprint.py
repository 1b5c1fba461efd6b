"""The fingerprint of a program: hashes of short runs of its tokens, chosen by winnowing.

Comments, docstrings, blanks, the ends of lines, a comma before a closing bracket and parentheses that are no arguments
do not count. A name that its author is free to choose counts only by where it stands again within a run. So a program
keeps its fingerprint when its layout, names, comments and the order of its functions change. Names after a dot, names
of Python and the functions of the exercise count as they are.

Winnowing keeps the smallest hash of each WINDOW neighbours: of a run of RUN + WINDOW - 1 tokens that two programs have
in common, both keep the same hash (Schleimer, Wilkerson and Aiken, Winnowing: Local Algorithms for Document
Fingerprinting, SIGMOD 2003). The time is in proportion to the length of the program.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from grader.submission.python_token import PYTHON_TOKEN

RUN = 12  # tokens: about a line and a half
WINDOW = 4
MOST_TOKENS = 10_000  # of a program; the longest reference has 1,961
_STRING = "a string"
_STRING_PREFIXES = frozenset({"b", "br", "f", "fr", "r", "rb", "rf", "u"})
_OF_PYTHON = frozenset((*keyword.kwlist, *dir(builtins)))


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """A token as it counts, and its line. `is_free` is True for a name that its author chose."""

    text: str
    line: int
    is_free: bool = False


def program_tokens(text: str, functions: Collection[str] = ()) -> list[ProgramToken]:
    """Return the tokens of a program that count, at most MOST_TOKENS. `functions` are those of the exercise.

    >>> [token.text for token in program_tokens("def f(x):  # twice\\n    'Return 2 x.'\\n    return (2 * x)\\n")]
    ['def', 'f', '(', 'x', ')', ':', 'return', '2', '*', 'x']
    """
    reader = _TokenReader(functions)
    for match in PYTHON_TOKEN.finditer(text.replace("\r\n", "\n").replace("\r", "\n")):
        reader.add(match)
        if len(reader.tokens) > MOST_TOKENS:
            break
    else:
        reader.end_statement()
    return reader.tokens[:MOST_TOKENS]


def runs_of(tokens: Sequence[ProgramToken]) -> list[int]:
    """Return the hash of each run of RUN tokens, in their order.

    >>> first, second = (runs_of(program_tokens(f"{name} = [i * i for i in range({name})]")) for name in ("a", "b"))
    >>> first == second
    True
    """
    return [_hash(tokens[start : start + RUN]) for start in range(len(tokens) - RUN + 1)]


def winnowed(runs: Sequence[int]) -> frozenset[int]:
    """Return the smallest of each WINDOW neighbours.

    >>> sorted(winnowed([7, 2, 9, 8, 5, 6]))
    [2, 5]
    """
    return frozenset(min(runs[start : start + WINDOW]) for start in range(max(1, len(runs) - WINDOW + 1)) if runs)


def runs_in(texts: Iterable[str], functions: Collection[str]) -> frozenset[int]:
    """Return all runs of tokens in these programs."""
    return frozenset(run for text in texts for run in runs_of(program_tokens(text, functions)))


def _hash(run: Sequence[ProgramToken]) -> int:
    """Return 63 bits. A free name is replaced by how many other ones stand before its first place in the run."""
    known: dict[str, int] = {}
    texts = (f"name {known.setdefault(one.text, len(known))}" if one.is_free else one.text for one in run)
    whole = "\n".join(texts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest()) >> 1


class _TokenReader:
    """Collects the tokens that count."""

    def __init__(self, functions: Collection[str]) -> None:
        self.tokens: list[ProgramToken] = []
        self._functions = functions
        self._brackets: list[bool] = []  # that are open, and whether they count
        self._line = 1
        self._begin = 0  # of the statement, in the tokens
        self._before = ""  # the token directly before this one, if it counts

    def add(self, match: re.Match[str]) -> None:
        """Add the next token of the text."""
        shown, kind = match[0], match.lastgroup
        if kind == "end" and not self._brackets:
            self.end_statement()
        if kind == "comment" or not shown.strip():
            self._before = ""
        else:
            self._add(shown, kind)
            self._before = shown
        self._line += shown.count("\n")

    def end_statement(self) -> None:
        """Remove a statement that is only a string."""
        if len(self.tokens) == self._begin + 1 and self.tokens[-1].text == _STRING:
            self.tokens.pop()
        self._begin = len(self.tokens)

    def _add(self, shown: str, kind: str | None) -> None:
        tokens = self.tokens
        if kind == "open":
            self._brackets.append(shown != "(" or self._is_called())
            counts = self._brackets[-1]
        elif kind == "close":
            counts = self._brackets.pop() if self._brackets else True
            if tokens and tokens[-1].text == ",":
                tokens.pop()  # a formatter adds it
        else:
            counts = True
        if shown[0] in "'\"":
            if self._before.lower() in _STRING_PREFIXES:
                tokens.pop()
            tokens.append(ProgramToken(_STRING, self._line))
        elif counts:
            tokens.append(ProgramToken(shown, self._line, self._is_free(shown)))
        if shown == ":" and not self._brackets:
            self._begin = len(tokens)

    def _is_called(self) -> bool:
        """Return True if a parenthesis begins arguments here. Any other one may be a matter of taste."""
        last = self.tokens[-1].text if self.tokens else ""
        return (last.isidentifier() or last in (")", "]")) and not keyword.iskeyword(last)

    def _is_free(self, shown: str) -> bool:
        is_attribute = bool(self.tokens) and self.tokens[-1].text == "."
        return shown.isidentifier() and not (is_attribute or shown in self._functions or shown in _OF_PYTHON)
