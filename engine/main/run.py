"""`vorzimmer run`: set-up, start, serve until a signal, stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from engine.main.engine import Engine, control_socket
from engine.main.lock import sole_engine
from engine.main.stored import stored
from engine.main.switch import SwitchProcess, switch_settings
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.service.number_classes import load_number_classes
from engine.settings import Settings
from engine.store.agents import StoredAgents
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.web.app import public_app
from engine.web.control import control_app
from engine.web.server import listen_tcp, listen_unix, serve
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import ARI_USER, ari_password

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def running(settings: Settings, database: Database, journal: StoredJournal) -> AsyncIterator[Engine]:
    """An engine that serves, with its switch and its doors, as long as the context lasts."""
    with (
        listen_tcp(settings.web_host, settings.web_port) as web,
        listen_unix(control_socket(settings.home)) as control,
    ):
        engine = _engine(settings, database, journal)
        process = await _switch(settings)
        engine.process = process
        if process:
            await process.start(await engine.agents.trunks(), await engine.agents.phones())
        work = [
            engine.run(*_ari(settings)),
            serve(public_app(engine.exchange, engine.clock, lambda: engine.ready), web),
            serve(control_app(engine.exchange, engine.clock, engine.facts, engine.reload), control),
            *([process.watch()] if process else []),
        ]
        try:
            async with asyncio.TaskGroup() as tasks:
                jobs = [tasks.create_task(job) for job in work]
                yield engine
                await engine.say_goodbye()
                for job in jobs:
                    job.cancel()
        finally:
            if process:
                await process.stop()
            await engine.journal.close()


def _engine(settings: Settings, database: Database, journal: StoredJournal) -> Engine:
    clock = SteadyClock()
    admission = Admission(
        StoredCustomers(database, load_number_classes(settings.number_classes)),
        clock,
        country=settings.country,
        ring_time=settings.ring_time,
        alert_time=settings.alert_time,
        longest_delayed_connect=settings.max_wait,
    )
    return Engine(settings, StoredAgents(database), journal, admission, clock)


async def _switch(settings: Settings) -> SwitchProcess | None:
    if settings.switch == "external":
        return None
    return SwitchProcess(await Asterisk.prepare(switch_settings(settings)))


def _ari(settings: Settings) -> tuple[str, str, str]:
    if settings.switch == "external":
        return (
            settings.ari_url,
            settings.ari_user,
            Path(settings.ari_password_file).read_text("utf-8").strip(),
        )
    return switch_settings(settings).ari_url, ARI_USER, ari_password(settings.home)


async def until_signal() -> None:
    """Wait for Ctrl-C or an order to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


async def run(settings: Settings) -> None:
    """Serve until a signal."""
    with sole_engine(settings.home):
        async with stored(settings) as database, running(settings, database, StoredJournal(database)) as engine:
            log.info("serving", **engine.facts())
            await until_signal()
