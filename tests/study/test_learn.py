"""`grade learn` as learners run it: through a pipe, in tmux, stopped and continued, with their own code."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import sandbox
from grader.cli.own_functions import own_functions
from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.clock import milliseconds_now
from grader.study.guided_lesson import Practice, steps_of
from grader.study.learning_record import LearningRecord
from grader.study.lessons import read_lessons
from tests.study.test_commands import GRADE, reviews, tmux  # noqa: F401 # fixtures

ROOT = builtin_course_root()
LAST = list(read_lessons(ROOT))[-1]
BEGIN = "\n"  # after the objectives
GUESSES = "\n" * 4  # the stops of the dialogue about pooling
FIRST_CARDS = ["pool-layer", "pool-max", "pool-average"]  # of part 1
TEACHERS_LINE = "Then you might throw away the one that found something."


@pytest.fixture
def learn(tmp_path, monkeypatch):
    """`learn("pooling", typed="...")` runs the command in an empty folder and returns the words, spaces made one."""
    monkeypatch.chdir(tmp_path)

    def _learn(*arguments, typed="", code=0):
        done = subprocess.run(
            [*GRADE, "learn", *arguments], input=typed, capture_output=True, text=True, timeout=120, cwd=tmp_path
        )
        assert done.returncode == code, done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return _learn


@pytest.fixture
def finished(state):
    """Marks the steps of a lesson up to this one as finished."""

    def _finished(topic, last):
        cards = [card.id for card in read_decks(ROOT).values() if card.topic == topic]
        keys = [step.key for step in steps_of(read_lessons(ROOT)[topic], cards)]
        with LearningRecord(state / "study.db") as record:
            record.add_events([("learnt", key, "") for key in keys[: keys.index(f"{topic}/{last}") + 1]])

    return _finished


def test_a_lesson_begins_with_its_objectives(learn):
    said = learn("pooling")

    assert said.startswith("Pooling, part 1 of 4 Objectives After this lesson you can: - pool a map by hand")
    assert said.endswith("enter continue q stop here Your place is saved. To continue: grade learn pooling")
    assert "Student:" not in said


def test_a_lesson_stops_before_the_answer(learn):
    said = learn("pooling", typed=BEGIN)

    assert "enter continue q stop here Student: My feature maps are as large as the image." in said
    assert "What could you leave out without losing anything important? Your answer? (enter skips, q stops)" in said
    assert "Every second pixel?" not in said
    assert said.endswith("Your place is saved. To continue: grade learn pooling")


def test_after_a_wrong_guess_the_lesson_goes_on(learn):
    said = learn("pooling", typed=f"{BEGIN}the last one\nq\n")

    assert f"q stops) Student: Every second pixel? Teacher: {TEACHERS_LINE}" in said
    assert "wrong" not in said.lower()


def test_a_students_question_asks_for_a_reply(learn):
    said = learn("pooling", typed=f"{BEGIN}\n\n\n")

    assert "Student: And do 32 maps become 16? What would you reply? (enter skips, q stops)" in said
    assert "No, each map is pooled separately" not in said


def test_a_lesson_continues_at_the_question_that_was_not_passed(learn):
    learn("pooling", typed=f"{BEGIN}\n\nq\n")
    said = learn("pooling")

    assert said.startswith("Pooling, part 1 of 4 Teacher: What if all four are negative? Student: Then 0 would win")
    assert TEACHERS_LINE not in said


def test_without_a_topic_the_lesson_that_was_begun_continues(learn):
    assert learn().startswith("Why convolutional networks, part 1 of 4")
    learn("pooling", typed="\n")
    assert learn().startswith("Pooling, part 1 of 4")


def test_again_starts_from_the_beginning(learn):
    learn("pooling", typed=f"{BEGIN}\n\n\n")

    assert learn("pooling", "--again").startswith("Pooling, part 1 of 4 Objectives After this lesson you can:")


def test_a_lesson_that_is_finished_starts_again_and_says_so(learn, finished):
    finished("pooling", "practice/4")
    said = learn("pooling")

    assert said.startswith("You have finished this lesson before. It starts again. Pooling, part 1 of 4 Objectives")


def test_cards_and_a_question_follow_a_part_in_the_same_record(learn, reviews):  # noqa: F811
    said = learn("pooling", typed=f"{BEGIN}{GUESSES}\n" + "\n3\n" * len(FIRST_CARDS) + "1\ns\n")

    assert "The cards of this part [pooling] new What is: Pooling layer?" in said
    assert "Question 1 of 1 [pooling]" in said
    assert "Pooling, part 2 of 4" in said
    *cards, question = reviews()
    assert [(one.card_key, one.source) for one in cards] == [(key, "card") for key in FIRST_CARDS]
    assert question.source == "quiz"


def test_a_forgotten_card_is_asked_again_and_a_remembered_one_is_not(learn, reviews):  # noqa: F811
    learn("pooling", typed=f"{BEGIN}{GUESSES}\n\n1\n" + "\n3\n" * len(FIRST_CARDS) + "q\n")

    forgotten, *others = FIRST_CARDS
    assert [(one.card_key, one.rating) for one in reviews()] == [
        (forgotten, 1), *((key, 3) for key in others), (forgotten, 3)
    ]  # fmt: skip
    assert "The cards of this part" not in learn("pooling")
    assert "Question 1 of 1 [pooling]" in learn("pooling")


def test_a_card_that_was_split_off_a_known_one_is_not_asked_as_new(learn, state):
    cards = {key: card for key, card in read_decks(ROOT).items() if card.topic == "pooling"}
    split = next(card for card in cards.values() if card.split)
    steps = steps_of(read_lessons(ROOT)["pooling"], list(cards))
    place = next(place for place, step in enumerate(steps) if isinstance(step, Practice) and split.id in step.cards)
    with LearningRecord(state / "study.db") as record:
        record.add_events([("learnt", step.key, "") for step in steps[:place]])
        for key in {*steps[place].cards, split.split} - {split.id}:
            record.add_review(key, 4, now_ms=milliseconds_now(), content_hash="an earlier text")

    said = learn("pooling")
    assert "The cards of this part" not in said
    assert "Question 1 of 1 [pooling]" in said


def test_the_result_of_an_example_is_hidden_until_a_guess(learn, finished):
    finished("pooling", "worked-example/before")
    said = learn("pooling", typed="\n")

    assert said.endswith(
        ">>> max_pool2d(-x).item() What does the last line show? (enter skips, q stops) "
        "Your place is saved. To continue: grade learn pooling"
    )
    assert "(7.0, 4.0) >>>" in said
    assert "Your own code" not in said
    assert "-1.0" not in said


def test_an_example_continues_with_the_statements_that_have_run(learn, finished):
    finished("pooling", "worked-example/4")
    said = learn("pooling")

    assert ">>> x = np.array([[1.0, 3.0], [5.0, 7.0]]).reshape(1, 2, 2, 1) >>> max_pool2d(x).item()" in said
    assert "(7.0, 4.0)" not in said
    assert said.count(">>> max_pool2d(-x).item() What does the last line show?") == 1


@pytest.mark.parametrize(("typed", "reply"), [("7 and 4", "As you said."), ("7, 16", "You said: 7, 16")])
def test_a_guess_is_compared_with_the_result(learn, finished, typed, reply):
    finished("pooling", "worked-example/before")

    assert f"(7.0, 4.0) {reply} >>>" in learn("pooling", typed=f"{typed}\n")


def test_the_example_runs_the_learners_own_code(learn, finished, tmp_path):
    shutil.copy(ROOT / "solutions" / "02_pooling" / "pooling.py", tmp_path)
    finished("pooling", "worked-example/before")
    said = learn("pooling", typed="\n\n\n\n\n")

    assert said.count("Your own code shows the same.") == 5


def test_a_wrong_result_of_ones_own_code_stands_beside_ours(learn, finished, tmp_path):
    wrong = (ROOT / "solutions" / "02_pooling" / "pooling.py").read_text(encoding="utf-8")
    wrong += "\n\ndef avg_pool2d(x, size=2, stride=None, padding='valid'):\n    return 4 * max_pool2d(x)\n"
    (tmp_path / "pooling.py").write_text(wrong, encoding="utf-8")
    finished("pooling", "worked-example/before")

    assert "(7.0, 4.0) Your own code shows (7.0, 28.0). >>>" in learn("pooling", typed="\n")


def test_ours_answer_for_functions_that_are_not_written(learn, finished, tmp_path):
    stub = (ROOT / "exercises" / "02_pooling" / "pooling.py").read_text(encoding="utf-8")
    finished("pooling", "worked-example/before")
    (tmp_path / "pooling.py").write_text(stub, encoding="utf-8")
    assert "Your own code" not in learn("pooling", typed="\n")

    written = "\n\ndef max_pool2d(x, size=2, stride=None, padding='valid'):\n    return np.full((1, 1, 1, 1), 9.0)\n"
    (tmp_path / "pooling.py").write_text(stub + written, encoding="utf-8")
    said = learn("pooling", typed="\n")
    assert (
        "-1.0 Your own code shows 9.0 (avg_pool2d, global_avg_pool2d: not written yet, answered by ours). >>>" in said
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('\\x1b[31mno')", "Your own code ends here: your max_pool2d raised ValueError: "),
        ("import os; os._exit(0)", "Your own code ends here: your max_pool2d did not return: "),
        ("return print", "Your own code ends here: your max_pool2d returned a value that is not plain data"),
        ("open('touched', 'w').write('x'); return x[:, :1, :1]", "(7.0, 4.0)"),
    ],
)
def test_ones_own_code_runs_in_a_sandbox(learn, finished, tmp_path, body, said):
    text = (ROOT / "solutions" / "02_pooling" / "pooling.py").read_text(encoding="utf-8")
    (tmp_path / "pooling.py").write_text(f"{text}\n\ndef max_pool2d(x, *a, **k):\n    {body}\n", encoding="utf-8")
    finished("pooling", "worked-example/before")
    shown = learn("pooling", typed="\n")

    assert said in shown
    assert "(7.0, 4.0)" in shown
    assert "\x1b" not in shown
    assert not (tmp_path / "touched").exists()


def test_a_file_that_cannot_be_read_leaves_ours(learn, finished, tmp_path):
    (tmp_path / "pooling.py").write_text("def max_pool2d(:\n", encoding="utf-8")
    finished("pooling", "worked-example/before")

    assert "(7.0, 4.0) >>>" in learn("pooling", typed="\n")


def test_a_whole_course_can_be_learnt(learn, finished):
    for topic in read_lessons(ROOT):
        finished(topic, "practice/4")
    assert learn().startswith("You have finished this lesson before. It starts again. Why convolutional networks")


@pytest.mark.parametrize("topic", read_lessons(ROOT))
def test_every_lesson_can_be_gone_through(learn, topic, reviews):  # noqa: F811
    """Enter, 3, 1 and s pass every prompt in the end."""
    said = learn(topic, typed="\n3\n1\ns\n" * 200)

    assert "You have finished this lesson." in said
    assert f"grade quiz {topic}" in said
    assert [one.source for one in reviews()].count("quiz") == 4


def test_wrong_arguments(learn, tmp_path):
    assert 'there is no topic "poling"' in learn("poling", code=2)
    assert "This course has no material for study" in learn("--course", str(tmp_path), code=2)


def test_reading_guessing_wrong_stopping_and_continuing_in_a_terminal(tmux):  # noqa: F811
    tmux.start("learn", "pooling")
    tmux.wait_for("enter continue")
    assert "Student:" not in tmux.screen()
    tmux.type("Enter")
    tmux.wait_for("Your answer?")
    assert "Every second pixel?" not in tmux.screen()
    tmux.type("the last rows", "Enter")
    tmux.wait_for("Every second pixel?")
    tmux.wait_for("What if all four are negative?")
    tmux.type("q", "Enter")
    tmux.wait_for("ended 0")
    tmux.run("kill-server")
    tmux.start("learn", "pooling")
    tmux.wait_for("What if all four are negative?")
    tmux.wait_for("Your answer?")
    tmux.type("C-c")
    tmux.wait_for("To continue: grade learn pooling")
    tmux.wait_for("ended 0")


def test_ctrl_d_stops_and_keeps_the_place(tmux):  # noqa: F811
    tmux.start("learn", "2", width=50)
    tmux.wait_for("enter continue")
    tmux.type("Enter")
    tmux.wait_for("Your answer?")
    tmux.type("C-d")
    tmux.wait_until(lambda: "To continue: grade learn pooling" in " ".join(tmux.screen().split()), "the place")
    assert max(map(len, tmux.screen().splitlines())) <= 50


def test_help_is_light():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", "learn", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert done.returncode == 0
    assert names & {"numpy", "pytest", "pydantic", "yaml", "rich", "sqlite3"} == set()


def test_a_plain_process_in_place_of_the_sandbox_is_named(tmp_path, monkeypatch, capsys):
    class WithoutNamespaces(sandbox.Zygote):
        def __init__(self, flavour, isolation, hidden):
            if isolation is sandbox.Isolation.NAMESPACES:
                raise sandbox.IsolationError("namespaces are a thing of Linux")
            super().__init__(flavour, isolation, hidden)

    monkeypatch.setattr(sandbox, "Zygote", WithoutNamespaces)
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "solutions" / "02_pooling" / "pooling.py", tmp_path)
    with own_functions(ROOT, {"pooling": ("global_avg_pool2d",)}) as own:
        assert own["pooling"]["global_avg_pool2d"]([[[[3.0]]]]).item() == 3

    assert capsys.readouterr().err == (
        "Note: your functions run as a plain process with limits: namespaces are a thing of Linux.\n"
    )
