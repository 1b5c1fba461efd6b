"""Lessons read out by the system's own voice, through pyttsx3: eSpeak NG, macOS or SAPI."""

from __future__ import annotations

from pathlib import Path

MISSING = (
    "This machine cannot speak ({why}). Install pip install 'cnn-grader[speech]' and, on Linux, the package espeak-ng. "
    "Here is the text instead."
)


class SpeechError(Exception):
    """There is no voice; the message says what to install."""


def speak(text: str, out: Path | None = None) -> None:
    """Say the text, or write it to a sound file. Raises SpeechError."""
    try:
        import pyttsx3

        engine = pyttsx3.init()
        if out is None:
            engine.say(text)
        else:
            engine.save_to_file(text, str(out))
        engine.runAndWait()
    except Exception as error:  # what a driver raises depends on the system
        raise SpeechError(MISSING.format(why=f"{type(error).__name__}: {str(error)[:100]}")) from None
