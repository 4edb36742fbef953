"""Who takes the snapshots: one process for many of them, that is there while it is needed and no longer."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from engine.main import snapshots
from engine.main.snapshots import Snapshots
from engine.snapshot import NoSnapshot, opened
from engine.store.database import Database
from engine.terms import E164
from pbx.runtime.settings import SwitchSettings
from tests.catalogue import FIRST, service_on
from tests.stories.installation import VORZIMMER, Installation, eventually

OTHER = "+4930123459"


@asynccontextmanager
async def taking(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Installation, Snapshots]]:
    """Beside a store in which there is a customer; nobody is left afterwards."""
    own = Installation(home)
    for name, value in own.environment.items():
        monkeypatch.setenv(name, value)
    assert (await own.vorzimmer("init"))[0] == 0
    due = Snapshots()
    monkeypatch.setattr(snapshots, "REST", 0.0)
    task = asyncio.create_task(due.run())
    try:
        yield own, due
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert own.processes() == []


async def has(own: Installation, text: str) -> None:
    """The store, and nothing besides."""
    database = Database(f"sqlite:///{own.home}/vorzimmer.db")
    try:
        await service_on(database).import_text(text, replace=True)
    finally:
        await database.close()


async def holds(own: Installation, number: str) -> None:
    """Wait until the snapshot has this access number."""

    async def look() -> bool:
        with suppress(NoSnapshot), opened(SwitchSettings(own.home).snapshot) as found:
            return found.customer(E164(number)) is not None
        return False

    await eventually(look, f"the snapshot has {number}")


def children() -> list[int]:
    """Who takes them now."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()]


async def test_one_process_takes_them_and_another_if_it_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(children())
    async with taking(tmp_path, monkeypatch) as (own, due):
        await has(own, FIRST)
        due.take_soon()
        await holds(own, "+4930123450")
        (first,) = set(children()) - before
        await has(own, FIRST.replace("+4930123450", OTHER))
        due.take_soon()
        await holds(own, OTHER)
        assert set(children()) - before == {first}
        os.kill(first, 9)

        async def is_gone() -> bool:
            return first not in children()

        await eventually(is_gone, "it is gone")
        await has(own, FIRST)
        due.take_soon()
        await holds(own, "+4930123450")
        (second,) = set(children()) - before
        assert second != first


async def test_nobody_stays_for_it_when_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "LINGERS", 0.05)
    async with taking(tmp_path, monkeypatch) as (own, due):

        async def nobody() -> bool:
            return SwitchSettings(own.home).snapshot.exists() and own.processes() == []

        await eventually(nobody, "whoever has taken it goes")
        await has(own, FIRST)
        due.take_soon()
        await holds(own, "+4930123450")


async def test_whoever_takes_one_for_an_engine_that_is_killed_goes_without_a_word(tmp_path: Path) -> None:
    own = Installation(tmp_path)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        child = await asyncio.create_subprocess_exec(
            VORZIMMER, "snapshot", "--for-each-line", env=own.environment, stdin=PIPE, stdout=writing, stderr=PIPE
        )
    finally:
        os.close(writing)
    _, complaints = await child.communicate(b"\n")
    assert (child.returncode, complaints) == (0, b"")
    assert SwitchSettings(own.home).snapshot.exists()
