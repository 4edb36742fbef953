"""Phones that are gone are not rung, phones that come back are rung at once, and everybody can see it."""

from __future__ import annotations

import re

import aiohttp
import pytest

from pbx.phone import Loss
from tests.stories.installation import eventually
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene

FIRST, SECOND = "+491701111111", "+491702222222"
CUSTOMER = "customer K1 Muster GmbH"
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]
QUALIFIED = 16.0
"""Seconds: OPTIONS every 10 s, 3 s for the answer, and some more."""


def arrived(number: str) -> str:
    return f"arrived {number} for {NUMBER}"


async def is_shown(scene: Scene, agent: Agent, reachable: bool | None, within: float = 10.0) -> None:
    """The engine has the agent's phone as reachable, not reachable, or not known."""

    async def look() -> bool:
        rows = {row["login"]: row["reachable"] for row in await scene.installation.ask("GET", "/agents")}
        return rows[agent.login] is reachable

    await eventually(look, f"{agent.login} reachable: {reachable}", within)


async def one_dials(scene: Scene, number: str, waiting: int) -> Caller:
    caller = await scene.caller()
    await caller.dials(NUMBER, number)
    await scene.waiting(waiting)
    return caller


async def ends(agent: Agent, caller: Caller) -> None:
    await caller.hears_the_agent()
    await agent.hangs_up()
    await caller.is_hung_up_on()


@pytest.mark.parametrize("how", ["logs off", "has no power"])
async def test_a_phone_that_is_gone_is_not_rung_until_it_is_back(scene: Scene, how: str) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    loss = Loss()
    anna, ben = await scene.hires("anna", registered=True, loss=loss), await scene.hires("ben", registered=True)
    carl = await scene.hires("carl")
    await scene.opens(anna, ben)
    for agent, reachable in ((anna, True), (ben, True), (carl, None)):
        await is_shown(scene, agent, reachable)
    if how == "logs off":
        await anna.phone.close()
        await is_shown(scene, anna, False, within=1.0)
    else:
        loss.sent = loss.received = 1_000_000
        await is_shown(scene, anna, False, within=QUALIFIED)
    code, table, _ = await scene.installation.vorzimmer("agents")
    states = [re.split(r"  +", line)[2] for line in table.splitlines()[1:]]
    assert (code, states) == (0, ["ready, unreachable", "ready", "offline"])

    first = await one_dials(scene, FIRST, 1)
    await ben.takes_the_call()
    second = await one_dials(scene, SECOND, 1)
    anna = await scene.another_phone(anna)
    await anna.takes_the_call()
    await is_shown(scene, anna, True)
    await ends(ben, first)
    await ends(anna, second)
    assert await scene.trails() == [
        [arrived(FIRST), CUSTOMER, "ringing_agent ben", "180", "picked_up ben", "200", *TALKED],
        [arrived(SECOND), CUSTOMER, "180", "ringing_agent anna", "picked_up anna", "200", *TALKED],
    ]


async def test_a_phone_that_logs_in_again_while_it_rings_goes_on_ringing(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna", registered=True)
    await scene.opens(anna)
    caller = await one_dials(scene, FIRST, 1)
    await anna.is_rung()
    other = await scene.another_phone(anna)
    await is_shown(scene, other, True)
    await anna.picks_up()
    await ends(anna, caller)
    assert await scene.trails() == [
        [arrived(FIRST), CUSTOMER, "ringing_agent anna", "180", "picked_up anna", "200", *TALKED]
    ]


async def test_what_prometheus_reads(scene: Scene) -> None:
    """A call with all its figures; voice is measured every five seconds."""
    before = await scrape(scene)
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    first = await one_dials(scene, FIRST, 1)
    await anna.takes_the_call()
    second = await one_dials(scene, SECOND, 1)
    assert gained(await scrape(scene), before, "calls{") == {
        'calls{state="talking"}': 1.0,
        'calls{state="waiting"}': 1.0,
    }
    await eventually(lambda: measured(scene, before), "the voice is measured", within=12.0)
    await ends(anna, first)
    await anna.takes_the_call()
    await ends(anna, second)
    records = await scene.records()
    scene.has_told(*(record.id for record in records))
    after = await scrape(scene)
    counts = {
        'calls_ended_total{outcome="answered"}': 2.0,
        "wait_seconds_count": 2.0,
        "look_up_seconds_count": 2.0,
        "hand_over_seconds_count": 1.0,
        "caller_answer_seconds_count": 2.0,
    }
    assert {name: after[name] - before.get(name, 0.0) for name in counts} == counts
    now = {"waiting": 0.0, "monitor_watching": 1.0, "ready": 1.0, "agents_unreachable": 0.0, "journal_backlog": 0.0}
    assert {name: after[name] for name in now} == now
    personal = [word for word in (FIRST, SECOND, NUMBER, "anna", "Muster", '"carrier"') if word in str(after)]
    assert personal == []


async def scrape(scene: Scene) -> dict[str, float]:
    """Every sample of `/metrics`, by name and labels."""
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}/metrics"
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        text = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/plain")
    samples = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("vorzimmer_"): float(value) for name, _, value in samples}


def gained(after: dict[str, float], before: dict[str, float], start: str) -> dict[str, float]:
    """What of these has changed, by how much."""
    changed = {name: value - before.get(name, 0.0) for name, value in after.items() if name.startswith(start)}
    return {name: value for name, value in changed.items() if value}


async def measured(scene: Scene, before: dict[str, float]) -> bool:
    name = "rtp_jitter_seconds_count"
    return (await scrape(scene))[name] >= before[name] + 2
