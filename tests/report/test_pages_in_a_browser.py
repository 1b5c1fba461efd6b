"""The pages in Chromium: accessible, legible on a phone, silent on the network, usable by keyboard."""

import os
import shutil

import pytest

from grader.report.pages import CellState, CriterionSummary, DiagnosisCount, LearnerRow, ScoreCell, class_page
from tests.needs import needs, needs_program
from tests.report.test_pages import ROWS, exercise, pages, summary

CHROMIUM = shutil.which("google-chrome") or needs_program("chromium", "shows the pages")
sync_api = needs("playwright.sync_api", "drives Chromium")
PAGES = dict(pages())
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that opens a page from a file and records its messages and requests."""
    opened = []

    def opener(html, width=1280, scheme="light"):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=False)
        opened.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opener
    for context in opened:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_it_is_silent_and_fits(open_page, name, width):
    page = open_page(PAGES[name], width)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("file:")] == []
    assert len(page.asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shots = os.environ.get("PAGES_SHOTS")
    if shots:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=True)


SCREENS = [(WIDTHS[0], "dark"), (WIDTHS[-1], "light")]
OTHER_SCREENS = [(WIDTHS[0], "light"), (WIDTHS[-1], "dark")]


@pytest.mark.parametrize(
    ("width", "scheme"), [*SCREENS, *(pytest.param(*one, marks=pytest.mark.thorough) for one in OTHER_SCREENS)]
)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, open_page, name, width, scheme):
    axe = needs("axe_playwright_python.sync_playwright", "the judge of accessibility").Axe()
    page = open_page(PAGES[name].replace("script-src ", "script-src 'unsafe-eval' "), width, scheme)
    results = axe.run(page)
    found = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in results.response["violations"]]
    assert found == []
    assert len(results.response["passes"]) > 10


@pytest.fixture
def class_of_three(open_page):
    """Return a function that opens a class of three learners and two exercises, at a fragment."""

    def opener(fragment="", width=1280, **more):
        page = open_page(class_page_of_three(), width, **more)
        if fragment:
            page.goto(page.url + fragment)
            page.reload()
        return page

    return opener


def class_page_of_three():
    pooling = exercise(key="02_pooling", title="Pooling", diagnoses=(DiagnosisCount("pool.mean", "Mean", "pool", 1),))
    scored, missing = CellState.SCORED, ScoreCell(None, "missing", states=(CellState.MISSING,))
    late = ScoreCell(
        2.5, "1 day late", "reports/dee/03_dropout.html", (scored, CellState.LATE), (1.5, 0), ("drop.keep",)
    )
    broken = ScoreCell(0, "could not run", "reports/bob/03_dropout.html", (scored, CellState.NOT_RUN), (None, None))
    rows = (
        LearnerRow("anna", "Anna Ash", "A", (ScoreCell(8, "", "", (scored,), (1.5, 1)), missing), 8),
        LearnerRow("bob", "Bo & <b>", "B & C", (missing, broken), 0),
        LearnerRow("dee", "Dee", "A", (ScoreCell(4, "", "", (scored,), (0.5, 0), ("pool.mean",)), late), 6.5),
    )
    return "".join(class_page(summary(exercises=(pooling, exercise())), rows))


def learners(page):
    return page.locator("#learners tbody tr").evaluate_all("rows => rows.map(row => row.cells[0].textContent)")


def test_the_table_is_sorted_and_searched_by_keyboard(class_of_three):
    page = class_of_three()
    head = page.locator("#learners thead th", has_text="Pooling")
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert learners(page) == ["Dee dee", "Anna Ash anna", "Bo & <b> bob"]
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert learners(page) == ["Anna Ash anna", "Dee dee", "Bo & <b> bob"]  # who has no score stays at the end
    assert page.locator("#found").inner_text() == "3 learners. Sorted by Pooling, descending."
    page.locator("#search").focus()
    page.keyboard.type("ash")
    assert learners(page) == ["Anna Ash anna"]
    assert page.locator("#found").inner_text().startswith("1 of 3 learners.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "state"
    assert page.said == []


def test_the_table_scrolls_by_keyboard_and_its_head_and_first_column_stay(class_of_three):
    page = class_of_three("#exercise=03_dropout", width=360)
    page.locator("#heat").evaluate("region => { region.style.maxHeight = '250px'; region.style.maxWidth = '200px'; }")
    page.locator("#heat").focus()
    where = "() => [...document.querySelectorAll('#learners thead th, #learners tbody th')].map(c => c.getBoundingClientRect().x)"
    before = page.evaluate(where)
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    moved = [one != other for one, other in zip(before, page.evaluate(where), strict=True)]
    first = page.locator("#learners tbody th").first.bounding_box()
    assert page.locator("#heat").evaluate("region => region.scrollLeft") > 0
    assert any(moved)
    assert not any(moved[-3:])
    assert first["x"] == page.locator("#heat").bounding_box()["x"] + 1


@pytest.mark.parametrize(
    ("field", "value", "fragment", "found"),
    [
        ("section", "B & C", "#section=B+%26+C", ["bob"]),
        ("state", "missing", "#state=missing", ["anna", "bob"]),
        ("state", "late", "#state=late", ["dee"]),
        ("state", "not-run", "#state=not-run", ["bob"]),
        ("criterion", "03_dropout/all", "#exercise=03_dropout&criterion=all", ["bob", "dee"]),
        ("misconception", "02_pooling/pool.mean", "#exercise=02_pooling&misconception=pool.mean", ["dee"]),
    ],
)
def test_a_filter_is_in_the_address_and_the_address_restores_it(class_of_three, field, value, fragment, found):
    page = class_of_three()
    page.locator(f"#{field}").select_option(value)
    assert [one.split()[-1] for one in learners(page)] == found
    assert page.url.endswith(f"page.html{fragment}")

    page.reload()
    assert [one.split()[-1] for one in learners(page)] == found
    page.locator("#clear").click()
    assert len(learners(page)) == 3
    assert page.said == []


def test_each_misconception_leads_to_its_learners_and_back(class_of_three):
    page = class_of_three()
    page.locator("[data-panel=all] a", has_text="Mean").click()
    assert learners(page) == ["Dee dee"]
    assert page.locator("[data-view='02_pooling']").get_attribute("aria-current") == "true"
    assert page.locator("#misconception").input_value() == "pool.mean"
    page.go_back()
    assert len(learners(page)) == 3
    page.locator("[data-view='03_dropout']").click()
    page.locator("[data-panel='03_dropout'] a", has_text="Scales").click()
    assert learners(page) == ["Bo & <b> bob", "Dee dee"]


def test_a_heat_map_says_in_each_cell_what_its_colour_says(class_of_three):
    page = class_of_three("#exercise=03_dropout")
    rows = page.locator("#learners tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(2).map(cell => [cell.textContent, cell.className]))"
    )
    assert rows == [
        [["missing", "word"], ["", "cell"], ["", "cell"]],
        [["0 could not run", "earned idle"], ["–", "cell idle"], ["–", "cell idle"]],
        [["2.5 1 day late", "earned h3"], ["1.5", "cell h0"], ["0", "cell h4"]],
    ]
    assert "all 1 bonus" in page.locator("#learners thead").inner_text()


@pytest.mark.parametrize(
    "fragment",
    [
        "#section=<img src=x onerror=alert(1)>&state=<script>&criterion=%00&misconception=__proto__&sort=constructor",
        "#exercise=__proto__&exercise=all&sort=-%3Cb%3E",
        "#%E0%A4%A&=&&==",
    ],
)
def test_a_hostile_or_broken_address_shows_everybody(class_of_three, fragment):
    page = class_of_three(fragment)
    assert len(learners(page)) == 3
    assert page.said == []
    assert page.locator("main img, main script").count() == 0


def test_a_hostile_search_is_only_text(class_of_three):
    page = class_of_three("#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert learners(page) == []
    assert page.locator("#found").inner_text() == "0 of 3 learners."
    page.locator("#search").fill("<b>")
    assert learners(page) == ["Bo & <b> bob"]
    assert page.said == []
    assert page.locator("#learners b, main img").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_count_is_broken_over_two_lines(open_page, width):
    many = tuple(
        CriterionSummary(f"c{n}", "A title that needs much more room than there is", 1, 1370, 1371, 1372, 1373, "f")
        for n in range(3)
    )
    page = open_page("".join(class_page(summary(exercises=(exercise(criteria=many),)), ROWS)), width)
    broken = (
        "cells => cells.filter(cell => cell.innerText && cell.getClientRects().length && textLines(cell) > 1).length"
    )
    lines = "const textLines = (cell) => { const range = document.createRange(); range.selectNodeContents(cell); return new Set([...range.getClientRects()].map((one) => Math.round(one.y))).size; }; "
    assert (
        page.locator("td.number, .figures strong, .matters strong").evaluate_all(
            f"cells => {{ {lines} return ({broken})(cells); }}"
        )
        == 0
    )


def test_without_scripts_everything_is_there(browser, tmp_path):
    (tmp_path / "page.html").write_text(PAGES["class"], encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator("#learners tbody tr").count() == len(ROWS)
    assert page.locator("#learners tbody tr").nth(3).inner_text().split() == [
        "cy",
        "Cy",
        "A",
        "0",
        "could",
        "not",
        "run",
    ]
    assert page.locator("[data-panel]").first.is_visible()
    assert not page.locator("#search").is_visible()
    context.close()


def test_a_class_of_3_000_is_sorted_in_a_moment(open_page):
    rows = [LearnerRow(f"l{number:04d}", "", "", (ScoreCell(number % 17 / 2),), 1.0) for number in range(3000)]
    page = open_page("".join(class_page(summary(learners=3000), rows)))
    page.locator("#learners thead th button").nth(1).click()
    assert page.locator("#learners tbody td").first.inner_text() == "0"
    page.wait_for_timeout(1)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#learners tbody tr").count() == 3000
