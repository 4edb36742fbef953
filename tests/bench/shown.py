"""How long until every desk shows what has happened: the engine's journal is the truth, the streams are what is shown.

Rule of this file: pure. A change counts as shown from the moment on at which what stands there was true at, or after,
the change: what has been overtaken within the gathering time needs not be shown any more. Times are seconds since 1970,
delays milliseconds.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.wire import Ring

_LINE = "the line"
_FIGURE = re.compile(r"<dd>(\d+)</dd>")
_SINCE = re.compile(r'data-since="(\d+)"')
_ROW = re.compile(r"<li\b.*?</li>", re.DOTALL)
_NAME = re.compile(r">(Agent\d+)\b")
_STATE = re.compile(r'state-(\w+)"')
_CALL = re.compile(r'data-call="([^"]+)"')
_NAMING = ("ringing_agent", "picked_up")
_STATES = {"ringing_agent": "ringing", "picked_up": "talking", "agent_left": "ready"}
_EARLY, _LATE = 1.1, 0.2
"""A moment is shown in whole seconds, rounded down; two clocks of one machine read in turn differ a little."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a call's trail. `arrived`: when the call came."""

    at: float
    call: str
    arrived: float
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a stream has brought, and when. `lists`: of a board; the rows that have changed, and the order of all.

    `rows`: of a desk's team, those that have changed, by login.
    """

    at: float
    who: str
    parts: Mapping[str, str]
    lists: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is so from a moment on: how many wait and since when the first; or an agent's state and since when."""

    at: float
    value: str
    since: float | None

    def is_shown_by(self, other: Fact) -> bool:
        """Whether that is what a desk writes of it."""
        if self.value != other.value or self.since is None or other.since is None:
            return self.value == other.value and self.since is other.since is None
        return self.since - _EARLY < other.since < self.since + _LATE


Facts = dict[str, list[Fact]]
"""By the line, or the agent's login; in order."""


def read(line: str) -> Look:
    """A line that the desks' process has written."""
    at, who, data = json.loads(line)
    told = json.loads(data)
    return Look(at, who, told.get("parts", {}), told.get("lists", {}), told.get("rows", {}))


def truth(events: Iterable[Event]) -> Facts:
    """What was so, as the engine has written it down."""
    facts: Facts = {}
    waiting: dict[str, float] = {}
    agents: dict[str, str] = {}
    calls: dict[str, str] = {}
    for event in sorted(events, key=lambda one: (one.at, one.what == "ringing_agent")):
        if state := _STATES.get(event.what):
            agent = agents[event.call] = event.detail if event.what in _NAMING else agents[event.call]
            if event.what in _NAMING:
                calls[agent] = event.call
            if calls[agent] == event.call:  # who is free and rung at once has the next call before the last one's end
                facts.setdefault(agent, []).append(Fact(event.at, state, event.at))
        before = len(waiting)
        if event.what == "customer":
            waiting[event.call] = event.arrived
        elif event.what in ("picked_up", "ended"):
            waiting.pop(event.call, None)
        if len(waiting) != before:
            first = min(waiting.values(), default=None)
            facts.setdefault(_LINE, []).append(Fact(event.at, str(len(waiting)), first))
    return facts


def shown(looks: Iterable[Look]) -> dict[str, Facts]:
    """The same as it stood at each desk and board, by whose it is."""
    found: dict[str, Facts] = {}
    boards: dict[str, dict[str, float | None]] = {}
    for look in looks:
        own = found.setdefault(look.who, {})
        lists = look.lists
        if lists and look.who not in boards:  # its first look: a list that is not there is empty
            boards[look.who], lists = {}, {"waiting": {"order": [], "rows": {}}, **lists}
        for subject, value, since in (*_facts(look), *_on_board(lists, boards.get(look.who, {}))):
            rows = own.setdefault(subject, [])
            if not rows or (rows[-1].value, rows[-1].since) != (value, since):
                rows.append(Fact(look.at, value, since))
    return found


def _facts(look: Look) -> Iterable[tuple[str, str, float | None]]:
    if "line" in look.parts:
        yield _LINE, *_value(_FIGURE, look.parts["line"])
    for login, row in look.rows.items():
        yield login, *_value(_STATE, row)
    for row in _ROW.findall(look.parts.get("team", "")):
        if name := _NAME.search(row):
            yield name[1].lower(), *_value(_STATE, row)


def _on_board(lists: Mapping[str, Any], waiting: dict[str, float | None]) -> Iterable[tuple[str, str, float | None]]:
    """The same of a board. `waiting`: the callers that have been drawn there, and since when they wait."""
    if told := lists.get("waiting"):
        waiting |= {call: _value(_STATE, html)[1] for call, html in told["rows"].items()}
        times = [since for call in told["order"] if (since := waiting[call]) is not None]
        yield _LINE, str(len(told["order"])), min(times, default=None)
    for login, row in lists.get("team", {}).get("rows", {}).items():
        yield login, *_value(_STATE, row)


def _value(pattern: re.Pattern[str], html: str) -> tuple[str, float | None]:
    value, since = pattern.search(html), _SINCE.search(html)
    return value[1] if value else "", float(since[1]) if since else None


def delays(facts: Facts, desks: Mapping[str, Facts], since: float, until: float) -> dict[str, list[float]]:
    """For each change between the two moments and each desk how long it took; `line` and `team`; infinite = never."""
    found: dict[str, list[float]] = {"line": [], "team": []}
    for subject, changes in facts.items():
        kind = "line" if subject == _LINE else "team"
        for own in desks.values():
            found[kind] += _of_one(changes, own.get(subject, []), since, until)
    return found


def _of_one(changes: Sequence[Fact], rows: Sequence[Fact], since: float, until: float) -> list[float]:
    times = [row.at for row in rows]
    found = []
    for n, change in enumerate(changes):
        if since <= change.at < until:
            first = max(bisect_right(times, change.at) - 1, 0)
            found.append((_when(changes[n:], rows[first:]) - change.at) * 1000)
    return found


def _when(changes: Sequence[Fact], rows: Sequence[Fact]) -> float:
    """From when on what stands there is true since the first of the changes."""
    for n, row in enumerate(rows):
        gone = rows[n + 1].at if n + 1 < len(rows) else math.inf
        for change in changes:
            if change.at >= gone:
                break
            if change.is_shown_by(row):
                return max(row.at, change.at)
    return math.inf


def own_rings(
    rings: Iterable[Ring], events: Iterable[Event], looks: Iterable[Look], since: float, until: float
) -> list[float]:
    """From the phone's INVITE until the agent's own desk has that very call; infinite = never."""
    chosen: dict[str, list[Event]] = {}
    for event in events:
        if event.what == "ringing_agent":
            chosen.setdefault(event.detail, []).append(event)
    first: dict[tuple[str, str], float] = {}
    for look in looks:
        if found := _CALL.search(look.parts.get("call", "")):
            first.setdefault((look.who, found[1]), look.at)
    times = []
    for ring in rings:
        if since <= ring.rung < until and ring.agent in chosen:
            call = min(chosen[ring.agent], key=lambda one: abs(one.at - ring.rung)).call
            times.append((first.get((ring.agent, call), math.inf) - ring.rung) * 1000)
    return times
