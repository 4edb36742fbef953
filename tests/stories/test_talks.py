"""A call with more than one talk on the real switch: each agent's day has the own one, and the call is charged once."""

from __future__ import annotations

from engine.ports.agent_days import Tally
from tests.stories.scene import Scene
from tests.stories.transfers import FIRST, SECOND, THIRD, Talk, talking


async def put_through_in_vain(scene: Scene) -> Talk:
    """Anna puts the caller through blind and goes; nobody can be had, and the caller waits again."""
    talk = await talking(scene)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.anna.becomes("offline")
    for number in (FIRST, SECOND, THIRD):
        await talk.callee.refuses(number, 486)
    await scene.waiting(1)
    await talk.caller.hears_music()
    return talk


async def test_anna_and_ben_have_each_the_own_talk_of_a_call_also_where_the_engine_was_killed(scene: Scene) -> None:
    talk = await put_through_in_vain(scene)
    scene.installation.kill()
    await scene.installation.start()
    await talk.caller.hears_music()
    await talk.ben.becomes("ready")
    await talk.ben.takes_the_call()
    await talk.ben.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.ben.hangs_up()
    await talk.caller.is_hung_up_on()
    [trail] = await scene.trails()
    assert [line for line in trail if line.startswith("picked_up")] == ["picked_up anna", "picked_up ben"]
    [record] = await scene.records()
    (annas, [first]), (bens, [second]) = [
        await scene.installation.day_of(login, record.arrived_at) for login in ("anna", "ben")
    ]
    assert (annas, bens) == (Tally(1, first.talked_ms, 0), Tally(1, second.talked_ms, 0))
    assert first.talked_ms + second.talked_ms == record.talked_ms
    assert (first.call, first.n, first.how) == (record.id, 1, "put_through")
    assert (second.call, second.n, second.how) == (record.id, 2, "agent_left")
    assert (first.picked_up_at, first.waited_ms) == (record.picked_up_at, record.waited_ms)
    assert second.waited_ms == record.waited_again_ms > 0
    assert second.picked_up_at > first.picked_up_at
    assert (record.agent, record.charged_minutes, record.lost_again) == ("ben", 1, False)


async def test_who_gives_up_in_the_second_wait_is_answered_and_lost_after_a_talk(scene: Scene) -> None:
    talk = await put_through_in_vain(scene)
    await talk.caller.hangs_up()
    [trail] = await scene.trails()
    assert trail[-3:] == ["caller_left", "ended answered, normal", "charged 1 min"]
    [record] = await scene.records()
    tally, [first] = await scene.installation.day_of("anna", record.arrived_at)
    assert (tally, first.talked_ms) == (Tally(1, record.talked_ms, 0), record.talked_ms)
    assert record.lost_again
    assert record.waited_again_ms > 0
    assert (record.outcome, record.agent) == ("answered", "anna")
