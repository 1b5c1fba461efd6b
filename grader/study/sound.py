"""Sound: samples of 16 bits on one channel, WAV files with tags and chapters, and other formats through an encoder."""

from __future__ import annotations

import importlib
import importlib.util
import io
import struct
import tempfile
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import processes

SAMPLE_BYTES = 2
COMPRESSED = {".mp3": ("libmp3lame", "64k"), ".opus": ("libopus", "32k"), ".m4a": ("aac", "64k")}
"""The formats that ffmpeg writes: its encoder, and the bits per second that suffice for speech."""
_INFO = {"title": b"INAM", "album": b"IPRD", "track": b"ITRK", "genre": b"IGNR"}


class SoundError(Exception):
    """A sound cannot be read or written in this format; the message says what to do."""


@dataclass(frozen=True)
class Sound:
    """Samples, and how many there are in a second."""

    rate: int
    samples: bytes

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.samples) / SAMPLE_BYTES / self.rate


@dataclass(frozen=True)
class Mark:
    """The begin of a chapter in a sound."""

    second: float
    title: str


@dataclass(frozen=True)
class Recording:
    """A sound with its chapters and its tags: `title`, `album`, `track`, `genre`."""

    sound: Sound
    marks: tuple[Mark, ...]
    tags: Mapping[str, str]


def sound_in(content: bytes) -> Sound:
    """Return the sound of a WAV file. Raises SoundError if it is not mono with 16 bits."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            form = file.getnchannels(), file.getsampwidth()
            rate, samples = file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SoundError(f"The voice returned no WAV file: {error}.") from None
    if form != (1, SAMPLE_BYTES):
        raise SoundError(f"The voice returned {form[0]} channels of {8 * form[1]} bits; expected 1 channel of 16 bits.")
    return Sound(rate, samples)


def joined(pieces: Sequence[Sound | float]) -> Sound:
    """Return sounds and silences, in seconds, as one sound. Raises SoundError if their rates differ."""
    rates = {piece.rate for piece in pieces if isinstance(piece, Sound)}
    if len(rates) != 1:
        raise SoundError(f"The voices have different sample rates: {', '.join(map(str, sorted(rates)))}; expected one.")
    rate = rates.pop()
    samples = (
        piece.samples if isinstance(piece, Sound) else bytes(SAMPLE_BYTES * round(piece * rate)) for piece in pieces
    )
    return Sound(rate, b"".join(samples))


def wav_of(recording: Recording) -> bytes:
    """Return a WAV file with its tags and, as cue points with labels, its chapters."""
    rate, samples = recording.sound.rate, recording.sound.samples
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    info = b"".join(_chunk(_INFO[name], _text(value)) for name, value in recording.tags.items())
    cues, labels = [], []
    for number, mark in enumerate(recording.marks, 1):
        place = round(mark.second * rate)
        cues.append(struct.pack("<II4sIII", number, place, b"data", 0, 0, place))
        labels.append(_chunk(b"labl", struct.pack("<I", number) + _text(mark.title)))
    parts = [
        _chunk(b"fmt ", form),
        _chunk(b"data", samples),
        _chunk(b"LIST", b"INFO" + info),
        _chunk(b"cue ", struct.pack("<I", len(cues)) + b"".join(cues)),
        _chunk(b"LIST", b"adtl" + b"".join(labels)),
    ]
    return _chunk(b"RIFF", b"WAVE" + b"".join(parts))


def encoder_for(suffix: str) -> str:
    """Return what writes this format here: "ffmpeg", "soundfile" (MP3 only), or an empty text."""
    if suffix in COMPRESSED and processes.find_program("ffmpeg") is not None:
        return "ffmpeg"
    return "soundfile" if suffix == ".mp3" and importlib.util.find_spec("soundfile") is not None else ""


def nothing_writes(suffix: str) -> str:
    """Return what to do if this machine cannot write a format."""
    return (
        f"Nothing on this machine writes {suffix}. Install ffmpeg (on Debian and Ubuntu: sudo apt install ffmpeg), or "
        "write a file that ends with .wav."
    )


def encoded(recording: Recording, suffix: str) -> bytes:
    """Return a file of this format. Raises SoundError if nothing here can write it."""
    if suffix == ".wav":
        return wav_of(recording)
    encoder = encoder_for(suffix)
    if not encoder:
        raise SoundError(nothing_writes(suffix))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, f"sound{suffix}")
        (_by_ffmpeg if encoder == "ffmpeg" else _by_soundfile)(recording, target)
        return target.read_bytes()


def _by_ffmpeg(recording: Recording, target: Path) -> None:
    """Write a compressed file with tags and chapters. Raises SoundError."""
    program = processes.find_program("ffmpeg")
    assert program is not None
    source, described = target.with_name("source.wav"), target.with_name("tags.txt")
    source.write_bytes(wav_of(recording))
    described.write_text(_ffmetadata(recording), encoding="utf-8")
    codec, bits = COMPRESSED[target.suffix]
    command = [program, "-v", "error", "-i", str(source), "-f", "ffmetadata", "-i", str(described)]
    command += ["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1", "-c:a", codec, "-b:a", bits, str(target)]
    try:
        done = processes.run(command, "")
    except OSError as error:
        raise SoundError(f"{program} cannot be run: {error.strerror or error}.") from None
    if done.returncode != 0 or not target.exists():
        said = " ".join(done.stderr.decode(errors="replace").split())[:200] or f"exit code {done.returncode}"
        raise SoundError(f"ffmpeg could not write the sound ({said}). Write a file that ends with .wav.")


def _ffmetadata(recording: Recording) -> str:
    """Return tags and chapters in the text format of ffmpeg."""
    lines = [";FFMETADATA1", *(f"{name}={_escaped(value)}" for name, value in recording.tags.items())]
    ends = [*(mark.second for mark in recording.marks[1:]), recording.sound.seconds]
    for mark, end in zip(recording.marks, ends, strict=True):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={round(1000 * mark.second)}", f"END={round(1000 * end)}"]
        lines.append(f"title={_escaped(mark.title)}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    for sign in "\\=;#":
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", " ")


def _by_soundfile(recording: Recording, target: Path) -> None:
    """Write an MP3 file with tags; its format has no place for chapters there. Raises SoundError."""
    import numpy as np

    soundfile = importlib.import_module("soundfile")
    try:
        with soundfile.SoundFile(target, "w", recording.sound.rate, 1, format="MP3") as file:
            for name, attribute in (("title", "title"), ("album", "album"), ("track", "tracknumber")):
                if name in recording.tags:
                    setattr(file, attribute, recording.tags[name])
            file.write(np.frombuffer(recording.sound.samples, dtype="<i2"))
    except soundfile.SoundFileError as error:
        raise SoundError(f"soundfile could not write the sound ({error}). Write a file that ends with .wav.") from None


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a RIFF chunk; its content is padded to an even length."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _text(value: str) -> bytes:
    return value.encode("utf-8") + b"\0"
