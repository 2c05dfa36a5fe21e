"""The words available: built-in ones, those of a pack, and the note when some are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotimer.assemble import built_in_words
from retrotimer.audio.bank import SoundError
from retrotimer.audio.voice import Voice
from retrotimer.core.vocabulary import WORDS
from tests.support.sound_files import write_wav


def missing() -> dict[str, Path]:
    raise SoundError("the built-in sounds are missing")


def test_the_built_in_voice_is_complete() -> None:
    voice = Voice(built_in_words)
    assert set(voice.lengths) >= set(WORDS)
    assert voice.note == ""
    files = voice.files(("forward", ",", "30"))
    assert files[1] == ","
    assert [Path(file).name for file in files[::2]] == ["forward.flac", "30.flac"]


def test_no_file_is_read_before_it_is_needed() -> None:
    voice = Voice(lambda: pytest.fail("too early"))
    assert voice.note == ""


def test_a_pack_speaks_its_own_words_and_the_rest_in_english(tmp_path: Path) -> None:
    own = {"forward": write_wav(tmp_path / "vor.wav", seconds=0.25)}
    voice = Voice(built_in_words, own, "de")
    assert voice.lengths["forward"] == 250
    english = Voice(built_in_words).lengths
    assert voice.lengths == {word: english[word] for word in WORDS} | {"forward": 250}
    assert voice.files(("forward",)) == (str(tmp_path / "vor.wav"),)
    more = len(WORDS) - 4
    assert (
        voice.note == f"voice de lacks backward, rest, round and {more} more: these are in English"
    )


def test_a_word_that_cannot_be_played_counts_as_missing(tmp_path: Path) -> None:
    own = {word: write_wav(tmp_path / f"{word}.wav", seconds=0.1) for word in WORDS}
    (tmp_path / "rest.wav").write_bytes(b"no sound")
    voice = Voice(built_in_words, own, "de")
    assert voice.lengths["rest"] == Voice(built_in_words).lengths["rest"]
    assert voice.note == "voice de lacks rest: these are in English"


def test_a_complete_pack_needs_no_built_in_words(tmp_path: Path) -> None:
    own = dict.fromkeys(WORDS, write_wav(tmp_path / "word.wav", seconds=0.1))
    voice = Voice(missing, own, "de")
    assert set(voice.lengths.values()) == {100}
    assert voice.note == ""


def test_without_the_built_in_words_there_is_only_a_note(tmp_path: Path) -> None:
    voice = Voice(missing)
    assert voice.lengths == {}
    assert voice.note == "no voice: the built-in sounds are missing"
    few = Voice(lambda: {"forward": write_wav(tmp_path / "vor.wav")})
    assert set(few.lengths) == {"forward"}
    assert few.note == "the built-in voice is incomplete: reinstall retrotimer"
