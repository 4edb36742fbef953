"""The desks' bench: from the trails and the streams to how long it took, and what the page makes of it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.bench.desk_report import report
from tests.bench.results import Results
from tests.bench.shapes import NEVER, Outcome
from tests.bench.shown import Event, Fact, Look, delays, own_rings, shown, truth
from tests.bench.wire import Ring


def trail(at: float, call: str, what: str, detail: str = "") -> Event:
    """A line of the trail of a call that came at its first line."""
    came = {"a": 1.25, "b": 2.0}[call]
    return Event(at, call, came, what, detail)


DAY = [
    trail(1.25, "a", "customer"),
    trail(2.0, "b", "customer"),
    trail(3.0, "a", "ringing_agent", "agent7"),
    trail(3.5, "a", "picked_up", "agent7"),
    trail(9.0, "a", "agent_left", "normal"),
    trail(9.0, "b", "ringing_agent", "agent7"),
    trail(9.5, "b", "ended", "abandoned, normal"),
]


def look(at: float, who: str = "anna", **parts: str) -> Look:
    """A stream's event."""
    return Look(at, who, parts)


def line_of(waiting: int, since: int | None) -> str:
    """As the desk writes it."""
    first = f'<time data-since="{since}">' if since else "–"
    return f"<div><dd>{waiting}</dd></div><div><dd>{first}</dd></div>"


def row(agent: str, state: str, since: int) -> str:
    """One of the team, as the desk writes it."""
    return f'<li><span>{agent}</span><span class="state state-{state}"></span><time data-since="{since}"></li>'


def test_the_trails_tell_who_waited_and_how_the_agents_stood() -> None:
    facts = truth(DAY)
    assert [(fact.at, fact.value, fact.since) for fact in facts["the line"]] == [
        (1.25, "1", 1.25), (2.0, "2", 1.25), (3.5, "1", 2.0), (9.5, "0", None),
    ]  # fmt: skip
    assert [(fact.at, fact.value) for fact in facts["agent7"]] == [
        (3.0, "ringing"), (3.5, "talking"), (9.0, "ready"), (9.0, "ringing"),
    ]  # fmt: skip


def test_an_agent_who_is_rung_again_at_once_was_never_ready() -> None:
    at_once = [replace(one, at=9.001) if one.what == "agent_left" else one for one in DAY]
    assert [fact.value for fact in truth(at_once)["agent7"]] == ["ringing", "talking", "ringing"]


def test_a_change_is_shown_when_what_stands_there_was_true_since() -> None:
    looks = [
        look(1.0, line=line_of(0, None)),
        look(1.5, line=line_of(1, 1)),
        look(2.5, line=line_of(2, 1)),
        look(3.75, line=line_of(1, 2)),
        look(9.6, line=line_of(0, None)),
    ]
    found = delays({"the line": truth(DAY)["the line"]}, shown(looks), 0.0, 20.0)
    assert found == {"line": [250.0, 500.0, 250.0, pytest.approx(100.0)], "team": []}


def test_a_board_is_told_what_has_changed_and_shows_the_rest_as_it_was() -> None:
    caller = '<li><time data-since="{}"></time></li>'
    looks = [
        Look(1.0, "board 0", {}, {"team": {"order": [], "rows": {}}}),
        Look(1.5, "board 0", {}, {"waiting": {"order": ["a"], "rows": {"a": caller.format(1)}}}),
        Look(2.25, "board 0", {}, {"waiting": {"order": ["a", "b"], "rows": {"b": caller.format(2)}}}),
        Look(3.25, "board 0", {}, {"team": {"order": ["agent7"], "rows": {"agent7": row("Agent7", "ringing", 3)}}}),
        Look(3.75, "board 0", {}, {
            "waiting": {"order": ["b"], "rows": {}},
            "team": {"order": ["agent7"], "rows": {"agent7": row("Agent7", "talking", 3)}},
        }),
    ]  # fmt: skip
    facts = truth([one for one in DAY if one.at < 9.0])
    facts["the line"].insert(0, Fact(1.1, "0", None))
    found = delays(facts, shown(looks), 0.0, 20.0)
    assert found == {"line": [0.0, 250.0, 250.0, 250.0], "team": [250.0, 250.0]}


