"""Weeks and moments for property tests: any spans, and moments around the nights on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engine.hours.service import ServiceHours, Span, Week
from engine.hours.spans import DAY

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
"""The last one moves its clocks by half an hour."""
ALWAYS: tuple[Week, ...] = (((Span(0, DAY),),) * 7, ((Span(360, 1320), Span(1320, 1800)),) * 7)
"""Day and night, written in two ways."""
_CHANGES = tuple(datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 29), (10, 25), (3, 8), (11, 1), (4, 5)))


@st.composite
def _day(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to two spans that do not overlap; the last may reach over midnight."""
    if draw(st.integers(0, 3)) == 0:
        return (Span(0, DAY),)
    edges = sorted(draw(st.lists(st.integers(0, DAY - 1), min_size=2, max_size=4, unique=True)))
    spans = [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:
        spans.append(Span(edges[-1], DAY + draw(st.integers(0, edges[0]))))
    return tuple(span for span in spans if span.end < span.start + DAY)


def week() -> st.SearchStrategy[Week]:
    """Seven days with up to two spans, or always; spans over midnight may overlap the next day's, which rules bear."""
    return st.one_of(st.sampled_from(ALWAYS), st.tuples(*[st.one_of(st.just(()), _day())] * 7))


def moment() -> st.SearchStrategy[datetime]:
    """Within some days of a change of clocks, to the second, in UTC."""
    return st.builds(
        lambda day, seconds: day + timedelta(seconds=seconds),
        st.sampled_from(_CHANGES),
        st.integers(-4 * 86_400, 4 * 86_400),
    )


@st.composite
def service(draw: st.DrawFn) -> ServiceHours:
    """Hours with and without holidays, closed days and narrowing."""
    days = draw(st.frozensets(moment().map(datetime.date), max_size=3))
    narrowed = draw(st.one_of(st.none(), week()))
    return ServiceHours(draw(week()), draw(st.booleans()), "BE", days, narrowed, draw(st.sampled_from(ZONES)))


def between(now: datetime, until: datetime | None, step: int = 601) -> list[datetime]:
    """Moments from `now` to the last microsecond before `until` (three days on, where there is none)."""
    end = min(until or now + timedelta(days=3), now + timedelta(days=3))
    seconds = range(0, max(int((end - now).total_seconds()), 1), step)
    last = [] if until is None else [until - timedelta(microseconds=1)]
    return [now + timedelta(seconds=second) for second in seconds] + last


def berlin(wall: str, fold: int = 0) -> datetime:
    """A wall time in Berlin, `2026-03-02 08:00`, as UTC; `fold`: 1 for the second of an hour that comes twice."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(UTC)
