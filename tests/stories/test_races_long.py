"""Races that take minutes: long waits, dead carriers and phones, session timers, answers that nobody confirms.

They run side by side from the beginning of the session (`long_day.py`); here each is asked how it went.
"""

from __future__ import annotations

import time

import pytest

from tests.sipp.ear import an_ear
from tests.sipp.messages import Message, once
from tests.sipp.script import INVITE, asks, dials, is_answered, is_hung_up_on, script, sends, takes, within_call
from tests.sipp.sipp import CONTACT, Dialling, Run, sdp_of, sipp, text
from tests.stories.installation import eventually
from tests.stories.long_day import LONGEST, PATIENCE, LongDay, Part, Story
from tests.stories.people import CALLER_HZ, hears_tone
from tests.stories.test_traces import TALKED, told, when
from tests.stories.transfers_long import STORIES as TRANSFERS

WAIT = 200.0
RTP_TIMEOUT = 60.0
"""As in pjsip.conf."""
T1 = 0.5
LATE = 10.0
"""Seconds that a busy machine may be late."""
RANG = ["> INVITE SDP", "< 100", "< 180"]
AS_REFRESHER = ("Supported: timer", "Session-Expires: 90;refresher=uas")
REFRESHED = "Session-Expires: 90;refresher=uac"


def took(part: Part, *, minutes: int | None, left: str = "agent_left normal", cause: str = "normal") -> list[str]:
    """How a trail goes on with this story's agent until the end; `minutes`: None = see `lasted_a_minute`."""
    login = part.agent.login
    end = [f"ended answered, {cause}", *([] if minutes is None else [f"charged {minutes} min"])]
    return [f"ringing_agent {login}", "180", f"picked_up {login}", "200", left, *end]


def lasted_a_minute(trail: list[str]) -> list[str]:
    """The trail without the charge, which is one minute or, a moment later, two."""
    assert trail[-1] in ("charged 1 min", "charged 2 min")
    return trail[:-1]


def seconds(messages: list[Message], first: str, then: str) -> float:
    """Seconds between these two."""
    return (when(messages, then) - when(messages, first)).total_seconds()


