"""What can be seen of a program, as text for a terminal."""

import pytest

from grader.checks.seen import Bar, Bars, Chart, Charts, Curve, Map, Maps, Seen, Table
from grader.report.seen_text import seen_text

IMAGE = Map(caption="a bar", rows=((0, 0, 1, 0), (0, 0.25, 1, 0), (0, 0.5, -1, 0)))
LOSS = Chart(
    name="loss",
    curves=(
        Curve(name="training", values=(2.0, 1.0, 0.5, 0.25, 0.0)),
        Curve(name="validation", values=(2.0, 1.5, 1.0, 1.0, 1.0)),
    ),
)
COUNTS = Table(rows=("3", "8"), columns=("3", "8"), counts=((40, 2), (0, 38)))
SHARES = Bars(bars=(Bar(name="frozen", share=0.75), Bar(name="from scratch", share=0.5)))
BODIES = {
    "maps": Maps(maps=(IMAGE,) * 12),
    "charts": Charts(charts=(LOSS, LOSS.model_copy(update={"name": "accuracy"}))),
    "table": Table(rows=tuple("0123456789"), columns=tuple("0123456789"), counts=((450,) * 10,) * 10),
    "bars": SHARES,
}


def text_of(body, said="", **more):
    return seen_text([Seen(title="The title", said=said, body=body)], **{"width": 80, "colour": False, **more})


def test_nothing_seen_is_no_text():
    assert seen_text([], width=80, colour=False) == ""


@pytest.mark.parametrize(
    ("error", "why"), [(MemoryError(), "there was not enough memory for it"), (ValueError("x"), "ValueError")]
)
def test_a_picture_that_cannot_be_drawn_costs_one_line(monkeypatch, error, why):
    def fail(*arguments):
        raise error

    monkeypatch.setattr("grader.report.seen_text._map_lines", fail)
    text = seen_text([Seen(title="Lost", body=Maps(maps=(IMAGE,))), Seen(title="Shares", body=SHARES)],
                     width=80, colour=False)  # fmt: skip

    assert f"Lost\n│ No picture: it could not be drawn: {why}\n\nShares\n" in text


def test_images_are_drawn_as_in_a_lesson():
    assert text_of(Maps(maps=(IMAGE, IMAGE)), "Two bars.") == (
        "\n"
        "The title\n"
        "Two bars.\n"
        "a bar        a bar\n"
        "│    ██  │   │    ██  │\n"
        "│  ░░██  │   │  ░░██  │\n"
        "│  ▒▒██  │   │  ▒▒██  │\n"
    )


def test_a_chart_shows_both_curves_and_where_they_meet():
    assert text_of(Charts(charts=(LOSS,))).splitlines()[2:] == [
        "loss: o training   x validation",
        "      2 |*",
        "        |",
        "        |   x",
        "        |",
        "        |   o  x  x  x",
        "        |      o",
        "        |         o",
        "      0 |            o",
        "        +---------------",
        "  epoch  1           5",
    ]


def test_a_chart_says_where_a_loss_is_not_finite():
    loss = Chart(name="loss", curves=(Curve(name="training", values=(2.0, float("nan"))),))

    assert "training: no finite number in epoch 2" in text_of(Charts(charts=(loss,)))


@pytest.mark.parametrize("values", [(0.0,), (float("nan"),), (1.0,) * 1000, (-1e30, 1e30)])
def test_every_curve_has_a_chart(values):
    text = text_of(Charts(charts=(Chart(name="loss", curves=(Curve(name="training", values=values),)),)))

    assert f"{len(values)}\n" in text


def test_a_table_counts_and_a_dot_stands_for_nothing():
    assert text_of(COUNTS).splitlines()[2:] == ["    3   8", "3  40   2", "8   .  38"]


def test_bars_have_one_scale():
    assert text_of(SHARES, width=40).splitlines()[2:] == [
        "frozen        ███████████████░░░░░  75%",
        "from scratch  ██████████░░░░░░░░░░  50%",
    ]


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_it_fits_the_width(body, width):
    assert max(map(len, text_of(body, "word " * 50, width=width).splitlines())) <= width


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_it_can_be_ascii(body):
    assert text_of(body, ascii_only=True).isascii()


def test_a_lost_picture_says_why_without_control_characters():
    text = seen_text([Seen(title="The title", lost="f raised \x1b[2JError")], width=80, colour=False)

    assert "│ No picture: f raised " in text
    assert "\x1b" not in text
