"""Lessons as sound: two voices, silences, files for chapters with tags, and what happens without sound.

Programs that record their input and return a short tone stand in for the voices of three systems.
"""

import io
import math
import os
import shutil
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from grader.course import builtin_course_root
from grader.study import speech
from grader.study.learning_record import LearningRecord
from grader.study.lessons import read_lessons
from grader.study.narration import Chapter, Part, Utterance, Voice, chapter_of, chunks_of
from grader.study.sound import (
    COMPRESSED,
    Mark,
    Recording,
    Sound,
    SoundError,
    encoded,
    encoder_for,
    joined,
    sound_in,
    wav_of,
)
from tests.needs import needs_installed, needs_program

GRADE = [sys.executable, "-m", "grader"]
LESSONS = read_lessons(builtin_course_root())
RATE, TONE_SECONDS = 22050, 0.1
TONE = struct.pack(
    f"<{int(RATE * TONE_SECONDS)}h", *(round(9000 * math.sin(i / 8)) for i in range(int(RATE * TONE_SECONDS)))
)
VOICES = """#!/bin/sh
echo "$@" >> {folder}/told
if [ "$2" = "?" ]; then printf 'Alex  en_US  # Hi\\nAnna  de_DE  # Hallo\\nKate  en_GB  # Hi\\n'; exit 0; fi
{cat} >> {folder}/told
last=""; file=""
for one in "$@"; do [ "$last" = -o ] && file="$one"; last="$one"; done
if [ -n "$file" ]; then {cat} {folder}/tone.wav > "$file"; else {cat} {folder}/{answer}; fi
"""
ENCODER = """#!/bin/sh
echo "$@" >> {folder}/encoded
for one in "$@"; do case "$one" in *.txt) {cat} "$one" >> {folder}/tags;; esac; last="$one"; done
echo sound > "$last"
"""


