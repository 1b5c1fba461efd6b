"""The page of a report in a batch: whose it is, the file, the time, the marked source, and how to ask for a regrade."""

import re
import sqlite3

import pytest

from grader.batch.task import SHOWN_BYTES
from grader.text import for_html
from tests.batch import stand_in
from tests.batch.small_class import FILES, ROSTER, grade_class, report_page, without_workers
from tests.batch.stand_in import FUNCTIONS, notebook

__all__ = ["without_workers"]
pytestmark = pytest.mark.usefixtures("without_workers")

METADATA = """\
submission_7:
  :submitters:
  - :name: Ada Ash
    :sid: ada
    :email: ada@x.org
  :created_at: 2026-11-24 09:05:09.500000000 Z
"""
NASTY = "</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e"


def text_of(page):
    return re.sub(r"<[^>]+>", "", page)


def test_it_names_the_person_the_file_and_the_graded_source(tmp_path):
    grade_class(tmp_path)
    page = report_page(tmp_path / "out", "ada")

    assert '<p class="lead"><bdi>Ada Ash</bdi></p>' in page
    assert "<dt>Learner</dt><dd><bdi>ada</bdi></dd>" in page
    assert "<dt>File</dt><dd><bdi>dropout.py</bdi></dd>" in page
    assert "   1 | def dropout(x, rate, training, rng): ..." in text_of(page)
    assert "# points: 5.75" in page


def test_it_shows_the_time_that_the_platform_states(tmp_path):
    grade_class(tmp_path, {"submission_7/dropout.py": "wrong", "submission_metadata.yml": METADATA})

    assert "<dt>Submitted</dt><dd>2026-11-24 09:05:09 UTC</dd>" in report_page(tmp_path / "out", "ada")


def test_the_time_of_a_file_counts_only_if_the_policy_trusts_it(tmp_path):
    files = {"ada/dropout.py": {"is": "wrong", "at": "2026-11-24 10:00"}}
    grade_class(tmp_path, files)
    assert "<dt>Submitted</dt>" not in report_page(tmp_path / "out", "ada")

    late = "per_day: 10%\ndue: {3: 2026-11-25T00:00:00Z}\ntrust_file_times: true\n"
    grade_class(tmp_path, files, late=late)
    assert "<dd>2026-11-24 10:00:00 UTC (time of the file)</dd>" in report_page(tmp_path / "out", "ada")


def test_it_has_a_text_to_ask_for_a_regrade(tmp_path):
    grade_class(tmp_path)
    text = text_of(report_page(tmp_path / "out", "ada"))

    request = text.partition("Request for a regrade: ")[2].partition("Reason:")[0]
    assert request.startswith("Dropout (03_dropout)\nLearner: Ada Ash (ada)\nFile: dropout.py\nReport: ")
    assert "The report gives 5.75 of 8 points." in request
    assert "- Drops each unit with probability rate (drops-at-rate): 0 of 1.25 points\n" in request
    assert "scales-survivors" not in request


def test_the_source_of_a_notebook_is_what_the_worker_took_from_it(tmp_path):
    grade_class(tmp_path, {"ada/dropout.ipynb": notebook(f"{FUNCTIONS}# points: 8\n")})
    page = report_page(tmp_path / "out", "ada")

    assert "<bdi>dropout.ipynb</bdi>" in page
    assert "def dropout_backward(dy, mask): ..." in text_of(page)
    assert "nbformat" not in page


def test_a_notebook_whose_source_the_journal_does_not_have_has_no_listing(tmp_path):
    """A worker of an older version gave none."""
    files = {"ada/dropout.ipynb": notebook(f"{FUNCTIONS}# points: 8\n")}
    grade_class(tmp_path, files)
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        database.executescript("DROP TABLE listing; PRAGMA user_version = 5")
    grade_class(tmp_path, files)

    assert 'class="source"' not in report_page(tmp_path / "out", "ada")


def test_a_file_too_large_for_a_page_is_left_out(tmp_path):
    grade_class(tmp_path, {"ada/dropout.py": f"{FUNCTIONS}# points: 8\n#{'x' * SHOWN_BYTES}\n"})

    page = report_page(tmp_path / "out", "ada")
    assert "<dt>File</dt><dd><bdi>dropout.py</bdi></dd>" in page
    assert 'class="source"' not in page


def test_a_line_that_raised_is_marked(tmp_path, monkeypatch):
    report_of = stand_in.report_of

    def with_problem(task, points, bonus):
        problem = {"line": 2, "column": 0, "message": f"it raised {NASTY}", "source_line": NASTY}
        return {**report_of(task, points, bonus), "problems": [problem]}

    monkeypatch.setattr(stand_in, "report_of", with_problem)
    grade_class(tmp_path, FILES)

    page = report_page(tmp_path / "out", "ada")
    assert re.search(r'<mark id="line-2"><span class="number">   2 &gt; </span>def dropout_backward', page)
    assert '<span class="why">it raised &lt;/pre&gt;' in page


def test_names_files_and_sources_of_learners_are_never_markup(tmp_path):
    roster = f'id,name,section\nada,"{NASTY}","{NASTY}"\n'
    name = "<img src=x onerror=alert(2)>_dropout.py"
    grade_class(tmp_path, {f"ada/{name}": f"{FUNCTIONS}# points: 5.75\n{NASTY}\n", "ada/<b>.py": "text"}, roster)

    for path in (tmp_path / "out" / "index.html", tmp_path / "out" / "reports" / "ada" / "03_dropout.html"):
        page = path.read_text(encoding="utf-8")
        assert "alert(1)" in page
        assert not re.search(r"<script>alert|<img|\u202e", page)
        assert page.count("</script>") == page.count("<script")
    assert for_html(NASTY).replace("<", "&lt;").replace(">", "&gt;") in page


def test_with_pseudonyms_it_shows_neither_name_nor_file_nor_source(tmp_path):
    grade_class(tmp_path, {"ada/dropout.py": f"# by Ada Ash\n{FUNCTIONS}# points: 5.75\n"}, ROSTER, anonymous=True)
    (page,) = (tmp_path / "out" / "reports").glob("*/03_dropout.html")

    text = page.read_text(encoding="utf-8")
    assert "Ada Ash" not in text
    assert "<dt>File</dt>" not in text
    assert "Request a regrade" not in text
