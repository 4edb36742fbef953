"""A TCP proxy that does to a connection what networks do: cut, freeze, delay, split into small pieces."""

from __future__ import annotations

import asyncio
from types import TracebackType


class FaultProxy:
    """Forwards `port` on loopback to `target`. Faults apply to open and new connections alike."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self.delay = 0.0
        """Seconds that every piece is late, each way."""
        self.piece = 65536
        """Longest piece that is passed on at once, in bytes."""
        self.accepted = 0
        self._target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._sides: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> FaultProxy:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.refuse()

    async def refuse(self) -> None:
        """Take no connections any more, and cut those that are open."""
        self._server.close()
        self.thaw()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Reset every open connection, at both ends."""
        for side in self._sides:
            side.transport.abort()

    def freeze(self) -> None:
        """Nothing gets through any more, and nobody is told (half-open)."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let everything through again, what was held back first."""
        self._flowing.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        there, here = await asyncio.open_connection("127.0.0.1", self._target)
        self._sides |= {writer, here}
        await asyncio.gather(self._pump(reader, here), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(self.piece):
                await asyncio.sleep(self.delay)
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            self._sides.discard(writer)
