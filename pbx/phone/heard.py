"""What a phone hears: packets counted, loudness per 100 ms, the last minute kept for a closer look.

Rule: time is the arrival time; a window in which nothing arrived is None, which is not the same as silence.
"""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

from pbx.phone.g711 import LAWS, PCMA, RATE, Law, dbfs

WINDOW = 0.1
"""Seconds of one level window."""
EVENTS = 101
"""The payload type of digits, as `sdp` offers it."""
DIGITS = "0123456789*#ABCD"
"""By their number (RFC 4733 § 3.2)."""
KEPT = 60 * RATE
"""Bytes of sound kept: the last minute."""


class Heard:
    """The sound received in one call."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.packets = 0
        """Sound packets received so far."""
        self.first_at: float | None = None
        """When the first one arrived, by the clock."""
        self.last_at: float | None = None
        self.digits = ""
        """What the other side has dialled in the call so far."""
        self._digit_ends = False
        self._energy: list[float] = []
        self._samples: list[int] = []
        self._audio = bytearray()
        self.received = 0
        """Bytes of sound received so far: a place in it, for `piece`."""
        self.law = PCMA

    def take(self, payload_type: int, payload: bytes) -> None:
        """Measure the payload of one RTP packet; other than G.711 sound and digits is ignored."""
        if payload_type == EVENTS and len(payload) >= 4:
            return self._dial(payload)
        law = LAWS.get(payload_type)
        if law is None or not payload:
            return
        now = self._clock()
        self.first_at = now if self.first_at is None else self.first_at
        self.last_at = now
        self.packets += 1
        self._measure(law, payload, int((now - self.first_at) / WINDOW))
        self._keep(law, payload)

    def _dial(self, event: bytes) -> None:
        """A digit counts once, at the first of the packets that say that it ends (RFC 4733 § 2.5.1.4)."""
        ends = bool(event[1] & 0x80)
        if ends and not self._digit_ends and event[0] < len(DIGITS):
            self.digits += DIGITS[event[0]]
        self._digit_ends = ends

    def _measure(self, law: Law, payload: bytes, index: int) -> None:
        missing = index + 1 - len(self._samples)
        self._energy.extend([0.0] * missing)
        self._samples.extend([0] * missing)
        self._energy[-1] += law.energy(payload)
        self._samples[-1] += len(payload)

    def _keep(self, law: Law, payload: bytes) -> None:
        self.law = law
        self._audio += payload
        self.received += len(payload)
        if len(self._audio) > 2 * KEPT:
            del self._audio[:-KEPT]

    @property
    def windows(self) -> list[float | None]:
        """dBFS of every complete 100 ms since the first packet; None where nothing arrived."""
        pairs = zip(self._energy[:-1], self._samples[:-1], strict=True)
        return [dbfs(energy, samples) if samples else None for energy, samples in pairs]

    def next_window(self) -> int:
        """Index in `windows` of the first 100 ms that begin after now."""
        return 0 if self.first_at is None else int((self._clock() - self.first_at) / WINDOW) + 1

    def window_within(self, start: int, low: float, high: float) -> bool:
        """Whether a complete window from index `start` on lies between the levels."""
        return any(level is not None and low <= level <= high for level in self.windows[start:])

    def level(self, last: float = 0.5) -> float:
        """dBFS of what was heard during the last so many seconds; -inf if nothing arrived."""
        start = max(0, self.next_window() - max(1, round(last / WINDOW)))
        return dbfs(sum(self._energy[start:]), sum(self._samples[start:]))

    def tone_share(self, hz: float, last: float = 0.2) -> float:
        """Which share (0 … 1) of the sound of the last so many seconds is a tone of `hz`."""
        return self.law.tone_share(bytes(self._audio[-round(last * RATE) :]), hz)

    def piece(self, start: int, seconds: float) -> bytes | None:
        """So many seconds of the sound from place `start` on; None until all of it is there.

        Raises IndexError for what is no longer kept.
        """
        length, begin = round(seconds * RATE), start - self.received + len(self._audio)
        if begin < 0:
            raise IndexError(f"place {start} is more than {KEPT // RATE} s ago")
        return bytes(self._audio[begin : begin + length]) if start + length <= self.received else None

    @property
    def audio(self) -> bytes:
        """What was received in the last minute, as it was sent: A-law or µ-law."""
        return bytes(self._audio[-KEPT:])

    def save_wav(self, path: Path) -> None:
        """Write the last minute as a WAV file (8 kHz, 16 bit, mono)."""
        samples = [self.law.decoded[byte] for byte in self._audio[-KEPT:]]
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
