"""From the messages that telephones have sent and received to what happened: who was rung, answered, hung up on, when.

Rule of this file: times are the telephones' own, in seconds since 1970; of repeated messages the first one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.sipp.messages import Message, by_call

_USER = re.compile(r"sip:([^@;>]+)@")


@dataclass(frozen=True, slots=True)
class Caller:
    """One call as its caller saw it."""

    number: str
    invited: float
    early: float | None = None
    """The first 183, or 180 where there is no sound."""
    answered: float | None = None
    ended: float | None = None
    """The switch's BYE."""
    refused: float | None = None
    """The final response that was no 2xx."""
    sent: int = 1
    """How often the INVITE went out."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One call as an agent's phone saw it."""

    agent: str
    caller: str
    rung: float
    """The INVITE."""
    picked_up: float | None = None
    hung_up: float | None = None
    """The phone's BYE."""


def callers(messages: Iterable[Message]) -> list[Caller]:
    """Every call of the callers' messages, in the order of their INVITEs."""
    return [_caller(call) for call in by_call(list(messages)).values() if call[0].start == "INVITE"]


def rings(messages: Iterable[Message]) -> list[Ring]:
    """Every call of the phones' messages, in the order in which they rang."""
    return [_ring(call) for call in by_call(list(messages)).values() if call[0].start == "INVITE"]


def _caller(call: list[Message]) -> Caller:
    refusals = (m.at.timestamp() for m in call if not m.sent and m.start[0] in "3456" and m.method == "INVITE")
    return Caller(
        number=_user(call[0].header("From")),
        invited=call[0].at.timestamp(),
        early=_first(call, ("180", "183"), "INVITE", sent=False),
        answered=_first(call, ("200",), "INVITE", sent=False),
        ended=_first(call, ("BYE",), "BYE", sent=False),
        refused=next(refusals, None),
        sent=sum(m.start == "INVITE" for m in call),
    )


def _ring(call: list[Message]) -> Ring:
    return Ring(
        agent=_user(call[0].text.split("\r\n", 1)[0]),
        caller=_user(call[0].header("From")),
        rung=call[0].at.timestamp(),
        picked_up=_first(call, ("200",), "INVITE", sent=True),
        hung_up=_first(call, ("BYE",), "BYE", sent=True),
    )


def _user(header: str | None) -> str:
    found = _USER.search(header or "")
    return found[1] if found else ""


def _first(call: list[Message], starts: tuple[str, ...], method: str, *, sent: bool) -> float | None:
    at = (m.at.timestamp() for m in call if m.sent == sent and m.start in starts and m.method == method)
    return next(at, None)
