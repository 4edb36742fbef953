"""What an agent may know of the talks before his own in the same call, and of what was written down in them.

Rule of this file: plain values; a draft is another agent's and is only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.terms import AgentId


@dataclass(frozen=True, slots=True)
class EarlierTalk:
    """Another agent has talked to the caller before, in this call."""

    agent: AgentId
    name: str
    began_at: datetime
    ended_at: datetime
    how: str
    """It has ended (`engine.ports.records.CallTalk`)."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """The last message that an agent has taken in a call."""

    at: datetime
    contact: str | None
    caller_name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What an agent has written down in a call: what is typed and not saved yet, and what is saved."""

    draft: Mapping[str, Any]
    message: TakenDown | None


@dataclass(frozen=True, slots=True)
class Left:
    """One earlier talk with what was written down in it."""

    talk: EarlierTalk
    written: Written
