"""After a connect: what happened while nobody listened is told, in order, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.call import events as e
from engine.call.state import Call, State
from engine.terms import AgentId, CallId, HangupCause, LegId
from pbx.ari.model import Bridge, CallerID, Channel, DialplanCEP
from pbx.reconcile import empty_bridges, missed, orphans

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WAITING = Call(CallId("vz-1.1"), "030123450", "+49171", None, NOON, state=State.WAITING)
LEG = LegId("vz-1.1-leg-1")
RINGING = replace(WAITING, state=State.RINGING, agent=AgentId("anna"), leg=LEG)
TALKING = replace(RINGING, state=State.TALKING, picked_up_at=NOON, answered_at=NOON)
LINK_BACK = ("vz-1.1", e.LinkBack())


def channel(name: str, state: str = "Ring", app: str = "Stasis", data: str = "", seconds: int = 0) -> Channel:
    return Channel(
        accountcode="",
        caller=CallerID(name="", number="+49171"),
        connected=CallerID(name="", number=""),
        creationtime=NOON + timedelta(seconds=seconds),
        dialplan=DialplanCEP(app_data=data, app_name=app, context="", exten="", priority=1),
        id=name,
        language="de",
        name=f"PJSIP/{name}",
        protocol_id="",
        state=state,
    )


def bridge(name: str, *channels: str) -> Bridge:
    return Bridge(
        bridge_class="stasis",
        bridge_type="mixing",
        channels=list(channels),
        creationtime=NOON,
        creator="Stasis",
        id=name,
        name="",
        technology="simple_bridge",
    )


def inbound(name: str, number: str, seconds: int) -> Channel:
    return channel(name, data=f"vorzimmer,inbound,{number},,allowed,trunk:carrier", seconds=seconds)


def test_a_conversation_goes_on_undisturbed() -> None:
    there = [channel("vz-1.1", "Up"), channel(LEG, "Up")]
    assert missed(there, [bridge("vz-1.1-bridge", "vz-1.1", LEG)], [TALKING]) == []


def test_who_waits_may_have_missed_an_order() -> None:
    assert missed([channel("vz-1.1")], [], [WAITING]) == [LINK_BACK]


def test_who_was_picked_up_but_not_joined() -> None:
    there = [channel("vz-1.1", "Up"), channel(LEG, "Up")]
    assert missed(there, [bridge("vz-1.1-bridge")], [TALKING]) == [LINK_BACK]


def test_a_phone_that_began_to_ring_or_is_only_called() -> None:
    there = [channel("vz-1.1"), channel(LEG, "Ringing", "AppDial2")]
    assert missed(there, [], [RINGING]) == [("vz-1.1", e.LegRinging(LEG)), LINK_BACK]
    there = [channel("vz-1.1"), channel(LEG, "Down", "AppDial2")]
    assert missed(there, [], [RINGING]) == [LINK_BACK]
    there = [channel("vz-1.1"), channel(LEG, "Up", "AppDial2")]
    assert missed(there, [], [RINGING]) == [LINK_BACK], "it enters Stasis in a moment"


def test_callers_who_hung_up_and_phones_that_were_lost() -> None:
    assert missed([], [], [RINGING]) == [
        ("vz-1.1", e.LegEnded(LegId("vz-1.1-leg-1"), HangupCause.TEMPORARY_FAILURE)),
        ("vz-1.1", e.CallerGone(HangupCause.UNKNOWN)),
    ]


def test_an_agent_who_picked_up() -> None:
    there = [channel("vz-1.1"), channel("vz-1.1-leg-1", "Up")]
    assert missed(there, [], [RINGING]) == [("vz-1.1", e.LegAnswered(LEG))]


def test_an_answer_that_went_out() -> None:
    assert missed([channel("vz-1.1", "Up")], [], [WAITING]) == [("vz-1.1", e.CallerAnswered()), LINK_BACK]


def test_an_agent_who_picked_up_and_left() -> None:
    told = ("vz-1.1", e.LegEnded(LEG, HangupCause.TEMPORARY_FAILURE))
    unanswered = replace(TALKING, answered_at=None)
    assert missed([channel("vz-1.1")], [], [unanswered]) == [told, LINK_BACK]
    assert missed([channel("vz-1.1", "Up")], [], [unanswered]) == [("vz-1.1", e.CallerAnswered()), told, LINK_BACK]


def test_new_callers_in_the_order_of_their_arrival() -> None:
    there = [inbound("vz-1.9", "2", 9), inbound("vz-1.5", "1", 5), channel("vz-1.1")]
    assert missed(there, [], [WAITING]) == [
        LINK_BACK,
        e.Offered(CallId("vz-1.5"), "1", "+49171", None, NOON + timedelta(seconds=5), 5, "carrier"),
        e.Offered(CallId("vz-1.9"), "2", "+49171", None, NOON + timedelta(seconds=9), 9, "carrier"),
    ]


def test_channels_that_are_no_callers_are_left_alone() -> None:
    there = [channel("a", app="Dial"), channel("b", data="another,inbound,1,,allowed"), channel("c", data="vorzimmer")]
    assert missed(there, [], []) == []


def test_legs_that_belong_to_no_call() -> None:
    there = [channel("vz-1.1"), channel("vz-1.1-leg-1"), channel("vz-1.1-leg-2"), channel("vz-7.7-leg-1")]
    ringing = replace(RINGING, leg=LegId("vz-1.1-leg-2"))
    assert orphans(there, [ringing], lambda call: False) == ["vz-1.1-leg-1", "vz-7.7-leg-1"]


def test_a_caller_whose_call_was_given_up_while_nobody_listened() -> None:
    there = [channel("vz-1.1"), channel("vz-2.2"), channel("vz-3.3")]
    assert orphans(there, [WAITING], lambda call: call == "vz-2.2") == ["vz-2.2"]


def test_bridges_that_belong_to_no_call() -> None:
    there = [bridge("vz-1.1-bridge"), bridge("vz-7.7-bridge"), bridge("conference")]
    assert empty_bridges(there, {CallId("vz-1.1")}) == ["vz-7.7-bridge"]


OUT = LegId("vz-1.1-out-1")
CONSULTING = replace(TALKING, state=State.CONSULTING, target=OUT)
LEFT = e.LegEnded(LEG, HangupCause.TEMPORARY_FAILURE)
TARGET_LEFT = ("vz-1.1", e.TargetEnded(OUT, HangupCause.TEMPORARY_FAILURE))


def test_nobody_is_left_with_somebody_who_is_gone() -> None:
    caller, agent, target = channel("vz-1.1", "Up"), channel(LEG, "Up"), channel(OUT, "Up")
    assert missed([caller, agent, target], [], [CONSULTING]) == [LINK_BACK]
    assert missed([caller, target], [], [CONSULTING]) == [("vz-1.1", LEFT), LINK_BACK]
    both = ("vz-1.1", replace(LEFT, with_target=True))
    assert missed([caller], [], [CONSULTING]) == [both, TARGET_LEFT, LINK_BACK]
    gone = ("vz-1.1", e.CallerGone(HangupCause.UNKNOWN))
    assert missed([target], [], [CONSULTING]) == [gone, ("vz-1.1", LEFT)]
    assert missed([], [], [CONSULTING])[0] == gone
