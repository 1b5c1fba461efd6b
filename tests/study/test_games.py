"""The games: each picture has one answer, and the layers are those of the references."""

import random

import numpy as np
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.games import best_time, keep_time, pairs_of
from grader.study.learning_record import LearningRecord
from grader.study.pictures import Transformation, drawn, picture_of, read_gallery

GALLERY = read_gallery(builtin_course_root())
BY_HAND = {
    "a filter for changes from left to right": lambda x: x[:, 1:] - x[:, :-1],
    "a filter for changes from top to bottom": lambda x: x[1:] - x[:-1],
    "a 3 x 3 blurring filter": lambda x: np.mean([x[i : i + 6, j : j + 6] for i in range(3) for j in range(3)], 0),
    "2 x 2 max pooling": lambda x: x.reshape(4, 2, 4, 2).max(axis=(1, 3)),
    "2 x 2 average pooling": lambda x: x.reshape(4, 2, 4, 2).mean(axis=(1, 3)),
}


def test_the_course_has_six_layers():
    assert {one.name for one in GALLERY.transformations} == {*BY_HAND, "dropout with rate 0.5"}
    assert GALLERY.question == "Which layer?"


@pytest.mark.parametrize("seed", range(60))
def test_a_picture_is_what_the_layer_makes(seed):
    picture = picture_of(GALLERY, random.Random(seed))
    x, after = np.array(picture.before), np.array(picture.after)
    if picture.right in BY_HAND:
        assert after == pytest.approx(BY_HAND[picture.right](x))
    else:
        assert after == pytest.approx(np.where(after == 0, 0, 2 * x))
        assert 0 < (after > 0).sum() < (x > 0).sum()

    assert x.shape == (8, 8)
    assert len(set(picture.options)) == 4
    assert picture.right in picture.options


def test_the_same_seed_gives_the_same_picture():
    assert picture_of(GALLERY, random.Random(5)) == picture_of(GALLERY, random.Random(5))


def test_no_two_answers_look_the_same(monkeypatch):
    """Each of the four answers has a different picture, in blocks and in digits."""
    for seed in range(40):
        looks = set()
        options = picture_of(GALLERY, random.Random(seed)).options
        for name in options:
            forced = random.Random(seed)
            monkeypatch.setattr(forced, "choice", _choosing(forced, name))
            looks.add(drawn(picture_of(GALLERY, forced).after))
        assert len(looks) == 4


def _choosing(chance, name):
    original = chance.choice

    def choose(several):
        named = [one for one in several if isinstance(one, Transformation) and one.name == name]
        return named[0] if named else original(several)

    return choose


def test_pairs_belong_together():
    cards = read_decks(builtin_course_root())
    pairs = pairs_of(cards, random.Random(4))
    definitions = {card.front: card.back for card in cards.values() if card.kind == "term"}

    assert [pairs.definitions[place] for place in pairs.solution] == [definitions[term] for term in pairs.terms]
    assert len(pairs.terms) == 5


def test_shades_and_digits():
    assert drawn([[0.0, 0.5, 1.0, 2.0, -1.0]]) == "│  ▒▒██████│"
    assert drawn([[0.0, 0.5, 1.0, 2.0, -1.0]], digits=True) == "0 4 9 9 9"


def test_the_best_time_is_kept(tmp_path):
    with LearningRecord(tmp_path / "study.db") as record:
        assert best_time(record, "match") is None
        assert keep_time(record, "match", 20.0) == (20.0, True)
        assert keep_time(record, "match", 30.0) == (20.0, False)
        assert keep_time(record, "match", 10.0) == (10.0, True)
        assert best_time(record, "match") == 10.0
        assert best_time(record, "layers") is None
