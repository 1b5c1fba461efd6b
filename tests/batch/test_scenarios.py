"""Hand-ins as the platforms write them, and the rows that an instructor must find: one folder for each scenario.

`scenario.yaml` says what is in the input, and `expected.csv` what must come out. Files with the names of options
(`roster.csv`, `late.yaml`, `mapping.csv`) are given to the command. `expected-canvas.csv` and `expected-moodle.csv` are
gradebooks that must be written. A stand-in for the workers gives each file the points that it asks for.
"""

import csv
import json
from pathlib import Path

import pytest

from grader.batch import ClassSettings, class_run, given_files, run_class
from grader.batch.batch_journal import BatchJournal
from grader.course.yaml_file import tree_of
from grader.grade_error import GradeError
from tests.batch.stand_in import COURSE, ROOT, StandIn, built

SCENARIOS = Path(__file__).parent / "scenarios"
NAMES = sorted(path.name for path in SCENARIOS.iterdir() if path.is_dir())
COLUMNS = ["learner", "exercise", "state", "file", "late", "final"]
OPTIONS = {"roster.csv": "roster", "late.yaml": "late_policy", "mapping.csv": "mapping"}


def settings_of(folder, tmp_path, **more):
    """Return the request of a scenario, with its input written below `tmp_path`."""
    scenario = tree_of(folder / "scenario.yaml")
    source = built(scenario["files"], tmp_path / "input", scenario.get("input", "folder") == "zip")
    given = {field: folder / name for name, field in OPTIONS.items() if (folder / name).is_file()}
    options = {"seed": 3, **given, **scenario.get("options", {}), **more}
    if "columns" in options:
        options["columns"] = tuple(options["columns"])
    return scenario, ClassSettings(source, tmp_path / "out", ROOT, **options)


@pytest.fixture(autouse=True)
def _without_workers(monkeypatch):
    monkeypatch.setattr(class_run, "WorkerPool", StandIn)
    monkeypatch.setattr(given_files, "load_course", lambda root: COURSE)  # its rubrics are read once for all scenarios


def rows_of(out):
    """Return what became of each learner in each exercise of the class."""
    with BatchJournal(out / "journal.db", read_only=True) as journal:
        run = journal.finished_runs()[-1]
        files = {
            (learner, exercise): json.loads(details)["origin"] for learner, exercise, details, _ in journal.results(run)
        }
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    keys = [name.removesuffix(" final") for name in (table[0] if table else ()) if name.endswith(" final")]
    return [
        {
            "learner": row["learner"],
            "exercise": key,
            "state": row[f"{key} note"] if not row[f"{key} final"] else "graded",
            "file": files.get((row["learner"], key), ""),
            "late": row[f"{key} late days"],
            "final": row[f"{key} final"],
        }
        for row in table
        for key in keys
    ]


def expected_in(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_scenario(name, tmp_path):
    folder = SCENARIOS / name
    scenario, settings = settings_of(folder, tmp_path)
    if "error" in scenario:
        with pytest.raises(GradeError) as caught:
            run_class(settings, lambda progress: None)
        assert scenario["error"] in str(caught.value)
        return
    summary = run_class(settings, lambda progress: None)
    assert rows_of(settings.out) == expected_in(folder / "expected.csv")
    for platform in ("canvas", "moodle"):
        wanted = folder / f"expected-{platform}.csv"
        if wanted.is_file():
            assert (settings.out / f"{platform}.csv").read_bytes() == wanted.read_bytes()
    said = {
        "unrecognised": list(summary.unrecognised),
        "remarks": list(summary.remarks),
        "kept": [str(one) for one in summary.kept],
    }
    for kind, lines in said.items():
        assert lines == scenario.get(kind, []), kind


def test_there_is_a_scenario_for_every_promise():
    assert len(NAMES) >= 40


def test_the_rows_of_a_scenario_are_not_empty():
    """An expected table without rows would hold for every input."""
    for name in NAMES:
        folder = SCENARIOS / name
        path = folder / "expected.csv"
        text = (folder / "scenario.yaml").read_text(encoding="utf-8")
        assert ("error:" in text) != path.is_file(), name
        assert not path.is_file() or expected_in(path), name
