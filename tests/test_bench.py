"""The bench's own arithmetic: what is read from the telephones' messages, and what the page makes of it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

import pytest

from tests.bench import figures
from tests.bench.machine import cpu_of
from tests.bench.profiled import OTHER, shares
from tests.bench.report import report
from tests.bench.results import OURS, THEIRS, Results, bars, ms
from tests.bench.shapes import Outcome, judge
from tests.bench.wire import Caller, Ring, callers, rings
from tests.sipp.messages import Message

BEGAN = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
END = BEGAN + 100


def message(at: float, start: str, *, sent: bool, cseq: str = "1 INVITE", caller: str = "+49170") -> Message:
    """A message `at` seconds after the beginning."""
    headers = f"From: <sip:{caller}@127.0.0.1>;tag=1\r\nCall-ID: of-{caller}\r\nCSeq: {cseq}\r\n"
    return Message(datetime.fromtimestamp(BEGAN + at, UTC), sent, f"{start}\r\n{headers}")


def seconds(value: float | None) -> float | None:
    """Since the beginning."""
    return None if value is None else round(value - BEGAN, 6)


def test_a_callers_messages_are_read() -> None:
    (read,) = callers([
        message(0.0, "INVITE sip:030@127.0.0.1 SIP/2.0", sent=True),
        message(0.5, "INVITE sip:030@127.0.0.1 SIP/2.0", sent=True),
        message(0.6, "SIP/2.0 100 Trying", sent=False),
        message(0.7, "SIP/2.0 183 Session Progress", sent=False),
        message(60.7, "SIP/2.0 183 Session Progress", sent=False),
        message(61.0, "SIP/2.0 200 OK", sent=False),
        message(62.0, "BYE sip:x@127.0.0.1 SIP/2.0", sent=False, cseq="2 BYE"),
        message(62.1, "SIP/2.0 200 OK", sent=True, cseq="2 BYE"),
    ])  # fmt: skip
    times = [seconds(at) for at in (read.invited, read.early, read.answered, read.ended, read.refused)]
    assert (read.number, times, read.sent) == ("+49170", [0.0, 0.7, 61.0, 62.0, None], 2)


def test_a_refused_caller_is_read() -> None:
    (read,) = callers([
        message(0.0, "INVITE sip:030@127.0.0.1 SIP/2.0", sent=True),
        message(0.2, "SIP/2.0 503 Service Unavailable", sent=False),
    ])  # fmt: skip
    assert (read.answered, seconds(read.refused)) == (None, 0.2)


def test_a_phones_messages_are_read() -> None:
    (read,) = rings([
        message(1.0, "INVITE sip:agent7@127.0.0.1:5000 SIP/2.0", sent=False),
        message(1.1, "SIP/2.0 180 Ringing", sent=True),
        message(1.2, "SIP/2.0 200 OK", sent=True),
        message(5.0, "BYE sip:x@127.0.0.1 SIP/2.0", sent=True, cseq="1 BYE"),
        message(5.1, "SIP/2.0 200 OK", sent=False, cseq="1 BYE"),
    ])  # fmt: skip
    times = [seconds(at) for at in (read.rung, read.picked_up, read.hung_up)]
    assert (read.agent, read.caller, times) == ("agent7", "+49170", [1.0, 1.2, 5.0])


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([3, 1, 2], 0.5, 2), ([1, 2], 0.5, 1), (range(1, 101), 0.99, 99), (range(1, 101), 1, 100), ([7], 0.99, 7)],
)
def test_percentiles_are_values_that_were_measured(values: list[float], share: float, expected: float) -> None:
    assert figures.percentile(list(values), share) == expected


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(figures.percentile([], 0.5))


def caller(number: str, invited: float, **times: float) -> Caller:
    """A caller who has had 183 after 0.1 s, unless told otherwise."""
    return replace(Caller(number, invited, invited + 0.1), **times)  # type: ignore[arg-type]


def test_the_times_to_183_and_200_are_of_who_called_meanwhile() -> None:
    crowd = [caller("a", 0.0, answered=1.0), caller("b", 5.0, early=5.25, answered=5.5), caller("c", 9.0)]
    assert figures.early(crowd, 1.0, 9.0) == [250.0]
    assert figures.connected(crowd, 0.0, 10.0) == [1000.0, 500.0]


def test_a_hand_over_counts_where_somebody_waited() -> None:
    crowd = [caller("a", 0.0), caller("b", 1.0), caller("late", 50.0)]
    office = [Ring("one", "a", 2.0, 2.0, 10.0), Ring("one", "b", 10.5, 11.0, 20.0), Ring("one", "late", 50.2)]
    assert figures.handed_over(crowd, office, END) == [500.0]
    assert figures.handed_over(crowd, office, until=10.2) == []


def test_a_hand_over_is_at_the_same_phone() -> None:
    crowd = [caller(name, 0.0) for name in "abcd"]
    office = [Ring("one", "a", 1, 1, 10), Ring("two", "b", 1, 1, 11), Ring("two", "c", 12), Ring("one", "d", 14)]
    assert sorted(figures.handed_over(crowd, office, END)) == [1000.0, 4000.0]


def test_the_time_from_pick_up_to_answer_joins_both_telephones() -> None:
    crowd = [caller("a", 0.0, answered=2.5), caller("b", 0.0), caller("c", 0.0, answered=99.0)]
    office = [Ring("one", "a", 1, 2.0), Ring("two", "b", 1, 2.0), Ring("three", "c", 1, 98.0)]
    assert figures.picked_up(crowd, office, until=50.0) == [500.0]


def test_who_was_served_before_an_earlier_caller_has_overtaken() -> None:
    crowd = [caller("first", 0.0), caller("second", 1.0), caller("third", 2.0)]
    in_order = [Ring("one", "first", 5), Ring("one", "second", 6), Ring("one", "third", 7)]
    assert figures.overtaken(crowd, in_order, 0.0, END) == []
    assert figures.overtaken(
        crowd, [Ring("one", "third", 5), Ring("one", "first", 6), Ring("one", "second", 7)], 0.0, END
    ) == [2000.0]
    forgotten = [Ring("one", "second", 6), Ring("one", "third", 7)]
    assert figures.overtaken(crowd, forgotten, 0.0, END) == [math.inf, math.inf]
    assert figures.overtaken(crowd, forgotten, 6.5, END) == [math.inf], "by who was rung since then"


def test_phones_that_are_rung_at_once_may_ring_in_any_order() -> None:
    crowd = [caller(name, n) for n, name in enumerate(("first", "second", "third"))]
    run = Outcome(OURS, "waiting-10")
    office = [Ring("one", "second", 4.95), Ring("two", "first", 5), Ring("one", "third", 5.5)]
    judge(run, crowd, office, 0.0, END)
    assert (run.samples["overtaken"], run.counts["overtaken"], run.counts["mixed"]) == ([], 0, 1)
    judge(run, crowd, [Ring("one", "second", 4.75), Ring("two", "first", 5), Ring("one", "third", 5.5)], 0.0, END)
    assert (run.samples["overtaken"], run.counts["overtaken"], run.counts["mixed"]) == ([250.0], 1, 0)


def test_who_came_at_the_same_moment_has_not_overtaken() -> None:
    crowd = [caller("first", 0.0), caller("second", 0.05)]
    assert figures.overtaken(crowd, [Ring("one", "second", 5), Ring("one", "first", 6)], 0.0, END) == []


def test_who_is_rung_at_the_very_end_is_not_judged() -> None:
    crowd = [caller("first", 0.0), caller("second", 1.0)]
    assert figures.overtaken(crowd, [Ring("one", "second", 49.9)], 0.0, until=50.0) == []


def test_who_has_left_the_line_is_not_overtaken() -> None:
    crowd = [caller("refused", 0.0, refused=3.0), caller("second", 1.0)]
    assert figures.overtaken(crowd, [Ring("one", "second", 5)], 0.0, END) == []


@pytest.mark.parametrize(
    ("one", "hung_up", "lost"),
    [
        (caller("a", 0.0), None, 0),
        (caller("a", 0.0, answered=2.0, ended=9.0), 8.9, 0),
        (caller("a", 0.0, answered=2.0, ended=9.0), 9.1, 0),
        (caller("a", 0.0, answered=2.0, ended=9.0), 30.0, 1),
        (caller("a", 0.0, answered=2.0, ended=9.0), None, 1),
        (caller("a", 0.0, answered=2.0, ended=END + 1), None, 0),
        (caller("a", 0.0, refused=5.0), None, 1),
        (caller("a", 0.0, refused=END + 1), None, 0),
        (Caller("a", 0.0), None, 1),
        (Caller("a", END - 1), None, 0),
        (Caller("a", END + 1), None, 0),
    ],
)
def test_lost_is_who_was_refused_forgotten_or_cut_off(one: Caller, hung_up: float | None, lost: int) -> None:
    office = [Ring("one", "a", 1.0, 2.0, hung_up)]
    assert figures.lost([one], office, END) == lost


def test_cpu_is_user_and_system_time_whatever_the_name() -> None:
    fields = " ".join(map(str, range(3, 30)))
    assert cpu_of(f"12 (a) b) {fields}") == pytest.approx((14 + 15) / 100)


def test_a_profile_is_summed_up_by_the_innermost_place() -> None:
    assert shares([
        "main (engine/main/run.py:1);read (pbx/ari/connection.py:3);step (engine/call/machine.py:9) 6",
        "main (engine/main/run.py:1);by_access_number (engine/store/customers.py:3);f (sqlalchemy/x.py:2) 3",
        "run (asyncio/runners.py:118) 1",
        "",
    ]) == [
        ("rules of the call (engine/call)", 0.6),
        ("store (engine/store, SQLAlchemy, aiosqlite)", 0.3),
        (OTHER, 0.1),
    ]  # fmt: skip


def outcome(side: str, shape: str, **told: object) -> Outcome:
    """A run with a sample or two."""
    return Outcome(side, shape, **told)  # type: ignore[arg-type]


def measured(hand_over: float = 2.0, served: tuple[float, ...] = (1500.0,), far: int = 0) -> Results:
    """A bench with one run of each shape."""
    counts = {"calls": 10, "served": 10, "overtaken": 0, "mixed": 0, "lost": 0, "repeated": 0}
    idle = {"M1": [10.0], "M2": [11.0], "M4": [5.0]}
    return Results({"CPU": "a fast one"}, "2026-01-01", [
        outcome(OURS, "idle", samples=idle, counts=counts),
        outcome(THEIRS, "idle", samples={"M1": [3.0], "M2": [4.0], "M4": [1.0]}, counts=counts),
        outcome(OURS, "busy", cpu={"asterisk": 120.0, "engine": 40.0, "telephones": 9.0}, counts=counts),
        outcome(THEIRS, "busy", cpu={"asterisk": 100.0, "telephones": 9.0}, counts=counts),
        outcome(OURS, "waiting-10", samples={"M3": [hand_over]}, counts=counts),
        outcome(OURS, "waiting-1000", samples={"M3": [90.0]}, counts=counts | {"overtaken": far}),
        outcome(OURS, "customers-10", samples=idle),
        outcome(OURS, "customers-1000", samples={"M1": [11.0], "M2": [14.0]}),
        outcome(OURS, "killed", samples={"ready": [900.0], "served": list(served)}, counts=counts),
        outcome(OURS, "waiting-10", samples={"M3": [9000.0]}, invalid="SIPp died"),
    ])  # fmt: skip


def judged(results: Results) -> dict[str, tuple[str, bool | None]]:
    """What was measured of each bar, and whether it was met."""
    return {bar.figure: (bar.ours, bar.met) for bar in bars(results, 1000)}


def test_every_bar_is_judged() -> None:
    assert judged(measured()) == {
        "M3, 10 waiting, p50": ("2.0 ms", True),
        "M3, 10 waiting, p99": ("2.0 ms", True),
        "M2 at 10 calls/s, p50": ("11.0 ms", True),
        "M4, p99": ("5.0 ms", True),
        "M6 Asterisk CPU per call at 30 calls/s": ("1.20 ×", True),
        "M6 engine CPU per call at 30 calls/s": ("4.0 ms", True),
        "M7 1,000 waiting, M3 p99": ("90.0 ms", True),
        "M7 1,000 waiting, callers overtaken": ("0", True),
        "M7 1,000 waiting, no music, M3 p99": ("–", None),
        "M7 1,000 waiting, no music, callers overtaken": ("–", None),
        "M9 M1 with 1,000 customers": ("1.10 × (10.0 ms → 11.0 ms)", True),
        "M9 M2 with 1,000 customers": ("1.27 × (11.0 ms → 14.0 ms)", False),
        "kill -9, calls dropped": ("0", True),
        "kill -9, callers overtaken": ("0", True),
        "kill -9, serving again after the kill": ("1.50 s", True),
    }


def test_a_missed_bar_is_missed() -> None:
    missed = judged(measured(hand_over=70.0, served=(), far=2))
    assert missed["M3, 10 waiting, p50"] == ("70.0 ms", False)
    assert missed["M3, 10 waiting, p99"] == ("70.0 ms", False)
    assert missed["M7 1,000 waiting, callers overtaken"] == ("2", False)
    assert missed["kill -9, serving again after the kill"] == ("1 of 1 never", False)


def test_what_was_not_measured_is_neither() -> None:
    found = bars(Results(), 1000)
    assert {bar.met for bar in found} == {None}
    assert {bar.ours for bar in found} == {"–", "– (– → –)"}


def test_the_median_is_that_of_the_runs() -> None:
    runs = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0], [5.0]]
    results = Results(outcomes=[outcome(OURS, "idle", samples={"M1": run}) for run in runs])
    assert results.p50(OURS, "idle", "M1") == median([2.0, 20.0, 5.0])
    assert results.tail(OURS, "idle", "M1") == 30.0


def test_results_are_read_back_as_written() -> None:
    results = measured()
    results.profile = [("store", 0.5)]
    assert Results.from_json(results.to_json()) == results


def test_the_page_shows_bars_and_spoilt_runs() -> None:
    lines = report(measured(hand_over=70.0), 1000, "## How", "").splitlines()
    assert "| M3, 10 waiting, p50 | ≤ 5 ms | 70.0 ms | – | **missed** |" in lines
    assert "| M2 at 10 calls/s, p50 | ≤ app_queue + 8 ms = 12.0 ms | 11.0 ms | 4.0 ms | met |" in lines
    assert "| agents free, 30 calls/s | vorzimmer | 12.0 ms | 4.0 ms | 0.9 ms | – | – |" in lines
    assert lines[-1] == "| vorzimmer | waiting-10 | SIPp died |"


@pytest.mark.parametrize(("value", "said"), [(math.nan, "–"), (4.04, "4.0 ms"), (974.2, "974 ms")])
def test_milliseconds_are_said_as_people_read_them(value: float, said: str) -> None:
    assert ms(value) == said
