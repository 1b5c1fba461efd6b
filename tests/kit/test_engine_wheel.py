"""The engine as a wheel: the package without a course, which pip can install."""

import base64
import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from grader import __version__
from grader.authoring.engine_wheel import engine_wheel


@pytest.fixture(scope="module")
def members():
    """The files of the wheel by name."""
    _, content = engine_wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_name_of_the_wheel_is_as_pip_reads_it():
    assert engine_wheel()[0] == f"cnn_grader-{__version__}-py3-none-any.whl"


def test_the_wheel_has_the_engine_and_no_course(members):
    for expected in (
        "grader/cli/entry.py",
        "grader/sandbox/inside/keeper.py",
        "grader/report/pages/templates/learner.html",
        "grader/py.typed",
    ):
        assert expected in members
    assert not [name for name in members if "/_course/" in name or "__pycache__" in name or name.endswith(".pyc")]
    assert {name.partition("/")[0] for name in members} == {"grader", f"cnn_grader-{__version__}.dist-info"}


def test_the_record_of_the_wheel_has_the_digest_of_each_file(members):
    record = f"cnn_grader-{__version__}.dist-info/RECORD"
    rows = {name: (digest, size) for name, digest, size in csv.reader(members[record].decode().splitlines())}
    assert rows.keys() == members.keys()
    assert rows.pop(record) == ("", "")
    for name, (digest, size) in rows.items():
        plain = base64.urlsafe_b64encode(hashlib.sha256(members[name]).digest()).rstrip(b"=").decode()
        assert (digest, int(size)) == (f"sha256={plain}", len(members[name]))


def test_the_metadata_has_the_dependencies_and_the_command(members):
    info = f"cnn_grader-{__version__}.dist-info"
    metadata = members[f"{info}/METADATA"].decode()
    assert f"Name: cnn-grader\nVersion: {__version__}\n" in metadata
    assert "Requires-Dist: numpy" in metadata
    assert "# " not in metadata
    assert "grade = grader.cli:main" in members[f"{info}/entry_points.txt"].decode()


def test_the_wheel_is_the_same_bytes_when_it_is_made_again():
    assert engine_wheel() == engine_wheel()


def run(*command, cwd, code=0):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.mark.thorough
def test_an_installed_engine_grades_in_the_folder_of_a_kit_and_nowhere_else(toy_kit_root, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    (wheel,) = toy_kit_root.glob("*.whl")
    run(environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    assert not list(environment.rglob("_course"))
    assert not [path for path in environment.rglob("*.py") if path.parent.name == "03_dropout"]
    grade = environment / "bin" / "grade"
    stub = json.loads(run(grade, "exercise", "1", "--format", "json", cwd=toy_kit_root, code=1))
    assert (stub["score"]["earned"], stub["course"]["seed"]) == (0, 7)
    run(grade, "list", cwd=tmp_path, code=2)
    assert "This installation of grade contains no course." in run(grade, cwd=tmp_path)
