"""The live state as people and programs read it: queue, agents, figures. Reads the exchange, changes nothing.

Rule of this file: plain JSON values only; times in seconds with one decimal, moments in ISO 8601 UTC.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from engine.call.state import Call
from engine.service.exchange import Exchange


def queue(exchange: Exchange, now: datetime) -> list[dict[str, Any]]:
    """The callers in the line, in the order in which they will be served."""
    entries = []
    for place, waiting in enumerate(exchange.floor.line, start=1):
        call = exchange.calls[waiting.call]
        entries.append(
            {
                "place": place,
                "call": call.id,
                "customer": call.settings.number,
                "name": call.settings.name,
                "caller": call.caller,
                "arrived_at": call.arrived_at.isoformat(timespec="milliseconds"),
                "waited": _seconds(call, now),
                "treatment": call.settings.wait.treatment,
                "overflow": waiting.wide,
                "ringing": call.agent if waiting.offered else None,
            }
        )
    return entries


def agents(exchange: Exchange) -> list[dict[str, Any]]:
    """Every agent, by login."""
    return [
        {
            "login": agent.id,
            "name": agent.name,
            "state": agent.state,
            "reason": agent.reason,
            "since": agent.since.isoformat(timespec="milliseconds") if agent.since else None,
            "call": agent.call,
            "missed": agent.missed,
            "skills": sorted(agent.skills),
            "groups": sorted(agent.groups),
        }
        for agent in sorted(exchange.floor.agents.values(), key=lambda agent: agent.id)
    ]


def figures(exchange: Exchange, now: datetime) -> dict[str, Any]:
    """How much is going on."""
    states = Counter(call.state for call in exchange.calls.values())
    line = exchange.floor.line
    longest = max((_seconds(exchange.calls[w.call], now) for w in line), default=0.0)
    return {
        "calls": len(exchange.calls),
        "calls_by_state": {str(state): n for state, n in sorted(states.items())},
        "waiting": len(line),
        "longest_wait": longest,
        "agents": {
            str(state): n for state, n in sorted(Counter(a.state for a in exchange.floor.agents.values()).items())
        },
    }


def _seconds(call: Call, now: datetime) -> float:
    return round((now - call.arrived_at).total_seconds(), 1)
