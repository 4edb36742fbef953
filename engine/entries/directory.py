"""A customer's entry as the rules of `engine.directory` and `engine.hours` take it.

Rule of this file: nothing is decided here; whoever shows a customer to agents or to itself goes this one way.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from engine.directory.contacts import Absence, Company, Contact, Directory, Faq, VipNote
from engine.entries.base import Entry
from engine.entries.contacts import ContactEntry
from engine.entries.customers import CustomerEntry, TariffEntry
from engine.hours.service import ServiceHours

Value = TypeVar("Value", Absence, Company, Contact, Directory, Faq, VipNote)


def directory(customer: CustomerEntry) -> Directory:
    """All that the customer has put down for the agents (§5.1 to §5.5)."""
    return _same(
        Directory,
        customer,
        contacts=tuple(map(contact, customer.contacts)),
        company=_same(Company, customer.company, register=customer.company.registration),
        vip_notes=tuple(_same(VipNote, note) for note in customer.vip_notes),
        faq=tuple(_same(Faq, one) for one in customer.faq),
    )


def contact(entry: ContactEntry) -> Contact:
    """One contact; how he is told of messages and put through to is no part of it."""
    absence = _same(Absence, entry.absence) if entry.absence else None
    return _same(Contact, entry, hidden=frozenset(entry.hidden), absence=absence)


def service_hours(customer: CustomerEntry, tariff: TariffEntry) -> ServiceHours:
    """When calls are answered: the tariff's hours, narrowed by the customer's own (§3.1, §3.3)."""
    return ServiceHours(
        week=tariff.hours,
        closed_on_holidays=tariff.holidays == "closed",
        state=customer.state,
        closed_days=frozenset(customer.closed_days),
        narrowed=customer.hours,
    )


def _same(kind: type[Value], entry: Entry, **other: Any) -> Value:
    """The value whose fields are the entry's of the same names, but for the `other` ones."""
    same = (field.name for field in fields(kind) if field.name not in other)
    return kind(**{name: getattr(entry, name) for name in same}, **other)
