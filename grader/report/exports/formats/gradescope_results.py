"""Gradescope's `results.json` (Autograder Specifications, "Output Format"), with one test per criterion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.report.exports.export_file import ReportFile, Standing
from grader.text import visible


def to_gradescope(report: Mapping[str, Any], standing: Standing | None = None) -> str:
    """Return the results of a report, given as the mapping that its JSON holds.

    The score is what counts, as in all gradebooks. Learners see there what they see in the report. After a
    fault of the grader there is neither `score` nor `tests`, unless a person has decided the score: Gradescope then
    shows `output` and says that the autograder failed.
    """
    standing = standing if standing is not None else Standing()
    found = None if report["grader_faults"] else report["score"]["earned"]
    final = standing.final if standing.final is not None else found
    tests = [_test(number, criterion) for number, criterion in enumerate(report["criteria"], 1)]
    results = {
        **({} if final is None else {"score": final}),
        **({} if report["grader_faults"] else {"tests": tests}),
        "output": visible("\n".join(filter(None, [_summary(report), standing.late, *standing.decisions]))),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "report": report["sha256"],
            "course": report["course"]["hash"],
            "seed": report["course"]["seed"],
            "isolation": report["isolation"],
        },
    }
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"


def _summary(report: Mapping[str, Any]) -> str:
    score = report["score"]
    if report["grader_faults"]:
        return f"{report['title']}: no score, because the grader broke. It will be graded again."
    lines = [f"{report['title']}: {score['earned']} of {score['possible']} points."]
    lines += [f"Line {problem['line']}: {problem['message']}" for problem in report["problems"]]
    return "\n".join(lines)


def _test(number: int, criterion: Mapping[str, Any]) -> dict[str, Any]:
    failed = [check for check in criterion["checks"] if check["verdict"] != "passed"]
    lines = [*criterion["carried_forward"], *(f"{check['title']}\n{check['message']}".strip() for check in failed)]
    if failed and criterion["hint"]:
        lines.append(criterion["hint"])
    return {
        "name": f"{criterion['title']}{' (bonus)' if criterion['bonus'] else ''}",
        "number": str(number),
        "score": criterion["earned"],
        "max_score": criterion["possible"],
        "status": "failed" if failed and not criterion["same_cause_as"] else "passed",
        "output": visible("\n\n".join(lines)),
        "output_format": "text",
        "visibility": "visible",
        "tags": [criterion["id"]],
    }


REPORT_FILE = ReportFile("gradescope/{learner}/{exercise}/results.json", to_gradescope)
