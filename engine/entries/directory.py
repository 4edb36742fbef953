"""A customer's entry as the rules of `engine.directory` and `engine.hours` take it.

Rule of this file: nothing is decided here; whoever shows a customer to agents or to itself goes this one way.
"""

from __future__ import annotations

from engine.directory.contacts import Absence, Company, Contact, Directory, Faq, VipNote
from engine.entries.contacts import ContactEntry
from engine.entries.customers import CustomerEntry, TariffEntry
from engine.hours.service import ServiceHours
from engine.terms import E164


def directory(customer: CustomerEntry) -> Directory:
    """All that the customer has put down for the agents (§5.1 to §5.5)."""
    return Directory(
        greeting=customer.greeting,
        absence_reason=customer.absence_reason,
        back_from=customer.back_from,
        back_from_text=customer.back_from_text,
        instructions=customer.instructions,
        contacts=tuple(map(contact, customer.contacts)),
        company=_company(customer),
        vip_notes=tuple(
            VipNote(note.who, note.message, tuple(map(E164, note.numbers)), note.since, note.until)
            for note in customer.vip_notes
        ),
        faq=tuple(Faq(one.heading, one.text) for one in customer.faq),
    )


def contact(entry: ContactEntry) -> Contact:
    """One contact; how he is told of messages and put through to is no part of it."""
    away = entry.absence
    return Contact(
        name=entry.name,
        position=entry.position,
        department=entry.department,
        tasks=entry.tasks,
        phone=_number(entry.phone),
        fax=_number(entry.fax),
        mail=entry.mail,
        hidden=frozenset(entry.hidden),
        hours=entry.hours,
        absence=None if away is None else Absence(away.reason, away.since, away.until, away.deputy),
    )


def service_hours(customer: CustomerEntry, tariff: TariffEntry) -> ServiceHours:
    """When calls are answered: the tariff's hours, narrowed by the customer's own (§3.1, §3.3)."""
    return ServiceHours(
        week=tariff.hours,
        closed_on_holidays=tariff.holidays == "closed",
        state=customer.state,
        closed_days=frozenset(customer.closed_days),
        narrowed=customer.hours,
    )


def _company(customer: CustomerEntry) -> Company:
    entry = customer.company
    return Company(
        name=entry.name,
        address=entry.address,
        web=entry.web,
        phone=_number(entry.phone),
        fax=_number(entry.fax),
        mail=entry.mail,
        director=entry.director,
        vat_id=entry.vat_id,
        register=entry.registration,
        bank=entry.bank,
        opening_hours=entry.opening_hours,
        description=entry.description,
        field_of_work=entry.field_of_work,
    )


def _number(text: str | None) -> E164 | None:
    return None if text is None else E164(text)
