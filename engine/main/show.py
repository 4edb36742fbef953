"""What the command line prints: tables for people, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from engine.ports import TrailEntry
    from engine.store.calls import ListedCall

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WIDE = 500
"""Columns where nobody looks on: whatever reads it must not meet a cut-off id."""
console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)


def plain(value: Any) -> str:
    """Foreign text without control characters: a caller's number must not paint on the admin's terminal."""
    return escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", "" if value is None else str(value)))


def as_json(value: Any) -> None:
    """One JSON document."""
    print(json.dumps(value, default=str, ensure_ascii=False, indent=2))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str) -> None:
    """A table, or the sentence that says why there is none."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*map(plain, row))
    console.print(made if made.row_count else empty)


def local(moment: datetime | None) -> str:
    """The time of day on this machine."""
    return f"{moment.astimezone():%d.%m. %H:%M:%S}" if moment else "–"


def agent_row(agent: dict[str, Any]) -> list[Any]:
    """One agent in a table, as the engine tells of it."""
    state = agent["state"] + (", unreachable" if agent["reachable"] is False else "")
    words = (" ".join(agent[kind]) for kind in ("skills", "groups"))
    return [agent["login"], agent["name"], state, agent["since"], agent["reason"], *words]


def call_row(call: ListedCall) -> list[Any]:
    """One call in a table."""
    record = call.record
    return [
        local(record.arrived_at),
        "no longer kept" if record.is_caller_forgotten else record.caller or "anonymous",
        call.customer_name or record.dialled,
        record.outcome,
        ", ".join(call.agents) or call.agent_name or "–",
        f"{record.waited_ms / 1000:.1f}",
        f"{record.talked_ms / 1000:.1f}",
        record.charged_minutes,
        record.id,
    ]


CALL_COLUMNS = ("arrived", "caller", "customer", "outcome", "agent", "waited s", "talked s", "min", "id")


def call_json(call: ListedCall) -> dict[str, Any]:
    """One call for programs."""
    return {
        **asdict(call.record),
        "customer_number": call.customer_number,
        "customer_name": call.customer_name,
        "agent_name": call.agent_name,
        "agents": list(call.agents),
    }


def trail_rows(trail: Iterable[TrailEntry]) -> list[list[Any]]:
    """A trail in a table: the time since the call arrived, what, and more."""
    entries = list(trail)
    start = entries[0].at if entries else None
    return [[f"+{(e.at - (start or e.at)).total_seconds():.3f}", e.what, e.detail] for e in entries]
