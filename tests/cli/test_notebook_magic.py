"""Notebooks: made from a stub, graded as files, and graded from inside by a real Jupyter kernel."""

import html
import json
import os

import pytest

from grader.cli.notebook_magic import USAGE, Cell, ExecutedCells, MagicUsageError, arguments_of
from grader.cli.stub_notebook import notebook_of
from grader.submission.intake.notebook import source_of_notebook
from tests.grading import COURSE, ROOT
from tests.needs import needs

EXERCISE = COURSE.find("03_dropout")
RIGHT = EXERCISE.reference_path.read_text(encoding="utf-8")
WRONG = (ROOT / "tests" / "samples" / "03_dropout" / "dropout.py").read_text(encoding="utf-8")


def execute(folder, *cells):
    """Return the outputs of each cell of a notebook, run by a real kernel in this folder."""
    nbformat = needs("nbformat", "writes notebooks")
    nbclient = needs("nbclient", "executes notebooks")
    needs("ipykernel", "is the kernel")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, allow_errors=True
    )
    client.execute(env={**os.environ, "CNN_GRADER_STATE": str(folder / "state")})
    return [cell.outputs for cell in notebook.cells]


CELLS = {
    "extension": "%load_ext grader",
    "nothing is defined": "%grade 3",
    "wrong": WRONG,
    "graded wrong": "%grade 3",
    "graded right": f"%%grade 3\n{RIGHT}",
    "name": "dropout.__name__",
    "syntax error": "def dropout(x:\n    return",
    "graded again": "%grade 3",
    "raises": "%%grade 3\ndef dropout_moments(*a):\n    pass\n1 / 0",
    "unknown": "%grade dropuot",
    "modules": "import sys\nprint([name for name in sys.modules if name.startswith(('cnn_grader_course', 'test_'))])",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def outputs(folder):
    """The outputs of one notebook, by the names of its cells."""
    return dict(zip(CELLS, execute(folder, *CELLS.values()), strict=True))


def printed(outputs):
    return "".join(output.get("text", "") for output in outputs)


def report_in(outputs):
    """The text of the report and its page, of the only output that has them."""
    (data,) = [output["data"] for output in outputs if "text/html" in output.get("data", {})]
    return data["text/plain"], data["text/html"]


def test_a_line_grades_what_is_defined_so_far(outputs):
    text, page = report_in(outputs["graded wrong"])

    assert "6.25 / 8 points" in text
    assert page.startswith('<iframe sandbox="" title="Report of the grader" srcdoc="&lt;!doctype html&gt;')


def test_the_page_has_pictures_of_what_the_functions_do_and_the_cells(tmp_path):
    right = COURSE.find("02_pooling").reference_path.read_text(encoding="utf-8")
    _, _, outputs, _, broken = execute(
        tmp_path, "%load_ext grader", right, "%grade 2", "def max_pool2d(x, size):\n    return None", "%grade 2"
    )
    page = html.unescape(report_in(outputs)[1])
    assert 'aria-label="2 x 2 max pooling, 4 by 4 pixels"' in page
    assert "Your file <bdi>pooling.py</bdi>" in page
    assert "No picture: " in html.unescape(report_in(broken)[1])


def test_a_cell_is_run_and_graded_and_its_definitions_replace_the_earlier_ones(outputs):
    assert "8 / 8 points" in report_in(outputs["graded right"])[0]
    assert outputs["name"][0]["data"]["text/plain"] == "'dropout'"


def test_cells_before_the_extension_was_loaded_count(tmp_path):
    _, outputs = execute(tmp_path, RIGHT, "%load_ext grader\n%grade 3")

    assert "8 / 8 points" in report_in(outputs)[0]


def test_a_cell_that_raises_is_not_graded(outputs):
    raised = outputs["raises"]

    assert "ZeroDivisionError" in str(raised)
    assert "The cell raised an error, so nothing was graded." in printed(raised)
    assert not [output for output in raised if "text/html" in output.get("data", {})]


def test_a_cell_that_python_cannot_read_does_not_spoil_the_others(outputs):
    assert "8 / 8 points" in report_in(outputs["graded again"])[0]


def test_nothing_defined_yet_says_so(outputs):
    assert "notebook.ipynb" in printed(outputs["nothing is defined"])
    assert "dropout" in printed(outputs["nothing is defined"])


def test_an_unknown_exercise_is_named(outputs):
    assert 'There is no exercise "dropuot". Did you mean "dropout"?' in printed(outputs["unknown"])


def test_the_kernel_never_holds_hidden_tests_or_references(outputs):
    assert printed(outputs["modules"]) == "[]\n"


def test_the_results_are_kept_for_study(outputs, folder):
    from grader.study.learning_record import LearningRecord

    with LearningRecord(folder / "state" / "study.db") as record:
        assert [json.loads(one.detail)["earned"] for one in record.events("graded")] == [6.25, 8, 8]


def test_the_saved_notebook_has_the_same_score_as_its_magic(outputs, here, run):
    nbformat = needs("nbformat", "writes notebooks")
    for name, score in (("graded wrong", "6.25 / 8 points"), ("graded right", "8 / 8 points")):
        cells = list(CELLS.values())[: list(CELLS).index(name) + 1]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbformat.write(notebook, here / "homework.ipynb")

        assert score in run("exercise", "3", "homework.ipynb").stdout
        assert score in report_in(outputs[name])[0]


def test_the_report_is_seen_in_the_output_of_a_cell(outputs, tmp_path):
    sync_api = needs("playwright.sync_api", "drives Chromium")
    from tests.report.test_pages_in_a_browser import CHROMIUM

    _, page = report_in(outputs["graded wrong"])
    (tmp_path / "cell.html").write_text(f"<!doctype html><title>cell</title><body>{page}</body>", encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 900, "height": 700})
        opened.goto((tmp_path / "cell.html").as_uri())
        opened.frame_locator("iframe").get_by_text("6.25").first.wait_for()
        if shots := os.environ.get("PAGES_SHOTS"):
            opened.screenshot(path=os.path.join(shots, "notebook.png"))
        browser.close()


