"""After a connect: what the switch has against what the exchange knows.

Rule of this file: what happened while nobody listened is told as if it happened now; it decides nothing itself. Events
that the exchange knows already are known races and change nothing. Nobody is told to be left with somebody who is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace

from engine.call import events as e
from engine.call.state import Call, State
from engine.terms import CallId, HangupCause, LegId
from pbx.ari.model import Bridge, Channel
from pbx.decode import APP, Told, leg_of, listened_to, offered

SAFETY_NET = "safety-net"
"""The dialplan's context in which callers wait while no engine is there."""
_PUTTING_THROUGH = frozenset({
    State.DIALLING, State.CONSULTING, State.SWAPPED, State.CONFERENCE, State.FORWARDING, State.PUT_THROUGH,
})  # fmt: skip
"""Who hears whom may have been ordered while nobody listened: it is ordered again."""
_BRIDGE = re.compile(r"(?P<call>.+)-bridge")


def missed(channels: Iterable[Channel], bridges: Iterable[Bridge], calls: Iterable[Call]) -> list[e.Offered | Told]:
    """What the exchange has not heard of: ends, pick-ups, and calls that arrived meanwhile in their order."""
    there = {channel.id: channel for channel in channels}
    known = {call.id: call for call in calls}
    joined = {channel for bridge in bridges for channel in bridge.channels}
    told: list[e.Offered | Told] = [word for call in known.values() for word in _of_call(call, there, joined)]
    new = [offer for channel in there.values() if channel.id not in known and (offer := _offer(channel))]
    return told + sorted(new, key=lambda offer: (offer.arrived_at, offer.order))


def orphans(channels: Iterable[Channel], calls: Iterable[Call], is_over: Callable[[CallId], bool]) -> list[str]:
    """Legs that belong to no call any more, and callers whose call has ended for us while nobody listened."""
    legs = {leg for call in calls for leg in (call.leg, call.target)}
    return [
        channel.id
        for channel in channels
        if (channel.id not in legs if leg_of(channel.id) else is_over(CallId(channel.id)))
    ]


def left_listening(channels: Iterable[Channel]) -> dict[str, CallId]:
    """Channels of listenings with the call of each: after a connect none of them goes on, but the calls do."""
    return {channel.id: call for channel in channels if (call := listened_to(channel.id))}


def empty_bridges(bridges: Iterable[Bridge], calls: Container[CallId]) -> list[str]:
    """Bridges whose call has ended for us, and those of listenings, which are no calls."""
    found = ((bridge.id, _BRIDGE.fullmatch(bridge.id)) for bridge in bridges)
    return [name for name, match in found if match and CallId(match["call"]) not in calls]


def netted(channels: Iterable[Channel]) -> list[CallId]:
    """Callers in the safety net, who will come in when they see that an engine is there."""
    return [CallId(channel.id) for channel in channels if channel.dialplan.context == SAFETY_NET]


def _of_call(call: Call, there: dict[str, Channel], joined: Container[str]) -> Iterator[Told]:
    word = _of_leg(call, call.leg, there) if call.leg else None
    target = _of_target(call, call.target, there) if call.target else None
    caller, gone = there.get(call.id), e.CallerGone(HangupCause.UNKNOWN)
    if caller is None and call.target:
        yield call.id, gone
    if isinstance(word, e.LegEnded) and isinstance(target, e.TargetEnded):
        word = replace(word, with_target=True)
    if caller and caller.state == "Up" and call.answered_at is None and call.state is not State.ARRIVING:
        yield call.id, e.CallerAnswered()  # before the leg's end: what that means depends on it
    if word:
        yield call.id, word
    if target:
        yield call.id, target
    if caller is None:
        if not call.target:
            yield call.id, gone
    elif call.state in _PUTTING_THROUGH or (call.id not in joined and not isinstance(word, e.LegAnswered)):
        yield call.id, e.LinkBack()


def _of_leg(call: Call, leg: LegId, there: dict[str, Channel]) -> e.Event | None:
    channel = there.get(leg)
    if channel is None:
        # Whatever ended it, the agent is not to blame.
        return e.LegEnded(leg, HangupCause.TEMPORARY_FAILURE)
    if call.state is not State.RINGING:
        return None
    if channel.state == "Up":
        return e.LegAnswered(leg) if channel.dialplan.app_name == "Stasis" else None
    return e.LegRinging(leg) if channel.state == "Ringing" else None


def _of_target(call: Call, leg: LegId, there: dict[str, Channel]) -> e.Event | None:
    channel = there.get(leg)
    if channel is None:
        return e.TargetEnded(leg, HangupCause.TEMPORARY_FAILURE)
    if call.state not in (State.DIALLING, State.FORWARDING):
        return None
    if channel.state == "Up":
        return e.TargetAnswered(leg) if channel.dialplan.app_name == "Stasis" else None
    return e.TargetRinging(leg) if channel.state == "Ringing" else None


def _offer(channel: Channel) -> e.Offered | None:
    """A caller who reached us while nobody listened; the application's arguments still stand in the channel."""
    if channel.dialplan.app_name != "Stasis":
        return None
    match channel.dialplan.app_data.split(","):
        case [app, "inbound", *facts] if app == APP:
            return offered(channel, *facts)
    return None
