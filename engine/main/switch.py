"""The Asterisk that this installation runs: started with the engine, started again if it dies, stopped with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from engine.ports import Phone, Trunk
from pbx.runtime.asterisk import Asterisk, SwitchProblem

log = structlog.get_logger()
RESTARTS = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the next try, the last one for ever."""


class SwitchProcess:
    """An Asterisk under our care."""

    def __init__(self, asterisk: Asterisk) -> None:
        """Not started yet."""
        self._asterisk = asterisk
        self._trunks: Sequence[Trunk] = ()
        self._phones: Sequence[Phone] = ()

    @property
    def description(self) -> str:
        """Which Asterisk it is."""
        return f"Asterisk {'.'.join(map(str, self._asterisk.installed.version))}"

    @property
    def music(self) -> Path:
        """The directory of the music that comes with it, in A-law."""
        return self._asterisk.default_music

    async def start(self, trunks: Sequence[Trunk], phones: Sequence[Phone]) -> None:
        """Start it, or take over the one that runs. Raises BadSetting, SwitchProblem."""
        self._trunks, self._phones = trunks, phones
        taken_over = await self._asterisk.start(trunks, phones)
        if self._asterisk.runs_as_root:
            log.warning("asterisk_runs_as_root", mend="make a user 'asterisk', or start as an ordinary user")
        log.info("asterisk_started", taken_over=taken_over, version=self.description)

    async def reload(self, trunks: Sequence[Trunk], phones: Sequence[Phone]) -> None:
        """Make changed trunks and phones known; calls go on."""
        self._trunks, self._phones = trunks, phones
        await self._asterisk.reload(trunks, phones)

    async def watch(self, died: Callable[[], None]) -> None:
        """Start it again whenever it ends, until cancelled; `died()` is told first."""
        while True:
            await self._asterisk.ended()
            died()
            log.error("asterisk_ended", mend=f"see {self._asterisk.settings.log}")
            await self._start_again()

    async def _start_again(self) -> None:
        for attempt in range(1_000_000):
            await asyncio.sleep(RESTARTS[min(attempt, len(RESTARTS) - 1)])
            try:
                await self._asterisk.start(self._trunks, self._phones)
            except SwitchProblem as problem:
                log.error("asterisk_does_not_start", problem=str(problem))
            else:
                log.info("asterisk_started_again")
                return

    async def stop(self) -> None:
        """End it."""
        await self._asterisk.stop()
