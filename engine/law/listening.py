"""Whether a supervisor may listen to a conversation.

Rule of this file: who listens to words that are not meant for him, without both who speak knowing, commits an offence
(§ 201 StGB; secrecy of telecommunications: § 206 StGB, § 3 TDDDG). So the customer, in whose name the agent speaks,
must have agreed, and both are told at the time. Where the caller pays per minute, nobody makes him pay for being told
(TKG § 115, the same lines as for putting through).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from engine.law.checks import ForwardedLine, allows_put_through


class MayListen(StrEnum):
    """Whether, or why not."""

    YES = "yes"
    NOT_AGREED = "not_agreed"
    """The customer has not agreed."""
    PER_MINUTE = "per_minute"
    """A caller may pay per minute."""


def may_listen(agreed: bool, lines: Iterable[ForwardedLine]) -> MayListen:
    """For a customer who has agreed to it or not, and has these forwarded lines."""
    if not agreed:
        return MayListen.NOT_AGREED
    return MayListen.YES if allows_put_through(lines) else MayListen.PER_MINUTE
