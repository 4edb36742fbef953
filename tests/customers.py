"""What tests of the customers' service share: two customers in a store, and those who edit them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.accounts import Identity, Role
from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.terms import AgentId, CustomerId, UserId
from tests.catalogue import RULES, service_on

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MUSTER, NEXT = CustomerId(1), CustomerId(2)
TWO = """\
groups: [{name: team1}]
tariffs:
  - {name: always, hours: {mon-sun: ["00:00-24:00"]}}
  - {name: office, hours: {mon-fri: ["08:00-18:00"]}, holidays: closed}
customers:
  - number: K1001
    name: Muster GmbH
    access_numbers: ["+4930123450"]
    lines: ["+493023125001"]
    tariff: office
    state: BE
    greeting: "Muster GmbH, mein Name ist {agent}, guten Tag."
    contacts:
      - {name: Eva Brandt, position: Head, notify: {mail: [eva@muster.example]}}
      - {name: Jan/Ida ~ Kern, notify: {sms: "+491713920001"}, absence: {deputy: Eva Brandt}}
  - {number: K1002, name: Next GmbH, access_numbers: ["+4930123460"], tariff: always}
"""


async def two_customers(database: Database, now: datetime = NOW) -> CustomerService:
    """A store with these two, and the service on it."""
    await service_on(database).import_text(TWO)
    return customers_on(database, now)


def customers_on(database: Database, now: datetime = NOW) -> CustomerService:
    """The service on this store."""
    return CustomerService(StoredCustomerEntries(database), lambda: RULES, lambda: now)


def somebody(role: Role, **more: Any) -> Identity:
    """Somebody of this role; a customer's is Muster's, an agent's is agent1."""
    customer = MUSTER if role is Role.CUSTOMER else None
    agent = AgentId("agent1") if role is Role.AGENT else None
    return Identity(**{
        "user": UserId(1), "login": f"{role}1", "name": role.title(), "role": role, "customer": customer,
        "agent": agent, **more,
    })  # fmt: skip


OWNER = somebody(Role.CUSTOMER)
SUPPORT = somebody(Role.SUPPORT)


def said(refused: Refused) -> list[tuple[str, str]]:
    """Path and code of every mistake."""
    return [(one.path, one.wrong.code) for one in refused.mistakes]
