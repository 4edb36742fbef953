"""The board itself, and what can be chosen for one caller or one agent.

Rule of this file: without a script the same page shows everything as it is, with what was chosen and what came of it.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Response

from engine.ports.supervision import Refusal
from engine.terms import CallId
from engine.web.board import words as said
from engine.web.board.page import AtBoard, BoardPage
from engine.web.desk import words as desk_words
from engine.web.languages import N_

router = APIRouter(prefix="/desk/board")
Values = dict[str, Any]
CONFLICT = 409


@router.get("")
async def show(page: AtBoard) -> Response:
    """Everything as it is now."""
    return await whole(page)


@router.get("/calls/{call}")
async def for_caller(page: AtBoard, call: str) -> Response:
    """To whom this caller can be assigned."""
    found = page.leading.choice(page.identity, CallId(call))
    if found is None:
        return await refused(page, Refusal.NOT_WAITING)
    return await _choosing(page, "choose_agent", found=found, said=desk_words)


@router.get("/agents/{login}")
async def for_agent(page: AtBoard, login: str) -> Response:
    """What this agent can be set to."""
    found = next((one for one in page.leading.look(page.identity).team if one.login == login), None)
    if found is None:
        raise HTTPException(404)
    return await _choosing(page, "choose_state", agent=found, said=desk_words)


async def whole(page: BoardPage, status: int = 200, choice: str = "", told: str = "", **values: Any) -> Response:
    """The board as a page: with that choice open, and what was not done."""
    web, by = page.web, page.identity
    drawn = await web.wall.page(web, by, page.language)
    shown = {
        "drawn": drawn, "keys": said.KEYS, "now": web.clock.now(), "own": page.leading.own(by), "choice": choice,
        "told": told, **values,
    }  # fmt: skip
    return page.show("board/board.html", status, title=N_("Live board"), **shown)


async def refused(page: BoardPage, why: Refusal) -> Response:
    """An order, or the way to it, that leads nowhere: what, why, and what to do."""
    sentence = page.words(said.REFUSALS[why])
    if page.by_script:
        return page.told("board/told.html", CONFLICT, told=sentence, is_bad=True)
    return await whole(page, CONFLICT, told=sentence)


async def _choosing(page: BoardPage, choice: str, **values: Any) -> Response:
    if page.by_script:
        return page.told(f"board/{choice}.html", **values)
    return await whole(page, choice=choice, **values)
