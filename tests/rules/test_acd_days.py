"""An agent's day is made of the states that followed each other, whatever they were and however the clocks ran."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.acd.days import ENGINE_STOPPED, AgentDay, AgentEntry, day_of
from engine.terms import AgentId, AgentState

S = AgentState
GERMANY = ZoneInfo("Europe/Berlin")
BEGIN, HOUR = datetime(2026, 11, 23, 23, 0, tzinfo=UTC), timedelta(hours=1)
"""Midnight in Germany."""
END = BEGIN + 24 * HOUR
Change = tuple[float, AgentState] | tuple[float, AgentState, str]


def log(*changes: Change) -> list[AgentEntry]:
    """What Anna became, each so many hours past midnight, and why."""
    return [
        AgentEntry(AgentId("anna"), one[1], one[2] if len(one) == 3 else None, BEGIN + one[0] * HOUR) for one in changes
    ]


def hours(day: AgentDay) -> dict[str, float]:
    """How many she spent in each state."""
    return {state.value: spent / HOUR for state, spent in day.spent.items()}


def test_a_day_from_morning_to_evening() -> None:
    day = day_of(
        log(
            (-6, S.OFFLINE), (8, S.READY), (9, S.RINGING), (9.25, S.TALKING), (9.75, S.WRAP_UP), (10, S.READY),
            (12, S.PAUSED, "lunch"), (12.5, S.READY), (15, S.PAUSED), (15.25, S.PAUSED, "meeting"), (16, S.READY),
            (17, S.OFFLINE),
        ), BEGIN, END,
    )  # fmt: skip
    assert (day.first, day.last) == (BEGIN + 8 * HOUR, BEGIN + 17 * HOUR)
    assert hours(day) == {"ready": 6.5, "ringing": 0.25, "talking": 0.5, "wrap_up": 0.25, "paused": 1.5}
    assert {why: spent / HOUR for why, spent in day.pauses.items()} == {"lunch": 0.5, "": 0.25, "meeting": 0.75}
    assert (day.signed_in, day.unknown) == (9 * HOUR, 0 * HOUR)


def test_a_night_shift_belongs_to_either_day_with_its_part() -> None:
    entries = log((20, S.READY), (23, S.TALKING), (25, S.READY), (30, S.OFFLINE))
    evening, morning = day_of(entries, BEGIN, END), day_of(entries, END, END + 24 * HOUR)
    assert (evening.first, evening.last) == (BEGIN + 20 * HOUR, END)
    assert (morning.first, morning.last) == (END, END + 6 * HOUR)
    assert (hours(evening), hours(morning)) == ({"ready": 3, "talking": 1}, {"talking": 1, "ready": 5})


def test_who_was_signed_in_while_no_engine_ran_was_not_ready() -> None:
    day = day_of(log((8, S.READY), (10, S.OFFLINE, ENGINE_STOPPED), (14, S.READY), (17, S.OFFLINE)), BEGIN, END)
    assert (hours(day), day.unknown) == ({"ready": 5}, 4 * HOUR)
    assert (day.first, day.last) == (BEGIN + 8 * HOUR, BEGIN + 17 * HOUR)


def test_of_a_day_without_a_sign_nothing_is_said() -> None:
    assert day_of([], BEGIN, END) == day_of(log((-3, S.OFFLINE)), BEGIN, END) == AgentDay()
    assert day_of(log((8, S.READY), (8, S.OFFLINE)), BEGIN, END) == AgentDay()


@pytest.mark.parametrize(("day", "long"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_who_is_ready_around_the_clock_is_so_as_long_as_the_day_is(day: date, long: int) -> None:
    begin, end = (datetime.combine(one, time(), GERMANY) for one in (day, day + timedelta(days=1)))
    entries = [AgentEntry(AgentId("anna"), S.READY, None, datetime(2026, 1, 1, tzinfo=UTC))]
    assert hours(day_of(entries, begin.astimezone(UTC), end.astimezone(UTC))) == {"ready": long}


CHANGES = st.lists(st.tuples(st.integers(-40, 90), st.sampled_from(S), st.sampled_from(["", "lunch", ENGINE_STOPPED])))


def entries_of(changes: Sequence[tuple[int, AgentState, str]]) -> list[AgentEntry]:
    """In their order."""
    return log(*((hour, state, why) if why else (hour, state) for hour, state, why in sorted(changes)))


@given(CHANGES, st.integers(-50, 100), st.integers(0, 60))
def test_all_states_together_are_the_time_signed_in(
    changes: list[tuple[int, AgentState, str]], begin: int, long: int
) -> None:
    entries, since, until = entries_of(changes), BEGIN + begin * HOUR, BEGIN + (begin + long) * HOUR
    day, moments = day_of(entries, since, until), [since + n * HOUR for n in range(long)]
    now = [next((one for one in reversed(entries) if one.at <= at), None) for at in moments]
    signed_in = [one for one in now if one and one.state is not S.OFFLINE]
    assert day.signed_in == len(signed_in) * HOUR == sum(day.spent.values(), 0 * HOUR)
    assert day.spent_in(S.PAUSED) == sum(day.pauses.values(), 0 * HOUR)
    assert day.signed_in + day.unknown <= until - since
    assert (day.first is None) == (day.last is None) == (not signed_in)
    if day.first and day.last:
        assert since <= day.first < day.last <= until


@given(CHANGES, st.integers(0, 24))
def test_two_parts_of_a_day_are_the_day(changes: list[tuple[int, AgentState, str]], cut: int) -> None:
    entries, noon = entries_of(changes), BEGIN + cut * HOUR
    early, late, whole = day_of(entries, BEGIN, noon), day_of(entries, noon, END), day_of(entries, BEGIN, END)
    assert early.signed_in + late.signed_in == whole.signed_in
    assert early.unknown + late.unknown == whole.unknown
    assert all(early.spent_in(state) + late.spent_in(state) == whole.spent_in(state) for state in S)


@given(CHANGES)
def test_only_the_last_entry_before_a_day_counts(changes: list[tuple[int, AgentState, str]]) -> None:
    entries = entries_of(changes)
    before = [one for one in entries if one.at < BEGIN]
    assert day_of(entries, BEGIN, END) == day_of(entries[max(len(before) - 1, 0) :], BEGIN, END)
