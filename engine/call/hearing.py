"""Who hears whom while a caller is put through: what each state wants, and the orders that make it so.

Rules of this file: the caller is never left in silence, nor is a target that was put aside; the agent hears that it
rings. Whoever joins the conversation hears no music first. A phone that holds has the switch play music to whoever it
talks to, and who leaves while he holds never takes that back: with every change of who talks it is stopped. Said again
where nobody knows what was done, the orders do no harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from engine.call.commands import Command, Join, Part, PlayMusic, PlayRingTone, StopMusic, StopRingTone
from engine.call.state import Call, State
from engine.terms import LegId

SILENCE = "silence"
INSTEAD = "default"
"""What who is put aside hears, where the customer's callers wait in silence."""


class Party(StrEnum):
    """Who may be in a call."""

    CALLER = "caller"
    AGENT = "agent"
    TARGET = "target"


_C, _A, _T = Party
TOGETHER: dict[State, frozenset[Party]] = {
    State.TALKING: frozenset({_C, _A}),
    State.DIALLING: frozenset(),
    State.CONSULTING: frozenset({_A, _T}),
    State.SWAPPED: frozenset({_C, _A}),
    State.CONFERENCE: frozenset({_C, _A, _T}),
    State.FORWARDING: frozenset(),
    State.PUT_THROUGH: frozenset({_C, _T}),
}
"""Who hears each other."""
MUSIC: dict[State, Party] = {
    State.DIALLING: _C,
    State.CONSULTING: _C,
    State.SWAPPED: _T,
    State.FORWARDING: _C,
}
"""Who hears music meanwhile."""
_TARGET_HEARS = frozenset({State.CONSULTING, State.SWAPPED, State.CONFERENCE, State.PUT_THROUGH})
_RING_TONE = frozenset({State.DIALLING})
"""Where the agent hears that the target's phone rings."""


def orders(call: Call, before: State) -> list[Command]:
    """What makes it as `call.state` wants it, out of what `before` has made of it; legs that are gone are left out."""
    there = dict(_there(call, before, call.state))
    was, now = TOGETHER[before], TOGETHER[call.state]
    made: list[Command] = []
    if before in _RING_TONE and call.state not in _RING_TONE and _A in there:
        made.append(StopRingTone(_leg(call.leg)))
    made += [Part(leg) for who, leg in there.items() if who in was - now]
    music = MUSIC.get(call.state)
    quiet = _quiet(before, call.state)
    made += [StopMusic(leg) for who, leg in there.items() if who in quiet]
    if music in there and music is not MUSIC.get(before):
        made.append(PlayMusic(held_by(call), there[music]))
    made += [Join(leg) for who, leg in there.items() if who in now - was]
    if call.state in _RING_TONE and before not in _RING_TONE and _A in there:
        made.append(PlayRingTone(_leg(call.leg)))
    return made


def again(call: Call) -> list[Command]:
    """The same where nobody knows what has been done."""
    there = dict(_there(call, call.state))
    together, music = TOGETHER[call.state], MUSIC.get(call.state)
    made: list[Command] = []
    for who, leg in there.items():
        if who in together:
            made += [StopMusic(leg), Join(leg)]
        else:
            made.append(Part(leg))
        if who is music:
            made.append(PlayMusic(held_by(call), leg))
    if call.state in _RING_TONE and _A in there:
        made += [StopMusic(call.leg), PlayRingTone(_leg(call.leg))]
    elif _A in there:
        made.insert(0, StopRingTone(_leg(call.leg)))
    return made


def held_by(call: Call) -> str:
    """The music of who waits aside: the customer's wait music, but never silence."""
    music = call.settings.wait.music
    return INSTEAD if music == SILENCE else music


def _quiet(before: State, after: State) -> frozenset[Party | None]:
    """Who may hear music and is to hear none: ours, or because somebody whom he talked to holds."""
    was, now = TOGETHER[before], TOGETHER[after]
    quiet: frozenset[Party | None] = was & now if was != now else frozenset()
    if after in _RING_TONE and before not in _RING_TONE:
        quiet |= {_A}
    return (quiet | {MUSIC.get(before)}) - {MUSIC.get(after)}


def _there(call: Call, *states: State) -> Iterator[tuple[Party, LegId | None]]:
    """Everybody who is in the call, with the leg; the caller has none."""
    if call.ended_at is None:
        yield _C, None
    if call.leg:
        yield _A, call.leg
    if call.target and not _TARGET_HEARS.isdisjoint(states):
        yield _T, call.target


def _leg(leg: LegId | None) -> LegId:
    assert leg is not None
    return leg