async def waits_200_s(part: Part) -> None:
    """PJSIP repeats 183 every 60 s, so that no proxy on the way gives up (RFC 3261 § 13.3.1.1)."""
    await part.agent.becomes("offline")
    d = part.dialling()
    steps = script(*dials(d, 183), *is_answered(d, within=LONGEST), *is_hung_up_on(d))
    async with sipp(part.place, "scripted", steps, part.server, limit=round(LONGEST)) as caller:
        await caller.saw("< 183 SDP", within=PATIENCE)
        start = time.monotonic()
        await caller.saw(*["< 183 SDP"] * 4, within=WAIT)

        async def over() -> bool:
            return time.monotonic() > start + WAIT

        await eventually(over, f"{WAIT} s have passed", within=WAIT)
        await part.agent.becomes("ready")
        await part.takes_the_call()
        await caller.saw("> ACK", within=PATIENCE)
        await part.agent.hangs_up()
        (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 100", *["< 183 SDP"] * 4, *TALKED]
    assert seconds(messages, "> INVITE SDP", "< 200 SDP") > WAIT
    login = part.agent.login
    talked = [f"ringing_agent {login}", f"picked_up {login}", "200", "agent_left normal", "ended answered, normal"]
    assert await part.trail() == ["music default", "183", *talked, "charged 1 min"]


async def in_talk(part: Part, caller: Run) -> None:
    """The agent has picked up and the caller's side has confirmed."""
    await part.takes_the_call()
    await caller.saw("> ACK", within=PATIENCE)


async def a_carrier_dies_while_talking(part: Part) -> None:
    """No RTP, no BYE: after the RTP timeout the agent is free."""
    d = part.dialling()
    async with sipp(part.place, "scripted", script(*dials(d, 180), *is_answered(d)), part.server) as caller:
        await in_talk(part, caller)
        began = time.monotonic()
        (messages,) = await caller.over()
    await part.agent.rings_no_more(2 * RTP_TIMEOUT)
    assert told(messages) == [*RANG, *TALKED[:2]]
    assert time.monotonic() - began == pytest.approx(RTP_TIMEOUT, abs=LATE)
    expected = took(part, minutes=None, left="caller_left", cause="out_of_order")
    assert lasted_a_minute(await part.trail()) == expected
    await part.agent.is_("ready")


async def a_carrier_dies_while_its_caller_waits(part: Part) -> None:
    """Answered and waiting: the place in the line is given up."""
    await part.agent.becomes("offline")
    d = part.dialling()
    async with sipp(part.place, "scripted", script(*dials(d), *is_answered(d)), part.server) as caller:
        await caller.over()
    left = ["caller_left", "ended abandoned, out_of_order", "charged 0 min"]
    assert await part.trail(2 * RTP_TIMEOUT) == ["music default", "200", *left]


async def a_phone_dies_while_talking(part: Part) -> None:
    """The agent's phone has lost its current: the caller hears ringing, then another agent. One call, one charge.

    The caller has a phone that goes on speaking: one that is silent as long as the agent's is would be lost with it.
    """
    caller = await part.scene.caller()
    await caller.dials(part.number, caller=part.caller)
    await part.takes_the_call()
    await caller.hears_the_agent(PATIENCE)
    part.agent.call.drop()
    await part.noted("music ringtone", 2 * RTP_TIMEOUT)
    await caller.hears_something(PATIENCE)
    await part.deputy.becomes("ready")
    await part.deputy.takes_the_call(PATIENCE)
    await hears_tone(part.deputy.call, CALLER_HZ, PATIENCE)
    await caller.hears_the_agent(PATIENCE)
    await part.deputy.hangs_up()
    ended = await caller.call.over(PATIENCE)
    assert (caller.saw, ended.by) == (["100", "180", "200 SDP"], "them")
    login, deputy = part.agent.login, part.deputy.login
    lost = [f"ringing_agent {login}", "180", f"picked_up {login}", "200", f"agent_lost {login}", "music ringtone"]
    again = [f"ringing_agent {deputy}", f"picked_up {deputy}", "agent_left normal", "ended answered, normal"]
    assert await part.trail() == [*lost, *again, "charged 1 min"]
    record = await part.record()
    assert record
    assert record.picked_up_at
    assert record.agent_left_at
    assert record.agent == deputy
    assert (record.agent_left_at - record.picked_up_at).total_seconds() > RTP_TIMEOUT, "most of it was silence"
    assert record.talked_ms < 30_000


async def a_held_call_is_no_dead_one(part: Part) -> None:
    """On hold nobody needs to send anything for longer than the RTP timeout."""
    d = part.dialling()
    hold = asks(d, "INVITE", 2, way="inactive")
    back = asks(d, "INVITE", 3, way="sendrecv")
    pause = f'<pause milliseconds="{round(1000 * (RTP_TIMEOUT + 15))}"/>'
    steps = script(*dials(d, 180), *is_answered(d), *hold, pause, *back, *is_hung_up_on(d))
    async with sipp(part.place, "scripted", steps, part.server, limit=round(LONGEST)) as caller:
        await in_talk(part, caller)
        await caller.saw("> ACK", "> ACK", "> ACK", within=LONGEST)
        await part.agent.hangs_up()
        (messages,) = await caller.over()
    offered = ["> INVITE SDP", "< 200 SDP", "> ACK"]
    assert told(messages) == [*RANG, *TALKED[:2], *offered, *offered, *TALKED[2:]]
    assert await part.trail() == took(part, minutes=2)


async def nobody_acknowledges_the_200(part: Part) -> None:
    """After 64 T1 the call is over (§ 13.3.1.4)."""
    d = part.dialling()
    seen = [takes(100, optional=True), takes(180), takes(200, within=20)]
    steps = script(sends(d.messages()["invite"]), *seen, *is_hung_up_on(d, within=60))
    async with sipp(part.place, "scripted", steps, part.server) as caller:
        await part.takes_the_call()
        await part.agent.rings_no_more(60)
        (messages,) = await caller.over()
    assert await part.trail() == took(part, minutes=1, left="caller_left", cause="no_user_response")
    assert told(once(messages)) == [*RANG, "< 200 SDP", *TALKED[2:]]
    await part.agent.is_("ready")


async def a_caller_never_sends_prack(part: Part) -> None:
    """After 64 T1 the call is refused (RFC 3262 § 3)."""
    await part.agent.becomes("offline")
    d = part.dialling("Require: 100rel")
    refused = [takes(504, INVITE, within=60), sends(d.messages()["refused_ack"], acks=INVITE)]
    async with sipp(part.place, "scripted", script(*dials(d, 183), *refused), part.server) as caller:
        (messages,) = await caller.over()
    assert told(once(messages)) == ["> INVITE SDP", "< 100", "< 183 SDP", "< 504", "> ACK"]
    assert seconds(messages, "< 183 SDP", "< 504") == pytest.approx(64 * T1, abs=LATE)
    left = ["caller_left", "ended abandoned, unknown", "charged 0 min"]
    assert await part.trail() == ["music default", "183", *left]


def confirms(dialling: Dialling, method: str) -> list[str]:
    """The switch refreshes the session and is confirmed."""
    head = "SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n" + CONTACT + "\n"
    answer = text(head, REFRESHED, "Require: timer", sdp=sdp_of(dialling.rtp) if method == "INVITE" else "")
    ack = [takes("ACK")] if method == "INVITE" else []
    return [takes(method, within=90), sends(answer), *ack]


async def we_refresh_by_invite(part: Part) -> None:
    """Every half interval (RFC 4028 § 10); by re-INVITE where the other side does not know UPDATE."""
    await we_refresh(part, "INVITE", ["< INVITE SDP", "> 200 SDP", "< ACK"])


async def we_refresh_by_update(part: Part) -> None:
    """By UPDATE where the other side knows it."""
    await we_refresh(part, "UPDATE", ["< UPDATE", "> 200 of UPDATE"], "Allow: INVITE, ACK, BYE, CANCEL, UPDATE")


async def we_refresh(part: Part, method: str, refresh: list[str], *headers: str) -> None:
    d = part.dialling(*AS_REFRESHER, *headers)
    steps = script(*dials(d, 180), *is_answered(d), *confirms(d, method), *is_hung_up_on(d))
    async with sipp(part.place, "scripted", steps, part.server, limit=round(LONGEST)) as caller:
        await in_talk(part, caller)
        await caller.saw(*refresh, within=90)
        await part.agent.hangs_up()
        (messages,) = await caller.over()
    assert told(once(messages)) == [*RANG, *TALKED[:2], *refresh, *TALKED[2:]]
    assert 40 < seconds(messages, "> ACK", refresh[0]) < 50
    assert await part.trail() == took(part, minutes=1)


async def both_sides_offer_at_once(part: Part) -> None:
    """Glare: 491 to both, and our refresh comes again (RFC 3261 § 14.1)."""
    d = part.dialling(*AS_REFRESHER)
    glare = [
        takes("INVITE", keep="Via From To=Us CSeq", within=90),
        sends(within_call(d, "INVITE", 2, way="sendrecv"), opens="ours"),
        takes(491, "ours"),
        sends(within_call(d, "ACK", 2).replace("branch=[branch]", "branch=[branch-2]"), acks="ours"),
        sends(text("SIP/2.0 491 Request Pending\nVia:[$Via]\nFrom:[$From]\nTo:[$Us]\n[last_Call-ID:]\nCSeq:[$CSeq]\n")),
        takes("ACK"),
    ]
    steps = script(*dials(d, 180), *is_answered(d), *glare, *confirms(d, "INVITE"), *is_hung_up_on(d))
    async with sipp(part.place, "scripted", steps, part.server, limit=round(LONGEST)) as caller:
        await in_talk(part, caller)
        await caller.saw("< ACK", "< INVITE SDP", "> 200 SDP", "< ACK", within=90)
        await part.agent.hangs_up()
        (messages,) = await caller.over()
    crossed = ["< INVITE SDP", "> INVITE SDP", "< 491", "> ACK", "> 491", "< ACK", "< INVITE SDP", "> 200 SDP", "< ACK"]
    assert told(once(messages)) == [*RANG, *TALKED[:2], *crossed, *TALKED[2:]]
    assert await part.trail() == took(part, minutes=1)


async def a_caller_stops_refreshing(part: Part) -> None:
    """The session has expired (RFC 4028 § 10) though sound still comes: released, the agent is free."""
    async with an_ear() as ear:
        d = part.dialling("Supported: timer", "Session-Expires: 90;refresher=uac", rtp=ear.port)
        steps = script(*dials(d, 180), *is_answered(d), *is_hung_up_on(d, within=120))
        async with sipp(part.place, "scripted", steps, part.server, limit=round(LONGEST)) as caller:
            await in_talk(part, caller)
            (messages,) = await caller.over(LONGEST)
    assert told(messages) == [*RANG, *TALKED]
    assert 55 < seconds(messages, "> ACK", "< BYE") < 95  # 90 s less a third, and a busy machine
    expected = took(part, minutes=None, left="caller_left", cause="no_user_response")
    assert lasted_a_minute(await part.trail()) == expected
    await part.agent.is_("ready")


STORIES: dict[str, tuple[str, Story]] = {
    "waits 200 s": ("delayed_connect", waits_200_s),
    "a carrier dies while talking": ("ringing", a_carrier_dies_while_talking),
    "a carrier dies while its caller waits": ("answered", a_carrier_dies_while_its_caller_waits),
    "a phone dies while talking": ("ringing", a_phone_dies_while_talking),
    "a held call is no dead one": ("ringing", a_held_call_is_no_dead_one),
    "nobody acknowledges the 200": ("ringing", nobody_acknowledges_the_200),
    "a caller never sends PRACK": ("delayed_connect", a_caller_never_sends_prack),
    "we refresh by INVITE": ("ringing", we_refresh_by_invite),
    "we refresh by UPDATE": ("ringing", we_refresh_by_update),
    "both sides offer at once": ("ringing", both_sides_offer_at_once),
    "a caller stops refreshing": ("ringing", a_caller_stops_refreshing),
    **TRANSFERS,
}


@pytest.mark.timeout(LONGEST + 60)
@pytest.mark.parametrize("name", [*STORIES, "the end"])
def test_it_takes_minutes(long_day: LongDay, name: str) -> None:
    long_day.outcome(name)
