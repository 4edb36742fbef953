"""A supervisor's hand at the line: who is moved to the front, meant for one agent, or picked up by the supervisor."""

from __future__ import annotations

from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene
from tests.stories.test_line import FIRST, SECOND, THIRD, arrived, ends, lined_up, took

BY = "command line"


async def call_of(scene: Scene, caller: str) -> str:
    """The id of the call of this number, which waits."""
    rows = await scene.installation.ask("GET", "/queue")
    return str(next(row["call"] for row in rows if row["caller"] == caller))


async def orders(scene: Scene, caller: str, agent: Agent | None = None, *, now: bool = False) -> None:
    """Let this caller be served next, by this agent if one is named."""
    body = {"agent": agent.login if agent else None, "now": now}
    await scene.installation.ask("PUT", f"/queue/{await call_of(scene, caller)}/order", body)


async def talks(agent: Agent, caller: Caller, number: str) -> None:
    """The agent gets this caller, and they have a word."""
    await agent.takes_the_call()
    assert agent.call.number == number
    await ends(agent, caller)


async def test_the_third_of_three_is_moved_to_the_front(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    first, second, third = await lined_up(scene, FIRST, SECOND, THIRD)
    call = await call_of(scene, THIRD)
    assert await scene.installation.vorzimmer("next", call) == (0, f"{call} is next\n", "")
    rows = await scene.installation.ask("GET", "/queue")
    assert [(row["caller"], row["to_front"]) for row in rows] == [(THIRD, True), (FIRST, False), (SECOND, False)]
    await anna.becomes("ready")
    await talks(anna, third, THIRD)
    await talks(anna, first, FIRST)
    await talks(anna, second, SECOND)
    assert await scene.trails() == [
        [*arrived(FIRST), "180", *took("anna")],
        [*arrived(SECOND), "180", *took("anna")],
        [*arrived(THIRD), "180", f"to_front by {BY}", *took("anna")],
    ]


async def test_a_caller_who_is_meant_for_a_busy_agent_is_his_next_one_though_others_wait(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    (first,) = await lined_up(scene, FIRST)
    await anna.takes_the_call()
    await first.hears_the_agent()
    await scene.waiting(0)
    second = await scene.caller()
    await second.dials(NUMBER, SECOND)
    await scene.waiting(1)
    third = await scene.caller()
    await third.dials(NUMBER, THIRD)
    await scene.waiting(2)
    call = await call_of(scene, THIRD)
    assert await scene.installation.vorzimmer("next", call, "anna") == (0, f"{call} is next for anna\n", "")
    await ben.becomes("ready")
    await ben.takes_the_call()
    assert ben.call.number == SECOND
    await ends(ben, second)
    await ben.is_("ready")
    await scene.waiting(1)  # Ben is free beside a caller who is not for him
    await anna.hangs_up()
    await first.is_hung_up_on()
    await talks(anna, third, THIRD)
    waits = ["music default", "183"]
    assert await scene.trails() == [
        [*arrived(FIRST), "music default", "ringing_agent anna", "183", *took("anna")[1:]],
        [*arrived(SECOND), *waits, *took("ben")],
        [*arrived(THIRD), *waits, f"assigned anna by {BY}", *took("anna")],
    ]


async def test_who_is_meant_for_an_agent_who_goes_away_is_served_as_if_nothing_had_been(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    (first,) = await lined_up(scene, FIRST)
    await anna.takes_the_call()
    await first.hears_the_agent()
    await scene.waiting(0)
    (second,) = await lined_up(scene, SECOND)
    await orders(scene, SECOND, anna)
    await ben.becomes("ready")
    await scene.waiting(1)
    await anna.becomes("pause")
    await talks(ben, second, SECOND)
    await ends(anna, first)
    await anna.is_("paused")
    meant = [f"assigned anna by {BY}", "assignment_lapsed anna"]
    assert await scene.trails() == [
        [*arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]],
        [*arrived(SECOND), "180", *meant, *took("ben")],
    ]


async def test_a_supervisor_on_a_pause_picks_up_a_caller_for_whom_another_phone_rings(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "answered"})
    anna, chief = await scene.hires("anna"), await scene.hires("chief")
    await scene.opens(anna)
    await scene.installation.vorzimmer("agent", "chief", "pause", "--reason", "leads")
    first, second = await lined_up(scene, FIRST, SECOND)
    await first.hears_music()
    await anna.is_rung()
    await orders(scene, FIRST, chief, now=True)
    await anna.rings_no_more()
    await chief.takes_the_call()
    await talks(anna, second, SECOND)
    await ends(chief, first)
    await chief.is_("paused", "leads")
    taken = [f"assigned chief by {BY}", "withdrawn anna", "ringing_agent chief", "picked_up chief"]
    talked = ["agent_left normal", "ended answered, normal", "charged 1 min"]
    assert await scene.trails() == [
        [*arrived(FIRST), "music default", "ringing_agent anna", "200", *taken, *talked],
        [*arrived(SECOND), "music default", "200", "ringing_agent anna", "picked_up anna", *talked],
    ]
