"""The live state as people and programs read it: queue, agents, figures. Reads the exchange, changes nothing.

Rule of this file: plain JSON values only; times in seconds with one decimal, moments in ISO 8601 UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.call.state import Call
from engine.ports.keeping import NightReport
from engine.service.alarms import Alarm
from engine.service.exchange import Exchange
from engine.service.histogram import Histogram
from engine.service.outbox_figures import OutboxFigures
from engine.service.surroundings import Surroundings


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
                "to_front": waiting.rank < 0,
                "kept_for": waiting.kept_for,
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
            "reachable": agent.reachable,
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
    return {
        "calls": len(exchange.calls),
        "calls_by_state": {str(state): n for state, n in sorted(states.items())},
        "waiting": len(line),
        "longest_wait": longest_wait(exchange, now),
        "agents": {
            str(state): n for state, n in sorted(Counter(a.state for a in exchange.floor.agents.values()).items())
        },
    }


def longest_wait(exchange: Exchange, now: datetime) -> float:
    """Of those who wait in the line now; 0 if nobody does."""
    return max((_seconds(exchange.calls[waiting.call], now) for waiting in exchange.floor.line), default=0.0)


def health(exchange: Exchange, around: Surroundings, alarms: Mapping[Alarm, str]) -> dict[str, Any]:
    """How well it goes: what is unreachable, slow, behind or failing. Times in milliseconds."""
    figures, link, voice = exchange.figures, around.link, exchange.figures.voice
    return {
        "unreachable": sorted(a.id for a in exchange.floor.agents.values() if a.reachable is False),
        "trunks": dict(sorted(around.trunks.items())),
        "carriers_away": sorted(around.away),
        "hand_over_ms": _recent(figures.hand_over),
        "caller_answer_ms": _recent(figures.caller_answer),
        "look_up_ms": _recent(figures.look_up),
        "ari": {
            "requests": link.requests,
            "mean_ms": round(link.latency_sum / link.answered * 1000, 2) if link.answered else None,
            "last_ms": round(link.latency_last * 1000, 2),
            "reconnects": max(link.connects - 1, 0),
        },
        "tasks": {"overloaded": around.tasks_alerted, "longest_queue": around.tasks_longest},
        "voice": {"calls": len(voice.calls), "bad": voice.bad},
        "failures": {
            "impossible_events": figures.impossible,
            "handler_errors": link.handler_errors,
            "requests_lost": link.lost,
            "journal_backlog": around.backlog,
        },
        "monitor": around.monitor,
        "outbox": _outbox(around.outbox),
        "retention": _retention(around.retention),
        "alarms": {str(alarm): detail for alarm, detail in sorted(alarms.items())},
    }


def _outbox(seen: OutboxFigures) -> dict[str, Any]:
    """By means; those without any are left out."""
    tries: dict[str, dict[str, int]] = {}
    for (means, result), number in sorted(seen.tries.items()):
        tries.setdefault(means, {})[result] = number
    return {"queued": seen.queued, "overdue": seen.overdue, "failed": seen.lost, "tries": tries}


def _retention(last: NightReport | None) -> dict[str, Any] | None:
    """What was forgotten the last time."""
    if last is None:
        return None
    at = last.at.isoformat(timespec="seconds")
    return {"at": at, "took_ms": last.took_ms, "forgotten": last.gone, "failed": list(last.failed)}


def _recent(seen: Histogram) -> dict[str, Any]:
    found = {"p50": seen.percentile(0.5), "p99": seen.percentile(0.99)}
    told = {name: None if value is None else round(value * 1000, 2) for name, value in found.items()}
    return {**told, "of": len(seen.recent)}


def _seconds(call: Call, now: datetime) -> float:
    return round((now - call.arrived_at).total_seconds(), 1)
