"""Moodle's XML: https://docs.moodle.org/en/Moodle_XML_format."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grader.study.exports.formats.gift import pairs_of, worth
from grader.study.exports.items import Item
from grader.study.exports.material import Material
from grader.study.question_bank import Asking
from grader.study.questions import Choice, Numeric, Several, Short
from grader.text import counted

SUFFIXES = (".xml",)
_TYPES = {"choice": "multichoice", "several": "multichoice", "numeric": "numerical", "text": "shortanswer"}


def export(material: Material, out: Path) -> str:
    """Write the questions."""
    items = material.items()
    out.write_text(to_moodle_xml(items), encoding="utf-8")
    return counted(len(items), "question")


def to_moodle_xml(items: Iterable[Item]) -> str:
    """Return the text of an XML file for Moodle."""
    quiz, topic = Element("quiz"), ""
    for item in items:
        if item.topic != topic:
            topic = item.topic
            category = SubElement(SubElement(quiz, "question", type="category"), "category")
            SubElement(category, "text").text = f"$course$/{item.title}"
        _add(quiz, item)
    ElementTree.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(quiz, encoding="unicode") + "\n"


def _add(quiz: Element, item: Item) -> None:
    asking, question = item.asking, item.asking.question
    node = SubElement(quiz, "question", type=_TYPES.get(question.kind, "matching"))
    SubElement(SubElement(node, "name"), "text").text = item.name
    _html(node, "questiontext", question.ask)
    _html(node, "generalfeedback", question.because)
    SubElement(node, "idnumber").text = item.name
    _answers(node, asking)
    SubElement(SubElement(SubElement(node, "tags"), "tag"), "text").text = item.topic


def _answers(node: Element, asking: Asking) -> None:
    question = asking.question
    if isinstance(question, Choice):
        SubElement(node, "single").text = "true"
        for option in asking.options:
            wrong = question.distractor(option)
            fraction, because = (100, question.because) if wrong is None else (0, wrong.because)
            _answer(node, option, fraction, because, rich=True)
    elif isinstance(question, Several):
        SubElement(node, "single").text = "false"
        for one in question.options:
            _answer(node, one.answer, worth(question, one), one.because, rich=True)
    elif isinstance(question, Numeric):
        tolerance = SubElement(_answer(node, str(question.right), 100, question.because), "tolerance")
        tolerance.text = f"{question.tolerance:g}"
        for distractor in question.wrong:
            SubElement(_answer(node, str(distractor.answer), 0, distractor.because), "tolerance").text = "0"
    elif isinstance(question, Short):
        SubElement(node, "usecase").text = "0"
        for text in question.right:
            _answer(node, text, 100, question.because)
    else:
        SubElement(node, "shuffleanswers").text = "true"
        for left, right_text in pairs_of(question):
            pair = _html(node, "subquestion", left)
            SubElement(SubElement(pair, "answer"), "text").text = right_text


def _answer(node: Element, text: str, fraction: float, feedback: str, *, rich: bool = False) -> Element:
    answer = SubElement(node, "answer", fraction=f"{fraction:g}", format="html" if rich else "plain_text")
    SubElement(answer, "text").text = html.escape(text, quote=False) if rich else text
    _html(answer, "feedback", feedback)
    return answer


def _html(node: Element, name: str, text: str) -> Element:
    part = SubElement(node, name, format="html")
    SubElement(part, "text").text = f"<p>{html.escape(text, quote=False)}</p>"
    return part
