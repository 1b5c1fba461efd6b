"""Say why points are missing, one line for each cause, for a comment in a gradebook.

Everything here is text of the course: no learner's text is repeated, so that it is safe in a page of a platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.sandbox.reason import Reason

CAUSES_SHOWN = 12
_UNWRITTEN = frozenset({Reason.NOT_IMPLEMENTED.value, Reason.NOT_DEFINED.value})


def causes_of(report: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the causes of the missing points of a report, given as the mapping that its JSON holds."""
    if report["problems"]:
        line = report["problems"][0]["line"]
        return (f"Your file could not be run: see line {line} of it, and your report.",)
    causes = tuple(dict.fromkeys(_causes(report))) or ("All criteria are met.",)
    more = len(causes) - CAUSES_SHOWN
    return (*causes[:CAUSES_SHOWN], f"Your report names {more} more.") if more > 0 else causes


def _causes(report: Mapping[str, Any]) -> Iterator[str]:
    beliefs = {one["id"]: one["belief"] for one in report["diagnoses"]}
    for criterion in report["criteria"]:
        if criterion["bonus"] or criterion["same_cause_as"] or criterion["earned"] >= criterion["possible"]:
            continue
        failed = [check for check in criterion["checks"] if check["verdict"] == "failed"]
        if failed and all(check["reason"] in _UNWRITTEN for check in failed):
            yield from (f"{check['function']} is not written yet." for check in failed)
            continue
        named = [beliefs[one] for one in criterion["charged_with"] if one in beliefs]
        because = f'Your program works as if: "{named[0]}"' if named else criterion["hint"] or "Your report says why."
        yield f"Not yet: {criterion['title']}. {because}"
