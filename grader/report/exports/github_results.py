"""A report as the summary of a job on GitHub, and the points in the annotations that GitHub Classroom reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from grader.report.exports.criterion_text import criterion_name, fails, short_criterion_text
from grader.report.exports.platform_result import Graded, Results, broken_text
from grader.text import visible

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_BACKTICKS = re.compile(r"`+")


def graded_on_github(graded: Graded) -> Results:
    """Return the summary in Markdown, and the lines of the log that carry the points.

    GitHub looks for commands in the log, so no word of the learner is in it.
    """
    score = graded.report["score"]
    points = {"totalPoints": score["earned"], "maxPoints": score["possible"]}
    log = (
        f"::notice title=Autograding complete::Points {points['totalPoints']}/{points['maxPoints']}",
        f"::notice title=Autograding report::{json.dumps(points, separators=(',', ':'))}",
    )
    return Results("\n".join(_summary(graded)) + "\n", log)


def no_score_on_github(why: str) -> str:
    """Return the summary of a job in which the grader broke."""
    return f"## No score\n\n{_plain(broken_text(why))}\n"


def _summary(graded: Graded) -> Iterator[str]:
    """Yield the lines of the summary."""
    report = graded.report
    yield f"## {_plain(graded.points)}"
    for problem in report["problems"]:
        yield from ("", "Your file could not run, so nothing has been checked yet.", "")
        yield from _fenced(f"Line {problem['line']}: {problem['message']}")
    yield from ("", "| | Criterion | Points |", "|---|---|---|")
    for criterion in report["criteria"]:
        mark = "❌" if fails(criterion) else "✅"
        yield f"| {mark} | {_plain(criterion_name(criterion))} | {criterion['earned']} / {criterion['possible']} |"
    if not report["problems"]:
        for criterion in filter(fails, report["criteria"]):
            yield from ("", f"### {_plain(criterion_name(criterion))}", "")
            yield from _fenced(short_criterion_text(criterion))
    yield ""
    yield from (f"- {_plain(sentence)}" for sentence in graded.sentences)
    yield f"- Seed {report['course']['seed']}, course {report['course']['hash'][:12]}, report {report['sha256'][:12]}"


def _plain(text: str) -> str:
    r"""Return a text for one line of Markdown, in which no character has a meaning.

    >>> print(_plain("a | <b>"))
    a \| \<b\>
    """
    return _PUNCTUATION.sub(lambda match: f"\\{match[0]}", " ".join(visible(text).split()))


def _fenced(text: str) -> tuple[str, str, str]:
    """Return a text as a block of code. Its fence is longer than every run of backticks in the text."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text", visible(text), fence
