"""The results limit every text that a learner can make long: a submission needs less than a megabyte of them."""

import json
import re
import shutil
from xml.etree import ElementTree

import pytest

from tests.batch.test_batch import RIGHT, batch, class_of, gradebook

MOST_BYTES = 1_000_000
LONG = 1_000_000
STUBS = """
def dropout(x, rate, training, rng): {body}
def dropout_backward(dy, mask): {body}
def dropout_moments(x, rate): {body}
"""

HAND_INS = {
    "import of a long name": "import " + "a" * LONG,
    "import call of a long name": f"__import__({'a' * LONG!r})",
    "import call of a name with lines": "__import__('a' + '\\nPASS     Drops     1 / 1' * 40000)",
    "syntax error on a long line": "x = (" + "1 + " * (LONG // 4),
    "exception message": "raise ValueError('x' * 10**6)",
    "exception message of controls": "raise ValueError('\\x00' * 10**6)",
    "exception message of lines": "raise ValueError('\\nPASS     Drops     1 / 1' * 40000)",
    "exception class name": "raise type('E' * 10**6, (Exception,), {})('m' * 10**6)",
    "exceptions in each function": STUBS.format(body="raise type('E\\x00' * 10**5, (Exception,), {})('\\u202e' * 10**6)"),
    "function names in lines": (
        "def f(): raise ValueError('x')\nf.__code__ = f.__code__.replace(co_name='n\\n' * 10**5)\n"
        + STUBS.format(body="f()")
    ),
    "type names of results": STUBS.format(body="return type('T\\x00' * 10**5, (), {})()"),
    "texts as results": STUBS.format(body="return '\\x00' * 10**6"),
    "print of controls": "print('\\x00' * 10**7)\n" + STUBS.format(body="print('\\x1b' * 10**6); return x"),
    "print of quotation marks": "print('\"<&' * 10**7)\nimport sys\nprint('\"' * 10**7, file=sys.stderr)",
    "print of astral characters": "print('\\U000e0041' * 10**6)",
    "unknown encoding": "# coding: " + "x" * LONG,
}  # fmt: skip


def bytes_for(out):
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of one batch with one learner for each program."""
    folder = tmp_path_factory.mktemp("long")
    for number, source in enumerate(HAND_INS.values()):
        (folder / "hand_ins" / f"learner{number:02d}").mkdir(parents=True)
        (folder / "hand_ins" / f"learner{number:02d}" / "dropout.py").write_text(source[: 1024 * 1024])
    batch(folder / "hand_ins", folder / "out", "--workers", "2")
    return folder / "out"


@pytest.mark.parametrize("name", HAND_INS)
def test_no_submission_fills_the_disk(results, name):
    learner = f"learner{list(HAND_INS).index(name):02d}"
    files = [path for path in results.rglob("*") if path.is_file() and learner in path.parts]
    assert len(files) == 3
    report = results / "reports" / learner / "03_dropout.json"
    assert (
        sum(path.stat().st_size for path in files) + report.stat().st_size < MOST_BYTES
    )  # the journal contains it too
    assert gradebook(results)[learner]["03_dropout raw"] not in ("", "8")
    assert len(gradebook(results)[learner]["03_dropout note"]) < 1500


def test_the_tables_stay_small(results):
    tables = [path for path in results.iterdir() if path.suffix in (".csv", ".xml", ".html")]
    assert sum(path.stat().st_size for path in tables) < MOST_BYTES


def test_a_report_contains_the_reason_of_a_failed_import_once(results):
    learner = f"learner{list(HAND_INS).index('exception message'):02d}"
    text = (results / "reports" / learner / "03_dropout.json").read_text()
    assert text.count("importing dropout.py raised ValueError") == 1
    report = json.loads(text)
    assert {check["message"] for one in report["criteria"] for check in one["checks"]} == {"the file could not be run"}
    suite = next(
        one for one in ElementTree.parse(results / "junit.xml").getroot() if one.get("name") == f"{learner} 03_dropout"
    )  # fmt: skip
    assert suite.findtext("system-err").startswith("| Line 1: importing dropout.py raised ValueError: xxx")


def test_no_line_of_a_learner_looks_like_a_line_of_the_report(results):
    forged = re.compile(r"^\s*PASS", re.MULTILINE)
    seen = 0
    for path in results.rglob("*"):
        if path.suffix in (".json", ".html", ".xml", ".csv"):
            text = path.read_text(encoding="utf-8")
            if path.name == "results.json":
                text = json.loads(text)["output"] + "\n".join(one["output"] for one in json.loads(text)["tests"])
            seen += text.count("PASS")
            assert not forged.search(text), path
    assert seen


def test_long_names_of_learners_do_not_fill_the_disk(tmp_path):
    """A name in an archive may have 64 KiB; a name on a disk has at most 255 bytes."""
    import zipfile

    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    shutil.make_archive(str(tmp_path / "all"), "zip", hand_ins)
    with zipfile.ZipFile(tmp_path / "all.zip", "a") as archive:
        archive.write(RIGHT, f"{'n' * 60_000}/dropout.py")
        archive.write(RIGHT, f"{'m' * 60_000}_dropout.py")
        archive.write(RIGHT, f"{'o' * 30_000}_12345_assignsubmission_file_/dropout.py")
    batch(tmp_path / "all.zip", tmp_path / "out")
    assert bytes_for(tmp_path / "out") < MOST_BYTES
