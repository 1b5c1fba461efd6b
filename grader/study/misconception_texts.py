"""Misconception texts, by id: from the quizzes, or from the catalogue of the course."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from pathlib import Path

from grader.course import CourseError, load_course


def misconception_texts(ids: Collection[str], defined: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return the sentence for each id. Ids that the course no longer has are left out.

    `defined` are the misconceptions of the quizzes. The catalogue is opened only for others, because it needs NumPy.
    """
    found = {name: defined[name] for name in ids if name in defined}
    with contextlib.suppress(CourseError, ImportError, SyntaxError):  # `grade course check` says what is wrong there
        for exercise in load_course(root):
            if len(found) == len(ids):
                break
            found.update((one.id, one.belief) for one in exercise.misconceptions() if one.id in ids)
    return found
