"""Keeps the snapshot young: the safety net, and an engine whose store is away, live on it.

Rule of this file: it is taken in a process of its own, which is nice to others, for a hundred thousand customers must
not make the engine stutter. A snapshot that cannot be taken leaves the old one where it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import structlog

from engine.main.switch_settings import announced_from
from engine.ports import Trunk
from engine.service.number_classes import load_number_classes
from engine.settings import Settings
from engine.snapshot import About, Emergency
from engine.store.agents import StoredAgents
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.snapshot import take as take_from
from engine.terms import E164
from pbx.runtime.endpoints import trunk_endpoint_id
from pbx.runtime.net import place_for_snapshot
from pbx.runtime.settings import SwitchSettings

log = structlog.get_logger()
EVERY = 3600.0
"""Seconds after which a snapshot is taken anew, whoever changed the store."""

LINGERS = 60.0
"""Seconds for which whoever takes them waits for the next order: somebody who changes something changes more."""

REST = 2.0
"""How many times as long as it took nobody takes the next one: customers save all day."""


def snapshot_path(settings: Settings) -> Path:
    """Where this installation has its snapshot."""
    return SwitchSettings(settings.home).snapshot


async def take(settings: Settings, database: Database) -> None:
    """Take a snapshot now. Raises StoreError, OSError, BadClassTable, BadSetting."""
    path, owner = place_for_snapshot(SwitchSettings(settings.home))
    customers = StoredCustomers(database, load_number_classes(settings.number_classes))
    trunks = await StoredAgents(database).trunks()
    with _sole_writer(path):
        await take_from(customers, _about(settings, trunks), path, owner)


def _about(settings: Settings, trunks: Iterable[Trunk]) -> About:
    sounds = str(announced_from(settings))
    emergency = _emergency(settings, {trunk.name: trunk for trunk in trunks})
    return About(datetime.now(UTC), settings.country, settings.max_wait, settings.language, sounds, emergency)


def _emergency(settings: Settings, trunks: dict[str, Trunk]) -> Emergency | None:
    number, name, shows = settings.emergency_number, settings.emergency_trunk, settings.emergency_shows
    if not (number and name and shows):
        return None
    host = carrier(trunks[name]) if name in trunks else None
    if host is None:
        mend = "name a trunk that registers, or one that matches a single address"
        log.error("emergency_trunk_of_no_use", trunk=name, mend=mend)
        return None
    uri = f"sip:{number}@{host}"
    return Emergency(E164(number), trunk_endpoint_id(name), uri, E164(shows), settings.emergency_after)


def carrier(trunk: Trunk) -> str | None:
    """Where the carrier takes calls, as it stands after the `@` of a SIP URI; None if the trunk does not tell."""
    if trunk.registrar:
        return trunk.registrar.partition(":")[2].rpartition("@")[2]
    if len(trunk.match) != 1 or "/" in trunk.match[0]:
        return None
    return f"[{trunk.match[0]}]" if ":" in trunk.match[0] else trunk.match[0]


@contextlib.contextmanager
def _sole_writer(path: Path) -> Iterator[None]:
    """Wait until nobody else takes one: the younger one is to stay."""
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Snapshots:
    """Takes one at the start, when asked, and every hour; and leaves the machine to others in between."""

    def __init__(self) -> None:
        """The first one is due as soon as it runs."""
        self._due = asyncio.Event()
        self._due.set()

    def take_soon(self) -> None:
        """Something has changed."""
        self._due.set()

    async def run(self) -> None:
        """Take snapshots until cancelled."""
        taker = _Taker()
        try:
            while True:
                if not await self._is_due_within(LINGERS):
                    await taker.go()
                    await self._is_due_within(EVERY - LINGERS)
                self._due.clear()
                began = time.monotonic()
                if code := await taker.take():
                    log.error("snapshot_failed", exit_code=code, mend="see above; the last one stays in use")
                await asyncio.sleep(REST * (time.monotonic() - began))
        finally:
            await taker.kill()

    async def _is_due_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._due.wait()
        return False


class _Taker:
    """`vorzimmer snapshot --for-each-line`: loading what it needs takes longer than most snapshots, so it lingers."""

    def __init__(self) -> None:
        self._child: Process | None = None

    async def take(self) -> int:
        """Its exit code if it could not, else 0."""
        if self._child is None or self._child.returncode is not None:
            self._child = await _begun()
        child = self._child
        assert child.stdin
        assert child.stdout
        child.stdin.write(b"\n")
        if await child.stdout.readline():
            return 0
        return await child.wait() or 1

    async def go(self) -> None:
        """It is not needed for a while."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            await self._child.wait()
        self._child = None

    async def kill(self) -> None:
        """Whatever it is at."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()


async def _begun() -> Process:
    program = "from engine.main import main; main()"
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", program, "snapshot", "--for-each-line", stdin=PIPE, stdout=PIPE
    )
