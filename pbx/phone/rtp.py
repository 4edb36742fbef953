"""The sound of one call: an RTP socket (RFC 3550) that sends a tone or silence and measures what comes.

Rule: it sends one packet every 20 ms from the moment the other side's address is known until it is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
from collections.abc import Callable
from functools import cache
from time import monotonic

from pbx.phone.g711 import FRAME, PCMA, Law, tone
from pbx.phone.heard import DIGITS, EVENTS, Heard
from pbx.phone.sdp import Remote

_TICK = 0.02
_LEVEL = -26.0
"""dBFS of the tone that is sent."""
_VERSION = 0x80
_HEADER = 12
_PRESSED, _PARTS, _VOLUME = 320, 4, 10
"""A digit: units of 1/8000 s in a part of it, its parts, and dBm0 below zero."""


@cache
def _voice(hz: int | None, law: Law) -> bytes:
    """One second of the tone, or one frame of silence: a whole number of frames, sent round and round."""
    return law.encode(tone(hz, _LEVEL)) if hz else bytes([law.silence]) * FRAME


class Sound:
    """One RTP socket on `host`. `hz`: the tone to send; None = silence."""

    def __init__(self, host: str, hz: int | None, arrived: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket, self._receive)
        self._arrived = arrived
        self._hz = hz
        self._remote: Remote | None = None
        self._voice = _voice(hz, PCMA)
        self._stream = secrets.randbits(32)
        self._sent = self._number = 0
        """Frames of sound, and packets of any kind."""
        self._timer: asyncio.TimerHandle | None = None
        self.port: int = self._socket.getsockname()[1]
        self.heard = Heard(monotonic)

    def connect(self, remote: Remote) -> None:
        """Send to this address from now on (again after a re-INVITE)."""
        self._voice = _voice(self._hz, remote.law)
        self._remote = remote
        if self._timer is None and not self.closed:
            self._send(self._loop.time())

    @property
    def closed(self) -> bool:
        """Whether the socket is closed."""
        return self._socket.fileno() < 0

    def close(self) -> None:
        """Stop sending and listening; what was heard stays."""
        if self._timer:
            self._timer.cancel()
        if not self.closed:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def press(self, key: str) -> None:
        """Send a digit of 160 ms (RFC 4733 § 2.5). Raises ValueError for what is no key."""
        number, began = DIGITS.index(key.upper()), self._sent * FRAME
        parts = [(_PRESSED * part, part == _PARTS) for part in (1, _PARTS, _PARTS, _PARTS)]
        for place, (duration, ends) in enumerate(parts):
            event = struct.pack("!BBH", number, 0x80 | _VOLUME if ends else _VOLUME, duration)
            self._packet(EVENTS | (0x80 if place == 0 else 0), began, event)

    def _packet(self, payload_type: int, at: int, payload: bytes) -> None:
        if (remote := self._remote) is None:
            return
        header = struct.pack("!BBHII", _VERSION, payload_type, self._number & 0xFFFF, at & 0xFFFFFFFF, self._stream)
        self._number += 1
        # A full buffer or a vanished peer is a lost packet; loss is for the other side to measure.
        with contextlib.suppress(OSError):
            self._socket.sendto(header + payload, (remote.host, remote.port))

    def _send(self, due: float) -> None:
        """Send one packet and order the next by the clock, so that lateness does not add up."""
        self._timer = self._loop.call_at(due + _TICK, self._send, due + _TICK)
        remote = self._remote
        if remote is None or not remote.wants_sound:
            return
        at = self._sent * FRAME
        start = at % len(self._voice)
        self._sent += 1
        self._packet(remote.law.payload_type, at, self._voice[start : start + FRAME])

    def _receive(self) -> None:
        try:
            packet = self._socket.recv(2048)
        except OSError:
            return
        if len(packet) > _HEADER and packet[0] & 0xC0 == _VERSION:
            sources = 4 * (packet[0] & 0x0F)
            self.heard.take(packet[1] & 0x7F, packet[_HEADER + sources :])
            self._arrived()
