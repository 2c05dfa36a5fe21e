"""Finding and decoding sounds."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from array import array
from collections.abc import Callable
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from retrotimer.assemble import built_in_words
from retrotimer.audio import bank as bank_module
from retrotimer.audio.bank import (
    LONGEST_SECONDS,
    Bank,
    SoundError,
    builtin,
    length_ms,
    load,
    measured_ms,
)
from retrotimer.audio.engine.mixer import Mixer, instant_of
from retrotimer.audio.file_check import LARGEST_BYTES
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import Entry, Score
from retrotimer.audio.voice import Voice
from retrotimer.core.cue_ids import CueId
from retrotimer.core.vocabulary import PAUSE, PAUSE_MS
from tests.support.sound_files import cut_off, damage_header, write_wav
from tests.support.waiting import wait_until


def crossings_per_second(samples: array[int]) -> float:
    """The frequency of a pure tone."""
    rises = sum(one < 0 <= other for one, other in pairwise(samples))
    return rises * RATE / len(samples)


@pytest.mark.parametrize("cue", CueId)
def test_every_cue_has_a_sound(cue: CueId) -> None:
    assert len(builtin(cue)) > RATE // 50


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (8_000, 1), (96_000, 2)])
def test_any_rate_and_channels_become_48_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    samples = load(write_wav(tmp_path / "tone.wav", rate, channels))
    assert length_ms(samples) == pytest.approx(500, abs=5)
    assert crossings_per_second(samples) == pytest.approx(1000, rel=0.02)
    assert max(samples) == pytest.approx(12_000, rel=0.1)


@pytest.mark.parametrize(("tool", "suffix"), [("flac", "flac"), ("oggenc", "ogg"), ("lame", "mp3")])
def test_compressed_formats(tmp_path: Path, tool: str, suffix: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    source, packed = write_wav(tmp_path / "tone.wav", 44_100, 2), tmp_path / f"tone.{suffix}"
    output = [str(packed)] if tool == "lame" else ["-o", str(packed)]
    subprocess.run([tool, str(source), *output], check=True, capture_output=True)
    samples = load(packed)
    # Encoders pad the ends with silence.
    middle = samples[RATE // 8 : RATE * 3 // 8]
    assert crossings_per_second(middle) == pytest.approx(1000, rel=0.02)
    assert length_ms(samples) == pytest.approx(500, abs=80)


def test_a_plain_wav_needs_no_decoder(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav")
    code = (
        "import sys; from pathlib import Path; from retrotimer.audio.bank import load; "
        "load(Path(sys.argv[1])); sys.exit('miniaudio' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def test_a_long_file_is_cut_off(tmp_path: Path) -> None:
    for rate in (RATE, 8_000):
        path = write_wav(tmp_path / "long.wav", rate, seconds=LONGEST_SECONDS + 1)
        assert len(load(path)) <= LONGEST_SECONDS * RATE


def test_errors_say_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    noise = tmp_path / "noise.wav"
    noise.write_bytes(random.Random(1).randbytes(5000))
    empty = tmp_path / "empty.wav"
    empty.touch()
    for path, reason in [
        (tmp_path / "none.wav", "No such file"),
        (tmp_path, "not a file"),
        (empty, "is empty"),
        (noise, "not a wav, flac, mp3 or ogg"),
        (write_wav(tmp_path / "short.wav", seconds=0), "contains no sound"),
        (write_wav(tmp_path / "silent.wav", level=20), "silent throughout"),
    ]:
        with pytest.raises(SoundError, match=reason) as caught:
            load(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_a_truncated_or_damaged_wav_is_refused(tmp_path: Path, rate: int) -> None:
    path = write_wav(tmp_path / "tone.wav", rate)
    whole = path.read_bytes()
    for spoil, reason in [(cut_off, "cut off"), (damage_header, "damaged")]:
        path.write_bytes(whole)
        for look in (load, measured_ms):
            with pytest.raises(SoundError, match=reason):
                look(spoil(path))


def test_a_wav_of_unknown_length_is_read_to_its_end(tmp_path: Path) -> None:
    """A program that writes into a pipe cannot know the length in advance."""
    path = write_wav(tmp_path / "tone.wav")
    data = path.read_bytes()
    path.write_bytes(data[:40] + b"\xff\xff\xff\xff" + data[44:] + b"\0")
    assert len(load(path)) == RATE // 2


@pytest.mark.parametrize(("tool", "suffix"), [("flac", "flac"), ("oggenc", "ogg")])
def test_a_truncated_compressed_file_is_refused(tmp_path: Path, tool: str, suffix: str) -> None:
    with pytest.raises(SoundError, match="cut off"):
        load(cut_off(packed_by(tool, tmp_path / f"tone.{suffix}")))


def test_a_damaged_ogg_never_reaches_its_decoder(tmp_path: Path) -> None:
    """Some damaged files would crash the process there."""
    packed = packed_by("oggenc", tmp_path / "tone.ogg")
    whole = packed.read_bytes()
    for at in range(4, len(whole), len(whole) // 50):
        packed.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with pytest.raises(SoundError, match=r"damaged|cut off"):
            load(packed)


def packed_by(tool: str, path: Path) -> Path:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    source = write_wav(path.with_suffix(".wav"), 44_100, 2)
    subprocess.run([tool, str(source), "-o", str(path)], check=True, capture_output=True)
    return path


def test_a_large_file_or_a_pipe_is_refused_unread(tmp_path: Path) -> None:
    large, pipe = tmp_path / "large.wav", tmp_path / "pipe.wav"
    large.touch()
    os.truncate(large, LARGEST_BYTES + 1)
    wrong = [(large, "too large")]
    if os.name != "nt":
        os.mkfifo(pipe)
        wrong += [(pipe, "not a file"), (Path("/dev/zero"), "not a file")]
    for path, reason in wrong:
        for look in (load, measured_ms):
            with pytest.raises(SoundError, match=reason):
                look(path)


def test_a_tilde_means_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wav(tmp_path / "horn.wav")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load(Path("~/horn.wav"))


def test_a_checkout_works_without_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(package: str) -> Path:
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(resources, "files", not_installed)
    assert bank_module.folder().joinpath("alarm.wav").is_file()


def test_a_bank_plays_the_fallback_until_the_file_is_loaded(tmp_path: Path) -> None:
    problems: list[str] = []
    bank = Bank(problems.append)
    own = Entry(0, str(write_wav(tmp_path / "own.wav")), "count")
    missing = Entry(0, str(tmp_path / "missing.wav"), "last")
    assert bank.samples(own) == builtin(CueId.COUNT)
    for _ in range(2):
        bank.want(own)
        bank.want(missing)
    wait_until(lambda: problems and bank.samples(own) != builtin(CueId.COUNT))
    assert len(bank.samples(own) or ()) == RATE // 2
    assert bank.samples(missing) == builtin(CueId.LAST)
    assert len(problems) == 1
    assert bank.samples(Entry(0, "unheard of")) is None


def test_a_bad_file_does_not_prevent_later_ones_from_being_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [
        cut_off(write_wav(tmp_path / "cut.wav")),
        damage_header(write_wav(tmp_path / "head.wav")),
    ]
    problems: list[str] = []
    bank = Bank(problems.append)
    for path in bad:
        bank.want(Entry(0, str(path)))
    good = Entry(0, "good", "", (str(write_wav(tmp_path / "good.wav")),))
    bank.want(good)
    wait_until(lambda: bank.samples(good))
    assert [problem.partition(": ")[0] for problem in problems] == [str(path) for path in bad]

    def fails(path: Path) -> array[int]:
        raise MemoryError(path)

    # Nor does an exception that no decoder should raise.
    with monkeypatch.context() as patch:
        patch.setattr(bank_module, "load", fails)
        bank.want(Entry(0, "worst.wav"))
        wait_until(lambda: len(problems) == 3)
    later = Entry(0, str(write_wav(tmp_path / "later.wav")))
    bank.want(later)
    wait_until(lambda: bank.samples(later))


# Sentences --------------------------------------------------------------------------------------


def test_the_words_of_a_sentence_follow_each_other_without_gaps(tmp_path: Path) -> None:
    bank = Bank(pytest.fail)
    words = [str(write_wav(tmp_path / f"{n}.wav", seconds=n / 10)) for n in (1, 2)]
    said = Entry(0, "one two", "", (words[0], PAUSE, words[1], words[0]))
    assert bank.samples(said) is None
    bank.want(said)
    wait_until(lambda: bank.samples(said))
    one, two = (load(Path(word)) for word in words)
    pause = array("h", bytes(2 * PAUSE_MS * RATE // 1000))
    assert bank.samples(said) == one + pause + two + one


def test_a_sentence_after_a_tick_is_placed_to_the_sample() -> None:
    """It is mixed buffer by buffer, as for a device; after its last word there is silence."""
    origin, first = 1_234_567_890_123, 33_601
    files = Voice(built_in_words).files(("backward", PAUSE, "30", "seconds"))
    said = Entry(instant_of(first, origin), "said", "", files)
    tick = Entry(instant_of(7, origin), CueId.COUNT)
    bank = Bank(pytest.fail)
    bank.want(said)
    sentence = wait_for(lambda: bank.samples(said))
    expected = array("h", bytes(2 * 2_400 * 60))
    for begin, samples in ((7, builtin(CueId.COUNT)), (first, sentence)):
        expected[begin : begin + len(samples)] = samples
    assert first + len(sentence) < len(expected)
    mixer, heard = Mixer(bank.samples, bank.alarm), array("h")
    while len(heard) < len(expected):
        heard += mixer.render(Score((tick, said)), 2_400, origin).samples
    assert heard == expected


def wait_for(found: Callable[[], array[int] | None]) -> array[int]:
    wait_until(found)
    samples = found()
    assert samples is not None
    return samples


def test_a_sentence_is_never_spoken_in_part(tmp_path: Path) -> None:
    problems: list[str] = []
    bank = Bank(problems.append)
    word, lacking = str(write_wav(tmp_path / "own.wav")), str(tmp_path / "missing.wav")
    said = Entry(0, "own missing", "", (word, lacking))
    bank.want(said)
    bank.want(Entry(0, "own", "", (word,)))
    wait_until(lambda: problems and bank.samples(Entry(1, "own", "", (word,))))
    assert bank.samples(said) is None
    assert len(problems) == 1


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (8_000, 1)])
def test_the_length_of_a_file_is_measured_without_decoding_it(
    tmp_path: Path, rate: int, channels: int
) -> None:
    path = write_wav(tmp_path / "tone.wav", rate, channels, seconds=0.3211)
    assert measured_ms(path) == 322
    assert abs(length_ms(load(path)) - 322) <= 5
    long = write_wav(tmp_path / "long.wav", 8_000, seconds=LONGEST_SECONDS + 1)
    assert measured_ms(long) == LONGEST_SECONDS * 1000


def test_files_that_cannot_be_measured_are_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.flac"
    noise.write_bytes(random.Random(1).randbytes(5000))
    for path, reason in [
        (tmp_path / "none.flac", "No such file"),
        (noise, "not a wav, flac"),
        (write_wav(tmp_path / "silent.wav", seconds=0), "contains no sound"),
    ]:
        with pytest.raises(SoundError, match=reason) as caught:
            measured_ms(path)
        assert str(path) in str(caught.value)
