"""The pages in Chromium: accessible, legible on a phone, silent on the network, usable by keyboard."""

import os
import shutil

import pytest

from tests.needs import needs, needs_program
from tests.report.test_pages import ROWS, pages, summary

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, open_page, name, width, scheme):
    axe = needs("axe_playwright_python.sync_playwright", "the judge of accessibility").Axe()
    page = open_page(PAGES[name].replace("script-src ", "script-src 'unsafe-eval' "), width, scheme)
    results = axe.run(page)
    found = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in results.response["violations"]]
    assert found == []
    assert len(results.response["passes"]) > 10


def learners(page):
    return page.locator("#learners tbody tr:visible th").all_inner_texts()


def test_the_table_is_sorted_and_searched_by_keyboard(open_page):
    page = open_page(PAGES["class"])
    first = learners(page)
    head = page.locator("#learners thead th").nth(3)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert learners(page) == [first[0], first[1], first[2]]
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert learners(page) == [first[1], first[0], first[2]]  # who has no score stays at the end
    assert "Sorted by Dropout, descending." in page.locator("#sorted").inner_text()
    page.locator("#search").focus()
    page.keyboard.type("anna")
    assert learners(page) == ["anna"]
    assert page.locator("#found").inner_text() == "1 of 3 shown"
    assert page.said == []


def test_without_scripts_everything_is_there(browser, tmp_path):
    (tmp_path / "page.html").write_text(PAGES["class"], encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator("#learners tbody tr").count() == len(ROWS)
    assert not page.locator("#search").is_visible()
    context.close()


def test_a_class_of_3_000_is_sorted_in_a_moment(open_page):
    from grader.report.pages import LearnerRow, ScoreCell, class_page

    rows = [LearnerRow(f"l{number:04d}", "", "", (ScoreCell(number % 17 / 2),), 1.0) for number in range(3000)]
    page = open_page("".join(class_page(summary(learners=3000), rows)))
    page.locator("#learners thead th button").nth(3).click()
    page.wait_for_function(
        "document.querySelector('#learners tbody tr').cells[3].textContent.trim() === '0'", timeout=2000
    )
