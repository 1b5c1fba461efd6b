"""Grade the Keras programs of `tests/keras_programs` with several seeds: right ones must earn everything, and wrong
ones must lose points in the function with the mistake.

    python -m benchmarks.keras_programs [NAME ...] [--seeds N] [--out FILE] [--again] [--table]

The first line of a wrong program says which function is wrong and how. `truth.yaml` beside the programs says which
misconceptions are true of it. Each result is a line of FILE. Whatever FILE has for the same text and seed is not graded
again, unless `--again` is given. `--table` grades nothing and prints the figures of FILE.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.course.yaml_file import tree_of

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "keras_programs"
COMPANIONS = ("01_convolution/convolution.py", "02_pooling/pooling.py", "04_batch_norm/batch_norm.py")


@dataclass(frozen=True)
class Program:
    """A program, whether it is right, and the function with the mistake if it is not."""

    key: str
    name: str
    right: bool
    function: str
    text: str

    @property
    def digest(self) -> str:
        """Return the hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def programs(names: list[str]) -> Iterator[Program]:
    """Yield the programs whose path contains one of these names, or all."""
    for path in sorted(FOLDER.glob("*/*/*.py")):
        place = path.relative_to(FOLDER).as_posix()
        if names and not any(name in place for name in names):
            continue
        text = path.read_text(encoding="utf-8")
        kind = path.parent.name
        function = "" if kind == "right" else text.splitlines()[0].lstrip("# ").partition(":")[0]
        yield Program(path.parents[1].name, path.stem, kind == "right", function, text)


def stored(out: Path) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Return the last result of each program, text and seed."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    rows = [json.loads(line) for line in lines]
    return {(row["key"], row["name"], row["text"], row["seed"]): row for row in rows}


def recorded() -> dict[str, list[float]]:
    """Record what the checks measure from now on, and return the measurements by name, in their order."""
    from grader.checks.models import Models

    measured: dict[str, list[float]] = defaultdict(list)

    def record(name: str, value: Any) -> None:
        for attribute in ("known", "fell", "steps", "share"):
            if hasattr(value, attribute):
                measured[f"{name}: {attribute}"].append(float(getattr(value, attribute)))
        if getattr(value, "noise", None) is not None:
            measured[f"{name}: noise"].append(value.known_of_noise)
        if isinstance(value, dict):
            for key, one in value.items():
                if isinstance(one, int | float):
                    measured[f"{name}: {key}"].append(float(one))

    once, keep = Models.once, Models.keep

    def recorded_once(self: Any, name: str, make: Any) -> Any:
        def made() -> Any:
            value = make()
            record(name, value)
            return value

        return once(self, name, made)

    def recorded_keep(self: Any, name: str, value: Any) -> None:
        record(name, value)
        keep(self, name, value)

    Models.once, Models.keep = recorded_once, recorded_keep  # type: ignore[method-assign]
    return measured


def patient(worker: Any, exercise: Any) -> Any:
    """Return a worker with limits that a busy machine does not reach. The limits of processor time stay as they are."""
    from grader.checks import models
    from grader.grading import sibling
    from grader.sandbox import child, connection, zygote
    from grader.sandbox.flavours import FLAVOURS

    models.CLEAN_SECONDS = 3600.0
    sibling.SIBLING_LIMITS["call_seconds"] = 1800.0
    zygote.STARTUP_SECONDS = connection.STARTUP_SECONDS = child.STARTUP_SECONDS = 1800.0
    limits = FLAVOURS[exercise.rubric.flavour].limits
    return worker(exercise, limits=replace(limits, call_seconds=1800, load_seconds=600, submission_seconds=7200))


def choose(worker: Any, rubric: Any, function: str) -> None:
    """Let a worker run only the checks of one function, or all if it is empty. The others count as faults."""
    wanted = {check for one in rubric.criteria if function in ("", one.function) for check in one.checks}
    for part in worker._parts:
        part.everything = getattr(part, "everything", part._chosen)
        part._chosen = part.everything & wanted


def grade(
    program: Program, seed: int, workers: dict[str, Any], measured: dict[str, list[float]], own: bool = False
) -> dict[str, Any]:
    """Grade one program with one seed; with `own`, only the function with the mistake."""
    from grader.course import load_course
    from grader.grading import Worker
    from grader.report.json import content_of
    from grader.submission import SourceFile, Submission

    exercise = load_course(ROOT).find(program.key)
    if program.key not in workers:
        workers[program.key] = patient(Worker, exercise)
        if workers[program.key].fallback:
            print(f"without namespaces: {workers[program.key].fallback}", flush=True)
    files = [SourceFile(f"{exercise.rubric.module}.py", program.text)]
    if program.key == "05_keras_cnn":
        files += [
            SourceFile(Path(one).name, (ROOT / "solutions" / one).read_text(encoding="utf-8")) for one in COMPANIONS
        ]
    choose(workers[program.key], exercise.rubric, program.function if own else "")
    measured.clear()
    began = time.perf_counter()
    report = workers[program.key].grade(Submission(program.name, program.key, tuple(files), program.digest), seed)
    row: dict[str, Any] = {"key": program.key, "name": program.name, "right": program.right}
    row |= {"function": program.function, "own": own}
    row |= {"text": program.digest, "seed": seed, "seconds": round(time.perf_counter() - began, 1)}
    return {**row, "measured": dict(measured), "report": content_of(report)}


