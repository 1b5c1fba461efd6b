"""The games: each picture has one answer, and the layers are those of the references."""

import io
import random
from collections import Counter, defaultdict
from itertools import islice

import numpy as np
import pytest

from grader.cli.commands import play
from grader.cli.dialogue import Dialogue
from grader.course import builtin_course_root
from grader.study.games import (
    best_result,
    concepts_of,
    keep_mistakes,
    keep_result,
    keep_sum,
    mistaken_in,
    names_itself,
    pairs_of,
    sums_of,
)
from grader.study.judging import judge
from grader.study.learning_record import LearningRecord
from grader.study.lessons import read_lessons
from grader.study.pictures import Transformation, drawn, picture_of, read_gallery
from grader.study.question_bank import QuestionBank

LESSONS = read_lessons(builtin_course_root())
CONCEPTS = concepts_of(LESSONS.values())
BANK = QuestionBank(builtin_course_root())
GALLERY = read_gallery(builtin_course_root())
KERNELS = {
    "a filter for changes from left to right": [[0, 0, 0], [-1, 0, 1], [0, 0, 0]],
    "a filter for changes from top to bottom": [[0, -1, 0], [0, 0, 0], [0, 1, 0]],
    "a filter for changes towards the lower right": [[-1, 0, 0], [0, 0, 0], [0, 0, 1]],
    "a filter for changes towards the lower left": [[0, 0, -1], [0, 0, 0], [1, 0, 0]],
    "a filter that blurs along the rows": [[0, 0, 0], [1, 1, 1], [0, 0, 0]],
    "a filter that blurs along the columns": [[0, 1, 0], [0, 1, 0], [0, 1, 0]],
    "a filter that blurs towards the lower right": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "a filter that blurs towards the lower left": [[0, 0, 1], [0, 1, 0], [1, 0, 0]],
}
MOVES = {
    "a filter that moves the picture one pixel to the left": lambda x: np.pad(x, ((0, 0), (0, 1)))[:, 1:],
    "a filter that moves the picture one pixel to the right": lambda x: np.pad(x, ((0, 0), (1, 0)))[:, :-1],
    "a filter that moves the picture one pixel up": lambda x: np.pad(x, ((0, 1), (0, 0)))[1:],
    "a filter that moves the picture one pixel down": lambda x: np.pad(x, ((1, 0), (0, 0)))[:-1],
}
WINDOWS = {
    "max pooling in windows of 1 x 4, with stride 1": (1, 4),
    "max pooling in windows of 4 x 1, with stride 1": (4, 1),
    "max pooling in windows of 2 x 2, with stride 1": (2, 2),
}
PIECES = {
    "dropout of single pixels, with rate 0.5": (1, 1),
    "dropout of whole rows, with rate 0.5": (1, 8),
    "dropout of whole columns, with rate 0.5": (8, 1),
    "dropout of 2 x 2 blocks, with rate 0.5": (2, 2),
}


