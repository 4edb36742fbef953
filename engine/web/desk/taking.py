"""Saving at the desk: the draft while one types, the message, taking it back, and closing a call without one.

Rule of this file: what is sent twice counts once; what is refused stands at its field, and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Response

from engine.message.slip import Mistake, Tick, Urgency
from engine.ports.desk import NoMessage
from engine.service.messages import AlreadyTaken, NotTaken
from engine.service.planning import UNDO
from engine.terms import CallId
from engine.web.desk import own
from engine.web.desk.note import Asked, Note, Subject, around, asked_of, filled, form_of, note_of, subject_of
from engine.web.desk.page import AtDesk, DeskPage
from engine.web.desk.parts import whole_page
from engine.web.forms import Form, Kind, sent_fields
from engine.web.languages import N_
from engine.web.mistakes import said_of
from engine.web.page import Key

router = APIRouter(prefix="/desk")
_ANOTHER = N_(
    "This form has been saved before, with another text. What you see is not saved yet: save once more to keep it as "
    "a second message."
)
_TOO_LATE = N_("It is too late to take this back: the message is on its way.")
_ONLY_RINGS = N_("Pick up first: this call has only rung at your telephone.")


@router.get("/form")
async def form_now(page: AtDesk) -> Response:
    """The form of the call at the desk."""
    return page.told("desk/note.html", **await note_of(page, await subject_of(page)))


@router.get("/calls/{call}/form")
async def form_for(page: AtDesk, call: str) -> Response:
    """The form of one of today's calls."""
    return page.told("desk/note.html", **await note_of(page, await _subject(page, call)))


@router.put("/calls/{call}/draft")
async def keep(page: AtDesk, call: str) -> Response:
    """Keep what is typed, whatever it is."""
    sent = await sent_fields(page.request)
    values: dict[str, Any] = {}
    for one in form_of(Asked()).parts:
        found = [text for text in sent.get(one.name, []) if text.strip()]
        if found:
            values[one.name] = found if getattr(one, "kind", None) is Kind.CHECKS else found[0]
    await page.desk.keep_draft(page.identity, CallId(call), {**values, **own.typed_in(sent)})
    page.drafted()
    page.ring_beside(CallId(call))
    return Response(status_code=204, headers={"Draft-Edition": page.draft})


@router.post("/calls/{call}/message")
async def save(page: AtDesk, call: str) -> Response:
    """Stored, and handed on from there."""
    subject = await _subject(page, call)
    sent, asked = await sent_fields(page.request), await asked_of(page, subject)
    key, warned = sent.get("key", [""])[0], sent.get("warned", [""])[0].split()
    form = await form_of(asked).read(page.request, page.words)
    wanting = own.wanting(asked.own, form.values, page.words)
    form.mistakes |= {name: text for name, text in wanting.items() if name not in warned}
    slip = slip_of(form.said, own.said(asked.own, form.values)) if form.said is not None else None
    if slip is not None and form.mistakes:
        _tell(form, asked, slip, await page.desk.judged(page.identity, subject.call, slip))
    elif slip is not None:
        try:
            message = await page.desk.take(page.identity, subject.call, key, slip)
        except NotTaken as refused:
            _tell(form, asked, slip, refused.mistakes)
        except AlreadyTaken:
            form.mistakes[""], key = page.words(_ANOTHER), uuid4().hex
        except ValueError:  # no page of ours has sent that key
            raise HTTPException(400) from None
        else:
            page.ring()
            page.ring_beside(subject.call)
            return await _kept(page, subject, saved=message)
    form.values = filled(form.values)
    return await _answer(page, around(page, subject, form, is_typed=True, key=key, warned=" ".join(wanting)), 422)


def _tell(form: Form[Note], asked: Asked, slip: Mapping[str, Any], mistakes: Iterable[Mistake]) -> None:
    """Each at its field, beside what stands there already of other fields."""
    for one in mistakes:
        path = form.place(own.place(asked.own, one.path, slip["fields"]))
        form.mistakes.setdefault(path, said_of(one.wrong, form.words))


def slip_of(note: Note, fields: Sequence[tuple[str, str]]) -> Mapping[str, Any]:
    """As the service takes it; `fields`: the customer's own."""
    texts = {name: getattr(note, name) or "" for name in ("caller_name", "company", "number", "subject", "text")}
    urgency, ticks = Urgency(note.urgency), frozenset(Tick(one) for one in note.ticks)
    return {**texts, "contact": note.contact or None, "urgency": urgency, "ticks": ticks, "fields": tuple(fields)}


@router.post("/calls/{call}/messages/{message}/undo")
async def undo(page: AtDesk, call: str, message: Key) -> Response:
    """It was never saved, if it is not too late; what was typed is there again."""
    subject = await _subject(page, call)
    taken_back = await page.desk.take_back(page.identity, subject.call, message)
    page.ring()
    page.ring_beside(subject.call)
    note = await note_of(page, await _subject(page, call))
    form: Form[Note] = note["form"]
    if not taken_back:
        form.mistakes[""] = page.words(_TOO_LATE)
    return await _answer(page, note, 200 if taken_back else 422)


@router.post("/calls/{call}/close")
async def close(page: AtDesk, call: str) -> Response:
    """There is no message, and why; the last word counts."""
    subject = await _subject(page, call)
    sent = await sent_fields(page.request)
    reason = sent.get("reason", [""])[0]
    if reason not in list(NoMessage):
        raise HTTPException(400)
    if not subject.is_answered:
        note = await note_of(page, subject)
        note["form"].mistakes[""] = page.words(_ONLY_RINGS)
        return await _answer(page, note, 422)
    await page.desk.close(page.identity, subject.call, NoMessage(reason), spam="spam" in sent)
    page.ring()
    return await _kept(page, subject, closed=NoMessage(reason), is_typed=False)


async def _subject(page: DeskPage, call: str) -> Subject:
    found = await subject_of(page, CallId(call))
    assert found is not None
    return found


async def _kept(page: DeskPage, subject: Subject, **told: Any) -> Response:
    """What was done, above a form for one more message in the same call."""
    if not page.by_script and "saved" not in told:
        return page.go("/desk")
    until = page.web.clock.now() + UNDO
    return await _answer(page, await note_of(page, subject, until=until, **told))


async def _answer(page: DeskPage, note: dict[str, Any], status: int = 200) -> Response:
    """The form for the script; the whole desk where there is none."""
    if page.by_script:
        return page.told("desk/note.html", status, **note)
    return await whole_page(page, note, status)
