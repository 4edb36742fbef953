"""A call as it is kept: its record, the agents' talks in it, the legs to transfer targets, and its trail.

Rule of this file: facts, as they were; times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.terms import E164, AgentId, CallId, CustomerId, LegId

TRAIL_FORGOTTEN, CALLER_FORGOTTEN, ALL_FORGOTTEN = 1, 2, 3
"""How much of a call is not kept any more; each with what is before it."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, as it is kept and charged. Times are UTC; None = did not happen."""

    id: CallId
    dialled: str
    """As the carrier sent it."""
    access_number: E164 | None
    customer: CustomerId | None
    caller: str | None
    """The caller's number; None if anonymous."""
    line: str | None
    """The forwarded line, where the carrier names it (Diversion, History-Info)."""
    arrived_at: datetime
    outcome: str
    """`open`, `answered`, `abandoned`, `max_wait`, `closed`, `unknown_number`, `blocked`, `limited`,
    `failed`, `caller_blocked`."""
    treatment: str | None = None
    first_media_at: datetime | None = None
    picked_up_at: datetime | None = None
    answered_at: datetime | None = None
    agent_left_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int | None = None
    """Q.850."""
    agent: AgentId | None = None
    waited_ms: int = 0
    talked_ms: int = 0
    transferred_ms: int = 0
    charged_seconds: int = 0
    charged_minutes: int = 0
    waited_again_ms: int = 0
    """The longest wait of a caller who came back into the line after a talk."""
    lost_again: bool = False
    """He has given up in such a wait, or was dismissed at its end."""
    forgotten: int = 0
    """0 = nothing; 1 = its trail; 2 = who called, too; 3 = everybody (ADR 31)."""

    @property
    def is_caller_forgotten(self) -> bool:
        """Whether `caller` says nothing any more, hidden or not."""
        return self.forgotten >= CALLER_FORGOTTEN


@dataclass(frozen=True, slots=True)
class CallTalk:
    """One agent's talk in a call, as it is kept. Times are UTC."""

    call: CallId
    n: int
    """Within the call, from 1."""
    customer: CustomerId
    agent: AgentId
    began_at: datetime
    """His pick-up."""
    ended_at: datetime
    how: str | None
    """It has ended: `agent_left`, `caller_left`, `phone_lost`, `put_through`, `not_joined`; None = nobody knows."""
    waited_ms: int
    """Of the wait before it."""
    talked_ms: int
    """Of what is charged."""


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """One leg to a transfer target, as it is kept. Times are UTC; None = did not happen."""

    leg: LegId
    call: CallId
    customer: CustomerId
    contact: str
    number: E164
    trunk: str
    kind: str
    """`announced` or `blind`."""
    dialled_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    joined_at: datetime | None
    """The target has heard the caller."""
    ended_at: datetime | None
    result: str
    """`put_through`, `spoken`, `busy`, `no_answer` … (`engine.transfer.plan.Result`)."""
    cause: int | None
    """Q.850."""
    apart_ms: int = 0
    """Milliseconds since `joined_at` in which the two did not hear each other."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of a call's append-only trail. `n` counts from 1 within the call."""

    call: CallId
    n: int
    at: datetime
    what: str
    """A word: `arrived`, `183`, `music`, `announcement`, `ringing_agent`, `picked_up`, `200`, `ended`, `charged` …"""
    detail: str = ""
