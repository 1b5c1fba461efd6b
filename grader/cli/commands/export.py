"""`grade export`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option, overwrite_option
from grader.study.exports import export_names

TITLE = "Convolutional neural networks"  # of the course that comes with the package


@click.command("export")
@click.argument("form", type=click.Choice(export_names()))
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--topic", metavar="TOPIC", help="Export only this topic.")
@overwrite_option
@course_option
@debug_option
def command(form: str, out: Path, topic: str | None, overwrite: bool, course_root: Path) -> None:
    """Export cards or questions to Anki, Moodle, Canvas or CSV.

    anki and csv hold the cards. gift and moodle-xml (for Moodle) and qti (for Canvas) hold the questions, with three
    variants of each generated one.
    """
    import tempfile

    from grader.cli.destination import Destination
    from grader.cli.output import OutputError, emit, shown_path
    from grader.cli.topics import topic_named
    from grader.cli.user_state import record_path
    from grader.course import builtin_course_root
    from grader.study.exports import export, suffixes_of
    from grader.study.exports.material import Material
    from grader.study.learning_record import LearningRecord

    root = course_root
    title = TITLE if root == builtin_course_root() else root.resolve().name
    material = Material(root, title, lambda topics: topic_named(topic, topics), lambda: LearningRecord(record_path()))
    try:
        destination = Destination(out, f"in the format {form}", suffixes_of(form), overwrite)
        destination.check()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, out.name)
            written = export(form, material, path)
            destination.write(path.read_bytes())
    except ImportError as error:
        raise OutputError(
            f"This format needs {error.name}, which is not installed. Install it: pip install 'cnn-grader[export]'"
        ) from None
    except OSError as error:
        raise OutputError(f"{shown_path(out)} cannot be written: {error.strerror or error}.") from None
    emit(f"Wrote {written} to {shown_path(out)}\n")
