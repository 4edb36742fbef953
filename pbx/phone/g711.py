"""G.711 (A-law and µ-law) by table, and how loud it is.

Rule: levels are RMS in dBFS, 0 dBFS being a square wave at 32768, so a full-scale sine has -3.0.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

RATE = 8000
"""Samples per second; one byte each."""
FRAME = 160
"""Samples in one RTP packet of 20 ms."""


def _alaw(byte: int) -> int:
    byte ^= 0x55
    exponent, mantissa = byte >> 4 & 7, byte & 15
    size = (mantissa << 4) + 8 if exponent == 0 else (mantissa << 4) + 0x108 << exponent - 1
    return size if byte & 0x80 else -size


def _ulaw(byte: int) -> int:
    byte ^= 0xFF
    size = ((byte & 15) << 3) + 0x84 << (byte >> 4 & 7)
    return 0x84 - size if byte & 0x80 else size - 0x84


class Law:
    """One of the two laws: 16-bit samples to bytes and back."""

    def __init__(self, name: str, payload_type: int, decoded: Sequence[int]) -> None:
        self.name = name
        self.payload_type = payload_type
        """RTP payload type (RFC 3551 § 6)."""
        self.decoded = tuple(decoded)
        self._squares = tuple(float(v * v) for v in decoded)
        pairs = sorted((value, byte) for byte, value in enumerate(decoded))
        values = [v for v, _ in pairs]
        self._middles = [(a + b) / 2 for a, b in pairwise(values)]
        self._bytes = [b for _, b in pairs]
        self.silence = self.encode([0])[0]

    def encode(self, samples: Iterable[float]) -> bytes:
        """The nearest byte for each sample (-32768 … 32767; louder ones are clipped)."""
        return bytes(self._bytes[bisect_left(self._middles, sample)] for sample in samples)

    def energy(self, audio: bytes) -> float:
        """The sum of the squares of the samples."""
        return sum(map(self._squares.__getitem__, audio))

    def tone_share(self, audio: bytes, hz: float) -> float:
        """Which share of the sound (0 … 1) is a tone of `hz`, by Goertzel's algorithm; 0.0 for no sound."""
        total, turn = self.energy(audio), 2 * math.cos(2 * math.pi * hz / RATE)
        before = older = 0.0
        for byte in audio:
            before, older = self.decoded[byte] + turn * before - older, before
        power = before * before + older * older - turn * before * older
        return min(1.0, 2 * power / (len(audio) * total)) if total else 0.0


PCMA = Law("PCMA", 8, [_alaw(b) for b in range(256)])
PCMU = Law("PCMU", 0, [_ulaw(b) for b in range(256)])
LAWS = {law.payload_type: law for law in (PCMA, PCMU)}


def dbfs(energy: float, samples: int) -> float:
    """RMS level of `samples` samples with this energy; -inf for none."""
    return 10 * math.log10(energy / samples) - 20 * math.log10(32768) if energy and samples else -math.inf


def tone(hz: int, level: float, seconds: int = 1) -> list[float]:
    """A sine of `hz` (a whole number, so that it loops without a click) at `level` dBFS RMS."""
    peak = 32768 * 10 ** (level / 20) * math.sqrt(2)
    return [peak * math.sin(2 * math.pi * hz * n / RATE) for n in range(RATE * seconds)]
