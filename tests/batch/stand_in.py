"""A class without workers: inputs as platforms write them, and a pool that gives each file the points it asks for."""

import copy
import datetime
import io
import json
import os
import re
import zipfile
from functools import cache
from pathlib import Path

from grader.batch.kept_files import packed_contents
from grader.batch.task import Finished
from grader.course import load_course
from grader.report.report import Report
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import Place, contents_of, tree_of
from grader.submission.submission import content_hash

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
NO_TIME = datetime.datetime(2026, 11, 24, 10)

FUNCTIONS = "def dropout(x, rate, training, rng): ...\ndef dropout_backward(dy, mask): ...\n"
SOURCES = {
    "right": f"{FUNCTIONS}# points: 8\n",
    "wrong": f"{FUNCTIONS}# points: 5.75\n",
    "bonus": f"{FUNCTIONS}# points: 7\n# bonus: 2\n",
    "no functions": "print('hello')\n# points: 0\n",
    "pooling": "def max_pool2d(x): ...\ndef avg_pool2d(x): ...\ndef global_avg_pool2d(x): ...\n# points: 12\n",
    "text": "My notes about this lab.\n",
}
SOURCES["both"] = SOURCES["pooling"].replace("# points: 12\n", "") + SOURCES["right"]


def content_of(kind):
    """Return the bytes of a file of this kind, or the text itself if it is no kind."""
    if kind in ("stub", "stub with Windows line ends"):
        stub = COURSE.find("3").stub.read_bytes()
        return stub.replace(b"\n", b"\r\n") if kind != "stub" else stub
    if kind.startswith("notebook: "):
        return notebook(SOURCES[kind.removeprefix("notebook: ")]).encode()
    if kind == "broken zip":
        return b"PK\x03\x04 and nothing else"
    if kind == "bomb":
        return packed([("dropout.py", b"\n" * (64 << 20), NO_TIME)])
    return SOURCES.get(kind, kind).encode()


def notebook(source):
    cell = {"cell_type": "code", "source": source, "outputs": [], "metadata": {}, "execution_count": None}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def packed(members):
    """Return a zip archive with these members, as (name, content, time)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, when in members:
            member = zipfile.ZipInfo(name, when.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def flattened(files):
    """Return the files as (name, content, time), in which a path such as `a/hw3.zip!b.py` is in an inner archive."""
    found, archives = [], {}
    for path, value in files.items():
        kind, when = (value["is"], value["at"]) if isinstance(value, dict) else (value, None)
        when = datetime.datetime.fromisoformat(str(when)) if when else NO_TIME
        outer, inside, inner = path.partition("!")
        if inside:
            archives.setdefault(outer, {})[inner] = {"is": kind, "at": when}
        else:
            found.append((path, content_of(kind), when))
    return found + [(outer, packed(flattened(members)), NO_TIME) for outer, members in archives.items()]


def built(files, target, as_zip):
    """Write the files of a scenario below a folder, or into an archive, and return its path."""
    if as_zip:
        path = target.with_suffix(".zip")
        path.write_bytes(packed(flattened(files)))
        return path
    for name, content, when in flattened(files):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        seconds = when.replace(tzinfo=datetime.UTC).timestamp()
        os.utime(path, (seconds, seconds))
    return target


@cache
def wrong_report():
    """Return the report of `wrong_dropout.py`, as `grade exercise 3 wrong_dropout.py --seed 0 --out` wrote it.

    If the contract of the report changes, write it again with this command.
    """
    report = json.loads(Path(__file__).with_name("wrong_report.json").read_text(encoding="utf-8"))
    Report.model_validate(report)
    return report


def report_of(task, points, bonus):
    """Return a report of the task's learner with so many points; with all points, nothing in it is wrong."""
    possible = COURSE.find(task.exercise).rubric.possible
    report = copy.deepcopy(wrong_report())
    report["submission"]["learner"] = task.learner
    report["exercise"] = task.exercise
    report["score"] |= {"earned": points, "possible": possible, "earned_bonus": bonus, "possible_bonus": bonus}
    if points == possible:
        report["diagnoses"] = []
        for criterion in report["criteria"]:
            criterion["earned"] = criterion["possible"]
    return report


class StandIn:
    """Takes the place of the pool of workers."""

    replaced = 0

    def __init__(self, workers, course_root, isolation):
        self.graded = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass

    def run(self, tasks):
        for task in tasks:
            places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task.places]
            try:
                contents = contents_of(tree_of(Path(task.source)), places)
            except IntakeError as error:
                yield [Finished(task, unread=str(error))]
                continue
            seen = {"sha256": content_hash(contents), "files": packed_contents(contents) or b""}
            if task.only_hash or seen["sha256"] in task.known:
                yield [Finished(task, **seen, is_known=True)]
                continue
            text = contents[places[0].name].decode()
            points, bonus = (
                float((re.search(rf"# {word}: ([\d.]+)", text) or [0, 0])[1]) for word in ("points", "bonus")
            )
            is_notebook = places[0].is_notebook and text.lstrip().startswith("{")
            listing = json.loads(text)["cells"][0]["source"] if is_notebook else ""
            yield [Finished(task, json.dumps(report_of(task, points, bonus)), listing=listing, **seen)]
