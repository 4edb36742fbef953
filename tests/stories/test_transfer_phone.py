"""An agent's telephone puts its caller through (REFER) on the real switch: to the customer's numbers only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbx.runtime.install import installation
from pbx.runtime.places import REFER_SAFE
from pbx.runtime.settings import Mode
from tests.stories.installation import QUICK, Installation, eventually
from tests.stories.scene import Scene, story
from tests.stories.transfers import FIRST, SECOND, Talk, talking


async def refers(talk: Talk, number: str) -> None:
    """Anna presses "transfer" at her telephone and dials this number; the switch takes it up."""
    assert await talk.anna.call.refer(f"sip:{number}@127.0.0.1") == 202


async def is_told(talk: Talk, status: str) -> None:
    """Her telephone hears what has become of it."""

    async def look() -> bool:
        return any(status in fact.detail for fact in talk.anna.call.facts if fact.what == "NOTIFY")

    await eventually(look, f"NOTIFY {status}")


async def test_to_a_number_of_the_customers_the_caller_is_put_through_at_once(scene: Scene) -> None:
    talk = await talking(scene)
    await refers(talk, SECOND)
    await talk.callee.is_rung(SECOND)
    await talk.callee.call.answer()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    [trail] = await scene.trails()
    assert f"target_dialled 1/1 Eva Korn: {SECOND} (out)" in trail


async def test_to_any_other_number_it_is_refused_and_they_talk_on(scene: Scene) -> None:
    talk = await talking(scene)
    await refers(talk, FIRST.replace("1", "7"))
    await is_told(talk, "603")
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    [trail] = await scene.trails()
    assert "put_through_refused no target of this customer's" in trail


async def test_to_another_call_it_is_refused_also_where_the_number_beside_it_is_the_customers(scene: Scene) -> None:
    """Attended, by the telephone itself (RFC 3891): two calls would be joined that nobody could tell apart."""
    talk = await talking(scene)
    await talk.ben.becomes("ready")
    other = await scene.caller()
    await other.dials("+4930123450", caller="+491709999999")
    await talk.ben.takes_the_call()
    await talk.ben.hears_the_caller()
    assert await talk.anna.call.refer(f"sip:{FIRST}@127.0.0.1?{talk.ben.call.replaces}") == 202
    await is_told(talk, "603")
    for agent in (talk.anna, talk.ben):
        await agent.hears_the_caller()
    for caller, agent in ((talk.caller, talk.anna), (other, talk.ben)):
        await caller.hangs_up()
        await agent.rings_no_more()
    first, _ = await scene.trails()
    assert "put_through_refused to another call" in first


@pytest.mark.parametrize("headers", [{}, {"Refer_Sub": "false"}])
async def test_an_asterisk_that_could_die_of_it_refuses_it_and_every_call_goes_on(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    """As long as it is older than 22.11 and nobody has said otherwise (`phone_transfers`); RFC 4488."""
    house = Installation(tmp_path / "vz", {**QUICK, "PHONE_TRANSFERS": "auto"})
    await house.start()
    async with story(house) as scene:
        talk = await talking(scene)
        code = await talk.anna.call.refer(f"sip:{SECOND}@127.0.0.1", **headers)
        if installation(Mode.AUTO).version < REFER_SAFE:
            assert code == 603
        await talk.anna.hears_the_caller()
        await talk.caller.hears_the_agent()
        await talk.caller.hangs_up()
        await talk.anna.rings_no_more()
        await scene.trails()
    assert await asyncio.to_thread(house.stop) == 0
