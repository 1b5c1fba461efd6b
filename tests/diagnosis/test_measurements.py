"""The stored measurements of the programs of a random function: the same as fresh ones."""

import re
import shutil

import pytest

from grader.course import Patch, form_key, load_course
from grader.course.misconception import sealed, together
from grader.diagnosis.behaviours import behaviours_path, read_behaviours
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.experiment import Factor, Link, Measured, Values, experiment, measured
from grader.diagnosis.facets import agree, signature_of
from grader.diagnosis.measurements import measurements_as_text, measurements_from
from tests.grading import COURSE

EXERCISE = COURSE.find("03_dropout")
KEYS = ("00_why_cnns", "02_pooling", "03_dropout")


def rounded(measurements):
    """Return measurements as text, in which NaN equals NaN. Another NumPy may add up in another order."""
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.9g}", repr(measurements))


def test_stored_and_fresh_measurements_are_equal():
    stored = read_behaviours(EXERCISE)["dropout"].measured
    family = EXERCISE.calls()["dropout"]
    reference = Program(("dropout", "reference"), EXERCISE.reference().dropout)
    known = Candidates(EXERCISE, "dropout", EXERCISE.misconceptions())
    programs = [reference, *(known.programs(i, 1)[0] for i in range(len(known.mistakes)))]
    situations = range(len(experiment(family, reference)))
    right = dict(enumerate(stored[reference.form]))
    assert len(programs) > 50
    for program in programs:
        fresh = tuple(measured(program, family, reference, i) for i in situations)
        if all(one.repeats for one in fresh):
            assert rounded(fresh) == rounded(stored[program.form])
        else:  # it ignores the generator, so each run draws other numbers
            mine, kept = (signature_of(dict(enumerate(one)), right) for one in (fresh, stored[program.form]))
            assert mine.keys() == kept.keys()
            assert all(agree(facet, mine[facet], kept[facet]) for facet in mine)


def test_a_measured_program_is_compiled_when_it_is_run(monkeypatch):
    compiled = []
    monkeypatch.setattr(
        type(EXERCISE), "program", lambda self, function, form: compiled.append(form) or (lambda *arguments: 7)
    )
    known = Candidates(EXERCISE, "dropout", EXERCISE.misconceptions(), read_behaviours(EXERCISE)["dropout"].measured)
    (program,) = known.programs(0, 1)
    assert compiled == []
    assert program.function() == program.function() == 7
    assert len(compiled) == 1


def test_a_text_of_measurements_holds_all_of_them():
    rich = Measured(
        "",
        3,
        10,
        Values({0.5: 2, float("inf"): 1}, 3),
        frozenset({0, 2}),
        counted=True,
        linked=Link.SOME,
        unmoved=True,
        repeats=False,
        factors=(Factor(True, False, True, (1.25, -2.0)),),
        changed=frozenset({1}),
    )
    many = Measured("", values=Values(None, 8, 0.25, 0.5, balanced=True))
    several = {b"one": (rich, many), b"other": (Measured("ValueError"), rich), b"": (many, many)}
    assert measurements_from(measurements_as_text(several)) == several


def test_measurements_of_changed_sources_are_not_used(tmp_path):
    for tree in ("exercises", "solutions", "tests/hidden"):
        shutil.copytree(COURSE.root / tree / EXERCISE.key, tmp_path / tree / EXERCISE.key)
    (tmp_path / "rubrics").mkdir()
    shutil.copy(EXERCISE.rubric_path, tmp_path / "rubrics")
    copied = load_course(tmp_path).find("3")
    assert "dropout" in read_behaviours(copied)
    copied.taste_path("vector").write_text("# changed\n", encoding="utf-8")
    assert behaviours_path(copied).is_file()
    assert read_behaviours(copied) == {}


@pytest.mark.parametrize("key", KEYS)
def test_each_form_has_a_key_of_its_own_and_keeps_it_when_it_is_sealed(key):
    exercise = COURSE.find(key)
    forms = {form for one in exercise.misconceptions() for f in exercise.rubric.functions for form in one.programs(f)}
    keys = {form_key(form) for form in forms}
    texts = {
        repr(form) if isinstance(form, Patch) else (form.func, repr(sorted(form.keywords.items()))) for form in forms
    }
    assert len(keys) == len(texts)
    assert {form_key(sealed(form)) for form in forms} == keys


@pytest.mark.parametrize("key", KEYS)
def test_sealed_forms_combine_as_those_that_they_stand_for(key):
    exercise = COURSE.find(key)
    forms = [one.variant for one in exercise.misconceptions()]
    pairs = [(one, other) for i, one in enumerate(forms) for other in forms[i + 1 :]]
    for one, other in pairs:
        mixed, hidden = together(one, other), together(sealed(one), sealed(other))
        assert (mixed is None) == (hidden is None)
        assert mixed is None or form_key(mixed) == form_key(hidden)
