"""Hostile Keras programs in one worker: a program that hangs, grows, dies or lies earns nothing and harms no other."""

import importlib.util
from dataclasses import replace

import pytest

from grader.grading.worker import MissingPackageError, Worker
from grader.sandbox import Isolation, Reason, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Submission, read_submission
from tests.grading import COURSE, ROOT
from tests.needs import needs_installed

pytestmark = pytest.mark.thorough  # they build and train networks

KEY, TRANSFER = "05_keras_cnn", "06_transfer_learning"
REFERENCE = (ROOT / "solutions" / KEY / "keras_cnn.py").read_text(encoding="utf-8")
COMPANIONS = {
    f"{name}.py": next((ROOT / "solutions").glob(f"*/{name}.py")).read_text(encoding="utf-8")
    for name in ("convolution", "pooling", "batch_norm")
}


@pytest.fixture(scope="module")
def zygote():
    needs_installed("tensorflow", "the networks of exercises 5 and 6")
    with Zygote("keras", Isolation.NAMESPACES) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def worker(zygote):
    with Worker(COURSE.find(KEY), Isolation.NAMESPACES, zygote=zygote) as worker:
        yield worker


@pytest.fixture(scope="module")
def impatient(zygote):
    """A worker with short limits, for programs that never end."""
    limits = replace(FLAVOURS["keras"].limits, call_seconds=4.0)
    with Worker(COURSE.find(KEY), Isolation.NAMESPACES, limits, zygote) as worker:
        yield worker


@pytest.fixture(scope="module")
def honest(worker):
    """The report of the reference, before anything else is graded, and the epochs that were announced."""
    heard = []
    return graded(worker, tell=lambda *told: heard.append(told)), heard


def graded(worker, addition="", files=COMPANIONS, tell=lambda title, epoch: None):
    texts = {"keras_cnn.py": REFERENCE + addition, **files}
    report = worker.grade(
        Submission.of("x", KEY, {name: text.encode() for name, text in texts.items()}, texts), 0, tell=tell
    )
    assert (report.grader_faults, report.problems) == ((), ()), (report.grader_faults, report.problems)
    return report


def earned(report):
    return {one.id: one.earned for one in report.criteria}


def message(report, check):
    return next(one.message for criterion in report.criteria for one in criterion.checks if one.name == check)


def reason(report, check):
    return next(one.reason for criterion in report.criteria for one in criterion.checks if one.name == check)


HANGS = """
def train(model, x_train, y_train, x_val, y_val, epochs):
    while True:
        pass
"""
GROWS = """
def prepare(images_uint8, labels):
    return np.ones((30, 1024, 1024, 1024), dtype=np.uint8), labels
"""
DIES = """
def predict_labels(model, x):
    import random
    random._os._exit(0)
"""
LAMBDA = """
def build_cnn(input_shape, n_classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input(input_shape), layers.Lambda(lambda x: x * 1.0), layers.Conv2D(8, 3, activation="relu"),
                              layers.MaxPooling2D(2), layers.Flatten(), layers.Dropout(0.1), layers.Dense(n_classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
"""
PATCHED = """
class Known(keras.Sequential):
    def call(self, x, *a, **k):
        return keras.ops.one_hot(keras.ops.zeros((keras.ops.shape(x)[0],), dtype="int32"), 10)

    def get_config(self):
        return keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]).get_config()


def build_cnn(input_shape, n_classes):
    model = Known([keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(n_classes)])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    model.history_of_lies = {"loss": [1.0, 0.0], "val_loss": [1.0, 0.0]}
    return model.history_of_lies


def predict_labels(model, x):
    return np.zeros(len(x), int)
"""


def test_an_honest_program_earns_everything_and_reports_its_epochs(honest):
    report, heard = honest
    assert report.score.earned == 17
    told = [epoch for title, epoch in heard if title == "Recognises images that it has never seen."]
    assert told == ["", *(f"Epoch {number} of 12" for number in range(1, 13))]


def test_without_its_companions_the_numpy_part_is_not_run(worker):
    report = graded(worker, "\ndef train(*_):\n    raise NotImplementedError\n", files={})
    assert "submit your convolution.py, pooling.py and, if you need it, batch_norm.py with it: convolution." in message(
        report, "test_numpy_forward"
    )


def test_a_program_that_hangs_in_fit_loses_only_its_training(impatient):
    report = graded(impatient, HANGS)
    assert reason(report, "test_knows_held_out_images") in (Reason.TIMED_OUT, Reason.OUT_OF_CPU_TIME)
    assert (earned(report)["generalises"], earned(report)["contract"], earned(report)["prepare-scale"]) == (0, 1.5, 1)


@pytest.mark.parametrize(("addition", "lost"), [(GROWS, "prepare-form"), (DIES, "labels"), (LAMBDA, "generalises")])
def test_programs_that_grow_die_or_bring_their_own_code(worker, addition, lost):
    points = earned(
        graded(worker, addition + ("" if addition is LAMBDA else "\ndef train(*_):\n    raise NotImplementedError\n"))
    )
    assert points[lost] == 0
    assert points["prepare-scale"] == (0 if addition is GROWS else 1)


