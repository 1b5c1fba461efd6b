"""`grade similarity`: copies are listed, independent programs are not, and nothing of it is a verdict."""

import json
import random
from dataclasses import replace

import pytest

from benchmarks.disguises import DISGUISES, renamed
from grader.batch import likeness
from grader.batch.common_passages import LINES_SHOWN, PASSAGES_SHOWN, common_passages
from grader.batch.fingerprint import MOST_TOKENS, program_tokens, runs_of, winnowed
from grader.batch.likeness import FEWEST_OWNERS, PAIRS_SHOWN, PARTNERS, Program, compared
from grader.batch.source_reader import MOST_CHARACTERS, SourceReader
from grader.report.pages.similar_pairs import NO_VERDICT
from tests.batch.small_class import grade_class, grade_says, without_workers
from tests.batch.stand_in import COURSE, ROOT, notebook

__all__ = ["without_workers"]
DROPOUT = COURSE.find("3")
FUNCTIONS = frozenset(DROPOUT.rubric.functions)
INDEPENDENT = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests" / "independent" / "03_dropout" / "right").glob("*.py"))
}
LOOPS, SLICES, BEGINNER = (INDEPENDENT[name] for name in ("loops", "slices", "beginner"))


def program(text, name="ada"):
    return Program((name,), text, winnowed(runs_of(program_tokens(text, FUNCTIONS))))


def shares(*texts):
    """Return the share of each pair of programs, by their places."""
    pairs = compared(DROPOUT, [program(text) for text in texts], 0.01).pairs
    return {(first, second): share for share, first, second in pairs}


def page_of(out, exercise="03_dropout"):
    return (out / "similarity" / f"{exercise}.html").read_text(encoding="utf-8")


class TestShares:
    @pytest.mark.parametrize("disguise", DISGUISES.values(), ids=list(DISGUISES))
    @pytest.mark.parametrize("original", INDEPENDENT)
    def test_a_copy_is_found_in_each_disguise(self, original, disguise):
        texts = list(INDEPENDENT.values())
        copy = disguise(INDEPENDENT[original], random.Random(3))

        assert shares(*texts, copy)[list(INDEPENDENT).index(original), len(texts)] >= 0.5

    def test_independent_programs_are_not_listed(self):
        assert max(shares(*INDEPENDENT.values()).values(), default=0) < 0.3

    @pytest.mark.parametrize(
        "right",
        [DROPOUT.stub, DROPOUT.reference_path, *sorted(DROPOUT.taste_path("x").parent.glob("*.py"))],
        ids=lambda path: path.stem,
    )
    def test_what_the_course_shows_does_not_count(self, right):
        text = right.read_text(encoding="utf-8")

        assert compared(DROPOUT, [program(text), program(renamed(text, random.Random(3)))], 0.01).pairs == []

    def test_what_more_than_a_third_of_the_class_has_does_not_count(self):
        own = [f"def own_{at}(a):\n" + f"    a = a.part_{at}(1)[{at}] + a.other_{at}\n" * 9 for at in range(12)]
        few = [f"{LOOPS}\n{text}" if at < FEWEST_OWNERS + 1 else text for at, text in enumerate(own)]
        many = [f"{LOOPS}\n{text}" if at < 5 else text for at, text in enumerate(own)]

        assert shares(*few)[0, 1] > 0.3
        assert shares(*many) == {}

    def test_a_ring_of_copies_does_not_discount_itself(self):
        ring = [renamed(LOOPS, random.Random(seed)) for seed in range(8)]

        assert shares(*ring, SLICES)[0, 1] == 1

    def test_in_a_ring_each_one_has_few_partners(self):
        ring = [renamed(LOOPS, random.Random(seed)) for seed in range(30)]

        assert len(shares(*ring)) <= PARTNERS * len(ring)

    def test_a_short_program_is_not_compared(self):
        assert compared(DROPOUT, [program("def dropout(x): return x.own()"), program(LOOPS)], 0.01).highest == {1: 0}

    def test_a_padded_copy_has_the_share_of_the_smaller_program(self):
        padding = "".join(f"def pad_{at}(a):\n    return a.kind_{at} * {at}\n" for at in range(200))

        assert shares(LOOPS, LOOPS + padding)[0, 1] > 0.9


