"""The command `grade`. Each command parses, calls one function, prints and ends; its room is imported when it runs."""

from grader.cli.entry import main

__all__ = ["main"]
