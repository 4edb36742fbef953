"""Plays a recorded stream of the switch's events through decode, exchange and perform, and tells what came of it.

The recordings are real: made with two phones and a caller against Asterisk 22.10.1, the machine's id taken out. The
link answers every request with 204, as the switch did. `python -m tests.replay.replaying` writes the tales anew; read
the difference before you keep it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.acd.agents import AcdSettings
from engine.acd.need import Need
from engine.call import events as e
from engine.call.plan import Plan, WaitPlan
from engine.ports import AgentProfile, CallAttempt, CallRecord, CallTalk, LiveAgent, LiveCall, TrailEntry
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId, CustomerId, Treatment, dialled
from pbx.ari import Outcome, Response
from pbx.ari.codec import decode as read
from pbx.ari.counters import Counters
from pbx.ari.model import Event
from pbx.decode import decode
from pbx.perform import Performer

CALLS = Path(__file__).parent / "calls"
_TREATMENTS = {
    "+493023125101": Treatment.DELAYED_CONNECT,
    "+493023125102": Treatment.RINGING,
    "+493023125103": Treatment.RINGING_ANNOUNCED,
    "+493023125104": Treatment.ANSWERED,
}


class Replay:
    """One recording. `tale` has a line for every event (`>`), request (`<`), timer (`t`) and trail entry (`.`)."""

    def __init__(self, recording: Path) -> None:
        self.tale: list[str] = []
        self.records: list[CallRecord] = []
        self._answers: deque[Callable[[Outcome], None]] = deque()
        self._admitted: deque[tuple[CallId, str, str | None]] = deque()
        self._time = datetime.min
        self.running: dict[tuple[str, str], float] = {}
        performer = Performer(Path("/sounds"), lambda call, event: self.exchange.tell(call, event))  # noqa: PLW0108
        performer.link = self  # type: ignore[assignment]
        settings = AcdSettings(reject_delay=0.0, no_answer_delay=1.0)
        self.exchange = Exchange(performer, self, self, self, settings, lambda *call: self._admitted.append(call))
        self._play(recording)

    def _play(self, recording: Path) -> None:
        frames = [read(line, Counters()) for line in recording.read_bytes().splitlines()]
        events = [frame for frame in frames if isinstance(frame, Event)]
        self._time = events[0].timestamp
        agents = ["ben"] if recording.stem == "nobody_picks_up" else ["anna", "ben"]
        self.exchange.staff(AgentProfile(AgentId(a), a, frozenset(), frozenset(), AgentState.READY) for a in agents)
        for event in events:
            self._pass_to(event.timestamp)
            told = decode(event)
            if isinstance(told, e.Offered):
                self._say(">", f"Offered {told.dialled} by {told.caller} via {told.line}")
                self.exchange.offered(told)
            elif isinstance(told, tuple):
                self._say(">", f"{type(told[1]).__name__} {getattr(told[1], 'leg', '')}")
                self.exchange.tell(*told)
            self._settle()
        self._pass_to(self._time + timedelta(seconds=10))

    def _settle(self) -> None:
        while self._answers or self._admitted:
            while self._admitted:
                call, number, _ = self._admitted.popleft()
                self.exchange.tell(call, _found(number))
            if self._answers:
                self._answers.popleft()(Response(204, "No Content"))

    def _pass_to(self, moment: datetime) -> None:
        """Let the time pass; what runs out on the way fires."""
        while due := min((key for key in self.running if self.running[key] <= moment.timestamp()), default=None):
            self._time = datetime.fromtimestamp(self.running.pop(due), moment.tzinfo)
            self._say("t", due[1])
            self.exchange.timer_fired(*due)
            self._settle()
        self._time = moment

    def _say(self, sign: str, text: str) -> None:
        shown = text.replace(next(iter(self.exchange.calls), "no call"), "CALL")
        self.tale.append(f"{sign} {shown}".rstrip())

    def send(self, method: str, uri: str, query: Any = None, body: Any = None, on_done: Any = None) -> None:
        """The link: keeps the request, answers later."""
        variables = (body or {}).get("variables", {})
        extra = " ".join(f"{k}={v}" for k, v in {**(query or {}), **variables}.items() if k not in ("app", "formats"))
        self._say("<", f"{method} {uri} {extra}")
        self._answers.append(on_done)

    def now(self) -> datetime:
        """The clock: the recording's time."""
        return self._time

    def set(self) -> None:
        """The recording's time needs no setting."""

    def start(self, owner: str, name: str, seconds: float) -> None:
        """The timers, in the recording's time."""
        self.running[owner, name] = (self._time + timedelta(seconds=seconds)).timestamp()

    def stop(self, owner: str, name: str) -> None:
        """Forget one."""
        self.running.pop((owner, name), None)

    def stop_all(self, owner: str) -> None:
        """Forget all of an owner."""
        self.running = {key: at for key, at in self.running.items() if key[0] != owner}

    def opened(self, record: CallRecord) -> None:
        """The journal: a call has arrived."""

    def call_stands(self, live: LiveCall) -> None:
        pass

    def agent_stands(self, live: LiveAgent) -> None:
        pass

    def noted(self, entry: TrailEntry) -> None:
        """A line of the trail."""
        self._say(".", f"{entry.what} {entry.detail}")

    def tried(self, attempt: CallAttempt) -> None:
        pass

    def talked(self, talk: CallTalk) -> None:
        pass

    def closed(self, record: CallRecord) -> None:
        """A call is over."""
        self.records.append(record)

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        """An agent has a new state that is kept."""
        self._say(".", f"{agent} is {state}: {reason}")


def _found(number: str) -> e.Event:
    access_number = dialled(number)
    treatment = _TREATMENTS.get(access_number)
    if treatment is None:
        return e.NumberUnknown()
    plan = Plan(CustomerId(1), "K1", "Kunde", WaitPlan(treatment, announce_every=2.0), Need(), ring_time=3.0)
    return e.CustomerFound(access_number, plan, True)


def tale_of(recording: Path) -> str:
    """The whole tale as text."""
    return "\n".join(Replay(recording).tale) + "\n"


if __name__ == "__main__":
    for one in sorted(CALLS.glob("*.jsonl")):
        one.with_suffix(".tale").write_text(tale_of(one), "utf-8")
