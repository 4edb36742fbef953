"""Putting through from the desk: the order, and what is wanted while it goes on.

Rule of this file: without a script every button works too. What is refused is told in a sentence; nothing else of the
page is touched, for what has changed comes by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable

from fastapi import APIRouter, HTTPException, Response

from engine.ports.putting_through import NotNow, Wish
from engine.service.transfers import NotPutThrough
from engine.terms import CallId
from engine.transfer.plan import Kind
from engine.web.desk import through_words
from engine.web.desk import words as said
from engine.web.desk.note import note_of, subject_of
from engine.web.desk.page import AtDesk, DeskPage
from engine.web.desk.parts import whole_page
from engine.web.forms import sent_fields

router = APIRouter(prefix="/desk")


@router.post("/calls/{call}/transfer")
async def put_through(page: AtDesk, call: str) -> Response:
    """To this contact, announced or at once; to all the numbers in their order, or to one."""
    _own(page, call)
    sent = await sent_fields(page.request)
    contact, kind = sent.get("contact", [""])[0], sent.get("kind", [Kind.ANNOUNCED.value])[0]
    if kind not in list(Kind):
        raise HTTPException(400)
    only = _place(sent.get("only", [""])[0])
    return await _tried(page, page.desk.put_through(page.identity, CallId(call), contact, Kind(kind), only))


@router.post("/calls/{call}/transfer/change")
async def change(page: AtDesk, call: str) -> Response:
    """What the agent wants meanwhile."""
    _own(page, call)
    sent = await sent_fields(page.request)
    place = _place(sent.get("pick", [""])[0])
    wish = Wish.PICK if place else sent.get("wish", [""])[0]
    if wish not in list(Wish):
        raise HTTPException(400)

    async def changed() -> None:
        page.desk.change(page.identity, CallId(call), Wish(wish), place or 1)

    return await _tried(page, changed())


def _own(page: DeskPage, call: str) -> None:
    """The call is at this agent's desk, or was the last one; asked of the engine alone, for the store may be away."""
    agent = page.agent
    if agent is None or agent.call is None or agent.call.id != call:
        raise HTTPException(404)


async def _tried(page: DeskPage, order: Awaitable[None]) -> Response:
    try:
        await order
    except NotNow:
        return await _refused(page, through_words.NOT_NOW)
    except NotPutThrough as refused:
        return await _refused(page, said.WHY_NOT[refused.why])
    return Response(status_code=204) if page.by_script else page.go("/desk")


async def _refused(page: DeskPage, why: str) -> Response:
    """The sentence for the script; the whole desk with it where there is none."""
    if page.by_script:
        return Response(page.words(why), 422, media_type="text/plain; charset=utf-8")
    return await whole_page(page, await note_of(page, await subject_of(page)), 422, refused=page.words(why))


def _place(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        raise HTTPException(400)
    return int(text)
