"""Pictures in lessons: drawn by the reference when the lesson is read, and checked with the course."""

import re
import shutil

import numpy as np
import pytest

from grader.course import CourseError, builtin_course_root, import_file
from grader.study.lesson_pictures import BLOCK, Drawing, Panel, figures_of, picture_faults, side_by_side, with_pictures
from grader.study.lessons import read_lessons

ROOT = builtin_course_root()
LESSONS = read_lessons(ROOT)
ILLUSTRATED = ("01_convolution", "02_pooling", "05_keras_cnn")


def seven():
    with np.load(ROOT / "exercises" / "05_keras_cnn" / "digits.npz") as file:
        assert file["labels"][7] == 7
        return file["images"][7] / 255


def edges_by_hand(image):
    """The pixel on the right minus the pixel on the left; outside, there are zeros."""
    wide = np.pad(image, ((0, 0), (1, 1)))
    return wide[:, 2:] - wide[:, :-2]


def test_the_lessons_with_pictures():
    assert {one.exercise for one in LESSONS.values() if any(map(BLOCK.search, one.sections.values()))} == set(
        ILLUSTRATED
    )


def test_the_maps_are_those_of_the_filters_that_the_lesson_names():
    digit, across, down = (panel.rows for panel in figures_of(ROOT, "01_convolution")["edges-of-a-digit"]())

    assert np.array_equal(digit, seven())
    assert across == pytest.approx(edges_by_hand(seven()))
    assert down == pytest.approx(edges_by_hand(seven().T).T)


def test_the_pooled_maps_are_those_of_blocks():
    found, largest, mean = (np.array(panel.rows) for panel in figures_of(ROOT, "02_pooling")["map-and-pooled-maps"]())
    blocks = np.abs(edges_by_hand(seven())).reshape(4, 2, 4, 2)

    assert found == pytest.approx(np.abs(edges_by_hand(seven())))
    assert largest == pytest.approx(blocks.max(axis=(1, 3)))
    assert mean == pytest.approx(blocks.mean(axis=(1, 3)))


def test_the_layers_of_the_network():
    digit, found, pooled = (np.array(panel.rows) for panel in figures_of(ROOT, "05_keras_cnn")["through-the-layers"]())
    expected = np.maximum(edges_by_hand(digit), 0)

    assert found == pytest.approx(expected)
    assert pooled == pytest.approx(expected.reshape(4, 2, 4, 2).max(axis=(1, 3)))


@pytest.mark.parametrize("key", ILLUSTRATED)
@pytest.mark.parametrize("width", [80, 50, 24])
@pytest.mark.parametrize("digits", [True, False])
def test_a_picture_fits_the_window(key, width, digits):
    sections = next(one for one in LESSONS.values() if one.exercise == key).sections
    for picture in (found[0] for text in sections.values() for found in BLOCK.finditer(text)):
        drawn = with_pictures(picture, ROOT, key, Drawing(width, digits))
        (block,) = re.fullmatch(r"```text\n(.*?)```", drawn, re.DOTALL).groups()
        assert max(map(len, block.splitlines())) <= width
        assert ("█" in block) != digits


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.topic)
def test_a_table_that_stands_in_a_lesson_fits_every_window(lesson):
    """These blocks are shown as they are written, in a window of any width."""
    tables = [one for text in lesson.sections.values() for one in re.findall(r"```text\n(.*?)```", text, re.DOTALL)]

    assert all(len(line) <= 24 for table in tables for line in table.splitlines())
    assert lesson.topic != "pooling" or tables


def test_panels_stand_side_by_side_with_their_first_rows_in_one_line():
    panels = [Panel("a", [[1.0, 0.0], [0.0, 1.0]]), Panel("two words", [[1.0]])]

    assert side_by_side(panels, Drawing(80)) == "         two\na        words\n│██  │   │██│\n│  ██│"
    assert side_by_side(panels, Drawing(8)) == "a\n│██  │\n│  ██│\n\ntwo\nwords\n│██│"
    assert side_by_side(panels[:1], Drawing(80, digits=True)) == "a\n9 0\n0 9"


@pytest.fixture
def course(tmp_path):
    for tree in ("exercises", "solutions"):
        shutil.copytree(ROOT / tree / "01_convolution", tmp_path / tree / "01_convolution")
    shutil.copytree(ROOT / "exercises" / "05_keras_cnn", tmp_path / "exercises" / "05_keras_cnn")
    return tmp_path


def test_an_unknown_picture_is_named_with_its_line(course):
    lesson = course / "exercises" / "01_convolution" / "lesson.md"
    lesson.write_text(
        lesson.read_text(encoding="utf-8").replace("edges-of-a-digit", "edges-of-a-digi"), encoding="utf-8"
    )
    line = lesson.read_text(encoding="utf-8").split("\n").index("```picture") + 1

    assert [(fault.line, fault.message) for fault in picture_faults(course, "01_convolution")] == [
        (line, 'the picture "edges-of-a-digi" is not in PICTURES of pictures.py. Did you mean "edges-of-a-digit"?')
    ]


def test_a_picture_that_breaks_is_a_fault_of_the_course(course):
    with (course / "solutions" / "01_convolution" / "pictures.py").open("a", encoding="utf-8") as file:
        file.write("\nPICTURES = {'edges-of-a-digit': lambda: 1 / 0}\n")

    (fault,) = picture_faults(course, "01_convolution")
    assert fault.message == 'the picture "edges-of-a-digit" cannot be drawn: ZeroDivisionError: division by zero'
    with pytest.raises(CourseError):
        with_pictures("```picture\nedges-of-a-digit\n```", course, "01_convolution", Drawing(80))


def test_the_picture_of_a_network_uses_the_references():
    pictures = import_file(ROOT / "solutions" / "05_keras_cnn" / "pictures.py", "pictures")

    assert pictures._pooling.__file__ == str(ROOT / "solutions" / "02_pooling" / "pooling.py")
