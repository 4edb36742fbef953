"""The service hours, and what happens at any moment: open or closed and why, how a caller waits, who is there (§3).

Rule of this file: it shows. Hours are narrowed by support alone (§3.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import get_day_names
from fastapi import APIRouter, Response
from pydantic import BaseModel

from engine.directory.moments import in_utc
from engine.directory.presence import Presence, Why
from engine.directory.whatif import WhatIf, what_happens
from engine.entries import CustomerEntry
from engine.entries.directory import directory
from engine.hours.holidays import holidays_of
from engine.hours.opening import Reason
from engine.hours.service import ServiceHours, Week
from engine.hours.spans import format_span
from engine.service.customers import ZONE
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_, Words
from engine.web.page import CustomerPage, Portal
from engine.web.portal.finding import NearMoment
from engine.web.portal.technical import TREATMENTS

router = APIRouter()
_AHEAD = 60
"""Days of which holidays and closed days are told."""
_REASONS = {
    Reason.IN_HOURS: N_("Within the service hours."),
    Reason.OUTSIDE_HOURS: N_("Outside the hours of the booked tariff."),
    Reason.NARROWED: N_("Outside your own hours, which are narrower than those of the tariff."),
    Reason.HOLIDAY: N_("Public holiday: {detail}."),
    Reason.CLOSED_DAY: N_("This day is closed for you."),
}
_PRESENT = {
    Why.WORKING: N_("present"),
    Why.OFF_HOURS: N_("not at work"),
    Why.ABSENT: N_("absent"),
}


class Asked(BaseModel):
    """A moment on the customer's own clocks."""

    at: NearMoment


_FORM = FormOf(Asked, (Field("at", N_("Date and time"), Kind.MOMENT),))


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One row of the week; times as `08:00-18:00`."""

    name: str
    tariff: str
    own: str


@router.get("/hours")
async def show(page: Portal) -> Response:
    """The week, the days that are closed, and the answer where a moment is asked for."""
    customer = await page.entry()
    hours = await page.web.customers.hours(customer)
    form = _asked(page)
    answer = form.said and _answer(customer, hours, in_utc(form.said.at, hours.zone))
    return page.show(
        "portal/hours.html",
        422 if form.mistakes else 200,
        title=N_("When calls are answered"),
        form=form,
        week=list(_week(hours, page.words)),
        narrowed=hours.narrowed is not None,
        closed=_closed(hours, page.web.clock.now().astimezone(ZONE).date()),
        answer=answer,
        reasons=_REASONS,
        treatments=TREATMENTS,
        presence=lambda one: _presence(one, page.words),
    )


def _asked(page: CustomerPage) -> Form[Asked]:
    """The moment in the address; this very hour where there is none."""
    if page.request.query_params.get("at"):
        return _FORM.asked(page.words, page.request.query_params)
    now = page.web.clock.now().astimezone(ZONE).replace(tzinfo=None)
    return _FORM.show(page.words, at=now.isoformat(" ", "minutes"))


def _answer(customer: CustomerEntry, hours: ServiceHours, at: datetime) -> WhatIf:
    return what_happens(hours, customer.wait.treatment, directory(customer).contacts, at)


def _week(hours: ServiceHours, words: Words) -> Iterator[WeekDay]:
    names: Any = get_day_names("wide", locale=words.format.locale)
    for day in range(7):
        yield WeekDay(names[day], _spans(hours.week, day), _spans(hours.narrowed or hours.week, day))


def _spans(week: Week, day: int) -> str:
    return ", ".join(format_span(span).replace("-", "–") for span in week[day])


def _closed(hours: ServiceHours, today: date) -> list[tuple[date, str]]:
    """The next days on which nobody answers, with the holiday's name."""
    found = []
    for day in (today + timedelta(days=n) for n in range(_AHEAD)):
        name = holidays_of(hours.state, day.year).get(day, "") if hours.closed_on_holidays else ""
        if name or day in hours.closed_days:
            found.append((day, name))
    return found


def _presence(there: Presence, words: Words) -> str:
    said = words(_PRESENT[there.why])
    return words(N_("{absent}; deputy: {deputy}"), absent=said, deputy=there.deputy) if there.deputy else said
