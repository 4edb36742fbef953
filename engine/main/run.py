"""`vorzimmer run`: set-up, start, serve until a signal, stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

from engine.main import show, where
from engine.main.client import control_socket
from engine.main.engine import Engine
from engine.main.lock import sole_engine
from engine.main.problem import Problem
from engine.main.stored import stored
from engine.main.switch import SwitchProcess, switch_settings
from engine.main.unfinished import close_unfinished
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.service.number_classes import load_number_classes
from engine.settings import Settings
from engine.store.agents import StoredAgents
from engine.store.calls import StoredCalls
from engine.store.catalogue import StoredCatalogue
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.web.app import public_app
from engine.web.control import control_app
from engine.web.server import listen_tcp, listen_unix, serve
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import ARI_USER, ari_password


@contextlib.asynccontextmanager
async def running(settings: Settings, database: Database, journal: StoredJournal) -> AsyncIterator[Engine]:
    """An engine that serves, with its switch and its doors, as long as the context lasts."""
    with (
        listen_tcp(settings.web_host, settings.web_port) as web,
        listen_unix(control_socket(settings.home)) as control,
    ):
        engine = _engine(settings, database, journal)
        engine.exchange.trails_go_on(await close_unfinished(StoredCalls(database), journal))
        process = await _switch(settings)
        engine.process = process
        try:
            if process:
                await process.start(await engine.agents.trunks(), await engine.agents.phones())
            async with asyncio.TaskGroup() as tasks:
                jobs = [tasks.create_task(job) for job in _work(engine, web, control)]
                try:
                    await engine.wait_until_ready()
                    yield engine
                finally:
                    await engine.say_goodbye()
                    for job in jobs:
                        job.cancel()
        finally:
            if process:
                await process.stop()
            await engine.journal.close()


def _work(engine: Engine, web: socket.socket, control: socket.socket) -> list[Coroutine[None, None, None]]:
    return [
        engine.run(*_ari(engine.settings)),
        serve(public_app(engine.exchange, engine.clock, lambda: engine.ready), web),
        serve(control_app(engine.exchange, engine.clock, engine.facts, engine.reload), control),
        *([engine.process.watch()] if engine.process else []),
    ]


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
    if settings.switch != "external":
        return switch_settings(settings).ari_url, ARI_USER, ari_password(settings.home)
    try:
        password = Path(settings.ari_password_file).read_text("utf-8").strip()
    except OSError as problem:
        raise Problem(f"ari_password_file {settings.ari_password_file} cannot be read: {problem.strerror}") from None
    return settings.ari_url, settings.ari_user, password


async def until_signal(work: Coroutine[None, None, None]) -> None:
    """Do this work until it ends by itself or by Ctrl-C or an order to stop, which is no failure.

    A second Ctrl-C does not hurry it: what ends the processes must not be broken off. Every step of it has its limit.
    """
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, lambda: task.cancelling() or task.cancel())
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def run(settings: Settings) -> None:
    """Serve until a signal."""
    await until_signal(_serve(settings))


async def _serve(settings: Settings) -> None:
    with sole_engine(settings.home):
        async with stored(settings) as database, running(settings, database, StoredJournal(database)) as engine:
            where.tell(engine, await StoredCatalogue(database).load())
            show.console.print("\nServing. Ctrl-C stops everything.")
            await asyncio.Event().wait()
