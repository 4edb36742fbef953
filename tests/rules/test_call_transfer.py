"""Putting through, in full lists of orders: the ordered list, with the agent and without (§2.3, §5.2.4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import Call, Outcome, State
from engine.call.trying import BEFORE_IT_RINGS
from engine.terms import E164, CustomerId, HangupCause, LegId, PlayId
from engine.transfer.plan import Kind, Result
from pbx.perform import RING_LIMIT
from tests.rules.calls import AGENT, LEG, OUT, TALK, arriving, found, in_state, order, plan, target, then, told, walk

SECOND, THIRD = LegId("call-out-2"), LegId("call-out-3")
BUSY, GONE = HangupCause.BUSY, HangupCause.NORMAL
T = c.Timer


def rung(number: int, trunk: str = "carrier") -> c.DialTarget:
    """The order to ring this number of Frau Korn's, counted from 1."""
    route = target(f"+4930{number}", trunks=(trunk,)).routes[0]
    return c.DialTarget(LegId(f"call-out-{number}"), route, "Muster GmbH", CustomerId(1), E164(f"+4930{number}"))


def timers(seconds: float = 25.0) -> list[c.Command]:
    return [c.StartTimer(T.TARGET, seconds), c.StartTimer(T.TARGET_ALERT, 4.0)]


def results(call: Call) -> list[tuple[str, Result]]:
    return [(one.number, one.result) for one in call.attempts]


def test_the_agent_speaks_to_frau_korn_first_and_then_leaves_the_two_alone() -> None:
    call, orders = walk(arriving(), *TALK, order())
    assert call.state is State.DIALLING
    music, ring = c.PlayMusic("default"), c.PlayRingTone(LEG)
    assert told(orders) == [c.Part(None), c.Part(LEG), c.StopMusic(LEG), music, ring, rung(1), *timers()]

    call, orders = walk(arriving(), *TALK, order(), e.TargetRinging(OUT), e.TargetAnswered(OUT))
    assert call.state is State.CONSULTING
    assert told(orders) == [c.StopRingTone(LEG), c.Join(LEG), c.Join(OUT)]

    call, orders = then(call, e.HandedOver(), 10)
    assert call.state is State.PUT_THROUGH
    assert told(orders) == [
        c.DropLeg(LEG),
        c.StartTimer(T.TALK_LIMIT, 3600.0),
        c.Part(LEG),
        c.StopMusic(),
        c.StopMusic(OUT),
        c.Join(None),
    ]

    call, orders = then(call, e.LegEnded(LEG), 10)
    assert orders == [c.AgentDone(AGENT)]
    call, orders = then(call, e.TargetEnded(OUT), 70)
    assert call.state is State.CLEARING
    assert told(orders) == [c.Unbridge(), c.Release(GONE), c.StartTimer(T.CLEAR, 5.0)]
    call, _ = then(call, e.CallerGone(), 70)
    assert call.state is State.ENDED
    assert call.outcome is Outcome.ANSWERED
    assert call.connected_ms == 7_000, "picked up in the 3rd second, left in the 10th"
    assert call.transferred_ms == 60_000
    assert results(call) == [("+49301", Result.PUT_THROUGH)]


def test_the_first_is_busy_the_second_rings_out_the_third_answers() -> None:
    call, orders = walk(arriving(), *TALK, order(), e.TargetEnded(OUT, BUSY))
    assert told(orders) == [rung(2), *timers()], "the caller's music and the agent's ring tone go on"
    call, orders = walk(arriving(), *TALK, order(), e.TargetEnded(OUT, BUSY), e.TimerFired(T.TARGET))
    assert told(orders) == [c.DropTarget(SECOND), rung(3), *timers()]
    call, orders = walk(
        arriving(), *TALK, order(), e.TargetEnded(OUT, BUSY), e.TimerFired(T.TARGET), e.TargetAnswered(THIRD)
    )
    assert told(orders) == [c.StopRingTone(LEG), c.Join(LEG), c.Join(THIRD)]
    expected = [("+49301", Result.BUSY), ("+49302", Result.NO_ANSWER), ("+49303", Result.OPEN)]
    assert results(call) == expected


def test_the_ring_time_is_counted_from_the_ringing() -> None:
    """The carrier has searched four seconds for the mobile phone; then it rings as long as was agreed."""
    short = order(Kind.ANNOUNCED, replace(target(), ring_time=5.0), target("+49302"))
    call, orders = walk(arriving(), *TALK, short)
    assert [o for o in orders if isinstance(o, c.StartTimer)] == timers(15.0)
    call, orders = then(call, e.TargetRinging(OUT), 9)
    assert told(orders) == [c.StartTimer(T.TARGET, 5.0)]
    assert told(then(call, e.TargetRinging(OUT), 10)[1]) == [], "183 after 180 does not begin it anew"
    call, orders = then(call, e.TimerFired(T.TARGET), 14)
    assert results(call)[0] == ("+49301", Result.NO_ANSWER)
    asked, _ = walk(arriving(), *TALK, order(Kind.BLIND, target(accept=True)), e.TargetAnswered(OUT))
    assert told(then(asked, e.TargetRinging(OUT))[1]) == [], "the switch's words may overtake each other"


