"""The commands as users run them: through a pipe, in tmux, in narrow windows, without colour."""

import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.graded_exercise import keep_grading
from grader.study.learning_record import LearningRecord
from grader.study.question_bank import QuestionBank
from grader.study.questions import Choice
from grader.study.quiz_session import QuizSession
from tests.needs import needs_program
from tests.study.right_answers import right_answer

GRADE = [sys.executable, "-m", "grader"]
CARDS = read_decks(builtin_course_root())


@pytest.fixture
def grade():
    """`grade("flashcards", typed="...")` runs the command with this input."""

    def _grade(*arguments, typed="", code=0, **environment):
        done = subprocess.run(
            [*GRADE, *map(str, arguments)], input=typed, capture_output=True, text=True, timeout=60,
            env={**os.environ, **environment},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return _grade


@pytest.fixture
def reviews(state):
    def _reviews():
        with LearningRecord(state / "study.db") as record:
            return record.reviews()

    return _reviews


@pytest.fixture
def tmux(tmp_path, state):
    """A terminal: `tmux.type(keys)`, `tmux.wait_for(text)`."""
    needs_program("tmux", "a terminal")

    class Tmux:
        starts = 0
        socket = str(tmp_path / "tmux")

        def start(self, *arguments, width=80, setting=""):
            self.starts += 1
            self.socket = str(tmp_path / f"tmux-{self.starts}")  # a server that was killed may not have ended yet
            command = f"unset COLUMNS NO_COLOR; {setting} CNN_GRADER_STATE={state} TERM=screen {' '.join([*GRADE, *arguments])}; echo ended $?; sleep 60"
            self.run("new-session", "-d", "-x", str(width), "-y", "40", command)

        def run(self, *arguments):
            command = ["tmux", "-f", "/dev/null", "-S", self.socket, *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=False).stdout

        def type(self, *keys):
            self.run("send-keys", *keys)

        def screen(self):
            return self.run("capture-pane", "-p", "-J")

        def wait_for(self, text):
            self.wait_until(lambda: text in self.screen(), repr(text))

        def wait_until(self, condition, what):
            deadline = time.monotonic() + 20
            while not condition():
                assert time.monotonic() < deadline, f"{what} did not come:\n{self.screen()}"
                time.sleep(0.05)

    tmux = Tmux()
    yield tmux
    tmux.run("kill-server")


def test_flashcards_through_a_pipe(grade, reviews):
    said = grade("flashcards", "pooling", typed="\n3\n\n1\n\nu\ns\nq\n")

    assert said.startswith("0 due, 7 new.\n")
    assert "What is: Pooling layer?" in said
    assert "Undone." in said
    assert said.endswith("1 answer saved.\n7 cards are left. To continue: grade flashcards pooling\n")
    assert [(one.card_key, one.rating) for one in reviews()] == [("pool-layer", 3)]
    assert "\x1b" not in said


def test_the_end_of_the_input_saves_and_ends(grade, reviews):
    assert grade("flashcards", typed="\n4\n").endswith(
        "1 answer saved.\n6 cards are left. To continue: grade flashcards\n"
    )
    assert len(reviews()) == 1


@pytest.mark.thorough
def test_a_session_killed_after_each_answer_loses_none(reviews, state):
    """Thirty times: answer a card, see the next one, kill -9."""
    for kill in range(1, 31):
        command = [*GRADE, "flashcards", "--cram", "--plain"]
        session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        session.stdin.write("\n3\n")
        session.stdin.flush()
        seen = 0
        while seen < 2:
            seen += "show the answer" in session.stdout.readline()
        session.kill()
        session.wait()
        session.stdin.close()
        session.stdout.close()
        assert len(reviews()) == kill
    db = sqlite3.connect(state / "study.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_flashcards_in_a_terminal(tmux, reviews):
    tmux.start("flashcards", "pooling")
    tmux.wait_for("What is: Pooling layer?")
    assert "A layer that makes" not in tmux.screen()
    tmux.type("Space")
    tmux.wait_for("A layer that makes")
    tmux.type("1")
    tmux.wait_for("What does max pooling keep")
    tmux.type("u")
    tmux.wait_for("Undone.")
    tmux.type("Space")
    tmux.wait_for("1 again")
    tmux.type("4")
    tmux.wait_until(reviews, "the answer")  # Ctrl-C makes the terminal forget keys that nobody has read
    tmux.type("C-c")
    tmux.wait_for("ended 0")
    assert [one.rating for one in reviews()] == [4]


@pytest.mark.parametrize("setting", ["", "NO_COLOR=1"])
def test_no_colour_with_no_color(tmux, setting):
    tmux.start("flashcards", "pooling", setting=setting)
    tmux.wait_for("What is: Pooling layer?")
    coloured = "\x1b[" in tmux.run("capture-pane", "-p", "-e")

    assert coloured == (setting == "")


@pytest.mark.parametrize("width", [80, 40])
def test_a_quiz_in_a_terminal(tmux, reviews, width):
    tmux.start("quiz", "pooling", "--seed", "1", "--count", "2", width=width)
    tmux.wait_for("1 of 2")
    tmux.wait_for("(q quits)")
    tmux.type("nonsense,,", "Enter")
    tmux.wait_for("> ")
    tmux.type("q", "Enter")
    tmux.wait_for("ended 0")
    assert max(map(len, tmux.screen().splitlines())) <= width


@pytest.mark.parametrize("width", [80, 40])
def test_nothing_is_wider_than_the_window(grade, width):
    said = grade("flashcards", typed="\n3\n" * 10, COLUMNS=str(width))
    said += grade("quiz", "--seed", 2, typed="1\ns\n" * 10, COLUMNS=str(width))

    assert max(map(len, said.splitlines())) <= width


def test_a_quiz_through_a_pipe(grade, reviews):
    """Fourteen questions of every kind, first with a key that does nothing."""
    bank = QuestionBank(builtin_course_root())
    asked = [bank.ask(one, 1, typed=True) for one in planned(bank, 1, "convolution")[:14]]
    typed = "".join(f"{right_answer(one)}\nx\nu\n" for one in asked)
    said = grade("quiz", "convolution", "--seed", 1, "--count", 14, typed=typed)

    assert len({one.question.kind for one in asked}) >= 4
    assert said.count("How sure are you?  s sure  u unsure  q quit") == 2 * 14
    assert "\n14 of 14 right.\n  convolution: 14 of 14\n" in said
    assert [(one.source, one.rating) for one in reviews()] == [("quiz", 2)] * 14


def test_wrong_answers_are_explained_and_counted(grade, reviews):
    """After some right answers, a wrong one whose misconception is known."""
    bank, seed = QuestionBank(builtin_course_root()), 2
    plan = [bank.ask(one, seed, typed=True) for one in planned(bank, seed, "why-cnns")]
    place, asking, wrong = next(
        (place, one, wrong)
        for place, one in enumerate(plan)
        if place and isinstance(one.question, Choice)
        for wrong in one.question.wrong
        if str(wrong.answer) in one.options and wrong.misconception
    )
    typed = "".join(f"{right_answer(one)}\nu\n" for one in plan[:place])
    typed += f"{asking.options.index(str(wrong.answer)) + 1}\n"
    quiz = ["quiz", "0", "--seed", seed, "--count", 20]
    grade(*quiz, typed=f"{typed}q\n")
    assert len(reviews()) == place  # left before it was said how sure
    said = " ".join(grade(*quiz, typed=f"{typed}s\nq\n").split())

    assert f"Wrong. {wrong.because}" in said
    assert f"Right: {asking.question.right}" in said
    assert "You were sure, so this question comes again within a week." in said
    assert f"{place} of {place + 1} right." in said
    assert "To read more: grade lesson why-cnns" in said
    last = reviews()[-1]
    name = f"quiz:{asking.question.id}"
    assert (last.card_key, last.rating, last.confidence, last.variant_seed) == (name, 1, "sure", seed)
    assert f"{wrong.misconception}: 1 time\n" in grade("progress")


def test_progress_shows_the_most_frequent_misconceptions(grade, state):
    """One is defined in a quiz, one in the catalogue. The third is no longer in the course, so only its id is shown."""
    names = ["why.fields-add"] * 3 + ["pool.avg-is-sum"] * 2 + ["why.long-gone"]
    with LearningRecord(state / "study.db") as record:
        record.add_events([("misconception", "quiz:x", name) for name in names], 1)

    assert (
        "  why.fields-add: 3 times\n    Belief: The kernel sizes of two layers add up.\n"
        "  pool.avg-is-sum: 2 times\n    Belief: An average is a sum.\n  why.long-gone: 1 time\n\nNext: "
    ) in grade("progress")


def test_a_quiz_begins_with_questions_about_failed_checks(grade, state):
    failed = {"test_fraction_dropped": "Drops about 30 % of the units at rate 0.3."}
    keep_grading(state / "study.db", builtin_course_root(), "03_dropout", 3.0, 8.0, failed, set())
    said = " ".join(grade("quiz", typed="1\ns\nq\n").split())

    assert f'Question 1 of 10 [dropout] you missed this in exercise 3: "{failed["test_fraction_dropped"]}"' in said
    assert "you missed this" not in grade("quiz", typed="q\n")


def test_a_file_that_is_graded_many_times_counts_once(state):
    for _ in range(3):
        keep_grading(state / "study.db", builtin_course_root(), "02_pooling", 3.0, 12.0, {}, {"pool.avg-is-sum"})
    with LearningRecord(state / "study.db") as record:
        assert len(record.events("graded")) == 3
        assert len(record.events("misconception")) == 1
        forwards = [event.card_key for event in record.events("forward")]
        assert len(forwards) == len(set(forwards)) > 0


@pytest.mark.parametrize("name", ["tl-trained-parameters", "tl-range-of-base", "conv-depth"])
def test_every_review_asks_a_new_variant(state, name):
    bank = QuestionBank(builtin_course_root())
    asked = []
    for _ in range(6):
        with LearningRecord(state / "study.db") as record:
            session = QuizSession(record, bank)
            asked.append(session.ask(name))
            session.answer(asked[-1], "1", "unsure")

    variants = [one.variant for one in asked]
    assert variants == sorted(set(variants))
    if name != "conv-depth":  # of a fixed question, only where the answers stand
        texts = [one.question.ask for one in asked]
        assert all(len(set(texts[i : i + 4])) == 4 for i in range(3)), texts


def test_cards_about_failed_checks_come_first(grade, state):
    keep_grading(
        state / "study.db",
        builtin_course_root(),
        "02_pooling",
        3.0,
        12.0,
        {"test_max_default_stride": "Gives a constant map back."},
        set(),
    )
    said = grade("flashcards", typed="q\n")

    assert '[pooling] you missed this in exercise 2: "Gives a constant map back."' in said
    assert CARDS["pool-stride"].front in said
    progress = grade("progress")
    assert "3 / 12" in progress
    assert progress.endswith("Next: 1 card is due: grade flashcards\n")


def test_a_diagnosis_brings_its_cards_forward_from_any_exercise(grade, state):
    keep_grading(state / "study.db", builtin_course_root(), "02_pooling", 3.0, 12.0, {}, {"pool.avg-is-sum"})

    assert "you missed this in exercise 2" in grade("flashcards", typed="q\n")


def test_grading_an_exercise_brings_cards_forward(grade):
    sample = Path(__file__).parents[1] / "samples" / "03_dropout" / "dropout.py"
    grade("exercise", "3", sample, code=1)

    assert "[dropout] you missed this in exercise 3" in grade("flashcards", typed="q\n")


def test_statistics_export_import_and_forget(grade, state, tmp_path):
    assert "You have not answered anything yet" in grade("study", "stats")
    grade("flashcards", typed="\n3\n\n1\nq\n")
    said = grade("study", "stats")
    assert "2 answers on 1 day: 2 cards and 0 questions seen." in said
    assert "█" in said
    copy = tmp_path / "copy.jsonl"
    grade("study", "export", "--out", copy)
    revlog = grade("study", "export", "--form", "revlog").splitlines()
    assert len(revlog) == 3
    assert [line.split(",")[3] for line in revlog[1:]] == ["3", "1"]
    assert "all answers" in grade("study", "forget", code=2)
    assert grade("study", "forget", "--all") == "Everything is deleted.\n"
    assert not (state / "study.db").exists()
    assert grade("study", "import", copy) == "Added 2 answers and 0 events.\n"
    assert grade("study", "import", copy) == "Added 0 answers and 0 events.\n"
    assert "is not a study log, a review log or an Anki package" in grade("study", "import", Path(__file__), code=2)
    assert grade("study", "import", tmp_path / "nothing", code=2) == (
        f"Error: There is no file {tmp_path / 'nothing'}. Give the file that `grade study export` wrote.\n"
    )
    (tmp_path / "latin-1").write_bytes(b"caf\xe9")
    assert grade("study", "import", tmp_path / "latin-1", code=2) == (
        f"Error: {tmp_path / 'latin-1'} cannot be read: its byte 3 is not UTF-8. Expected a file that "
        "`grade study export` wrote.\n"
    )


def test_lessons_in_a_pipe(grade):
    assert "pooling            Pooling\n" in grade("lesson")
    whole = grade("lesson", "2")
    assert "Student: My feature maps" in whole
    assert "**" not in whole
    assert "To recap" not in grade("lesson", "pooling", "--level", "basic")
    assert 'there is no topic "poling"' in grade("lesson", "poling", code=2)


def test_the_audiobook_continues_where_it_stopped(grade):
    def heard(*arguments, typed=""):
        said = grade("lesson", *arguments, "--audiobook", typed=typed)
        return [line for line in said.splitlines() if " of " in line and line.endswith("]")]

    assert heard("pooling") == ["1 of 4 [pooling]"]
    assert heard("pooling", typed="\nq\n") == ["2 of 4 [pooling]", "3 of 4 [pooling]"]
    assert heard() == ["1 of 28 [why-cnns]"]
    assert heard("pooling") == ["4 of 4 [pooling]"]
    assert heard("pooling") == ["1 of 4 [pooling]"]
    assert heard() == ["2 of 28 [why-cnns]"]  # to begin one lesson again leaves the others where they were


def test_options_that_exclude_each_other_and_missing_material(grade, tmp_path):
    assert "Which lesson? Choose one of why-cnns" in grade("lesson", "--listen", code=2)
    assert "Leave one of them out" in grade("lesson", "2", "--audiobook", "--level", "basic", code=2)
    for command in ("lesson", "flashcards", "quiz"):
        assert "This course has no material for study" in grade(command, "--course", tmp_path, code=2)
    assert "is not a course" in grade("progress", "--course", tmp_path, code=2)
    assert "too few key concepts" in grade("play", "--course", tmp_path)


@pytest.mark.parametrize("game", ["match", "layers"])
def test_games_through_a_pipe(grade, game):
    first = grade("play", game, "--seed", 1, "--plain", typed="1\n2\n3\n4\n5\n6\n7\n" * 10)
    assert "seconds" in first
    assert (
        first.split("seconds")[0].rsplit("\n", 1)[0]
        == grade("play", game, "--seed", 1, "--plain", typed="1\n2\n3\n4\n5\n6\n7\n" * 10)
        .split("seconds")[0]
        .rsplit("\n", 1)[0]
    )
    assert "seconds" not in grade("play", game, typed="q\n")


def test_mistakes_in_games_are_saved(grade, state):
    assert "2 of these definitions belong to no term below." in grade("play", "match", "--seed", 1, typed="1\n2\nq\n")
    grade("play", "layers", "--seed", 1, typed="1\n2\n3\n1\n2\n")
    with LearningRecord(state / "study.db") as record:
        games = [event.card_key.partition("/")[0] for event in record.events("mistaken")]
    assert set(games) == {"match", "layers"}


def test_sums_through_a_pipe(grade, reviews):
    said = grade("play", "sums", "--seed", 1, typed="nonsense\n-1\n-1\nq\n")

    assert said.startswith("You have 60 seconds. Type each number and press enter; q stops.\n")
    assert said.endswith("\n0 right, 2 wrong: your best result.\n")
    assert [(one.rating, one.source) for one in reviews()] == [(1, "game")] * 2
    assert grade("play", "sums").startswith("Your best result is 0 right.\n")


def test_a_course_without_pictures_says_so(grade, tmp_path):
    assert grade("play", "layers", "--course", tmp_path) == "This course has no pictures for this game.\n"


def test_the_game_asks_the_question_of_the_course(grade):
    said = grade("play", "layers", "--seed", 3, typed="1\n" * 5)

    assert len(re.findall(r"Which layer\?  1  2  3  (?:4  )?q quit", said)) == 5
    assert len(re.findall(r"^(Right\.|No, it was .+\.) [A-Z].+\.?$", said, re.MULTILINE)) == 5


def test_the_first_card_needs_nothing_heavy(state):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", "flashcards"],
        input="q\n", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert "What is: Convolutional neural network?" in done.stdout
    assert names & {"numpy", "tensorflow", "pytest", "pydantic", "yaml", "rich"} == set()


def test_a_record_that_cannot_be_opened(grade, state):
    state.write_text("a file where a folder should be")

    assert "Cannot use your learning record" in grade("flashcards", code=2)
    sample = Path(__file__).parents[1] / "samples" / "03_dropout" / "dropout.py"
    assert subprocess.run([*GRADE, "exercise", "3", str(sample)], capture_output=True, timeout=60).returncode == 1


def test_a_damaged_record(grade, state):
    """Each command that reads it prints one sentence, and an exercise is graded without it."""
    grade("flashcards", typed="\n3\n")
    path = state / "study.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"Z" * (len(whole) - 4096))
    for command in ("flashcards", "quiz", "play", "progress", "study stats", "study export"):
        said = grade(*command.split(), code=2)
        assert said.endswith("Rename the file, and grade will start a new one.\n"), command
        assert said.count("\n") == 1
    sample = Path(__file__).parents[1] / "samples" / "03_dropout" / "dropout.py"
    assert subprocess.run([*GRADE, "exercise", "3", str(sample)], capture_output=True, timeout=60).returncode == 1
    assert grade("study", "forget", "--all") == "Everything is deleted.\n"
    assert list(state.iterdir()) == []


def test_an_exam_is_set_once_and_remembered(grade):
    ahead = (datetime.now().astimezone() + timedelta(days=30)).date()

    assert grade("flashcards", "--exam", ahead).startswith(f"Exam on {ahead}, in 30 days.\n")
    assert grade("flashcards").startswith(f"Exam on {ahead}, in 30 days.\n")
    assert grade("flashcards", "--exam", "none").startswith("0 due")
    assert grade("flashcards").startswith("0 due")
    assert "has passed" in grade("flashcards", "--exam", "2001-01-01", code=2)
    assert '"tomorrow" is not a date; expected one such as' in grade("flashcards", "--exam", "tomorrow", code=2)


def test_input_that_is_binary_or_closed():
    for typed in (b"\xff\xfe\n1\ns\n", b"\x1b[31m\n\x00\n"):
        done = subprocess.run([*GRADE, "quiz"], input=typed, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in done.stdout
    closed = f"{' '.join(GRADE)} flashcards <&-"
    done = subprocess.run(["sh", "-c", closed], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("0 answers saved.\n7 cards are left. To continue: grade flashcards\n")


@pytest.mark.parametrize("width", [80, 40])
def test_tables_and_bars_fit_the_window(grade, width):
    grade("flashcards", typed="\n3\n" * 12)
    said = "".join(grade(*command.split(), COLUMNS=str(width)) for command in ("progress", "study stats", "lesson"))

    assert max(map(len, said.splitlines())) <= width


def test_a_lesson_in_a_pager(tmux):
    tmux.start("lesson", "pooling", width=40, setting="LESS=-R PAGER=less")
    tmux.wait_for("My feature maps")
    assert max(map(len, tmux.screen().splitlines())) <= 40
    tmux.type("q")
    tmux.wait_for("ended 0")


def test_keys_typed_too_early_are_not_lost(tmux, reviews):
    tmux.start("flashcards", "pooling")
    tmux.wait_for("What is: Pooling layer?")
    for _ in range(4):
        tmux.type("Space", "3")
    tmux.type("q")
    tmux.wait_for("4 answers saved.")
    assert len(reviews()) == 4


def test_a_stopped_session_continues(tmux, state, reviews):
    """Ctrl-Z and fg, in a shell with job control."""
    command = f"{' '.join(GRADE)} flashcards pooling"
    tmux.run("new-session", "-d", "-x", "80", "-y", "40", f"CNN_GRADER_STATE={state} TERM=screen PS1='$ ' sh -i")
    tmux.type(command, "Enter")
    tmux.wait_for("What is: Pooling layer?")
    tmux.type("C-z")
    tmux.wait_for("Stopped")
    tmux.type("fg", "Enter")
    deadline = time.monotonic() + 20
    while tmux.screen().count(command) < 2 and time.monotonic() < deadline:  # typed, stopped, and what goes on
        time.sleep(0.05)
    tmux.type("Enter")
    tmux.wait_for("1 again")
    tmux.type("3", "Enter")
    tmux.wait_for("Comes again in")
    assert len(reviews()) == 1


def test_strange_keys_in_a_terminal(tmux, reviews):
    tmux.start("flashcards", "pooling", width=40)
    tmux.wait_for("What is: Pooling layer?")
    tmux.type("Up")
    tmux.wait_for("This key does nothing here.")
    tmux.type("x")
    tmux.wait_for('"x" does nothing here.')
    tmux.type("?")
    tmux.wait_for("Enter shows the answer.")
    tmux.type("Space")
    tmux.wait_for("1 again")
    tmux.type("Enter")
    tmux.wait_for("Comes again in")
    tmux.type("C-d")
    tmux.wait_for("1 answer saved.")
    assert [one.rating for one in reviews()] == [3]


def test_a_session_in_a_terminal_is_one_page_per_card(tmux):
    tmux.start("flashcards", "dropout")
    tmux.wait_for("What is: Regularisation?")
    first = tmux.screen()
    assert re.search(r"dropout . 1 of \d+ . new", first)
    assert "╭" in first
    tmux.type("Space")
    tmux.wait_for("easy")
    shown = tmux.screen()
    assert "─ Answer ─" in shown
    assert re.search(r"1 again \d+ min  2 hard \d+ min  3 good \d+ min  4 easy \d+ d", shown)
    tmux.type("3")
    tmux.wait_for("What is: Dropout?")
    assert "Regularisation" not in tmux.screen()
    assert "Comes again in" in tmux.screen()
    tmux.type("q")
    tmux.wait_for("1 answer saved.")
    assert "1 answer in 1 minute, 1 remembered." in tmux.screen()
    assert "The next card comes in" in tmux.screen()
    assert "Next: " not in tmux.screen()  # the last line says how to continue this session
    assert "To continue: grade flashcards dropout" in tmux.screen()


def test_a_quiz_in_a_terminal_waits_before_the_next_page(tmux):
    bank = QuestionBank(builtin_course_root())
    seed = next(seed for seed in range(500) if first_asked(bank, seed) == "conv-depth")
    tmux.start("quiz", "convolution", "--seed", str(seed), "--count", "2")
    tmux.wait_for("1 of 2")
    tmux.type("1", "Enter")
    tmux.wait_for("How sure")
    tmux.type("s")
    tmux.wait_for("enter continue")
    assert "─ Answer ─" in tmux.screen()
    tmux.type("Space")
    tmux.wait_for("2 of 2")
    assert "1 of 2" not in tmux.screen()
    tmux.type("q", "Enter")
    tmux.wait_for("ended 0")


def test_a_wrong_number_is_followed_by_options(grade, reviews):
    bank = QuestionBank(builtin_course_root())
    seed = next(seed for seed in range(200) if first_asked(bank, seed) == "conv-multiplications")
    said = grade("quiz", "convolution", "--seed", seed, "--count", 1, typed="1\ns\n9\n2\n")

    assert "A number (q quits):" in said
    assert "Wrong." in said
    assert "Choose one:" in said
    assert '"9" does nothing here.' in said
    assert "Right this time." in said or "Not that one." in said
    assert [one.rating for one in reviews()][-1] == 1


def planned(bank, seed, topic):
    """Return the questions about a topic in the order of a session with this seed."""
    ids = [one for one in bank.where if bank.topic_of(one) == topic]
    return random.Random(seed).sample(ids, len(ids))


def first_asked(bank, seed, topic="convolution"):
    return planned(bank, seed, topic)[0]


@pytest.mark.parametrize(("key", "said"), [("y", "Right."), ("n", "Wrong.")])
def test_an_unknown_word_is_shown_beside_ours(grade, reviews, key, said):
    bank = QuestionBank(builtin_course_root())
    seed = next(seed for seed in range(500) if first_asked(bank, seed, "pooling") == "pool-term")
    shown = grade("quiz", "pooling", "--seed", seed, "--count", 1, typed=f"the strongest\nu\n{key}\n")

    assert 'You wrote "the strongest". Our answer: largest.\n' in shown
    assert "Was this what you meant?  y yes  n no  q quit" in shown
    assert f"\n{said}" in shown
    assert reviews()[0].right == (key == "y")


def test_the_overview_of_the_unit(grade):
    said = grade("lesson")

    assert said.startswith("Convolutional neural networks\n\nObjectives\nAfter this unit you can:\n")
    assert "R-P-T" in said
    assert "Detectives with lenses" in said
    assert "Computer vision asks" in grade("lesson", "--level", "medium")
    assert grade("lesson", "--level", "detailed") != said


def test_a_lesson_says_where_to_go_on(grade, tmp_path):
    said = grade("lesson", "pooling")

    assert said.endswith(
        "Next\n\n- remember it: grade flashcards pooling\n- test yourself: grade quiz pooling\n"
        "- write it: grade start 2, then grade exercise 2\n"
    )
    assert "Objectives\n\nAfter this lesson you can:" in said
    assert "[pooling]" in grade("quiz", typed="q\n")  # reading has begun the topic
