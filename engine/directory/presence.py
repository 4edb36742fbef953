"""Whether a contact is there at a moment, until when that stays so, who stands in and who gets messages (§5.2.2).

Rule of this file: present is who works at that moment and is not absent. Working hours are weekly wall time and know no
holidays; who has none works whenever the service is open. An absence holds from its first second up to, not including,
its last moment, so it ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.directory.contacts import Absence, Contact
from engine.directory.moments import in_force, in_utc
from engine.hours.changes import next_change
from engine.hours.opening import open_at
from engine.hours.service import ServiceHours


class Why(StrEnum):
    """Why a contact is there or not."""

    WORKING = "working"
    OFF_HOURS = "off_hours"
    """Outside the own working hours, or the service is closed where there are none."""
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Presence:
    """The answer for one contact at one moment."""

    present: bool
    why: Why
    until: datetime | None
    """UTC: when `present` changes next; None = not within `engine.hours.changes.HORIZON` days, or nobody knows."""
    deputy: str | None = None
    """Who stands in for an absent contact: the first of the chain of deputies who is not absent, else its last."""
    deputy_present: bool = False


def presence(contact: Contact, contacts: Iterable[Contact], service: ServiceHours, now: datetime) -> Presence:
    """Whether the contact is there at `now`, an aware time; raises ValueError for a naive one.

    `contacts`: all of the customer, for the deputies; a deputy who is not among them is none.
    """
    hours = _working_hours(contact, service)
    works = open_at(hours, now).open
    if _is_absent(contact, service.zone, now):
        deputy = _deputy(contact, {one.name: one for one in contacts}, service.zone, now)
        until = _next_present(hours, contact.absence, now)
        if deputy is None:
            return Presence(False, Why.ABSENT, until)
        return Presence(False, Why.ABSENT, until, deputy.name, _is_present(deputy, service, now))
    if works:
        return Presence(True, Why.WORKING, _next_away(hours, contact.absence, now))
    return Presence(False, Why.OFF_HOURS, _next_present(hours, contact.absence, now))


def stands_in(contact: Contact, contacts: Iterable[Contact], zone: str, now: datetime) -> tuple[str, ...] | None:
    """Who gets the messages for the contact at `now`, an aware time, itself among them if it gets them too.

    `contacts`: as for `presence`. None = the contact alone: it is not absent, does not wish it, or has no deputy left.
    """
    absence = contact.absence
    if absence is None or absence.messages == "contact" or not _is_absent(contact, zone, now):
        return None
    deputy = _deputy(contact, {one.name: one for one in contacts}, zone, now)
    if deputy is None:
        return None
    return (deputy.name,) if absence.messages == "deputy" else (contact.name, deputy.name)


def _working_hours(contact: Contact, service: ServiceHours) -> ServiceHours:
    return service if contact.hours is None else ServiceHours(contact.hours, zone=service.zone)


def _is_present(contact: Contact, service: ServiceHours, now: datetime) -> bool:
    return open_at(_working_hours(contact, service), now).open and not _is_absent(contact, service.zone, now)


def _is_absent(contact: Contact, zone: str, now: datetime) -> bool:
    absence = contact.absence
    return absence is not None and in_force(absence.since, absence.until, now, zone)


def _next_away(hours: ServiceHours, absence: Absence | None, now: datetime) -> datetime | None:
    """When a contact who is there goes: the working hours end, or an absence begins."""
    ends = next_change(hours, now)
    if absence is None or absence.since is None:
        return ends
    begins = in_utc(absence.since, hours.zone)
    is_to_come = begins > now and in_force(absence.since, absence.until, begins, hours.zone)
    return min(begins, ends or begins) if is_to_come else ends


def _next_present(hours: ServiceHours, absence: Absence | None, now: datetime) -> datetime | None:
    """When a contact who is not there comes: at the beginning of working hours, or at an absence's end within them."""
    at: datetime | None = now
    while at is not None:
        if absence is not None and in_force(absence.since, absence.until, at, hours.zone):
            at = None if absence.until is None else in_utc(absence.until, hours.zone)
        elif open_at(hours, at).open:
            return at
        else:
            at = next_change(hours, at)
    return None


def _deputy(contact: Contact, contacts: dict[str, Contact], zone: str, now: datetime) -> Contact | None:
    """Down the chain of deputies until one is not absent; a chain that comes back to somebody ends before that."""
    seen = {contact.name}
    last: Contact | None = None
    at = contact
    while at.absence is not None and _is_absent(at, zone, now):
        found = contacts.get(at.absence.deputy or "")
        if found is None or found.name in seen:
            break
        seen.add(found.name)
        last = at = found
    return last
