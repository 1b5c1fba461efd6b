"""Lessons: their form, and every number that their examples state."""

import doctest
import sys
from pathlib import Path

import pytest

from grader.course import CourseError
from grader.study.lessons import LEVELS, SECTIONS, parse_lesson, read_lessons

ROOT = Path(__file__).parents[2]
LESSONS = read_lessons(ROOT)


def test_every_exercise_has_a_lesson():
    assert [lesson.exercise for lesson in LESSONS.values()] == sorted(
        path.stem for path in (ROOT / "rubrics").glob("*.yaml")
    )


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.topic)
def test_a_lesson_has_all_its_parts(lesson):
    dialogue = lesson.sections["Dialogue"]
    last = dialogue.strip().split("\n\n")[-1]

    assert dialogue.count("**Student:**") >= 5
    assert last.startswith("**Teacher:**")
    assert "To recap:" in last
    assert len(lesson.chunks) >= 4
    assert all(name in lesson.sections["Memory aids"] for name in ("### A rhyme", "### A story", "### An acronym"))
    lengths = [len(lesson.summaries[level]) for level in LEVELS]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.topic)
def test_the_worked_examples_are_true(lesson, monkeypatch):
    for folder in sorted((ROOT / "solutions").glob("[0-9]*_*")):
        monkeypatch.syspath_prepend(str(folder))
    path = ROOT / "exercises" / lesson.exercise / "lesson.md"
    ours = {folder.stem for folder in (ROOT / "solutions").glob("*/*.py")}
    before = {name: sys.modules.pop(name) for name in ours & sys.modules.keys()}
    try:
        result = doctest.testfile(str(path), module_relative=False, verbose=False)
    finally:
        for name in ours & sys.modules.keys():
            del sys.modules[name]
        sys.modules.update(before)

    assert result.failed == 0
    assert result.attempted >= 2


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_section_is_named(section, tmp_path):
    path = tmp_path / "lesson.md"
    text = (ROOT / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")

    with pytest.raises(CourseError) as caught:
        parse_lesson(text.replace(f"## {section}\n", "## Other\n"), path)

    assert f'has no section "## {section}"' in str(caught.value)


def test_all_missing_parts_are_reported_at_once(tmp_path):
    path = tmp_path / "lesson.md"
    text = (ROOT / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")

    with pytest.raises(CourseError) as caught:
        parse_lesson(
            text.replace("## Dialogue\n", "## Talk\n")
            .replace("### Basic\n", "### Short\n")
            .replace("**Analogy:**", "", 1),
            path,
        )

    messages = [fault.message for fault in caught.value.faults]
    assert len(messages) == 3
    assert 'has no section "## Dialogue"' in messages
    assert 'its summary has no level "### Basic"' in messages
    assert any(
        message.endswith("needs a text, **Explanation:** ... and **Analogy:** ..., in this order")
        for message in messages
    )


@pytest.mark.parametrize("heading", ["## Dialogue", "### Basic"])
def test_a_heading_that_would_hide_another_is_a_fault(heading, tmp_path):
    text = (ROOT / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")

    with pytest.raises(CourseError) as caught:
        parse_lesson(text.replace(f"{heading}\n", f"{heading}\n\nHidden.\n\n{heading}\n"), tmp_path / "lesson.md")

    (fault,) = caught.value.faults
    assert fault.message == f'has "{heading}" more than once; only the last one would be read'


def test_two_lessons_of_one_topic(tmp_path):
    text = (ROOT / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")
    for name in ("01_x", "02_y"):
        (tmp_path / "exercises" / name).mkdir(parents=True)
        (tmp_path / "exercises" / name / "lesson.md").write_text(text, encoding="utf-8")

    with pytest.raises(CourseError) as caught:
        read_lessons(tmp_path)

    assert [str(fault) for fault in caught.value.faults] == [
        f'{tmp_path}/exercises/02_y/lesson.md:1: two lessons have the topic "pooling"'
    ]
