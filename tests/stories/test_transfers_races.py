"""Who is quicker, while a caller is put through: whatever comes first, nobody is stuck and nobody is rung for nothing.

Rule of this file: the order of what happens is forced (the engine or the switch stands still meanwhile), or both
orders are right and each is judged.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
import pytest_asyncio

from engine.main.problem import Problem
from tests.stories.installation import Installation, eventually, installed
from tests.stories.scene import Scene, story
from tests.stories.transfers import FIRST, SECOND, THIRD, Talk, talking

ENDED = ["ended answered, normal", "charged 1 min"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose switch may stand still for a moment."""
    with installed(tmp_path_factory.mktemp("vz")) as made:
        yield made


@pytest_asyncio.fixture
async def still(house: Installation) -> AsyncIterator[Scene]:
    """A story there."""
    async with story(house) as scene:
        yield scene


@contextmanager
def frozen(talk: Talk) -> Iterator[None]:
    """The switch stands still: what is ordered of it, and what phones say to it, meets when it goes on."""
    talk.scene.installation.signal_switch(signal.SIGSTOP)
    try:
        yield
    finally:
        talk.scene.installation.signal_switch(signal.SIGCONT)


async def answers(talk: Talk) -> None:
    """The target has, as the switch sees it."""
    await talk.callee.call.answer()

    async def look() -> bool:
        return f"{talk.id}-out-1" in await talk.scene.installation.answered()

    await eventually(look, "the target's leg is up")


async def is_over(talk: Talk) -> list[str]:
    """Everybody is free; the trail from the first number's ring on."""
    await talk.anna.is_("ready")
    [trail] = await talk.scene.trails()
    return trail[trail.index("target_ringing") + 1 :]


@pytest.mark.parametrize("kind", ["announced", "blind"])
async def test_the_target_answers_and_then_the_caller_hangs_up_in_the_same_moment(scene: Scene, kind: str) -> None:
    talk = await talking(scene)
    await talk.puts_through(kind)
    await talk.callee.is_rung(FIRST)
    await scene.noted(["target_ringing"])
    with scene.installation.asleep():
        await answers(talk)
        await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await talk.anna.rings_no_more()
    joined = [f"joined {FIRST}"] if kind == "blind" else []
    assert await is_over(talk) == ["target_answered", *joined, "caller_left", *ENDED]
    assert await talk.tried() == [(FIRST, "put_through" if kind == "blind" else "spoken")]


@pytest.mark.parametrize("kind", ["announced", "blind"])
async def test_the_caller_hangs_up_and_then_the_target_answers_in_the_same_moment(scene: Scene, kind: str) -> None:
    talk = await talking(scene)
    await talk.puts_through(kind)
    await talk.callee.is_rung(FIRST)
    await scene.noted(["target_ringing"])
    with scene.installation.asleep():
        await talk.caller.hangs_up()
        await talk.callee.call.answer()
    await talk.callee.is_hung_up_on()
    await talk.anna.rings_no_more()
    trail = await is_over(talk)
    late = [line for line in trail if line.startswith("late_pick_up")]  # unless the call is over by then
    assert [line for line in trail if line not in late] == ["caller_left", *ENDED]
    assert await talk.tried() == [(FIRST, "caller_left")]


async def test_the_caller_hangs_up_while_anna_speaks_to_the_target(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await talk.anna.rings_no_more()
    assert await is_over(talk) == ["target_answered", "caller_left", *ENDED]
    assert await talk.tried() == [(FIRST, "spoken")]


async def test_caller_and_target_hang_up_in_the_same_moment(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_caller()
    with scene.installation.asleep():
        await talk.callee.hangs_up()
        await talk.caller.hangs_up()
    assert await is_over(talk) == ["target_answered", f"joined {FIRST}", "target_left normal", *ENDED]
    assert await talk.tried() == [(FIRST, "put_through")]


async def test_anna_hangs_up_in_the_moment_in_which_the_target_answers(scene: Scene) -> None:
    """She has heard nobody: the caller is joined with the target, for whom it was meant."""
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await scene.noted(["target_ringing"])
    with scene.installation.asleep():
        await answers(talk)
        await talk.anna.hangs_up()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    assert await is_over(talk) == [
        "target_answered", "agent_left normal", f"joined {FIRST}", "caller_left", *ENDED,
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["the answer", "the order"])
async def test_the_target_answers_while_anna_skips_him(still: Scene, first: str) -> None:
    """His 200 and our CANCEL cross: he is hung up on at once, and the next number rings."""
    talk = await talking(still)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await still.noted(["target_ringing"])
    skipped = talk.callee.call
    with frozen(talk):
        if first == "the order":
            await talk.wishes("skip")
        answering = asyncio.create_task(skipped.answer())
        await asyncio.sleep(0)
        assert skipped.connected, "the 200 is on its way"
        if first == "the answer":
            await talk.wishes("skip")
    await answering
    assert (await skipped.over(10.0)).by == "them"
    await talk.callee.takes_the_call(SECOND)
    await talk.callee.hears_the_agent()
    await talk.anna.hangs_up()
    await talk.callee.hears_the_caller()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await is_over(talk)
    [(_, result), *rest] = await talk.tried()
    assert result in ("skipped", "spoken")
    assert rest == [(SECOND, "put_through")]


async def test_two_orders_at_once_only_one_of_them_counts(scene: Scene) -> None:
    talk = await talking(scene)
    orders = (talk.puts_through("announced"), talk.puts_through("blind"), talk.puts_through("announced"))
    told = await asyncio.gather(*orders, return_exceptions=True)
    refused = [str(one) for one in told if isinstance(one, Problem)]
    assert len(refused) == 2
    assert all(why.startswith("not now") for why in refused)
    await talk.callee.is_rung(FIRST)
    await scene.noted(["target_ringing"])
    await talk.caller.hangs_up()
    await talk.callee.rings_no_more()
    await talk.anna.rings_no_more()
    await is_over(talk)
    assert await talk.tried() == [(FIRST, "caller_left")]


async def test_two_wishes_at_once_each_is_judged_after_the_other(scene: Scene) -> None:
    """Twice "next": two numbers are skipped, and none is rung twice."""
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await scene.noted(["target_ringing"])
    first = talk.callee.call
    await asyncio.gather(talk.wishes("skip"), talk.wishes("skip"))
    await first.over(10.0)
    number = (await talk.callee.phone.rings(10.0)).dialled
    if number == SECOND:  # he may be given up before his INVITE is out
        number = (await talk.callee.phone.rings(10.0)).dialled
    await talk.wishes("take_back")
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    await is_over(talk)
    assert number == THIRD
    assert await talk.tried() == [(FIRST, "skipped"), (SECOND, "skipped"), (THIRD, "stopped")]


async def test_a_target_who_has_hung_up_cannot_be_swapped_to(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.callee.hangs_up()
    await talk.caller.hears_the_agent()
    with pytest.raises(Problem, match="not now"):
        await talk.wishes("swap")
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    assert await is_over(talk) == ["target_answered", "target_left normal", "caller_left", *ENDED]
