"""The lines of the journal: entries for the store, each with its number, and how a call or an agent stands now.

Rule of this file: an engine reads what one before it has written, so a line changes its fields with care.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from engine.ports import CallAttempt, CallRecord, CallTalk, LiveAgent, LiveCall, TrailEntry
from engine.terms import AgentId, AgentState

N = Annotated[int, msgspec.Meta(ge=1, le=2**62)]


class Opened(msgspec.Struct, frozen=True, tag_field="is", tag="opened"):
    """A call has arrived."""

    n: N
    record: CallRecord


class Noted(msgspec.Struct, frozen=True, tag_field="is", tag="noted"):
    """Something happened in a call."""

    n: N
    entry: TrailEntry


class Closed(msgspec.Struct, frozen=True, tag_field="is", tag="closed"):
    """A call is over."""

    n: N
    record: CallRecord


class Tried(msgspec.Struct, frozen=True, tag_field="is", tag="tried"):
    """A leg to a transfer target is over."""

    n: N
    attempt: CallAttempt


class Talked(msgspec.Struct, frozen=True, tag_field="is", tag="talked"):
    """An agent's talk is over."""

    n: N
    talk: CallTalk


class Rests(msgspec.Struct, frozen=True, tag_field="is", tag="rests"):
    """An agent has become offline, ready or paused."""

    n: N
    agent: AgentId
    state: AgentState
    reason: str | None


class Became(msgspec.Struct, frozen=True, tag_field="is", tag="became"):
    """An agent has come into another state, or has another reason for a pause."""

    n: N
    agent: AgentId
    state: AgentState
    reason: str | None
    at: datetime


class CallStands(msgspec.Struct, frozen=True, tag_field="is", tag="call"):
    """How a call stands."""

    live: LiveCall


class AgentStands(msgspec.Struct, frozen=True, tag_field="is", tag="agent"):
    """How an agent stands."""

    live: LiveAgent


class Begins(msgspec.Struct, frozen=True, tag_field="is", tag="file"):
    """The first line: which file this is, whatever it is called."""

    id: str


Entry = Opened | Noted | Closed | Tried | Talked | Rests | Became
Line = Entry | CallStands | AgentStands | Begins
