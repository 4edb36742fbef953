"""The store and what works on it, opened for a command or for the engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError

from engine.service.catalogue import CatalogueService
from engine.service.customer_rules import Installation
from engine.service.number_classes import load_number_classes
from engine.settings import Settings
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database, StoreError
from engine.store.schema import upgrade
from pbx.runtime.settings import SwitchSettings
from pbx.runtime.sounds import announcements, music

if TYPE_CHECKING:
    from engine.law.classes import ClassTable
    from engine.ports import Clock
    from engine.ports.desk import Desks
    from engine.ports.people import Switchboard
    from engine.ports.phones import IceServer
    from engine.ports.supervision import Supervision
    from engine.service.accounts import Accounts
    from engine.service.announcements import Announcements
    from engine.service.blocking import Blocking
    from engine.service.browser_phones import BrowserPhones
    from engine.service.customers import CustomerService
    from engine.service.days import Days
    from engine.service.desk import Desk
    from engine.service.incidents import Incidents
    from engine.service.messages import Messages
    from engine.service.newsroom import Newsroom
    from engine.service.orders import Orders
    from engine.service.people import People
    from engine.service.supervision import Leading
    from engine.service.support import Support
    from engine.service.transfers import Transfers

RETRY = 1.0
"""Seconds between two looks at a store that is away."""
log = structlog.get_logger()


@asynccontextmanager
async def stored(settings: Settings) -> AsyncIterator[Database]:
    """The database, created or brought up to date. Raises StoreError."""
    database = Database(settings.database_url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


async def until_there(settings: Settings) -> None:
    """Wait until the store can be used; who calls meanwhile is in the safety net."""
    said = False
    while True:
        try:
            async with stored(settings):
                return
        except (StoreError, DBAPIError) as problem:
            if not said:
                log.error("store_away", problem=str(problem).splitlines()[0], mend="the engine waits for the database")
            said = True
            await asyncio.sleep(RETRY)


def catalogue_of(settings: Settings, database: Database) -> CatalogueService:
    """The service over this store. Raises BadClassTable, BadSetting, BadSound."""
    return CatalogueService(StoredCatalogue(database), _rules(settings, load_number_classes(settings.number_classes)))


def customers_of(settings: Settings, database: Database, clock: Clock, changed: Callable[[], None]) -> CustomerService:
    """The service over this store. Raises BadClassTable; a save may raise BadSetting, BadSound."""
    from engine.main.couriers import pushover_users  # here: an engine that starts edits nobody yet
    from engine.service.customers import CustomerService
    from engine.store.customer_store import StoredCustomerEntries

    classes = load_number_classes(settings.number_classes)
    return CustomerService(
        StoredCustomerEntries(database, settings.country),
        lambda: _rules(settings, classes),
        clock.now,
        changed,
        pushover_users(settings),
    )


def support_of(settings: Settings, database: Database, clock: Clock) -> Support:
    """The service over this store. Raises BadClassTable."""
    from engine.service.support import Support  # here: an engine that starts needs none of it yet
    from engine.store.support import StoredSupport

    classes = load_number_classes(settings.number_classes)
    return Support(StoredSupport(database), lambda: _rules(settings, classes), clock.now)


def orders_of(database: Database, clock: Clock) -> Orders:
    """The service over this store."""
    from engine.service.orders import Orders  # here: as above
    from engine.store.customer_store import StoredCustomerEntries
    from engine.store.orders import StoredOrders

    return Orders(StoredOrders(database), StoredCustomerEntries(database), clock.now)


def messages_of(
    settings: Settings, database: Database, clock: Clock, wake: Callable[[], None] = lambda: None
) -> Messages:
    """The service over this store. `wake()` is called when something is to be delivered."""
    from engine.service.messages import Messages  # here: as above
    from engine.store.customer_store import StoredCustomerEntries
    from engine.store.messages import StoredMessages

    store = StoredMessages(database, settings.country)
    entries = StoredCustomerEntries(database, settings.country)
    return Messages(store, entries, clock.now, settings.country, wake)


def desk_of(
    settings: Settings,
    database: Database,
    desks: Desks,
    customers: CustomerService,
    messages: Messages,
    clock: Clock,
    transfers: Transfers | None,
) -> Desk:
    """The service over this store, for this engine. Raises BadClassTable."""
    from engine.service.desk import Desk  # here: as above
    from engine.store.desk import StoredDesk

    classes = load_number_classes(settings.number_classes)
    store = StoredDesk(database, settings.country)
    return Desk(desks, customers, messages, store, clock.now, classes, settings.country, transfers)


def days_of(settings: Settings, database: Database, clock: Clock) -> Days:
    """The service over this store."""
    from engine.service.days import Days  # here: as above
    from engine.store.agent_days import StoredAgentDays

    return Days(StoredAgentDays(database), clock.now, settings.agent_log_days)


def news_of(database: Database, clock: Clock, changed: Callable[[], None]) -> Newsroom:
    """The service over this store; `changed()` lets desks look again."""
    from engine.service.newsroom import Newsroom  # here: as above
    from engine.store.news import StoredNews

    return Newsroom(StoredNews(database), clock.now, changed)


def blocking_of(settings: Settings, database: Database, customers: CustomerService, clock: Clock) -> Blocking:
    """The service over this store."""
    from engine.service.blocking import Blocking  # here: as above
    from engine.store.spam import StoredSpam

    return Blocking(StoredSpam(database), customers, clock.now, settings.country)


def leading_of(database: Database, floor: Supervision, clock: Clock) -> Leading:
    """The service over this store, for this engine."""
    from engine.service.supervision import Leading  # here: as above
    from engine.store.floor_days import StoredFloorDays

    return Leading(floor, StoredFloorDays(database), clock.now)


def announcements_of(settings: Settings, database: Database, clock: Clock) -> Announcements:
    """The service over this store, for the switch of this home."""
    from engine.main.studio import PlainStudio  # here: a command makes none
    from engine.service.announcements import Announcements
    from engine.store.announcements import StoredAnnouncements
    from pbx.runtime.own_sounds import OwnSounds

    shelf = OwnSounds(SwitchSettings(settings.home))
    return Announcements(StoredAnnouncements(database), PlainStudio(), shelf, clock.now)


def incidents_of(settings: Settings, database: Database, clock: Clock) -> Incidents:
    """The service over this store. Raises BadClassTable."""
    from engine.service.incidents import Incidents  # here: as above
    from engine.store.incidents import StoredIncidents

    classes = load_number_classes(settings.number_classes)
    return Incidents(StoredIncidents(database), lambda: _rules(settings, classes), clock.now)


def people_of(settings: Settings, database: Database, board: Switchboard) -> People:
    """The service over this store, for this engine. Raises BadClassTable."""
    from engine.service.people import People  # here: as above
    from engine.store.people import StoredPeople

    classes = load_number_classes(settings.number_classes)
    return People(StoredPeople(database), board, lambda: _rules(settings, classes))


def phones_of(database: Database, socket: str, ice: Sequence[IceServer]) -> BrowserPhones:
    """The service over this store. `socket`: the switch's, for SIP."""
    from engine.service.browser_phones import BrowserPhones  # here: as above
    from engine.store.agents import StoredAgents

    return BrowserPhones(StoredAgents(database), socket, ice)


def accounts_of(database: Database, clock: Clock | None = None) -> Accounts:
    """The service over this store; a command has no clock of the engine's."""
    from engine.service.accounts import Accounts  # here: an engine that starts needs no users yet
    from engine.service.clock import SteadyClock
    from engine.store.accounts import StoredAccounts

    return Accounts(StoredAccounts(database), clock or SteadyClock())


def link_url(settings: Settings, token: str) -> str:
    """Where a one-time link leads."""
    return f"{settings.web_url}/link/{token}"


def _rules(settings: Settings, classes: ClassTable) -> Installation:
    countries = frozenset(settings.transfer_countries.split())
    announcements, music = _sounds(settings)
    return Installation(
        classes, settings.max_wait, settings.country, countries, announcements=announcements, music=music
    )


def _sounds(settings: Settings) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The names of all announcements and music classes; None where only an external switch knows them."""
    if settings.switch == "external":
        return None, None
    switch = SwitchSettings(settings.home, sounds=settings.sounds)
    return frozenset(announcements(switch, settings.language)), frozenset({"default", *music(switch)})
