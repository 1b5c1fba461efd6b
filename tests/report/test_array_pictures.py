"""Arrays become text, and text becomes a picture."""

import numpy as np
import pytest

from grader.report.array_pictures import picture_of
from grader.report.example import NUMBERS, SHADED, grid_of
from grader.report.report import ExampleReport

IMAGE = ("N", "H", "W", "C")


def example(yours, expected, *inputs):
    return ExampleReport(function="f", settings="", seen="s", inputs=inputs, yours=yours, expected=expected)


def test_a_small_array_is_shown_in_numbers():
    grid = grid_of("x", np.array([[1.0, 2.5], [-3.0, 0.1]]))

    assert grid.rows == (("1", "2.5"), ("-3", "0.1"))
    assert (grid.part, grid.shades) == ("", ())


def test_axes_of_length_one_are_left_out():
    assert grid_of("x", np.arange(4.0).reshape(1, 2, 2, 1), IMAGE).rows == (("0", "1"), ("2", "3"))


def test_of_several_images_the_plane_with_the_first_wrong_pixel_is_shown():
    values = np.arange(16.0).reshape(2, 2, 2, 2)
    wrong = np.zeros(values.shape, bool)
    wrong[1, 0, 1, 1] = True

    grid = grid_of("y", values, ("N", "OH", "OW", "F"), wrong)

    assert grid.part == "y[1, :, :, 1]"
    assert grid.rows == (("9", "11"), ("13", "15"))
    assert grid.wrong == ((0, 1),)


@pytest.mark.parametrize("size", [NUMBERS + 1, SHADED, 40])
def test_a_large_array_is_shown_in_shades(size):
    values = np.arange(float(size * size)).reshape(size, size)
    wrong = np.zeros(values.shape, bool)
    wrong[-1, -1] = True

    grid = grid_of("x", values, (), wrong)

    assert len(grid.shades) == len(grid.shades[0]) == min(size, SHADED)
    assert (grid.shades[0][0], grid.shades[-1][-1]) == ("0", "4")
    assert grid.wrong == ((min(size, SHADED) - 1,) * 2,)


@pytest.mark.parametrize(
    "values",
    [np.zeros((0, 3)), np.array(["a"]), np.array([1j]), np.zeros(2**17), np.array([None, 1], dtype=object)],
    ids=["empty", "text", "complex", "too large", "objects"],
)
def test_of_anything_else_only_the_shape_is_shown(values):
    grid = grid_of("x", values)

    assert (grid.shape, grid.rows, grid.shades) == (values.shape, (), ())


@pytest.mark.parametrize("values", [np.full((9, 9), np.nan), np.full((9, 9), np.inf), np.full((2, 2), -np.inf)])
def test_numbers_that_are_not_finite_do_not_break_a_picture(values):
    assert picture_of(example(grid_of("y", values, (), np.ones(values.shape, bool)), None), 70)


def test_blocks_that_do_not_fit_side_by_side_stand_below_each_other():
    grids = [grid_of(name, np.full((2, 2), 123456.0)) for name in "abc"]

    wide, narrow = (picture_of(example(None, None, *grids), width) for width in (80, 40))
    assert len(wide) == 3
    assert len(narrow) == 6
    assert max(map(len, narrow)) <= 40


def test_a_shape_with_another_number_of_axes():
    lines = picture_of(example(grid_of("y", np.ones((2, 3))), grid_of("y", np.ones((1, 2, 3, 1)), IMAGE)), 70)

    assert lines == [
        "shape of y  N  H  W  C",
        "yours       2  3  -  -",
        "expected    1  2  3  1",
        "            !  !  !  !",
    ]


def test_wrong_blocks_are_marked_in_shades():
    values, wrong = np.zeros((8, 8)), np.zeros((8, 8), bool)
    values[0, 0], wrong[0, 0], wrong[7, 7] = 9, True, True

    lines = picture_of(example(grid_of("y", values, (), wrong), None), 70)

    assert lines[0].strip() == "your y"
    assert lines[1].startswith("█!")
    assert lines[8].endswith("!")
