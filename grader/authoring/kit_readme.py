"""The README of a kit."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course import Exercise

TEXT = """# Practice kit

This folder holds {count} to practise on your own machine: {titles}.

## Begin

    pip install ./{wheel}
    grade list
    grade lesson {first}

Then edit `{stub}` and grade it from this folder:

    grade exercise {first}
    grade watch {first}

`grade` finds the exercises of this folder by itself while you are in it. `grade hint {first}` shows the next hint,
`grade flashcards` and `grade quiz` revise.

## What is inside, and what is not

- Inside: the exercises, lessons, cards, quizzes, the rubrics, and the sources of the checks. The checks must run on
  your machine, so you can read them. Their Python files run with your permissions.
- Not inside: the solutions, and the code of the known mistakes. In their place are recorded answers: what the solution
  and the known mistakes answered to the questions of the checks, for the inputs of seed {seed}.
- `grade` gives the same score and the same explanation as your instructor's full package with this seed, with these
  exceptions. A check that compares times with the solution compares only the results, and says so. Some explanations
  need an answer that was not recorded. They are left out, and the report says so.
- Your instructor grades with another seed and the full package, so the recorded answers do not help there. A file that
  only passes in this folder does not pass there.
"""


def readme(exercises: Sequence[Exercise], seed: int, wheel: str) -> str:
    """Return the README of a kit with these exercises."""
    first = exercises[0]
    titles = ", ".join(f"{one.rubric.title} ({int(one.key[:2])})" for one in exercises)
    count = "one exercise" if len(exercises) == 1 else f"{len(exercises)} exercises"
    return TEXT.format(
        count=count,
        titles=titles,
        wheel=wheel,
        first=int(first.key[:2]),
        stub=first.stub.relative_to(first.root).as_posix(),
        seed=seed,
    )
