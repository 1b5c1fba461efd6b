"""The platforms that run the grader in a container, by the names that `grade export` gives them."""

from __future__ import annotations

from grader.report.exports.formats.gradescope_results import graded_on_gradescope, no_score_on_gradescope
from grader.report.exports.github_results import graded_on_github, no_score_on_github
from grader.report.exports.platform_result import Platform
from grader.report.exports.prairielearn_results import graded_on_prairielearn, no_score_on_prairielearn

PLATFORMS = {
    "gradescope": Platform(graded_on_gradescope, no_score_on_gradescope),
    "prairielearn": Platform(graded_on_prairielearn, no_score_on_prairielearn),
    "github": Platform(graded_on_github, no_score_on_github, obeys_log=True),
}
