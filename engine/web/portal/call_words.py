"""Calls in a customer's words: what became of one, and what happened in it step by step.

Rule of this file: a word that is not told here is the machinery's own and no customer's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.call.plan import RINGTONE
from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.ports.customer_calls import TEST_CALLER
from engine.transfer.plan import Result
from engine.web.languages import N_, Words
from engine.web.portal.timeline import SILENCE

OUTCOMES: Mapping[str, str] = {
    "open": N_("still going on"),
    "answered": N_("answered"),
    "abandoned": N_("caller hung up while waiting"),
    "max_wait": N_("longest wait was over"),
    "closed": N_("outside the service hours"),
    "blocked": N_("service is blocked"),
    "limited": N_("too many calls at once"),
    "failed": N_("ended by a fault"),
    "caller_blocked": N_("caller is blocked"),
}
_TEST_CALL, _UNKNOWN, _FORGOTTEN = N_("test call"), N_("unknown"), N_("no longer kept")
_OTHER = N_("not taken")
_STEPS: Mapping[str, str] = {
    "arrived": N_("The call has arrived"),
    "closed": N_("Outside the service hours: the caller hears the ring tone and is not answered"),
    "blocked": N_("The service is blocked: the call is refused"),
    "limited": N_("Too many calls at once: the call is refused"),
    "caller_blocked": N_("The caller is blocked: the call is refused. {detail}"),
    "180": N_("The caller hears the ring tone"),
    "183": N_("The caller hears sounds while waiting; the call is not answered yet"),
    "music": N_("Music or ring tone: {detail}"),
    "announcement": N_("Announcement: {detail}"),
    "ringing_agent": N_("A telephone rings with us"),
    "missed": N_("It was not picked up; the next one follows"),
    "overflow": N_("From now on others may answer too"),
    "picked_up": N_("A person has answered"),
    "200": N_("The call is connected"),
    "listening_announced": N_("Both were told that somebody of our staff is going to listen"),
    "listening_began": N_("Somebody of our staff has begun to listen"),
    "listening_over": N_("Nobody listens any more"),
    "agent_left": N_("The conversation with us is over"),
    "agent_lost": N_("The connection to the person who had answered was lost"),
    "caller_left": N_("The caller has hung up"),
    "max_wait": N_("The longest wait is over"),
    "put_through": N_("The caller is being put through"),
    "put_through_refused": N_("The caller could not be put through: it is not allowed, or a limit is reached"),
    "target_dialled": N_("A number is dialled to put the caller through"),
    "joined": N_("Caller and called person talk"),
    "target_refused": N_("The number was not dialled: it is not allowed, or a limit is reached"),
    "talk_limit": N_("The longest time for one talk was over: the call was ended"),
    "day_over": N_("The minutes of the day for putting through are used up"),
    "taken_back": N_("The caller was taken back"),
    "list_over": N_("Nobody could be had"),
    "ended": N_("The call is over"),
    "taken_over": N_("After a fault the call went on"),
}
MUSIC: Mapping[str, str] = {
    "default": N_("Our usual music"),
    RINGTONE: N_("Ring tone"),
    SILENCE: N_("Silence"),
}
"""The classes of music that come with the project."""
RESULTS: Mapping[Result, str] = {
    Result.OPEN: N_("under way"),
    Result.PUT_THROUGH: N_("connected"),
    Result.SPOKEN: N_("spoke to the agent only"),
    Result.BUSY: N_("busy"),
    Result.NO_ANSWER: N_("not picked up"),
    Result.REJECTED: N_("rejected"),
    Result.UNREACHABLE: N_("not reachable"),
    Result.NOT_ACCEPTED: N_("not accepted"),
    Result.CARRIER_FAILED: N_("no line to it"),
    Result.LIMITED: N_("not dialled: the limit is reached"),
    Result.SKIPPED: N_("skipped"),
    Result.STOPPED: N_("stopped"),
    Result.CALLER_LEFT: N_("the caller hung up"),
}
"""What came of a number that was dialled to put a caller through."""
_WITH_DETAIL = {"music", "announcement", "caller_blocked"}


@dataclass(frozen=True, slots=True)
class Told:
    """One step, with the seconds since the call arrived, ≥ 0; `text` is marked with `N_`."""

    text: str
    seconds: float
    values: dict[str, str] = field(default_factory=dict)


def outcome(word: str, words: Words) -> str:
    """What became of the call."""
    return words(OUTCOMES.get(word, _OTHER))


def caller(call: CallRecord, words: Words) -> str:
    """Who has called: a number for the eye to group, or what stands in its place."""
    if call.is_caller_forgotten:
        return words(_FORGOTTEN)
    number = call.caller
    return words(_TEST_CALL) if number == TEST_CALLER else number or words(_UNKNOWN)


def public(trail: Iterable[TrailEntry]) -> Iterator[tuple[str, float, str]]:
    """Word, seconds since arrival and detail of each step that is not ours alone: no logins, no machines."""
    entries = list(trail)
    for entry in entries:
        if entry.what in _STEPS:
            detail = entry.detail if entry.what in _WITH_DETAIL else ""
            yield entry.what, (entry.at - entries[0].at).total_seconds(), detail


def told(trail: Iterable[TrailEntry], words: Words, own: Mapping[str, str]) -> Iterator[Told]:
    """The same in people's words. `own`: what the customer calls its own announcements, by what calls name them by."""
    for what, seconds, detail in public(trail):
        named = words(MUSIC[detail]) if detail in MUSIC else own.get(detail, detail)
        yield Told(_STEPS[what], seconds, {"detail": named} if what in _WITH_DETAIL else {})


@dataclass(frozen=True, slots=True)
class Dialled:
    """One number that was dialled to put the caller through, in words."""

    contact: str
    number: str
    at: datetime
    result: str
    talked: float
    """Seconds, ≥ 0, with the caller."""


def dialled(attempts: Iterable[CallAttempt], words: Words) -> list[Dialled]:
    """What was dialled, in order."""
    return [
        Dialled(one.contact, one.number, one.dialled_at, words(RESULTS[Result(one.result)]), talked_ms(one) / 1000)
        for one in attempts
    ]


def talked_ms(attempt: CallAttempt) -> int:
    """Milliseconds that the number has talked to the caller; 0 while it still talks."""
    if attempt.joined_at is None or attempt.ended_at is None:
        return 0
    return max(0, round((attempt.ended_at - attempt.joined_at).total_seconds() * 1000) - attempt.apart_ms)
