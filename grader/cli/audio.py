"""Lessons as sound: read aloud, or written to one file or to a folder with a file for each chapter."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.destination import Destination
from grader.cli.output import OutputError, emit, shown_path
from grader.study.narration import PART_SECONDS
from grader.study.sound import COMPRESSED, SoundError, encoded, encoder_for, nothing_writes
from grader.study.speech import SpeechError, recorded, say
from grader.text import counted

if TYPE_CHECKING:
    from grader.study.narration import Chapter, Part

WAV, MP3 = ".wav", ".mp3"
FILES = (WAV, *COMPRESSED)
ALBUM, GENRE = "Lessons", "Speech"


def check_audio_target(out: Path, overwrite: bool) -> None:
    """Find out early what would keep a sound from being written. Raises OutputError and UsageError."""
    if _is_folder(out):
        if out.exists() and not out.is_dir():
            raise OutputError(f"{shown_path(out)} is not a folder; expected one, or a file that ends with {WAV}.")
        if not out.parent.is_dir():
            raise OutputError(f"{shown_path(out)} cannot be created: there is no folder {shown_path(out.parent)}.")
        return
    if out.suffix not in FILES:
        ends = ", ".join(FILES)
        raise click.UsageError(f"{shown_path(out)} is not a sound file: --out takes a folder or a name with {ends}.")
    _destination(out, overwrite).check()
    if out.suffix != WAV and not encoder_for(out.suffix):
        raise OutputError(nothing_writes(out.suffix))


def read_aloud(part: Part, instead: str) -> None:
    """Say a part of a chapter. Raises OutputError with `instead`, which says how to read it, if nothing is heard."""
    try:
        say(part)
    except SpeechError as error:
        raise OutputError(f"{error} {instead}") from None


def read_chapter_aloud(chapter: Chapter, instead: str) -> None:
    """Say a chapter, and show the title of each part. Raises OutputError."""
    for place, part in enumerate(chapter.parts):
        if place:
            time.sleep(PART_SECONDS)
        emit(f"{part.title}\n")
        read_aloud(part, instead)


def write_audio(chapters: Sequence[Chapter], out: Path, overwrite: bool) -> None:
    """Write all chapters to one file, or each to its own files in a folder. Raises OutputError."""
    try:
        if _is_folder(out):
            _write_folder(chapters, out, overwrite)
        else:
            title = chapters[0].title if len(chapters) == 1 else ALBUM
            sound = encoded(recorded(list(chapters), _tags(title)), out.suffix)
            _destination(out, overwrite).write(sound)
            emit(f"Wrote the sound to {shown_path(out)}\n")
    except (SpeechError, SoundError) as error:
        raise OutputError(str(error)) from None


def _write_folder(chapters: Sequence[Chapter], folder: Path, overwrite: bool) -> None:
    """Write a WAV file for each chapter, and an MP3 file next to it if this machine can."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{shown_path(folder)} cannot be created: {error.strerror or error}.") from None
    suffixes = [WAV, *([MP3] if encoder_for(MP3) else [])]
    for chapter in chapters:
        recording = recorded([chapter], {**_tags(chapter.title), "track": str(int(chapter.key[:2]) + 1)})
        for suffix in suffixes:
            file = folder / f"{chapter.key}{suffix}"
            _destination(file, overwrite).write(encoded(recording, suffix))
    formats = " and ".join(suffix[1:].upper() for suffix in suffixes)
    advice = "" if MP3 in suffixes else "\nTo get MP3 too, install ffmpeg."
    emit(f"Wrote {counted(len(chapters), 'chapter')} ({formats}) to {shown_path(folder)}{advice}\n")


def _destination(file: Path, overwrite: bool) -> Destination:
    return Destination(file, "sound", FILES, overwrite)


def _tags(title: str) -> dict[str, str]:
    return {"title": title, "album": ALBUM, "genre": GENRE}


def _is_folder(out: Path) -> bool:
    return out.is_dir() or not out.suffix
