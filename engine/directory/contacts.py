"""A customer's directory, as it was entered: contacts, company, notes (§5.1 to §5.5).

Rule of this file: values only. Moments are naive wall time in the customer's zone, see `moments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.hours.service import Week
from engine.terms import E164


@dataclass(frozen=True, slots=True)
class Absence:
    """A contact is away from `since` (None = already) until `until` (None = until somebody ends it), §5.2.2."""

    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    deputy: str | None = None
    """Another contact's name."""
    messages: Literal["contact", "deputy", "both"] = "contact"
    """Who gets the messages for the contact meanwhile."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at the customer (§5.2.1); the name is unique within the customer."""

    name: str
    position: str | None = None
    department: str | None = None
    tasks: str | None = None
    phone: E164 | None = None
    fax: E164 | None = None
    mail: str | None = None
    hidden: frozenset[str] = frozenset()
    """Of the fields after the name those that agents must not see."""
    hours: Week | None = None
    """Weekly working hours; None = whenever the service is open."""
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """What may be told about the company, all of it (§5.3)."""

    name: str | None = None
    address: str | None = None
    web: str | None = None
    phone: E164 | None = None
    fax: E164 | None = None
    mail: str | None = None
    director: str | None = None
    vat_id: str | None = None
    register: str | None = None
    bank: str | None = None
    opening_hours: str | None = None
    description: str | None = None
    field_of_work: str | None = None


@dataclass(frozen=True, slots=True)
class VipNote:
    """A message for certain callers (§5.4), always or from `since` until `until`."""

    who: str
    message: str
    numbers: tuple[E164, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Faq:
    """What is often asked (§5.5): the heading is shown, the text on demand."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Directory:
    """All of it. Of `back_from` and `back_from_text` at most one is given (§5.1.3)."""

    greeting: str | None = None
    """`{agent}` stands for the agent's name."""
    absence_reason: str | None = None
    back_from: datetime | None = None
    back_from_text: str | None = None
    instructions: str | None = None
    contacts: tuple[Contact, ...] = ()
    company: Company = Company()
    vip_notes: tuple[VipNote, ...] = ()
    faq: tuple[Faq, ...] = ()
