"""What a learner sees of exercises 5 and 6: from what the checks have trained, also if the training went wrong."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks import CheckFailedError, DirectCaller, Verdict
from grader.checks.exported import Exported, Weight
from grader.checks.session import RunContext
from grader.checks.sight import seen_by, sights_of
from grader.course import import_file
from grader.grading.worker import Worker
from grader.sandbox import Reason
from grader.submission import SourceFile, Submission
from tests.grading import COURSE, reference_functions, session_of
from tests.needs import needs_installed

CNN, TRANSFER = COURSE.find("05_keras_cnn"), COURSE.find("06_transfer_learning")
SIGHTS = import_file(CNN.sights_path, "sights")
NAMES = ("8", "A", "3", "B", "0", "C", "5", "D", "6", "E")
LAYERS = (("Conv2D", "one", True), ("MaxPooling2D", "two", True), ("Flatten", "three", True), ("Dense", "four", True))


class Clean:
    """A model whose layer "two" takes 3 maps, the second of them the strongest, and whose layer "four" takes rows."""

    def fed(self, layer, inner, x):
        if layer == "three":
            raise CheckFailedError(Reason.UNUSABLE_MODEL, "a layer of an inner model")
        return np.ones((1, 6, 6, 3)) * np.array([1.0, 2.0, 0.0]) if layer == "two" else np.ones((1, 108))


def run_of(guesses, labels, columns=10, weights=None, kind="Sequential"):
    """Return a run in which the model said these guesses of images with these labels."""
    weights = np.arange(18.0).reshape(3, 3, 1, 2) if weights is None else weights
    data = Exported(
        json.dumps({"class_name": kind, "config": {}}),
        (Weight("bias", np.zeros(2), True), Weight("kernel", weights, True)),
        LAYERS,
    )
    labels = np.array(labels)
    return SimpleNamespace(
        model=SimpleNamespace(data=data, clean=Clean()),
        images=np.linspace(0, 1, len(labels) * 64).reshape(-1, 8, 8, 1),
        labels=labels,
        rows=np.eye(columns)[np.array(guesses)],
        names=NAMES,
        share=float((np.array(guesses) == labels).mean()),
    )


def models_with(run=None, history=None):
    def kept(name):
        return {"the unseen digits": run, "the training on digits": history}[name]

    return SimpleNamespace(kept=kept)


def test_the_curve_shows_loss_and_accuracy_on_both_kinds_of_images():
    history = {"accuracy": [0.5, 0.9], "loss": [2.0, 1.0], "val_accuracy": [0.4, 0.8], "val_loss": [2.1, 1.5]}

    loss, accuracy = SIGHTS.training(models_with(history=history)).body.charts

    assert [curve.values for curve in loss.curves] == [(2.0, 1.0), (2.1, 1.5)]
    assert [(curve.name, curve.values) for curve in accuracy.curves] == [
        ("training", (0.5, 0.9)),
        ("validation", (0.4, 0.8)),
    ]


def test_without_a_metric_the_curve_says_how_to_get_the_accuracy():
    told = SIGHTS.training(models_with(history={"loss": [2.0], "val_loss": [2.0]}))

    assert [chart.name for chart in told.body.charts] == ["loss"]
    assert 'metrics=["accuracy"]' in told.said


def test_a_training_that_diverged_shows_its_curve():
    (loss,) = SIGHTS.training(models_with(history={"loss": [2.0, float("nan")]})).body.charts

    assert loss.curves[0].values == (2.0, None)


def test_the_matrix_has_digits_before_symbols_and_true_classes_in_rows():
    told = SIGHTS.confusion(models_with(run_of(guesses=[0, 2, 2, 9], labels=[0, 0, 2, 9])))

    assert told.body.rows == told.body.columns == ("0", "3", "5", "6", "8", "A", "B", "C", "D", "E")
    assert told.body.counts[4] == (0, 1, 0, 0, 1, 0, 0, 0, 0, 0)
    assert "knows 3 of 4 images that it has never seen (75.0%)" in told.said


def test_a_guess_of_a_class_that_does_not_exist_has_a_column_of_its_own():
    table = SIGHTS.confusion(models_with(run_of(guesses=[11, 0], labels=[0, 0], columns=12))).body

    assert table.columns[-1] == "none"
    assert table.counts[4][-1] == 1


def test_misread_images_carry_the_guess():
    told = SIGHTS.misread(models_with(run_of(guesses=[0, 2], labels=[0, 0])))

    assert [one.caption for one in told.body.maps] == ["8 read as 3"]


def test_of_many_misread_images_some_are_shown():
    told = SIGHTS.misread(models_with(run_of(guesses=[2] * 50, labels=[0] * 50)))

    assert len(told.body.maps) == SIGHTS.MISREAD
    assert told.said == "50 images; the first 8:"


def test_a_network_that_knows_all_has_no_misread_image():
    assert SIGHTS.misread(models_with(run_of(guesses=[0], labels=[0]))).body is None


def test_a_filter_is_dark_at_its_smallest_weight():
    weights = np.zeros((3, 3, 2, 5))
    weights[0, 0, 0, 1] = -2.0

    first, second, *_ = maps = SIGHTS.filters(models_with(run_of([0], [0], weights=weights))).body.maps

    assert len(maps) == SIGHTS.FILTERS
    assert not np.any(first.rows)
    assert (second.rows[0][0], second.rows[2][2]) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("kind", "caption"),
    [
        ("Sequential", "after Conv2D: map 2 of 3"),
        ("Functional", "after the layers before it: map 2 of 3"),
    ],
)
def test_a_digit_is_shown_after_each_layer_that_gives_maps(kind, caption):
    told = SIGHTS.way_of_a_digit(models_with(run_of(guesses=[1, 2], labels=[1, 2], kind=kind)))

    assert [one.caption for one in told.body.maps] == ["the image", caption]
    assert told.said.startswith("A 3, ")
    assert told.said.endswith("Your network reads it as 3.")


def test_nothing_is_seen_of_a_network_that_no_check_has_trained():
    context = RunContext(SimpleNamespace(), 0)

    assert list(seen_by(session_of(CNN.key), context, sights_of(CNN))) == []


def graded(exercise, text):
    """Grade a program with its companions, and return the report and what can be seen."""
    files = [SourceFile(f"{exercise.rubric.module}.py", text)]
    for name in exercise.rubric.companions:
        (path,) = exercise.root.glob(f"solutions/*/{name}.py")
        files.append(SourceFile(path.name, path.read_text(encoding="utf-8")))
    looks = []
    with Worker(exercise, side_by_side=True) as worker:
        report = worker.grade(Submission("ada", exercise.key, tuple(files), "a" * 64), 0, show=looks.append)
        return report, {one.title: one for one in looks[0]()}


@pytest.mark.thorough
def test_our_network_shows_everything():
    needs_installed("tensorflow", "trains the network")
    report, seen = graded(CNN, CNN.reference_path.read_text(encoding="utf-8"))

    assert report.score.earned == report.score.possible
    assert list(seen) == [sight.title for sight in SIGHTS.SIGHTS]
    assert [one.lost for one in seen.values()] == [""] * 5
    way = seen["A digit on its way through the layers"].body.maps
    assert [len(one.rows) for one in way] == [8, 8, 8, 4]


@pytest.mark.thorough
def test_a_network_that_fails_shows_its_curve_and_its_mistakes():
    needs_installed("tensorflow", "trains the network")
    text = CNN.reference_path.read_text(encoding="utf-8")
    report, seen = graded(CNN, text.replace("Adam(2e-3)", "SGD(1e-5)"))

    assert report.score.earned < report.score.possible
    loss, accuracy = seen["Loss and accuracy after each epoch"].body.charts
    assert len(loss.curves[0].values) == len(accuracy.curves[1].values) == 12
    assert seen["Misread images"].body is not None


def test_a_comparison_has_a_bar_for_each_way_of_training():
    sights = import_file(TRANSFER.sights_path, "sights")
    found = {"scratch": 0.5, "frozen": 0.75, "finetuned": 0.8}

    told = sights.comparison(SimpleNamespace(kept=lambda name: found))

    assert [(bar.name, bar.share) for bar in told.body.bars] == [
        ("frozen base", 0.75),
        ("fine-tuned", 0.8),
        ("from scratch", 0.5),
    ]


@pytest.mark.thorough
def test_a_comparison_is_shown_as_the_check_has_kept_it():
    needs_installed("tensorflow", "trains the networks")
    context = RunContext(DirectCaller(reference_functions(TRANSFER.key)), 0, only=["test_compare_has_learnt"])
    (outcome,) = session_of(TRANSFER.key).run(context)
    (seen,) = seen_by(session_of(TRANSFER.key), context, sights_of(TRANSFER))

    assert outcome.verdict is Verdict.PASSED
    assert len(seen.body.bars) == 3
