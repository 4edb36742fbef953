"""The customer's calls: listed, searched, exported, and each with what happened in it (§2.2, §5.6).

Rule of this file: every question goes to the store with the customer of the session, so another's call is not there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Response

from engine.directory.blocked import number_of
from engine.ports.customer_calls import CustomerCall, Wanted
from engine.ports.messages import Wanted as WantedMessages
from engine.terms import CallId
from engine.web.forms import Field, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal import message_words
from engine.web.portal.call_words import caller, dialled, outcome, told
from engine.web.portal.finding import Span
from engine.web.portal.table import MANY, Rows, table

router = APIRouter(prefix="/calls")
_PAGE = 50
_MESSAGES = 20
"""Of one call that are shown."""
_COLUMNS = (
    N_("Arrived"), N_("Caller"), N_("Line"), N_("What became of it"), N_("Answered by"),
    N_("Waited, seconds"), N_("Talked, seconds"), N_("Charged, minutes"),
    N_("After putting through, seconds"),
)  # fmt: skip


class Filter(Span):
    """Which calls somebody wants to see."""

    def wanted(self) -> Wanted:
        """As the store is asked."""
        return Wanted(self.begin, self.end, self.text or "")


_FILTER = FormOf(
    Filter,
    (
        Field("since", N_("From"), Kind.DATE, optional=True),
        Field("until", N_("Up to"), Kind.DATE, optional=True),
        Field("text", N_("Number or name"), optional=True),
    ),
)


@router.get("")
async def show(page: Portal) -> Response:
    """The latest first, in pages."""
    form = _FILTER.asked(page.words, page.request.query_params)
    found: list[CustomerCall] = []
    if form.said is not None:
        wanted = replace(form.said.wanted(), after=CallId(page.request.query_params.get("after", "")) or None)
        found = list(await page.web.calls.page(page.customer, wanted, _PAGE + 1))
    shown = {name: value for name, value in form.values.items() if value}
    older = urlencode({**shown, "after": found[_PAGE - 1].record.id}) if len(found) > _PAGE else ""
    return page.show(
        "portal/calls.html",
        422 if form.mistakes else 200,
        title=N_("Calls"),
        form=form,
        calls=found[:_PAGE],
        outcome=lambda call: outcome(call.record.outcome, page.words),
        caller=lambda call: caller(call.record, page.words),
        query=urlencode(shown),
        older=older,
        is_first="after" not in page.request.query_params,
    )


@router.get(".csv")
async def export(page: Portal) -> Response:
    """All of them that the filter lets through, for a table calculation."""
    form = _FILTER.asked(page.words, page.request.query_params)
    if form.said is None:
        raise HTTPException(400)
    return table("calls.csv", map(page.words, _COLUMNS), _rows(page, form.said.wanted()))


@router.get("/{call}")
async def detail(page: Portal, call: str) -> Response:
    """One call, with its trail."""
    found = await page.web.calls.find(page.customer, CallId(call))
    if found is None:
        raise HTTPException(404)
    one, trail = found
    own = {one.sound: one.name for one in await page.web.announcements.of(page.customer, page.identity)}
    taken = WantedMessages(call=one.record.id)
    return page.show(
        "portal/call.html",
        title=N_("Call"),
        call=one,
        blockable=number_of(one.record.caller, page.web.customers.rules().country) or "",
        facts=list(zip(_COLUMNS, _cells(page, one), strict=True)),
        attempts=dialled(await page.web.calls.attempts(page.customer, one.record.id), page.words),
        steps=list(told(trail, page.words, own)),
        said=message_words,
        messages=await page.web.messages.page(page.customer, taken, _MESSAGES, page.identity),
    )


def _cells(page: CustomerPage, call: CustomerCall) -> list[str]:
    record, write = call.record, page.words.format
    return [
        write.datetime(record.arrived_at, "short"),
        caller(record, page.words),
        record.line or "",
        outcome(record.outcome, page.words),
        ", ".join(call.answered_by),
        write.decimal(record.waited_ms / 1000, "0.0"),
        write.decimal(record.talked_ms / 1000, "0.0"),
        str(record.charged_minutes),
        write.decimal(record.transferred_ms / 1000, "0.0"),
    ]


async def _rows(page: CustomerPage, wanted: Wanted) -> AsyncIterator[Rows]:
    """A thousand calls at a time."""
    while calls := await page.web.calls.page(page.customer, wanted, MANY):
        yield [_cells(page, call) for call in calls]
        wanted = replace(wanted, after=calls[-1].record.id)
