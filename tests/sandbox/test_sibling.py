"""A sibling runs our own code beside the submissions during the whole life of its worker."""

from dataclasses import replace

import numpy as np

from grader.grading.sibling import Sibling
from grader.sandbox import Returned
from grader.sandbox.flavours import FLAVOURS
from tests.grading import COURSE


def test_it_may_answer_more_than_one_submission(namespaces, monkeypatch):
    few = replace(FLAVOURS["numpy"], limits=replace(FLAVOURS["numpy"].limits, all_replies_bytes=2**20))
    monkeypatch.setitem(FLAVOURS, "numpy", few)
    exercise = COURSE.find("dropout")
    sibling = Sibling(exercise, exercise.reference_path.read_text(encoding="utf-8"), None)
    sibling.use(namespaces)
    x = np.ones(2**16)

    answers = [sibling.call("dropout_backward", (x, x), {}) for _ in range(5)]
    sibling.close()

    assert [type(answer) for answer in answers] == [Returned] * 5
