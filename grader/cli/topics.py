"""Find a topic by the name that a person typed."""

from __future__ import annotations

from collections.abc import Mapping

import click

from grader.course import did_you_mean


def topic_named(name: str | None, topics: Mapping[str, str]) -> str | None:
    """Return the topic with this name, or of the exercise with this key or number. `topics` are exercise keys by topic.

    Raises BadParameter with the nearest name.
    """
    if not topics:
        raise click.UsageError(
            "This course has no material for study that this command can use. Lessons are in lesson.md, cards in "
            "cards.md, and questions in quiz.yaml, in a folder such as exercises/01_x."
        )
    if name is None:
        return None
    wanted = name.strip().lower().replace(" ", "-").replace("_", "-")
    for topic, key in topics.items():
        plain = key.replace("_", "-")
        if wanted in (topic, plain, plain[3:], key[:2]) or (wanted.isdecimal() and int(wanted) == int(key[:2])):
            return topic
    hint = did_you_mean(wanted, list(topics))
    raise click.BadParameter(f'there is no topic "{name}"; expected one of {", ".join(topics)}.{hint}')
