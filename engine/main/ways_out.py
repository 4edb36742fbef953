"""Calls out, put together for the running engine: what may be dialled, and to whom callers can be put through.

Rule of this file: composition only. The trunks are handed over with every reload, as to the gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service.outbound import Dialling, Outbound
from engine.store.outbound import StoredOutbound
from engine.transfer.limits import Allowance

if TYPE_CHECKING:
    from engine.law.classes import ClassTable
    from engine.main.watching import Watching
    from engine.ports import Clock, Customers
    from engine.service.customers import CustomerService
    from engine.service.exchange import Exchange
    from engine.service.prompts import Prompts
    from engine.service.transfers import Transfers
    from engine.settings import Settings
    from engine.store.database import Database
    from engine.store.journal import StoredJournal


def outbound_of(settings: Settings, classes: ClassTable, clock: Clock) -> Outbound:
    """The limits; what was talked today is not known yet."""
    usual = Allowance(
        settings.transfer_legs_per_minute, settings.transfer_minutes_per_day, settings.transfer_legs_at_once
    )
    rules = Dialling(classes, settings.country, frozenset(settings.transfer_countries.split()))
    return Outbound(lambda: rules, clock.now, usual)


def connect(outbound: Outbound, exchange: Exchange, watching: Watching) -> None:
    """Coming and going calls have the same lines; a carrier that is known to be away is not asked."""
    outbound.coming, outbound.is_away = exchange.come_by, watching.is_away
    exchange.gate.going = outbound.going


def prompts_of(settings: Settings) -> Prompts | None:
    """Questions with names; None where the switch is somebody else's, who would not find them."""
    if settings.switch == "external":
        return None
    from engine.main.studio import PlainStudio  # here: as below
    from engine.service.prompts import Prompts
    from pbx.runtime.own_sounds import OwnSounds
    from pbx.runtime.settings import SwitchSettings

    return Prompts(PlainStudio(), OwnSounds(SwitchSettings(settings.home)), settings.language)


async def begin(outbound: Outbound, database: Database, journal: StoredJournal) -> None:
    """What was talked today before this engine was there, what it has left in the journal's file included."""
    await journal.flush()
    await outbound.begin(StoredOutbound(database))


def transfers_of(
    settings: Settings,
    customers: CustomerService,
    numbers: Customers,
    outbound: Outbound,
    clock: Clock,
    classes: ClassTable,
) -> Transfers:
    """What can be put through to."""
    from engine.service.transfers import Transfers  # here: an engine that starts puts nobody through yet

    return Transfers(customers, numbers, outbound, clock.now, classes, settings.target_ring_time, settings.country)