def line(row: dict[str, Any]) -> str:
    """Return one line about a result."""
    report = row["report"]
    lost = lost_in(row)
    names = [one["id"] for one in report["diagnoses"]]
    return (
        f"{'right' if row['right'] else 'wrong'} {row['key'][:2]} {row['name']} seed {row['seed']}: "
        f"{'own checks' if row['own'] else report['score']['earned']}"
        + (f"; lost {', '.join(lost)}" if lost else "")
        + f" in {row['seconds']} s"
        + (f"; named {', '.join(names)}" if names else "")
    )


BARS = {
    "small: known": ("at least", 116),
    "small: fell": ("at least", 0.5),
    "small: noise": ("below", 0.43),
    "the unseen digits: share": ("at least", 0.92),
    **{f"compared: {name}": ("at least", 0.37) for name in ("scratch", "frozen", "finetuned")},
    **{f"guessed: {name}": ("at most", 0.36) for name in ("scratch", "frozen", "finetuned")},
    "blind: frozen": ("at most", 0.36),
    "blind: scratch": ("at least", 0.37),
}
"""The bars of the checks. The first training counts here; a program below a bar of exercise 5 gets a second one."""


def figures(rows: list[dict[str, Any]], truth: dict[str, dict[str, list[str]]]) -> Iterator[str]:
    """Yield how many programs got what they should, and each bar beside what right and wrong programs measured."""
    right, wrong = ([row for row in rows if row["right"] is kind] for kind in (True, False))
    full = [row for row in right if not lost_in(row)]
    count = len({row["name"] for row in right})
    yield f"right: {len(full)} of {len(right)} gradings earn everything; programs: {count}"
    charged = [row for row in wrong if row["function"] in lost_in(row).values()]
    yield (
        f"wrong: {len(charged)} of {len(wrong)} gradings lose points in the function with the mistake; programs: "
        f"{len({row['name'] for row in wrong})}"
    )
    named = {"truly": 0, "wrongly": 0, "not": 0}
    for row in wrong:
        names = {one["id"] for one in row["report"]["diagnoses"]}
        true = set(truth[row["key"]][row["name"]])
        named["wrongly" if names - true else "truly" if names else "not"] += 1
    yield "named: " + ", ".join(f"{count} {how}" for how, count in named.items())
    for name, (word, bar) in BARS.items():
        for kind, some in (("right", right), ("wrong", wrong)):
            values = [row["measured"][name][0] for row in some if row["measured"].get(name)]
            if len(values) > 1:
                mean, deviation = statistics.mean(values), statistics.stdev(values)
                yield (
                    f"{name}, {word} {bar:g}: {kind} {len(values)} runs, {min(values):.3g} to {max(values):.3g}, "
                    f"mean {mean:.3g}, standard deviation {deviation:.2g}"
                )


def lost_in(row: dict[str, Any]) -> dict[str, str]:
    """Return the criteria with a check that did not pass, and their functions."""
    return {
        one["id"]: one["checks"][0]["function"]
        for one in row["report"]["criteria"]
        if {"failed", "not_run"} & {check["verdict"] for check in one["checks"]}
    }


def main() -> None:
    """Grade what is new, and print a line for each result, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("keras_programs.jsonl"))
    parser.add_argument("--own", action="store_true", help="check only the function with the mistake")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    known = {} if arguments.again else stored(arguments.out)
    workers: dict[str, Any] = {}
    measured = {} if arguments.table else recorded()
    chosen = list(programs(arguments.names))
    for seed in range(arguments.seeds):
        for program in chosen:
            if (program.key, program.name, program.digest, seed) in known or arguments.table:
                continue
            row = grade(program, seed, workers, measured, arguments.own)
            with arguments.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            print(line(row), flush=True)
    for worker in workers.values():
        worker.close()
    texts = {(one.key, one.name, one.digest) for one in chosen}
    found = [row for row in stored(arguments.out).values() if (row["key"], row["name"], row["text"]) in texts]
    print("\n".join(figures(found, tree_of(FOLDER / "truth.yaml"))))


if __name__ == "__main__":
    main()
