"""Limits at the exchange: who is refused, what is written down of it, and that nobody else notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from structlog.testing import capture_logs

from engine.acd.agents import AcdSettings
from engine.call import commands as c
from engine.call import events as e
from engine.call.limits import Limits
from engine.ports import Trunk
from engine.service.exchange import Exchange
from engine.terms import CallId, CustomerId, HangupCause
from tests.rules.calls import NOON, NUMBER, plan
from tests.rules.world import World

CONGESTION, BUSY = c.Release(HangupCause.CONGESTION), c.Release(HangupCause.BUSY)


class House(World):
    """An exchange whose clock stands still; look-ups are answered at once, with the customer of `limits`."""

    def __init__(self, limits: Limits | None = None, trunk_rate: float | None = None, **trunks: Limits) -> None:
        super().__init__()
        self.orders: list[tuple[CallId, c.SwitchCommand]] = []
        self.limits = limits or Limits()
        self.exchange = Exchange(self, self, self, self, AcdSettings(), self.finds, trunk_rate)
        self.exchange.gate.trunks(Trunk(name, limits=limits) for name, limits in trunks.items())

    def now(self) -> Any:
        return self.time

    def perform(self, call: CallId, commands: Any) -> None:
        self.orders += [(call, command) for command in commands if isinstance(command, c.Release)]

    def finds(self, call: CallId, number: str, _caller: str | None) -> None:
        agreed = replace(plan(), customer=CustomerId(int(number)), number=f"K{number}", limits=self.limits)
        self.exchange.tell(call, e.CustomerFound(NUMBER, agreed, True))

    def rings(self, count: int, trunk: str = "carrier", dialled: str = "1") -> list[c.SwitchCommand]:
        """So many calls; what was ordered beyond letting them wait."""
        before = len(self.orders)
        for _ in range(count):
            call = CallId(f"c{len(self.exchange.calls) + len(self.exchange._ended) + 1}")
            self.exchange.offered(e.Offered(call, dialled, None, None, self.time, trunk=trunk))
        return [order for _, order in self.orders[before:]]

    def all_refused_are_gone(self) -> None:
        for call, _ in self.orders:
            self.exchange.tell(call, e.CallerGone())

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def told(self, call: str) -> list[str]:
        return [f"{entry.what} {entry.detail}" for entry in self.trail if entry.call == call]


def test_calls_at_once_of_a_trunk() -> None:
    house = House(carrier=Limits(max_calls=2))
    assert house.rings(3) == [CONGESTION]
    assert house.rings(3, trunk="other") == [], "the others have no limit"
    house.all_refused_are_gone()
    assert house.told("c3") == [
        "arrived anonymous for 1",
        "limited trunk carrier: 2 calls at once",
        "ended limited, congestion",
        "charged 0 min (0 s)",
    ]
    assert house.closed_calls[CallId("c3")].outcome == "limited"
    house.exchange.tell(CallId("c1"), e.CallerGone())
    assert house.rings(2) == [CONGESTION], "one has gone, one may come"


def test_who_goes_out_by_a_trunk_has_one_of_its_lines_too() -> None:
    house = House(carrier=Limits(max_calls=2))
    house.exchange.gate.going = lambda trunk: 1 if trunk == "carrier" else 0
    assert house.rings(2) == [CONGESTION]
    assert house.rings(3, trunk="other") == []


def test_calls_per_second_of_a_trunk_and_the_installations_for_those_without() -> None:
    house = House(trunk_rate=3, carrier=Limits(max_rate=1), other=Limits())
    assert house.rings(2) == [CONGESTION]
    assert house.rings(4, trunk="other") == [CONGESTION]
    assert house.rings(4, trunk="testcall") == [CONGESTION]
    house.passes(1)
    assert [len(house.rings(5, trunk=name)) for name in ("carrier", "other", "testcall")] == [4, 2, 2]


def test_calls_at_once_of_a_customer() -> None:
    house = House(Limits(max_calls=2))
    assert house.rings(3) == [BUSY]
    assert house.rings(2, dialled="2") == [], "another customer's calls are no business of the first"
    house.all_refused_are_gone()
    assert house.told("c3") == [
        "arrived anonymous for 1",
        "customer K1 Muster GmbH",
        "limited customer K1: 2 calls at once",
        "ended limited, busy",
        "charged 0 min (0 s)",
    ]
    record = house.closed_calls[CallId("c3")]
    assert (record.outcome, record.customer, record.access_number) == ("limited", 1, NUMBER)


def test_calls_per_second_of_a_customer() -> None:
    house = House(Limits(max_rate=2))
    assert house.rings(3) == [BUSY]
    house.passes(0.5)
    assert house.rings(2) == [BUSY]


def test_a_changed_limit_counts_from_the_next_call_on() -> None:
    house = House(carrier=Limits(max_calls=1))
    assert house.rings(2) == [CONGESTION]
    house.exchange.gate.trunks([Trunk("carrier")])
    assert house.rings(5) == []
    house.limits = Limits(max_calls=6)
    assert house.rings(1) == [BUSY]


def test_a_flood_fills_neither_store_nor_log() -> None:
    house = House(carrier=Limits(max_rate=5))
    with capture_logs() as logs:
        assert house.rings(1000) == [CONGESTION] * 995
        assert len(house.opened_calls) == 15, "5 let in, 10 refused with a record"
        house.all_refused_are_gone()
        assert len(house.exchange.calls) == 5
        house.passes(10)
        house.exchange.timer_fired("gate", "summary")
        house.exchange.timer_fired("gate", "summary")
    limit = {"event": "limit_reached", "log_level": "warning", "limit": "trunk carrier: 5 calls per second"}
    assert logs == [{**limit, "refused": 1}, {**limit, "refused": 994}]
    assert house.exchange.is_over(CallId("c1000"))


def test_the_time_is_no_matter_where_nothing_is_limited() -> None:
    house = House()
    assert house.time == NOON
    assert house.rings(500) == []
