"""An ear for SIPp, which hears badly itself: a UDP socket that stands in the SDP and measures what comes in.

Rule of this file: every packet goes back to where it came from, so the other side hears itself as a person would hear
the caller.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pbx.phone import Heard
from pbx.phone.g711 import PCMA, dbfs
from pbx.phone.watch import Watch

_HEADER = 12
_LOUD = -45.0
_PURE = 0.7
"""The share of a tone above which it is that tone and nothing else."""


class Ear(asyncio.DatagramProtocol):
    """Hears G.711 on one port."""

    def __init__(self) -> None:
        self.heard = Heard(time.monotonic)
        self.first_at: datetime | None = None
        """When the first packet came, UTC."""
        self.packets: list[tuple[datetime, bytes]] = []
        """Every packet's sound, and when it came, UTC."""
        self.transport: asyncio.DatagramTransport
        self._watch = Watch()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Called by asyncio."""
        now = datetime.now(UTC)
        self.first_at = self.first_at or now
        self.packets.append((now, data[_HEADER:]))
        self.heard.take(data[1] & 0x7F, data[_HEADER:])
        self.transport.sendto(data, addr)
        self._watch.changed()

    async def hears(self, min_dbfs: float, within: float) -> datetime:
        """Wait for 100 ms of sound at least so loud, begun after now; when that was heard. Raises AssertionError."""
        start = self.heard.next_window()
        heard = await self._watch.until(lambda: self.heard.window_within(start, min_dbfs, 0.0), within)
        assert heard, f"nothing of {min_dbfs} dBFS within {within} s: {self.heard.windows[start:]}"
        return datetime.now(UTC)

    async def hears_tone(self, hz: int, within: float) -> datetime:
        """Wait for the first packet with nothing but this tone; when it came. Raises AssertionError."""
        heard = await self._watch.until(lambda: self.tone_at(hz) is not None, within)
        found = self.tone_at(hz)
        assert heard and found, f"no tone of {hz} Hz within {within} s in {len(self.packets)} packets"
        return found

    def tone_at(self, hz: int) -> datetime | None:
        """When the first packet with nothing but this tone came."""
        return next((at for at, sound in self.packets if is_tone(sound, hz)), None)


def is_tone(sound: bytes, hz: int) -> bool:
    """Whether these A-law samples are this tone, loud and pure."""
    return dbfs(PCMA.energy(sound), len(sound)) > _LOUD and PCMA.tone_share(sound, hz) > _PURE


@asynccontextmanager
async def an_ear() -> AsyncIterator[Ear]:
    """An ear at a free port of 127.0.0.1."""
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(Ear, local_addr=("127.0.0.1", 0))
    ear.transport = transport
    try:
        yield ear
    finally:
        transport.close()