def test_a_model_that_lies_about_itself(worker):
    points = earned(graded(worker, PATCHED))
    assert {points[name] for name in ("loss", "trains", "learns", "generalises", "labels")} == {0}


# False answers about a model, from a program that has found the grader's functions in its process.
CLAIMS = {
    "export": (
        "None", "{}", "{**true, 'loss': {'name': [1], 'from_logits': {}}}", "{**true, 'loss': 'adam'}",
        "{**true, 'optimizer': {'name': 'x', 'learning_rate': 'fast'}}", "{**true, 'weights': [['a', 'b', 'c']]}",
        "{**true, 'weights': [['a', object(), True]]}", "{**true, 'layers': [['Conv2D', 'x', True]]}",
        "{**true, 'config': np.frombuffer(b'[' * 100000, np.uint8)}", "{**true, 'config': np.zeros(9)}",
        "{**true, 'config': as_bytes({'class_name': 'Sequential', 'config': {'layers': 7}})}",
        "{**true, 'config': as_bytes({'class_name': 'Sequential', 'config': {'layers': [{'config': 3}]}})}",
        "{**true, 'config': as_bytes({'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'Conv2D', 'config': "
        "{'class_name': 5, 'strides': [[1], 2], 'activation': {}}}]}})}",
    ),
    "history": ("7", "{'loss': 3}", "{'loss': ['a'], 'val_loss': [None]}", "{'loss': [1.0], 'val_loss': object()}"),
}  # fmt: skip
LIAR = """
def lie():
    import random

    json = random._os.sys.modules["json"]
    frame = random._os.sys._getframe()
    while "operations" not in frame.f_locals:
        frame = frame.f_back
    operations = frame.f_locals["operations"]
    honest = operations.setdefault("honest", operations["{operation}"])

    def as_bytes(tree):
        return np.frombuffer(json.dumps(tree).encode(), np.uint8)

    def claimed(*arguments):
        true = honest(*arguments)
        return {claim}

    operations["{operation}"] = claimed


def train(model, x_train, y_train, x_val, y_val, epochs):
    lie()
    return {{"loss": [1.0], "val_loss": [1.0]}}


honest_build = build_cnn


def build_cnn(input_shape, n_classes):
    lie()
    return honest_build(input_shape, n_classes)
"""


@pytest.mark.parametrize(
    ("operation", "claim"), [(operation, claim) for operation, claims in CLAIMS.items() for claim in claims]
)
def test_no_false_answer_breaks_a_check(worker, operation, claim):
    points = earned(graded(worker, LIAR.format(operation=operation, claim=claim)))
    lost = {"history": {"trains"}, "export": {"contract", "generalises"}}[operation]
    assert {points[name] for name in lost} == {0}


MOVED = """
def add_head(base, n_classes):
    import random

    frame = random._os.sys._getframe()
    while "operations" not in frame.f_locals:
        frame = frame.f_back
    operations = frame.f_locals["operations"]
    honest = operations.setdefault("honest", operations["weights"])
    seen = {}

    def claimed(model):
        return [[path, value if "sequential" in path else seen.setdefault(path, value)] for path, value in honest(model)]

    operations["weights"] = claimed
    base.trainable = True
    inputs = keras.Input(base.input_shape[1:])
    x = base(keras.layers.Rescaling(2.0, -1.0)(inputs))
    head = keras.Sequential([keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(n_classes, activation="softmax")])
    model = keras.Model(inputs, head(x))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model
"""


MEASURES_NOTHING = """
def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    share = round({share} * len(y_test)) / len(y_test)
    return dict(scratch=share, frozen=share, finetuned=share)


def add_head(*_):
    raise NotImplementedError
"""


@pytest.mark.parametrize("share", [0.2, 0.36, 0.37, 0.5, 0.9])
def test_a_comparison_without_measurements_fails(zygote, share):
    reference = (ROOT / "solutions" / TRANSFER / "transfer_learning.py").read_text(encoding="utf-8")
    files = {"transfer_learning.py": reference + MEASURES_NOTHING.format(share=share)}
    with Worker(COURSE.find(TRANSFER), Isolation.NAMESPACES, zygote=zygote) as worker:
        report = worker.grade(Submission.of("x", TRANSFER, {n: t.encode() for n, t in files.items()}, files), 0)
    assert (report.score.earned, report.grader_faults) == (0, ())


def test_weights_that_pretend_to_have_moved_fail(zygote):
    reference = (ROOT / "solutions" / TRANSFER / "transfer_learning.py").read_text(encoding="utf-8")
    text = reference + MOVED + "\n\ndef unfreeze_top(*_):\n    raise NotImplementedError\n"
    text += "\n\ndef compare(*_, **__):\n    raise NotImplementedError\n"
    with Worker(COURSE.find(TRANSFER), Isolation.NAMESPACES, zygote=zygote) as worker:
        files = {"transfer_learning.py": text}
        report = worker.grade(Submission.of("x", TRANSFER, {n: t.encode() for n, t in files.items()}, files), 0)
    points = earned(report)
    assert (report.grader_faults, report.problems) == ((), ()), (report.grader_faults, report.problems)
    assert points["head"] > 0
    assert points["base-kept"] == points["statistics-kept"] == 0


