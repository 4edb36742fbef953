"""One agent at work: offline, ready, ringing, talking, wrap-up, paused.

The rules of this file: an agent has at most one call. What an agent (or a supervisor) wishes while busy comes true when
the call is over. Who misses too many calls in a row is paused: the phone is probably unattended. Methods that do not
fit the agent's state change nothing and say so by their result; times come as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.terms import AgentId, AgentState, CallId, Group, HangupCause, Skill

AUTO_PAUSE = "missed calls"
BROWSER_CLOSED, SIGNED_OUT, SESSION_OVER = "browser closed", "signed out", "session over"
LEFT = frozenset({BROWSER_CLOSED, SIGNED_OUT, SESSION_OVER})
"""Why somebody is offline who has not said so; who says it himself gives no reason."""
OUR_FAULT = frozenset({HangupCause.NETWORK_FAILURE, HangupCause.TEMPORARY_FAILURE, HangupCause.CONGESTION})
"""Causes for which no agent is to blame: not counted as missed."""
RESTING = frozenset({AgentState.OFFLINE, AgentState.READY, AgentState.PAUSED})
"""The states that can be wished for; the others pass by themselves."""


class HeldOff(StrEnum):
    """Why an agent who is ready is left alone for a moment."""

    MISSED = "missed"
    """The last call was not picked up."""
    REJECTED = "rejected"
    UNREACHED = "unreached"
    """It did not get to the phone."""
    LOST = "lost"
    """The phone was gone in the middle of a talk."""


_WHY = {
    HangupCause.NO_ANSWER: HeldOff.MISSED,
    HangupCause.REJECTED: HeldOff.REJECTED,
    HangupCause.BUSY: HeldOff.REJECTED,
}


class UnknownAgent(LookupError):
    """There is no agent with this login."""


@dataclass(frozen=True, slots=True)
class AcdSettings:
    """Times in seconds, ≥ 0; 0 = none."""

    wrap_up: float = 0.0
    no_answer_delay: float = 5.0
    """How long an agent who did not pick up is left alone."""
    reject_delay: float = 5.0
    """How long an agent whose phone rejected a call, or could not be reached, is left alone."""
    auto_pause_after: int = 3
    """Calls missed in a row after which an agent is paused; 0 = never."""
    lost_delay: float = 30.0
    """How long an agent whose phone was lost in a talk is left alone, at least: within that time the switch has asked a
    registered phone whether it is there (every 10 s, and an answer may take 3 s)."""


@dataclass(slots=True)
class Agent:
    """What the ACD knows of one agent."""

    id: AgentId
    name: str
    skills: frozenset[Skill]
    groups: frozenset[Group]
    state: AgentState = AgentState.OFFLINE
    since: datetime | None = None
    idle_since: datetime | None = None
    """The end of the last conversation, or when the agent became ready: the longest idle is rung first."""
    reason: str | None = None
    call: CallId | None = None
    missed: int = 0
    """Calls missed in a row."""
    held_off: bool = False
    """Left alone for a moment after a missed call."""
    why_held_off: HeldOff | None = None
    """As it was last; None = the call was taken from him."""
    reachable: bool | None = None
    """Whether the phone is there; None = nobody knows, which counts as there until ringing it fails."""
    wish: tuple[AgentState, str | None] | None = field(default=None)
    ordered: bool = False
    """The ring was ordered for this agent, whatever he did: one that he does not take is no missed call."""
    engaged: bool = False
    """The phone is in use for what is no caller's call (a supervisor listens in)."""

    @property
    def free(self) -> bool:
        """Whether the agent's phone may be rung now."""
        if self.state is not AgentState.READY or self.held_off or self.engaged:
            return False
        return self.reachable is not False

    @property
    def comes(self) -> bool:
        """Whether the agent takes calls, if not now then after the present one."""
        away = self.state in (AgentState.OFFLINE, AgentState.PAUSED) or self.wish is not None
        return not away and self.reachable is not False

    @property
    def at_hand(self) -> bool:
        """Whether the agent has no call and would take one, if the wrap-up were over."""
        return self.call is None and self.comes

    def wishes(self, state: AgentState, reason: str | None, now: datetime) -> None:
        """Become ready, paused or offline: now, or after the call. Raises ValueError for another state."""
        if state not in RESTING:
            raise ValueError(f"an agent can be set to ready, paused or offline, not to {state}")
        has_reason = state is AgentState.PAUSED or (state is AgentState.OFFLINE and reason in LEFT)
        reason = reason if has_reason else None
        if self.state in (AgentState.RINGING, AgentState.TALKING):
            # Ready is what comes by itself, after wrap-up: nothing else is wished for any more.
            self.wish = None if state is AgentState.READY else (state, reason)
            return
        if state is AgentState.READY and self.state is not AgentState.READY:
            self.idle_since = now
        if state is AgentState.READY:
            self.missed, self.held_off = 0, False
        self.wish = None
        self._become(state, now, reason)

    def leaves(self, why: str, now: datetime) -> bool:
        """Is gone without having said so: offline, after the call and its wrap-up. `why`: one of `LEFT`.

        False = is offline, or will be, already.
        """
        if self.state is AgentState.OFFLINE or (self.wish and self.wish[0] is AgentState.OFFLINE):
            return False
        if self.state is AgentState.WRAP_UP:
            self.wish = (AgentState.OFFLINE, why)
        else:
            self.wishes(AgentState.OFFLINE, why, now)
        return True

    def rings(self, call: CallId, now: datetime) -> None:
        """Reserved for a call. Raises ValueError if the agent is not free: two calls would meet."""
        if not self.free:
            raise ValueError(f"agent {self.id} is {self.state} and cannot be rung")
        self.call = call
        self._become(AgentState.RINGING, now)

    def steps_in(self, now: datetime) -> None:
        """Be free for one call, whatever the agent does but that: afterwards it is as before, but for a wrap-up.

        Raises ValueError for an agent with a call.
        """
        if self.call is not None:
            raise ValueError(f"agent {self.id} is {self.state} and has a call")
        before = (self.state, self.reason) if self.state in RESTING - {AgentState.READY} else None
        self._become(AgentState.READY, now)
        self.wish, self.held_off, self.ordered = before, False, True

    def talks(self, now: datetime) -> None:
        """Has picked up."""
        self.ordered = False
        self.missed = 0
        self._become(AgentState.TALKING, now)

    def misses(self, cause: HangupCause, settings: AcdSettings, now: datetime) -> float:
        """Did not take the call: seconds for which the agent is left alone, 0 if none or paused."""
        self.missed += cause not in OUR_FAULT and not self.ordered
        self.idle_since = now
        if settings.auto_pause_after and self.missed >= settings.auto_pause_after:
            self.wish = self.wish or (AgentState.PAUSED, AUTO_PAUSE)
        self._rest(now)
        if self.state is not AgentState.READY:
            return 0.0
        delay = settings.no_answer_delay if cause is HangupCause.NO_ANSWER else settings.reject_delay
        self.held_off, self.why_held_off = delay > 0, _WHY.get(cause, HeldOff.UNREACHED)
        return delay

    def spared(self, now: datetime) -> None:
        """The caller hung up first: as idle as before."""
        self._rest(now)

    def done(self, settings: AcdSettings, now: datetime) -> float:
        """The conversation is over: seconds of wrap-up that begin now, 0 if none."""
        self.idle_since = now
        if self.wish or not settings.wrap_up:
            self._rest(now)
            return 0.0
        self.call = None
        self._become(AgentState.WRAP_UP, now)
        return settings.wrap_up

    def lost(self, settings: AcdSettings, now: datetime) -> float:
        """The phone is gone in the middle of a talk: seconds for which the agent is left alone, 0 if paused or offline.

        No wrap-up: the agent may have to find the phone. But no less time than it, for something is to be written down.
        """
        self.idle_since = now
        self._rest(now)
        delay = max(settings.lost_delay, settings.wrap_up) if self.state is AgentState.READY else 0.0
        self.held_off, self.why_held_off = delay > 0, HeldOff.LOST
        return delay

    def wrapped_up(self, now: datetime) -> None:
        """Wrap-up is over."""
        if self.state is AgentState.WRAP_UP:
            self.idle_since = now
            self._rest(now)

    def _rest(self, now: datetime) -> None:
        self.call, self.ordered = None, False
        state, reason = self.wish or (AgentState.READY, None)
        self.wish = None
        self._become(state, now, reason)

    def _become(self, state: AgentState, now: datetime, reason: str | None = None) -> None:
        if (state, reason) != (self.state, self.reason):
            self.since = now
        self.state, self.reason = state, reason
        if state is not AgentState.READY:
            self.held_off = False