def test_the_switch_itself_gives_nobody_up_before_we_do() -> None:
    longest = 120.0  # of a ring time, as a customer may have it
    assert max(BEFORE_IT_RINGS, longest) + longest < RING_LIMIT


def test_nobody_can_be_had_and_the_agent_has_the_caller_again() -> None:
    ends = [e.TargetEnded(leg, cause) for leg, cause in ((OUT, BUSY), (SECOND, HangupCause.SUBSCRIBER_ABSENT))]
    call, orders = walk(arriving(), *TALK, order(), *ends, e.TargetEnded(THIRD, HangupCause.REJECTED))
    assert call.state is State.TALKING
    assert told(orders) == [c.StopRingTone(LEG), c.StopMusic(), c.Join(None), c.Join(LEG)]
    assert [result for _, result in results(call)] == [Result.BUSY, Result.UNREACHABLE, Result.REJECTED]
    call, orders = then(call, e.LegEnded(LEG), 60)
    assert call.connected_ms == 57_000, "waiting for the targets is time with the agent"


@pytest.mark.parametrize("cause", [HangupCause.NETWORK_FAILURE, HangupCause.CONGESTION, HangupCause.TEMPORARY_FAILURE])
def test_a_carrier_that_fails_is_followed_by_the_next_one(cause: HangupCause) -> None:
    two = target("+49301", trunks=("first", "second"))
    _, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TargetEnded(OUT, cause))
    assert told(orders) == [replace(rung(1, "second"), leg=SECOND), *timers()]
    _, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TargetEnded(OUT, BUSY))
    assert c.Join(None) in orders, "a busy target is busy by every carrier"
    _, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TimerFired(T.TARGET_ALERT))
    assert orders == [c.ProbeTarget(OUT)], "a slow one is not a dead one"
    _, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TargetSilent(OUT))
    assert told(orders)[:2] == [c.DropTarget(OUT), replace(rung(1, "second"), leg=SECOND)]
    _, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TargetRefused(OUT, "trunk_full", by_trunk=True))
    assert told(orders)[:1] == [replace(rung(1, "second"), leg=SECOND)]
    call, orders = walk(arriving(), *TALK, order(Kind.ANNOUNCED, two), e.TargetRefused(OUT, "abroad", by_trunk=False))
    assert call.state is State.TALKING
    assert results(call) == [("+49301", Result.LIMITED)]


def test_a_blind_transfer_frees_the_agent_at_once() -> None:
    call, orders = walk(arriving(), *TALK, order(Kind.BLIND))
    assert call.state is State.FORWARDING
    music = c.PlayMusic("default")
    assert told(orders) == [c.DropLeg(LEG), c.Part(None), c.Part(LEG), music, rung(1), *timers()]
    assert call.connected_ms == 2_000

    call, orders = walk(arriving(), *TALK, order(Kind.BLIND), e.LegEnded(LEG), e.TargetAnswered(OUT))
    assert call.state is State.PUT_THROUGH
    assert told(orders) == [c.StartTimer(T.TALK_LIMIT, 3600.0), c.StopMusic(), c.Join(None), c.Join(OUT)]
    call, orders = then(call, e.TimerFired(T.TALK_LIMIT), 3607)
    assert told(orders) == [c.DropTarget(OUT), c.Unbridge(), c.Release(GONE), c.StartTimer(T.CLEAR, 5.0)]


def test_no_voicemail_swallows_a_caller() -> None:
    asks = order(Kind.BLIND, target("+49301", accept=True), target("+49302"))
    call, orders = walk(arriving(), *TALK, asks, e.TargetAnswered(OUT))
    assert call.state is State.FORWARDING, "the caller still hears music"
    ask = c.AskTarget(OUT, PlayId("call-play-1"), "press-1")
    assert told(orders) == [c.StartTimer(T.ACCEPT, 20.0), ask]
    again, orders = then(call, e.AnnouncementEnded(ask.play), 12)
    assert orders == [replace(ask, play=PlayId("call-play-2"))]
    assert then(again, e.TargetPressed(OUT, "5")) == (again, []), "not the key"

    after, orders = then(again, e.TargetPressed(OUT, "1"), 15)
    assert after.state is State.PUT_THROUGH
    assert orders[0] == c.StopAnnouncement(PlayId("call-play-2")), "joining would wait for the end of the question"
    after, orders = then(again, e.TimerFired(T.ACCEPT), 30)
    assert told(orders) == [c.DropTarget(OUT), rung(2), *timers()]
    assert results(after)[0] == ("+49301", Result.NOT_ACCEPTED)


