"""The evidence for a grade as text."""

from __future__ import annotations

from collections.abc import Iterator

from grader.report.pages.explanation import FOR_INSTRUCTORS, ExplainedCheck, Explanation
from grader.text import for_line, for_terminal, with_margin


def explanation_text(explanation: Explanation) -> str:
    """Return the evidence as lines. A learner's text stands behind a margin."""
    return "".join(f"{line}\n" for line in _lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    yield for_line(f"{explanation.title}: {explanation.learner}")
    yield FOR_INSTRUCTORS
    yield ""
    width = max((len(name) for name, _ in explanation.facts), default=0)
    yield from (f"{name:<{width}}  {for_line(value)}" for name, value in explanation.facts)
    yield from (f"Note: {remark}" for remark in explanation.remarks)
    yield ""
    yield from (f"{title}: {points}" for title, points in explanation.criteria)
    yield from (for_line(sentence) for sentence in explanation.decisions)
    if explanation.problem:
        yield ""
        yield "Nothing could be run:"
        yield _quoted(explanation.problem)
    for check in explanation.checks:
        yield from _check(check)


def _check(check: ExplainedCheck) -> Iterator[str]:
    yield ""
    yield f"== {check.name}: {check.title}"
    yield f"Verdict when it was graded: {check.before}. Verdict now: {check.now}."
    if check.message:
        yield _quoted(check.message)
    if check.source_line:
        yield _quoted(check.source_line)
    for call in check.calls:
        yield ""
        yield f"-- {call.heading}"
        for passage in call.passages:
            yield f"{passage.heading}:"
            yield _quoted(passage.short or passage.text)
    if check.left_out:
        yield ""
        yield check.left_out


def _quoted(text: str) -> str:
    return with_margin(for_terminal(text))
