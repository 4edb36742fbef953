"""Calls out, put together for the running engine: what may be dialled, and to whom callers can be put through.

Rule of this file: composition only. The trunks are handed over with every reload, as to the gate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.service.outbound import Outbound
from engine.store.outbound import StoredOutbound
from engine.transfer.limits import Allowance

if TYPE_CHECKING:
    from engine.ports import Clock, Customers
    from engine.service.customers import CustomerService
    from engine.service.transfers import Transfers
    from engine.settings import Settings
    from engine.store.database import Database


async def outbound_of(
    settings: Settings, database: Database, customers: CustomerService, clock: Clock, coming: Callable[[str], int]
) -> Outbound:
    """The limits, with what was talked today. `coming(trunk)`: how many calls this trunk has brought that are there."""
    usual = Allowance(settings.transfer_legs_per_minute, settings.transfer_minutes_per_day)
    outbound = Outbound(customers.rules, clock.now, usual, coming)
    await outbound.begin(StoredOutbound(database))
    return outbound


def transfers_of(
    settings: Settings, customers: CustomerService, numbers: Customers, outbound: Outbound, clock: Clock
) -> Transfers:
    """What can be put through to."""
    from engine.service.transfers import Transfers  # here: an engine that starts puts nobody through yet

    return Transfers(customers, numbers, outbound, clock.now, settings.target_ring_time, settings.country)
