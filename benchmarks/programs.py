"""The right and the wrong programs that the speed benchmarks grade, and classes of them.

Right: the reference in `solutions` and the programs of `tests/right_answers`, in several styles. Wrong: the programs of
`tests/independent` with one mistake that costs points and has a name in `truth.yaml`, and for exercise 3 the sample of
`tests/samples`. A class takes them in turn. Each file of a class ends with a comment with its number, because a batch
grades identical files only once.
"""

from __future__ import annotations

from itertools import cycle, islice

from benchmarks import independent
from benchmarks.plain_folder import ROOT
from grader.course import Exercise, load_course

KEYS = ("01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
HARMLESS = {
    "all_ties_get_the_gradient", "all_ties_get_the_gradient_helpers", "gradient_divided_among_ties",
    "last_of_a_tie_wins", "conv_keeps_integers", "average_gradient_in_integers", "mean_in_integers",
}  # fmt: skip
"""Programs of `tests/independent` that lose no points: ties cost nothing, and no stub says what happens to integers."""


def exercise_of(key: str) -> Exercise:
    """Return an exercise of the course."""
    return load_course(ROOT).find(key)


def right_programs(exercise: Exercise) -> list[str]:
    """Return the texts of the right programs."""
    styles = sorted((ROOT / "tests" / "right_answers" / exercise.key).glob("*.py"))
    return [path.read_text(encoding="utf-8") for path in (exercise.reference_path, *styles)]


def wrong_programs(exercise: Exercise) -> list[str]:
    """Return the texts of the wrong programs."""
    return [wrong for wrong, _ in _with_bases(exercise)]


def base_programs(exercise: Exercise) -> list[str]:
    """Return the texts of the right programs in which the mistakes of the wrong ones were made, in the same order."""
    return [base for _, base in _with_bases(exercise)]


def _with_bases(exercise: Exercise) -> list[tuple[str, str]]:
    samples = sorted((ROOT / "tests" / "samples" / exercise.key).glob("*.py"))
    reference = exercise.reference_path.read_text(encoding="utf-8")
    scored = {one.function for one in exercise.rubric.criteria if not one.bonus}
    single = [
        (one.text, one.base)
        for one in independent.programs([exercise.key])
        if one.kind == "single" and one.truth and scored.issuperset(one.functions) and one.name not in HARMLESS
    ]
    return [*((path.read_text(encoding="utf-8"), reference) for path in samples), *single]


def base_class(exercise: Exercise, size: int) -> list[str]:
    """Return the files of the class of wrong programs, each without its mistake.

    A right program in plain loops can take ten times as long as the reference, and so does a wrong one based on it.
    """
    return numbered(list(islice(cycle(base_programs(exercise)), size)))


def wrong_class(exercise: Exercise, size: int) -> list[str]:
    """Return the files of a class in which every program is wrong."""
    return numbered(list(islice(cycle(wrong_programs(exercise)), size)))


def mixed_class(exercise: Exercise, size: int) -> list[str]:
    """Return the files of a class: even numbers are right, odd numbers wrong."""
    right, wrong = cycle(right_programs(exercise)), cycle(wrong_programs(exercise))
    return numbered([next(wrong if number % 2 else right) for number in range(size)])


def numbered(texts: list[str]) -> list[str]:
    """Return the texts, each with a comment that no other one has."""
    return [f"{text}\n# learner {number}\n" for number, text in enumerate(texts)]
