"""What is too old is forgotten night by night, whatever goes wrong in between, and each night is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from engine.jobs.retention import AT_ONCE, LOOK, Duty, Retention, forget_old, next_at
from engine.ports.keeping import Forgotten, NightReport
from engine.service.accounts import Why, base
from engine.store.database import StoreError
from tests.accounts import HERE, TurnedClock, World, refused

KEEP = timedelta(days=180)
NIGHT = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
"""Half past three in Germany."""


class Enough(Exception):
    """The test has seen all that it wants."""


@dataclass
class Reports:
    """Kept in memory."""

    kept: list[NightReport] = field(default_factory=list)
    is_away: bool = False

    async def add(self, report: NightReport) -> None:
        self.kept.insert(0, report)

    async def last(self, most: int) -> Sequence[NightReport]:
        if self.is_away:
            raise StoreError("away")
        return self.kept[:most]


@dataclass
class Nights:
    """A retention whose clock goes on while it waits, until it has waited `most` times."""

    clock: TurnedClock = field(default_factory=lambda: TurnedClock(NIGHT + timedelta(hours=7)))
    reports: Reports = field(default_factory=Reports)
    most: int = 1
    waited: list[float] = field(default_factory=list)
    then: Callable[[], Awaitable[None]] | None = None

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.turn(seconds=seconds)
        self.reports.is_away = False
        if len(self.waited) == self.most:
            raise Enough

    async def pass_by(self, *duties: Duty) -> list[NightReport]:
        """The reports of what was done, the first one first."""
        with pytest.raises(Enough):
            await Retention(duties, self.reports, self.clock, self.then, self.wait).run()
        return self.reports.kept[::-1]


def duty(*outcomes: int | Exception, what: str = "things") -> Duty:
    """Forgets so much each time, or fails."""
    left = list(outcomes)

    async def forget(_: timedelta) -> int:
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    return Duty(what, KEEP, forget)


async def test_an_engine_that_starts_forgets_at_once_and_then_in_the_quiet_hour() -> None:
    nights = Nights(most=45)
    reports = await nights.pass_by(duty(5, 0, 3))
    assert [one.at for one in reports] == [NIGHT + timedelta(hours=7), *(NIGHT + timedelta(days=n) for n in (1, 2))]
    assert [one.gone for one in reports] == [5, 0, 3]
    assert max(nights.waited) == LOOK


async def test_it_was_done_tonight_already() -> None:
    before = NightReport(NIGHT, 12, (Forgotten("things", 180, 7),))
    nights = Nights(reports=Reports([before]), most=3)
    assert await nights.pass_by(duty()) == [before]


async def test_who_was_off_that_night_does_it_at_once() -> None:
    nights = Nights(reports=Reports([NightReport(NIGHT - timedelta(days=1), 12, ())]))
    assert len(await nights.pass_by(duty(1))) == 2


@pytest.mark.parametrize(
    ("last", "quiet"),
    [
        ("2026-03-28T02:30+00:00", "2026-03-29T01:30+00:00"),
        ("2026-10-24T01:30+00:00", "2026-10-25T02:30+00:00"),
        ("2026-11-25T12:00+00:00", "2026-11-26T02:30+00:00"),
        ("2026-11-26T02:29+00:00", "2026-11-26T02:30+00:00"),
    ],
)
def test_the_quiet_hour_is_there_once_on_every_night_of_the_year(last: str, quiet: str) -> None:
    report = NightReport(datetime.fromisoformat(last), 0, ())
    assert next_at(report, report.at) == datetime.fromisoformat(quiet)


async def test_what_one_fails_at_does_not_keep_the_others_and_is_tried_within_the_hour() -> None:
    nights = Nights(most=2)
    with capture_logs() as logs:
        first, second = await nights.pass_by(duty(StoreError("postgresql://…"), 4, what="a"), duty(3, 0, what="b"))
    assert [(one.what, one.gone, one.failed) for one in first.lines] == [("a", 0, "StoreError"), ("b", 3, "")]
    assert (first.failed, second.failed, second.gone) == (("a",), (), 4)
    assert second.at - first.at == timedelta(hours=1)
    told = [(line["event"], line.get("number"), line.get("older_than_days")) for line in logs]
    assert told == [("retention_failed", None, None), ("b_forgotten", 3, 180), ("a_forgotten", 4, 180)]


async def test_a_store_that_is_away_is_asked_again() -> None:
    nights = Nights(reports=Reports(is_away=True), most=2)
    assert len(await nights.pass_by(duty(1))) == 1


async def test_who_keeps_a_copy_is_told_and_may_fail() -> None:
    told: list[int] = []

    async def then() -> None:
        told.append(1)
        raise OSError("full")

    with capture_logs() as logs:
        await Nights(then=then).pass_by(duty(2))
    assert told == [1] and [line["event"] for line in logs] == ["things_forgotten", "retention_not_noted"]


async def test_old_rows_are_forgotten_some_at_a_time_with_a_rest_after_each() -> None:
    left, clock = 1200, TurnedClock()
    rests: list[float] = []

    async def forget(before: datetime, most: int) -> int:
        nonlocal left
        assert before == clock.now() - KEEP
        gone = min(left, most)
        left -= gone
        return gone

    async def wait(seconds: float) -> None:
        rests.append(seconds)

    assert await forget_old(forget, clock, KEEP, wait) == 1200
    assert len(rests) == -(-1200 // AT_ONCE) and min(rests) > 0


async def test_it_ends_when_it_is_told_to() -> None:
    task = asyncio.create_task(Retention([], Reports(), TurnedClock(NIGHT)).run())
    done, _ = await asyncio.wait({task}, timeout=0.1)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_events_of_accounts_are_forgotten_some_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_AT_ONCE", 2)
    for _ in range(5):
        with refused(Why.WRONG):
            await world.accounts.sign_in("nobody", "nothing", address=HERE, device="")
        world.clock.turn(days=1)
    world.clock.turn(days=178)
    kept = await world.accounts.events()
    assert await world.accounts.forget_events(KEEP) == 3
    assert list(await world.accounts.events()) == list(kept)[:2]
    assert await world.accounts.forget_events(KEEP) == 0
