"""An outbox that is there to be killed: `python -m tests.jobs.dying DATABASE-URL PORT`.

Each line on its standard input lets a fresh process work on the store, whose id is written; once that one is dead, a
second line says so. Forked, for all of it is loaded already then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg  # noqa: F401 - else every fork would load it
import structlog
from sqlalchemy.dialects import postgresql, sqlite  # noqa: F401 - the same

from engine.jobs.outbox import Outbox
from engine.message.states import DeliveryState, Means
from engine.ports.outbox import Handed, Parcel, Planned
from engine.store.database import Database
from engine.store.outbox import StoredOutbox


class ToRecorder:
    """A courier: its other side writes down the key, and then says so."""

    means = Means.MAIL
    at_once = 4
    every = 0.0

    def __init__(self, port: int) -> None:
        self._port = port

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"{parcel.key} {parcel.message}\n".encode())
        assert await reader.readline() == b"ok\n"
        writer.close()
        return Handed(DeliveryState.SENT)

    async def look(self, parcel: Parcel) -> Handed:
        """Never asked for."""
        raise AssertionError(parcel)


async def _nothing(_parcel: Parcel, _now: datetime) -> Sequence[Planned]:
    return ()


async def work(url: str, port: int) -> None:
    """Carry until killed."""
    await Outbox(StoredOutbox(Database(url)), [ToRecorder(port)], lambda: datetime.now(UTC), _nothing).run()


def main() -> None:
    """Until the standard input ends."""
    # Not to the standard output, which is for who kills.
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    url, port = sys.argv[1], int(sys.argv[2])
    for _ in sys.stdin:
        if child := os.fork():
            print(child, flush=True)
            os.waitpid(child, 0)
            print("dead", flush=True)
        else:
            try:
                asyncio.run(work(url, port))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
