"""Measure how soon the page of a class is usable in Chromium.

python -m benchmarks.class_page [learners] [--shots FOLDER]

The time goes from the start of the navigation, as the browser counts it, to the first frame after the first rows of the
table and the filters are there. The page is opened from a file, in a fresh context each time. An empty page shows what
the browser and the load of the machine cost. The processor time of the main thread does not depend on the load as much.
`--shots` writes screenshots of classes of 12, 200 and 2,000 learners.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.paired import machine
from grader.batch.class_statistics import ExerciseStatistics
from grader.course import Course, Exercise, load_course
from grader.report.pages import CellState, ClassSummary, LearnerRow, ScoreCell, class_page

ROOT = Path(__file__).parents[1]
EXERCISES = ("01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
OPENINGS = 9
# Runs in the page before its own script. The second frame after the table is there has shown it.
WATCH = """
new MutationObserver((_, observer) => {
  const form = document.getElementById("filters");
  if (form && !form.hidden && document.querySelector("#learners tbody tr")) {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.usable = performance.now(); }));
  }
}).observe(document, { childList: true, subtree: true, attributes: true });
"""
FIRST = "Ada Ben Cleo Dev Eva Finn Gül Hana Ivo Jun Kai Lea Mia Noor Olu Pia Quin Rosa Sami Tara Uma Vera Wen Yara Zoë"
LAST = "Abel Baker Cole Diaz Eriksen Frey García Haas Ito Jansen Kaya Lund Moreau Nowak Okafor Patel Rossi Sato Weiß"


def main(arguments: list[str]) -> None:
    """Measure, or take screenshots."""
    if "--shots" in arguments:
        shots(Path(arguments[arguments.index("--shots") + 1]))
        return
    size = int(arguments[0]) if arguments else 2000
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "index.html")
        page.write_text(page_of(size), encoding="utf-8")
        empty = Path(folder, "empty.html")
        empty.write_text('<form id="filters"></form><table id="learners"><tr><td>1</table>', encoding="utf-8")
        print(f"an empty page: {summed_up(measured(empty, '', 1))}")
        print(f"{size:,} learners, 4 exercises, {page.stat().st_size / 2**20:.1f} MiB")
        for label, fragment in (("all exercises", ""), ("heat map of exercise 1", "#exercise=01_convolution")):
            print(f"{label}: {summed_up(measured(page, fragment, size))}")


def summed_up(times: list[tuple[float, float, float]]) -> str:
    """Return the median times of all openings."""
    usable, work, whole = ([one[at] for one in times] for at in range(3))
    return (
        f"usable after {statistics.median(usable):.0f} ms ({min(usable):.0f} to {max(usable):.0f}), of that "
        f"{statistics.median(work):.0f} ms of processor time in the main thread; all rows after "
        f"{statistics.median(whole):.0f} ms"
    )


def measured(page: Path, fragment: str, size: int) -> list[tuple[float, float, float]]:
    """Return milliseconds for each opening: until the page is usable, of that the work of the main thread, all rows."""
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for _ in range(OPENINGS):
            context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            context.add_init_script(WATCH)
            tab = context.new_page()
            session = context.new_cdp_session(tab)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            tab.goto(page.as_uri() + fragment, wait_until="commit")
            tab.wait_for_function("window.usable !== undefined")
            metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
            tab.wait_for_function(f"document.querySelectorAll('#learners tbody tr').length === {size}")
            times.append(
                (tab.evaluate("window.usable"), 1000 * metrics["TaskDuration"], tab.evaluate("performance.now()"))
            )
            context.close()
        browser.close()
    return times


def shots(folder: Path) -> None:
    """Write screenshots of small and large classes, wide and narrow, light and dark."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for size in (12, 200, 2000):
            page = folder / f"class-{size}.html"
            page.write_text(page_of(size), encoding="utf-8")
            for width in (390, 1280):
                for scheme in ("light", "dark"):
                    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                    for view in ("all", "03_dropout"):
                        tab.goto(f"{page.as_uri()}#exercise={view}")
                        tab.reload()
                        tab.wait_for_timeout(500)
                        stem = f"{size}-{width}-{scheme}-{view}"
                        tab.screenshot(path=folder / f"{stem}.png", full_page=True)
                        tab.locator("#everybody").evaluate("heading => heading.scrollIntoView()")
                        tab.wait_for_timeout(200)
                        tab.screenshot(path=folder / f"{stem}-table.png")
                    tab.close()
        browser.close()


