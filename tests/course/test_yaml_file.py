"""How YAML is read: the core schema of YAML 1.2, and the line of every value."""

import pytest

from grader.course.yaml_file import line_of, tree_of


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("12", 12),
        ("012", "012"),
        ("0x1f", 31),
        ("0o17", 15),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        (".inf", float("inf")),
        ("2026-11-27", "2026-11-27"),
        ("'12'", "12"),
    ],
)
def test_a_value_is_what_the_core_schema_says(tmp_path, written, value):
    (tmp_path / "a.yaml").write_text(f"key: {written}\n")

    found = tree_of(tmp_path / "a.yaml")["key"]

    assert (type(found), found) == (type(value), value)


def test_each_value_has_its_line(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\nb:\n  - x\n  -\n    c: 2\n    d: 3\n")
    tree = tree_of(tmp_path / "a.yaml")

    assert [line_of(tree, place) for place in [("a",), ("b", 0), ("b", 1, "d"), ("b", 7), ("z",)]] == [1, 3, 6, 2, 1]


def test_the_loader_does_not_make_objects(tmp_path):
    (tmp_path / "a.yaml").write_text("a: !!python/object/apply:os.getcwd []\n")

    assert tree_of(tmp_path / "a.yaml") == {"a": []}
