"""Read texts aloud with the system's voices: eSpeak NG on Linux, `say` on macOS, SAPI on Windows and in WSL.

We call these programs directly, because pyttsx3 2.99 with eSpeak NG writes no file for a text of several sentences.
"""

from __future__ import annotations

import re
import struct
import tempfile
import time
from functools import cache
from pathlib import Path

from grader import processes
from grader.study.narration import CHAPTER_SECONDS, PART_SECONDS, TURN_SECONDS, Chapter, Part, Utterance, Voice
from grader.study.sound import Mark, Recording, Sound, SoundError, joined, sound_in

HEADER = 44  # bytes of a WAV file before its samples
HEARD_SHARE = 0.5  # eSpeak NG without a sound device ends at once; with one, it takes as long as the sound lasts
SHORTEST = 0.5  # seconds; the time of a shorter sound says nothing

NO_VOICE = (
    "This machine cannot speak: espeak-ng, say and powershell.exe are missing. Install a voice. On Debian and Ubuntu: "
    "sudo apt install espeak-ng."
)
_ESPEAK = {Voice.NARRATOR: "en", Voice.TEACHER: "en+m3", Voice.STUDENT: "en+f2"}
_SAPI_HINT = {Voice.NARRATOR: "NotSet", Voice.TEACHER: "Male", Voice.STUDENT: "Female"}
# SAPI through .NET, which is part of Windows. It sends us the sound, because Windows cannot use a path of WSL.
_SAPI = (
    "Add-Type -AssemblyName System.Speech; $voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "$voice.SelectVoiceByHints('{hint}'); "
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; $text = [Console]::In.ReadToEnd(); "
)
_SAPI_ALOUD = f"{_SAPI}$voice.Speak($text)"
_SAPI_SOUND = (
    f"{_SAPI}$sound = New-Object IO.MemoryStream; $form = New-Object "
    "System.Speech.AudioFormat.SpeechAudioFormatInfo(22050, 'Sixteen', 'Mono'); "
    "$voice.SetOutputToAudioStream($sound, $form); $voice.Speak($text); $voice.SetOutputToNull(); "
    "$out = [Console]::OpenStandardOutput(); $sound.WriteTo($out); $out.Flush()"
)


class SpeechError(Exception):
    """The voice is missing, silent or failed; the message says what to do."""


def say(part: Part) -> None:
    """Read a part of a chapter aloud. Raises SpeechError."""
    for place, one in enumerate(part.utterances):
        if place:
            time.sleep(TURN_SECONDS)
        _say(one)


def recorded(chapters: list[Chapter], tags: dict[str, str]) -> Recording:
    """Return chapters as one recording. One chapter is marked by its parts, several by their titles.

    Raises SpeechError.
    """
    pieces: list[Sound | float] = []
    marks: list[Mark] = []
    try:
        for number, chapter in enumerate(chapters):
            if number:
                pieces.append(CHAPTER_SECONDS)
            for place, part in enumerate(chapter.parts):
                if place:
                    pieces.append(PART_SECONDS)
                if len(chapters) == 1 or not place:
                    marks.append(Mark(_seconds(pieces), part.title))
                for turn, one in enumerate(part.utterances):
                    pieces += [TURN_SECONDS] if turn else []
                    pieces.append(_sound_of(one))
        return Recording(joined(pieces), tuple(marks), tags)
    except SoundError as error:
        raise SpeechError(str(error)) from None


def _seconds(pieces: list[Sound | float]) -> float:
    return sum(piece.seconds if isinstance(piece, Sound) else piece for piece in pieces)


def _say(one: Utterance) -> None:
    """Say one utterance. Raises SpeechError if nothing can be heard."""
    name, program = _voice()
    if name == "powershell.exe":
        _run([program, "-NoProfile", "-Command", _SAPI_ALOUD.replace("{hint}", _SAPI_HINT[one.voice])], one.text)
    elif name == "say":
        _run([program, *_mac_voice(program, one.voice), "-f", "-"], one.text)
    else:
        lasts = _sound_of(one).seconds
        started = time.monotonic()
        _run([program, "-v", _ESPEAK[one.voice], "--stdin"], one.text)
        took = time.monotonic() - started
        if lasts >= SHORTEST and took < HEARD_SHARE * lasts:  # its exit code is 0 without a sound device
            raise SpeechError(
                f"This machine makes no sound: {name} ended after {took:.1f} seconds; the text takes {lasts:.1f}. "
                "Check the sound device, or write a file with --out."
            )


def _sound_of(one: Utterance) -> Sound:
    """Return the sound of one utterance. Raises SpeechError and SoundError."""
    name, program = _voice()
    if name == "powershell.exe":
        command = [program, "-NoProfile", "-Command", _SAPI_SOUND.replace("{hint}", _SAPI_HINT[one.voice])]
        return Sound(22050, _run(command, one.text))
    if name == "say":  # it writes files only
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "sound.wav")
            voice = _mac_voice(program, one.voice)
            _run([program, *voice, "-f", "-", "-o", str(file), "--data-format=LEI16@22050"], one.text)
            return sound_in(file.read_bytes())
    return sound_in(_measured(_run([program, "-v", _ESPEAK[one.voice], "--stdin", "--stdout"], one.text)))


@cache
def _mac_voice(program: str, voice: Voice) -> list[str]:
    """Return the options that choose a voice: the first English ones of this Mac for teacher and student."""
    if voice is Voice.NARRATOR:
        return []
    listed = _run([program, "-v", "?"], "").decode(errors="replace")
    english = re.findall(r"^(\S.*?)\s+en[_-]\w+", listed, re.MULTILINE)
    place = 0 if voice is Voice.TEACHER else 1
    return ["-v", english[place]] if len(english) > 1 else []


def _measured(sound: bytes) -> bytes:
    """Return a WAV file with its lengths. eSpeak NG does not know them when it writes the header to a pipe."""
    if len(sound) <= HEADER:
        raise SpeechError("espeak-ng returned no sound. Try it on its own: espeak-ng hello")
    sizes = struct.pack("<I", len(sound) - 8), struct.pack("<I", len(sound) - HEADER)
    return sound[:4] + sizes[0] + sound[8 : HEADER - 4] + sizes[1] + sound[HEADER:]


def voice_name() -> str:
    """Return the name of the program that speaks. Raises SpeechError."""
    return _voice()[0]


def _voice() -> tuple[str, str]:
    """Return the name and path of the program that speaks. Raises SpeechError."""
    for name in ("espeak-ng", "espeak", "say", "powershell.exe"):
        if found := processes.find_program(name):
            return name, found
    raise SpeechError(NO_VOICE)


def _run(command: list[str], text: str) -> bytes:
    try:
        done = processes.run(command, text)
    except OSError as error:
        raise SpeechError(f"{command[0]} cannot be run: {error.strerror or error}.") from None
    if done.returncode != 0:
        said = " ".join(done.stderr.decode(errors="replace").split())[:200] or f"exit code {done.returncode}"
        raise SpeechError(f"This machine cannot speak: {Path(command[0]).name} failed ({said}).")
    return done.stdout
