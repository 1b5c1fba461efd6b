"""QTI 1.2 for Canvas. We write the plain text that text2qti reads, and text2qti makes the parts of the archive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz as Text2QtiQuiz

from grader.study.exports.items import Item
from grader.study.exports.material import Material
from grader.study.exports.stable_zip import write_archive
from grader.study.questions import Choice, Match, Numeric, Order, Several, Short
from grader.text import counted

SUFFIXES = (".zip",)
SMALLEST = 1e-4


def export(material: Material, out: Path) -> str:
    """Write the questions that QTI 1.2 has a form for."""
    items = material.items()
    left_out = write_qti(items, out, material.title)
    note = f" ({left_out} about matching and ordering were left out: QTI 1.2 has no form for them)" if left_out else ""
    return f"{counted(len(items) - left_out, 'question')}{note}"


def write_qti(items: Sequence[Item], path: Path, title: str) -> int:
    """Write the archive. Return how many questions were left out because QTI 1.2 has no form for them."""
    kept = [item for item in items if not isinstance(item.asking.question, Match | Order)]
    quiz = Text2QtiQuiz(to_text(kept, title), config=Config(), source_name="quiz")
    qti = QTI(quiz)
    write_archive(
        path,
        {
            "imsmanifest.xml": qti.imsmanifest_xml,
            "non_cc_assessments/": b"",
            f"{qti.assessment_identifier}/assessment_meta.xml": qti.assessment_meta,
            f"{qti.assessment_identifier}/{qti.assessment_identifier}.xml": qti.assessment,
        },
    )
    return len(items) - len(kept)


def to_text(items: Sequence[Item], title: str) -> str:
    """Return the questions in the format that text2qti reads."""
    parts = [f"Quiz title: {_plain(title)}\n"]
    for number, item in enumerate(items, 1):
        parts.append(f"{number}.  {_plain(item.asking.question.ask)}\n... {_plain(item.asking.question.because)}\n")
        parts.append("\n".join(_answers(item)) + "\n")
    return "\n".join(parts)


def _answers(item: Item) -> list[str]:
    question, lines = item.asking.question, []
    if isinstance(question, Choice):
        for letter, option in zip("abcdefgh", item.asking.options, strict=False):
            wrong = question.distractor(option)
            lines.append(f"{'*' if wrong is None else ''}{letter})  {_plain(option)}")
            if wrong is not None:
                lines.append(f"... {_plain(wrong.because)}")
    elif isinstance(question, Several):
        given = {one.answer: one for one in question.options}
        lines = [
            f"[{'*' if given[option].right else ' '}]  {_plain(option)}\n... {_plain(given[option].because)}"
            for option in item.asking.options
        ]
    elif isinstance(question, Numeric) and abs(question.right) < SMALLEST:
        lines = [f"*   {question.right}"]  # as a text: text2qti takes no number near 0
    elif isinstance(question, Numeric):
        lines = [f"=   {question.right} +- {question.tolerance:g}"]
    elif isinstance(question, Short):
        lines = [f"*   {_plain(one)}" for one in question.right]
    return lines


def _plain(text: str) -> str:
    """Return a text without Markdown, whose quotation marks and dots stay as they are: they may be code."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#$|~^])", r"\\\1", " ".join(text.split()))
    return escaped.replace('"', "&quot;").replace("'", "&#39;").replace("...", "&#46;&#46;&#46;")
