"""From a speech engine's 16 kHz samples to what a telephone plays: 8 kHz, one loudness, short margins.

Rule: pure functions on lists of samples (16-bit scale); all announcements leave with one level, ours and customers'.
"""

from __future__ import annotations

import math
from itertools import pairwise

from pbx.phone.g711 import FRAME, RATE

LEVEL = -19.0
"""dBFS RMS of the speech itself, pauses left out."""
PEAK = 32768 * 10 ** (-3.5 / 20)
"""No sample is louder: half a decibel below -3 dBFS, as A-law rounds by up to that."""
MARGIN = RATE // 5
"""Samples of silence before and after: 200 ms."""
_KNEE = 0.6
"""Share of PEAK from which on peaks are rounded off."""
_PASS = 3500.0
"""Hz: the telephone's band ends at 3400, its sampling at 4000."""
_TAPS = 95
_PAUSE = 30.0
"""A frame so many decibels below the loudest one is pause."""


def telephone(samples: list[float]) -> list[float]:
    """Speech at 16 kHz as an announcement at 8 kHz."""
    silence = [0.0] * MARGIN
    return [*silence, *levelled(_trimmed(_halved(samples))), *silence]


def levelled(samples: list[float]) -> list[float]:
    """The sound as loud as every announcement; it must not be silence."""
    factor = 10 ** ((LEVEL - active_level(samples)) / 20)
    return [_rounded(factor * sample) for sample in samples]


def active_level(samples: list[float]) -> float:
    """dBFS RMS over the 20 ms frames that are not pause; -inf for silence."""
    energies = _energies(samples)
    pause = max(energies, default=0.0) * 10 ** (-_PAUSE / 10)
    active = [energy for energy in energies if energy > pause]
    if not active:
        return -math.inf
    return 10 * math.log10(sum(active) / len(active) / FRAME) - 20 * math.log10(32768)


def ring_tone(level: float = -20.0) -> list[float]:
    """The German ring tone: 425 Hz, 1 s on, 4 s off (ITU-T E.180), faded over 5 ms against clicks."""
    peak, fade = 32768 * 10 ** (level / 20) * math.sqrt(2), RATE // 200
    tone = [peak * min(1.0, n / fade, (RATE - n) / fade) * math.sin(2 * math.pi * 425 * n / RATE) for n in range(RATE)]
    return tone + [0.0] * (4 * RATE)


def _halved(samples: list[float]) -> list[float]:
    """Every second sample, after a low pass (windowed sinc, Blackman)."""
    half = _TAPS // 2
    filter_ = [_tap(n - half, half) for n in range(_TAPS)]
    padded = [0.0] * half + samples + [0.0] * half
    return [
        sum(a * b for a, b in zip(filter_, padded[at : at + _TAPS], strict=True)) for at in range(0, len(samples), 2)
    ]


def _tap(n: int, half: int) -> float:
    cut = _PASS / RATE
    window = 0.42 + 0.5 * math.cos(math.pi * n / (half + 1)) + 0.08 * math.cos(2 * math.pi * n / (half + 1))
    return window * (math.sin(math.pi * cut * n) / (math.pi * n) if n else cut)


def _trimmed(samples: list[float]) -> list[float]:
    energies = _energies(samples)
    pause = max(energies) * 10 ** (-(_PAUSE + 10) / 10)
    loud = [n for n, energy in enumerate(energies) if energy > pause]
    return samples[loud[0] * FRAME : (loud[-1] + 1) * FRAME]


def _energies(samples: list[float]) -> list[float]:
    """The energy of each whole frame of 20 ms."""
    return [sum(s * s for s in samples[a:b]) for a, b in pairwise(range(0, len(samples) + 1, FRAME))]


def _rounded(sample: float) -> float:
    """The sample, bent towards PEAK where it would be louder than the knee."""
    knee, size = _KNEE * PEAK, abs(sample)
    if size <= knee:
        return sample
    return math.copysign(knee + (PEAK - knee) * math.tanh((size - knee) / (PEAK - knee)), sample)
