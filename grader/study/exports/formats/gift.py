"""Moodle's GIFT: https://docs.moodle.org/en/GIFT_format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from grader.study.exports.items import Item
from grader.study.exports.material import Material
from grader.study.question_bank import Asking
from grader.study.questions import Choice, Match, Numeric, Option, Order, Several, Short
from grader.text import counted

SUFFIXES = (".gift", ".txt")
WEIGHTS = (100, 50, 33.33333, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10)  # Moodle's own: 1/n for n answers


def export(material: Material, out: Path) -> str:
    """Write the questions."""
    items = material.items()
    out.write_text(to_gift(items), encoding="utf-8")
    return counted(len(items), "question")


def to_gift(items: Iterable[Item]) -> str:
    """Return the text of a GIFT file."""
    parts, topic = [], ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            parts.append(f"$CATEGORY: {_escaped(item.title)}\n")
        parts.append(f"// [id:{item.name}] [tag:{item.topic}]\n::{_escaped(item.name)}::{_question(item.asking)}\n")
    return "\n".join(parts)


def worth(question: Several, option: Option) -> float:
    """Return the percentage that an option adds or takes away.

    All right options together are worth 100, and all wrong ones together take 100 away.
    """
    alike = sum(one.right == option.right for one in question.options)
    return WEIGHTS[alike - 1] if option.right else -WEIGHTS[alike - 1]


def _question(asking: Asking) -> str:
    question = asking.question
    ask, because = _escaped(question.ask), _escaped(question.because)
    if isinstance(question, Choice):
        reasons = [(option, question.distractor(option)) for option in asking.options]
        lines = [
            f"={_escaped(option)}#{because}" if wrong is None else f"~{_escaped(option)}#{_escaped(wrong.because)}"
            for option, wrong in reasons
        ]
    elif isinstance(question, Several):
        lines = [
            f"~%{worth(question, one):g}%{_escaped(one.answer)}#{_escaped(one.because)}" for one in question.options
        ]
        lines.append(f"####{because}")
    elif isinstance(question, Numeric):
        lines = [f"#={question.right}:{question.tolerance:g}#{because}"]
        lines += [f"=%0%{one.answer}:0#{_escaped(one.because)}" for one in question.wrong]
        return f"{ask} {{{lines[0]}" + "".join(f"\n{line}" for line in lines[1:]) + "\n}\n"
    elif isinstance(question, Short):
        lines = [f"={_escaped(one)}#{because}" for one in question.right]
    else:
        lines = [f"={_escaped(left)} -> {_escaped(right)}" for left, right in pairs_of(question)]
        lines.append(f"####{because}")
    return f"{ask} {{\n" + "".join(f"{line}\n" for line in lines) + "}\n"


def pairs_of(question: Match | Order) -> list[tuple[str, str]]:
    """Return what belongs together. In a question about an order, this is each place and its step."""
    if isinstance(question, Match):
        return list(question.pairs.items())
    return [(f"Step {number}", step) for number, step in enumerate(question.steps, 1)]


def _escaped(text: str) -> str:
    r"""Return a text with a backslash before each sign that has a meaning in GIFT.

    >>> print(_escaped("f(x) = {x: 1}, ~50 #2 a\\b"))
    f(x) \= \{x\: 1\}, \~50 \#2 a\\b
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", " ".join(text.split()))