def write_tone(path, times):
    """Write a WAV file with the header that voices write: 44 bytes, then the samples."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(TONE * times)


@pytest.fixture
def stand_in(tmp_path):
    """`stand_in("espeak-ng")` puts a program of this name into an otherwise empty PATH, and returns the path."""

    def _stand_in(name, text=VOICES):
        write_tone(tmp_path / "tone.wav", 1)
        (tmp_path / "tone.raw").write_bytes(TONE)
        answer = "tone.raw" if name == "powershell.exe" else "tone.wav"
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text.format(folder=tmp_path, cat=shutil.which("cat"), answer=answer))
        program.chmod(0o755)
        return str(program.parent)

    return _stand_in


@pytest.fixture
def grade():
    def _grade(*arguments, code=0, path=None, typed=""):
        environment = {**os.environ, **({} if path is None else {"PATH": path})}
        done = subprocess.run(
            [*GRADE, *map(str, arguments)], input=typed, capture_output=True, text=True, timeout=300, env=environment
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    return _grade


def told(tmp_path):
    return (tmp_path / "told").read_text()


def test_a_lesson_is_its_title_the_dialogue_in_two_voices_the_summary_and_the_chunks():
    chapter = chapter_of(LESSONS["pooling"])
    title, dialogue, summary, *chunks = chapter.parts

    assert title.utterances == (Utterance(Voice.NARRATOR, "Pooling."),)
    assert [one.voice for one in dialogue.utterances[:4]] == [
        Voice.STUDENT,
        Voice.TEACHER,
        Voice.STUDENT,
        Voice.TEACHER,
    ]
    assert dialogue.utterances[2].text == "Every second pixel?"
    assert [part.title for part in chunks] == [chunk.title for chunk in LESSONS["pooling"].chunks]
    assert {one.voice for part in (title, summary, *chunks) for one in part.utterances} == {Voice.NARRATOR}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.topic)
def test_everything_is_said_in_words(lesson):
    chapters = [chapter_of(lesson), *(chapter_of(lesson, level) for level in lesson.summaries), chunks_of(lesson)]
    texts = [one.text for chapter in chapters for part in chapter.parts for one in part.utterances]

    assert all(texts)
    for text in texts:
        assert not set(text) & set("=+*/^_[]<>`#|²×→"), text
        assert " - " not in text, text
        assert not any(f"-{digit}" in text for digit in "0123456789"), text


def test_only_a_summary():
    chapter = chapter_of(LESSONS["pooling"], "basic")

    assert [part.title for part in chapter.parts] == ["Pooling", "Summary"]
    assert chapter.parts[1].utterances[1].text.startswith("Pooling makes feature maps smaller.")


def test_the_silences(stand_in, monkeypatch):
    """0.8 seconds between parts, 1.5 between lessons, 0.3 between turns; each text is a tone of 0.1 seconds."""
    monkeypatch.setenv("PATH", stand_in("espeak-ng"))
    two = Part("b", (Utterance(Voice.TEACHER, "x"), Utterance(Voice.STUDENT, "y")))
    chapters = [Chapter("01_x", one, (Part(one, (Utterance(Voice.NARRATOR, one),)), two)) for one in ("one", "two")]
    recording = speech.recorded(chapters, {})
    alone = speech.recorded(chapters[:1], {})

    chapter = 0.1 + 0.8 + (0.1 + 0.3 + 0.1)
    assert alone.sound.seconds == pytest.approx(chapter, abs=0.001)
    assert recording.sound.seconds == pytest.approx(chapter + 1.5 + chapter, abs=0.001)
    assert [(mark.title, round(mark.second, 2)) for mark in alone.marks] == [("one", 0.0), ("b", 0.9)]
    assert [(mark.title, round(mark.second, 2)) for mark in recording.marks] == [("one", 0.0), ("two", 2.9)]
    silence = recording.sound.samples[2 * round(RATE * chapter) : 2 * round(RATE * (chapter + 1.5))]
    assert set(silence) == {0}


def chunks_in(content):
    """The chunks of a RIFF file by name: the names, and the content of each."""
    assert content[:4] == b"RIFF"
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8
    place, found = 12, []
    while place < len(content):
        name, length = content[place : place + 4], struct.unpack("<I", content[place + 4 : place + 8])[0]
        found.append((name, content[place + 8 : place + 8 + length]))
        place += 8 + length + length % 2
    return found


def test_a_wav_file_has_tags_and_chapters():
    marks = (Mark(0.0, "Start"), Mark(0.05, "Später"))
    content = wav_of(Recording(Sound(RATE, TONE), marks, {"title": "Pooling", "track": "3"}))
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.readframes(file.getnframes()) == TONE
    names = [name for name, _ in chunks_in(content)]
    bodies = [body for _, body in chunks_in(content)]

    assert names == [b"fmt ", b"data", b"LIST", b"cue ", b"LIST"]
    assert bodies[2] == b"INFO" + b"INAM\x08\0\0\0Pooling\0" + b"ITRK\x02\0\0\x003\0"
    assert struct.unpack("<I", bodies[3][:4]) == (2,)
    assert struct.unpack("<II", bodies[3][28:36]) == (2, round(0.05 * RATE))
    assert bodies[4].startswith(b"adtl")
    assert "Später".encode() in bodies[4]
    assert sound_in(content) == Sound(RATE, TONE)


def test_voices_that_do_not_fit_together():
    with pytest.raises(SoundError, match="different sample rates: 8000, 22050"):
        joined([Sound(8000, b""), 0.5, Sound(RATE, b"")])
    with pytest.raises(SoundError, match="returned no WAV file"):
        sound_in(b"nonsense")


def test_one_file_for_a_lesson(grade, stand_in, tmp_path):
    out = tmp_path / "pooling.wav"
    said = grade("lesson", "pooling", "--listen", "--level", "basic", "--out", out, path=stand_in("espeak-ng"))

    assert said == f"Wrote the sound to {out}\n"
    with wave.open(str(out)) as file:  # the title, then the heading and the only paragraph
        assert file.getnframes() / RATE == pytest.approx(0.1 + 0.8 + 0.1 + 0.3 + 0.1, abs=0.001)


def test_the_whole_lesson_through_a_real_voice(grade, tmp_path):
    needs_program("espeak-ng", "speaks the lessons")
    grade("lesson", "pooling", "--listen", "--out", tmp_path / "x.wav")
    with wave.open(str(tmp_path / "x.wav")) as file:
        assert 100 < file.getnframes() / file.getframerate() < 300


def test_one_file_for_each_lesson_in_a_folder(grade, stand_in, tmp_path):
    stand_in("ffmpeg", ENCODER)
    said = grade("lesson", "--audiobook", "--out", tmp_path / "book", path=stand_in("espeak-ng"))

    assert said == f"Wrote 7 chapters (WAV and MP3) to {tmp_path / 'book'}\n"
    keys = [lesson.exercise for lesson in LESSONS.values()]
    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == sorted(
        f"{key}.{end}" for key in keys for end in ("wav", "mp3")
    )
    tags = (tmp_path / "tags").read_text()
    assert "title=Pooling\nalbum=Lessons\ngenre=Speech\ntrack=3\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\n" in tags
    assert "title=The largest of four\n" in tags


def test_without_an_encoder_there_are_wav_files(stand_in, tmp_path):
    without_soundfile = "import runpy, sys; sys.modules['soundfile'] = None; runpy.run_module('grader', run_name='__main__', alter_sys=True)"
    out = tmp_path / "book"
    done = subprocess.run(
        [sys.executable, "-c", without_soundfile, "lesson", "2", "--audiobook", "--out", str(out)],
        env={**os.environ, "PATH": stand_in("espeak-ng")}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert done.stdout == f"Wrote 1 chapter (WAV) to {out}\nTo get MP3 too, install ffmpeg.\n"
    assert [path.suffix for path in out.iterdir()] == [".wav"]


@pytest.mark.parametrize("suffix", COMPRESSED)
def test_compressed_files(grade, stand_in, tmp_path, suffix):
    stand_in("ffmpeg", ENCODER)
    out = tmp_path / f"x{suffix}"
    grade("lesson", "2", "--listen", "--level", "basic", "--out", out, path=stand_in("espeak-ng"))

    assert out.read_text() == "sound\n"
    assert f"-map_chapters 1 -c:a {COMPRESSED[suffix][0]} " in (tmp_path / "encoded").read_text()


def test_a_real_encoder_keeps_tags_and_chapters(tmp_path):
    needs_program("ffmpeg", "writes compressed sound")
    recording = Recording(Sound(RATE, TONE * 10), (Mark(0, "a = b; #1"), Mark(0.5, "c")), {"title": "Pooling"})
    (tmp_path / "x.mp3").write_bytes(encoded(recording, ".mp3"))
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "x.mp3"), "-f", "ffmetadata", "-"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout

    assert "title=Pooling\n" in shown
    assert "title=a \\= b\\; \\#1\n" in shown


def test_mp3_without_ffmpeg(monkeypatch):
    needs_installed("soundfile", "it writes MP3 where ffmpeg is missing")
    monkeypatch.setenv("PATH", "/nowhere")
    content = encoded(Recording(Sound(RATE, TONE * 10), (), {"title": "Pooling"}), ".mp3")

    assert b"Pooling" in content
    assert encoder_for(".opus") == ""


def test_the_target_is_checked_first(grade, stand_in, tmp_path):
    path = stand_in("espeak-ng")
    listen = ("lesson", "2", "--listen", "--out")
    (tmp_path / "file").write_text("")

    assert "add --listen" in grade("lesson", "2", "--out", tmp_path / "x.wav", code=2)
    assert "there is no folder" in grade(*listen, tmp_path / "no" / "x.wav", code=2)
    assert "there is no folder" in grade(*listen, tmp_path / "no" / "book", code=2)
    assert "is not a folder" in grade(*listen, tmp_path / "file", code=2)
    assert "is not a sound file: --out takes a folder or a name with .wav, .mp3, .opus, .m4a." in grade(
        *listen, tmp_path / "x.ogg", code=2
    )
    assert "Nothing on this machine writes .opus. Install ffmpeg" in grade(
        *listen, tmp_path / "x.opus", code=2, path=path
    )
    assert not (tmp_path / "told").exists()


def test_a_sound_file_does_not_count_as_heard(grade, stand_in, tmp_path, state):
    grade("lesson", "2", "--audiobook", "--out", tmp_path / "x.wav", path=stand_in("espeak-ng"))

    assert "1 of 4 [pooling]" in grade("lesson", "2", "--audiobook")
    with LearningRecord(state / "study.db") as record:
        assert len(record.events("heard")) == 1


@pytest.mark.parametrize("name", ["espeak-ng", "say", "powershell.exe"])
def test_each_voice_gets_the_text(grade, stand_in, tmp_path, name):
    path = stand_in(name)
    grade("lesson", "pooling", "--listen", "--level", "basic", path=path)
    grade("lesson", "pooling", "--listen", "--level", "basic", "--out", tmp_path / "x.wav", path=path)

    times = 3 if name == "espeak-ng" else 2  # eSpeak NG is asked how long the text takes
    assert told(tmp_path).count("Pooling makes feature maps smaller.") == times
    assert sound_in((tmp_path / "x.wav").read_bytes()).seconds == pytest.approx(1.4, abs=0.001)


@pytest.mark.parametrize(
    ("name", "teacher", "student"),
    [
        ("espeak-ng", "-v en+m3", "-v en+f2"),
        ("say", "-v Alex", "-v Kate"),
        ("powershell.exe", "SelectVoiceByHints('Male')", "SelectVoiceByHints('Female')"),
    ],
)
def test_teacher_and_student_have_their_own_voices(monkeypatch, stand_in, tmp_path, name, teacher, student):
    monkeypatch.setenv("PATH", stand_in(name))
    speech.say(Part("x", (Utterance(Voice.TEACHER, "teaching"), Utterance(Voice.STUDENT, "asking"))))

    said = told(tmp_path)
    assert said.index(teacher) < said.index("teaching") < said.rindex(student) < said.rindex("asking")


def test_without_a_voice_it_ends_with_2(grade, tmp_path):
    said = grade("lesson", "pooling", "--listen", code=2, path=str(tmp_path))

    assert said.startswith("Error: This machine cannot speak: espeak-ng, say and powershell.exe are missing.")
    assert said.endswith("To read it: grade lesson pooling\n")
    assert "cannot speak" in grade("lesson", "2", "--listen", "--out", tmp_path / "x.wav", code=2, path=str(tmp_path))
    assert not (tmp_path / "x.wav").exists()


def test_a_voice_that_ends_at_once_was_not_heard(grade, stand_in, tmp_path):
    """eSpeak NG without a sound device returns at once, with exit code 0."""
    path = stand_in("espeak-ng")
    write_tone(tmp_path / "tone.wav", 600)
    said = grade("lesson", "pooling", "--listen", code=2, path=path)

    assert said.startswith("Error: This machine makes no sound: espeak-ng ended after ")
    assert "the text takes 60.0. Check the sound device, or write a file with --out." in said
    assert "makes no sound" in grade("lesson", "pooling", "--audiobook", "--listen", code=2, path=path)
    assert "1 of 4 [pooling]" in grade("lesson", "pooling", "--audiobook")


def test_a_voice_that_fails(grade, tmp_path, stand_in):
    path = stand_in("espeak-ng", "#!/bin/sh\necho no sound card >&2\nexit 3\n")
    said = grade("lesson", "pooling", "--listen", "--out", tmp_path / "x.wav", code=2, path=path)

    assert said == "Error: This machine cannot speak: espeak-ng failed (no sound card).\n"
    assert not Path(tmp_path / "x.wav").exists()
