"""What a supervisor orders at the board: callers to the front, to an agent, to the own phone; states; listening in.

Rule of this file: what can be done is the service's to say; each refusal has its sentence, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Response

from engine.ports.supervision import NotDone
from engine.terms import AgentId, AgentState, CallId
from engine.web.board import words as said
from engine.web.board.page import AtBoard, BoardPage
from engine.web.board.show import refused
from engine.web.desk.words import PAUSES
from engine.web.forms import sent_fields

router = APIRouter(prefix="/desk/board")
_STATES = {one.value: one for one in (AgentState.READY, AgentState.PAUSED, AgentState.OFFLINE)}


@router.post("/calls/{call}/front")
async def front(page: AtBoard, call: str) -> Response:
    """Served next."""
    return await _ordered(page, "board_front", lambda: page.leading.to_front(page.identity, CallId(call)))


@router.post("/calls/{call}/assign")
async def assign(page: AtBoard, call: str) -> Response:
    """To this agent."""
    agent = await _sent(page, "agent")
    order = lambda: page.leading.assign(page.identity, CallId(call), AgentId(agent))  # noqa: E731
    return await _ordered(page, "board_assigned", order)


@router.post("/calls/{call}/pick-up")
async def pick_up(page: AtBoard, call: str) -> Response:
    """To the own phone."""
    return await _ordered(page, "board_picked_up", lambda: page.leading.pick_up(page.identity, CallId(call)))


@router.post("/agents/{login}/state")
async def state(page: AtBoard, login: str) -> Response:
    """Ready, on a break or signed off: at once, or after the call."""
    wanted, reason = await _sent(page, "state"), ""
    if wanted.startswith("paused:"):
        wanted, _, reason = wanted.partition(":")
    if wanted not in _STATES or (reason and reason not in PAUSES):
        raise HTTPException(400)
    try:
        is_now = page.leading.set_state(page.identity, AgentId(login), _STATES[wanted], reason or None)
    except NotDone as problem:
        return await refused(page, problem.why)
    return _done(page, "board_state" if is_now else "board_wish")


@router.post("/agents/{login}/listen")
async def listen(page: AtBoard, login: str) -> Response:
    """To the agent's conversation."""
    try:
        await page.leading.listen(page.identity, AgentId(login))
    except NotDone as problem:
        return await refused(page, problem.why)
    return _done(page, "board_listens")


@router.post("/listening/stop")
async def stop(page: AtBoard) -> Response:
    """Not any more."""
    return await _ordered(page, "board_heard", lambda: page.leading.stop_listening(page.identity))


async def _sent(page: BoardPage, name: str) -> str:
    return (await sent_fields(page.request)).get(name, [""])[0]


async def _ordered(page: BoardPage, done: str, order: Callable[[], None]) -> Response:
    try:
        order()
    except NotDone as problem:
        return await refused(page, problem.why)
    return _done(page, done)


def _done(page: BoardPage, word: str) -> Response:
    if page.by_script:
        return page.told("board/told.html", told=page.words(said.DONE[word]), is_bad=False)
    return page.go("/desk/board", word)
