"""The diagnosis asks from plain to mixed calls, names what is proven, and says where the rest is wrong."""

from collections import Counter

import numpy as np
import pytest

from grader.diagnosis import Diagnostician, in_words, smallest_failing
from grader.diagnosis.answers import answer_of
from grader.diagnosis.exploration import explored, questions_of
from grader.diagnosis.programs import RIGHT, Programs
from grader.diagnosis.search import PERFECT, Search
from tests.diagnosis.toy import asks, diagnosed, toy_exercise


@pytest.fixture(scope="module")
def doctor(tmp_path_factory):
    return Diagnostician(toy_exercise(tmp_path_factory.mktemp("course")))


def scale(x, factor, shift, rows=False):
    y = x * factor + shift
    return y, y.mean(axis=1 if rows else 0)


def names(found):
    return [one.id for one in found.misconceptions]


def test_a_right_function_has_no_diagnosis(doctor):
    assert diagnosed(doctor, scale) is None


def test_one_misconception_in_another_style_is_named_and_explains_its_check(doctor):
    def forgets(x, factor, shift, rows=False):
        return scale(x, factor, 0, rows)

    found = diagnosed(doctor, forgets)

    assert names(found) == ["shift-forgotten"]
    assert found.complete
    assert found.explains == {"test_scale"}
    assert found.located == ""


def test_two_and_three_misconceptions_at_once(doctor):
    def two(x, factor, shift, rows=False):
        return scale(x, 1, -shift, rows)

    def three(x, factor, shift, rows=False):
        y, _ = scale(x, 1, 0)
        return y, y.sum(axis=1 if rows else 0)

    assert set(names(diagnosed(doctor, two))) == {"shift-subtracted", "factor-forgotten"}
    assert set(names(diagnosed(doctor, three))) == {"shift-forgotten", "factor-forgotten", "sum-for-mean"}


class TestTheBestHypotheses:
    @pytest.fixture
    def programs(self, tmp_path):
        exercise = toy_exercise(tmp_path)
        return Programs(exercise, "scale", exercise.misconceptions())

    def searched(self, programs, tmp_path_factory, program):
        """Return a search with all forms among its hypotheses. It has not compared them with the mixed calls."""
        family = toy_exercise(tmp_path_factory.mktemp("course")).calls()["scale"]
        items = [
            explored(questions_of(family, scale, aspects), asks(program), lambda call: answer_of(scale, call))
            for aspects in (0, 1, 2)
        ]
        search = Search(programs)
        search.explain([*items[0], *items[1]])
        search.items += items[2]
        singles = [(form,) for form in range(len(programs.forms))]
        search.hypotheses = list(dict.fromkeys([*search.hypotheses, *singles]))
        return search

    @pytest.mark.parametrize(
        "program",
        [
            lambda x, factor, shift, rows=False: scale(x, factor, 0, rows),
            lambda x, factor, shift, rows=False: scale(x, 1, -shift, rows),
            lambda x, factor, shift, rows=False: scale(x, 1, 0 if rows else shift, rows),
            lambda x, factor, shift, rows=False: (x * factor - shift, (x + shift).sum(axis=0)),
        ],
        ids=["one", "two", "one, and an unknown one", "several"],
    )
    def test_they_have_the_lowest_cost_of_all(self, programs, tmp_path_factory, program):
        lowest, best = self.searched(programs, tmp_path_factory, program).best()

        counted = self.searched(programs, tmp_path_factory, program)
        costs = {mix: counted.cost(mix) for mix in counted.hypotheses if mix != RIGHT}
        assert len(costs) >= len(programs.forms)
        assert lowest == min(costs.values())
        assert best == [mix for mix, cost in costs.items() if cost == lowest]

    def test_a_hypothesis_that_costs_more_is_not_compared_with_every_item(
        self, programs, tmp_path_factory, monkeypatch
    ):
        search = self.searched(
            programs, tmp_path_factory, lambda x, factor, shift, rows=False: scale(x, factor, 0, rows)
        )
        compared = Counter()
        explains = Search.explains

        def counting(self, mix, item):
            compared[mix] += 1
            return explains(self, mix, item)

        monkeypatch.setattr(Search, "explains", counting)
        _, (best, *others) = search.best()

        assert others == []
        assert sum(count < compared[best] for count in compared.values()) == len(programs.forms) - 1

    def test_other_programs_of_a_perfect_misconception_are_left_out(self, programs, tmp_path_factory):
        search = self.searched(
            programs, tmp_path_factory, lambda x, factor, shift, rows=False: scale(x, factor, 0, rows)
        )
        _, best = search.best()
        twice = (len(programs.forms),)
        programs.forms += (programs.forms[best[0][0]],)
        programs._compiled[twice] = programs._program(best[0])
        search.hypotheses.append(twice)

        assert search.cost(twice) == search.best()[0] == PERFECT
        assert search.best()[1] == best

    def test_an_exhaustive_search_compares_every_hypothesis_with_every_item(self, programs, tmp_path_factory):
        search = self.searched(
            programs, tmp_path_factory, lambda x, factor, shift, rows=False: scale(x, factor, 0, rows)
        )
        search.exhaustive = True
        plain = self.searched(
            programs, tmp_path_factory, lambda x, factor, shift, rows=False: scale(x, factor, 0, rows)
        )

        assert search.best() == plain.best()

        def compared(one):
            return {mix: tally.items for mix, tally in one._tallies.items() if mix != RIGHT}

        assert set(compared(search).values()) == {len(search.items)}
        assert min(compared(plain).values()) < len(plain.items)

    def test_without_hypotheses_there_is_none(self, programs):
        assert Search(programs).best()[1] == []


