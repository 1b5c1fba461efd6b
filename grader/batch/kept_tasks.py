"""Give a worker the files of a hand-in that the journal keeps."""

from __future__ import annotations

import os
from pathlib import Path

from grader.batch.journal_rows import Content
from grader.batch.kept_files import KeptFiles
from grader.batch.task import Task

_LONGEST_NAME = 200  # bytes; a file system takes 255


def task_for_kept(number: int, content: Content, files: KeptFiles, folder: Path) -> Task:
    """Write the files of a hand-in below a folder, and return the task that reads them there."""
    places = []
    for at, place in enumerate(files.places):
        name = place.parts[-1] if len(os.fsencode(place.parts[-1])) < _LONGEST_NAME else place.name
        parts = (str(number), str(at), name)
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True)
        path.write_bytes(files.contents[place.name])
        places.append((place.name, parts, "", place.copy))
    return Task(number, content.learner, content.exercise, content.sha256, str(folder), tuple(places), content.seed)
