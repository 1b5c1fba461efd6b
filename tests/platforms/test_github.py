"""The files of a template repository for GitHub: the action's own script runs in a repository, as a runner starts it.

GitHub Classroom reads the points from the two annotations that `classroom-resources/autograding-grading-reporter` makes,
if the workflow and its job have the names that its README asks for.
"""

import json
import re
import zipfile

import pytest

from grader.course.yaml_file import tree_of
from tests.platforms.conftest import HOSTILE, TOY, hand_in, package, unpack

ACTION = ".github/actions/grade"
ALL_POINTS, NOT_ALL_POINTS, NO_SCORE = 0, 1, 3


@pytest.fixture
def repository(container):
    """The unpacked repository of a learner."""
    unpack(package("github"), container / "repository")
    return container / "repository"


@pytest.fixture
def push(container, repository, run_script):
    """`push(program)` runs the action, and returns its summary and the finished process."""

    def _run(program, **variables):
        if program is not None:
            hand_in(program, repository)
        summary = container / "step_summary"
        summary.touch()
        given = {"GITHUB_WORKSPACE": repository, "GITHUB_STEP_SUMMARY": summary, **variables}
        done = run_script(repository / ACTION / "run.sh", **given)
        return summary.read_text(encoding="utf-8"), done

    return _run


COMMAND = re.compile(r"^::(\w+) title=([^:]*)::(.*)$")


def annotations(done):
    """What GitHub takes from the log: every line must be one of our commands."""
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    return {title: text for kind, title, text in (COMMAND.fullmatch(line).groups() for line in lines)}


def points_in_classroom(done):
    """The points as GitHub Classroom reads them; both annotations must agree."""
    found = annotations(done)
    assert found.keys() == {"Autograding complete", "Autograding report"}
    report = json.loads(found["Autograding report"])
    assert found["Autograding complete"] == f"Points {report['totalPoints']}/{report['maxPoints']}"
    return report


def test_a_right_program_has_all_points_and_a_summary(push):
    summary, done = push("right")

    assert done.returncode == ALL_POINTS
    assert points_in_classroom(done) == {"totalPoints": 5, "maxPoints": 5}
    lines = summary.splitlines()
    assert lines[:6] == [
        r"## Doubling\: 5 of 5 points and 1 bonus\.",
        "",
        "| | Criterion | Points |",
        "|---|---|---|",
        "| ✅ | Doubles every number | 3 / 3 |",
        "| ✅ | Splits a number into two parts | 2 / 2 |",
    ]
    assert lines[6] == r"| ✅ | Halves every number \(bonus\) | 1 / 1 |"
    assert any(line.startswith(r"- Isolation\: the program ran in namespaces of its own") for line in lines)
    assert re.fullmatch("- Seed 0, course [0-9a-f]{12}, report [0-9a-f]{12}", lines[-1])
    assert "```" not in summary


def test_a_wrong_program_reads_why(push):
    summary, done = push("adds_two")

    assert done.returncode == NOT_ALL_POINTS
    assert points_in_classroom(done) == {"totalPoints": 2, "maxPoints": 5}
    assert "| ❌ | Doubles every number | 0 / 3 |" in summary
    assert "### Doubles every number\n\n```text\nDoubles two numbers.\n" in summary


def test_a_hostile_program_forges_neither_points_nor_the_summary(push):
    summary, done = push(HOSTILE)

    assert done.returncode == NOT_ALL_POINTS
    assert points_in_classroom(done) == {"totalPoints": 2, "maxPoints": 5}
    assert "SystemError" not in summary
    outside = outside_of_code(summary)
    assert "ValueError" in summary
    assert "<script>" in summary
    assert not [line for line in outside if "oops" in line or "notice" in line or "script" in line or "evil" in line]
    assert [line for line in outside if line.startswith("## ")] == [r"## Doubling\: 2 of 5 points\."]


def outside_of_code(summary):
    """The lines of Markdown that are not in a fenced block, as CommonMark closes one."""
    outside, fence = [], ""
    for line in summary.splitlines():
        found = re.match("`{3,}", line)
        if fence:
            if found and set(line) == {"`"} and len(line) >= len(fence):
                fence = ""
        elif found:
            fence = found[0]
        else:
            outside.append(line)
    assert not fence
    return outside


def test_a_file_that_cannot_run_has_no_points_and_says_why(push):
    summary, done = push("def double(x:\n    return 2 * x + 1 + 2 + 3\n")

    assert done.returncode == NOT_ALL_POINTS
    assert points_in_classroom(done) == {"totalPoints": 0, "maxPoints": 5}
    assert (
        "Your file could not run, so nothing has been checked yet.\n\n```text\nLine 1: Python cannot read this line: '(' was never closed"
        in summary
    )


def test_the_untouched_stub_has_no_points(push):
    _, done = push(None)

    assert points_in_classroom(done) == {"totalPoints": 0, "maxPoints": 5}


def test_a_fault_of_the_grader_is_no_score_of_zero(push, repository):
    (repository / ACTION / "job" / "job.json").write_text("{}")
    summary, done = push("right")

    assert done.returncode == NO_SCORE
    assert "::" not in done.stdout
    assert summary.startswith("## No score\n\nNo score\\: the grader broke\\. This is not your fault")


@pytest.mark.parametrize(("ending", "code"), [("kill -9 $$", 128 + 9), ("exit 1", 1)], ids=["killed", "no module"])
def test_a_grader_that_writes_nothing_is_no_score_of_zero(push, tmp_path, ending, code):
    program = tmp_path / "broken" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{ending}\n")
    program.chmod(0o755)
    summary, done = push("right", GRADE_ENVIRONMENT=tmp_path / "broken")

    assert done.returncode == code
    assert "::" not in done.stdout
    assert "It ended before it could write a result" in summary


# -------------------------------------------------------------------------------------------------------- the package


def test_the_workflow_has_the_names_that_classroom_looks_for(repository):
    workflow = tree_of(repository / ".github" / "workflows" / "classroom.yml")
    action = tree_of(repository / ACTION / "action.yml")

    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    assert workflow["jobs"]["run-autograding-tests"]["steps"][-1] == {"uses": f"./{ACTION}"}
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        for name in re.findall(r"GITHUB_ACTION_PATH/([\w./]+)", step.get("run", "")):
            assert (repository / ACTION / name).exists()


def test_no_solution_is_in_the_repository(repository):
    names = [path.relative_to(repository).as_posix() for path in repository.rglob("*") if path.is_file()]

    assert not [name for name in names if "solutions" in name or "misconceptions.py" in name]
    assert json.loads((repository / ACTION / "job" / "job.json").read_text())["secret"] is None
    assert (repository / "double.py").read_text() == (TOY / "exercises" / "01_double" / "double.py").read_text()


def test_the_scripts_can_be_executed(tmp_path):
    (tmp_path / "template.zip").write_bytes(package("github"))
    with zipfile.ZipFile(tmp_path / "template.zip") as archive:
        assert {archive.getinfo(f"{ACTION}/{name}").external_attr >> 16 for name in ("run.sh", "install.sh")} == {0o755}
