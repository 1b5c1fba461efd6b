"""The faults that an author of questions and pictures sees: each with its file, its line and what was expected."""

import pytest

from grader.study.study_check import examine_study

QUIZ = """topic: counting
title: Counting
misconceptions:
  x.counts-twice: "Everything counts twice."
questions:
  - id: one
    kind: choice
    checks: [test_one]
    ask: "How many?"
    right: "1"
    because: "One."
    wrong:
      - {answer: "2", misconception: x.counts-twice, because: "Once is enough."}
      - {answer: "0", misconception: m.nothing, because: "There is one."}
      - {answer: "-1", misconception: m.nothing, because: "Less than none."}
  - id: all
    kind: several
    ask: "Which?"
    options:
      - {answer: "a", right: true, because: "Yes."}
      - {answer: "b", right: true, because: "Yes."}
      - {answer: "c", right: false, misconception: m.nothing, because: "No."}
    because: "Both."
  - {id: drawn, kind: generated, generator: drawn}
"""
CODE = """

def drawn(draw):
    return {"parameters": {}, "ask": "?", "right": draw.choice([0, 2.5, 5]), "because": "so", "wrong": [
        {"answer": 2, "misconception": "x.counts-twice", "because": "no"},
        {"answer": 3, "misconception": "m.nothing", "because": "no"},
        {"answer": 4, "misconception": "m.nothing", "because": "no"},
    ]}
"""
INDISTINCT = "no 3 transformations of one family give pictures of one size that look different, on 100 pictures"
PICTURES = """from grader.study.pictures import Transformation

IMAGES = (lambda draw: [[1.0, 0.5, 0.75]],)
TRANSFORMATIONS = tuple(
    Transformation(f"power {n}", "", lambda rows, draw, n=n: [[v ** n / 9 for v in row] for row in rows])
    for n in (0, 1, 2, 3)
)
"""


@pytest.fixture
def faults_of(tmp_path):
    """Return a function that lists the faults of a course with this quiz, with paths below the course."""

    def write(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _faults_of(quiz=QUIZ, code=CODE, pictures=PICTURES, other=""):
        write(tmp_path / "exercises/01_x/quiz.yaml", quiz)
        write(tmp_path / "solutions/01_x/questions.py", code)
        write(tmp_path / "solutions/01_x/pictures.py", pictures)
        if other:
            write(tmp_path / "exercises/02_y/quiz.yaml", other)
        found = examine_study(tmp_path, {"01_x": ["test_one"]}, {"m.nothing"})
        return [str(fault).removeprefix(f"{tmp_path}/") for fault in found]

    return _faults_of


def test_a_course_without_fault(faults_of):
    assert faults_of() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("misconception: x.counts-twice, ", "", '13: a wrong answer of "one" has no misconception (its reason: Once is enough.); expected an id of the catalogue or of `misconceptions` in this file'),
        ("right: false, misconception: m.nothing", "right: false", '22: a wrong answer of "all" has no misconception (its reason: No.); expected an id of the catalogue or of `misconceptions` in this file'),
        ('"0", misconception: m.nothing', '"0", misconception: m.nothin', '14: "one" names the misconception "m.nothin", which does not exist. Did you mean "m.nothing"?'),
        ("test_one", "test_on", '8: the question "one" names the check "test_on", which no exercise has. Did you mean "test_one"?'),
        ("questions:", '  x.unheard-of: "Nobody says so."\nquestions:', '5: no wrong answer names the misconception "x.unheard-of"'),
        ("questions:", '  m.nothing: "There is nothing."\nquestions:', '5: the misconception "m.nothing" is in the catalogue too. Delete it here, or choose another id'),
        ("x.counts-twice:", "Twice:", '4: `misconceptions.Twice`: "Twice" is not a valid id of a misconception; expected one such as why.more-layers-always-better'),
        ("Everything counts twice.", "Twice", '4: `misconceptions.x.counts-twice`: "Twice" is not one sentence that ends with a full stop'),
        ("Everything counts twice.", "It counts. Twice.", '4: `misconceptions.x.counts-twice`: "It counts. Twice." is not one sentence that ends with a full stop'),
        ("misconception: x.counts", "misconceptoin: x.counts", '13: `questions.0.choice.wrong.0.misconceptoin` is not a key of quiz. Did you mean "misconception"?'),
        ("id: all", "id: one", '16: two questions have the id "one"'),
    ],
)  # fmt: skip
def test_a_fault_of_a_quiz(faults_of, old, new, message):
    assert f"exercises/01_x/quiz.yaml:{message}" in faults_of(QUIZ.replace(old, new, 1))


def test_a_question_with_too_few_entries_does_not_hide_others(faults_of):
    few = QUIZ.replace('      - {answer: "-1", misconception: m.nothing, because: "Less than none."}\n', "")

    assert faults_of(few) == [
        "exercises/01_x/quiz.yaml:12: `questions.0.choice.wrong` has 2 entries, expected at least 3"
    ]


