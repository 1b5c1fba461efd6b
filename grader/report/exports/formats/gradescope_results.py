"""Gradescope's `results.json` (Autograder Specifications, "Output Format"), with one test per criterion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader.report.exports.criterion_text import criterion_name, criterion_text, fails
from grader.report.exports.export_file import ReportFile, Standing
from grader.report.exports.platform_result import Graded, Results, broken_text
from grader.text import visible


def to_gradescope(report: Mapping[str, Any], standing: Standing | None = None) -> str:
    """Return the results of a report, given as the mapping that its JSON holds."""
    standing = standing if standing is not None else Standing()
    return _text(_results(report, standing, (standing.late, *standing.decisions)))


def graded_on_gradescope(graded: Graded) -> Results:
    """Return the results of a submission that was graded in a container of Gradescope."""
    results = _results(graded.report, graded.standing, graded.sentences)
    results["execution_time"] = round(graded.seconds, 3)
    results["extra_data"]["walls"] = [wall.value for wall in graded.walls]
    return Results(_text(results), graded.log)


def no_score_on_gradescope(why: str) -> str:
    """Return results without a score: Gradescope then shows `output` and says that the autograder failed."""
    return _text({"output": visible(broken_text(why)), "visibility": "visible", "stdout_visibility": "hidden"})


def _results(report: Mapping[str, Any], standing: Standing, sentences: Sequence[str]) -> dict[str, Any]:
    """Return the results as data. `sentences` follow the points in `output`.

    The score is what counts, as in all gradebooks. Learners see there what they see in the report. After a
    fault of the grader there is neither `score` nor `tests`, unless a person has decided the score: Gradescope then
    shows `output` and says that the autograder failed.
    """
    found = None if report["grader_faults"] else report["score"]["earned"]
    final = standing.final if standing.final is not None else found
    tests = [_test(number, criterion) for number, criterion in enumerate(report["criteria"], 1)]
    return {
        **({} if final is None else {"score": final}),
        **({} if report["grader_faults"] else {"tests": tests}),
        "output": visible("\n".join(filter(None, [_summary(report), *sentences]))),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "report": report["sha256"],
            "course": report["course"]["hash"],
            "seed": report["course"]["seed"],
            "isolation": report["isolation"],
        },
    }


def _text(results: Mapping[str, Any]) -> str:
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"


def _summary(report: Mapping[str, Any]) -> str:
    score = report["score"]
    if report["grader_faults"]:
        return f"{report['title']}: no score, because the grader broke. It will be graded again."
    lines = [f"{report['title']}: {score['earned']} of {score['possible']} points."]
    lines += [f"Line {problem['line']}: {problem['message']}" for problem in report["problems"]]
    return "\n".join(lines)


def _test(number: int, criterion: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": criterion_name(criterion),
        "number": str(number),
        "score": criterion["earned"],
        "max_score": criterion["possible"],
        "status": "failed" if fails(criterion) else "passed",
        "output": criterion_text(criterion),
        "output_format": "text",
        "visibility": "visible",
        "tags": [criterion["id"]],
    }


REPORT_FILE = ReportFile("gradescope/{learner}/{exercise}/results.json", to_gradescope)
