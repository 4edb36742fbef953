"""What an agent sees of a customer's directory during a call, and so may tell the caller (§5.1 to §5.5).

Rule of this file: the values made here hold nothing that is not released, so whoever has one can show all of it. A
general absence that says when it is over is over then, its reason too (§5.1.2, §5.1.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.directory.contacts import Company, Contact, Directory, Faq
from engine.directory.greeting import spoken
from engine.directory.moments import in_utc
from engine.directory.presence import Presence, Why, presence
from engine.directory.vip import ShownNote, notes_for
from engine.hours.service import ServiceHours
from engine.terms import E164


@dataclass(frozen=True, slots=True)
class ReleasedContact:
    """A contact without the hidden fields, with presence."""

    name: str
    position: str | None
    department: str | None
    tasks: str | None
    phone: E164 | None
    fax: E164 | None
    mail: str | None
    presence: Presence
    absence_reason: str | None
    """Only while absent."""


@dataclass(frozen=True, slots=True)
class Released:
    """The directory as one agent sees it in one call."""

    greeting: str | None
    """With the agent's name in it."""
    absence_reason: str | None
    back_from: datetime | None
    """UTC, yet to come."""
    back_from_text: str | None
    instructions: str | None
    contacts: tuple[ReleasedContact, ...]
    company: Company
    vip_notes: tuple[ShownNote, ...]
    faq: tuple[Faq, ...]


def released(
    directory: Directory, service: ServiceHours, now: datetime, agent: str, caller: str | None, country: str = "49"
) -> Released:
    """What this agent sees at `now`, an aware time. `agent`: the name; `caller`: as the carrier wrote the number."""
    back_from = directory.back_from and in_utc(directory.back_from, service.zone)
    is_over = back_from is not None and back_from <= now
    return Released(
        greeting=directory.greeting and spoken(directory.greeting, agent),
        absence_reason=None if is_over else directory.absence_reason,
        back_from=None if is_over else back_from,
        back_from_text=directory.back_from_text,
        instructions=directory.instructions,
        contacts=tuple(released_contact(contact, directory, service, now) for contact in directory.contacts),
        company=directory.company,
        vip_notes=notes_for(directory.vip_notes, caller, now, service.zone, country),
        faq=directory.faq,
    )


def released_contact(contact: Contact, directory: Directory, service: ServiceHours, now: datetime) -> ReleasedContact:
    """What an agent sees of this contact at `now`, an aware time."""
    hidden = contact.hidden
    there = presence(contact, directory.contacts, service, now)
    return ReleasedContact(
        name=contact.name,
        position=None if "position" in hidden else contact.position,
        department=None if "department" in hidden else contact.department,
        tasks=None if "tasks" in hidden else contact.tasks,
        phone=None if "phone" in hidden else contact.phone,
        fax=None if "fax" in hidden else contact.fax,
        mail=None if "mail" in hidden else contact.mail,
        presence=there,
        absence_reason=contact.absence.reason if contact.absence and there.why is Why.ABSENT else None,
    )