ODD = """
def prepare(images_uint8, labels):
    return {answer}, {answer}


def build_cnn(input_shape, n_classes):
    return {answer}


def train(model, x_train, y_train, x_val, y_val, epochs):
    return {answer}


def predict_labels(model, x):
    return {answer}


def numpy_forward(model, x):
    return {answer}
"""


@pytest.mark.parametrize(
    "answer", ["None", "'text'", "object()", "[]", "{}", "np.zeros(0)", "[[1], [2, 3]]", "np.array('a')", "True", "1j",
               "[['a'] * 10] * 4", "np.ones((4, 8, 8, 1), bool)", "{'a': [object()]}", "[[]] * 30000"]
)  # fmt: skip
def test_odd_answers_are_wrong_answers(worker, answer):
    assert graded(worker, ODD.format(answer=answer)).score.earned == 0


BOMB = """
def build_cnn(input_shape, n_classes):
    layers = keras.layers
    grows = [layers.UpSampling2D({size})] if np.isscalar(input_shape) or input_shape == (8, 8, 1) else []
    return keras.Sequential([keras.Input(input_shape), *grows, layers.GlobalMaxPooling2D(), layers.Dense(n_classes)])
"""
LOST = """
kept = []


def build_cnn(input_shape, n_classes):
    kept.append(keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(n_classes)]))
    return kept[-1]


def train(model, x_train, y_train, x_val, y_val, epochs):
    import random

    random._os._exit(0)
"""


@pytest.mark.parametrize("addition", [BOMB.format(size=4000), LOST])
def test_a_program_that_ends_its_process_is_no_fault_of_the_grader(impatient, addition):
    points = earned(graded(impatient, addition))
    assert (points["generalises"], points["prepare-scale"]) == (0, 1)


@pytest.mark.parametrize("text", ["def f(:", "x = 1\n" * 400_000, "\0"])
def test_a_companion_that_cannot_be_used_costs_only_itself(worker, text, tmp_path):
    (tmp_path / "keras_cnn.py").write_text(REFERENCE + "\ndef train(*_):\n    raise NotImplementedError\n")
    for name, source in COMPANIONS.items():
        (tmp_path / name).write_text(text if name in ("batch_norm.py", "convolution.py") else source)
    report = worker.grade(
        read_submission(tmp_path, KEY, "keras_cnn", companions=("convolution", "pooling", "batch_norm")), 0
    )
    points = earned(report)
    assert (report.grader_faults, report.problems) == ((), ())
    assert (points["contract"], points["numpy"]) == (1.5, 0)
    assert "convolution.py cannot be used: " in message(report, "test_numpy_forward")


SEARCHES = """
mine = [np.zeros(7)]


def train(model, x_train, y_train, x_val, y_val, epochs):
    import random

    os, gc = random._os, random._os.sys.modules["gc"]
    held = [part for one in gc.get_objects() for part in gc.get_referents(one) if isinstance(part, np.ndarray)]
    shapes = {one.shape for one in held}
    print("control", (7,) in shapes, y_train.shape in shapes)
    print("labels", [shape for shape in shapes if shape in ((450,), (1797,))])
    print("left", [name for name in os.listdir(".") if name == "for-the-next"])
    open("for-the-next", "w").write("3")
    return {"loss": [1.0], "val_loss": [1.0]}
"""


def test_no_labels_are_in_memory_and_no_file_is_left_for_the_next_submission(worker):
    for _ in range(2):
        report = graded(worker, SEARCHES)
        assert "control True True" in report.output.stdout
        assert "labels []" in report.output.stdout
        assert "left []" in report.output.stdout
        assert earned(report)["generalises"] == 0


KEEPS_THE_BEST = """
def train(model, x_train, y_train, x_val, y_val, epochs):
    best = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True)
    logged = keras.callbacks.CSVLogger("log.csv")
    watched = model.fit(
        x_train, y_train, epochs=min(epochs, 10), validation_data=(x_val, y_val), callbacks=[best, logged], verbose=1
    )
    model.load_weights("best.keras")
    model.save_weights("best.weights.h5")
    with open("log.csv") as file:
        print("kept", len(file.readlines()))
    return watched
"""


@pytest.mark.thorough
def test_a_program_may_keep_its_best_weights_in_a_file(worker):
    report = graded(worker, KEEPS_THE_BEST)
    assert "kept 11" in report.output.stdout
    assert (earned(report)["trains"], report.output.stderr) == (1.5, "")


@pytest.mark.thorough
def test_earlier_submissions_make_no_difference(worker, honest):
    report = graded(worker)
    assert (report.score.earned, report.sha256) == (17, honest[0].sha256)


def test_without_tensorflow_the_message_says_how_to_install_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "tensorflow" else found(name, *a))
    with pytest.raises(MissingPackageError) as caught:
        Worker(COURSE.find(KEY))
    assert "needs tensorflow, which is not installed. Install it with: pip install 'cnn-grader[keras]'" in str(
        caught.value
    )
