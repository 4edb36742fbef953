"""Asked before every leg: may this number be dialled for this customer, by this trunk, now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.call.limits import Limits
from engine.main.ways_out import begin
from engine.ports import CallAttempt, CallRecord, Trunk
from engine.service.outbound import Dialling, Outbound
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.outbound import StoredOutbound
from engine.terms import E164, CallId, CustomerId, LegId
from engine.transfer import ways
from engine.transfer.limits import Allowance, Refused
from tests.accounts import TurnedClock
from tests.catalogue import RULES

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
MUSTER, NEXT = CustomerId(1), CustomerId(2)
MOBILE = E164("+491713920099")
WAY = ways.Outbound(1, "sip:carrier.example")


class House:
    """The service at a clock that is turned."""

    def __init__(self, *, legs: int = 3, minutes: int = 10, at_once: int = 10) -> None:
        self.clock = TurnedClock(NOON)
        self.coming: dict[str, int] = {}
        self.rules = Dialling(RULES.classes, countries=frozenset({"43"}))
        coming = lambda trunk: self.coming.get(trunk, 0)  # noqa: E731
        self.outbound = Outbound(lambda: self.rules, self.clock.now, Allowance(legs, minutes, at_once), coming)
        self.outbound.trunks([
            Trunk("a", outbound=WAY, limits=Limits(max_calls=2)), Trunk("b", outbound=WAY), Trunk("in", ("192.0.2.1",))
        ])  # fmt: skip
        self._legs = 0

    def dials(self, number: str = MOBILE, trunk: str = "a", customer: CustomerId = MUSTER) -> LegId | Refused:
        """The leg, or what stands against it."""
        self._legs += 1
        leg = LegId(f"c-leg-{self._legs}")
        return self.outbound.dials(leg, customer, E164(number), trunk) or leg


class TalkedToday:
    """A store."""

    def __init__(self, talked: Mapping[CustomerId, float]) -> None:
        self.talked, self.asked = talked, [NOON][:0]

    async def transferred(self, begin: datetime) -> Mapping[CustomerId, float]:
        self.asked.append(begin)
        return self.talked


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+49110", Refused.FORBIDDEN_NUMBER),
        ("+49900123456", Refused.FORBIDDEN_NUMBER),
        ("+491371234", Refused.FORBIDDEN_NUMBER),
        ("+4911833", Refused.FORBIDDEN_NUMBER),
        ("+491805123456", Refused.DEAR_NUMBER),
        ("+88213123456", Refused.DEAR_NUMBER),
        ("+41441234567", Refused.ABROAD),
        ("+252612345678", Refused.ABROAD),
    ],
)
def test_a_number_that_was_entered_before_the_rules_changed_is_not_dialled(number: str, why: Refused) -> None:
    house = House()
    assert house.dials(number) is why
    assert house.dials("+436641234567") == "c-leg-2", "what is refused uses up nothing"


def test_the_rules_are_those_of_the_moment() -> None:
    house = House()
    house.rules = replace(house.rules, countries=frozenset())
    assert house.dials("+436641234567") is Refused.ABROAD


def test_one_customers_fraud_leaves_the_others_alone() -> None:
    house = House(legs=2)
    for _ in range(2):
        leg = house.dials()
        assert not isinstance(leg, Refused)
        house.outbound.ended(leg)
    assert house.dials() is Refused.LEGS_PER_MINUTE
    assert house.dials(customer=NEXT) == "c-leg-4"
    house.clock.turn(minutes=1)
    assert house.dials() == "c-leg-5"


def test_support_has_agreed_on_more_or_less() -> None:
    house = House(legs=2, minutes=10)
    house.outbound.allow(MUSTER, 1, None)
    assert house.dials() == "c-leg-1"
    assert house.dials() is Refused.LEGS_PER_MINUTE
    house.outbound.allow(MUSTER, None, 1)
    assert house.dials() == "c-leg-3"


def test_the_minutes_of_the_day_are_used_up_by_talks_alone() -> None:
    house = House(minutes=10)
    leg, silent = house.dials(), house.dials()
    assert not isinstance(leg, Refused) and not isinstance(silent, Refused)
    house.outbound.answered(leg)
    house.clock.turn(minutes=9)
    house.outbound.ended(silent)
    assert house.outbound.refuses_customer(MUSTER) is None
    house.clock.turn(minutes=1)
    assert house.outbound.refuses_customer(MUSTER) is Refused.MINUTES_PER_DAY
    house.outbound.ended(leg)
    assert house.dials() is Refused.MINUTES_PER_DAY
    house.clock.turn(hours=12)
    assert house.dials() == "c-leg-4", "another day"


def test_a_talk_may_last_as_long_as_the_day_has_minutes_left() -> None:
    house = House(legs=100, minutes=10)
    assert house.outbound.longest(MUSTER) == 600
    leg = house.dials()
    assert not isinstance(leg, Refused)
    house.outbound.answered(leg)
    house.clock.turn(minutes=4)
    assert house.outbound.longest(MUSTER) == 360
    house.clock.turn(minutes=4)
    house.outbound.ended(leg)
    assert house.outbound.longest(MUSTER) == 120
    house.clock.turn(hours=11, minutes=51)
    assert house.outbound.longest(MUSTER) == 60 + 600, "a minute before midnight: the next day has its own"


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 25), 24)])
def test_a_day_ends_at_midnight_here_however_long_it_is(day: tuple[int, int, int], hours: int) -> None:
    house = House(minutes=100_000)
    house.clock.at = datetime(*day, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert house.outbound.longest(MUSTER) == hours * 3600 + 6_000_000


def test_so_many_legs_at_once_and_no_more() -> None:
    house = House(legs=100, at_once=2)
    first = house.dials(trunk="b")
    assert not isinstance(first, Refused)
    house.dials(trunk="b")
    assert house.dials(trunk="b") is Refused.LEGS_AT_ONCE
    assert house.outbound.refuses_customer(NEXT) is None
    house.outbound.allow(MUSTER, 100, None)
    assert house.dials(trunk="b") is Refused.LEGS_AT_ONCE
    house.outbound.ended(first)
    assert house.dials(trunk="b") == "c-leg-5"


def test_a_trunk_carries_so_many_at_once_whichever_way_they_came() -> None:
    house = House(legs=100)
    first = house.dials()
    assert not isinstance(first, Refused)
    house.coming["a"] = 1
    assert house.dials() is Refused.TRUNK_FULL
    house.coming["a"] = 0
    assert house.dials(customer=NEXT) == "c-leg-3"
    assert house.dials() is Refused.TRUNK_FULL
    house.outbound.ended(first)
    assert house.dials() == "c-leg-5"


def test_a_carrier_that_is_known_to_be_away_is_not_asked() -> None:
    house = House()
    house.outbound.is_away = lambda trunk: trunk == "a"
    assert house.dials() is Refused.TRUNK_AWAY
    assert house.outbound.going("a") == 0
    house.outbound.is_away = lambda trunk: False
    assert house.dials() == "c-leg-2"
    assert house.outbound.going("a") == 1


@pytest.mark.parametrize("trunk", ["in", "gone"])
def test_a_trunk_that_does_not_dial_out_any_more_is_none(trunk: str) -> None:
    assert House().dials(trunk=trunk) is Refused.NO_TRUNK


async def test_a_new_engine_knows_what_was_talked_today_and_the_legs_there_are() -> None:
    house, store = House(legs=100, minutes=10), TalkedToday({MUSTER: 540.0})
    await house.outbound.begin(store)
    assert store.asked == [datetime(2026, 11, 24, 23, 0, tzinfo=UTC)], "midnight in Berlin"
    assert house.outbound.refuses_customer(MUSTER) is None
    house.outbound.resumes(LegId("x-leg-1"), MUSTER, "a", NOON - timedelta(minutes=1))
    assert house.dials() is Refused.MINUTES_PER_DAY
    house.outbound.resumes(LegId("x-leg-2"), NEXT, "a", None)
    assert house.dials(customer=NEXT) is Refused.TRUNK_FULL


def test_a_leg_that_nobody_knows_changes_nothing() -> None:
    house = House()
    house.outbound.answered(LegId("x"))
    house.outbound.ended(LegId("x"))
    assert house.dials() == "c-leg-1"


def leg(call: str, n: int, customer: CustomerId, answered: datetime | None, ended: datetime) -> CallAttempt:
    """One leg of that call."""
    times = (ended - timedelta(hours=3), None, answered, None, ended)
    return CallAttempt(LegId(f"{call}-out-{n}"), CallId(call), customer, "Eva", MOBILE, "a", "blind", *times, "x", None)


async def test_the_store_adds_up_what_was_talked_since_midnight_each_from_its_answer(database: Database) -> None:
    """Whether the caller was joined or the agent alone has talked, and of a call from yesterday what was today."""
    journal, minute = StoredJournal(database), timedelta(minutes=1)
    legs = [
        leg("today", 1, MUSTER, NOON, NOON + 2 * minute),
        leg("today", 2, MUSTER, None, NOON + 3 * minute),
        leg("over midnight", 1, MUSTER, NOON - 30 * minute, NOON + 8 * minute),
        leg("yesterday", 1, MUSTER, NOON - 30 * minute, NOON - minute),
        leg("next", 1, NEXT, NOON + minute, NOON + 1.5 * minute),
    ]
    for one in legs:
        journal.tried(one)
    for call in {one.call: one for one in legs}.values():
        arrived = NOON - timedelta(hours=1)
        journal.closed(CallRecord(call.call, "1", None, call.customer, None, None, arrived, "answered"))
    await journal.close()
    assert await StoredOutbound(database).transferred(NOON) == {MUSTER: 600.0, NEXT: 30.0}


async def test_a_killed_engines_last_talks_count_though_the_store_was_not_told(
    database: Database, tmp_path: Path
) -> None:
    journal = StoredJournal(database)
    await journal.keep_file(tmp_path / "journal")
    journal._writer.cancel()
    journal.tried(leg("c1", 1, MUSTER, NOON - timedelta(minutes=10), NOON))
    journal.closed(CallRecord(CallId("c1"), "1", None, MUSTER, None, None, NOON, "answered"))
    assert journal._file
    journal._file.close()
    house, after = House(minutes=10), StoredJournal(database)
    await after.keep_file(tmp_path / "journal")
    await begin(house.outbound, database, after)
    await after.close()
    assert house.dials() is Refused.MINUTES_PER_DAY


def test_a_fax_needs_a_line_and_nothing_of_a_customers() -> None:
    house = House(legs=1)
    fax = LegId("fax-1-0")
    assert house.outbound.faxes(fax, "a") is None
    assert house.outbound.going("a") == 1
    house.outbound.answered(fax)
    assert isinstance(house.dials(trunk="a"), str)
    assert house.outbound.faxes(LegId("fax-2-0"), "a") is Refused.TRUNK_FULL
    assert house.outbound.faxes(LegId("fax-2-0"), "in") is Refused.NO_TRUNK
    house.outbound.ended(fax)
    assert house.outbound.going("a") == 1
    assert house.outbound.over() == []
