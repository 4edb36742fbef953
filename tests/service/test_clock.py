"""The clock that calls are measured with does not step when the machine's clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.service import clock
from engine.service.clock import SteadyClock


class Machine:
    """The machine's two clocks."""

    day = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    tick = 100.0

    @classmethod
    def now(cls, _zone: object) -> datetime:
        return cls.day

    @classmethod
    def monotonic(cls) -> float:
        return cls.tick


def test_a_step_of_the_machines_clock_makes_no_call_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "datetime", Machine)
    monkeypatch.setattr(clock, "time", Machine)
    steady = SteadyClock()
    begin = steady.now()
    monkeypatch.setattr(Machine, "day", Machine.day - timedelta(hours=1))
    monkeypatch.setattr(Machine, "tick", Machine.tick + 60)
    assert steady.now() - begin == timedelta(seconds=60)
    steady.set()
    assert steady.now() == Machine.day
