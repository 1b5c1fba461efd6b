"""The README, the changelog and the pages in docs/ say what is true today, as far as a program can tell."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from docs import picture
from grader.batch.late import read_late_policy
from grader.batch.roster import read_roster
from grader.cli.entry import grade
from grader.course import Misconception, patch
from grader.course.rubric import Rubric
from grader.study.cards import cards_in
from grader.study.questions import Quiz
from tests.grading import COURSE, ROOT
from tests.test_rooms import ROOMS

PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "tests" / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page, language=""):
    """Return the code of a page in this language."""
    return [code for name, code in FENCED.findall(PAGES[page]) if name == language]


def commands():
    """Return every `grade ...` of the pages, with the page."""
    for page in PAGES:
        lines = [line for block in blocks(page) for line in block.splitlines() if line.startswith("grade ")]
        inline = re.findall(r"`(grade [^`]+)`", FENCED.sub("", PAGES[page]))
        yield from ((page, re.split(r"\s+#", line)[0]) for line in (*lines, *inline))


def block_with(page, language, words):
    """Return the only block of a page with these words."""
    (found,) = [block for block in blocks(page, language) if words in block]
    return found


def test_the_picture_shows_the_report_of_today():
    report = picture.report()
    if "isolation namespaces" not in report:
        pytest.skip("this machine has no namespaces, and the report says so")

    assert picture.PICTURE.read_text(encoding="utf-8") == picture.svg(report), (
        "The picture in the README is out of date. Make it again: .venv/bin/python docs/picture.py"
    )


def test_the_picture_loads_nothing():
    drawn = picture.PICTURE.read_text(encoding="utf-8")

    assert re.findall(r"https?://[^\"]*", drawn) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in drawn
    assert "course" not in drawn


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\(([^)#]+)", PAGES[page])
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]

    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    named = re.findall(r"`(?!\.venv/)([a-z.][\w.-]*/[\w./*-]+)`", PAGES[page])
    places = (ROOT, (ROOT / page).parent)
    missing = [name for name in named if not any(any(place.glob(name.rstrip("/"))) for place in places)]

    assert not missing


def test_many_commands_are_shown():
    assert len(set(commands())) > 50


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_commands_and_their_options_exist(page, line):
    command, words = grade, line.split()[1:]
    while words and hasattr(command, "get_command") and not words[0].startswith("-"):
        found = command.get_command(None, words[0])
        assert found is not None, f"{page}: {line}"
        command, words = found, words[1:]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    options.add("--help")

    assert not [word for word in words if word.startswith("-") and word not in options], f"{page}: {line}"


@pytest.mark.parametrize("page", ["README.md", "docs/authors.md"])
def test_the_check_that_is_shown_is_a_check_of_the_course(page):
    shown = block_with(page, "python", "@pytest.mark.criterion")
    hidden = [path.read_text(encoding="utf-8") for path in ROOT.glob("tests/hidden/*/test_*.py")]

    assert any(shown in text for text in hidden)


def test_the_sight_that_is_shown_is_one_of_the_course():
    shown = block_with("docs/authors.md", "python", "SIGHTS = ")

    assert shown in (ROOT / "tests" / "hidden" / "02_pooling" / "sights.py").read_text(encoding="utf-8")


def test_the_cards_quiz_and_rubric_that_are_shown_can_be_read():
    (card,) = cards_in(block_with("docs/authors.md", "markdown", "Q: "), Path("cards.md"))
    quiz = Quiz.model_validate(yaml.safe_load(block_with("docs/authors.md", "yaml", "kind: choice")))
    rubric = Rubric.model_validate(yaml.safe_load(block_with("docs/authors.md", "yaml", "criteria:")))

    assert card.checks == ("test_fraction_dropped",)
    assert len(quiz.questions[0].wrong) == 3
    assert rubric.possible == 1.25


def test_the_rules_about_one_mistake_that_are_shown_are_those_of_a_rubric():
    shown = yaml.safe_load(block_with("docs/authors.md", "yaml", "carry_forward:"))
    rubric = COURSE.find("01_convolution").rubric

    assert rubric.may_call["conv2d"][0] in shown["may_call"]["conv2d"]
    assert rubric.carry_forward.model_dump() == shown["carry_forward"]


def test_the_misconception_that_is_shown_has_patches_that_apply():
    exercise = COURSE.find("01_convolution")
    shown = eval(
        block_with("docs/authors.md", "python", "Misconception("), {"Misconception": Misconception, "patch": patch}
    )
    image, kernel, bias = np.zeros((1, 2, 2, 1)), np.ones((1, 1, 1, 2)), np.array([1.0, 10.0])
    answers = [exercise.program("conv2d", form)(image, kernel, bias) for form in shown.programs("conv2d")]

    assert [answer[0, 0, 0].tolist() for answer in answers] == [[-1, -10], [-1, -10]]
    assert shown.criteria["conv2d"] in {one.id for one in exercise.rubric.criteria if one.function == "conv2d"}


def test_the_call_family_that_is_shown_is_a_part_of_that_of_the_course():
    text = block_with("docs/authors.md", "python", "CALLS = ")
    real = COURSE.find("01_convolution").calls_path.read_text(encoding="utf-8")
    shown = text.split("CALLS = ")[0]
    aspects = re.findall(r"^[A-Z]+ = Aspect.*$", shown, re.MULTILINE)

    assert len(aspects) == 2
    assert all(one in real for one in (*aspects, shown.split("\n\n\n")[0]))


def test_the_roster_and_the_late_policy_that_are_shown_can_be_read(tmp_path):
    roster, policy = tmp_path / "roster.csv", tmp_path / "late.yaml"
    roster.write_text(block_with("docs/instructors.md", "csv", "id,"))
    policy.write_text(block_with("docs/instructors.md", "yaml", "due:"))

    assert read_roster(roster).people["ada"].late_days == 2
    assert read_late_policy(policy, COURSE).penalty(3, 8) == pytest.approx(2.4)


def test_the_drawing_and_the_table_name_every_room():
    (drawing,) = [block for block in blocks("README.md") if "sandbox" in block]
    table = re.findall(r"^\| `(\w+)/` \|", PAGES["docs/architecture.md"], re.MULTILINE)

    assert sorted(re.findall(r"\w+", drawing)) == sorted(ROOMS)
    assert tuple(table) == ROOMS


def test_the_page_for_learners_says_how_much_there_is_to_study():
    from grader.study.cards import read_decks
    from grader.study.question_bank import QuestionBank
    from grader.study.questions import Generated

    questions = [one for quiz in QuestionBank(ROOT).quizzes.values() for one in quiz.questions]
    generated = [one for one in questions if isinstance(one, Generated)]
    page = PAGES["docs/learners.md"]

    assert f"There are {len(read_decks(ROOT))} cards and {len(questions)} questions." in page
    assert f"{len(generated)} of the questions get" in page