def test_what_was_overtaken_while_changes_are_gathered_counts_as_shown_with_the_next() -> None:
    looks = [
        look(1.0, team=row("Agent7", "ready", 1)),
        Look(3.75, "anna", {}, rows={"agent7": row("Agent7", "talking", 3)}),
    ]
    found = delays({"agent7": truth(DAY)["agent7"][:2]}, shown(looks), 0.0, 20.0)
    assert found["team"] == [750.0, 250.0]


def test_a_desk_that_goes_on_showing_what_was_is_never_right() -> None:
    looks = [look(1.0, line=line_of(1, 1)), look(1.0, "ben", line=line_of(0, None))]
    found = delays({"the line": truth(DAY)["the line"][:1]}, shown(looks), 0.0, 20.0)
    assert sorted(found["line"]) == [0.0, math.inf]


def test_only_what_happened_meanwhile_is_judged() -> None:
    assert delays(truth(DAY), {"anna": {}}, 4.0, 9.2) == {"line": [], "team": [math.inf, math.inf]}


def test_a_desks_own_ring_is_the_first_event_with_that_very_call() -> None:
    seen = [(3.1, "a"), (3.6, "a"), (9.2, "b")]
    looks = [look(at, "agent7", call=f'<article data-call="{call}">') for at, call in seen]
    office = [Ring("agent7", "x", 3.0), Ring("agent7", "y", 9.1), Ring("agent7", "z", 30.0)]
    assert own_rings(office, DAY, looks, 0.0, 20.0) == [pytest.approx(100.0), pytest.approx(100.0)]
    assert own_rings(office, DAY, looks[2:], 0.0, 20.0) == [math.inf, pytest.approx(100.0)]


def at_desks(slowest: float = 400.0) -> Results:
    """A bench of desks with one run of each shape, and a browser."""
    counts = {"calls": 10, "lost": 0, "overtaken": 0, "changes": 50, "looks": 90, "kilobytes": 70, "seconds": 10}
    seen = {"line": [200.0, slowest], "team": [250.0], "own ring": [30.0], "M3": [4.0]}
    painted = {"INVITE → painted": [60.0, 310.0]}
    return Results({"CPU": "a fast one"}, "2026-01-01", [
        Outcome("no desks", "line", samples={"M3": [3.0]}, counts=counts, cpu={"engine": 70.0, "asterisk": 300.0}),
        Outcome("50 desks", "line", samples=seen, counts=counts, cpu={"engine": 300.0, "asterisk": 310.0}),
        Outcome("browser is the phone", "painted", samples=painted, counts={"calls": 2}),
    ])  # fmt: skip


def test_the_page_of_the_desks_shows_what_was_met_what_was_missed_and_what_was_not_measured() -> None:
    lines = report(at_desks(), "## How", "A remark.").splitlines()
    assert "| line on every desk, max | ≤ 500 ms | 400 ms | met |" in lines
    assert "| greeting painted, browser is the phone, max | ≤ 300 ms | 310 ms | **missed** |" in lines
    assert "| greeting painted, beside a SIP phone, max | ≤ 300 ms | – | not measured |" in lines
    assert "| M3, 200 waiting, p50 | ≤ 5 ms | 4.0 ms (no desks: 3.0 ms) | met |" in lines
    assert "| callers overtaken, all runs with desks | 0 | 0 | met |" in lines
    assert "| 200 callers waiting, 2.5 hand-overs/s | 5 | 9 | 7 |" in lines
    assert "| line on every desk, max | ≤ 500 ms | never | **missed** |" in report(at_desks(NEVER), "", "")
    assert "| line on every desk, max | ≤ 500 ms | 501 ms | **missed** |" in report(at_desks(501.0), "", "")
