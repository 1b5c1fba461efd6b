"""A call that the sandbox does not know is a mistake of the course or ours, and costs no learner a point."""

import shutil

import pytest

from grader.checks import Verdict
from grader.course import load_course
from grader.grading import Worker
from grader.sandbox import Reason, Request, Returned
from grader.sandbox.answer import UnknownCallError
from grader.sandbox.inside.protocol import ModelOperation
from grader.submission import read_submission
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
PROGRAM = "def double(x):\n    return 2 * x\n"


@pytest.mark.parametrize("operation", list(ModelOperation))
def test_an_operation_on_models_in_a_sandbox_without_keras(namespaces, run, operation):
    with pytest.raises(UnknownCallError, match=f"no Keras models; {operation} needs them"):
        run(namespaces, PROGRAM).call(operation, (1,))


def test_a_call_without_layers_in_a_sandbox_without_keras(namespaces, run):
    with pytest.raises(UnknownCallError, match="no Keras models; double needs them"):
        run(namespaces, PROGRAM).call("double", (1,), silently=True)


@pytest.mark.parametrize("name", ["wieghts", "@weights", "weights", "__import__", ""])
def test_a_name_that_is_neither_a_function_nor_an_operation(namespaces, run, name):
    """Text is never an operation, even with the name of one."""
    with pytest.raises(UnknownCallError, match=f'^"{name}" is neither an operation on models nor one of double$'):
        run(namespaces, PROGRAM).call(name, (1,))


def test_an_unknown_call_among_known_ones(namespaces, run):
    sandboxed = run(namespaces, PROGRAM)
    with pytest.raises(UnknownCallError):
        sandboxed.ask_all([Request("double", (1,)), Request("doubel", (1,))])
    assert sandboxed.call("double", (2,)) == Returned(4)


def test_a_function_that_the_learner_has_not_defined_is_still_theirs(namespaces, run):
    sandboxed = run(namespaces, PROGRAM + "def later(x): ...\ndel later\n")
    assert sandboxed.call("later", (1,)).reason is Reason.NOT_DEFINED


CALLS = {
    "an operation without Keras": "models.weights(3)",
    "a call without layers": 'models.silently("double", 1, 2)',
    "a misspelt function": "submission.doubel(3)",
    "a misspelt operation": 'models._learner.call("wieghts", (3,))',
}


@pytest.fixture(scope="module")
def report(namespaces, tmp_path_factory):
    """The report of a right answer in a course that has one more check for each of these calls."""
    root = tmp_path_factory.mktemp("course") / "toy"
    shutil.copytree(TOY, root)
    checks = root / "tests" / "hidden" / "01_double" / "test_double.py"
    names = [f"test_{number}" for number in range(len(CALLS))]
    for name, call in zip(names, CALLS.values(), strict=True):
        marker = '@pytest.mark.criterion("doubles", fixed="asks for something unknown")'
        text = f'\n\n{marker}\ndef {name}(submission, models):\n    """Asks."""\n    {call}\n'
        checks.write_text(checks.read_text() + text)
    rubric = root / "rubrics" / "01_double.yaml"
    known = "test_double_by_hand, test_double"
    rubric.write_text(rubric.read_text().replace(known, ", ".join((known, *names))))
    exercise = load_course(root).find("double")
    submission = read_submission(RIGHT, exercise.key, "double")
    with Worker(exercise, zygote=namespaces) as worker:
        return worker.grade(submission, seed=0)


def test_a_check_that_asks_for_it_is_a_grader_fault(report):
    verdicts = {check.name: check.verdict for criterion in report.criteria for check in criterion.checks}
    unknown = {f"test_{number}": Verdict.GRADER_FAULT for number in range(len(CALLS))}
    assert verdicts == dict.fromkeys(verdicts, Verdict.PASSED) | unknown


def test_such_a_course_states_no_score(report):
    assert report.score.earned is None
    assert {fault.check for fault in report.grader_faults} == {f"test_{number}" for number in range(len(CALLS))}
