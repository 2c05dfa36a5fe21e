"""Finding and decoding sounds."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from array import array
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from sound_files import write_wav
from waiting import wait_until

from retrotimer.audio import bank as bank_module
from retrotimer.audio.bank import LONGEST_SECONDS, Bank, SoundError, builtin, length_ms, load
from retrotimer.audio.mixer import RATE
from retrotimer.audio.schedule import Entry
from retrotimer.core.cue import CueId


def crossings_per_second(samples: array[int]) -> float:
    """Of a pure tone: its frequency."""
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
def test_packed_formats(tmp_path: Path, tool: str, suffix: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    source, packed = write_wav(tmp_path / "tone.wav", 44_100, 2), tmp_path / f"tone.{suffix}"
    output = [str(packed)] if tool == "lame" else ["-o", str(packed)]
    subprocess.run([tool, str(source), *output], check=True, capture_output=True)
    samples = load(packed)
    # Packers pad the ends with silence.
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


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    noise = tmp_path / "noise.wav"
    noise.write_bytes(random.Random(1).randbytes(5000))
    empty = tmp_path / "empty.wav"
    empty.touch()
    for path, reason in [
        (tmp_path / "none.wav", "No such file"),
        (tmp_path, "this is no file"),
        (empty, "is empty"),
        (noise, "no wav, flac, mp3 or ogg"),
        (write_wav(tmp_path / "short.wav", seconds=0), "no sound in it"),
        (write_wav(tmp_path / "silent.wav", level=20), "silent all through"),
    ]:
        with pytest.raises(SoundError, match=reason) as caught:
            load(path)
        assert str(path) in str(caught.value)


def test_the_home_folder_may_be_written_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
