"""A learner's file in the sandbox is asked the calls of the family after its checks."""

from grader.grading.worker import Worker
from grader.submission import SourceFile, Submission
from tests.grading import COURSE, ROOT

HALF_A_KERNEL = """

_right = conv2d_fast


def conv2d_fast(x, w, b, stride=1, padding="valid"):
    print("kernel", *w.shape[:2])
    if padding == "same":
        rows, columns = w.shape[0] // 2, w.shape[1] // 2
        x, padding = np.pad(x, ((0, 0), (rows, rows), (columns, columns), (0, 0))), "valid"
    return _right(x, w, b, stride, padding)
"""

IN_MEMORY_ORDER = """

_right = conv2d


def conv2d(x, w, b, stride=1, padding="valid"):
    return _right(x.ravel(order="K").reshape(x.shape), w, b, stride, padding)
"""


def graded(code):
    text = (ROOT / "solutions" / "01_convolution" / "convolution.py").read_text(encoding="utf-8") + code
    with Worker(COURSE.find("01_convolution")) as worker:
        return worker.grade(Submission("ada", "01_convolution", (SourceFile("convolution.py", text),), "a" * 64), 0)


def test_the_calls_of_the_family_separate_two_misconceptions_and_their_output_is_not_shown():
    report = graded(HALF_A_KERNEL)

    assert [(one.id, one.function) for one in report.diagnoses] == [("conv.same-half-kernel-both-sides", "conv2d_fast")]
    asked_by_checks = {f"kernel {size}" for size in ("1 1", "1 3", "2 2", "2 3", "2 4", "3 2", "3 3")}
    assert set(report.output.stdout.splitlines()) == asked_by_checks
    assert report.grader_faults == ()


def test_an_array_keeps_its_memory_layout_in_a_learners_process():
    report = graded(IN_MEMORY_ORDER)

    failed = [check for one in report.criteria for check in one.checks if check.verdict.value == "failed"]
    assert [check.name for check in failed] == ["test_conv_everything"]
    assert "x (2, 7, 6, 3) in Fortran order" in failed[0].message
    assert report.diagnoses == ()
