"""Admission: whose number was dialled, in the order of arrival, read anew for every call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from engine.acd.need import Need
from engine.call import events as e
from engine.call.plan import Plan, WaitPlan
from engine.hours.service import ServiceHours, Span
from engine.ports import CustomerSettings, Line
from engine.service import admission
from engine.service.admission import Admission
from engine.terms import E164, CallId, CustomerId, NumberClass, Treatment

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OFFICE = ServiceHours(tuple((Span(480, 1080),) if day < 5 else () for day in range(7)))
NUMBER = E164("+4930123450")


def customer(treatment: Treatment = Treatment.DELAYED_CONNECT, **wait: object) -> CustomerSettings:
    settings = replace(WaitPlan(treatment), **wait)  # type: ignore[arg-type]
    return CustomerSettings(CustomerId(1), "K1001", "Muster GmbH", False, settings, Need(), OFFICE)


class Register:
    """Customers by access number; `asked` has every look-up."""

    def __init__(self, *customers: tuple[str, CustomerSettings]) -> None:
        self.customers = dict(customers)
        self.asked: list[str] = []
        self.delays: dict[str, float] = {}

    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        self.asked.append(number)
        if delay := self.delays.get(number):
            await asyncio.sleep(delay)
        return self.customers.get(number)


class Noon:
    def __init__(self, now: datetime = MONDAY_NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def set(self) -> None:
        raise AssertionError("admission sets no clock")


async def met(register: Register, *numbers: str, now: datetime = MONDAY_NOON) -> list[tuple[CallId, e.Event]]:
    """What calls to these numbers meet, in the order in which it was told."""
    told: list[tuple[CallId, e.Event]] = []
    all_told = asyncio.Event()

    def tell(call: CallId, event: e.Event) -> None:
        told.append((call, event))
        if len(told) == len(numbers):
            all_told.set()

    desk = Admission(register, Noon(now))
    work = asyncio.create_task(desk.run(tell))
    for n, number in enumerate(numbers, start=1):
        desk.admit(CallId(str(n)), number)
    async with asyncio.timeout(5):
        await all_told.wait()
    work.cancel()
    return told


async def test_four_spellings_of_one_number_find_the_customer() -> None:
    register = Register((NUMBER, customer()))
    told = await met(register, "+4930123450", "004930123450", "4930123450", "030123450")
    assert [(type(event), event.open) for _, event in told if isinstance(event, e.CustomerFound)] == [
        (e.CustomerFound, True)
    ] * 4
    assert register.asked == [NUMBER] * 4, "one look-up per call, no cache"


async def test_who_is_looked_up_slowly_is_not_overtaken() -> None:
    register = Register((NUMBER, customer()))
    register.delays[NUMBER] = 0.05
    told = await met(register, NUMBER, "+49309999")
    assert [(call, type(event)) for call, event in told] == [("1", e.CustomerFound), ("2", e.NumberUnknown)]


@pytest.mark.parametrize("number", ["", "h", "asterisk", "+490", "0" * 40])
async def test_what_is_no_number_is_unknown_without_asking_the_store(number: str) -> None:
    register = Register()
    assert await met(register, number) == [(CallId("1"), e.NumberUnknown())]
    assert register.asked == []


async def test_blocked_customer() -> None:
    register = Register((NUMBER, replace(customer(), blocked=True)))
    ((_, event),) = await met(register, NUMBER)
    assert isinstance(event, e.CustomerBlocked)


WHY = "2026-03-01 12:00 eva@muster.example Werbung"


@pytest.mark.parametrize("caller", ["+491701234567", "00491701234567", "491701234567", "01701234567"])
async def test_a_caller_whom_this_customer_has_blocked_is_not_let_through(caller: str) -> None:
    ours = replace(customer(), blocked_callers={E164("+491701234567"): WHY})
    register = Register((NUMBER, ours), (E164("+49302"), customer()))
    desk = Admission(register, Noon())
    for now in (MONDAY_NOON, datetime(2026, 3, 1, 12, 0, tzinfo=UTC)):
        desk = Admission(register, Noon(now))
        event = await desk.look_up(NUMBER, caller)
        assert isinstance(event, e.CallerBlocked)
        assert (event.number, event.why, event.plan.number) == ("+491701234567", WHY, "K1001")
    assert isinstance(await desk.look_up("+49302", caller), e.CustomerFound), "another customer's list"
    del ours.blocked_callers[E164("+491701234567")]  # type: ignore[attr-defined]
    assert isinstance(await desk.look_up(NUMBER, caller), e.CustomerFound), "from the next call on"


@pytest.mark.parametrize("caller", [None, "anonymous", "", "testcall", "+4917012345678", "+49170123456"])
async def test_who_hides_the_number_or_has_another_one_is_never_blocked(caller: str | None) -> None:
    ours = replace(customer(), blocked_callers={E164("+491701234567"): WHY})
    assert isinstance(await Admission(Register((NUMBER, ours)), Noon()).look_up(NUMBER, caller), e.CustomerFound)


async def test_a_blocked_customers_blocked_caller_learns_that_the_customer_is_blocked() -> None:
    ours = replace(customer(), blocked=True, blocked_callers={E164("+49170"): WHY})
    assert isinstance(await Admission(Register((NUMBER, ours)), Noon()).look_up(NUMBER, "+49170"), e.CustomerBlocked)


async def test_closed_on_sunday_with_the_reason() -> None:
    register = Register((NUMBER, customer()))
    ((_, event),) = await met(register, NUMBER, now=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    assert isinstance(event, e.CustomerFound)
    assert (event.open, event.why) == (False, "outside_hours")


LIMITS = [(None, 120.0), (60.0, 60.0), (600.0, 120.0)]


@pytest.mark.parametrize(("wish", "limit"), LIMITS)
async def test_l6_delayed_connect_never_waits_longer_than_the_installation_allows(
    wish: float | None, limit: float
) -> None:
    plan = await plan_of(customer(max_wait=wish))
    assert plan.wait.max_wait == limit


async def test_l2_an_answered_caller_of_an_0180_7_line_waits_30_seconds_at_most() -> None:
    line = Line(E164("+491807123456"), NumberClass.BUDGET_30S)
    for treatment, wish, limit in [(Treatment.ANSWERED, None, 30.0), (Treatment.ANSWERED, 90, 30.0),
                                   (Treatment.ANSWERED, 20, 20.0), (Treatment.DELAYED_CONNECT, 90, 90.0)]:  # fmt: skip
        plan = await plan_of(replace(customer(treatment, max_wait=wish), lines=(line,)))
        assert (plan.wait.max_wait, plan.wait.ends_at_once) == (limit, treatment is Treatment.ANSWERED)


async def test_other_treatments_may_wait_without_limit() -> None:
    plan = await plan_of(customer(Treatment.RINGING))
    assert plan.wait.max_wait is None
    assert (plan.ring_time, plan.alert_time) == (20.0, 5.0)


@pytest.mark.parametrize(
    ("number_class", "may_hold", "may_return"),
    [
        (NumberClass.GEOGRAPHIC, True, True),
        (NumberClass.FIXED_PRICE, True, True),
        (NumberClass.BUDGET_30S, False, False),
        (NumberClass.PER_MINUTE, False, False),
        (NumberClass.UNKNOWN, False, False),
    ],
)
async def test_l3_who_would_pay_for_waiting_does_not_wait_again(
    number_class: NumberClass, may_hold: bool, may_return: bool
) -> None:
    line = Line(E164("+4918012345"), number_class)
    plan = await plan_of(replace(customer(), lines=(line,)))
    assert (plan.may_hold, plan.may_return) == (may_hold, may_return)


async def test_l5_the_customers_lines_say_what_callers_hear_first() -> None:
    line = Line(E164("+491806123456"), NumberClass.FIXED_PRICE)
    plan = await plan_of(replace(customer(greeting="welcome"), lines=(line,)))
    assert plan.wait.opening == ("fixed-price", "welcome")
    assert (await plan_of(customer(greeting="welcome"))).wait.opening == ("welcome",)


async def plan_of(settings: CustomerSettings) -> Plan:
    ((_, event),) = await met(Register((NUMBER, settings)), NUMBER)
    assert isinstance(event, e.CustomerFound)
    return event.plan


class Broken(Register):
    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        raise OSError("no such table")


async def test_a_broken_store_costs_one_call_an_answer_not_the_others_theirs() -> None:
    assert await met(Broken(), NUMBER, NUMBER) == [
        (CallId("1"), e.LookupFailed()),
        (CallId("2"), e.LookupFailed()),
    ]


async def test_a_store_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LOOKUP_SECONDS", 0.01)
    register = Register((NUMBER, customer()))
    register.delays[NUMBER] = 60
    told = await met(register, NUMBER, "+49309999")
    assert told == [(CallId("1"), e.LookupFailed()), (CallId("2"), e.NumberUnknown())]


async def test_a_store_that_hangs_does_not_dam_up_the_calls_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LOOKUP_SECONDS", 0.2)
    monkeypatch.setattr(admission, "LEAST_SECONDS", 0.001)
    register = Register((NUMBER, customer()))
    register.delays[NUMBER] = 60
    started = asyncio.get_running_loop().time()
    with capture_logs() as logs:
        told = await met(register, *[NUMBER] * 20)
    assert told == [(CallId(str(n)), e.LookupFailed()) for n in range(1, 21)]
    assert asyncio.get_running_loop().time() - started < 2, "not twenty times the limit"
    assert [entry["event"] for entry in logs] == ["lookup_failed"] * 20


async def test_a_customer_whose_hours_cannot_be_judged_gets_an_answer() -> None:
    broken = replace(customer(), hours=replace(OFFICE, zone="Nowhere/Land"))
    assert await met(Register((NUMBER, broken)), NUMBER) == [(CallId("1"), e.LookupFailed())]
