"""Whether contacts are there just now, in words for the portal and the desk, and what a customer should know of it.

Rule of this file: `engine.directory.presence` alone decides; here is only how it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.directory.presence import Presence, Why, presence, stands_in
from engine.entries import ContactEntry, CustomerEntry
from engine.entries.directory import contact as as_contact
from engine.hours.service import ZONE_NAME, ServiceHours
from engine.web.languages import N_, Words

_PRESENT, _PRESENT_UNTIL = N_("present just now"), N_("present just now, until {until}")
_OFF, _OFF_UNTIL = N_("not working just now"), N_("not working just now, back from {until} on")
_ABSENT, _ABSENT_UNTIL = N_("absent until further notice"), N_("absent until {until}")
_DEPUTY, _DEPUTY_AWAY = N_("{absent}; deputy: {deputy}"), N_("{absent}; deputy: {deputy}, who is not there just now")
_TO_DEPUTY, _TO_BOTH = N_("Messages go to {deputy}."), N_("Messages go to this contact and to {deputy}.")
_NO_DEPUTY = N_("Absent, and nobody stands in: please name a deputy.")


@dataclass(frozen=True, slots=True)
class Attendance:
    """One contact of the list."""

    contact: ContactEntry
    present: bool
    said: str
    warnings: tuple[str, ...]
    messages: str
    """Who gets the messages instead or too; empty if it is the contact alone."""


def attendances(customer: CustomerEntry, hours: ServiceHours, now: datetime, words: Words) -> list[Attendance]:
    """Every contact at `now`, in the customer's order."""
    everybody = [as_contact(entry) for entry in customer.contacts]
    found = []
    for entry, one in zip(customer.contacts, everybody, strict=True):
        there = presence(one, everybody, hours, now)
        lonely = there.why is Why.ABSENT and there.deputy is None
        warnings = (words(_NO_DEPUTY),) if lonely else ()
        told = said(there, now, words, hours.zone)
        instead = stands_in(one, everybody, hours.zone, now)
        found.append(Attendance(entry, there.present, told, warnings, _to(instead, words)))
    return found


def _to(stand_in: tuple[str, ...] | None, words: Words) -> str:
    if stand_in is None:
        return ""
    return words(_TO_DEPUTY if len(stand_in) == 1 else _TO_BOTH, deputy=stand_in[-1])


def said(there: Presence, now: datetime, words: Words, zone: str = ZONE_NAME) -> str:
    """Whether somebody is there at `now`, until when, and who stands in."""
    until = there.until and _moment(there.until, zone, now, words)
    open_end, dated = {
        Why.WORKING: (_PRESENT, _PRESENT_UNTIL),
        Why.OFF_HOURS: (_OFF, _OFF_UNTIL),
        Why.ABSENT: (_ABSENT, _ABSENT_UNTIL),
    }[there.why]
    told = words(dated, until=until) if until else words(open_end)
    if there.deputy is None:
        return told
    return words(_DEPUTY if there.deputy_present else _DEPUTY_AWAY, absent=told, deputy=there.deputy)


def _moment(at: datetime, zone: str, now: datetime, words: Words) -> str:
    """The time alone, if it is today."""
    here = ZoneInfo(zone)
    today = at.astimezone(here).date() == now.astimezone(here).date()
    return words.format.time(at, "short") if today else words.format.datetime(at, "short")
