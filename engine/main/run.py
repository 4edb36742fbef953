"""`vorzimmer run`: set-up, start, serve until a signal, stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.main import show, where
from engine.main.client import control_socket
from engine.main.engine import Engine
from engine.main.keeper import STOPS
from engine.main.keeping import retention_of
from engine.main.lock import sole_engine
from engine.main.notify_secrets import check
from engine.main.problem import Problem, known
from engine.main.snapshots import snapshot_path
from engine.main.stored import announcements_of, stored, until_there
from engine.main.switch import SwitchProcess
from engine.main.switch_settings import switch_settings
from engine.main.unfinished import close_unfinished
from engine.main.ways_out import begin, outbound_of, prompts_of
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.service.day_over import DayOver
from engine.service.number_classes import load_number_classes
from engine.service.remembered import RememberedCustomers
from engine.settings import Settings
from engine.store.agents import StoredAgents
from engine.store.calls import StoredCalls
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.listing import StoredListing
from engine.web.listening import listen_tcp, listen_unix
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import ARI_USER, ari_password

if TYPE_CHECKING:
    from engine.web.tls import Tls

CALLS_FIRST = 1.0
"""Seconds that the web waits at most until calls are served."""

RESTART = 60.0
"""Seconds without an engine in which agents count as doing what they did: whoever talks goes on talking."""


@contextlib.asynccontextmanager
async def running(settings: Settings, database: Database, journal: StoredJournal) -> AsyncIterator[Engine]:
    """An engine that serves, with its switch and its doors, as long as the context lasts."""
    tls = _tls(settings)
    with (
        listen_tcp(settings.web_host, settings.web_port) as web,
        listen_unix(control_socket(settings.home)) as control,
        _inbound(settings) as inbound,
    ):
        engine = _engine(settings, database, journal)
        engine.kept = await journal.keep_file(settings.home / "run" / "journal")
        _note_gap(engine)
        await journal.flush()
        if engine.outbound:
            await begin(engine.outbound, database, journal)
        engine.exchange.trails_go_on(await close_unfinished(StoredCalls(database), journal, engine.kept.calls))
        engine.process = process = await _switch(settings)
        jobs: list[asyncio.Task[None]] = []
        try:
            if process:
                await process.start(await engine.agents.trunks(), await engine.agents.phones())
            async with asyncio.TaskGroup() as tasks:
                jobs += [tasks.create_task(job) for job in _work(engine, database, (web, tls), control, inbound)]
                try:
                    await engine.wait_until_ready()
                    _spare_the_collector()
                    yield engine
                finally:
                    if not _has_crashed(jobs):
                        await engine.say_goodbye()
                    for job in jobs:
                        job.cancel()
        finally:
            # An error of ours must cost no call, nor a start that failed: an Asterisk that serves, and the journal's
            # file, stay for the engine that comes next.
            in_peace = bool(jobs) and not _has_crashed(jobs)
            if process and in_peace:
                await process.stop()
            if in_peace:
                engine.journal.away(engine.exchange.floor.agents.values(), engine.clock.now())
            await engine.journal.close(in_peace=in_peace)


def _inbound(settings: Settings) -> contextlib.AbstractContextManager[socket.socket | None]:
    """Where mails come back to. Raises PortTaken."""
    if not settings.inbound_port:
        return contextlib.nullcontext()
    return listen_tcp(settings.inbound_host, settings.inbound_port, "inbound")


def _note_gap(engine: Engine) -> None:
    """What agents did is unknown from the last sign of life of an engine that was killed; a short gap is a restart."""
    alive_at, now = engine.kept.alive_at, engine.clock.now()
    if alive_at and (now - alive_at).total_seconds() > RESTART:
        for live in engine.kept.agents.values():
            engine.journal.away([live.agent], max(alive_at, live.agent.since or alive_at))


def _tls(settings: Settings) -> Tls | None:
    """What the web is served with. Raises TlsProblem."""
    if settings.web_tls == "none":
        return None
    from engine.main.own_certificate import tls_of  # here: what makes certificates takes its time to load

    return tls_of(settings)


def _has_crashed(jobs: Iterable[asyncio.Task[None]]) -> bool:
    """Whether one of them has ended by an error that no admin can mend."""
    ended = (job.exception() for job in jobs if job.done() and not job.cancelled())
    return any(problem is not None and not isinstance(problem, known()) for problem in ended)


def _work(
    engine: Engine,
    database: Database,
    web: tuple[socket.socket, Tls | None],
    control: socket.socket,
    inbound: socket.socket | None,
) -> list[Coroutine[None, None, None]]:
    return [
        engine.run(*_ari(engine.settings)),
        engine.watching.run(),
        engine.snapshots.run(),
        engine.lay_out(),
        _prompts(engine),
        *([DayOver(engine.exchange, engine.outbound).run()] if engine.outbound else []),
        _late(engine, database, web, control),
        _retention(engine, database),
        *([_mails_in(engine, database, inbound)] if inbound or engine.settings.imap_host else []),
        *([engine.process.watch(engine.switch_died)] if engine.process else []),
    ]


async def _late(
    engine: Engine, database: Database, web: tuple[socket.socket, Tls | None], control: socket.socket
) -> None:
    """The web, the command line's door, and the outbox: loaded when calls are served; who knocks earlier waits.

    In a thread: the frameworks, the templates and the catalogues take a second, which no call must wait for.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CALLS_FIRST):
            await engine.wait_until_ready()

    doors, faxing, outboxes, notices = [
        await asyncio.to_thread(importlib.import_module, f"engine.main.{name}")
        for name in ("doors", "faxing", "outbox", "notices")
    ]
    engine.fax = await asyncio.to_thread(faxing.fax_courier_of, engine, database)
    stirred = engine.exchange.floor.board.stirred
    outbox = outboxes.outbox_of(engine.settings, database, engine.clock, stirred, engine.fax)
    engine.watching.outbox = outbox.figures
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(doors.open_doors(engine, database, web, control, outbox.wake))
        tasks.create_task(outbox.run())
        tasks.create_task(notices.digests_of(engine.settings, database, engine.clock, outbox.wake).run())


