"""At the desk: that somebody has talked to the caller before, what was written down, and taking it over.

Rule of this file: shown beside the form and never written into it unasked.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.terms import CallId
from engine.web.desk.note import note_of, subject_of
from engine.web.desk.page import AtDesk
from engine.web.desk.parts import whole_page

router = APIRouter(prefix="/desk")


@router.post("/calls/{call}/take-over")
async def take_over(page: AtDesk, call: str) -> Response:
    """The draft of who has talked before, in the own form; nothing happens if there is none."""
    subject = await subject_of(page, CallId(call))
    if await page.desk.take_over(page.identity, CallId(call)):
        page.ring()
    note = await note_of(page, subject)
    return page.told("desk/note.html", **note) if page.by_script else await whole_page(page, note)
