"""A store with as many customers as the measurement wants, and nothing else in it that could differ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.entries import (
    AgentEntry,
    Changes,
    CustomerEntry,
    KeyedEntry,
    PhoneEntry,
    TariffEntry,
    TrunkEntry,
    WaitEntry,
)
from engine.entries.catalogue import SECTIONS, key_of
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database
from engine.store.schema import upgrade
from engine.terms import PhoneKind, Treatment

TRUNK = "carrier"
SILENT = "+49302000000"
"""The number of one customer more: there callers wait with 180 and no sound."""
DIALLED = 1000
"""Most numbers that are dialled, spread evenly over all customers."""
_UNLIMITED = 10_000
_SECTION = {kind: section for section, kind in SECTIONS.items()}


async def fill(home: Path, customers: int, phones: Mapping[str, str], **details: Any) -> list[str]:
    """Write the store of this home; the numbers to dial. `phones`: the SIP URI of each agent's phone by login.

    `details`: of every customer, as in the YAML.
    """
    database = Database(f"sqlite:///{home}/vorzimmer.db")
    try:
        await upgrade(database)
        entries = [*_people(phones), _silent(), *(_customer(n, details) for n in range(customers))]
        put = {(_SECTION[type(entry)], key_of(entry)): entry for entry in entries}
        await StoredCatalogue(database).change(lambda stored: Changes(put))
    finally:
        await database.close()
    step = max(customers // DIALLED, 1)
    return [_number(n) for n in range(0, customers, step)][:DIALLED]


def _people(phones: Mapping[str, str]) -> list[KeyedEntry]:
    agents = [
        AgentEntry(login=login, name=login.title(), phone=PhoneEntry(kind=PhoneKind.STATIC, uri=uri))
        for login, uri in phones.items()
    ]
    limits = {"max_calls": _UNLIMITED, "max_rate": _UNLIMITED} if "max_rate" in TrunkEntry.model_fields else {}
    return [
        TrunkEntry.model_validate({"name": TRUNK, "match": ["127.0.0.1"], **limits}),
        *agents,
        TariffEntry.model_validate({"name": "always", "hours": {"mon-sun": ["00:00-24:00"]}}),
    ]


def _customer(n: int, details: Mapping[str, Any]) -> CustomerEntry:
    """Delayed connect without announcements: what `Progress()` and `Queue()` do."""
    wait = WaitEntry(treatment=Treatment.DELAYED_CONNECT, announcements=(), max_wait=3600)
    own = {
        "number": f"K{n}",
        "name": f"Customer {n}",
        "access_numbers": (_number(n),),
        "tariff": "always",
        "wait": wait,
    }
    return CustomerEntry.model_validate(own | dict(details))


def _silent() -> CustomerEntry:
    """Ringing until an agent picks up: what `Queue()` does with its option r."""
    wait = WaitEntry(treatment=Treatment.RINGING, announcements=())
    return CustomerEntry(number="silent", name="Silent", access_numbers=(SILENT,), tariff="always", wait=wait)


def _number(n: int) -> str:
    return f"+49301{n:07}"
