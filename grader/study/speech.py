"""Lessons read out by the system's own voice: eSpeak NG on Linux, `say` on macOS.

The programs are called themselves: pyttsx3 2.99 writes no file for a text of several sentences with eSpeak NG.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

MISSING = (
    "This machine cannot speak: {why}. On Debian and Ubuntu: sudo apt install espeak-ng; on macOS `say` is built in. "
    "Here is the text instead."
)


class SpeechError(Exception):
    """There is no voice; the message says what to install."""


def speak(text: str, out: Path | None = None) -> None:
    """Say the text, or write it to a sound file. Raises SpeechError."""
    command = _command(out)
    try:
        done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    except OSError as error:
        raise SpeechError(MISSING.format(why=f"{command[0]} cannot be run ({error.strerror or error})")) from None
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:200] or f"exit code {done.returncode}"
        raise SpeechError(MISSING.format(why=f"{Path(command[0]).name} failed ({said})"))


def _command(out: Path | None) -> list[str]:
    for name in ("espeak-ng", "espeak"):
        if found := shutil.which(name):
            return [found, "--stdin", *(["-w", str(out)] if out is not None else [])]
    if found := shutil.which("say"):
        return [found, "-f", "-", *(["-o", str(out)] if out is not None else [])]
    raise SpeechError(MISSING.format(why="neither espeak-ng nor say is installed"))
