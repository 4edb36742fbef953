"""The desk itself, and the buttons of the agent's own state.

Rule of this file: without a script every button works too, by a page that is loaded anew.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Response

from engine.ports.desk import NoSuchAgent
from engine.service.supervision import NotALeader
from engine.terms import AgentState, CallId
from engine.web import leaving
from engine.web.desk import words as said
from engine.web.desk.note import note_of, subject_of
from engine.web.desk.page import AtDesk, DeskPage
from engine.web.desk.parts import whole_page
from engine.web.forms import sent_fields

router = APIRouter(prefix="/desk")
_WISHES = {one.value: one for one in (AgentState.READY, AgentState.PAUSED, AgentState.OFFLINE)}
_LONGEST = 40


@router.get("")
async def show(page: AtDesk, call: str = "") -> Response:
    """Everything as it is now; with the form of that call, else of the present one."""
    subject = await subject_of(page, CallId(call) if call else None)
    return await whole_page(page, await note_of(page, subject))


@router.post("/state")
async def wish(page: AtDesk) -> Response:
    """Ready, on a break or signed off; at once, or after the call. Ready is for who may take the next one: 423."""
    sent = await sent_fields(page.request)
    wanted, reason = sent.get("state", [""])[0], sent.get("reason", [""])[0][:_LONGEST]
    if wanted not in _WISHES:
        raise HTTPException(400)
    if _WISHES[wanted] is AgentState.READY and page.is_late:
        raise HTTPException(HTTPStatus.LOCKED)
    is_pause = _WISHES[wanted] is AgentState.PAUSED
    try:
        page.desk.wish(page.identity, _WISHES[wanted], reason if is_pause and reason in said.PAUSES else None)
    except NoSuchAgent:
        raise HTTPException(409) from None
    return _done(page)


@router.post("/wrap-up/end")
async def end(page: AtDesk) -> Response:
    """Done with the last call; the next one is not for whose session is over."""
    if page.is_late:
        await leaving.is_over(page.web, page.session)
    try:
        page.desk.end_wrap_up(page.identity)
    except NoSuchAgent:
        raise HTTPException(409) from None
    return _done(page)


@router.post("/listening/stop")
async def stop_listening(page: AtDesk) -> Response:
    """Nothing is heard any more of another agent's conversation."""
    try:
        page.web.leading.stop_listening(page.identity)
    except NotALeader:
        raise HTTPException(403) from None
    return _done(page)


def _done(page: DeskPage) -> Response:
    return Response(status_code=204) if page.by_script else page.go("/desk")
