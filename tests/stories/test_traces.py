"""SIP traces of a carrier's caller (SIPp): every message, in order, per wait treatment; the sound measured beside it.

Rule of this file: what the caller saw is compared as a whole; that nothing came too early is told by times.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.sipp.ear import an_ear
from tests.sipp.messages import Message
from tests.sipp.sipp import Dialling, reliable, sipp
from tests.stories.people import Agent
from tests.stories.scene import NUMBER, Scene

LOUD = -45.0
"""dBFS; music and prompts are louder, silence is not."""
ENDED = ["ended answered, normal", "charged 1 min"]
TALKED = ["< 200 SDP", "> ACK", "< BYE", "> 200 of BYE"]
PRACKED = ["> PRACK", "< 200 of PRACK"]
TREATMENTS = {
    "ringing": (["< 180"], ["180"]),
    "ringing_announced": (["< 183 SDP"], ["music ringtone", "183"]),
    "delayed_connect": (["< 183 SDP"], ["music default", "183"]),
}
"""What a caller sees before the answer, and what the trail says of it."""


def told(messages: list[Message]) -> list[str]:
    """The messages as SIPp saw them."""
    return [str(message) for message in messages]


def when(messages: list[Message], what: str) -> datetime:
    """The time of the first message that is told so."""
    return next(message.at for message in messages if str(message) == what)


def arrived(dialling: Dialling) -> list[str]:
    """How every trail of these stories begins."""
    caller = dialling.caller.replace("[call_number]", "1")
    return [f"arrived {caller} for {dialling.number}", "customer K1 Muster GmbH"]


def talk(agent: Agent, *, answered_before: bool = False) -> list[str]:
    """How a trail goes on with an agent until the end."""
    picked_up = [f"picked_up {agent.login}", *([] if answered_before else ["200"])]
    return [f"ringing_agent {agent.login}", *picked_up, "agent_left normal", *ENDED]


@pytest.mark.parametrize("treatment", TREATMENTS)
async def test_not_answered_before_the_agent_has_picked_up(scene: Scene, tmp_path: Path, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment})
    anna = await scene.hires("anna")
    await scene.opens()
    early, trail = TREATMENTS[treatment]
    async with an_ear() as ear:
        dialling = Dialling("030123450", rtp=ear.port)
        async with sipp(tmp_path, "answered", dialling.messages(), scene.installation.sip) as caller:
            await scene.waiting(1)
            if treatment == "ringing":
                await scene.noted(["180"])
            else:
                await ear.hears(LOUD, within=5)
            await anna.becomes("ready")
            await anna.is_rung()
            before = ear.heard.packets
            await anna.picks_up()
            await ear.hears(LOUD, within=5)
            await anna.call.hears(within=5)
            await anna.hangs_up()
            (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 100", *early, *TALKED]
    assert {message.header("RSeq") for message in messages} == {None}  # nobody asked for PRACK
    assert when(messages, "< 200 SDP") > anna.picked_up_at
    assert (before == 0) == (treatment == "ringing")
    if treatment != "ringing":
        assert ear.first_at and ear.first_at < when(messages, "< 200 SDP")
    assert await scene.trails() == [[*arrived(dialling), *trail, *talk(anna)]]


@pytest.mark.parametrize("wish", ["Supported", "Require"])
@pytest.mark.parametrize("treatment", TREATMENTS)
async def test_reliable_responses_are_acknowledged(scene: Scene, tmp_path: Path, treatment: str, wish: str) -> None:
    scene.has_customer(wait={"treatment": treatment})
    anna = await scene.hires("anna")
    await scene.opens()
    early, trail = TREATMENTS[treatment]
    async with an_ear() as ear:
        dialling = Dialling("030123450", rtp=ear.port, headers=(f"{wish}: 100rel",))
        parts = {"provisionals": reliable(dialling, [int(early[0].split()[1])])}
        async with sipp(tmp_path, "reliable", dialling.messages() | parts, scene.installation.sip) as caller:
            await scene.waiting(1)
            if treatment == "ringing":
                await scene.noted(["180"])
            else:
                await ear.hears(LOUD, within=5)
            await anna.becomes("ready")
            await anna.takes_the_call()
            await ear.hears(LOUD, within=5)
            await anna.hangs_up()
            (messages,) = await caller.over()
    # The answer to the offer came in the reliable 183 already (RFC 6337 § 3.1.1).
    answer = "< 200 SDP" if treatment == "ringing" else "< 200"
    assert told(messages) == ["> INVITE SDP", "< 100", *early, *PRACKED, answer, *TALKED[1:]]
    assert when(messages, answer) > anna.picked_up_at
    assert await scene.trails() == [[*arrived(dialling), *trail, *talk(anna)]]


async def test_answered_at_once_and_never_again(scene: Scene, tmp_path: Path) -> None:
    scene.has_customer(wait={"treatment": "answered"})
    anna = await scene.hires("anna")
    await scene.opens()
    async with an_ear() as ear:
        dialling = Dialling("030123450", rtp=ear.port)
        async with sipp(tmp_path, "answered", dialling.messages(), scene.installation.sip) as caller:
            await ear.hears(LOUD, within=5)
            assert [str(message) for message in caller.messages][:4] == ["> INVITE SDP", "< 100", *TALKED[:2]]
            await anna.becomes("ready")
            await anna.takes_the_call()
            await ear.hears(LOUD, within=5)
            await anna.hangs_up()
            (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 100", *TALKED]
    assert when(messages, "< 200 SDP") < anna.call.facts[0].at
    assert await scene.trails() == [[*arrived(dialling), "music default", "200", *talk(anna, answered_before=True)]]


async def test_closed_rings_and_is_never_answered(scene: Scene, tmp_path: Path) -> None:
    scene.has_customer(tariff="never", wait={"treatment": "answered", "greeting": "welcome"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    async with an_ear() as ear:
        dialling = Dialling("030123450", rtp=ear.port)
        parts = dialling.messages() | {"first": "180", "patience": "500"}
        async with sipp(tmp_path, "cancelled", parts, scene.installation.sip) as caller:
            (messages,) = await caller.over()
    cancelled = ["> CANCEL", "< 200 of CANCEL", "< 487", "> ACK"]
    assert told(messages) == ["> INVITE SDP", "< 100", "< 180", *cancelled]
    assert ear.heard.packets == 0
    closed = ["closed outside_hours", "180", "caller_left", "ended closed, normal", "charged 0 min"]
    assert await scene.trails() == [[*arrived(dialling), *closed]]


@pytest.mark.parametrize("treatment", ["ringing_announced", "delayed_connect"])
async def test_a_caller_gives_up_during_the_music(scene: Scene, tmp_path: Path, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment})
    await scene.opens()
    _, trail = TREATMENTS[treatment]
    async with an_ear() as ear:
        dialling = Dialling("030123450", rtp=ear.port)
        parts = dialling.messages() | {"first": "183", "patience": "500"}
        async with sipp(tmp_path, "cancelled", parts, scene.installation.sip) as caller:
            await ear.hears(LOUD, within=5)
            (messages,) = await caller.over()
    cancelled = ["> CANCEL", "< 200 of CANCEL", "< 487", "> ACK"]
    assert told(messages) == ["> INVITE SDP", "< 100", "< 183 SDP", *cancelled]
    left = ["caller_left", "ended abandoned, normal", "charged 0 min"]
    assert await scene.trails() == [[*arrived(dialling), *trail, *left]]


@pytest.mark.parametrize(
    ("number", "code", "trail"),
    [
        ("030999999", 404, ["unknown_number 030999999", "ended unknown_number, unallocated"]),
        ("nobody", 404, ["unknown_number nobody", "ended unknown_number, unallocated"]),
        ("030123450", 403, ["blocked K1 Muster GmbH", "ended blocked, rejected"]),
    ],
)
async def test_refused(scene: Scene, tmp_path: Path, number: str, code: int, trail: list[str]) -> None:
    scene.has_customer(blocked=True)
    anna = await scene.hires("anna")
    await scene.opens(anna)
    dialling = Dialling(number)
    parts = dialling.messages() | {"code": str(code)}
    async with sipp(tmp_path, "refused", parts, scene.installation.sip) as caller:
        (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 100", f"< {code}", "> ACK"]
    assert await scene.trails() == [[arrived(dialling)[0], *trail, "charged 0 min"]]


async def test_delayed_connect_ends_busy_after_the_longest_wait(scene: Scene, tmp_path: Path) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect", "max_wait": 1})
    await scene.opens()
    dialling = Dialling("030123450")
    parts = dialling.messages() | {"code": "486"}
    async with sipp(tmp_path, "refused", parts, scene.installation.sip) as caller:
        (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 100", "< 183 SDP", "< 486", "> ACK"]
    waited = (when(messages, "< 486") - when(messages, "> INVITE SDP")).total_seconds()
    assert 1.0 <= waited < 1.5
    busy = ["music default", "183", "max_wait busy", "ended max_wait, busy", "charged 0 min"]
    assert await scene.trails() == [[*arrived(dialling), *busy]]


@pytest.mark.parametrize("number", ["+4930123450", "004930123450", "4930123450", "030123450"])
async def test_the_number_in_every_spelling(scene: Scene, tmp_path: Path, number: str) -> None:
    scene.has_customer(tariff="never")
    await scene.opens()
    await dials_a_closed_customer(scene, tmp_path, Dialling(number))


@pytest.mark.parametrize(
    ("host", "dialling"),
    [
        ("127.0.0.2", Dialling("carrier-47", to="+4930123450")),
        ("127.0.0.3", Dialling("carrier-47", headers=("P-Called-Party-ID: <sip:+4930123450@carrier.example>",))),
        ("127.0.0.3", Dialling("+4930123450")),
    ],
)
async def test_where_the_carrier_puts_the_number(scene: Scene, tmp_path: Path, host: str, dialling: Dialling) -> None:
    scene.has_customer(tariff="never")
    await scene.opens()
    await dials_a_closed_customer(scene, tmp_path, dialling, host)
    (record,) = await scene.records()
    assert (record.dialled, record.access_number) == ("+4930123450", "+4930123450")


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        ((), None),
        (("Diversion: <sip:+493099887700@carrier.example>;reason=unconditional",), "+493099887700"),
        (("Diversion: <sip:+493099887701@x>;reason=no-answer", "Diversion: <sip:+493099887700@x>"), "+493099887701"),
        (
            (
                "History-Info: <sip:+493099887700@x>;index=1, "
                "<sip:+4930123450@x?Reason=SIP%3Bcause%3D302>;index=1.1",
            ),
            "+493099887700",
        ),
    ],
)  # fmt: skip
async def test_the_forwarded_line_is_kept(
    scene: Scene, tmp_path: Path, headers: tuple[str, ...], line: str | None
) -> None:
    scene.has_customer(tariff="never")
    await scene.opens()
    await dials_a_closed_customer(scene, tmp_path, Dialling("+4930123450", headers=headers))
    assert [record.line for record in await scene.records()] == [line]


async def dials_a_closed_customer(scene: Scene, place: Path, dialling: Dialling, host: str = "127.0.0.1") -> None:
    """The quickest call that finds its customer: it rings, and the caller gives up."""
    parts = dialling.messages() | {"first": "180", "patience": "1"}
    async with sipp(place, "cancelled", parts, scene.installation.sip, local=(host, 0)) as caller:
        await caller.over()
    (trail,) = await scene.trails()
    assert trail[1:] == [
        "customer K1 Muster GmbH",
        "closed outside_hours",
        "180",
        "caller_left",
        "ended closed, normal",
        "charged 0 min",
    ]
    (record,) = await scene.records()
    assert record.access_number == NUMBER
