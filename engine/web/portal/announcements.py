"""The customer's own announcements (§5.7): upload a recording or type a text, listen, replace, delete.

Rule of this file: what was sent is bytes until the service has made a sound of it; the file's own name and type are
never looked at. Which one is played to callers is chosen among the technical settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel
from starlette.datastructures import UploadFile

from engine.entries.fields import Name
from engine.ports.announcements import Announcement
from engine.service.announcements import LARGEST, speakable
from engine.terms import Wrong
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.mistakes import NEEDED, said_of
from engine.web.page import CustomerPage, Key, Portal

router = APIRouter(prefix="/announcements")


class Uploaded(BaseModel):
    """A recording in place of another one; the file itself is no text."""

    file: None = None


class NewUploaded(Uploaded):
    """A recording."""

    name: Name


class Spoken(BaseModel):
    """A text in place of another recording or text."""

    language: Literal["de", "en"]
    text: Annotated[str, AfterValidator(speakable)]


class NewSpoken(Spoken):
    """A text."""

    title: Name


_NAME, _HINT = N_("Name of the announcement"), N_("By which you recognise it; callers do not hear it.")
_FILE = Field("file", N_("Sound file"), Kind.FILE, N_("WAV, MP3 or OGG; at most 120 seconds and 10 MB."))
_TEXT = (
    Field("language", N_("Voice"), Kind.RADIOS, choices={"de": N_("German voice"), "en": N_("English voice")}),
    Field("text", N_("Text"), Kind.AREA, N_("At most 1000 characters; numbers and abbreviations in words.")),
)
_UPLOAD = FormOf(NewUploaded, (Field("name", _NAME, hint=_HINT), _FILE))
_SPEAK = FormOf(NewSpoken, (Field("title", _NAME, hint=_HINT), *_TEXT))
_UPLOAD_AGAIN = FormOf(Uploaded, (_FILE,))
_SPEAK_AGAIN = FormOf(Spoken, _TEXT)
_AT = {"announcement.taken": ("name", "title"), "announcement.many": ()}
"""Where a mistake stands that is not at the file or at the text: in the form that has such a field."""


@router.get("")
async def show_all(page: Portal) -> Response:
    """Those that there are, and both ways to make one."""
    return await _all(page)


@router.post("/upload")
async def upload(page: Portal) -> Response:
    """One more, of a file."""
    name, file = await _sent(page)
    form = _UPLOAD.asked(page.words, {"name": name})
    if file is None:
        form.refuse("file", NEEDED)
    if form.said is not None and file is not None:
        with _refusing(form, "file"):
            await page.web.announcements.upload(page.customer, file, page.identity, name=form.said.name)
    return page.go("/announcements", "announced") if form.said else await _all(page, upload=form)


@router.post("/text")
async def speak(page: Portal) -> Response:
    """One more, of a text."""
    form = await _SPEAK.read(page.request, page.words)
    if (said := form.said) is not None:
        with _refusing(form, "text"):
            await page.web.announcements.speak(page.customer, said.text, said.language, page.identity, name=said.title)
    return page.go("/announcements", "announced") if form.said else await _all(page, speak=form)


@router.get("/{key}")
async def show(page: Portal, key: Key) -> Response:
    """One of them, and both ways to replace it."""
    return await _one(page, key)


@router.post("/{key}/upload")
async def upload_again(page: Portal, key: Key) -> Response:
    """Another file from the next call on."""
    await page.web.announcements.one(page.customer, key, page.identity)
    _, file = await _sent(page)
    form = _UPLOAD_AGAIN.asked(page.words, {})
    if file is None:
        form.refuse("file", NEEDED)
    else:
        with _refusing(form, "file"):
            await page.web.announcements.upload(page.customer, file, page.identity, key=key)
    return page.go(f"/announcements/{key}", "replaced") if form.said else await _one(page, key, upload=form)


@router.post("/{key}/text")
async def speak_again(page: Portal, key: Key) -> Response:
    """Another text from the next call on."""
    await page.web.announcements.one(page.customer, key, page.identity)
    form = await _SPEAK_AGAIN.read(page.request, page.words)
    if (said := form.said) is not None:
        with _refusing(form, "text"):
            await page.web.announcements.speak(page.customer, said.text, said.language, page.identity, key=key)
    return page.go(f"/announcements/{key}", "replaced") if form.said else await _one(page, key, speak=form)


@router.get("/{key}/delete")
async def ask(page: Portal, key: Key) -> Response:
    """Whether it shall really go."""
    return _gone(page, await page.web.announcements.one(page.customer, key, page.identity))


@router.post("/{key}/delete")
async def delete(page: Portal, key: Key) -> Response:
    """It goes, unless callers are to hear it."""
    try:
        await page.web.announcements.delete(page.customer, key, page.identity)
    except Wrong:
        return _gone(page, await page.web.announcements.one(page.customer, key, page.identity), 422)
    return page.go("/announcements", "announcement_gone")


async def _sent(page: CustomerPage) -> tuple[str, bytes | None]:
    """The name and the file of a form with a file; None = none was chosen. A byte too much tells that it is too large.

    Raises HTTPException 400 for what no form of ours has sent.
    """
    async with page.request.form(max_files=1, max_fields=5) as form:
        name, file = form.get("name", ""), form.get("file")
        content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    return name.strip() if isinstance(name, str) else "", content or None


@contextmanager
def _refusing(form: Form[Any], field: str) -> Iterator[None]:
    """What the service refuses is a mistake of the form."""
    try:
        yield
    except Wrong as wrong:
        names = [one.name for one in form.fields()]
        at = next((name for name in _AT[wrong.code] if name in names), "") if wrong.code in _AT else field
        form.said = None
        form.mistakes.setdefault(at, said_of(wrong, form.words))


async def _all(page: CustomerPage, **sent: Form[Any]) -> Response:
    forms = {"upload": _UPLOAD.show(page.words), "speak": _SPEAK.show(page.words, language=page.language)} | sent
    return page.show(
        "portal/announcements.html",
        422 if sent else 200,
        title=N_("Own announcements"),
        announcements=await page.web.announcements.of(page.customer, page.identity),
        can_speak=page.web.announcements.can_speak(),
        action="/announcements",
        **forms,
    )


async def _one(page: CustomerPage, key: int, **sent: Form[Any]) -> Response:
    one = await page.web.announcements.one(page.customer, key, page.identity)
    said = {"language": one.language or page.language, "text": one.text}
    forms = {"upload": _UPLOAD_AGAIN.show(page.words), "speak": _SPEAK_AGAIN.show(page.words, None, "", **said)} | sent
    return page.show(
        "portal/announcement.html",
        422 if sent else 200,
        title=one.name,
        one=one,
        can_speak=page.web.announcements.can_speak(),
        action=f"/announcements/{key}",
        **forms,
    )


def _gone(page: CustomerPage, one: Announcement, status: int = 200) -> Response:
    return page.show("portal/announcement_delete.html", status, title=one.name, one=one)
