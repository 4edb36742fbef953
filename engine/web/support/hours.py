"""A customer's own hours, which only narrow the booked tariff's, and the days that are closed (§3.3).

Rule of this file: a day is written as people write it; a clash with the tariff is told at the day that it is on.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator

from engine.entries import CustomerEntry
from engine.entries.paths import value_at, values_of
from engine.hours.spans import DAYS, format_week, parse_span
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict
from engine.terms import Wrong
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_, Words
from engine.web.mistakes import said_of
from engine.web.portal.editing import unpacked
from engine.web.portal.theirs import CHANGED, NOTHING
from engine.web.portal.week import DAY_NAMES, write_days
from engine.web.support.page import OneCustomer, SupportPage
from engine.web.support.words import lines_of, week

router = APIRouter(prefix="/support/customers")
_FIELDS = ("hours", "closed_days")
_GERMAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_OUTSIDE = N_("{outside} is outside the booked tariff, which has {tariff} on this day.")
_NO_HOURS = N_("no hours")


def _spans(written: object) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", str(written or "").replace("–", "-")) if part.strip()]


def _sound(spans: list[str]) -> list[str]:
    for span in spans:
        parse_span(span)
    return spans


def _day(written: str) -> str:
    found = _GERMAN.fullmatch(written)
    try:
        return date(*map(int, found.groups()[::-1])).isoformat() if found else date.fromisoformat(written).isoformat()
    except ValueError:
        raise Wrong("day", "write the day as 2026-12-24") from None


Spans = Annotated[list[str], BeforeValidator(_spans), AfterValidator(_sound)]


class OwnHours(BaseModel):
    """The week day by day, and the closed days."""

    narrowed: bool
    mon: Spans = []
    tue: Spans = []
    wed: Spans = []
    thu: Spans = []
    fri: Spans = []
    sat: Spans = []
    sun: Spans = []
    closed_days: list[Annotated[str, AfterValidator(_day)]] = []

    def changes(self) -> dict[str, Any]:
        """In the words of YAML."""
        own = {day: getattr(self, day) for day in DAYS if getattr(self, day)}
        return {"hours": own if self.narrowed else None, "closed_days": self.closed_days}


_HOW = N_("Such as 08:00-12:00, 13:00-18:00. Empty: closed.")
_FORM = FormOf(
    OwnHours,
    (
        Field("narrowed", N_("This customer has own hours, within those of the tariff"), Kind.CHECK),
        *(Field(day, name, hint=_HOW if day == DAYS[0] else "") for day, name in DAY_NAMES.items()),
        Field("closed_days", N_("Closed days"), Kind.LINES, N_("One on each line, such as 24.12.2026."), optional=True),
    ),
)


@router.get("/{number:path}/hours")
async def show(page: OneCustomer) -> Response:
    """The hours as they stand."""
    customer = await page.entry()
    return await _page(page, customer, _FORM.show(page.words, None, _seen(customer), **_values(customer)))


@router.post("/{number:path}/hours")
async def save(page: OneCustomer) -> Response:
    """The hours as they shall be."""
    customer = await page.entry()
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return await _page(page, customer, form, 422)
    changes, seen = form.said.changes(), unpacked(form.version)
    status = 422
    try:
        await page.web.customers.save(page.customer, changes, seen, page.identity)
    except Conflict as conflict:
        status = 409
        for path, theirs in conflict.theirs.items():
            said = ", ".join(lines_of(theirs, page.words)) or page.words(NOTHING)
            form.refuse({"hours": "mon"}.get(path, path), CHANGED, theirs=said)
        form.version = json.dumps(seen | conflict.theirs)
    except Refused as refused:
        for mistake in refused.mistakes:
            _put(form, mistake.path, mistake.wrong)
    return await _page(page, customer, form, status) if form.mistakes else page.go(page.home, "saved")


def _put(form: Form[OwnHours], path: str, wrong: Wrong) -> None:
    if wrong.code == "hours.wider":
        tariff = wrong.values["tariff"] or form.words(_NO_HOURS)
        form.refuse(str(wrong.values["day"]), _OUTSIDE, outside=wrong.values["outside"], tariff=tariff)
    else:
        form.said = None
        form.mistakes.setdefault("closed_days" if path.startswith("closed_days") else "", said_of(wrong, form.words))


def _values(customer: CustomerEntry) -> dict[str, Any]:
    spans = write_days(value_at(values_of(customer), "hours"))
    days = [f"{day:%d.%m.%Y}" for day in customer.closed_days]
    return {"narrowed": customer.hours is not None, **spans, "closed_days": days}


def _seen(customer: CustomerEntry) -> str:
    values = values_of(customer)
    return json.dumps({path: value_at(values, path) for path in _FIELDS})


async def _page(page: SupportPage, customer: CustomerEntry, form: Form[OwnHours], status: int = 200) -> Response:
    tariffs = {tariff.name: tariff for tariff in await page.web.support.tariffs()}
    return page.show(
        "support/edit.html",
        status,
        title=N_("Hours"),
        form=form,
        action=f"{page.home}/hours",
        number=page.number,
        home=page.home,
        note=_tariff_note(customer, tariffs, page.words),
    )


def _tariff_note(customer: CustomerEntry, tariffs: dict[str, Any], words: Words) -> str:
    booked = tariffs.get(customer.tariff)
    hours = "; ".join(f"{days} {spans}" for days, spans in week(format_week(booked.hours), words)) if booked else ""
    return words(N_("The tariff {name} has these hours: {hours}."), name=customer.tariff, hours=hours)