def chromium() -> str:
    """Return the path of the browser."""
    found = shutil.which("google-chrome") or shutil.which("chromium")
    if found is None:
        sys.exit("There is no Chromium here.")
    return found


def page_of(size: int) -> str:
    """Return the page of an invented class in real exercises. The same size gives the same bytes."""
    course, chance = load_course(ROOT), random.Random(size)
    statistics_of = {key: ExerciseStatistics(course.find(key)) for key in EXERCISES}
    rows, missing, unrecognised = [], [], []
    for number in range(size):
        name = f"{chance.choice(FIRST.split())} {chance.choice(LAST.split())}"
        learner, section, skill = f"s{4000 + number}", chance.choice("ABCD"), min(1.0, chance.gauss(0.86, 0.16))
        cells = [cell_of(course, key, chance, skill, learner, section, statistics_of[key]) for key in EXERCISES]
        scores = [cell.score for cell in cells if cell.score is not None]
        rows.append(LearnerRow(learner, name, section, tuple(cells), sum(scores) if scores else None))
        if all(CellState.MISSING in cell.states for cell in cells):
            missing.append(f"{learner} ({name})")
        unrecognised += [f"{learner} ({name}): hw3.zip" for cell in cells if CellState.NOT_RECOGNISED in cell.states]
    summary = ClassSummary(
        "The class", size, tuple(one.summary() for one in statistics_of.values()), (), (), tuple(missing), 4711,
        "namespaces", unrecognised=tuple(unrecognised), identical=("03_dropout: s4001, s4002",),
    )  # fmt: skip
    return "".join(class_page(summary, rows))


def cell_of(
    course: Course, key: str, chance: random.Random, skill: float, learner: str, section: str, sums: ExerciseStatistics
) -> ScoreCell:
    """Return the cell of a learner who knows a share `skill` of everything."""
    exercise = course.find(key)
    fate = chance.random()
    if fate < 0.03:
        return ScoreCell(None, "missing", states=(CellState.MISSING,))
    if fate < 0.04:
        return ScoreCell(None, "not recognised: hw3.zip", states=(CellState.NOT_RECOGNISED,))
    if fate < 0.05:
        return ScoreCell(None, "excused", states=(CellState.EXCUSED,))
    report = report_of(exercise, chance, skill, runs=fate > 0.065)
    score = sum(one["earned"] for one in report["criteria"] if not one["bonus"])
    sums.add(report)
    sums.add_score(score, section)
    states, notes = [CellState.SCORED], []
    if fate <= 0.065:
        states, notes = [*states, CellState.NOT_RUN], ["could not run"]
    elif fate > 0.94:
        states, notes = [*states, CellState.LATE], ["1 day late"]
    elif fate > 0.925:
        states, notes = [*states, CellState.DECIDED], ["set by hand"]
    ids = tuple(one["id"] for one in report["diagnoses"])
    earned = tuple(None if fate <= 0.065 else one["earned"] for one in report["criteria"])
    return ScoreCell(score, ", ".join(notes), f"reports/{learner}/{key}.html", tuple(states), earned, ids)


def report_of(exercise: Exercise, chance: random.Random, skill: float, runs: bool) -> dict[str, Any]:
    """Return what the sums of a class need of a report."""
    criteria, diagnoses = [], []
    for at, one in enumerate(exercise.rubric.criteria):
        knows = runs and chance.random() < skill
        partly = one.points / 2 if runs and chance.random() < 0.3 else 0
        verdict = "passed" if knows else "failed" if runs else "not_run"
        earned = one.points if knows else partly
        criteria.append(
            {
                "id": one.id,
                "earned": earned,
                "possible": one.points,
                "bonus": one.bonus,
                "checks": [{"verdict": verdict}],
            }
        )
        if runs and not knows and chance.random() < 0.6:
            diagnoses.append(
                {
                    "id": f"{one.id}.{at % 3}",
                    "belief": f"Believes something else than this: {one.title[0].lower()}{one.title[1:]}.",
                    "function": one.function,
                }
            )
    return {"criteria": criteria, "diagnoses": diagnoses}


if __name__ == "__main__":
    main(sys.argv[1:])