class TestFingerprint:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("x = f'a'", 'y = "b"'),
            ("x = (1 + y)", "a = 1 + b"),
            ("f(x, y,)", "g(a, b)"),
            ("def f(x):\n    '''Return x.'''\n    return x", "def g(a): return (a)"),
            ("x = 1\r\ny = 2\r\n", "x = 1 # one\n\n\ny = 2"),
        ],
    )
    def test_the_layout_does_not_count(self, one, other):
        first, second = ([(token.text, token.is_free) for token in program_tokens(text)] for text in (one, other))

        assert [("name" if is_free else text) for text, is_free in first] == [
            ("name" if is_free else text) for text, is_free in second
        ]

    def test_names_count_by_where_they_stand_again(self):
        text = "a = b * c + a * d - b + c + d"

        assert runs_of(program_tokens(text)) == runs_of(program_tokens(text.replace("a", "long_name")))
        assert runs_of(program_tokens(text)) != runs_of(program_tokens(text.replace("d", "a")))

    def test_a_broken_program_has_a_fingerprint(self):
        assert winnowed(runs_of(program_tokens("def f(:\n  'open \\\n" + "x = y.a[1] ** 2\n" * 9)))

    def test_only_so_many_tokens_count(self):
        assert len(program_tokens("a " * 2 * MOST_TOKENS)) == MOST_TOKENS


class TestPassages:
    def test_they_stand_side_by_side_with_the_same_lines_marked(self):
        copy = renamed(LOOPS, random.Random(3))
        (passage, *others), left_out = common_passages((LOOPS, copy), FUNCTIONS, frozenset())

        assert not others
        assert left_out == 0
        assert [line.text for line in passage.left] == LOOPS.rstrip("\n").split("\n")
        assert all(line.is_same == bool(line.text.strip()) for line in passage.left)

    def test_a_comment_is_not_marked(self):
        text = "a = b.first(1)\nc = d.second(2)\n# mine\ne = f.third(3)\ng = h.fourth(4)\n"
        ((passage,), _) = common_passages((text, text.replace("# mine\n", "")), (), frozenset())

        assert [line.is_same for line in passage.left] == [True, True, False, True, True]
        assert [line.number for line in passage.right] == [1, 2, 3, 4]

    def test_what_is_discounted_is_no_passage(self):
        assert common_passages((LOOPS, LOOPS), FUNCTIONS, frozenset(runs_of(program_tokens(LOOPS, FUNCTIONS)))) == (
            (),
            0,
        )

    def test_there_are_only_so_many_and_only_so_long(self):
        pieces = [f"a{at} = b.first_{at}(1)[2] * c.second_{at}(3)[4] - d.third_{at}(5)\n" for at in range(40)]
        passages, left_out = common_passages(("".join(pieces), "".join(reversed(pieces))), (), frozenset())
        assert len(passages) == PASSAGES_SHOWN
        assert left_out == 40 - PASSAGES_SHOWN

        long = "".join(f"a = b.first_{at}(1)\n" for at in range(LINES_SHOWN + 5))
        ((passage,), _) = common_passages((long, long), (), frozenset())
        assert len(passage.left) == LINES_SHOWN
        assert passage.left_out == 5