@pytest.mark.parametrize("line", ["%grade", "%grade 3 4", "%grade 3 --out x.py", "%grade 'three"])
def test_wrong_use_of_the_magic(line):
    with pytest.raises(MagicUsageError) as caught:
        arguments_of(line.removeprefix("%grade"))

    assert USAGE in str(caught.value)


def test_options_of_the_magic():
    assert arguments_of("dropout --seed 7") == ("dropout", ["--seed", "7"])


@pytest.mark.parametrize("exercise", list(COURSE), ids=lambda exercise: exercise.key)
def test_the_notebook_of_a_stub_holds_the_whole_stub(exercise):
    stub = exercise.stub.read_text(encoding="utf-8")
    notebook = notebook_of(stub, 3)
    source = source_of_notebook(notebook.encode(), "stub.ipynb", tuple(exercise.rubric.functions)).text
    cells = json.loads(notebook)["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")

    assert notebook == notebook_of(stub, 3)
    assert all(f"def {name}(" in source for name in exercise.rubric.functions)
    lines = [line for line in stub.split('"""\n', 1)[1].splitlines() if line.strip()]
    assert [line for line in lines if line not in code.splitlines()] == []


def test_start_makes_a_notebook_that_is_graded_like_the_stub(run, here):
    result = run("start", "3", "--notebook")

    assert result.stdout.startswith("Wrote dropout.ipynb\n")
    graded = run("exercise", "3")
    assert graded.exit_code == 1
    assert "dropout is not implemented yet: Task 1: write dropout" in graded.stdout


def test_the_last_version_of_a_cell_replaces_the_earlier_ones():
    cells = ExecutedCells(["a = 1"])
    for cell in (Cell("x", "b = 1"), Cell("y", "c = 1"), Cell("x", "b = 2"), Cell("", "a = 1")):
        cells.add(cell)

    assert [one["source"] for one in json.loads(cells.as_notebook())["cells"]] == ["c = 1", "b = 2", "a = 1"]
