"""The report as JSON: a public contract."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.report import Output, content_hash, report_schema, to_json
from tests.needs import needs

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"


def test_the_keys_stand_in_the_order_of_the_contract(build):
    data = json.loads(to_json(build()))

    assert list(data) == [
        "schema",
        "exercise",
        "title",
        "submission",
        "course",
        "isolation",
        "score",
        "problems",
        "remarks",
        "criteria",
        "diagnoses",
        "located",
        "grader_faults",
        "output",
        "sha256",
        "run",
    ]
    assert data["schema"] == 2
    assert list(data["submission"]) == ["learner", "files", "sha256"]
    assert list(data["score"]) == ["earned", "possible", "earned_bonus", "possible_bonus"]
    assert list(data["criteria"][0]) == [
        "id",
        "title",
        "earned",
        "possible",
        "bonus",
        "hint",
        "charged_with",
        "same_cause_as",
        "carried_forward",
        "checks",
    ]
    assert list(data["criteria"][0]["checks"][0]) == [
        "name",
        "function",
        "title",
        "verdict",
        "reason",
        "message",
        "summary",
        "exception",
        "line",
        "example",
        "remarks",
        "diagnosis",
        "checked_with",
    ]
    assert data["run"] == {"timings": None, "host": {}, "versions": {}}


def test_verdicts_are_words(build, faulty):
    verdicts = {check["verdict"] for one in json.loads(to_json(build(faulty)))["criteria"] for check in one["checks"]}

    assert verdicts == {"passed", "failed", "not_run", "grader_fault"}


def test_whole_points_are_whole_numbers(build):
    text = to_json(build())

    assert '"earned": 2.5,\n    "possible": 8,\n' in text


def test_ends_with_a_newline_and_is_indented_by_two(build):
    text = to_json(build())

    assert text.startswith('{\n  "schema": 2,\n  "exercise": "03_dropout",\n')
    assert text.endswith("\n}\n")


def test_other_alphabets_stay_readable(build):
    assert '"stdout": "Größe 大きさ"' in to_json(
        build(output=Output(stdout="Größe 大きさ", stderr="", truncated=False))
    )


def test_the_same_gives_the_same_bytes(build):
    assert to_json(build()) == to_json(build())


def test_the_hash_can_be_computed_again_by_anyone(build):
    data = json.loads(to_json(build()))
    said = data.pop("sha256")
    del data["run"]

    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    assert hashlib.sha256(canonical.encode()).hexdigest() == said


def test_the_run_stands_outside_the_hash(build):
    here = build(timings={"grading": 1.0}, host={"system": "Linux"}, versions={"numpy": "2.0"})
    there = build(timings={"grading": 2.0}, host={"system": "Darwin"}, versions={"numpy": "2.1"})

    assert here.sha256 == there.sha256 == content_hash(here)


def test_everything_else_stands_inside(build, all_passed, submission):
    reports = [
        build(),
        build(seed=1),
        build(course_hash="d" * 64),
        build(isolation="process"),
        build(all_passed),
        build(submission=replace(submission, learner="eve")),
        build(output=Output(stdout="x", stderr="", truncated=False)),
    ]

    assert len({report.sha256 for report in reports}) == len(reports)


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066", "\ud800"])
def test_no_control_character_is_printed(build, character):
    text = to_json(build(output=Output(stdout=f"a{character}b", stderr="", truncated=False)))

    assert character not in text
    assert text.encode("utf-8").decode("utf-8") == text
    kept = "\\ud800" if character == "\ud800" else character  # JSON in UTF-8 has no lone surrogate
    assert json.loads(text)["output"]["stdout"] == f"a{kept}b"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_output_is_carried(build, printed):
    report = build(output=Output(stdout=printed, stderr="", truncated=False))

    text = to_json(report)

    assert json.loads(text.encode("utf-8"))["output"]["stdout"] == report.output.stdout
    assert len(text.split("\n")) == len(to_json(build()).split("\n"))


def test_the_kept_schema_is_up_to_date():
    assert SCHEMA.read_text(encoding="utf-8") == json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n", (
        "docs/report.schema.json is not what the model says; write it again: "
        "python -c 'import json; from grader.report import report_schema as s; "
        "print(json.dumps(s(), indent=2, ensure_ascii=False))' > docs/report.schema.json"
    )


def test_a_report_keeps_to_the_schema(build, faulty):
    jsonschema = needs("jsonschema", "the judge of our JSON")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(json.loads(to_json(build(timings={"grading": 0.1}))), schema)
    jsonschema.validate(json.loads(to_json(build(faulty))), schema)


@pytest.mark.parametrize("change", [{"schema": 1}, {"isolation": "none"}, {"extra": 1}, {"sha256": "short"}])
def test_the_schema_refuses_an_invalid_report(build, change):
    jsonschema = needs("jsonschema", "the judge of our JSON")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    data = {**json.loads(to_json(build())), **change}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)