class TestReader:
    def answer(self, tmp_path, content, name="dropout.py", **more):
        (tmp_path / name).write_bytes(content)
        task = {"learner": "ada", "exercise": "03_dropout", "unreadable": "", "source": str(tmp_path), **more}
        return json.loads(SourceReader(COURSE).answer({"places": [[name, [name], "", ""]], **task})["report"])

    @pytest.fixture(autouse=True)
    def _without_limits(self, monkeypatch):
        monkeypatch.setattr("grader.batch.source_reader.limit_memory", lambda most_bytes: None)

    def test_it_reads_a_notebook_like_a_file(self, tmp_path):
        cell = {"cell_type": "code", "source": LOOPS, "outputs": [], "metadata": {}, "execution_count": None}
        trial = {**cell, "source": "!pip install x"}
        content = json.dumps({"cells": [trial, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()

        assert frozenset(self.answer(tmp_path, content, "dropout.ipynb")["prints"]) == program(LOOPS).prints

    def test_it_says_why_a_file_cannot_be_read(self, tmp_path):
        assert "binary data" in self.answer(tmp_path, b"\0")["why"]

    def test_it_does_not_read_a_file_again_that_broke_a_reader(self, tmp_path):
        assert self.answer(tmp_path, b"x = 1", unreadable="why")["why"] == "reading it took too much time or memory"

    def test_it_takes_only_so_many_characters(self, tmp_path):
        assert len(self.answer(tmp_path, b"a = 1\n" * MOST_CHARACTERS)["text"]) == MOST_CHARACTERS


FILES = {
    "ada/dropout.py": LOOPS,
    "ben/dropout.ipynb": notebook(renamed(LOOPS, random.Random(3))),
    "cy/dropout.py": SLICES,
    "dee/dropout.py": SLICES,
    "eve/dropout.py": BEGINNER,
    "fay/dropout.py": "stub",
    "gus/dropout.py": "x = 1",
    "hal/dropout.py": "\0",
}


@pytest.mark.usefixtures("without_workers")
class TestCommand:
    def test_it_lists_copies_and_says_that_this_is_no_verdict(self, tmp_path, capsys):
        grade_class(tmp_path, FILES, roster="")
        said = grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1)

        assert "03_dropout: 4 programs compared\n" in said
        assert " 100 %  ada | ben\n" in said
        assert said.count(" | ") == 1
        assert NO_VERDICT in said
        assert "Identical files: cy, dee\n" in said
        assert "Too little code of their own to compare: 1 program.\n" in said
        assert "Not compared: hal: dropout.py contains binary data" in said
        assert "fay" not in said
        page = page_of(tmp_path / "out")
        assert NO_VERDICT in page
        assert "def dropout_backward" in page

    def test_the_members_of_a_group_are_no_pair(self, tmp_path, capsys):
        roster = "id,name,group\nada,Ada,g1\nben,Ben,g1\ncy,Cy,g2\n"
        grade_class(tmp_path, {"ada/dropout.py": LOOPS, "cy/dropout.py": SLICES}, roster=roster)
        said = grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1)

        assert "2 programs compared" in said
        assert "No two programs have a share of 50 % or more." in said
        assert "Identical" not in said

    def test_pages_have_pseudonyms_if_the_results_have_them(self, tmp_path, capsys):
        files = {"ada/dropout.py": LOOPS, "ben/dropout.py": renamed(LOOPS, random.Random(3))}
        grade_class(tmp_path, files, anonymous=True)
        said = grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1)

        assert "100 %  anon-" in said
        assert not {"ada", "ben"} & {word for text in (said, page_of(tmp_path / "out")) for word in text.split()}

    def test_a_lower_limit_lists_more(self, tmp_path, capsys):
        half = LOOPS[: LOOPS.index("def dropout_backward")] + SLICES[SLICES.index("def dropout_backward") :]
        grade_class(tmp_path, {"ada/dropout.py": LOOPS, "ben/dropout.py": half}, roster="")

        out = tmp_path / "out"
        assert "ada | ben" not in grade_says(capsys, "similarity", out, "--workers", 1, "--at-least", 90)
        said = grade_says(capsys, "similarity", out, "--workers", 1, "--at-least", 20)
        assert "ada | ben" in said
        assert said.endswith(".html\n")

    def test_only_one_exercise_can_be_compared(self, tmp_path, capsys):
        grade_class(tmp_path, {"ada/dropout.py": LOOPS, "ada/pooling.py": "pooling"}, roster="")
        out = tmp_path / "out"

        assert "02_pooling" not in grade_says(capsys, "similarity", out, "--exercise", "dropout", "--workers", 1)
        assert not (out / "similarity" / "02_pooling.html").exists()
        said = grade_says(capsys, "similarity", out, "--exercise", 4, code=2)
        assert "has no programs of 04_batch_norm to compare. An unchanged stub is no program." in said
        assert 'There is no exercise "9"' in grade_says(capsys, "similarity", out, "--exercise", 9, code=2)

    def test_nothing_is_run(self, tmp_path, capsys):
        mark = tmp_path / "mark"
        grade_class(tmp_path, {"ada/dropout.py": f"open({str(mark)!r}, 'w')\n{LOOPS}"}, roster="")
        grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1)

        assert not mark.exists()

    def test_a_page_that_cannot_be_written_is_named(self, tmp_path, capsys):
        grade_class(tmp_path, {"ada/dropout.py": LOOPS}, roster="")
        (tmp_path / "out" / "similarity").write_text("", encoding="utf-8")

        said = grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1, code=2)
        assert "similarity/03_dropout.html cannot be written: " in said

    def test_ctrl_c_ends_it(self, tmp_path, capsys, monkeypatch):
        grade_class(tmp_path, {"ada/dropout.py": LOOPS}, roster="")
        monkeypatch.setattr(likeness, "_read", lambda pool, journal, unread: (_ for _ in ()).throw(KeyboardInterrupt))

        assert "Stopped." in grade_says(capsys, "similarity", tmp_path / "out", "--workers", 1, code=130)


def test_results_without_a_journal_are_named(tmp_path, capsys):
    assert "There is no folder" in grade_says(capsys, "similarity", tmp_path / "nothing", code=2)
    assert "contains no journal.db" in grade_says(capsys, "similarity", tmp_path, code=2)


def test_a_long_list_is_cut():
    ring = [renamed(LOOPS, random.Random(seed)) for seed in range(60)]
    programs = [program(text, f"learner{at}") for at, text in enumerate(ring)]
    opened = type("Opened", (), {"run": 1, "journal": Nobody(), "shown_names": lambda self: Nobody()})()
    found = likeness.similarity(opened, DROPOUT, programs, 0.5)

    assert len(found.pairs) == PAIRS_SHOWN
    assert found.more > 0
    assert found.counts == (0,) * 9 + (60,)
    unread = replace(programs[0], prints=frozenset(), why="unreadable")
    assert likeness.similarity(opened, DROPOUT, [unread], 0.5).unread == (("learner0", "unreadable"),)


class Nobody:
    """Names of learners as they are, and no identical files."""

    def shown(self, learner):
        return learner

    def identical(self, run):
        return {}
