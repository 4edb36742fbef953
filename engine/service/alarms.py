"""What an administrator must hear of: one log line when it begins, one when it ends.

Rule of this file: what comes and goes within seconds is no alarm; nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import structlog

from engine.service.exchange import Exchange
from engine.service.outbox_figures import FEW_PUSHES
from engine.service.surroundings import Surroundings
from engine.terms import AgentState

log = structlog.get_logger()
HOLD = 10.0
"""Seconds for which something must be wrong, or right again, before it is said."""
LONGEST_QUEUE = 250
"""Tasks: half of what makes PJSIP drop requests (AST_TASKPROCESSOR_HIGH_WATER_LEVEL is 500)."""
BACKLOG = 200
"""Journal entries: about fifteen calls that the store does not have yet."""


class Alarm(StrEnum):
    """What can be wrong."""

    SWITCH_LINK = "switch_link_lost"
    TRUNK = "trunk_not_registered"
    CARRIER = "carrier_away"
    PHONES = "no_phone_reachable"
    TASKS = "switch_behind"
    VOICE = "bad_voice"
    STORE = "store_behind"
    MONITOR = "monitor_away"
    OUTBOX = "messages_overdue"
    PUSHOVER = "pushover_runs_out"


def wrong(exchange: Exchange, around: Surroundings) -> dict[Alarm, str]:
    """What is wrong at this moment, each with its details."""
    found = {}
    if not around.ready:
        found[Alarm.SWITCH_LINK] = "no calls can be taken"
    if missing := [f"{name}: {state}" for name, state in sorted(around.trunks.items()) if state != "Registered"]:
        found[Alarm.TRUNK] = ", ".join(missing)
    if around.away:
        found[Alarm.CARRIER] = f"does not answer OPTIONS: {', '.join(sorted(around.away))}"
    ready = [agent for agent in exchange.floor.agents.values() if agent.state is AgentState.READY]
    if ready and all(agent.reachable is False for agent in ready):
        found[Alarm.PHONES] = f"{len(ready)} agents are ready, and none of their phones is there"
    if around.tasks_alerted or around.tasks_longest > LONGEST_QUEUE:
        found[Alarm.TASKS] = f"{around.tasks_alerted} task processors overloaded, {around.tasks_longest} tasks in one"
    if bad := exchange.figures.voice.bad:
        found[Alarm.VOICE] = f"{bad} calls with loss, jitter or delay"
    if around.backlog > BACKLOG:
        found[Alarm.STORE] = f"{around.backlog} entries are not in the database yet"
    if around.monitor not in ("watching", "off"):
        found[Alarm.MONITOR] = f"phones, trunks and voice are not watched ({around.monitor})"
    if late := around.outbox.overdue:
        missing = [means.value for means in around.outbox.missing if means.value in late]
        hint = f" (not set up: {', '.join(missing)})" if missing else ""
        found[Alarm.OUTBOX] = ", ".join(f"{number} by {means}" for means, number in late.items()) + hint
    if (left := around.outbox.pushes_left()) is not None and left < FEW_PUSHES:
        found[Alarm.PUSHOVER] = f"{left} messages are left of this month's"
    return found


class Alarms:
    """Which alarms there are. Times in seconds, of a clock that never steps back."""

    def __init__(self, hold: float = HOLD) -> None:
        """None."""
        self.on: dict[Alarm, str] = {}
        """Those that were said to have begun, each with its details now."""
        self._hold = hold
        self._differs: dict[Alarm, float] = {}

    def judge(self, found: Mapping[Alarm, str], now: float) -> None:
        """Say what has begun and what has ended."""
        for alarm in Alarm:
            if (alarm in found) == (alarm in self.on):
                self._differs.pop(alarm, None)
            elif now - self._differs.setdefault(alarm, now) >= self._hold:
                self._turn(alarm, found.get(alarm))
        self.on = {alarm: found.get(alarm, detail) for alarm, detail in self.on.items()}

    def _turn(self, alarm: Alarm, detail: str | None) -> None:
        del self._differs[alarm]
        if detail is None:
            del self.on[alarm]
            log.warning("alarm_ended", alarm=str(alarm))
        else:
            self.on[alarm] = detail
            log.warning("alarm", alarm=str(alarm), detail=detail)
