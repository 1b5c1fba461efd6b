"""The text with which a learner asks for a regrade: everything that an instructor needs to find the grade again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from grader.report.exports.row import amount

if TYPE_CHECKING:
    from grader.report.exports.export_file import HandedIn

HASH_SHOWN = 16


def regrade_request(report: Mapping[str, Any], handed_in: HandedIn) -> str:
    """Return a text to copy. `report` is the mapping that its JSON holds."""
    return "\n".join(_lines(report, handed_in))


def _lines(report: Mapping[str, Any], handed_in: HandedIn) -> Iterator[str]:
    learner = report["submission"]["learner"]
    yield f"Request for a regrade: {report['title']} ({report['exercise']})"
    yield f"Learner: {handed_in.name} ({learner})" if handed_in.name else f"Learner: {learner}"
    yield f"File: {handed_in.file}"
    if handed_in.when:
        yield f"Submitted: {handed_in.when}"
    yield f"Report: {report['sha256'][:HASH_SHOWN]}, seed {report['course']['seed']}"
    yield ""
    if not report["grader_faults"]:
        yield f"The report gives {_points(report['score'])} points. I ask you to look at this again:"
        for criterion in report["criteria"]:
            if criterion["earned"] < criterion["possible"] and not criterion["bonus"]:
                yield f"- {criterion['title']} ({criterion['id']}): {_points(criterion)} points"
        yield "(Delete the lines that are right.)"
        yield ""
    yield "Reason: "


def _points(earned: Mapping[str, Any]) -> str:
    return f"{amount(earned['earned'])} of {amount(earned['possible'])}"
