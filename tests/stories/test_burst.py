"""200 callers in four seconds, 10 agents: nobody is overtaken, nobody lost, no agent stuck, every second charged."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from statistics import median

from engine.ports import CallRecord, TrailEntry
from tests.ports import free_port
from tests.sipp.messages import Message, by_call, once
from tests.sipp.sipp import Dialling, Run, phones, sipp
from tests.stories.installation import eventually
from tests.stories.scene import NUMBER, Scene, at, line

CALLERS, AGENTS, TALK, RATE = 200, 10, 1.0, 50
SEEN = ["> INVITE SDP", "< 200 SDP", "> ACK", "< BYE", "> 200 of BYE"]
PHONE = ["< INVITE SDP", "> 180", "> 200 SDP", "< ACK", "> BYE", "< 200 of BYE"]
LOGINS = [f"agent{n}" for n in range(1, AGENTS + 1)]
SLACK = 1.0
"""Seconds: the switch may take calls that come in at the same moment in another order than they were sent."""
LATE, USUALLY_LATE = 2.0, 0.2
"""Seconds: how late a machine that is busy with other things may tell the engine of a pick-up or an end."""

Calls = list[tuple[CallRecord, list[TrailEntry]]]


async def test_a_burst(scene: Scene, tmp_path: Path) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect"})
    port = free_port()
    agents = [await scene.hires(login, at=f"sip:{login}@127.0.0.1:{port}") for login in LOGINS]
    await scene.opens()
    server = scene.installation.sip
    parts = phones() | {"talk": str(round(TALK * 1000))}
    async with sipp(tmp_path / "agents", "agents", parts, server, calls=10_000, local=("127.0.0.1", port)) as office:
        for agent in agents:
            await agent.becomes("ready")
        dialling = Dialling(NUMBER).messages()
        async with sipp(tmp_path / "callers", "answered", dialling, server, calls=CALLERS, rate=RATE) as callers:
            seen = await callers.over()
        calls = await scene.calls()
        rung = await everybody_has_hung_up(office)
    assert [list(map(str, lasting(messages))) for messages in seen] == [SEEN] * CALLERS
    assert [list(map(str, messages)) for messages in rung] == [PHONE] * CALLERS
    scene.has_told(*trails_are_right(calls))
    nobody_was_overtaken(calls, {messages[0].header("From"): messages for messages in seen})
    no_phone_had_two_calls(rung)
    every_second_is_charged(calls, rung)
    for agent in agents:
        await agent.is_("ready")


def lasting(messages: list[Message]) -> list[Message]:
    """Without 100 and 183: nobody sends them again where UDP has lost them in the crowd."""
    return [message for message in once(messages) if not message.start.startswith("1")]


async def everybody_has_hung_up(office: Run) -> list[list[Message]]:
    """The messages of each call to the agents' phones, once all are over."""

    async def over() -> bool:
        return sum(str(message) == PHONE[-1] for message in office.messages) >= CALLERS

    await eventually(over, f"{CALLERS} calls of the agents are over")
    return [once(messages) for messages in by_call(office.messages).values()]


def trails_are_right(calls: Calls) -> list[str]:
    """Each trail is what it must be with the agent who took the call; the ids of the calls.

    183 and the ringing of a free agent's phone are ordered at once: which is told first is chance.
    """
    for n, (record, trail) in enumerate(calls):
        told = [line(entry) for entry in trail]
        told.remove("183")
        assert told == [
            f"arrived {record.caller} for {NUMBER}",
            "customer K1 Muster GmbH",
            "music default",
            f"ringing_agent {record.agent}",
            f"picked_up {record.agent}",
            "200",
            "agent_left normal",
            "ended answered, normal",
            "charged 1 min",
        ], f"call {n}"
    assert {record.agent for record, _ in calls} == set(LOGINS)
    return [record.id for record, _ in calls]


def nobody_was_overtaken(calls: Calls, seen: dict[str | None, list[Message]]) -> None:
    """No phone rang for a caller while an earlier one waited; calls arrived in the order of their INVITEs.

    Who reached the switch first may come to the engine a moment later, when a free phone rings for another already.
    """
    waits = [(at(trail, "customer"), at(trail, "ringing_agent")) for _, trail in calls]
    overtaken = [
        (n, later)
        for later, (_, rang) in enumerate(waits)
        for n, (joined, served) in enumerate(waits[:later])
        if joined < rang < served
    ]
    assert overtaken == []
    assert len(calls) == len({record.caller for record, _ in calls}) == CALLERS
    sent = {header.split("sip:")[1].split("@")[0]: m[0].at for header, m in seen.items() if header}
    order = [sent[str(record.caller)] for record, _ in calls]
    late = [(one - other).total_seconds() for one, other in pairwise(order)]
    assert max(late) < SLACK


def no_phone_had_two_calls(rung: list[list[Message]]) -> None:
    """At each phone the next INVITE came after the last call's end."""
    for login in LOGINS:
        own = [messages for messages in rung if messages[0].text.startswith(f"INVITE sip:{login}@")]
        assert [login for one, other in pairwise(own) if other[0].at < one[-1].at] == []


def every_second_is_charged(calls: Calls, rung: list[list[Message]]) -> None:
    """Charged is what the agents' phones saw between pick-up and end, rounded up."""
    talked = {m[0].header("From"): (m[-2].at - m[2].at).total_seconds() for m in rung}
    by_caller = {header.split("sip:")[1].split("@")[0]: seconds for header, seconds in talked.items() if header}
    late = []
    for record, _ in calls:
        assert (record.charged_seconds, record.charged_minutes) == (math.ceil(record.talked_ms / 1000), 1)
        late.append(abs(record.talked_ms / 1000 - by_caller[str(record.caller)]))
    assert max(late) < LATE
    assert median(late) < USUALLY_LATE
