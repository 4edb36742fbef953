"""Who gets a message, and by what (§5.2.3).

Rule of this file: nobody gets the same message twice by the same way, and no message is without a recipient as long as
the customer has one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from engine.message.states import Means


@dataclass(frozen=True, slots=True)
class Way:
    """One option by which a contact gets messages, as it was entered and is not off."""

    means: Means
    address: str
    """Mail address, number in E.164, or Pushover's user key."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Pushover's `level`, `retry`, `expire` and `next`, the name of the contact who is alarmed then."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How messages for one contact are delivered just now."""

    name: str
    ways: tuple[Way, ...]
    """In the order of §5.2.3: mail, SMS, Pushover, fax."""
    stands_in: tuple[str, ...] | None = None
    """Who gets this contact's messages while it is absent and wishes so, itself among them if it gets them too.

    None or empty = itself alone.
    """


def recipients(contacts: Sequence[Reach], chosen: str | None) -> list[tuple[str, Way]]:
    """Who gets a message for `chosen` by what, in the order of the contacts; each means and address once.

    `contacts`: all of the customer; `chosen`: a contact's name. None, or a name that is gone meanwhile = everybody.
    Whoever stands in but is gone or cannot be reached is nobody: then the contact gets it itself.
    """
    known = {one.name: one for one in contacts}
    wanted = [known[chosen]] if chosen in known else list(contacts)
    found = ((one.name, way) for contact in wanted for one in _instead(contact, known) for way in one.ways)
    return list(_each_once(found))


def next_alarm(
    contacts: Sequence[Reach], expired: str, alarmed: Collection[str], chosen: str | None = None, named: str = ""
) -> tuple[str, Way] | None:
    """Who is alarmed by Pushover after `expired` has not acknowledged it, down the chain of `next`; None = its end.

    `alarmed`: everybody who was alarmed with this message; none of them is again, nor their telephones under another
    name. Who of the chain was alarmed already or has no Pushover any more is passed over. `chosen`: the contact whom
    the message is for; where a deputy's own chain is at its end, this contact's goes on. `named`: whom `expired` had
    named when it was alarmed; counts where it is gone since then, or has another name.
    """
    known = {one.name: one for one in contacts}
    done = {*alarmed, expired}
    keys = {way.address for name in done if name in known for way in _pushovers(known[name])}
    named = named if expired not in known else ""
    for contact in chain(_chain(known, expired, named), _chain(known, chosen or expired)):
        for one in _instead(contact, known, Means.PUSHOVER):
            for way in _pushovers(one):
                if one.name not in done and way.address not in keys:
                    return one.name, way
    return None


def _instead(contact: Reach, known: Mapping[str, Reach], means: Means | None = None) -> list[Reach]:
    """Who gets what is for the contact, by this means if one is said; itself if nobody else can."""
    others = [known[name] for name in contact.stands_in or () if name in known]
    able = [one for one in others if any(means in (None, way.means) for way in one.ways)]
    return able or [contact]


def _chain(known: Mapping[str, Reach], first: str, named: str = "") -> Iterator[Reach]:
    """Whom the chain names after the first, each once. `named`: the first of them, where the first is not known."""
    seen, name = {first}, named or _next(known.get(first))
    while name in known and name not in seen:
        seen.add(name)
        yield known[name]
        name = _next(known[name])


def _next(contact: Reach | None) -> str:
    named = (way.options.get("next") for way in _pushovers(contact)) if contact else ()
    return next((str(name) for name in named if name), "")


def _pushovers(contact: Reach) -> Iterator[Way]:
    return (way for way in contact.ways if way.means is Means.PUSHOVER)


def _each_once(found: Iterable[tuple[str, Way]]) -> Iterator[tuple[str, Way]]:
    seen = set()
    for name, way in found:
        key = way.means, way.address.casefold() if way.means is Means.MAIL else way.address
        if key not in seen:
            seen.add(key)
            yield name, way
