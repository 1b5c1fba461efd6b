"""Read a YAML file that a person wrote as a pydantic model. Reports every fault at once, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from grader.course.fault import CourseError, Fault, did_you_mean
from grader.text import counted

Model = TypeVar("Model", bound=BaseModel)

BYTES_LIMIT = 512 * 1024  # our longest file has 17 KB; a data set of 100 MB kept the parser busy for over a minute


def read_yaml(path: Path, model: type[Model], noun: str, parts: Sequence[type[BaseModel]] = ()) -> Model:
    """Read the file at `path` as a `model` with the nested models `parts`. Raises CourseError with every fault."""
    tree = tree_of(path)
    if not isinstance(tree, dict):
        seen = "is empty" if tree is None else f"contains {_kind_of(tree)}"
        raise CourseError([Fault(path, 1, f"{seen}; expected the keys of {noun}")])
    lost = [
        Fault(path, line_of(tree, where), f"`{'.'.join(map(str, where))}` appears twice, as a number and as text")
        for where in _same_as_text(tree)
    ]
    if lost:
        raise CourseError(lost)
    try:
        return model.model_validate(_plain(tree))
    except ValidationError as error:
        problems = [problem for problem in error.errors() if not _is_only_counted_short(problem)]
        models: list[type[BaseModel]] = [model, *parts]
        known = [field for one in models for field in one.model_fields]
        raise CourseError(
            Fault(path, line_of(tree, problem["loc"]), _sentence(problem, noun, known)) for problem in problems
        ) from None


def tree_of(path: Path) -> Any:
    """Return the file as a round-trip YAML tree, which keeps line numbers. Raises CourseError."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        text = _text_of(path)
        if "&" in text and "*" in text:
            _refuse_aliases(path, text)
        return _loader().load(text)
    except RecursionError:
        raise CourseError([Fault(path, 1, "is nested too deeply; expected a few levels")]) from None
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CourseError([Fault(path, line, f"is not UTF-8: byte {error.object[error.start]:#04x}")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise CourseError([Fault(path, line, f"is not YAML: {error.problem or error.context}")]) from None
    except YAMLError as error:
        raise CourseError([Fault(path, 1, f"is not YAML: {error}")]) from None


def _text_of(path: Path) -> str:
    """Return the text of a file. Raises OSError and UnicodeDecodeError, and CourseError if it is no ordinary file."""
    if path.exists() and not path.is_file():  # a reader would wait for a named pipe forever
        what = "a folder" if path.is_dir() else "not an ordinary file"
        raise CourseError([Fault(path, 1, f"is {what}; expected a YAML file")])
    with path.open("rb") as file:
        content = file.read(BYTES_LIMIT + 1)
    if len(content) > BYTES_LIMIT:
        raise CourseError([Fault(path, 1, f"is larger than {BYTES_LIMIT // 1024} KiB; is it the right file?")])
    return content.decode("utf-8-sig")


def _kind_of(tree: Any) -> str:
    """Return what a file contains that has no keys."""
    if isinstance(tree, str):
        return "text without keys"
    return "a list" if isinstance(tree, list) else f"only {str(tree)[:40]!r}"


def line_of(tree: Any, location: tuple[int | str, ...]) -> int:
    """Return the line number, from 1, of the value at `location` in a round-trip YAML tree."""
    line = 1
    for step in location:
        marks = getattr(tree, "lc", None)
        if marks is None:
            break
        try:
            at = marks.key(step) if isinstance(tree, dict) else marks.item(step)
            line = at[0] + 1
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            continue  # a missing key, or a name from pydantic that is not a key of the file
    return line


def _same_as_text(node: Any, location: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the location of each key that equals another one as text, such as `1` and `"1"`."""
    if isinstance(node, dict):
        seen: set[str] = set()
        for key, value in node.items():
            if str(key) in seen:
                yield (*location, key)
            seen.add(str(key))
            yield from _same_as_text(value, (*location, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _same_as_text(value, (*location, number))


def _refuse_aliases(path: Path, text: str) -> None:
    """Raise CourseError if a value is an alias of another: twelve levels of aliases expand to billions of values."""
    from ruamel.yaml.events import AliasEvent

    for event in _loader().parse(text):
        if isinstance(event, AliasEvent):
            message = f"uses the YAML alias *{event.anchor}; write the value out instead"
            raise CourseError([Fault(path, event.start_mark.line + 1, message)])


def _is_only_counted_short(problem: Any) -> bool:
    """Return True if a list counts as too short only because pydantic skipped its invalid items, reported too."""
    return problem["type"] == "too_short" and bool(len(problem["input"]) >= problem["ctx"]["min_length"])


def _plain(node: Any) -> Any:
    """Return the tree without the YAML reader's own types."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _sentence(problem: Any, noun: str, known: Sequence[str]) -> str:
    where = ".".join(
        str(step) for step in problem["loc"] if step != "[key]"
    )  # "[key]" is how pydantic marks an invalid key
    if problem["type"] == "extra_forbidden":
        return f"`{where}` is not a key of {noun}.{did_you_mean(str(problem['loc'][-1]), known)}"
    if problem["type"] == "missing":
        return f"`{where}` is missing"
    if problem["type"] == "too_short":
        found, least = len(problem["input"]), problem["ctx"]["min_length"]
        return f"`{where}` has {counted(found, 'entry', 'entries')}, expected at least {least}"
    message = re.sub(r"^Value error, ", "", problem["msg"])
    return f"`{where}`: {message}" if where else message


@cache
def _loader() -> Any:
    """Return a reader that keeps line numbers, and timestamps as text: YAML would drop their time zone."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):
        pass

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node))
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    return yaml