async def _prompts(engine: Engine) -> None:
    """What an engine before this one has left is forgotten first."""
    prompts = prompts_of(engine.settings)
    if prompts and engine.legs_out:
        with contextlib.suppress(OSError):
            await prompts.clear()
        engine.legs_out.prompts = prompts


async def _retention(engine: Engine, database: Database) -> None:
    """Calls first; loaded in a thread, as the web is."""
    await engine.wait_until_ready()
    then = engine.journal.forget_written
    retention = await asyncio.to_thread(retention_of, engine.settings, database, engine.clock, then)
    engine.watching.retention = lambda: retention.last
    await retention.run()


async def _mails_in(engine: Engine, database: Database, listener: socket.socket | None) -> None:
    """Calls first; loaded in a thread, as the web is."""
    await engine.wait_until_ready()
    inbound, outbox = [
        await asyncio.to_thread(importlib.import_module, f"engine.main.{name}") for name in ("inbound", "outbox")
    ]
    stirred = engine.exchange.floor.board.stirred
    reports = outbox.reports_of(database, engine.clock, lambda: engine.watching.outbox, stirred)
    await inbound.receive(engine.settings, reports, listener)


def _engine(settings: Settings, database: Database, journal: StoredJournal) -> Engine:
    clock = SteadyClock()
    classes = load_number_classes(settings.number_classes)
    customers = StoredCustomers(database, classes)
    admission = Admission(
        RememberedCustomers(customers, snapshot_path(settings), clock),
        clock,
        country=settings.country,
        ring_time=settings.ring_time,
        alert_time=settings.alert_time,
        longest_delayed_connect=settings.max_wait,
    )
    return Engine(
        settings,
        StoredAgents(database),
        journal,
        admission,
        clock,
        announcements=announcements_of(settings, database, clock),
        outbound=outbound_of(settings, classes, clock),
    )


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


def _spare_the_collector() -> None:
    """What is loaded now stays for good: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def until_signal(work: Coroutine[None, None, None]) -> None:
    """Do this work until it ends by itself or by Ctrl-C or an order to stop, which is no failure.

    A second Ctrl-C does not hurry it: what ends the processes must not be broken off. Every step of it has its limit.
    """
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for name in STOPS:
        loop.add_signal_handler(name, lambda: task.cancelling() or task.cancel())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def run(settings: Settings, *, patient: bool = False) -> None:
    """Serve until a signal. `patient`: wait for a store that is away, as it was there for the engine before."""
    await until_signal(_serve(settings, patient))


async def _serve(settings: Settings, patient: bool) -> None:
    with sole_engine(settings.home):
        if patient:
            await until_there(settings)
        else:
            check(settings)
        async with stored(settings) as database, running(settings, database, StoredJournal(database)) as engine:
            await where.tell(engine, StoredListing(database))
            show.console.print("\nServing. Ctrl-C stops everything.")
            await asyncio.Event().wait()