def test_a_quiz_without_questions_is_a_fault(faults_of):
    assert faults_of("topic: x\ntitle: X\nquestions: []\n") == [
        "exercises/01_x/quiz.yaml:3: `questions` has 0 entries, expected at least 1"
    ]


def test_wrong_entries_are_not_reported_as_too_few(faults_of):
    assert faults_of(QUIZ.replace('answer: "-1"', "answr: 1")) == [
        "exercises/01_x/quiz.yaml:15: `questions.0.choice.wrong.2.answer` is missing",
        'exercises/01_x/quiz.yaml:15: `questions.0.choice.wrong.2.answr` is not a key of quiz. Did you mean "answer"?',
    ]


def test_two_keys_that_read_alike_are_a_fault(faults_of):
    pairs = '  - {id: pairs, kind: match, ask: "?", because: "so", pairs: {1: a, "1": b, 2: c, 3: d}}\n'

    assert faults_of(QUIZ + pairs) == [
        "exercises/01_x/quiz.yaml:25: `questions.3.pairs.1` appears twice, as a number and as text"
    ]


@pytest.mark.parametrize("name", ["quiz.yml", "Quiz.yaml", "lesson.markdown", "Cards.md"])
def test_a_misnamed_file_is_a_fault(faults_of, tmp_path, name):
    faults_of()
    (tmp_path / "exercises/01_x" / name).write_text("")
    meant = {"Q": "quiz.yaml", "q": "quiz.yaml", "l": "lesson.md", "C": "cards.md"}[name[0]]

    assert faults_of() == [f"exercises/01_x/{name}:1: is not read; rename it to {meant}"]


def test_two_quizzes_define_one_misconception(faults_of):
    other = QUIZ.replace("id: ", "id: other-").replace(
        "kind: generated, generator: drawn", "kind: text, ask: a, right: [b, c, d, e], because: c"
    )

    assert faults_of(other=other) == [
        'exercises/02_y/quiz.yaml:4: another quiz defines the misconception "x.counts-twice"'
    ]


def test_all_unreadable_files_are_reported_at_once(faults_of):
    found = faults_of(QUIZ.replace("topic", "topc", 1), other="topic: y\n")

    assert {fault.partition(":")[0] for fault in found} == {"exercises/01_x/quiz.yaml", "exercises/02_y/quiz.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"misconception": "x.counts-twice", ', "", '3: a wrong answer of "drawn" has no misconception (its reason: no); expected an id of the catalogue or of `misconceptions` in this file'),
        ('"x.counts-twice"', '"x.counts-thrice"', '3: "drawn" names the misconception "x.counts-thrice", which does not exist. Did you mean "x.counts-twice"?'),
        ("def drawn", "def undrawn", '1: does not define "drawn"'),
        ('"answer": 2, ', "", "3: drawn did not return a question: `wrong.0.answer`: Field required"),
        ('"answer": 2, ', '"answer": 3, ', "3: drawn returned no question with 3 different wrong answers in 200 tries"),
        ("    return", "    1 / 0\n    return", "3: drawn raised ZeroDivisionError: division by zero"),
        ("def drawn", "drawn = 1 / 0\ndef drawn", "3: cannot be imported: ZeroDivisionError: division by zero"),
        ("def drawn", "def drawn drawn", "3: Python cannot read this line: "),
    ],
)  # fmt: skip
def test_a_fault_of_a_function_that_makes_questions(faults_of, old, new, message):
    found = [fault for fault in faults_of(code=CODE.replace(old, new, 1)) if "questions.py" in fault]

    assert len(found) == 1
    assert found[0].startswith(f"solutions/01_x/questions.py:{message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("(0, 1, 2, 3)", "(0, 1)", f"solutions:1: {INDISTINCT}"),
        ("(0, 1, 2, 3)", "(0, 1, 1)", f"solutions:1: {INDISTINCT}"),
        ("rows, draw, n=n: [[", "rows, draw, n=n: [row for row in rows] * n + [[", f"solutions:1: {INDISTINCT}"),  # other sizes
        ("in rows])", "in rows], family=str(n))", f"solutions:1: {INDISTINCT}"),
        ("n / 9", "n / 0", 'solutions:1: the picture "power 0" cannot be drawn: ZeroDivisionError: float division by zero'),
        ("import Transformation", "import Transform", "solutions/01_x/pictures.py:1: cannot be imported: ImportError: "),
    ],
)  # fmt: skip
def test_a_fault_of_the_pictures(faults_of, old, new, message):
    found = faults_of(pictures=PICTURES.replace(old, new, 1))

    assert [fault[: len(message)] for fault in found] == [message]
