"""Before a number is dialled for a customer: may it be, by this trunk, now? The limits against toll fraud.

Rules of this file: asked for every leg in the moment before it is dialled, whatever was said when the number was
entered or the order given. What is counted is in memory; the minutes of today are read from the records at the
start, and from the calls that go on, so an engine that begins anew forgets one minute's legs and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.law.classes import ClassTable
from engine.ports import Trunk
from engine.ports.outbound import OutboundStore
from engine.terms import E164, CustomerId, LegId
from engine.transfer import ways
from engine.transfer.limits import Allowance, Refused, Usage

_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Dialling:
    """What holds for every number."""

    classes: ClassTable
    country: str = "49"
    """The installation's code without plus."""
    countries: frozenset[str] = frozenset()
    """The others to which callers may be put through: codes and regions (`engine.law.outgoing.is_abroad`)."""


@dataclass(frozen=True, slots=True)
class _Leg:
    customer: CustomerId | None
    """None = a fax of ours."""
    trunk: str


class Outbound:
    """Knows the trunks, what each customer may use and has used, and the legs that there are."""

    def __init__(
        self,
        rules: Callable[[], Dialling],
        now: Callable[[], datetime],
        usual: Allowance,
        coming: Callable[[str], int] = lambda trunk: 0,
    ) -> None:
        """`rules`: what holds at the moment; `now`: this moment, in UTC; `usual`: of who has no allowance of his own.

        `coming(trunk)`: how many calls this trunk has brought that are there now.
        """
        self._rules, self._now, self._usual = rules, now, usual
        self.coming = coming
        self.is_away: Callable[[str], bool] = lambda trunk: False
        """Whether this trunk's carrier is known not to answer."""
        self._trunks: dict[str, Trunk] = {}
        self._allowances: dict[CustomerId, Allowance] = {}
        self._usages: dict[CustomerId, Usage] = {}
        self._legs: dict[LegId, _Leg] = {}

    async def begin(self, store: OutboundStore) -> None:
        """Take over what was talked today before this engine was there."""
        day = self._day()
        for customer, seconds in (await store.transferred(day)).items():
            self._usages[customer] = Usage(day, seconds)

    def trunks(self, trunks: Iterable[Trunk]) -> None:
        """These are the trunks from now on; legs go on."""
        self._trunks = {trunk.name: trunk for trunk in trunks}

    def ways(self) -> list[tuple[str, ways.Outbound]]:
        """The trunks that dial out, the first to be tried first."""
        return ways.in_order((name, trunk.outbound) for name, trunk in self._trunks.items())

    def allow(self, customer: CustomerId, legs_per_minute: int | None, minutes_per_day: int | None) -> None:
        """What this customer may use; None = as usual."""
        usual = self._usual
        self._allowances[customer] = Allowance(
            legs_per_minute or usual.legs_per_minute, minutes_per_day or usual.minutes_per_day, usual.legs_at_once
        )

    def refuses_number(self, number: E164, own: Collection[E164] = ()) -> Refused | None:
        """What stands against the number itself; `own`: where a call to it would come back."""
        from engine.law.outgoing import (  # here: numbering plans take their time to load
            is_abroad,
            is_dear,
            is_forbidden,
        )

        rules = self._rules()
        if is_forbidden(number, rules.country):
            return Refused.FORBIDDEN_NUMBER
        if number in own:
            return Refused.OWN_NUMBER
        if is_dear(number, rules.classes):
            return Refused.DEAR_NUMBER
        return Refused.ABROAD if is_abroad(number, rules.countries | {rules.country}) else None

    def allowance(self, customer: CustomerId) -> Allowance:
        """What this customer may use, as far as it is known here."""
        return self._allowances.get(customer, self._usual)

    def longest(self, customer: CustomerId) -> float:
        """Seconds that one talk may last that begins now: what is left of the day; over midnight the next one's, too.

        > 0 where the customer is not refused.
        """
        allowance, day = self.allowance(customer), self._day()
        left = self._usage(customer).left(allowance, self._now(), day)
        midnight = (day + timedelta(hours=26)).astimezone(_ZONE).replace(hour=0)  # a day has 23 to 25 hours
        until = (midnight - self._now()).total_seconds()
        return left if left <= until else until + allowance.minutes_per_day * 60.0

    def over(self) -> list[LegId]:
        """Talks that are to end: the newest of each customer who has talked for longer today than he may."""
        day, now = self._day(), self._now()
        used = (usage for key, usage in self._usages.items() if usage.left(self.allowance(key), now, day) <= 0)
        return [leg for usage in used if (leg := usage.newest()) is not None]

    def refuses_customer(self, customer: CustomerId) -> Refused | None:
        """Whether the customer has used up what he may."""
        usage, legs = self._usages.get(customer), self._legs.values()
        if sum(leg.customer == customer for leg in legs) >= self.allowance(customer).legs_at_once:
            return Refused.LEGS_AT_ONCE
        return usage.refused(self.allowance(customer), self._now(), self._day()) if usage else None

    def dials(self, leg: LegId, customer: CustomerId, number: E164, trunk: str) -> Refused | None:
        """Ask in the moment before this leg is dialled; None = it may be, and is counted from now on.

        Where the reason `is_the_trunks`, the next route may do; any other stands against this number by every route.
        """
        refused = self.refuses_number(number) or self.refuses_customer(customer) or self._refuses_trunk(trunk)
        if refused is None:
            self._usage(customer).dials(self._now())
            self._legs[leg] = _Leg(customer, trunk)
        return refused

    def faxes(self, leg: LegId, trunk: str) -> Refused | None:
        """The same for a fax, which uses up nothing of a customer's: only the trunk must have room for it."""
        refused = self._refuses_trunk(trunk)
        if refused is None:
            self._legs[leg] = _Leg(None, trunk)
        return refused

    def resumes(self, leg: LegId, customer: CustomerId, trunk: str, answered_at: datetime | None) -> None:
        """A leg that another engine has dialled is there."""
        self._legs[leg] = _Leg(customer, trunk)
        if answered_at is not None:
            self._usage(customer).begins(leg, answered_at)

    def talked(self, customer: CustomerId, begun: datetime, ended: datetime) -> None:
        """A leg of another engine is over, whose call goes on: the records do not have it yet."""
        self._usage(customer).talked(begun, ended, self._day())

    def answered(self, leg: LegId) -> None:
        """The target has answered; for a leg that is not known nothing happens."""
        if (known := self._legs.get(leg)) and known.customer is not None:
            self._usage(known.customer).begins(leg, self._now())

    def ended(self, leg: LegId) -> None:
        """The leg is over; for one that is not known nothing happens."""
        if (known := self._legs.pop(leg, None)) and known.customer is not None:
            self._usage(known.customer).ends(leg, self._now(), self._day())

    def going(self, trunk: str) -> int:
        """How many legs go out by this trunk now."""
        return sum(leg.trunk == trunk for leg in self._legs.values())

    def _refuses_trunk(self, name: str) -> Refused | None:
        trunk = self._trunks.get(name)
        if trunk is None or trunk.outbound is None:
            return Refused.NO_TRUNK
        if self.is_away(name):
            return Refused.TRUNK_AWAY
        most = trunk.limits.max_calls
        return Refused.TRUNK_FULL if most is not None and self.going(name) + self.coming(name) >= most else None

    def _usage(self, customer: CustomerId) -> Usage:
        return self._usages.setdefault(customer, Usage(self._day()))

    def _day(self) -> datetime:
        return self._now().astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
