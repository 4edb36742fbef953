"""An agent's telephone puts its caller through (REFER) on the real switch: to the customer's numbers only."""

from __future__ import annotations

from tests.stories.installation import eventually
from tests.stories.scene import Scene
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
