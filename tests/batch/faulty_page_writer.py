"""A process that writes pages and fails as a file beside the results folder asks: it ends once, always, or waits."""

import os
import time
from pathlib import Path

from grader.batch.answering import serve
from grader.batch.page_writer import PageWriter
from grader.sandbox.inside.confinement import die_with_parent

ONCE, ALWAYS, WAITS = "ends-once", "ends-always", "waits"


class FaultyWriter(PageWriter):
    def answer(self, task):
        beside = Path(task["source"]).parent
        if (beside / ONCE).exists():
            (beside / ONCE).unlink()
            os._exit(1)
        if (beside / ALWAYS).exists() and task["number"] and not task["unreadable"]:
            os._exit(1)
        reply = super().answer(task)
        if (beside / WAITS).exists():
            (beside / WAITS).write_text(str(os.getpid()))
            time.sleep(600)
        return reply


def main(descriptor, course_root, isolation):
    die_with_parent()
    serve(descriptor, FaultyWriter)
