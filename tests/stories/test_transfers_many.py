"""Twenty callers are put through at the same moment: each comes to where the list leads, and none is lost (§5.2.4).

Rule of this file: who has called stands in each INVITE to a target, so every leg is known to belong to its caller.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import Any

from engine.main.problem import Problem
from engine.ports import CallAttempt, CallRecord
from pbx.phone import IncomingCall, Phone
from tests.stories.installation import LIMIT, eventually
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene
from tests.stories.transfers import CARRIER, SHOWN

ANSWERS, BUSY, SILENT = "+49301000011", "+49301000012", "+49301000013"
"""What the phone of each number does."""
LISTS: dict[str, tuple[str, ...]] = {
    "Anton": (ANSWERS,),
    "Berta": (BUSY, ANSWERS),
    "Carla": (SILENT, ANSWERS),
    "Dora": (BUSY, BUSY),
}
FAILS = {BUSY: "busy", SILENT: "no_answer"}
KINDS = ("announced", "blind")
MANY = 20
SOON = 3.0
"""Seconds from the order to the INVITE, on a machine with other work to do; the bench measures it."""


def contact(name: str) -> dict[str, Any]:
    """With these numbers, each of which rings for five seconds."""
    targets = [{"number": number, "ring_time": 5} for number in LISTS[name]]
    return {"name": name, "notify": {"mail": ["info@korn.example"]}, "transfer": {"targets": targets}}


@dataclass
class One:
    """One of the twenty."""

    number: str
    caller: Caller
    contact: str
    kind: str
    ends: str
    """Who hangs up: `caller` or `target`."""
    agent: Agent
    call: str = ""
    ordered: float = 0.0
    legs: list[IncomingCall] = field(default_factory=list)

    @property
    def reaches_somebody(self) -> bool:
        """Whether the list leads to anybody."""
        return ANSWERS in LISTS[self.contact]

    @property
    def trail(self) -> list[str]:
        """From the order on."""
        numbers = LISTS[self.contact]
        lines = [f"put_through command line: {self.kind}, {len(numbers)} targets"]
        for place, number in enumerate(numbers, start=1):
            lines.append(f"target_dialled {place}/{len(numbers)} {self.contact}: {number} (out)")
            lines += ["target_ringing"] if number != BUSY else []
            lines.append("target_answered" if number == ANSWERS else f"target_failed {FAILS[number]}")
        if self.reaches_somebody:
            lines += ["conference"] if self.kind == "announced" else []
            lines += [f"joined {ANSWERS}", "caller_left" if self.ends == "caller" else "target_left normal"]
        else:
            again = ["music default", f"ringing_agent {self.agent.login}", f"picked_up {self.agent.login}"]
            lines += ["list_over busy", *(again if self.kind == "blind" else []), "caller_left"]
        return [*lines, "ended answered, normal", "charged 1 min"]


async def test_twenty_callers_are_put_through_at_once(scene: Scene) -> None:
    carrier = await scene.phone(Phone(CARRIER))
    all_of_them = await in_conversation(scene, carrier)
    answering = asyncio.create_task(reached(carrier, {one.number: one for one in all_of_them}))
    try:
        await asyncio.gather(*(is_put_through(scene, one) for one in all_of_them))
        calls = await scene.calls()
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
    by_number = {str(record.caller): (record, trail) for record, trail in calls}
    trails = dict(zip([str(record.caller) for record, _ in calls], await scene.trails(), strict=True))
    for one in all_of_them:
        told = trails[one.number]
        assert told[told.index(one.trail[0]) :] == one.trail, one.number
        record = by_number[one.number][0]
        is_exact(one, record, await scene.installation.attempts(record.id))
    took = sorted(one.legs[0].started - one.ordered for one in all_of_them)
    print(f"\norder → INVITE: median {median(took) * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms")
    assert took[-1] < SOON


async def in_conversation(scene: Scene, carrier: Phone) -> list[One]:
    """Everybody talks to an agent."""
    uri = "sip:{}:{}".format(*carrier.address)
    out = {"priority": 1, "uri": uri, "check": False, "foreign_numbers": True}
    scene.trunks.append({"name": "out", "match": [CARRIER], "outbound": out})
    scene.has_customer(contacts=[contact(name) for name in LISTS], put_through={"shows": "caller"}, **SHOWN)
    agents = [await scene.hires(f"agent{n}", hz=None) for n in range(MANY)]
    await scene.opens(*agents)
    picking_up = [asyncio.create_task(agent.takes_the_call()) for agent in agents]
    callers = [await scene.caller() for _ in agents]
    for n, caller in enumerate(callers):
        await caller.dials(NUMBER, f"+4917012345{n:02}")
    await asyncio.gather(*picking_up, *(caller.is_answered() for caller in callers))

    async def all_talk() -> bool:
        return all(row["state"] == "talking" for row in await scene.installation.ask("GET", "/agents"))

    await eventually(all_talk, "all talk")
    return await introduced(scene, agents, callers)


async def introduced(scene: Scene, agents: list[Agent], callers: list[Caller]) -> list[One]:
    """Who talks to whom, and what is to become of it."""
    rows = {row["login"]: row["call"] for row in await scene.installation.ask("GET", "/agents")}
    whose = {rows[agent.login]: agent for agent in agents}
    records: dict[str, CallRecord] = {}

    async def written() -> bool:
        found = await scene.installation.records()
        records.update((str(record.caller), record) for record in found if record.id in whose)
        return len(records) == MANY

    await eventually(written, "every call is written down", every=0.1)
    names, made = list(LISTS), []
    for n, caller in enumerate(callers):
        number = f"+4917012345{n:02}"
        fate = (names[n // 2 % len(names)], KINDS[n % 2], "caller" if n % 3 else "target")
        call = records[number].id
        made.append(One(number, caller, *fate, agent=whose[call], call=call))
    return made


async def reached(carrier: Phone, everybody: dict[str, One]) -> None:
    """Every phone behind the carrier does what its number does."""
    async with asyncio.TaskGroup() as ringing:
        while True:
            call = await carrier.rings(60.0)
            everybody[call.number].legs.append(call)
            ringing.create_task(does_its_thing(call))


async def does_its_thing(call: IncomingCall) -> None:
    """By its number."""
    if call.dialled == BUSY:
        return await call.reject(486)
    await call.alert()
    if call.dialled == ANSWERS:
        await call.answer()


async def is_put_through(scene: Scene, one: One) -> None:
    """From the order to the end."""
    way = f"/calls/{one.call}/transfer"
    one.ordered = monotonic()
    await scene.installation.ask("PUT", way, {"contact": one.contact, "kind": one.kind})
    if not one.reaches_somebody:
        return await comes_back(scene, one)
    if one.kind == "announced":
        await joins_all_three(scene, way)
        await scene.installation.ask("PUT", way, {"wish": "hand_over"})
    await one.agent.rings_no_more(2 * LIMIT)
    await scene.noted_of(one.call, f"joined {ANSWERS}", 3 * LIMIT)
    await (one.caller.hangs_up() if one.ends == "caller" else one.legs[-1].hang_up())
    await (one.legs[-1] if one.ends == "caller" else one.caller.call).over(LIMIT)


async def comes_back(scene: Scene, one: One) -> None:
    """Nobody could be had: the agent has the caller again."""
    if one.kind == "blind":
        await one.agent.rings_no_more(2 * LIMIT)
        await one.agent.takes_the_call(2 * LIMIT)
        await one.agent.is_("talking")
    else:
        await scene.noted_of(one.call, "list_over busy", 3 * LIMIT)
    await one.caller.hangs_up()
    await one.agent.rings_no_more()


async def joins_all_three(scene: Scene, way: str) -> None:
    """As soon as somebody has answered: before, there is nobody to join."""

    async def look() -> bool:
        try:
            await scene.installation.ask("PUT", way, {"wish": "conference"})
        except Problem:
            return False
        return True

    await eventually(look, "somebody has answered", 2 * LIMIT, every=0.1)


def is_exact(one: One, record: CallRecord, attempts: list[CallAttempt]) -> None:
    """Every leg with its result and its times, and the agent's time ends when the agent leaves."""
    results = ["put_through" if number == ANSWERS else FAILS[number] for number in LISTS[one.contact]]
    assert [(leg.number, leg.result, leg.kind) for leg in attempts] == [
        (number, result, one.kind) for number, result in zip(LISTS[one.contact], results, strict=True)
    ]
    assert (record.outcome, record.agent, record.charged_minutes) == ("answered", one.agent.login, 1)
    last = attempts[-1]
    assert record.ended_at and record.agent_left_at and last.ended_at
    if not one.reaches_somebody:
        assert record.transferred_ms == 0
        return
    assert last.answered_at and last.joined_at and last.dialled_at < last.answered_at <= last.joined_at < last.ended_at
    assert record.transferred_ms == round((last.ended_at - last.joined_at).total_seconds() * 1000)
    assert record.agent_left_at < last.ended_at
