"""Render pages from plain data."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.report.exports.row import amount
from grader.report.pages.class_data import class_data, frequent_misconceptions
from grader.report.pages.distribution_chart import chart_of_exercises, chart_of_sections
from grader.report.pages.explanation import FOR_INSTRUCTORS, Explanation
from grader.report.pages.matrix import KillMatrix
from grader.report.pages.regrade_request import regrade_request
from grader.report.pages.seen_images import chart_of, shades_of
from grader.report.pages.similar_pairs import NO_VERDICT, Similarity
from grader.report.pages.source_listing import SourceListing
from grader.report.pages.summary import NOT_ISOLATED, ChangedScore, ClassSummary, LearnerRow, RunSummary
from grader.report.seen_text import remarks_of, undrawn
from grader.text import counted, for_html, with_margin

if TYPE_CHECKING:
    from grader.checks.seen import Seen
    from grader.report.exports.export_file import HandedIn

VERDICTS = {
    "passed": ("passed", "✓"),
    "failed": ("failed", "✗"),
    "not_run": ("not run", "–"),
    "grader_fault": ("fault of the grader", "!"),
}


def learner_page(
    report: Mapping[str, Any],
    late: str = "",
    *,
    decisions: Sequence[str] = (),
    changes: str = "",
    advice: str = "",
    start: str = "",
    sources: Mapping[str, SourceListing] | None = None,
    seen: Sequence[Seen] = (),
    handed_in: HandedIn | None = None,
) -> str:
    """Return the page of one report, given as the mapping that its JSON holds. `late` is a sentence about lateness.

    `decisions` says what people decided about the points, one sentence each.
    `changes` says what changed since the last run, `advice` what to do next, and `start` is the id of the criterion to
    start with. `sources` are the graded files, and `seen` is what can be seen of the program. `handed_in` is what is
    known about a hand-in in a batch.
    """
    return (
        _environment()
        .get_template("learner.html")
        .render(
            report=report,
            late=late,
            decisions=decisions,
            verdicts=VERDICTS,
            changes=changes,
            advice=advice,
            start=start,
            sources=sources or {},
            seen=list(map(_picture, seen)),
            handed_in=handed_in,
            request=regrade_request(report, handed_in) if handed_in is not None else "",
        )
    )


def _picture(seen: Seen) -> Markup:
    """Return one thing that can be seen. If drawing fails, a sentence says so, and the rest of the page stays."""
    macros: Any = _environment().get_template("seen.html").module
    try:
        return Markup(macros.sight(seen))
    except Exception as error:
        return Markup(macros.sight(undrawn(seen, error)))


def class_page(summary: ClassSummary, rows: Iterable[LearnerRow]) -> Iterator[str]:
    """Return the page of a class in pieces, which takes the rows one by one.

    It takes them twice: for the table without scripts, and as data for the script.
    """
    template = _environment().get_template("class.html")
    return template.generate(summary=summary, rows=rows, data=class_data(summary, rows))


def run_page(summary: RunSummary) -> str:
    """Return the page of one run of the grader."""
    return _environment().get_template("run.html").render(summary=summary)


def compare_page(changes: Sequence[ChangedScore], old: str, new: str) -> str:
    """Return the page of what changed between two results folders, which are called `old` and `new`."""
    return _environment().get_template("compare.html").render(changes=changes, old=old, new=new)


def explanation_page(explanation: Explanation) -> str:
    """Return the page with the evidence for a grade, for the instructor."""
    template = _environment().get_template("explain.html")
    return template.render(explanation=explanation, for_instructors=FOR_INSTRUCTORS)


def similarity_page(similarity: Similarity) -> str:
    """Return the page of the similar programs of an exercise, for the instructor."""
    template = _environment().get_template("similarity.html")
    return template.render(similarity=similarity, no_verdict=NO_VERDICT)


def matrix_page(matrices: Sequence[KillMatrix]) -> str:
    """Return the page of the kill matrices of a course."""
    return _environment().get_template("matrix.html").render(matrices=matrices)


def _finalize(value: Any) -> Any:
    """Return a value as a template may print it. Jinja calls this for each value, before it escapes the markup."""
    if value is None:
        return ""
    return for_html(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _shape(lengths: Sequence[int]) -> str:
    """Return a shape as NumPy writes it."""
    return str(tuple(lengths))


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each page asks the file system for the age of each template
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["not_isolated_sentence"] = NOT_ISOLATED
    environment.filters.update(amount=amount, percent=_percent, count=counted, with_margin=with_margin, shape=_shape)
    environment.globals.update(shades_of=shades_of, chart_of=chart_of, remarks_of=remarks_of)
    environment.globals["axis_names"] = lambda count: [f"axis {axis}" for axis in range(count)]
    environment.globals.update(
        chart_of_exercises=chart_of_exercises, chart_of_sections=chart_of_sections, frequent=frequent_misconceptions
    )
    for name in ("style.css", "class.css", "table.js", "class.js"):
        assert environment.loader is not None
        source = environment.loader.get_source(environment, name)[0]
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        environment.globals[name.replace(".", "_")] = Markup(source)
        environment.globals[f"{name.replace('.', '_')}_hash"] = f"'sha256-{digest}'"
    return environment