def test_the_agent_stops_skips_and_picks() -> None:
    call, orders = walk(arriving(), *TALK, order(), e.Skipped())
    assert told(orders) == [c.DropTarget(OUT), rung(2), *timers()]
    call, orders = walk(arriving(), *TALK, order(), e.Picked(2), e.TargetEnded(SECOND, BUSY))
    assert call.state is State.TALKING, "nobody else was wanted"
    assert results(call) == [("+49301", Result.SKIPPED), ("+49303", Result.BUSY)]
    call, orders = walk(arriving(), *TALK, order(), e.TakenBack())
    assert call.state is State.TALKING
    back = [c.StopRingTone(LEG), c.StopMusic(), c.Join(None), c.Join(LEG)]
    assert told(orders) == [c.DropTarget(OUT), *back]
    assert results(call) == [("+49301", Result.STOPPED)]
    dialling = in_state(State.DIALLING)
    assert then(dialling, e.Picked(7)) == (dialling, [])


def test_the_agent_talks_to_both_in_turn_and_then_all_three() -> None:
    call, orders = walk(arriving(), *TALK, order(), e.TargetAnswered(OUT), e.Swapped())
    assert told(orders) == [c.Part(OUT), c.StopMusic(), c.StopMusic(LEG), c.PlayMusic("default", OUT), c.Join(None)]
    call, orders = walk(arriving(), *TALK, order(), e.TargetAnswered(OUT), e.Swapped(), e.Swapped())
    assert call.state is State.CONSULTING
    assert told(orders) == [c.Part(None), c.StopMusic(LEG), c.StopMusic(OUT), c.PlayMusic("default"), c.Join(OUT)]
    call, orders = walk(arriving(), *TALK, order(), e.TargetAnswered(OUT), e.Conferred())
    assert told(orders) == [c.StopMusic(), c.StopMusic(LEG), c.StopMusic(OUT), c.Join(None)]
    call, orders = then(call, e.LegEnded(LEG), 9)
    assert call.state is State.PUT_THROUGH
    assert told(orders) == [c.AgentDone(AGENT), c.StartTimer(T.TALK_LIMIT, 3600.0), c.StopMusic(), c.StopMusic(OUT)]
    call, _ = then(call, e.TargetEnded(OUT), 19)
    assert call.transferred_ms == 12_000, "from the conference on"


def test_the_agent_hangs_up_while_the_target_rings() -> None:
    call, orders = walk(arriving(), *TALK, order(), e.LegEnded(LEG))
    assert call.state is State.FORWARDING
    assert told(orders) == [c.AgentDone(AGENT)], "the caller hears the same music on"
    call, _ = then(call, e.TargetAnswered(OUT), 9)
    assert call.state is State.PUT_THROUGH


@pytest.mark.parametrize(
    "state", [State.DIALLING, State.CONSULTING, State.SWAPPED, State.CONFERENCE, State.FORWARDING, State.PUT_THROUGH]
)
def test_the_caller_hangs_up(state: State) -> None:
    call, orders = then(in_state(state), e.CallerGone())
    assert c.DropTarget(OUT) in orders
    assert c.Unbridge() in orders
    assert c.DropLeg(LEG) in orders
    late, orders = then(call, e.TargetAnswered(OUT))
    assert orders == [c.DropTarget(OUT), c.Note("late_pick_up", OUT)]
    over, orders = then(late, e.LegEnded(LEG))
    assert over.state is State.ENDED
    assert over.attempts[-1].ended_at is not None
    assert over.attempts[-1].result is not Result.OPEN


def test_nobody_is_put_through_where_the_law_forbids_it() -> None:
    strict = replace(plan(), may_hold=False)
    talk = (found(strict), *TALK[1:])
    call, orders = walk(arriving(), *talk, order())
    assert call.state is State.TALKING
    assert orders == [c.Note("put_through_refused", "anna: the law forbids it")]
    call, orders = walk(arriving(), *TALK[:-1], order())
    assert orders == [c.Note("put_through_refused", "anna: not answered yet")]


def test_who_would_pay_for_being_held_hears_no_music_and_the_try_is_told() -> None:
    strict = found(replace(plan(), may_hold=False))
    call, orders = walk(arriving(), strict, *TALK[1:-1])
    assert orders.index(c.RefuseHold()) < orders.index(c.Bridge(LEG))
    call, orders = then(call, e.AgentHolds(LEG))
    assert (call.state, orders) == (State.TALKING, [c.Note("hold_refused", f"{AGENT}: the law forbids it")])
    _, orders = then(call, e.LinkBack())
    assert c.RefuseHold() in orders
    _, orders = walk(arriving(), *TALK[:-1])
    assert c.RefuseHold() not in orders
    assert then(in_state(State.TALKING), e.AgentHolds(LEG))[1] == []


@pytest.mark.parametrize("state", [State.DIALLING, State.CONSULTING, State.SWAPPED, State.FORWARDING])
def test_nobody_sits_in_silence_after_the_switch_was_away(state: State) -> None:
    _, orders = then(in_state(state), e.LinkBack())
    music = c.PlayMusic("default", OUT if state is State.SWAPPED else None)
    assert music in orders
