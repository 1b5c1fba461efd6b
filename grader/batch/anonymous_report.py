"""A report without the name of its learner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def anonymous_report(report: Mapping[str, Any], pseudonym: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report without the learner's id and without the name of the file.

    What the learner wrote into the file stays: the line of an error, and what the program printed.
    """
    file = str(details["origin"]).rpartition("/")[2]

    def without(text: str) -> str:
        return text.replace(file, "the file") if file else text

    return {
        **report,
        "submission": {**report["submission"], "learner": pseudonym},
        "remarks": [without(remark) for remark in report["remarks"]],
        "problems": [{**one, "message": without(one["message"])} for one in report["problems"]],
    }


def anonymous_json(text: str, pseudonym: str, details: Mapping[str, Any]) -> str:
    """Return the JSON of a report without the learner's id. It has a hash of its own."""
    from grader.report.json import content_hash, to_json  # with NumPy, which the usual batch never needs here
    from grader.report.report import Report

    report = Report.model_validate(anonymous_report(json.loads(text), pseudonym, details))
    return to_json(report.model_copy(update={"sha256": content_hash(report)}))
