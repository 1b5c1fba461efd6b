"""Decks: their form, and what they point to."""

from pathlib import Path

import pytest

from grader.course import CourseError, builtin_course_root, load_course
from grader.study.cards import cards_in, read_decks
from grader.study.study_check import examine_study

CARDS = read_decks(builtin_course_root())
GOOD = "# Deck\n\nQ: What? {#a topic=x checks=t1,t2 misconceptions=m.a}\nA: That.\n   And more.\nW: Why.\nH: Think.\n\nC: It is [so] and [such]. {#b}\n"


def test_the_course_has_enough_cards_and_the_seven_terms():
    terms = {card.front.lower() for card in CARDS.values() if card.kind == "term"}

    assert len(CARDS) >= 60
    assert terms >= {
        "convolutional neural network", "filter (kernel)", "pooling layer", "dropout", "batch normalisation",
        "feature map", "transfer learning",
    }  # fmt: skip
    assert all(card.why for card in CARDS.values())


def test_every_name_in_cards_and_questions_exists():
    course = load_course(builtin_course_root())
    checks = {one.key: [name for c in one.rubric.criteria for name in c.checks] for one in course}
    beliefs = {one.id for exercise in course for one in exercise.misconceptions()}

    assert list(examine_study(course.root, checks, beliefs)) == []
    assert any("names the check" in str(fault) for fault in examine_study(course.root, {"x": []}, beliefs))
    assert any("names the misconception" in str(fault) for fault in examine_study(course.root, checks, set()))


def test_the_parts_of_a_card():
    first, second = cards_in(GOOD, Path("01_x/cards.md"))

    assert (first.front, first.back, first.why, first.hint) == ("What?", "That.\nAnd more.", "Why.", "Think.")
    assert (first.checks, first.misconceptions, first.topic, first.line) == (("t1", "t2"), ("m.a",), "x", 3)
    assert (second.front, second.back, second.kind) == ("It is [...] and [...].", "so, such", "cloze")


def test_spaces_and_the_encoding_of_accents_do_not_change_a_card():
    one = next(cards_in("Q: Caf\u00e9  x? {#a}\nA: y\n", Path("c/cards.md")))
    other = next(cards_in("Q: Cafe\u0301 x? {#a}\nA:  y\n", Path("c/cards.md")))

    assert one.content_hash == other.content_hash


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q: x\nA: y\n", "must end with its id"),
        ("Q: x {#a}\n", "needs a question and an answer"),
        ("A: y\n", "needs exactly one of"),
        ("Q: x {#a}\nQ: z {#b}\nA: y\n", 'a second "Q:"'),
        ("C: no gap {#a}\n", "needs a [gap]"),
        ("Q: x {#a colour=red}\nA: y\n", '"colour" is not an attribute of a card'),
        ("something\n", "is not a field of a card"),
    ],
)
def test_a_faulty_deck_names_its_line(text, message):
    with pytest.raises(CourseError) as caught:
        list(cards_in("\n" + text, Path("c/cards.md")))

    assert message in str(caught.value)
    assert "c/cards.md:" in str(caught.value)


def test_all_faults_of_a_deck_are_reported_at_once():
    text = "Q: x {#a}\n\nQ: y {#b}\nA: z\n\nsomething\n\nC: no gap {#c}\n"
    deck = cards_in(text, Path("c/cards.md"))

    assert next(deck).id == "b"
    with pytest.raises(CourseError) as caught:
        next(deck)

    assert [(fault.line, fault.message) for fault in caught.value.faults] == [
        (1, "a card needs a question and an answer"),
        (6, '"something" is not a field of a card; expected Q:, A:, C:, T:, D:, G:, W:, H: or P:'),
        (8, "a sentence after C: needs a [gap]"),
    ]


def test_two_cards_with_one_id(tmp_path):
    folder = tmp_path / "exercises" / "01_x"
    folder.mkdir(parents=True)
    (folder / "cards.md").write_text("Q: x {#a}\nA: y\n\nQ: z {#a}\nA: y\n")

    with pytest.raises(CourseError) as caught:
        read_decks(tmp_path)

    assert 'two cards have the id "a"' in str(caught.value)
