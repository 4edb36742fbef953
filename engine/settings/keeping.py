"""How long each kind of data about people is kept (L8; GDPR, article 5 (1) (e)); what each number is for says ADR 31.

Rule of this file: days, each between its limits; two that contradict each other are refused before anything starts.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

Days = Annotated[int, Field(ge=1, le=3650)]

_NOT_LONGER = (
    (
        "agent_log_days",
        "call_trails_days",
        "agents' days are counted from the trails, too: raise call_trails_days or lower agent_log_days",
    ),
    (
        "call_trails_days",
        "callers_days",
        "a trail says who called: lower call_trails_days or raise callers_days",
    ),
    (
        "call_closings_days",
        "callers_days",
        "why a call has no message says something of its caller: lower call_closings_days or raise callers_days",
    ),
    (
        "callers_days",
        "calls_days",
        "nothing of a call outlives its record: lower callers_days or raise calls_days",
    ),
    (
        "message_deliveries_days",
        "messages_days",
        "a delivery goes with its message: lower message_deliveries_days or raise messages_days",
    ),
)
"""The first must not be longer than the second, and why, with how to mend it."""


class KeepingSettings(BaseSettings):
    """How long what is kept, in days."""

    callers_days: Days = 180
    """A call's record names caller, agent and who was dialled for the caller; then it is a figure and nobody's."""

    calls_days: int = Field(default=3650, ge=366, le=7300)
    """The record itself, by then without people: what every invoice is made of."""

    call_trails_days: Days = 180
    """What happened in a call, step by step."""

    call_closings_days: Days = 180
    """Why a call has no message."""

    messages_days: Days = 1095
    """Messages, as long as nothing of them is still to be delivered."""

    message_deliveries_days: Days = 180
    """To whom and to which address a message went; that it went, and when, is kept with the message."""

    change_orders_days: int = Field(default=3650, ge=366, le=7300)
    """What customers have asked support to change, once it is done."""

    audit_days: Days = 1095
    """Who changed what, from what to what."""

    agent_log_days: Days = 180
    """What agents became and when: ready, talking, paused …"""

    account_events_days: Days = 180
    """Who signed in, from where, and what became of accounts."""

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for shorter, longer, why in _NOT_LONGER:
            days, most = getattr(self, shorter), getattr(self, longer)
            if days > most:
                raise ValueError(f"{shorter} ({days}) is longer than {longer} ({most}): {why}")
        return self
