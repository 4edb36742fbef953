"""Who has talked in calls, by name and in order: for lists of calls.

Rule of this file: a call is asked for by its key; who does not work here any more has no name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from engine.store.tables import agents, call_talks


def agents_of(calls: Collection[str]) -> Select[Any]:
    """Everybody's talks in these calls."""
    wanted = select(call_talks.c.call, agents.c.name).join(agents, agents.c.login == call_talks.c.agent)
    return wanted.where(call_talks.c.call.in_(calls)).order_by(call_talks.c.call, call_talks.c.n)


def in_order(rows: Iterable[Row[Any]]) -> Mapping[str, tuple[str, ...]]:
    """The names by call, each once; empty for calls that are not among them."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        names[row.call][row.name] = None
    return defaultdict(tuple[str, ...], {call: tuple(said) for call, said in names.items()})


def has_talked(call: ColumnElement[str], logins: Collection[str]) -> ColumnElement[bool]:
    """Whether one of these has talked in the call."""
    talks = select(call_talks.c.n).where(call_talks.c.call == call, call_talks.c.agent.in_(logins))
    return talks.exists()
