"""Every agent's own talk of a call, and what becomes of a caller who came back into the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.call import events as e
from engine.call.commands import Bridge, Timer
from engine.call.machine import step
from engine.call.state import Call, State, Talk, TalkEnd
from engine.call.talks import known
from engine.ports import CallTalk
from engine.service.records import last_talk, record
from engine.terms import AfterMaxWait, AgentId, HangupCause, LegId, Treatment
from engine.transfer.plan import Kind
from tests.rules.calls import AGENT, LEG, NOON, OUT, arriving, found, order, plan, then, walk

BEN = AgentId("ben")
NEXT = LegId("call-leg-2")


def talking(treatment: Treatment = Treatment.DELAYED_CONNECT, **wait: object) -> Call:
    """Picked up three seconds past noon, answered one second later."""
    call, _ = walk(arriving(), found(plan(treatment, **wait)), e.AgentChosen(AGENT), e.LegAnswered(LEG))
    return happens(call, 4, e.CallerAnswered())


def happens(call: Call, seconds: float, *events: e.Event) -> Call:
    """These events, all of them so many seconds past noon."""
    for event in events:
        call, _ = step(call, event, NOON + timedelta(seconds=seconds))
    return call


def kept(call: Call) -> tuple[str, float, float, str | None, int, int]:
    """The last talk: whose, from when to when in seconds past noon, its end, and what was waited and talked in ms."""
    talk = last_talk(call)
    assert talk
    began, ended = ((at - NOON).total_seconds() for at in (talk.began_at, talk.ended_at))
    return talk.agent, began, ended, talk.how, talk.waited_ms, talk.talked_ms


def test_a_lost_phone_makes_two_talks_of_a_call_and_each_agent_has_the_own_one() -> None:
    call = happens(talking(), 33, e.LegLost(LEG))
    assert kept(call) == (AGENT, 3, 33, "phone_lost", 3_000, 30_000)
    call = happens(call, 40, e.AgentChosen(BEN))
    call = happens(call, 50, e.LegAnswered(NEXT))
    assert last_talk(call) is None, "he talks"
    call = happens(call, 80.5, e.LegEnded(NEXT))
    assert kept(call) == (BEN, 50, 80.5, "agent_left", 17_000, 30_500)
    call = happens(call, 81, e.CallerGone())
    final = record(call)
    assert (final.talked_ms, final.waited_ms, final.waited_again_ms, final.lost_again) == (60_500, 3_000, 17_000, False)
    assert [(talk.agent, call.talked_ms_in(talk)) for talk in call.talks] == [(AGENT, 30_000), (BEN, 30_500)]


def test_put_through_in_vain_the_first_talk_ends_when_she_leaves_and_the_wait_begins_when_the_list_is_over() -> None:
    call = happens(talking(), 20, order(Kind.BLIND))
    assert kept(call) == (AGENT, 3, 20, "put_through", 3_000, 17_000)
    for second, n in ((25, 1), (30, 2), (35, 3)):
        call = happens(call, second, e.TargetEnded(LegId(f"call-out-{n}"), HangupCause.BUSY))
    assert (call.state, call.back_at) == (State.WAITING, NOON + timedelta(seconds=35))
    call = happens(call, 37, e.AgentChosen(BEN), e.LegAnswered(NEXT), e.CallerGone())
    assert kept(call) == (BEN, 37, 37, "caller_left", 2_000, 0)
    assert record(call).talked_ms == 17_000


@pytest.mark.parametrize(
    ("events", "how"),
    [
        ((e.CallerGone(),), "caller_left"),
        ((e.LegEnded(LEG),), "agent_left"),
        ((order(), e.CallerGone()), "caller_left"),
        ((order(), e.LegEnded(LEG)), "put_through"),
        ((order(), e.HandedOver(), e.CallerGone()), "put_through"),
        ((order(), e.TargetAnswered(OUT), e.LegLost(LEG)), "phone_lost"),
        ((order(), e.TargetAnswered(OUT), e.HandedOver(), e.CallerGone()), "put_through"),
        ((e.OrderRefused(Bridge(LEG), "500"), e.CallerGone()), "not_joined"),
    ],
)
def test_how_a_talk_ends(events: tuple[e.Event, ...], how: str) -> None:
    assert kept(happens(talking(), 10, *events)) == (AGENT, 3, 10, how, 3_000, 0 if how == "not_joined" else 7_000)


def test_what_was_lost_before_the_caller_was_answered_is_no_talk() -> None:
    call, _ = walk(arriving(), found(), e.AgentChosen(AGENT), e.LegAnswered(LEG), e.LegLost(LEG))
    assert (call.talks, last_talk(call)) == ((), None)
    call = happens(call, 9, e.AgentChosen(BEN), e.LegAnswered(NEXT), e.CallerAnswered(), e.CallerGone())
    assert last_talk(call) == CallTalk(
        call.id, 1, plan().customer, BEN, *(NOON + timedelta(seconds=9),) * 2, "caller_left", 9_000, 0
    )
    assert not record(call).lost_again


def test_who_comes_back_and_gives_up_is_lost_after_a_talk() -> None:
    back = happens(talking(), 33, e.LegLost(LEG))
    for final in (
        record(happens(back, 60, e.CallerGone())),
        record(happens(back, 60, e.AgentChosen(BEN), e.CallerGone())),
        record(happens(back, 60, e.AgentChosen(BEN), e.LegEnded(NEXT), e.CallerGone())),
    ):
        assert (final.outcome, final.waited_ms, final.waited_again_ms, final.lost_again) == (
            "answered",
            3_000,
            27_000,
            True,
        )


@pytest.mark.parametrize("treatment", list(Treatment))
def test_so_is_who_is_dismissed_at_the_longest_wait(treatment: Treatment) -> None:
    back = happens(talking(treatment, then=AfterMaxWait.BUSY), 33, e.LegLost(LEG))
    call = happens(back, 153, e.TimerFired(Timer.MAX_WAIT))
    assert (call.state, call.lost_again, call.waited_again_ms) == (State.DISMISSING, True, 120_000)
    final = record(happens(call, 160, e.CallerGone()))
    assert (final.lost_again, final.waited_again_ms) == (True, 120_000)


def test_who_gives_up_in_the_first_wait_is_lost_and_not_after_a_talk() -> None:
    call, _ = then(talking(), e.LegEnded(LEG))
    assert not record(happens(call, 61, e.CallerGone())).lost_again
    waiting, _ = walk(arriving(), found(), e.CallerGone())
    assert not record(waiting).lost_again


def test_a_call_of_an_engine_that_knew_no_talks_goes_on_with_its_last_one() -> None:
    old = replace(talking(), talks=())
    assert known(old).talks == (Talk(AGENT, NOON + timedelta(seconds=3), 3_000),)
    gone = replace(happens(talking(), 20, order(Kind.BLIND)), talks=())
    assert [(talk.agent, talk.end) for talk in known(gone).talks] == [(AGENT, TalkEnd.PUT_THROUGH)]
    assert known(arriving()) == arriving()
    assert known(talking()) == talking()
