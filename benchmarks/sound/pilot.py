"""A steady low tone in a recording: it shows where samples are missing, silent or too many.

The sound server makes the tone itself (module-sine) as a part of each piece of sound it renders, so
that no program can be late with it. Where the tone goes on evenly, nothing was lost on the way from
the server to the recording, and a sound that is late there was late already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tests.support.sound_server import RATE

HZ = 7
"""Far below every cue. The server repeats a second of this tone, so it cuts few pieces short."""
DECIBELS = -27
"""How loud it is to be made: far too soft to be taken for an onset."""
PERIOD = RATE / HZ

_HOP = RATE // 100
_WINDOW = round(PERIOD)
_BLOCK = 1000
_CUTOFF = 60.0
"""Hz: the tone and its breaks are below, the cues above."""
_EVEN = 1e-3
"""So much of itself the tone changes from hop to hop while it goes on evenly."""
_BROKEN = 0.02
"""Where it breaks it changes by more: losing 5 ms is enough. A cue torn apart changes it by 1 %."""


@dataclass(frozen=True, slots=True)
class Break:
    """The tone does not go on evenly between two frames.

    `lost` frames are missing there; where it is negative there are too many. It is known only to
    the nearest period: more than 71 ms are misread.
    """

    first: int
    last: int
    lost: int


def without_tone(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """The cues alone."""
    size = 1 << samples.size.bit_length()
    spectrum = np.fft.rfft(samples, size)
    spectrum[np.fft.rfftfreq(size, 1 / RATE) < _CUTOFF] = 0
    cues = np.fft.irfft(spectrum, size)[: samples.size]
    return np.clip(np.rint(cues), -32768, 32767).astype(np.int16)


def breaks(samples: NDArray[np.int16]) -> list[Break]:
    """Where the tone does not go on evenly, in order; ValueError if there is no tone."""
    tone = _tone(samples)
    loudness = float(np.median(np.abs(tone))) if tone.size else 0.0
    if loudness < 1:
        raise ValueError("there is no pilot tone")
    change = np.abs(np.diff(tone)) / loudness
    even = change < _EVEN
    loud = np.abs(tone) > loudness / 2
    steady = np.flatnonzero(loud & np.append(even, True) & np.insert(even, 0, True))
    found = []
    for before, after in pairwise(steady.tolist()):
        if after - before > 1 and change[before:after].max() > _BROKEN:
            turned = float(np.angle(tone[after] / tone[before]))
            lost = round(turned / (2 * np.pi) * PERIOD)
            # The last even window ends where the break begins, the next begins where it ends.
            first, last = sorted((before * _HOP + _WINDOW, after * _HOP))
            found.append(Break(first, last, lost))
    return found


def mended(
    samples: NDArray[np.int16], found: Sequence[Break]
) -> tuple[NDArray[np.int16], list[tuple[int, int]]]:
    """The samples with silence in place of what is lost and without what is too much.

    Also gives where that was: frames of the mended samples.
    """
    pieces = []
    spans = []
    taken, shift = 0, 0
    for one in found:
        middle = (one.first + one.last) // 2
        spans.append((one.first + shift, one.last + shift + max(one.lost, 0)))
        if one.lost >= 0:
            pieces += [samples[taken:middle], np.zeros(one.lost, np.int16)]
            taken = middle
        else:
            begin = max(middle + one.lost // 2, taken)
            pieces.append(samples[taken:begin])
            taken = begin - one.lost
        shift += one.lost
    return np.concatenate([*pieces, samples[taken:]]), spans


def _tone(samples: NDArray[np.int16]) -> NDArray[np.complex128]:
    """Size and phase of the tone in a window of one period at each hop."""
    if samples.size < _WINDOW:
        return np.zeros(0, np.complex128)
    # Over one period, this window is blind to the mirror image of the tone.
    window = np.hanning(_WINDOW + 1)[:-1]
    turning = np.exp(-2j * np.pi * np.arange(_WINDOW) / PERIOD)
    windows = sliding_window_view(samples, _WINDOW)[::_HOP]
    found = [
        windows[at : at + _BLOCK].astype(float) @ (window * turning)
        for at in range(0, len(windows), _BLOCK)
    ]
    places = np.arange(len(windows)) * _HOP
    whole = np.concatenate(found) * np.exp(-2j * np.pi * places / PERIOD)
    tone: NDArray[np.complex128] = whole * 2 / window.sum()
    return tone
