"""The games: each picture has one answer, and the layers are those of the references."""

import random

import numpy as np
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.games import best_time, keep_time, pairs_of
from grader.study.journal import Journal
from grader.study.pictures import Transformation, drawn, picture_of, read_gallery
from tests.grading import reference_functions

CONV, POOL = reference_functions("01_convolution"), reference_functions("02_pooling")
GALLERY = read_gallery(builtin_course_root())
KERNELS = {
    "a filter for changes from left to right": [[-1.0, 1.0]],
    "a filter for changes from top to bottom": [[-1.0], [1.0]],
    "a blurring filter of 3 x 3": [[1 / 9] * 3] * 3,
}


@pytest.mark.parametrize("seed", range(60))
def test_a_picture_is_what_the_layer_makes(seed):
    picture = picture_of(GALLERY, random.Random(seed))
    x = np.array(picture.before)[None, :, :, None]
    after = np.array(picture.after)
    if picture.right in KERNELS:
        kernel = np.array(KERNELS[picture.right])[:, :, None, None]
        expected = CONV["conv2d"](x, kernel, np.zeros(1))[0, :, :, 0]
    elif "pooling" in picture.right:
        expected = POOL["max_pool2d" if picture.right.startswith("max") else "avg_pool2d"](x)[0, :, :, 0]
    else:
        assert picture.right == "dropout with rate 0.5"
        expected = np.where(after == 0, 0, 2 * x[0, :, :, 0])

    assert after == pytest.approx(expected)
    assert len(set(picture.options)) == 4
    assert picture.right in picture.options


def test_no_two_answers_look_the_same(monkeypatch):
    """Whichever of the four is right, its picture is another one: in blocks and in digits."""
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
    with Journal(tmp_path / "study.db") as journal:
        assert best_time(journal, "match") is None
        assert keep_time(journal, "match", 20.0) == (20.0, True)
        assert keep_time(journal, "match", 30.0) == (20.0, False)
        assert keep_time(journal, "match", 10.0) == (10.0, True)
        assert best_time(journal, "match") == 10.0
        assert best_time(journal, "layers") is None
