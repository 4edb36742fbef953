"""How a message goes on its way: to whom, by what, and when at the earliest (§5.2.3).

Rule of this file: everything is decided from the customer's entry at one moment, by the rules of
`engine.message.routing`; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.directory.presence import stands_in
from engine.entries import CustomerEntry
from engine.entries.contacts import NotifyEntry
from engine.entries.directory import contact as contact_of
from engine.hours.service import ZONE_NAME
from engine.message.routing import Reach, Way, recipients
from engine.message.slip import Slip, Urgency
from engine.message.states import Means, is_alarm
from engine.ports.outbox import Planned

UNDO = timedelta(seconds=10)
"""How long an agent can take a message back; nothing of it leaves the house before."""


def planned(entry: CustomerEntry, slip: Slip, now: datetime) -> list[Planned]:
    """The deliveries of a message that is taken now, none where nobody can be reached; an emergency waits for nothing.

    `now`: an aware time.
    """
    due = now if slip.urgency is Urgency.EMERGENCY else now + UNDO
    return [to(name, way, due, slip.urgency) for name, way in recipients(reaches(entry, now), slip.contact)]


def to(name: str, way: Way, due: datetime, urgency: Urgency = Urgency.NORMAL) -> Planned:
    """One delivery to this contact by this way: an emergency, and what rings as one, waits behind nothing else."""
    is_urgent = urgency is Urgency.EMERGENCY or is_alarm(way.means, way.options)
    return Planned(way.means, name, way.address, due, way.options, is_urgent)


def reaches(entry: CustomerEntry, now: datetime) -> list[Reach]:
    """How each of the customer's contacts is reached at `now`, an aware time."""
    contacts = [contact_of(one) for one in entry.contacts]
    instead = (stands_in(one, contacts, ZONE_NAME, now) for one in contacts)
    return [Reach(one.name, ways(one.notify), names) for one, names in zip(entry.contacts, instead, strict=True)]


def ways(notify: NotifyEntry) -> tuple[Way, ...]:
    """Every option that is active, each address for itself, in the order of §5.2.3."""
    found: list[Way] = []
    for option in notify.active:
        found += _ways(notify, Means(option))
    return tuple(found)


def _ways(notify: NotifyEntry, means: Means) -> Sequence[Way]:
    if means is Means.MAIL:
        return [Way(means, address) for address in notify.mail]
    if means is Means.PUSHOVER:
        assert notify.pushover is not None
        options = notify.pushover.model_dump(mode="json", exclude={"user"})
        return [Way(means, notify.pushover.user, options)]
    return [Way(means, str(notify.sms if means is Means.SMS else notify.fax))]
