"""`grade export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.authoring.platforms import platform_names
from grader.cli.options import READ, WRITTEN, course_option, debug_option, exercise_names, overwrite_option
from grader.study.exports import export_names

if TYPE_CHECKING:
    from grader.course import Course

TITLE = "Convolutional neural networks"  # of the course that comes with the package
PLATFORMS = tuple(platform_names())


@click.command(
    "export",
    epilog=f"\b\nFORMAT for cards and questions: {', '.join(export_names())}\n"
    f"FORMAT for an exercise: {', '.join(PLATFORMS)}",
)
@click.argument("form", metavar="FORMAT", type=click.Choice([*export_names(), *PLATFORMS]))
@click.argument("name", metavar="[EXERCISE]", required=False, shell_complete=exercise_names)
@click.option("--out", metavar="FILE", type=WRITTEN, required=True, help="The file to write.")
@click.option("--topic", metavar="TOPIC", help="Export only this topic.")
@click.option(
    "--late-policy",
    metavar="YAML",
    type=READ,
    help="For gradescope: deduct points from late submissions.",
)
@overwrite_option
@course_option
@debug_option
def command(
    form: str,
    name: str | None,
    out: Path,
    topic: str | None,
    late_policy: Path | None,
    overwrite: bool,
    course_root: Path,
) -> None:
    """Export cards or questions, or an exercise to Gradescope.

    anki and csv hold the cards. gift and moodle-xml (for Moodle) and qti (for Canvas) hold the questions, with three
    variants of each generated one.

    For instructors: with EXERCISE, gradescope writes an autograder, prairielearn a question with an external grader,
    and github the files of a template repository. For example: grade export gradescope 3 --out autograder.zip
    """
    if form in PLATFORMS:
        if name is None:
            raise click.UsageError(f"Missing argument 'EXERCISE': grade export {form} 3 --out {out}")
        if topic is not None:
            raise click.UsageError(f"--topic is for cards and questions, and {form} takes an exercise.")
        _export_exercise(form, name, out, late_policy, overwrite, course_root)
        return
    if name is not None:
        raise click.UsageError(
            f'{form} exports the whole course and takes no exercise, not "{name}". To export one topic: --topic'
        )
    if late_policy is not None:
        raise click.UsageError(f"--late-policy is for gradescope, and {form} has no submissions.")
    _export_study(form, out, topic, overwrite, course_root)


def _export_study(form: str, out: Path, topic: str | None, overwrite: bool, root: Path) -> None:
    """Export cards or questions, and say how many."""
    import tempfile

    from grader.cli.destination import Destination
    from grader.cli.output import OutputError, emit, shown_path
    from grader.cli.topics import topic_named
    from grader.cli.user_state import record_path
    from grader.study.exports import export, suffixes_of
    from grader.study.exports.material import Material
    from grader.study.learning_record import LearningRecord

    material = Material(
        root, _title_of(root), lambda topics: topic_named(topic, topics), lambda: LearningRecord(record_path())
    )
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


def _export_exercise(form: str, name: str, out: Path, late_policy: Path | None, overwrite: bool, root: Path) -> None:
    """Export an exercise to a platform, and say what to do with the file."""
    from grader.authoring.engine_wheel import archive
    from grader.authoring.platforms import platform_module
    from grader.authoring.platforms.parts import PackageRequest
    from grader.cli.destination import Destination
    from grader.cli.output import emit, shown_path
    from grader.cli.streams import note
    from grader.cli.whole_course import load_whole_course

    module = platform_module(form)
    course = load_whole_course(root)
    exercise = course.find(name)
    if late_policy is not None and not module.LATE:
        raise click.UsageError(f"--late-policy is for gradescope: {form} does not say when a submission was made.")
    destination = Destination(out, "a zip file", module.SUFFIXES, overwrite, [late_policy] if late_policy else [])
    destination.check()
    policy = _policy_of(late_policy, course) if late_policy is not None else None
    request = PackageRequest(course, _title_of(root), exercise, form, policy, note)
    content = archive(module.package_files(request), programs=module.PROGRAMS)
    destination.write(content)
    emit(f"Wrote exercise {int(exercise.key[:2])} for {form} to {shown_path(out)}: {len(content) / 1e6:.1f} MB.\n")
    for step in module.next_steps(request):
        emit(f"{step}\n")


def _policy_of(path: Path, course: Course) -> bytes:
    """Return the content of a late policy that a container can apply. Raises FaultyFileError and OutputError."""
    from grader.batch.late import read_late_policy
    from grader.cli.output import OutputError, shown_path

    if read_late_policy(path, course).extensions:
        raise OutputError(
            f"{shown_path(path)} has `extensions`, and Gradescope does not know these names. Give the extensions in "
            "Gradescope, which tells the autograder the date of each learner. Then remove `extensions`."
        )
    return path.read_bytes()


def _title_of(root: Path) -> str:
    from grader.course import builtin_course_root

    return TITLE if root == builtin_course_root() else root.resolve().name
