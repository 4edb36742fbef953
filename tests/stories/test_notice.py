"""L5: on lines that are neither geographic, mobile nor free, callers first hear what waiting costs (TKG § 115 (2))."""

from __future__ import annotations

import pytest

from tests.stories.scene import NUMBER, Scene

ARRIVED = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH"]
TALKED = ["ringing_agent anna", "picked_up anna", "200", "caller_left", "ended answered, normal", "charged 1 min"]
ABANDONED = ["caller_left", "ended abandoned, normal", "charged 0 min"]


async def test_l5_callers_of_a_fixed_price_line_hear_so_first_and_then_the_greeting(scene: Scene) -> None:
    scene.has_customer(lines=["+491806123456"], wait={"treatment": "answered", "greeting": "goodbye"})
    await scene.opens()
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await caller.hears_something()
    await scene.noted(["announcement fixed-price", "announcement goodbye", "music default"])
    await caller.hangs_up()
    heard = ["announcement fixed-price", "200", "announcement goodbye", "music default"]
    assert await scene.trails() == [[*ARRIVED, *heard, *ABANDONED]]


@pytest.mark.parametrize(("line", "sound"), [("+491806123456", "fixed-price"), ("+491805123456", "waiting-is-free")])
async def test_l5_the_notice_is_cut_off_by_the_agent(scene: Scene, line: str, sound: str) -> None:
    scene.has_customer(lines=["+4930123459", line], wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens()
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await caller.hears_something()
    await anna.becomes("ready")
    await anna.takes_the_call()
    await caller.hears_the_agent(within=2.0)  # the notice would have gone on for three seconds more
    await caller.hangs_up()
    await anna.rings_no_more()
    assert caller.saw == ["100", "183 SDP", "200"]
    assert await scene.trails() == [[*ARRIVED, f"announcement {sound}", "183", *TALKED]]
