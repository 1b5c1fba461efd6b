"""From outcomes to points. Pure: knows nothing of files and processes."""

from grader.scoring.score import CriterionScore, Score, none_ran, score

__all__ = ["CriterionScore", "Score", "none_ran", "score"]
