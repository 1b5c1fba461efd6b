"""Turn outcomes into points. Pure: no files, no processes."""

from grader.scoring.idle import without_idle
from grader.scoring.score import CriterionScore, Score, none_ran, score

__all__ = ["CriterionScore", "Score", "none_ran", "score", "without_idle"]
