"""Judges the words of a voice by machine: `python -m sounds.tools.judge [FOLDER]`.

A separate step for developers; it needs `pip install pocketsphinx numpy miniaudio`. A speech
recogniser writes down every word and whole sentences, in silence and in the noise of a belt. The
words that could be confused with each other and sound most alike are listed.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

from sounds.tools.texts import PLACES, TEXTS

np: Any = import_module("numpy")

RATE = 48_000
HEARD_RATE = 16_000
PAUSE = np.zeros(RATE * 12 // 100)

Judge = Callable[[Any], str]


def samples(path: Path) -> Any:
    """A word at 48 kHz."""
    miniaudio = import_module("miniaudio")
    wanted = miniaudio.SampleFormat.SIGNED16
    decoded = miniaudio.decode_file(str(path), wanted, nchannels=1, sample_rate=RATE)
    return np.array(decoded.samples) / 32768


def belt(count: int, seed: int) -> Any:
    """The noise of a belt at level 1: a rumble, and two steps a second."""
    chance = np.random.default_rng(seed)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    shape = 1 / np.maximum(hertz, 40) ** 0.8
    noise = np.fft.irfft(np.fft.rfft(chance.standard_normal(count)) * shape, count)
    beat = np.arange(count) / RATE % 0.5
    noise *= 1 + 3 * np.exp(-beat / 0.05)
    return noise / np.sqrt(np.mean(noise**2))


def recogniser(grammar: str) -> Judge:
    """A recogniser that returns what it understands, within the grammar."""
    decoder = import_module("pocketsphinx").Decoder(lm=None, loglevel="FATAL")
    decoder.add_jsgf_string("said", f"#JSGF V1.0; grammar g; {grammar}")
    decoder.activate_search("said")

    def judge(sound: Any) -> str:
        quiet = np.zeros(RATE * 3 // 10)
        padded = np.concatenate((quiet, sound, quiet))
        padded = padded + 1e-4 * np.random.default_rng(1).standard_normal(len(padded))
        heard = np.fft.irfft(np.fft.rfft(padded)[: len(padded) // 6 + 1], len(padded) // 3) / 3
        decoder.start_utt()
        decoder.process_raw((heard * 32767).astype(np.int16).tobytes(), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        return found.hypstr if found else "-"

    return judge


def noisy(sound: Any, db: float | None, seed: int) -> Any:
    """The sound with the noise of a belt `db` below it; None: without."""
    if db is None:
        return sound
    level = np.sqrt(np.mean(sound**2))
    mixed = sound + belt(len(sound), seed) * level * 10 ** (-db / 20)
    return mixed / max(1.0, np.abs(mixed).max())


def score(judge: Judge, asked: Iterable[tuple[str, Any]], db: float | None) -> list[str]:
    """The texts that were misheard."""
    return [
        f"{text!r} as {heard!r}"
        for seed, (text, sound) in enumerate(asked)
        if (heard := judge(noisy(sound, db, seed))) != text
    ]


def sentences(sounds: dict[str, Any], count: int = 60) -> list[tuple[str, Any]]:
    """Whole sentences as the program says them: "backward, thirty seconds, one point six"."""
    chance = random.Random(1)
    numbers = [word for word in TEXTS if word.isdigit()]
    made = []
    for _ in range(count):
        where, unit = chance.choice(PLACES["direction"]), chance.choice(("seconds", "minutes"))
        length, whole = chance.choice(numbers[2:]), chance.choice(numbers[:10])
        tenth = chance.choice(PLACES["tenths"])
        words = [where, "", length, unit, "", whole, tenth]
        text = " ".join(TEXTS[word] for word in words if word)
        made.append((text, np.concatenate([sounds[w] if w else PAUSE for w in words])))
    return made


def portrait(sound: Any) -> Any:
    """The strength of 24 bands of the ear every 10 ms, as cepstra without the level."""
    size, step = 1024, RATE // 100
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)[::step] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)) ** 2
    centres = 700 * (10 ** (np.linspace(150, 2840, 26) / 2595) - 1) * size / RATE
    bins = np.arange(power.shape[1])
    bands = [np.interp(bins, centres[i : i + 3], [0, 1, 0]) for i in range(24)]
    logs = np.log(power @ np.array(bands).T + 1e-6)
    turn = np.cos(np.pi / 24 * np.outer(np.arange(1, 13), np.arange(24) + 0.5))
    return logs @ turn.T / 12


def distance(one: Any, other: Any) -> float:
    """How far apart two words are, with time warped for the best match."""
    apart = np.sqrt(((one[:, None] - other[None]) ** 2).sum(axis=2))
    best = np.full((len(one) + 1, len(other) + 1), np.inf)
    best[0, 0] = 0
    for i in range(len(one)):
        for j in range(len(other)):
            best[i + 1, j + 1] = apart[i, j] + min(best[i, j], best[i, j + 1], best[i + 1, j])
    return float(best[-1, -1]) / (len(one) + len(other))


def main() -> None:
    """Judge everything."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "voice"
    sounds = {word: samples(folder / f"{word}.flac") for word in TEXTS}
    every = " | ".join(f"({text})" for text in TEXTS.values())
    alone = recogniser(f"public <s> = {every};")
    numbers = " | ".join(TEXTS[word] for word in TEXTS if word.isdigit())
    where = " | ".join(TEXTS[word] for word in PLACES["direction"])
    tenths = " | ".join(f"({TEXTS[word]})" for word in PLACES["tenths"])
    told = recogniser(
        f"<n> = {numbers}; public <s> = ({where}) <n> (seconds | minutes) <n> ({tenths});"
    )
    for db in (None, 12.0, 6.0, 0.0):
        place = "in silence" if db is None else f"with a belt {db:g} dB below"
        for name, judge, asked in (
            ("words", alone, [(TEXTS[word], sounds[word]) for word in TEXTS]),
            ("sentences", told, sentences(sounds)),
        ):
            wrong = score(judge, asked, db)
            print(f"{name} {place}: {len(asked) - len(wrong)} of {len(asked)} understood")
            print("".join(f"    {one}\n" for one in wrong[:12]), end="")
    portraits = {word: portrait(sound) for word, sound in sounds.items()}
    for place, words in PLACES.items():
        pairs = combinations(words, 2)
        found = sorted((distance(portraits[a], portraits[b]), a, b) for a, b in pairs)
        most = ", ".join(f"{a}/{b} {far:.2f}" for far, a, b in found[:4])
        print(f"{place}: most alike {most}; usual {found[len(found) // 2][0]:.2f}")


if __name__ == "__main__":
    main()
