"""Whom a customer may block, and what is written down of it.

Rule of this file: who is needed is never blocked: the customer's own numbers, for telephone systems that forward show
them as the caller's; contacts, VIPs, and emergency services. Since when and by whom somebody is blocked is never taken
from who edits, but kept by us.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.accounts import Identity, Role
from engine.entries import BlockedCallerEntry, ContactEntry, CustomerEntry
from engine.entries.paths import BLOCKED_CALLERS
from engine.law.outgoing import is_emergency
from engine.service.customer_limits import Found
from engine.terms import E164, Wrong

STAFF = "support"
"""As whom everybody of ours is named to a customer."""


def needed(customer: CustomerEntry) -> frozenset[E164]:
    """Numbers from which this customer must be reached."""
    numbers: list[str | None] = [*customer.access_numbers, customer.company.phone, customer.company.fax]
    numbers += [line.number for line in customer.lines]
    numbers += [shown.number for shown in customer.shown_numbers]
    numbers += [number for note in customer.vip_notes for number in note.numbers]
    for contact in customer.contacts:
        numbers += _of(contact)
    return frozenset(E164(number) for number in numbers if number is not None)


def _of(contact: ContactEntry) -> list[str | None]:
    told = contact.notify
    return [contact.phone, contact.fax, told.sms, told.fax, *(target.number for target in contact.transfer.targets)]


def never_blocked(customer: CustomerEntry, country: str) -> Found:
    """Every blocked caller who must not be; `country`: the installation's code without plus."""
    for place, wrong in _wrong(customer, country):
        yield (BLOCKED_CALLERS, place, "number"), wrong


def _wrong(customer: CustomerEntry, country: str) -> Iterator[tuple[int, Wrong]]:
    own = needed(customer) if customer.blocked_callers else frozenset()
    for place, caller in enumerate(customer.blocked_callers):
        number = E164(caller.number)
        if number in own:
            text = f"{number} is a number of the customer's own, of a contact or of a VIP note: it cannot be blocked"
            yield place, Wrong("block.needed", text, number=number)
        elif is_emergency(number, country):
            text = f"{number} is a number of emergency services: it cannot be blocked"
            yield place, Wrong("block.emergency", text, number=number)


def noted(wanted: CustomerEntry, stored: CustomerEntry, by: Identity, now: datetime) -> CustomerEntry:
    """The customer as wanted, in which every blocked caller has its author and time.

    `now`: on the customer's clocks, without zone.
    """
    if wanted.blocked_callers == stored.blocked_callers:
        return wanted
    known = {caller.number: caller for caller in stored.blocked_callers}
    who = by.login if by.role is Role.CUSTOMER else STAFF
    new = {"since": now.replace(second=0, microsecond=0), "by": who[:_LONGEST_NAME]}
    callers = tuple(
        caller.model_copy(update=_kept(known[caller.number]) if caller.number in known else new)
        for caller in wanted.blocked_callers
    )
    return wanted.model_copy(update={BLOCKED_CALLERS: callers})


def _kept(caller: BlockedCallerEntry) -> dict[str, object]:
    return {"since": caller.since, "by": caller.by}


_LONGEST_NAME = 80
