"""What is kept about one telephone number: told, handed over, deleted (GDPR, articles 15, 17, 20; ADR 31).

Rule of this file: whose customer's data it is about is decided here: a customer's users see their own, support that of
one or, by a right of its own, of all. Nothing is deleted while a call of that number is going on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.accounts import Action, Identity
from engine.ports.customers import Author
from engine.ports.keeping import NightReport, ReportStore
from engine.ports.persons import STAYS, Deletion, Kind, Person, PersonStore, Traces
from engine.service.customers import NoSuchCustomer, author_of
from engine.terms import E164, CustomerId, Wrong, dialled, spellings

COMMAND_LINE = Author("command line")
_HIDDEN = frozenset(
    {"", "anonymous", "anonym", "unknown", "unbekannt", "unterdrückt", "restricted", "private", "hidden"}
)
PERIODS = ("callers", "call_trails", "calls", "messages", "message_deliveries", "audit")
"""What of a caller has a period, by its setting without `_days`."""
_CASE = 5
"""Bytes of a case's number."""


class AtRest:
    """Fills `Traces` where no engine runs, and none has left anything."""

    async def settle(self, numbers: Collection[str]) -> bool:
        """See Traces."""
        return False

    async def forget(self, numbers: Collection[str]) -> None:
        """See Traces."""


class StillCalling(Exception):
    """A call of this number is going on: what it leaves would come after the deletion."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted."""

    case: str
    """Stands in the log of changes; without it nobody can tell whose deletion that was."""
    counts: Mapping[Kind, int]
    person: Person
    """As it was found a moment before."""


class Persons:
    """Works on one store. `by` None is the command line."""

    def __init__(
        self,
        store: PersonStore,
        reports: ReportStore,
        now: Callable[[], datetime],
        traces: Traces | None = None,
        country: str = "49",
        periods: Mapping[str, int] | None = None,
    ) -> None:
        """`now`: this moment, in UTC; `traces`: of the running engine; `country`: its code without plus.

        `periods`: for how many days what is kept (PERIODS), which who asks is told (article 15 (1) (d)).
        """
        self._store, self._reports, self._now = store, reports, now
        self._traces, self._country = traces or AtRest(), country
        self.periods: Mapping[str, int] = periods or {}

    async def nights(self, most: int) -> Sequence[NightReport]:
        """What the last nights have forgotten, the latest first."""
        return await self._reports.last(most)

    def number(self, text: str) -> E164:
        """The number that somebody has written in whatever way. Raises Wrong."""
        bare = text.strip()
        if bare.casefold() in _HIDDEN:
            raise Wrong("person.hidden", "nothing can be found by a hidden number: ask for the number itself")
        if bare.startswith(("+", "00")):
            bare = bare.replace("(0)", "")
        return dialled(bare, self._country)

    async def find(self, text: str, customer: CustomerId | None, by: Identity | None) -> Person:
        """Everything about this number in that customer's data, or in everybody's.

        Raises Wrong, or NoSuchCustomer for who must not see it.
        """
        _check(customer, by)
        number = self.number(text)
        await self._traces.settle(spellings(number, self._country))
        return await self._store.find(number, customer)

    async def delete(
        self, text: str, customer: CustomerId | None, by: Identity | None, keep: Collection[Kind] = ()
    ) -> Deleted:
        """Delete it, but for the kinds to `keep`. Raises as `find`, and StillCalling."""
        _check(customer, by)
        number = self.number(text)
        written = spellings(number, self._country)
        if await self._traces.settle(written):
            raise StillCalling
        person = await self._store.find(number, customer)
        author = author_of(by) if by else COMMAND_LINE
        case = secrets.token_hex(_CASE)
        order = Deletion(case, author, self._now(), customer is None, frozenset(keep))
        await self._store.delete(person, order)
        await self._traces.forget(written)
        counts = {kind: count for kind, count in person.counts.items() if kind not in STAYS | order.keep}
        return Deleted(case, counts, person)


def document(
    person: Person, made_at: datetime, left_out: Collection[str], periods: Mapping[str, int]
) -> dict[str, Any]:
    """All of it as a file for the person who has asked; `left_out`: sentences that say what is not in it, and why."""
    rows = {kind.value: list(person.rows[kind]) for kind in Kind}
    about = {"number": person.number, "made_at": made_at.isoformat()}
    return {**about, **rows, "kept_for_days": dict(periods), "left_out": list(left_out)}


def _check(customer: CustomerId | None, by: Identity | None) -> None:
    if by is None:
        return
    right = Action.ANSWER_PERSONS if customer is None else Action.EDIT_OWN
    if not by.may(right) or (customer is not None and not by.sees(customer)):
        raise NoSuchCustomer(customer)
