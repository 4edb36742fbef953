"""Incidents: callers who paid while waiting (L4), and lines that do not fit what is on record (L1).

Rule of this file: what happened is judged by the settings of this moment; nothing is kept, so a call is an incident as
soon as its record is in the store, and a line that is put on record is a warning no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.law.classes import SEVERITY, ClassTable
from engine.law.proof import Incident, LineWarning, incident, line_warning
from engine.ports import Line
from engine.ports.incidents import EarlyAnswer, IncidentStore, Owner
from engine.service.customer_rules import Installation
from engine.terms import E164, CallId, CustomerId, NotANumber, NumberClass, dialled

DAYS = 30
"""How far back incidents are looked for."""
MOST = 200
CALLS = 1000
"""The last calls whose forwarded lines are looked at."""


@dataclass(frozen=True, slots=True)
class FoundIncident:
    """A call in which waiting cost the caller money."""

    call: CallId
    number: str
    """The customer's."""
    name: str
    arrived_at: datetime
    incident: Incident


@dataclass(frozen=True, slots=True)
class FoundWarning:
    """A line that carriers name in a customer's calls, and what is wrong with it."""

    number: str
    name: str
    last_at: datetime
    warning: LineWarning


class Incidents:
    """Works on one store."""

    def __init__(self, store: IncidentStore, rules: Callable[[], Installation], now: Callable[[], datetime]) -> None:
        """`rules`: what holds at the moment; `now`: this moment, in UTC."""
        self._store, self._rules, self._now = store, rules, now

    async def incidents(self, customer: CustomerId | None = None) -> Sequence[FoundIncident]:
        """The last ones of this customer, or of all: at most MOST of the last DAYS days, the latest first."""
        rules = self._rules()
        since = self._now() - timedelta(days=DAYS)
        answers = await self._store.early_answers(customer, rules.classes.prefixes(), since, MOST)
        owners = await self._store.owners({one.customer for one in answers})
        found = []
        for one in answers:
            owner = owners.get(one.customer)
            broken = incident(one, _class_of(one, owner, rules)) if owner else None
            if owner and broken:
                found.append(FoundIncident(one.id, owner.number, owner.name, one.arrived_at, broken))
        return found

    async def warnings(self, customer: CustomerId | None = None) -> Sequence[FoundWarning]:
        """Of the lines named in this customer's last calls, or in everybody's (CALLS of them), the latest first."""
        rules = self._rules()
        named = await self._store.named_lines(customer, CALLS)
        owners = await self._store.owners({one.customer for one in named})
        found = []
        for one in named:
            owner = owners.get(one.customer)
            warning = owner and line_warning(
                one.line, lines_of(owner.lines, rules.classes), rules.classes, rules.country
            )
            if owner and warning:
                found.append(FoundWarning(owner.number, owner.name, one.last_at, warning))
        return found


def lines_of(lines: Iterable[tuple[str, NumberClass | None]], classes: ClassTable) -> list[Line]:
    """Lines on record, each with the class that holds for it (L1)."""
    return [Line(E164(text), classes.class_of(E164(text), correction)) for text, correction in lines]


def _class_of(call: EarlyAnswer, owner: Owner, rules: Installation) -> NumberClass:
    """That of the line that the carrier named; else of the strictest on record, or a mild one where there is none."""
    own = lines_of(owner.lines, rules.classes)
    try:
        named = dialled(call.line or "", rules.country)
    except NotANumber:
        known = [line.number_class for line in own]
        return max(known, default=NumberClass.GEOGRAPHIC, key=SEVERITY.__getitem__)
    on_record = [line.number_class for line in own if line.number == named]
    return on_record[0] if on_record else rules.classes.rule_for(named).number_class
