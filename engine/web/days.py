"""Agents' days as a table and as a file: everybody's for who leads them, the own ones at the desk.

Rule of this file: whose days a page shows is said by its route and the session; the service says no to anything else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Response

from engine.accounts import Action, who_may
from engine.service.days import MOST_DAYS, OneDay, bounds
from engine.terms import AgentId, AgentState
from engine.web.desk import words as said
from engine.web.desk.page import AtDesk
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_, Words
from engine.web.page import AnyPage, signed_in
from engine.web.portal.finding import NearDay, Span
from engine.web.portal.table import Rows, table

router = APIRouter()
Leader = Annotated[AnyPage, Depends(signed_in(*who_may(Action.SEE_DAYS)))]
_PAGE = 200
"""Rows after which a page ends with the day."""
_DAY = timedelta(days=1)
_FILTER = FormOf(Span, (Field("since", N_("From"), Kind.DATE), Field("until", N_("Up to"), Kind.DATE)))
_NO_REASON = N_("no reason")
_TOO_MANY = N_("Please ask for {most} days at most.")
_COLUMNS = (
    N_("Day"), N_("Agent"), N_("Signed in at"), N_("Signed off at"), N_("Time signed in"), N_("Ready"), N_("Breaks"),
    N_("Breaks by reason"), N_("Ringing"), N_("Talking"), N_("Wrap-up"), N_("Not recorded"), N_("Calls taken"),
    N_("Calls missed"), N_("Average talk"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose days are shown. `agent`: this one's alone; `home`: the address of the table."""

    home: str
    agent: AgentId | None = None


@router.get("/days")
async def show(page: Leader) -> Response:
    """Everybody's."""
    return await _shown(page, Whose("/days"))


@router.get("/days.csv")
async def export(page: Leader) -> Response:
    """The same for a table calculation."""
    form = _FILTER.asked(page.words, page.request.query_params)
    span = _span(page, form)
    if span is None:
        raise HTTPException(400)
    return table("days.csv", map(page.words, _COLUMNS), _rows(page, *span))


@router.get("/days/calls")
async def calls(page: Leader, agent: str, day: NearDay) -> Response:
    """The calls of one agent's day."""
    return await _calls(page, Whose("/days"), AgentId(agent), day)


@router.get("/desk/days")
async def own(page: AtDesk) -> Response:
    """The own ones of who sits at the desk."""
    return await _shown(page, Whose("/desk/days", page.login))


@router.get("/desk/days/calls")
async def own_calls(page: AtDesk, day: NearDay) -> Response:
    """The own calls of a day."""
    return await _calls(page, Whose("/desk/days", page.login), page.login, day)


async def _shown(page: AnyPage, whose: Whose) -> Response:
    form = _FILTER.asked(page.words, page.request.query_params)
    span, found, older = _span(page, form), list[OneDay](), ""
    if span is not None:
        since, until = span
        form.values = {"since": since.isoformat(), "until": until.isoformat()}
        for day in reversed(list(_days(page, since, until))):
            if len(found) >= _PAGE:
                older = urlencode({"since": since, "until": day})
                break
            found += await page.web.days.of(day, page.identity, whose.agent)
    return page.show(
        "days.html",
        422 if form.mistakes else 200,
        title=N_("Your days") if whose.agent else N_("Agents' days"),
        form=form,
        whose=whose,
        rows=[(one, dict(zip(_COLUMNS, cells(one, page.words), strict=True))) for one in found],
        columns=[name for name in _COLUMNS if name not in (("Day", "Agent") if whose.agent else ("Day",))],
        oldest=page.web.days.oldest,
        query=urlencode({name: value for name, value in form.values.items() if value}),
        older=older,
    )


async def _calls(page: AnyPage, whose: Whose, agent: AgentId, day: date) -> Response:
    return page.show(
        "day_calls.html",
        title=N_("Calls of a day"),
        day=day,
        whose=whose,
        agent_name=await page.web.days.name(agent, page.identity),
        talks=await page.web.days.talks(day, agent, page.identity),
        said=said,
        back=urlencode({"since": day, "until": day}),
    )


def _span(page: AnyPage, form: Form[Span]) -> tuple[date, date] | None:
    """The first day and the last, today if none is named; None where the form has a mistake."""
    if form.said is None:
        return None
    today = page.web.days.today
    until = form.said.until or today
    since = form.said.since or until
    if (until - since).days >= MOST_DAYS:
        form.refuse("until", _TOO_MANY, most=MOST_DAYS)
        return None
    return since, until


def _days(page: AnyPage, since: date, until: date) -> Iterator[date]:
    """Those of which there can be something."""
    day, last = max(since, page.web.days.oldest), min(until, page.web.days.today)
    while day <= last:
        yield day
        day += _DAY


async def _rows(page: AnyPage, since: date, until: date) -> AsyncIterator[Rows]:
    """A day at a time."""
    for day in _days(page, since, until):
        yield [cells(one, page.words) for one in await page.web.days.of(day, page.identity)]


def cells(one: OneDay, words: Words) -> list[str]:
    """What stands in the columns."""
    day, calls = one.spent, one.calls
    pauses = sorted(day.pauses.items(), key=lambda pause: -pause[1])
    told = (f"{said.pause(why, words) or words(_NO_REASON)} {_clock(spent)}" for why, spent in pauses)
    ready, paused, ringing, talking, wrap_up = (
        _clock(day.spent_in(state))
        for state in (AgentState.READY, AgentState.PAUSED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP)
    )
    average = timedelta(milliseconds=calls.talked_ms / calls.taken) if calls.taken else None
    return [
        words.format.date(one.day, "short"), one.name, words.format.time(day.first, "short") if day.first else "",
        _last(one, words), _clock(day.signed_in), ready, paused, ", ".join(told), ringing, talking, wrap_up,
        _clock(day.unknown), str(calls.taken), str(calls.missed), "" if average is None else _clock(average),
    ]  # fmt: skip


def _last(one: OneDay, words: Words) -> str:
    if one.goes_on:
        return words(N_("still there"))
    if one.spent.last is None:
        return ""
    return "24:00" if one.spent.last == bounds(one.day)[1] else words.format.time(one.spent.last, "short")


def _clock(time: timedelta) -> str:
    """As `h:mm:ss`, with which table calculations reckon."""
    seconds = round(time.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
