"""Read texts aloud with the system's voice: eSpeak NG on Linux, `say` on macOS, SAPI on Windows and in WSL.

We call these programs directly, because pyttsx3 2.99 with eSpeak NG writes no file for a text of several sentences.
"""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

from grader import processes

HEADER = 44  # bytes of a WAV file before its samples

NO_VOICE = (
    "This machine cannot speak: espeak-ng, say and powershell.exe are missing. Install a voice. On Debian and Ubuntu: "
    "sudo apt install espeak-ng."
)
# SAPI through .NET, which is part of Windows. It sends us the sound, because Windows cannot use a path of WSL.
_SAPI = (
    "Add-Type -AssemblyName System.Speech; $voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; $text = [Console]::In.ReadToEnd(); "
)
_SAPI_ALOUD = f"{_SAPI}$voice.Speak($text)"
_SAPI_SOUND = (
    f"{_SAPI}$sound = New-Object IO.MemoryStream; $voice.SetOutputToWaveStream($sound); $voice.Speak($text); "
    "$voice.SetOutputToNull(); $out = [Console]::OpenStandardOutput(); $sound.WriteTo($out); $out.Flush()"
)


class SpeechError(Exception):
    """The voice is missing or failed; the message says what to do."""


def say(text: str) -> None:
    """Read a text aloud. Raises SpeechError."""
    name, program = _voice()
    if name == "powershell.exe":
        _run([program, "-NoProfile", "-Command", _SAPI_ALOUD], text)
    elif name == "say":
        _run([program, "-f", "-"], text)
    else:
        _run([program, "--stdin"], text)


def sound_of(text: str) -> bytes:
    """Return a WAV file of the text, read aloud. Raises SpeechError."""
    name, program = _voice()
    if name == "powershell.exe":
        return _run([program, "-NoProfile", "-Command", _SAPI_SOUND], text)
    if name == "say":  # it writes files only
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "sound.wav")
            _run([program, "-f", "-", "-o", str(file), "--data-format=LEI16@22050"], text)
            return file.read_bytes()
    return _measured(_run([program, "--stdin", "--stdout"], text))


def _measured(wave: bytes) -> bytes:
    """Return a WAV file with its lengths. eSpeak NG does not know them when it writes the header to a pipe."""
    if len(wave) <= HEADER:
        raise SpeechError("espeak-ng returned no sound. Try it on its own: espeak-ng hello")
    sizes = struct.pack("<I", len(wave) - 8), struct.pack("<I", len(wave) - HEADER)
    return wave[:4] + sizes[0] + wave[8 : HEADER - 4] + sizes[1] + wave[HEADER:]


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
