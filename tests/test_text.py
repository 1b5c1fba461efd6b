"""A stranger's text on its way in and out: nothing unseen, nothing obeyed, nothing endless, no line that passes for ours."""

import html
import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import (
    affordable,
    capped,
    claimed,
    claimed_name,
    for_cell,
    for_html,
    for_json,
    for_terminal,
    for_xml,
    for_xml_attribute,
    printed_for_terminal,
    quoted,
    visible,
    without_formula,
)

ANY = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=()), st.sampled_from("\x1b[]0;m\r\n\x07\x9b\u202e\ufe0f"))
)

# Each kind of character that is not seen, or that changes what stands beside it.
UNSEEN = {
    "escape": "\x1b", "null": "\x00", "backspace": "\x08", "delete": "\x7f", "next line": "\x85", "csi": "\x9b",
    "carriage return": "\r", "form feed": "\x0c", "soft hyphen": "\xad", "no-break space": "\xa0",
    "right-to-left override": "\u202e", "left-to-right isolate": "\u2066", "pop isolate": "\u2069",
    "Arabic letter mark": "\u061c", "zero-width space": "\u200b", "zero-width joiner": "\u200d", "word joiner": "\u2060",
    "byte order mark": "\ufeff", "line separator": "\u2028", "paragraph separator": "\u2029",
    "lone surrogate": "\ud800", "private use": "\ue000", "noncharacter": "\uffff", "tag": "\U000e0041",
    "interlinear annotation": "\ufff9", "Hangul filler": "\u3164", "halfwidth filler": "\uffa0", "blank Braille": "\u2800",
    "grapheme joiner": "\u034f", "variation selector": "\ufe0f", "variation selector 17": "\U000e0100",
    "private plane": "\U00100000", "em space": "\u2003",
}  # fmt: skip
TARGETS = [
    visible,
    claimed,
    claimed_name,
    for_terminal,
    printed_for_terminal,
    for_html,
    for_xml,
    for_xml_attribute,
    for_cell,
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", UNSEEN)
def test_no_output_holds_what_is_not_seen(target, name):
    shown = target(f"a{UNSEEN[name]}b")

    assert UNSEEN[name] not in shown
    if name != "carriage return" or target is not printed_for_terminal:
        assert "\\" in shown


@pytest.mark.parametrize("name", UNSEEN)
def test_json_escapes_what_is_not_seen_and_says_the_same(name):
    text = f"a{UNSEEN[name]}b"

    serialised = for_json(json.dumps(text, ensure_ascii=name == "lone surrogate"))

    assert UNSEEN[name] not in serialised
    assert json.loads(serialised) == text


@pytest.mark.parametrize("text", ["Größe", "大きさ", "Việt", "עברית", "😀", "a\n\tb", "naïve ½ ≤ 3", "\\x1b"])
def test_what_people_write_stays(text):
    assert visible(text) == text


def test_a_pile_of_marks_covers_no_other_line():
    shown = visible("a" + "\u0301" * 500)

    assert sum(unicodedata.category(one) == "Mn" for one in shown) == 4


@given(ANY)
def test_nothing_unprintable_comes_through(text):
    for target in TARGETS:
        assert re.sub(r"[\n\t]", "", target(text)).isprintable()
    assert visible(visible(text)) == visible(text)


@given(ANY)
def test_xml_is_read_back_as_what_is_seen(text):
    node = ElementTree.fromstring(f"<a b={for_xml_attribute(text)}>{for_xml(text)}</a>")

    assert (node.text or "", node.get("b")) == (visible(text), visible(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\tb", "a    b"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("10%\r20%\r30%\ndone", "30%\ndone"),
        ("windows\r\n", "windows\n"),
        ("\x1b\x1b[0m[2J", "\\x1b[2J"),
        ("bell\x07", "bell\\x07"),
    ],
)
def test_printed_lines_are_shown_as_a_terminal_ends_up_showing_them(text, plain):
    assert printed_for_terminal(text) == plain


def test_a_carriage_return_in_a_message_overwrites_nothing():
    assert for_terminal("dropout raised X: \rPASS  1 / 1") == "dropout raised X: \\rPASS  1 / 1"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        '"=1',
        "'=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\r=1",
        "\n=1",
        " \t =1",
        "\t",
    ],
)
def test_no_spreadsheet_takes_it_for_a_formula(text):
    assert without_formula(text) == f"'{text}"
    assert for_cell(text) == f"'{visible(text)}" or not visible(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["\u200b=1", "\ufeff=1", "\xa0=1", "\x00=1", "\u202e=1"])
def test_nothing_unseen_hides_a_formula(text):
    assert for_cell(text)[0] in "\\'"


def test_names_stay_names():
    assert for_cell("Anna-Maria O'Neill") == "Anna-Maria O'Neill"


def test_only_the_first_line_of_a_claim_stands_without_a_margin():
    message = f"dropout raised X: {quoted(claimed('oops' + chr(10) + 'PASS     Keeps the mean     2 / 2'))}"

    assert message.splitlines() == ["dropout raised X: oops", "| PASS     Keeps the mean     2 / 2"]
    assert quoted(quoted("a\nb")) == quoted("a\nb")


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r"])
def test_no_other_character_begins_a_line(character):
    assert len(quoted(claimed(f"a{character}PASS")).splitlines()) == 1


@given(ANY, st.integers(1, 200))
def test_a_claim_has_a_limited_length(text, limit):
    limit += 40  # the words about what is left out
    assert len(claimed(text * 50, limit)) <= limit
    assert len(claimed_name(text * 50, limit)) <= limit
    assert "\n" not in claimed_name(text, limit)
    assert len(capped(text * 50, limit)) <= limit


@pytest.mark.parametrize("character", ["a", "é", "大", "\x00", '"', "<", "&", "\\", "\u202e", "\U000e0041", "😀", "'"])
def test_what_is_afforded_is_small_in_every_form(character):
    kept = affordable(character * 200_000, 10_000)

    assert len(kept) > 0
    assert len(json.dumps(kept)) <= 10_002
    assert len(json.dumps(kept, ensure_ascii=False).encode()) <= 10_002
    assert len(html.escape(for_html(kept))) <= 10_000


def test_plain_text_is_afforded_whole():
    assert affordable("x" * 60_000, 65_536) == "x" * 60_000
