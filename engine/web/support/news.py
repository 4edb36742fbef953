"""News for the agents' desks: what stands there, one more, and taking one away.

Rule of this file: a piece of news is one short line; who has more to say says where it is.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel

from engine.accounts import Action, who_may
from engine.directory.moments import in_utc
from engine.hours.service import ZONE_NAME
from engine.ports.news import LONGEST_NEWS, MOST_NEWS
from engine.service.newsroom import TooMuchNews
from engine.terms import Wrong, readable, unreadable
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, Key, signed_in
from engine.web.portal.finding import NearMoment

HOME = "/support/news"
router = APIRouter(prefix=HOME)
Writer = Annotated[AnyPage, Depends(signed_in(*who_may(Action.WRITE_NEWS)))]
_TOO_MUCH = N_("There are {most} already. Please take one away first.")
_OVER = N_("This is over already: please choose a time to come, or leave it empty.")


def _line(text: str) -> str:
    text = " ".join(readable(text).split())
    if sign := unreadable(text):
        raise Wrong("text.sign", f"the character {sign} cannot be read: delete it", sign=sign)
    if not 1 <= len(text) <= LONGEST_NEWS:
        raise Wrong("message.long", f"write at most {LONGEST_NEWS} characters", most=str(LONGEST_NEWS))
    return text


class Typed(BaseModel):
    """One more."""

    text: Annotated[str, AfterValidator(_line)]
    until: NearMoment | None = None


_FORM = FormOf(
    Typed,
    (
        Field(
            "text", N_("Piece of news"), hint=N_("One line; it stands on every idle desk at once."), length=LONGEST_NEWS
        ),
        Field("until", N_("Shown until"), Kind.MOMENT, N_("Left empty: until somebody takes it away."), optional=True),
    ),
)


@router.get("")
async def show(page: Writer) -> Response:
    """What stands there."""
    return await _page(page, _FORM.show(page.words))


@router.post("")
async def write(page: Writer) -> Response:
    """One more."""
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return await _page(page, form, 422)
    until = in_utc(form.said.until, ZONE_NAME) if form.said.until else None
    if until and until <= page.web.clock.now():
        form.refuse("until", _OVER)
        return await _page(page, form, 422)
    try:
        await page.web.news.write(form.said.text, until, page.identity)
    except TooMuchNews:
        form.refuse("", _TOO_MUCH, most=MOST_NEWS)
        return await _page(page, form, 422)
    return page.go(HOME, "at_once")


@router.post("/{key}/remove")
async def remove(page: Writer, key: Key) -> Response:
    """It stands nowhere any more."""
    await page.web.news.remove(key, page.identity)
    return page.go(HOME, "removed")


async def _page(page: AnyPage, form: Form[Typed], status: int = 200) -> Response:
    news = await page.web.news.load()
    return page.show("support/news.html", status, title=N_("News for desks"), news=news, form=form, home=HOME)
