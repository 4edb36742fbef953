"""Who is looking is told of every change: of his own at once, of the rest after a moment, one after the other."""

from __future__ import annotations

import asyncio

from engine.ports.desk import Seen
from engine.ports.supervision import NOBODY
from engine.service.noticeboard import Noticeboard
from engine.terms import AgentId

ANNA, BEN = AgentId("anna"), AgentId("ben")
LONG = 60.0
"""Seconds for which no test waits."""
LIMIT = 5.0


async def turns(number: int = 5) -> None:
    """What is to be done at once is done."""
    for _ in range(number):
        await asyncio.sleep(0)


def watching(board: Noticeboard, agent: AgentId = ANNA, seen: Seen | None = None) -> asyncio.Task[Seen]:
    """Somebody at this agent's desk who has just looked, or has seen that."""
    return asyncio.create_task(board.changed(agent, seen or board.seen(agent)))


def test_where_nobody_looks_changes_are_but_counted() -> None:
    board = Noticeboard()
    for agent in (ANNA, BEN, None, ANNA):
        board.stirred(agent)
    assert (board.seen(ANNA), board.seen(BEN), board.seen(AgentId("cem"))) == (Seen(2, 2), Seen(1, 3), Seen(0, 4))


async def test_ones_own_wakes_at_once_in_every_tab() -> None:
    board = Noticeboard(LONG)
    tabs = [watching(board), watching(board)]
    other = watching(board, BEN)
    await turns()
    board.stirred(ANNA)
    board.stirred(ANNA)
    assert await asyncio.wait_for(asyncio.gather(*tabs), LIMIT) == [Seen(2, 0), Seen(2, 0)]
    await turns()
    assert not other.done()
    other.cancel()


async def test_what_is_others_is_gathered() -> None:
    board, loop = Noticeboard(0.05), asyncio.get_running_loop()
    told, begun = watching(board), loop.time()
    await turns()
    for agent in (BEN, None, BEN):
        board.stirred(agent)
        await turns()
    assert not told.done()
    assert await asyncio.wait_for(told, LIMIT) == Seen(0, 3)
    assert loop.time() - begun >= 0.05


async def test_nothing_is_missed_between_look_and_wait() -> None:
    board = Noticeboard(0.05)
    own, others = board.seen(ANNA), board.seen(BEN)
    board.stirred(ANNA)
    assert await asyncio.wait_for(board.changed(ANNA, own), LIMIT) == Seen(1, 0)
    assert await asyncio.wait_for(board.changed(BEN, others), LIMIT) == Seen(0, 1)


async def test_who_has_seen_it_is_not_told_again() -> None:
    board = Noticeboard(0.02)
    late = watching(board, BEN)
    await turns()
    board.stirred(ANNA)
    there = watching(board)
    await asyncio.wait_for(late, LIMIT)
    await turns()
    assert not there.done(), "its own change was in what it had seen"
    there.cancel()


async def test_calls_come_in_between_where_many_are_told() -> None:
    board, said = Noticeboard(0.02), list[str]()

    async def desk(agent: AgentId) -> None:
        await board.changed(agent, board.seen(agent))
        said.append("desk")

    async def switch() -> None:
        while True:
            said.append("call")
            await asyncio.sleep(0)

    desks = [asyncio.create_task(desk(AgentId(f"agent{n}"))) for n in range(50)]
    await turns()
    board.stirred()
    calls = asyncio.create_task(switch())
    await asyncio.wait_for(asyncio.gather(*desks), LIMIT)
    calls.cancel()
    assert "desk desk" not in " ".join(said)


async def test_who_goes_away_leaves_nothing() -> None:
    board = Noticeboard(0.02)
    gone = [watching(board), watching(board, BEN)]
    await turns()
    board.stirred()
    for one in gone:
        one.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    stays = watching(board)
    await turns()
    board.stirred(ANNA)
    assert await asyncio.wait_for(stays, LIMIT) == Seen(1, 1)


async def test_who_watches_and_is_no_agent_is_told_of_everybody() -> None:
    board = Noticeboard(0.02)
    board.stirred(ANNA)
    told = watching(board, NOBODY)
    await turns()
    for agent in (ANNA, BEN, None):
        board.stirred(agent)
    assert await asyncio.wait_for(told, LIMIT) == Seen(0, 4)
    assert board.seen(NOBODY) == Seen(0, 4)
