"""A carrier by whom callers of an office can be put through."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.ports import Trunk
from engine.service.customers import CustomerService
from engine.service.outbound import Dialling, Outbound
from engine.service.transfers import Transfers
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.transfer import ways
from engine.transfer.limits import Allowance
from tests.catalogue import RULES


class _Clock(Protocol):
    def now(self) -> datetime: ...


def transfers_on(database: Database, customers: CustomerService, clock: _Clock) -> Transfers:
    """Over one trunk, within wide limits."""
    rules = Dialling(RULES.classes, RULES.country, RULES.transfer_countries)
    outbound = Outbound(lambda: rules, clock.now, Allowance(60, 600))
    outbound.trunks([Trunk("carrier", outbound=ways.Outbound(1, "sip:carrier.example"))])
    return Transfers(customers, StoredCustomers(database, RULES.classes), outbound, clock.now, RULES.classes)
