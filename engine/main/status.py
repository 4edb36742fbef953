"""`vorzimmer status` for people: what the engine tells of itself, one line for each matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.main.show import local

Said = Mapping[str, Any]


def status_rows(said: Said) -> Iterator[tuple[str, str]]:
    """The table's lines, from what `GET /status` says."""
    yield "ready", "yes" if said["ready"] else "no: calls cannot be taken"
    for word in ("sip", "web", "switch", "home", "pid"):
        yield word, str(said[word])
    yield "calls", _counted(said["calls"], said["calls_by_state"])
    yield "waiting", f"{said['waiting']}" + (f", the longest {said['longest_wait']} s" if said["waiting"] else "")
    unreachable = f"; unreachable: {', '.join(said['unreachable'])}" if said["unreachable"] else ""
    yield "agents", _counted(sum(said["agents"].values()), said["agents"]) + unreachable
    yield "hand-over", _durations(said["hand_over_ms"])
    yield "caller's 200", _durations(said["caller_answer_ms"])
    yield "look-up", _durations(said["look_up_ms"])
    ari = said["ari"]
    mean = "none yet" if ari["mean_ms"] is None else f"mean {ari['mean_ms']} ms, last {ari['last_ms']} ms"
    yield "ARI", f"{mean} ({ari['requests']} requests, {ari['reconnects']} reconnects)"
    yield from _watched(said)
    yield "messages", _messages(said["outbox"])
    yield "forgotten", _forgotten(said["retention"])
    failures = [f"{count} {what.replace('_', ' ')}" for what, count in said["failures"].items() if count]
    yield "failures", ", ".join(failures) or "none"
    yield "alarms", "; ".join(f"{alarm}: {detail}" for alarm, detail in said["alarms"].items()) or "none"


def _watched(said: Said) -> Iterator[tuple[str, str]]:
    if said["monitor"] != "watching":
        yield "monitor", f"{said['monitor']}: phones, trunks and voice are not watched"
        return
    trunks = (f"{name} {state}" for name, state in said["trunks"].items())
    yield "trunks", ", ".join(trunks) or "none registers"
    tasks, voice = said["tasks"], said["voice"]
    yield "task processors", f"{tasks['overloaded']} overloaded, longest queue {tasks['longest_queue']}"
    yield "voice", f"{voice['bad']} of {voice['calls']} measured calls are bad"


def _messages(outbox: Said) -> str:
    """Waiting, overdue and failed within the last day, by means."""
    words = {"queued": "waiting", "overdue": "overdue", "failed": "failed lately"}
    told = (f"{_counted(sum(outbox[key].values()), outbox[key])} {word}" for key, word in words.items() if outbox[key])
    return ", ".join(told) or "all are delivered"


def _forgotten(last: Said | None) -> str:
    """What was too old, the last time."""
    if last is None:
        return "nothing yet"
    failed = f"; not done: {', '.join(last['failed'])}" if last["failed"] else ""
    return f"{last['forgotten']} rows on {local(datetime.fromisoformat(last['at']))}{failed}"


def _counted(total: int, kinds: Said) -> str:
    return f"{total}" + (f" ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})" if kinds else "")


def _durations(seen: Said) -> str:
    return f"p50 {seen['p50']} ms, p99 {seen['p99']} ms (of {seen['of']})" if seen["of"] else "none yet"
