"""After a connect: what the switch has against what the exchange knows.

Rule of this file: what happened while nobody listened is told as if it happened now; it decides nothing itself. Events
that the exchange knows already are known races and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.call import events as e
from engine.call.state import Call, State
from engine.terms import HangupCause, LegId
from pbx.ari.model import Channel
from pbx.decode import APP, Told, leg_of, offered


def missed(channels: Iterable[Channel], calls: Iterable[Call]) -> list[e.Offered | Told]:
    """What the exchange has not heard of: ends, pick-ups, and calls that arrived meanwhile in their order."""
    there = {channel.id: channel for channel in channels}
    known = {call.id: call for call in calls}
    told: list[e.Offered | Told] = [word for call in known.values() for word in _of_call(call, there)]
    new = [offer for channel in there.values() if channel.id not in known and (offer := _offer(channel))]
    return told + sorted(new, key=lambda offer: (offer.arrived_at, offer.order))


def orphans(channels: Iterable[Channel], calls: Iterable[Call]) -> list[LegId]:
    """Agents' legs that belong to no call any more."""
    legs = {call.leg for call in calls}
    return [LegId(channel.id) for channel in channels if leg_of(channel.id) and channel.id not in legs]


def _of_call(call: Call, there: dict[str, Channel]) -> Iterator[Told]:
    if call.leg:
        leg = there.get(call.leg)
        if leg is None:
            # Whatever ended it, the agent is not to blame.
            yield call.id, e.LegEnded(call.leg, HangupCause.TEMPORARY_FAILURE)
        elif leg.state == "Up" and leg.dialplan.app_name == "Stasis" and call.state is State.RINGING:
            yield call.id, e.LegAnswered(call.leg)
    caller = there.get(call.id)
    if caller is None:
        yield call.id, e.CallerGone(HangupCause.UNKNOWN)
    elif caller.state == "Up" and call.answered_at is None and call.state is not State.ARRIVING:
        yield call.id, e.CallerAnswered()


def _offer(channel: Channel) -> e.Offered | None:
    """A caller who reached us while nobody listened; the application's arguments still stand in the channel."""
    if channel.dialplan.app_name != "Stasis":
        return None
    match channel.dialplan.app_data.split(","):
        case [app, "inbound", dialled, line, presentation, *_] if app == APP:
            return offered(channel, dialled, line, presentation)
    return None
