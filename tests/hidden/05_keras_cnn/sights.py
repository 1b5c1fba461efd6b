"""Pictures of a learner's network: its training, its mistakes, its filters, and a digit on its way through it.

Everything comes from the training for the criterion "generalises". Nothing is trained again.
"""

import itertools
import json

import numpy as np

from grader.checks import CheckFailedError
from grader.checks.seen import Chart, Charts, Curve, Map, Maps, Table
from grader.checks.sight import Sight, Told

CLASSES = 10
MISREAD, FILTERS, LAYERS = 8, 4, 5  # the most that are shown


def training(models):
    """Return loss and accuracy after each epoch, on the training and on the validation images."""
    table = models.kept("the training on digits")
    measure = next((name for name in table if "acc" in name and not name.startswith("val_")), "")
    charts = [
        Chart(
            name=shown,
            top=top,
            curves=tuple(
                Curve(name=images, values=table[key])
                for images, key in (("training", name), ("validation", f"val_{name}"))
                if key in table
            ),
        )
        for shown, name, top in (("loss", "loss", 0), ("accuracy", measure, 1))
        if name in table
    ]
    advice = "" if measure else ' Compile with metrics=["accuracy"] to see the accuracy too.'
    return Told(
        f"Both losses fall: it learns. Only the training loss falls: it overfits. Neither falls: it does not learn.{advice}",
        Charts(charts=charts),
    )


def guesses_of(run):
    """Return the class that the network says of each image; one more class stands for all that do not exist."""
    return np.minimum(run.rows.argmax(axis=1), CLASSES)


def confusion(models):
    """Return how many images of each class the network takes for each class."""
    run = models.kept("the unseen digits")
    counts = np.zeros((CLASSES, CLASSES + 1), int)
    np.add.at(counts, (run.labels, guesses_of(run)), 1)
    order = np.argsort(run.names)
    columns = [*order, *([CLASSES] if counts[:, CLASSES].any() else [])]
    names = [*run.names, "none"]
    known, total = round(run.share * len(run.labels)), len(run.labels)
    said = f"Your network knows {known} of {total} images that it has never seen ({run.share:.1%}). Each row is a"
    table = Table(
        rows=[names[one] for one in order],
        columns=[names[one] for one in columns],
        counts=counts[np.ix_(order, columns)],
    )
    return Told(f"{said} true class, each column a guess. A to E are symbols that the grader invents.", table)


def misread(models):
    """Return some of the images that the network takes for another class."""
    run = models.kept("the unseen digits")
    guesses, names = guesses_of(run), [*run.names, "none"]
    wrong = np.flatnonzero(guesses != run.labels)
    if not wrong.size:
        return Told("None: your network reads all of them.", None)
    maps = [
        Map(caption=f"{names[run.labels[one]]} read as {names[guesses[one]]}", rows=run.images[one, :, :, 0])
        for one in wrong[:MISREAD]
    ]
    return Told(f"{len(wrong)} images; the first {len(maps)}:" if len(wrong) > len(maps) else "", Maps(maps=maps))


def filters(models):
    """Return some kernels of the first convolution, of their first channel: empty at the smallest weight."""
    run = models.kept("the unseen digits")
    kernel = next(one.value for one in run.model.data.weights if one.value.ndim == 4)[:, :, 0, :FILTERS]
    kernel = kernel - kernel.min(axis=(0, 1))
    count = kernel.shape[-1]
    maps = [Map(caption=f"filter {number + 1}", rows=kernel[:, :, number]) for number in range(count)]
    return Told("The full shade is the largest weight of a filter, the empty one its smallest.", Maps(maps=maps))


def way_of_a_digit(models):
    """Return the strongest map of a digit before each layer that takes maps."""
    run = models.kept("the unseen digits")
    names = [*run.names, "none"]
    is_digit = np.array([names[label].isdecimal() for label in run.labels])
    known = np.flatnonzero(is_digit & (guesses_of(run) == run.labels))
    chosen = int(known[0]) if known.size else int(is_digit.argmax())
    image = run.images[chosen : chosen + 1]
    maps = [Map(caption="the image", rows=image[0, :, :, 0])]
    for before, after in list(steps_of(run))[:LAYERS]:
        try:
            fed = run.model.clean.fed(after, "", image)
        except CheckFailedError:  # a layer of an inner model
            continue
        if fed.ndim == 4:
            strongest = int(fed[0].sum(axis=(0, 1)).argmax())
            maps.append(
                Map(caption=f"after {before}: map {strongest + 1} of {fed.shape[-1]}", rows=fed[0, :, :, strongest])
            )
    guess = names[guesses_of(run)[chosen]]
    return Told(
        f"A {names[run.labels[chosen]]}, and its strongest map after each layer. Your network reads it as {guess}.",
        Maps(maps=maps),
    )


def steps_of(run):
    """Yield the class of a layer and the name of the layer after it, in the order of the network."""
    layers = [one for one in run.model.data.layers if one[0] != "InputLayer"]
    chain = json.loads(run.model.data.config)["class_name"] == "Sequential"
    for (kind, _, _), (_, name, _) in itertools.pairwise(layers):
        yield (kind if chain else "the layers before it"), name


SIGHTS = tuple(
    Sight(title, make, "generalises")
    for title, make in (
        ("Loss and accuracy after each epoch", training),
        ("What your network knows", confusion),
        ("Misread images", misread),
        ("Filters of the first convolution", filters),
        ("A digit on its way through the layers", way_of_a_digit),
    )
)
