"""PrairieLearn's `results.json` (External grading, "Grading results"), with one test per criterion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.report.exports.criterion_text import MOST_CHARACTERS, criterion_name, fails, short_criterion_text
from grader.report.exports.platform_result import Graded, Results, broken_text
from grader.text import capped, visible


def graded_on_prairielearn(graded: Graded) -> Results:
    """Return the results of a submission.

    A file that could not run is not gradable: PrairieLearn then takes no attempt from the learner. A bonus is part of
    no score, so it has no points there, only a sentence.
    """
    report = graded.report
    problems = [visible(f"Line {one['line']}: {one['message']}") for one in report["problems"]]
    common = {
        "succeeded": True,
        "gradable": not problems,
        "message": visible("\n".join((graded.points, *graded.sentences))),
        "output": capped(visible(report["output"]["stdout"] + report["output"]["stderr"]), MOST_CHARACTERS),
    }
    if problems:
        return Results(_text({**common, "format_errors": problems}), graded.log)
    possible = float(report["score"]["possible"])
    earned = float(report["score"]["earned"])
    score = min(1.0, earned / possible) if possible else 1.0
    tests = [_test(criterion) for criterion in report["criteria"]]
    return Results(_text({**common, "score": score, "tests": tests}), graded.log)


def no_score_on_prairielearn(why: str) -> str:
    """Return results that take no attempt from the learner. PrairieLearn opens an issue for the instructor."""
    said = visible(broken_text(why))
    return _text({"succeeded": False, "gradable": False, "message": said, "format_errors": [said]})


def _test(criterion: Mapping[str, Any]) -> dict[str, Any]:
    points = {"points": criterion["earned"], "max_points": criterion["possible"]}
    said = "Not yet." if fails(criterion) else "Holds."
    if criterion["bonus"]:
        said = f"{said} {points['points']} of {points['max_points']} bonus points, which are not part of the score."
        points = {"points": 0, "max_points": 0}
    return {"name": criterion_name(criterion), **points, "message": said, "output": short_criterion_text(criterion)}


def _text(results: Mapping[str, Any]) -> str:
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"