def by_hand(name, x):
    if name in MOVES:
        return MOVES[name](x)
    if name in KERNELS:
        wide = np.pad(x, 1)
        return sum(KERNELS[name][a][b] * wide[a : a + 8, b : b + 8] for a in range(3) for b in range(3))
    height, width = WINDOWS[name]
    before, after = ((height - 1) // 2, (width - 1) // 2), (height // 2, width // 2)
    wide = np.pad(x, tuple(zip(before, after, strict=True)))  # no pixel is below 0
    return np.max([wide[a : a + 8, b : b + 8] for a in range(height) for b in range(width)], axis=0)


def scaled_by_hand(rows):
    return np.array(rows) / max(np.abs(rows).max(), 1e-12)


def test_the_course_has_four_families_of_layers():
    assert {one.name for one in GALLERY.transformations} == {*KERNELS, *MOVES, *WINDOWS, *PIECES}
    assert Counter(one.family for one in GALLERY.transformations) == {
        "edges": 4, "blurs": 4, "moves": 4, "max pooling": 3, "dropout": 4,
    }  # fmt: skip
    assert GALLERY.question == "Which layer?"


@pytest.mark.parametrize("seed", range(100))
def test_a_picture_is_what_the_layer_makes(seed):
    picture = picture_of(GALLERY, random.Random(seed))
    x, after = np.array(picture.before), np.array(picture.after)
    if picture.right in PIECES:
        height, width = PIECES[picture.right]
        kept = [
            (after[i : i + height, j : j + width] > 0).any() for i in range(0, 8, height) for j in range(0, 8, width)
        ]
        mask = np.kron(np.array(kept).reshape(8 // height, 8 // width), np.ones((height, width)))
        assert after == pytest.approx(scaled_by_hand(x * mask))
        assert (after > 0).sum() < (x > 0).sum()
    else:
        assert after == pytest.approx(scaled_by_hand(by_hand(picture.right, x)))

    families = {one.name: one.family for one in GALLERY.transformations}
    assert x.shape == after.shape == (8, 8)
    assert len(set(picture.options)) == len(picture.options) >= 3
    assert picture.right in picture.options
    assert len({families[name] for name in picture.options}) == 1


def test_every_digit_is_real_and_perhaps_turned():
    with np.load(builtin_course_root() / "exercises" / "05_keras_cnn" / "digits.npz") as file:
        known = {np.rot90(image, turns).tobytes() for image in file["images"] for turns in range(4)}
    for seed in range(30):
        before = np.array(picture_of(GALLERY, random.Random(seed)).before)
        with np.load(builtin_course_root() / "exercises" / "05_keras_cnn" / "digits.npz") as file:
            peaks = sorted(set(file["images"].max(axis=(1, 2))))
        assert any(np.round(before * peak).astype(np.uint8).tobytes() in known for peak in peaks)


def summary_of(picture):
    """All that a player sees who does not look at the shape: size, brightest pixel, mean, dark and bright shares."""
    after = np.array(picture.after)
    return (
        *after.shape,
        np.abs(after).max(),
        np.abs(after).mean(),
        (np.abs(after) < 0.125).mean(),
        (np.abs(after) > 0.6).mean(),
    )


def played_without_looking(features, games, seed):
    """Return the share of wins of a bot that knows 600 pictures by these features, and what chance gives."""
    chance = random.Random(seed)
    known = defaultdict(list)
    while min(map(len, known.values()), default=0) < 30 or len(known) < len(GALLERY.transformations):
        picture = picture_of(GALLERY, chance)
        known[picture.right].append([summary_of(picture)[i] for i in features])
    won = by_chance = 0.0
    for _ in range(games):
        picture = picture_of(GALLERY, chance)
        seen = np.array([summary_of(picture)[i] for i in features])
        likely = {
            name: -np.sort(((np.array(known[name]) - seen) ** 2).sum(axis=1))[:5].mean() for name in picture.options
        }
        won += max(picture.options, key=lambda name: (likely[name], chance.random())) == picture.right
        by_chance += 1 / len(picture.options)
    return won / games, by_chance / games


@pytest.mark.thorough
def test_size_and_peak_do_not_win_the_game():
    """A bot that looked at these two won 99 of 100 games before all pictures had one size and one peak."""
    won, by_chance = played_without_looking((0, 1, 2), 1000, seed=1)

    assert won == pytest.approx(by_chance, abs=4 * (0.25 * 0.75 / 1000) ** 0.5)


@pytest.mark.thorough
def test_not_even_the_whole_histogram_wins_the_game():
    won, by_chance = played_without_looking(range(6), 1000, seed=2)

    assert won < by_chance + 0.15


def test_the_same_seed_gives_the_same_picture():
    assert picture_of(GALLERY, random.Random(5)) == picture_of(GALLERY, random.Random(5))


def test_no_two_answers_look_the_same(monkeypatch):
    """Each of the answers has a different picture, in blocks and in digits."""
    for seed in range(40):
        options = picture_of(GALLERY, random.Random(seed)).options
        looks = set()
        for name in options:
            forced = random.Random(seed)
            monkeypatch.setattr(forced, "choice", _choosing(forced, name))
            looks.add(drawn(picture_of(GALLERY, forced).after))
        assert len(looks) == len(options)


def _choosing(chance, name):
    original = chance.choice

    def choose(several):
        named = [one for one in several if isinstance(one, Transformation) and one.name == name]
        return named[0] if named else original(several)

    return choose


def test_all_key_concepts_can_be_matched_but_those_that_name_themselves():
    lines = [line for one in LESSONS.values() for line in one.sections["Key concepts"].splitlines()]

    assert len(lines) - 5 < len(CONCEPTS) <= len(lines)
    assert not any(names_itself(term, definition) for term, definition in CONCEPTS.items())
    assert "Mask" not in CONCEPTS  # "the gradient goes through the same mask"


@pytest.mark.parametrize("seed", range(20))
def test_pairs_belong_together_and_two_definitions_are_left(seed):
    pairs = pairs_of(CONCEPTS, random.Random(seed))

    assert [pairs.definitions[place] for place in pairs.solution] == [CONCEPTS[term] for term in pairs.terms]
    assert [CONCEPTS[term] for term in pairs.owners] == list(pairs.definitions)
    assert (len(set(pairs.terms)), len(set(pairs.definitions))) == (5, 7)


def test_what_was_mistaken_comes_again(tmp_path):
    terms = sorted(CONCEPTS)
    with LearningRecord(tmp_path / "study.db") as record:
        assert mistaken_in(record, "match") == set()
        keep_mistakes(record, "match", [(terms[0], terms[3]), (terms[1], terms[3])])
        keep_mistakes(record, "layers", [("a filter", "another")])
        assert mistaken_in(record, "match") == {terms[0], terms[1]}
        for seed in range(10):
            assert {terms[0], terms[1]} <= set(
                pairs_of(CONCEPTS, random.Random(seed), mistaken_in(record, "match")).terms
            )
        saved = {one.card_key: one.detail for one in record.events("mistaken")}
        assert saved == {f"match/{terms[0]}": terms[3], f"match/{terms[1]}": terms[3], "layers/a filter": "another"}


def test_sums_are_generated_questions_with_a_typed_number():
    sums = list(islice(sums_of(BANK, random.Random(3)), 300))

    assert len({one.question.id for one in sums}) >= 20
    for one in sums:
        assert judge(
            one, f"{one.question.right:g}" if isinstance(one.question.right, float) else str(one.question.right)
        ).right
        for wrong in one.question.wrong:
            judged = judge(one, repr(wrong.answer))
            assert not judged.right, (one.question.ask, wrong.answer)
            assert judged.why


def test_the_answers_to_sums_are_answers_to_questions(tmp_path):
    asking = next(one for one in sums_of(BANK, random.Random(3)) if one.question.wrong)
    wrong = asking.question.wrong[0]
    judged = judge(asking, repr(wrong.answer))
    with LearningRecord(tmp_path / "study.db") as record:
        keep_sum(record, asking, " 7 ", True, (), 1000)
        keep_sum(record, asking, repr(wrong.answer), judged.right, judged.misconceptions, 2000)
        reviews = [(one.card_key, one.rating, one.source, one.answer) for one in record.reviews()]
        assert reviews == [
            (f"quiz:{asking.question.id}", 3, "game", "7"),
            (f"quiz:{asking.question.id}", 1, "game", repr(wrong.answer)),
        ]
        assert [one.detail for one in record.events("misconception")] == list(judged.misconceptions)


def played_sums(monkeypatch, tmp_path, capsys, typed, moments):
    """Play with these lines at these moments of the clock."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    times = iter(moments)
    with LearningRecord(tmp_path / "study.db") as record:
        result = play._sums(Dialogue(plain=True), record, sums_of(BANK, random.Random(3)), lambda: next(times))
        return result, [one.rating for one in record.reviews()], capsys.readouterr().out


def test_sums_end_with_the_time(monkeypatch, tmp_path, capsys):
    first, second = (one.question.right for one in islice(sums_of(BANK, random.Random(3)), 2))
    moments = [0.0, 1.0, 20.0, 30.0, 59.0, 60.0, 61.0]  # the start, then before and after each answer
    result, ratings, said = played_sums(monkeypatch, tmp_path, capsys, f"{first}\n-77\n{second}\n", moments)

    assert result == (1, 1)
    assert ratings == [3, 1]
    assert "59 seconds left:" in said
    assert "30 seconds left:" in said


def test_an_answer_to_a_sum_that_cannot_be_read_is_asked_again(monkeypatch, tmp_path, capsys):
    (first,) = (one.question.right for one in islice(sums_of(BANK, random.Random(3)), 1))
    result, ratings, said = played_sums(monkeypatch, tmp_path, capsys, f"many\n{first}\nq\n", range(20))

    assert result == (1, 0)
    assert ratings == [3]
    assert '"many" is not a number.' in said


def test_shades_and_digits():
    assert drawn([[0.0, 0.5, 1.0, 2.0, -1.0]]) == "│  ▒▒██████│"
    assert drawn([[0.0, 0.5, 1.0, 2.0, -1.0]], digits=True) == "0 4 9 9 9"


def test_the_best_result_is_kept(tmp_path):
    with LearningRecord(tmp_path / "study.db") as record:
        assert best_result(record, "match") is None
        assert keep_result(record, "match", 20.0) == (20.0, True)
        assert keep_result(record, "match", 30.0) == (20.0, False)
        assert keep_result(record, "match", 10.0) == (10.0, True)
        assert best_result(record, "match") == 10.0
        assert best_result(record, "layers") is None
        assert keep_result(record, "sums", 4, max) == (4, True)
        assert keep_result(record, "sums", 9, max) == (9, True)
        assert keep_result(record, "sums", 9, max) == (9.0, False)
        assert best_result(record, "sums", max) == 9.0
