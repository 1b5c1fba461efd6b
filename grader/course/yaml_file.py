"""Read a YAML file that a person wrote as a pydantic model. Reports every fault at once, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

from grader.course.fault import CourseError, Fault, did_you_mean
from grader.text import counted

Model = TypeVar("Model", bound=BaseModel)
DEEPEST = 100  # levels; a rubric has five

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
    """Return what a YAML file holds; its dicts and lists know the lines of their parts. Raises CourseError."""
    import yaml

    try:
        text = _text_of(path)
        if "&" in text and "*" in text:
            _refuse_aliases(path, text)
        refuse_depth(text)
        return _tree_in(text)
    except RecursionError:
        raise CourseError([Fault(path, 1, "is nested too deeply; expected a few levels")]) from None
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CourseError([Fault(path, line, f"is not UTF-8: byte {error.object[error.start]:#04x}")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise CourseError([Fault(path, line, f"is not YAML: {error.problem or error.context}")]) from None
    except yaml.YAMLError as error:
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


class Mapping(dict[Any, Any]):
    """A dict that knows the line of each key, from 0."""

    lines: dict[Any, int]


class Items(list[Any]):
    """A list that knows the line of each of its parts, from 0."""

    lines: list[int]


def _tree_in(text: str) -> Any:
    loader = core_loader()(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(loader, node)
    finally:
        loader.dispose()


def _value(loader: Any, node: Any) -> Any:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        items = Items(_value(loader, part) for part in node.value)
        items.lines = [part.start_mark.line for part in node.value]
        return items
    if not isinstance(node, yaml.MappingNode):
        try:
            return loader.construct_object(node)
        except (ValueError, AttributeError, LookupError):  # `!!int x`, or more digits than Python reads
            raise yaml.MarkedYAMLError(
                problem="found a value that cannot be read", problem_mark=node.start_mark
            ) from None
    found = Mapping()
    found.lines = {}
    for key_node, value_node in node.value:
        key = _value(loader, key_node)
        if isinstance(key, dict | list):
            raise yaml.MarkedYAMLError(problem="found a list or a mapping as a key", problem_mark=key_node.start_mark)
        if key in found:
            raise yaml.MarkedYAMLError(problem=f"found the key {key!r} twice", problem_mark=key_node.start_mark)
        found[key] = _value(loader, value_node)
        found.lines[key] = key_node.start_mark.line
    return found


@cache
def core_loader() -> Any:
    """Return a safe loader for the core schema of YAML 1.2: `no` is a text, and so are dates and 012."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {}

    for tag, pattern, first in (
        ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
        ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", list("tTfF")),
        ("int", r"(?:[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+)\Z", list("-+0123456789")),
        (
            "float",
            r"(?:[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z",
            list("-+0123456789."),
        ),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
    return Loader


def line_of(tree: Any, location: tuple[int | str, ...]) -> int:
    """Return the line number, from 1, of the value at `location` in what `tree_of` returned."""
    line = 1
    for step in location:
        lines: Any = getattr(tree, "lines", None)
        if lines is None:
            break
        try:
            line = lines[step] + 1
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
    import yaml

    for event in yaml.parse(text, core_loader()):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise CourseError([Fault(path, line, f"uses the YAML alias *{event.anchor}; write the value out instead")])


def refuse_depth(text: str) -> None:
    """Raise RecursionError if values are nested too deeply: libyaml would end this process. Raises YAMLError."""
    import yaml

    depth = 0
    for event in yaml.parse(text, core_loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise RecursionError("it is nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _is_only_counted_short(problem: Any) -> bool:
    """Return True if a list counts as too short only because pydantic skipped its invalid items, reported too."""
    return problem["type"] == "too_short" and bool(len(problem["input"]) >= problem["ctx"]["min_length"])


def _plain(node: Any) -> Any:
    """Return the tree with its keys as text."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(value) for value in node] if isinstance(node, list) else node


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
