"""Weeks, fields and values of a customer in people's words, for support.

Rule of this file: a field is called here what it is called on the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.entries.paths import BLOCKED_CALLERS, CONTACTS, MESSAGES, PERSONS, TESTS, split
from engine.hours.spans import DAYS
from engine.web.languages import N_, Words
from engine.web.portal.theirs import NO, YES

_ANNOUNCEMENTS = "announcements"
FIELDS = {
    "created": N_("Customer made"),
    "deleted": N_("Customer deleted"),
    "agents": N_("Agent"),
    "groups": N_("Group"),
    "trunks": N_("Trunk"),
    "news": N_("News for desks"),
    "number": N_("Customer number"),
    "name": N_("Name"),
    "access_numbers": N_("Access numbers"),
    "lines": N_("Forwarded lines"),
    "tariff": N_("Tariff"),
    "state": N_("Federal state"),
    "greeting": N_("Greeting"),
    "blocked": N_("Blocked"),
    "hours": N_("Hours"),
    "closed_days": N_("Closed days"),
    "wait": N_("Waiting"),
    "routing": N_("Who may answer"),
    "ring_time": N_("Seconds that one person's telephone rings"),
    "max_calls": N_("Calls at once"),
    "max_rate": N_("Calls per second"),
    "listening_in": N_("Supervisors may listen in"),
    "live_since": N_("In use since"),
    "absence_reason": N_("Why nobody can be reached"),
    "back_from": N_("Can be reached again from"),
    "back_from_text": N_("Back from, in words"),
    "instructions": N_("Instructions for our agents"),
    CONTACTS: N_("Contacts"),
    BLOCKED_CALLERS: N_("Blocked callers"),
    "company": N_("Company"),
    "vip_notes": N_("VIP notes"),
    "faq": N_("Mini FAQ"),
    "message_fields": N_("Own fields in messages"),
    "shown_numbers": N_("Numbers shown on outgoing calls"),
    "put_through": N_("What was agreed on putting through"),
    "digest": N_("Daily summary"),
    _ANNOUNCEMENTS: N_("Own announcements"),
    MESSAGES: N_("Message sent once more"),
    PERSONS: N_("Data about a telephone number deleted, case"),
    TESTS: N_("Test message"),
}
"""The parts of a customer, by the first step of their path; and what stands beside customers."""
_NAMED = (CONTACTS, BLOCKED_CALLERS, MESSAGES, PERSONS, TESTS, _ANNOUNCEMENTS, "agents", "groups", "trunks")
"""What is followed by a name."""
_BELOW = {
    "absence": N_("absence"),
    "accept": N_("press 1 to accept"),
    "address": N_("address"),
    "announce_every": N_("seconds between announcements"),
    "announcements": N_("announcements"),
    "at": N_("time of day"),
    "auth_user": N_("other user name that the password is for"),
    "bank": N_("bank"),
    "choices": N_("answers to choose from"),
    "by": N_("by whom"),
    "check": N_("ask whether the carrier is there"),
    "days": N_("days"),
    "deleted_blocked": N_("entries in lists of blocked callers"),
    "deleted_calls": N_("calls"),
    "deleted_changes": N_("lines in the log of changes"),
    "deleted_dialled": N_("calls to this number"),
    "deleted_drafts": N_("typed and not saved"),
    "deleted_messages": N_("messages"),
    "deleted_not_blocked": N_("declined suggestions to block"),
    "department": N_("department"),
    "deputy": N_("deputy"),
    "description": N_("description"),
    "director": N_("managing director"),
    "diversion": N_("tell by which number the caller came"),
    "empty": N_("also when there is nothing to tell"),
    "fax": N_("Fax"),
    "field_of_work": N_("field of work"),
    "foreign_numbers": N_("callers' own numbers are shown"),
    "from_account": N_("user name instead of a number"),
    "from_host": N_("host in From"),
    "greeting": N_("greeting announcement"),
    "groups": N_("groups"),
    "heading": N_("heading"),
    "hidden": N_("not released"),
    "hours": N_("working hours"),
    "identity": N_("where the carrier reads the customer's number"),
    "kind": N_("kind"),
    "label": N_("label"),
    "language": N_("language"),
    "legs_per_minute": N_("numbers dialled per minute"),
    "login": N_("short name"),
    "mail": N_("e-mail"),
    "match": N_("addresses of the carrier"),
    "max_calls": N_("calls at once"),
    "max_rate": N_("calls per second"),
    "max_wait": N_("longest wait in seconds"),
    "message": N_("message"),
    "messages": N_("messages go to"),
    "minutes_per_day": N_("minutes per day"),
    "music": N_("music"),
    "name": N_("name"),
    "note": N_("note"),
    "notify": N_("notification"),
    "number": N_("number"),
    "number_from": N_("where the dialled number stands"),
    "numbers": N_("numbers"),
    "opening_hours": N_("opening hours"),
    "outbound": N_("calls out"),
    "password": N_("another password"),
    "phone": N_("telephone"),
    "position": N_("position"),
    "priority": N_("place in the order"),
    "reason": N_("reason"),
    "register": N_("register"),
    "registrar": N_("registrar"),
    "required": N_("is to be asked for"),
    "right": N_("right of use"),
    "seconds": N_("seconds"),
    "shows": N_("whose number is shown"),
    "since": N_("from"),
    "skills": N_("skills"),
    "targets": N_("numbers for putting through"),
    "tasks": N_("tasks"),
    "text": N_("text"),
    "then": N_("after the longest wait"),
    "transfer": N_("putting through"),
    "treatment": N_("treatment"),
    "until": N_("until"),
    "uri": N_("SIP address"),
    "use": N_("in use"),
    "user": N_("user name with the carrier"),
    "vat_id": N_("VAT ID"),
    "web": N_("web address"),
    "who": N_("For whom"),
}
"""What stands below them."""


def field_name(path: str, words: Words) -> str:
    """What people call the field at this path; contacts, announcements, agents and trunks by their names."""
    first, *below = split(path)
    names = [words(FIELDS.get(first, first))]
    if first in _NAMED and below:
        names.append(below.pop(0))
    return " – ".join([*names, *(words(_BELOW.get(step, step)) for step in below)])


def lines_of(value: Any, words: Words) -> list[str]:
    """The value in lines; none where there is nothing."""
    if value is None or value in ("", [], {}):
        return []
    if isinstance(value, bool):
        return [words(YES if value else NO)]
    if isinstance(value, Mapping):
        return [line for key, below in value.items() for line in _named(key, below, words)]
    if isinstance(value, list | tuple):
        return [" · ".join(lines_of(one, words)) for one in value]
    return str(value).splitlines()


def _named(key: str, value: Any, words: Words) -> list[str]:
    found = lines_of(value, words)
    name = _days(key, words) if _is_days(key) else words(_BELOW.get(key) or FIELDS.get(key, key))
    return [f"{name}: {', '.join(found)}"] if found else []


def week(hours: Mapping[str, Sequence[str]], words: Words) -> list[tuple[str, str]]:
    """Days and their spans as people write them; `hours` as in YAML."""
    return [(_days(days, words), ", ".join(spans).replace("-", "–")) for days, spans in hours.items()]


def _is_days(key: str) -> bool:
    return all(day in DAYS for day in key.split("-"))


def _days(key: str, words: Words) -> str:
    short = words.format.locale.days["stand-alone"]["abbreviated"]
    return "–".join(short[DAYS.index(day)].rstrip(".") for day in key.split("-"))
