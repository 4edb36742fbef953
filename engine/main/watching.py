"""The monitor's place in the engine: what it sees goes to the exchange, to the alarms and to the figures.

Rule of this file: composition only; nothing here may end the engine or hold up a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NoReturn

import structlog

from engine.main.switch_settings import switch_settings
from engine.ports.keeping import NightReport
from engine.service.alarms import Alarms, wrong
from engine.service.exchange import Exchange
from engine.service.outbox_figures import OutboxFigures
from engine.service.surroundings import Surroundings
from engine.settings import Settings
from engine.store.journal import StoredJournal
from pbx.ari import AriLink, Counters
from pbx.monitor import Link, Monitor, Seen
from pbx.monitoring.reading import Report
from pbx.runtime.secret_files import AMI_USER, ami_password
from pbx.runtime.settings import AMI_HOST

log = structlog.get_logger()
LOOK = 1.0
"""Seconds between two looks for alarms."""


class Watching:
    """Monitor and alarms. `link()`: the link to the switch, if any; `ready()`: whether calls can be taken."""

    def __init__(
        self,
        settings: Settings,
        exchange: Exchange,
        journal: StoredJournal,
        link: Callable[[], AriLink | None],
        ready: Callable[[], bool],
    ) -> None:
        """Not watching yet."""
        self.alarms = Alarms()
        self.outbox = OutboxFigures()
        """Of the engine's outbox, once there is one."""
        self.retention: Callable[[], NightReport | None] = lambda: None
        """What was forgotten the last time, once it is known."""
        self._settings, self._exchange, self._journal = settings, exchange, journal
        self._link, self._ready = link, ready
        self._monitor: Monitor | None = None

    @property
    def seen(self) -> Seen:
        """What the monitor knows."""
        return self._monitor.seen if self._monitor else Seen(Link.OFF)

    @property
    def is_watching(self) -> bool:
        """Whether it is told which phone has registered."""
        return self.seen.link is Link.WATCHING

    def is_away(self, trunk: str) -> bool:
        """Whether this trunk's carrier was asked and does not answer."""
        return trunk in self.seen.away

    def around(self) -> Surroundings:
        """This moment, beside the exchange."""
        seen, link = self.seen, self._link()
        return Surroundings(
            ready=self._ready(),
            link=link.counters if link else Counters(),
            monitor=str(seen.link),
            trunks=seen.trunks,
            away=frozenset(seen.away),
            tasks_alerted=seen.tasks.alerted,
            tasks_longest=seen.tasks.longest,
            backlog=self._journal.waiting,
            outbox=self.outbox,
            retention=self.retention(),
        )

    def look_again(self) -> None:
        """Agents, phones or trunks were changed."""
        if self._monitor:
            self._monitor.look_again()

    async def run(self) -> None:
        """Watch until cancelled; the switch has been started."""
        async with asyncio.TaskGroup() as tasks:
            if self._settings.switch != "external":
                self._monitor = self._made()
                tasks.create_task(self._monitor.run(), name="monitor")
            tasks.create_task(self._judge(), name="alarms")

    def _made(self) -> Monitor:
        address = (AMI_HOST, switch_settings(self._settings).ami_port)
        password = ami_password(self._settings.home)
        return Monitor(address, AMI_USER, password, self._exchange.phone_reachable, self._measured)

    def _measured(self, report: Report) -> None:
        if report.call in self._exchange.calls:
            side = (report.channel, report.towards_us)
            trip = None if report.rtt_ms is None else report.rtt_ms / 1000
            self._exchange.figures.voice.measured(report.call, side, report.jitter_ms / 1000, report.loss, trip)

    async def _judge(self) -> NoReturn:
        while True:
            await asyncio.sleep(LOOK)
            try:
                self.alarms.judge(wrong(self._exchange, self.around()), asyncio.get_running_loop().time())
            except Exception:
                log.exception("alarms_failed")
