"""A class: grade a folder of submissions, keep a journal that survives a crash, write a folder of results.

The results are the reports as JSON and HTML, a page for the class, gradebooks as CSV (also for Canvas and Moodle),
JUnit XML, and files for Gradescope. `report/` makes their text; this room writes them.

A **hand-in** is what was found for one learner and one exercise, before it is read. A **submission** is that learner's
source for that exercise, after it is read. The coordinator sees only hand-ins; the workers read submissions.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.batch.class_run import BatchSummary, ClassInterruptedError, run_class
    from grader.batch.class_settings import ClassSettings
    from grader.batch.run import Progress, Stage

_MODULES = {
    "BatchSummary": "class_run",
    "ClassInterruptedError": "class_run",
    "ClassSettings": "class_settings",
    "Progress": "run",
    "Stage": "run",
    "run_class": "class_run",
}

__all__ = ["BatchSummary", "ClassInterruptedError", "ClassSettings", "Progress", "Stage", "run_class"]


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: a worker process needs none of them."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
