"""Commands to type next."""

from __future__ import annotations

import click


def suggested(words: str) -> str:
    """Return a `grade` command to type next, with --course if the running command does not use the usual course."""
    from shlex import quote

    from grader.cli.output import shown_path
    from grader.course import usual_course_root

    context = click.get_current_context(silent=True)
    root = context.params.get("course_root") if context is not None else None
    if root is None or root.resolve() == usual_course_root().resolve():
        return f"grade {words}"
    return f"grade {words} --course {quote(shown_path(root.resolve()))}"