def test_a_misconception_is_named_beside_a_mistake_that_nobody_knows(doctor):
    def forgets_and_is_wrong_for_wide_images(x, factor, shift, rows=False):
        y, mean = scale(x, factor, 0, rows)
        return (y, mean) if x.shape[0] == x.shape[1] else (y + 0.25, mean)

    found = diagnosed(doctor, forgets_and_is_wrong_for_wide_images)

    assert names(found) == ["shift-forgotten"]
    assert not found.complete
    assert found.explains == frozenset()
    assert found.located == "Right for the plainest input. y is wrong if x is wide. mean is right."


@pytest.mark.parametrize(("more", "named"), [(0, ["mean-of-all"]), (1, [])])
def test_beside_an_unknown_mistake_in_the_plainest_call_a_name_must_explain_all_of_its_result(doctor, more, named):
    def unknown_in_y(x, factor, shift, rows=False):
        y, _ = scale(x, factor, shift, rows)
        return y * y, y.mean() + more * (x.shape[0] != x.shape[1])

    assert names(diagnosed(doctor, unknown_in_y)) == named


def test_a_misconception_that_does_not_show_in_the_plainest_call_is_found_beside_one_that_does(doctor):
    def both(x, factor, shift, rows=False):
        y, _ = scale(x, factor, shift)
        return y, y.sum(axis=0)

    assert set(names(diagnosed(doctor, both))) == {"sum-for-mean", "always-columns"}


def test_a_mistake_in_mixed_calls_only_has_no_name_and_is_located(doctor):
    def mixed(x, factor, shift, rows=False):
        y, mean = scale(x, factor, shift, rows)
        return y + (factor != 1 and shift != 0), mean

    found = diagnosed(doctor, mixed)

    assert names(found) == []
    assert found.located == (
        "Right for the plainest input. y is wrong if the factor is not 1 and the shift is not 0. mean is right."
    )


def test_a_mistake_in_the_plainest_call(doctor):
    def negative(x, factor, shift, rows=False):
        y, mean = scale(x, factor, shift, rows)
        return -abs(y) - 0.5, mean

    found = diagnosed(doctor, negative)

    assert names(found) == []
    assert found.located == "y is wrong for the plainest input already. mean is right."


def test_each_result_is_located_apart(doctor):
    def wrong_here_and_there(x, factor, shift, rows=False):
        y, mean = scale(x, factor, shift, rows)
        return y * y, mean + (shift != 0)

    found = diagnosed(doctor, wrong_here_and_there)

    assert found.located == "y is wrong for the plainest input already. mean is wrong if the shift is not 0."


def test_results_in_another_order_are_recognised(doctor):
    found = diagnosed(doctor, lambda *given: scale(*given)[::-1])

    assert names(found) == []
    assert (
        found.located == "The results are right, but in a different order: it returns mean and y; expected y and mean."
    )


def test_an_exception_alone_is_no_belief(doctor):
    """Square images only: the belief raises an IndexError for wide or high images; so does a program of another kind."""

    def raises(x, factor, shift, rows=False):
        if x.shape[0] != x.shape[1]:
            raise IndexError("not today")
        return scale(x, factor, shift, rows)

    found = diagnosed(doctor, raises)

    assert names(found) == []
    assert found.located == "Right for the plainest input. It raises IndexError if x is wide."


def test_a_convention_is_never_named_and_hides_nothing(doctor):
    def both(x, factor, shift, rows=False):
        y, mean = scale(x, factor, 0, rows)
        return y, mean / 2

    assert names(diagnosed(doctor, both)) == ["shift-forgotten"]


def test_a_function_that_stops_answering_is_diagnosed_by_what_it_said(doctor):
    calls = 0

    def forgets(x, factor, shift, rows=False):
        nonlocal calls
        calls += 1
        return scale(x, factor, 0, rows)

    found = diagnosed(doctor, forgets)

    assert names(found) == ["shift-forgotten"]
    assert calls < 40  # no call with two aspects was needed


def test_an_argument_that_is_overwritten_is_a_result_of_its_own(doctor):
    def overwrites(x, factor, shift, rows=False):
        y, mean = scale(x, factor, shift, rows)
        x[...] = 0
        return y, mean

    found = diagnosed(doctor, overwrites)

    assert found.located == "It changes an argument for the plainest input already. y and mean are right."


def test_the_smallest_input_is_the_plainest_failing_call(doctor):
    def forgets(x, factor, shift, rows=False):
        return scale(x, factor, 0, rows)

    found = diagnosed(doctor, forgets)
    smallest = smallest_failing(found.items, scale, None, None)

    words = in_words("scale", ["y", "mean"], scale, smallest)
    assert [one.words for one in smallest.aspects] == ["the shift is not 0"]
    assert words.startswith("The smallest input found on which it fails: scale with x = [[")
    assert ", factor=1, shift=5, rows=False\nFor this input, y is [[" in words
    assert "; expected [[" in words
    assert np.array_equal(smallest.right, smallest.theirs + 5)
