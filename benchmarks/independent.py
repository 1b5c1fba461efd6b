"""Grade wrong programs by people who have read only the stubs, and count how fairly they are charged and diagnosed.

    python -m benchmarks.independent [EXERCISE ...] [--held-out [FOLDER]] [--out FILE] [--only NAME]

The programs are in `tests/independent`. `truth.yaml` there names the misconceptions that are true of each program.
A name that is not among them is wrong. A program of kind "odd" has a mistake that no misconception describes.
With `--held-out`, those in `third_held_out` are graded: they were written after the catalogue. So were those in
`held_out` and `second_held_out`, but the catalogue has been widened by them since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.checks import Verdict
from grader.course import Exercise, load_course
from grader.course.yaml_file import tree_of
from grader.grading.worker import Worker
from grader.sandbox import Reason
from grader.submission import SourceFile, Submission

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "independent"
HEADER = re.compile(r"^(Based on|Kind|Function|Mistake): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Wrong:
    """A wrong program: its text, its kind, the functions with the mistake, and what may be named.

    `base` is the text of the right program in which the mistake was made.
    """

    exercise: Exercise
    name: str
    kind: str
    functions: tuple[str, ...]
    mistake: str
    text: str
    truth: frozenset[str]
    base: str


@dataclass
class Result:
    """What grading said about a wrong program."""

    program: Wrong
    lost: float
    share: float
    criteria: list[str]
    named: list[str]
    located: str
    wrong_names: list[str] = field(default_factory=list)


def programs(keys: list[str], only: str = "", folder: Path = FOLDER) -> Iterator[Wrong]:
    """Yield the wrong programs of these exercises in a folder."""
    truth = tree_of(folder / "truth.yaml") if (folder / "truth.yaml").is_file() else {}
    for exercise in load_course(ROOT):
        if keys and not any(exercise.key.startswith(key) for key in keys):
            continue
        for path in sorted((folder / exercise.key / "wrong").glob("*.py")):
            if only not in path.stem:
                continue
            own = path.read_text(encoding="utf-8")
            header = dict(HEADER.findall(own.partition('"""')[2].partition('"""')[0]))
            right = FOLDER / exercise.key / "right" / f"{header['Based on'].strip()}.py"
            functions = tuple(one.strip() for one in header["Function"].split(","))
            known = frozenset((truth.get(exercise.key) or {}).get(path.stem) or ())
            base = right.read_text(encoding="utf-8")
            text = f"{base}\n\n{own}"
            yield Wrong(exercise, path.stem, header["Kind"].strip(), functions, header["Mistake"], text, known, base)


def graded(worker: Worker, program: Wrong, seed: int = 0) -> Result:
    """Grade one program."""
    rubric = program.exercise.rubric
    digest = hashlib.sha256(program.text.encode()).hexdigest()
    file = SourceFile(f"{rubric.module}.py", program.text)
    report = worker.grade(Submission("independent", program.exercise.key, (file,), digest), seed)
    assert not report.grader_faults, (program.name, report.grader_faults)
    lost = [one for one in report.criteria if not one.bonus and (one.earned or 0) < one.possible]
    own = sum(one.points for one in rubric.criteria if one.function in program.functions and not one.bonus)
    total = sum(one.possible - (one.earned or 0) for one in lost)
    named = list(dict.fromkeys(one.id for one in report.diagnoses))
    located = " | ".join(f"{one.function}: {one.text}" for one in report.located)
    reasons = {check.reason for one in lost for check in one.checks if check.verdict is Verdict.FAILED}
    if reasons == {Reason.TOO_SLOW}:
        located = "it is right and too slow, as the check says"
    result = Result(program, total, total / own if own else 0.0, [one.id for one in lost], named, located)
    result.wrong_names = [one for one in named if one not in program.truth]
    return result


def summary(results: list[Result]) -> list[str]:
    """Return the figures, one per line."""
    lines = []
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        by_kind[one.program.kind].append(one)
    for kind, several in by_kind.items():
        lost = [one for one in several if one.lost > 0]
        right = [one for one in lost if one.named and not one.wrong_names]
        both = [one for one in right if len(one.named) > 1]
        wrong = [one for one in lost if one.wrong_names]
        unnamed = [one for one in lost if not one.named]
        located = [one for one in unnamed if one.located]
        lines.append(
            f"{kind}: {len(several)} programs, {len(lost)} lose points; named {len(right)} (two: {len(both)}), "
            f"wrongly named {len(wrong)}, unnamed {len(unnamed)}, of these located {len(located)}"
        )
    single = [one for one in by_kind["single"] if one.lost > 0]
    if single:
        many = [
            one
            for one in single
            if sum(c.function in one.program.functions for c in one.program.exercise.rubric.criteria) >= 4
        ]
        lines.append(f"a single mistake costs {sum(one.share for one in single) / len(single):.1%} of its function")
        lines.append(
            f"in functions with four criteria or more, {sum(len(one.criteria) > 2 for one in many)} of {len(many)} "
            "lose points in more than two criteria"
        )
    return lines


def main() -> None:
    """Grade the programs and print a line for each, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--held-out", nargs="?", const="third_held_out", default="", metavar="FOLDER")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    results: list[Result] = []
    worker: Worker | None = None
    current = ""
    for program in programs(arguments.exercises, arguments.only, FOLDER / arguments.held_out):
        if program.exercise.key != current:
            if worker is not None:
                worker.close()
            worker, current = Worker(program.exercise), program.exercise.key
        assert worker is not None
        results.append(one := graded(worker, program, arguments.seed))
        mark = "WRONG" if one.wrong_names else "named" if one.named else "located" if one.located else "NOTHING"
        print(
            f"{mark:8} {program.kind:6} {current[:2]} {program.name}: lost {one.lost:g} ({one.share:.0%}) in "
            f"{len(one.criteria)}; {', '.join(one.named)} {one.located}",
            flush=True,
        )
    if worker is not None:
        worker.close()
    print("\n".join(summary(results)))
    if arguments.out is not None:
        rows: list[dict[str, Any]] = [
            {
                "exercise": one.program.exercise.key, "name": one.program.name, "kind": one.program.kind,
                "function": one.program.functions, "mistake": one.program.mistake, "lost": one.lost,
                "share": one.share, "criteria": one.criteria, "named": one.named, "located": one.located,
            }
            for one in results
        ]  # fmt: skip
        arguments.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
