"""What stands around an exchange: switch, timers, journal and clock in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from engine.call import commands as c
from engine.ports import CallAttempt, CallRecord, CallTalk, LiveAgent, LiveCall, TrailEntry
from engine.terms import AgentId, AgentState, CallId, LegId, PlayId
from tests.rules.calls import NOON
from tests.rules.hearing import Heard

BUSY = frozenset({AgentState.RINGING, AgentState.TALKING})


class World:
    """Switch, timers, journal and clock in memory: what was ordered and written."""

    def __init__(self) -> None:
        self.time = NOON
        self.legs: dict[LegId, CallId] = {}
        self.targets: dict[LegId, CallId] = {}
        self.heard: dict[CallId, Heard] = defaultdict(Heard)
        self.plays: dict[PlayId, CallId] = {}
        self.timers: dict[tuple[str, str], float] = {}
        self.opened_calls: list[CallId] = []
        self.attempts: dict[LegId, CallAttempt] = {}
        self.talks: dict[tuple[CallId, int], CallTalk] = {}
        self.closed_calls: dict[CallId, CallRecord] = {}
        self.trail: list[TrailEntry] = []
        self.file: dict[str, bytes] = {}
        """How calls and agents stand, by id."""
        self.released: set[CallId] = set()

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def set(self) -> None:
        assert set(self.opened_calls) == set(self.closed_calls), "nothing is being measured"

    def perform(self, call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        for command in commands:
            self.heard[call].ordered(command)
            if isinstance(command, c.DialAgent):
                assert command.leg not in self.legs, "a leg's id is never used again"
                self.legs[command.leg] = call
            elif isinstance(command, c.DialTarget):
                assert command.leg not in self.targets, "a leg's id is never used again"
                self.targets[command.leg] = call
            elif isinstance(command, c.Announce | c.AskTarget):
                self.plays[command.play] = call
            elif isinstance(command, c.Release):
                self.released.add(call)

    def start(self, owner: str, name: str, seconds: float) -> None:
        assert seconds > 0
        self.timers[owner, name] = seconds

    def stop(self, owner: str, name: str) -> None:
        self.timers.pop((owner, name), None)

    def stop_all(self, owner: str) -> None:
        for key in [key for key in self.timers if key[0] == owner]:
            del self.timers[key]

    def opened(self, record: CallRecord) -> None:
        self.opened_calls.append(record.id)

    def call_stands(self, live: LiveCall) -> None:
        self.file[live.call.id] = msgspec.json.encode(live)

    def agent_stands(self, live: LiveAgent) -> None:
        self.file[live.agent.id] = msgspec.json.encode(live)

    def forgets_all_but_the_file(self) -> tuple[list[LiveCall], list[LiveAgent]]:
        """The engine is killed; what the next one finds."""
        self.timers.clear()
        live = {key: line for key, line in self.file.items() if key not in self.closed_calls}
        calls = [msgspec.json.decode(line, type=LiveCall) for line in live.values() if line.startswith(b'{"call"')]
        agents = [msgspec.json.decode(line, type=LiveAgent) for line in live.values() if line.startswith(b'{"agent"')]
        return calls, agents

    def noted(self, entry: TrailEntry) -> None:
        self.trail.append(entry)

    def closed(self, record: CallRecord) -> None:
        assert record.id not in self.closed_calls, "exactly one record"
        self.closed_calls[record.id] = record

    def tried(self, attempt: CallAttempt) -> None:
        assert attempt.leg not in self.attempts, "exactly one line for each leg"
        assert attempt.ended_at, "nothing goes on after the call"
        self.attempts[attempt.leg] = attempt

    def talked(self, talk: CallTalk) -> None:
        assert talk.call not in self.closed_calls, "nobody talks after the call"
        before = self.talks.setdefault((talk.call, talk.n), talk)
        assert before == talk, "said twice, it is the same"

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        assert state not in BUSY
