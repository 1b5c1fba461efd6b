"""Kits: of the small course, and of an exercise of ours with few of its misconceptions."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.authoring import kit_recording
from grader.authoring.kit_files import FOLDER, kit_archive
from grader.course import load_course

TOY = Path(__file__).parents[1] / "samples" / "toy_course"
CALLS = """
from grader.course.call_family import Aspect, CallFamily


def double_call(rng, size=3):
    return (rng.permutation(size) + 1.0,)


CALLS = {"double": CallFamily(double_call, (Aspect("x is long", {"size": 9}),), lambda x: x.ndim == 1)}
"""


def unpacked(content, folder):
    """Unpack a kit and return its folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / FOLDER


def kit_of(course, names, folder, seed=0, variants=None):
    """Return the folder of a kit with these exercises; with `variants`, only so many misconceptions are recorded."""
    with pytest.MonkeyPatch.context() as patched:
        whole = kit_recording.variants_of
        patched.setattr(kit_recording, "variants_of", lambda exercise: list(whole(exercise))[:variants])
        content, _ = kit_archive(course, [course.find(name) for name in names], seed)
    return unpacked(content, folder)


@pytest.fixture(scope="session")
def toy_root(tmp_path_factory):
    """The small course, with a family of calls."""
    root = tmp_path_factory.mktemp("toy") / "course"
    shutil.copytree(TOY, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "solutions" / "01_double" / "calls.py").write_text(CALLS)
    course = load_course(root)
    from grader.authoring.compilation import compile_exercise

    assert compile_exercise(course.find("1")) is not None
    return root


@pytest.fixture(scope="session")
def toy(toy_root):
    return load_course(toy_root).find("1")


@pytest.fixture(scope="session")
def toy_kit_root(toy_root, tmp_path_factory):
    return kit_of(load_course(toy_root), ["1"], tmp_path_factory.mktemp("kit"), seed=7)


@pytest.fixture
def toy_kit(toy_kit_root):
    return load_course(toy_kit_root).find("1")
