"""The doors of a running engine: the web, and the UNIX socket of the command line.

Rule of this file: loaded late, for calls come first and the web framework takes its time to load.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from engine.main.assets import place
from engine.main.engine import Engine
from engine.main.keeping import persons_of
from engine.main.listening import InstalledSounds
from engine.main.notices import summaries_of, tryouts_of
from engine.main.outbox import reports_of, sms_hook_of
from engine.main.stored import (
    accounts_of,
    blocking_of,
    customers_of,
    days_of,
    desk_of,
    incidents_of,
    leading_of,
    messages_of,
    news_of,
    orders_of,
    people_of,
    phones_of,
    support_of,
)
from engine.main.supervision import RunningSupervision
from engine.main.switch_settings import ice_servers, phones_socket
from engine.main.switchboard import RunningSwitchboard
from engine.main.traces import RunningTraces
from engine.main.ways_out import transfers_of
from engine.message.states import Means
from engine.service.lost_phones import LostPhones
from engine.service.number_classes import load_number_classes
from engine.service.records import live_records
from engine.service.referring import Referring
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.customers import StoredCustomers
from engine.store.database import Database, StoreError
from engine.web.app import public_app
from engine.web.control import control_app
from engine.web.control_fax import add_fax
from engine.web.control_listening import add_listening
from engine.web.control_persons import add_persons
from engine.web.control_transfers import add_transfers
from engine.web.metrics import Metrics
from engine.web.page import Services, Web
from engine.web.server import serve

if TYPE_CHECKING:
    from engine.service.customers import CustomerService
    from engine.web.tls import Tls


log = structlog.get_logger()


def web(engine: Engine, database: Database, tls: Tls | None, wake: Callable[[], None]) -> FastAPI:
    """What the web is; its templates and catalogues take a moment. `wake()`: something is to be delivered."""
    assert engine.announcements is not None
    metrics = Metrics(engine.exchange, engine.clock, engine.watching.around, engine.watching.alarms)
    customers = customers_of(engine.settings, database, engine.clock, engine.snapshots.take_soon)
    _put_through(engine, database, customers)
    messages = messages_of(engine.settings, database, engine.clock, wake)
    floor = RunningSupervision(engine.exchange, engine.clock, engine.listening)
    services = Services(
        accounts=accounts_of(database, engine.clock),
        customers=customers,
        calls=StoredCustomerCalls(database, engine.settings.country),
        messages=messages,
        summaries=summaries_of(database, engine.clock),
        tryouts=tryouts_of(engine.settings, database, engine.clock, _missing(engine), wake),
        sounds=InstalledSounds(engine.settings, engine.process.music if engine.process else None),
        support=support_of(engine.settings, database, engine.clock),
        orders=orders_of(database, engine.clock),
        incidents=incidents_of(engine.settings, database, engine.clock),
        announcements=engine.announcements,
        people=people_of(engine.settings, database, RunningSwitchboard(engine)),
        desk=desk_of(engine.settings, database, floor, customers, messages, engine.clock, engine.transfers),
        leading=leading_of(database, floor, engine.clock),
        days=days_of(engine.settings, database, engine.clock),
        news=news_of(database, engine.clock, engine.exchange.floor.board.stirred),
        blocking=blocking_of(engine.settings, database, customers, engine.clock),
        persons=persons_of(engine.settings, database, engine.clock.now, RunningTraces(engine)),
        phones=phones_of(database, phones_socket(engine.settings), ice_servers(engine.settings)),
        phone_line=_phone_line(engine),
        clock=engine.clock,
        live=lambda customer: live_records(engine.exchange.calls.values(), customer),
        ready=lambda: engine.ready,
    )
    reports = reports_of(database, engine.clock, lambda: engine.watching.outbox, engine.exchange.floor.board.stirred)
    hook = sms_hook_of(engine.settings, reports)
    is_trusted = tls is None or not tls.is_own
    return public_app(services, place(), metrics.text, is_trusted=is_trusted, sms_hook=hook)


def _put_through(engine: Engine, database: Database, customers: CustomerService) -> None:
    """From now on callers can be put through, where this engine dials anybody."""
    if engine.outbound:
        classes = load_number_classes(engine.settings.number_classes)
        numbers = StoredCustomers(database, classes)
        engine.transfers = transfers_of(engine.settings, customers, numbers, engine.outbound, engine.clock, classes)
        engine.referring = Referring(engine.exchange, lambda: engine.transfers)


def _missing(engine: Engine) -> Callable[[], Collection[Means]]:
    """Means that are not set up, as the outbox knows."""
    return lambda: engine.watching.outbox.missing


def _phone_line(engine: Engine) -> LostPhones:
    watched, away_after = lambda: engine.watching.is_watching, engine.settings.browser_away_after
    return LostPhones(engine.exchange, engine.performer, engine.listening, watched, away_after)


async def open_doors(
    engine: Engine,
    database: Database,
    outside: tuple[socket.socket, Tls | None],
    control: socket.socket,
    wake: Callable[[], None],
) -> None:
    """Serve until cancelled: the command line at once, the web when it is loaded, in a thread."""
    listener, tls = outside
    async with asyncio.TaskGroup() as tasks:
        commands = control_app(engine.exchange, engine.clock, engine.facts, engine.reload)
        add_transfers(add_listening(commands, engine.listening), engine.exchange, lambda: engine.transfers)
        add_persons(commands, RunningTraces(engine))
        add_fax(commands, lambda: engine.fax)
        tasks.create_task(serve(commands, control))
        pages = await asyncio.to_thread(web, engine, database, tls, wake)
        tasks.create_task(_expect_phones(pages.state.web))
        tasks.create_task(serve(pages, listener, tls))


async def _expect_phones(web: Web) -> None:
    """Whose browser was the phone of an engine before this one has it open still, or is gone."""
    try:
        web.sockets.expects(await web.phones.agents())
    except (StoreError, DBAPIError) as problem:
        log.warning("browsers_not_expected", why=str(problem).partition("\n")[0])
