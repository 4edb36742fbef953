"""A call of the rules, as the record that is kept and charged."""

from __future__ import annotations

from collections.abc import Iterable

from engine.call.state import Call
from engine.ports import CallAttempt, CallRecord, CallTalk
from engine.tariff.rating import charge
from engine.terms import CustomerId


def record(call: Call) -> CallRecord:
    """What is known of the call now; final once it has ended."""
    cost = charge(call.connected_ms)
    return CallRecord(
        id=call.id,
        dialled=call.dialled,
        access_number=call.access_number,
        customer=call.plan.customer if call.plan else None,
        caller=call.caller,
        line=call.line,
        arrived_at=call.arrived_at,
        outcome=call.outcome,
        treatment=call.plan.wait.treatment if call.plan else None,
        first_media_at=call.first_media_at,
        picked_up_at=call.picked_up_at,
        answered_at=call.answered_at,
        agent_left_at=call.agent_left_at,
        ended_at=call.ended_at,
        cause=call.cause,
        agent=call.answered_by,
        waited_ms=call.waited_ms,
        talked_ms=call.connected_ms,
        transferred_ms=call.transferred_ms,
        charged_seconds=cost.seconds,
        charged_minutes=cost.minutes,
        waited_again_ms=call.waited_again_ms,
        lost_again=call.lost_again,
    )


def last_talk(call: Call) -> CallTalk | None:
    """The last talk in it, if it is over; None where nobody has talked, or somebody still does."""
    talk = call.talks[-1] if call.talks else None
    if talk is None or talk.ended_at is None or talk.end is None:
        return None
    who = (call.id, len(call.talks), call.settings.customer, talk.agent)
    return CallTalk(*who, talk.began_at, talk.ended_at, talk.end.value, talk.waited_ms, call.talked_ms_in(talk))


def attempts(call: Call) -> list[CallAttempt]:
    """Everything that was dialled in this call to put the caller through."""
    if call.plan is None:
        return []
    kept = []
    for one in call.attempts:
        times = (one.dialled_at, one.ringing_at, one.answered_at, one.joined_at, one.ended_at)
        who = (one.leg, call.id, call.plan.customer, one.contact, one.number, one.trunk, one.kind.value)
        kept.append(CallAttempt(*who, *times, one.result.value, one.cause, one.apart_ms))
    return kept


def live_records(calls: Iterable[Call], customer: CustomerId) -> list[CallRecord]:
    """What is known now of this customer's calls among those, which the store has only when they are over."""
    return [record(call) for call in calls if call.plan and call.plan.customer == customer]
