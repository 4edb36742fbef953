"""Timers: each fires once, a stopped one never."""

from __future__ import annotations

import asyncio

import pytest

from pbx.timers import LoopTimers


class Told:
    """What fired, and a wait for it."""

    def __init__(self) -> None:
        self.timers = LoopTimers()
        self.timers.fired = self._fired
        self.fired: list[tuple[str, str]] = []
        self._last = asyncio.Event()

    def _fired(self, owner: str, name: str) -> None:
        self.fired.append((owner, name))
        if name == "last":
            self._last.set()

    async def until_last(self) -> list[tuple[str, str]]:
        """Everything that fires before a timer of 50 ms does."""
        self.timers.start("test", "last", 0.05)
        async with asyncio.timeout(5):
            await self._last.wait()
        return self.fired


async def test_each_fires_once_in_the_order_of_time() -> None:
    told = Told()
    told.timers.start("b", "ring", 0.02)
    told.timers.start("a", "ring", 0.01)
    assert await told.until_last() == [("a", "ring"), ("b", "ring"), ("test", "last")]
    assert len(told.timers) == 0


async def test_started_again_it_fires_once() -> None:
    told = Told()
    told.timers.start("a", "ring", 0.01)
    told.timers.start("a", "ring", 0.02)
    assert await told.until_last() == [("a", "ring"), ("test", "last")]


async def test_stopped_it_never_fires() -> None:
    told = Told()
    for name in ("ring", "alert", "announce"):
        told.timers.start("a", name, 0.01)
    told.timers.start("b", "ring", 0.01)
    told.timers.stop("a", "ring")
    told.timers.stop("a", "ring")
    told.timers.stop("c", "ring")
    told.timers.stop_all("b")
    assert sorted(await told.until_last()) == [("a", "alert"), ("a", "announce"), ("test", "last")]


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
async def test_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="is no time to wait"):
        LoopTimers().start("a", "ring", seconds)


async def test_a_timer_without_a_listener_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="before anybody listened"):
        LoopTimers().fired("a", "ring")
