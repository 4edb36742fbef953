"""The test call: the customer calls its own number, and the page shows whether and how the call reached us.

Rule of this file: it only looks. The test call is a call like any other, and the moment from which on the page looks
stands in its address. We do not place the call ourselves: that needs a way out of the exchange, and would not prove
that the line is forwarded for callers from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from engine.ports import CallRecord
from engine.ports.customer_calls import TEST_CALLER, Wanted
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal.call_words import outcome
from engine.web.portal.technical import TREATMENTS

router = APIRouter(prefix="/test-call")
LOOKS = timedelta(minutes=5)
"""How long the page looks for the call."""
_WRITTEN = timedelta(minutes=1)
"""After the end of looking, what is not written down by then is not waited for."""
_MOST = 5
"""Calls that are shown, the latest first."""
_UNTREATED = frozenset({"closed", "blocked", "limited", "caller_blocked"})
Since = Annotated[int, Query(ge=0, le=10**11)]
"""Seconds since 1970, in UTC."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What has come since then, as it is at `now`. `until`: the end of looking."""

    since: int
    until: datetime
    now: datetime
    calls: Sequence[CallRecord]

    @property
    def looking(self) -> bool:
        """Whether calls that come now are shown."""
        return self.now < self.until

    @property
    def over(self) -> bool:
        """Whether nothing changes any more."""
        return not self.looking and all(one.ended_at for one in self.calls)

    @property
    def known(self) -> str:
        """How far the calls have come, in figures that only grow."""
        return ".".join(map(str, _counts(self.calls)))

    def is_news(self, known: str) -> bool:
        """Whether it says more than what is shown.

        A call that has just ended is for a moment neither among the live ones nor written down: that is no news.
        """
        before, now = known.split("."), _counts(self.calls)
        shown = [int(one) for one in before if one.isdecimal() and len(one) < 10]
        if len(shown) != len(now):
            return True
        if any(count < was for count, was in zip(now, shown, strict=True)):
            return self.now >= self.until + _WRITTEN
        return self.over or now != shown


def _counts(calls: Iterable[CallRecord]) -> list[int]:
    """Calls, those that were picked up, those that are over."""
    every = list(calls)
    return [len(every), sum(one.picked_up_at is not None for one in every), sum(bool(one.ended_at) for one in every)]


@router.get("")
async def show(page: Portal, since: Since | None = None) -> Response:
    """How it is done, and from the button on what has come."""
    heard = await _heard(page, since) if since is not None else None
    return page.show("portal/trial.html", title=N_("Test call"), **await _values(page, heard))


@router.post("")
async def begin(page: Portal) -> Response:
    """Look from now on."""
    return page.go(f"/test-call?since={int(page.web.clock.now().timestamp())}")


@router.get("/heard")
async def look(page: Portal, since: Since, known: str = "") -> Response:
    """The part of the page that changes; 204 while there is nothing new."""
    heard = await _heard(page, since)
    if not heard.is_news(known):
        return Response(status_code=204)
    return page.show("portal/heard.html", **await _values(page, heard))


async def _heard(page: CustomerPage, since: int) -> Heard:
    now = page.web.clock.now()
    begun = min(datetime.fromtimestamp(since, UTC), now)
    until = begun + LOOKS
    # First those that are not over: one that ends in between is seen twice rather than not at all.
    live = [one for one in page.web.live(page.customer) if begun <= one.arrived_at < until]
    stored = [one.record for one in await page.web.calls.page(page.customer, Wanted(begun, until), _MOST)]
    calls = {one.id: one for one in [*live, *stored]}
    latest = sorted(calls.values(), key=lambda one: one.arrived_at, reverse=True)
    return Heard(since, until, now, latest)


async def _values(page: CustomerPage, heard: Heard | None) -> dict[str, Any]:
    customer = await page.entry()
    return {
        "heard": heard,
        "calls": [(one, list(_facts(page, one))) for one in heard.calls[:_MOST]] if heard else [],
        "test_caller": TEST_CALLER,
        "numbers": customer.access_numbers,
    }


def _facts(page: CustomerPage, call: CallRecord) -> Iterable[tuple[str, str]]:
    """How it is or was treated, and how far it has come: label and words."""
    words = page.words
    if call.treatment and call.outcome not in _UNTREATED:
        yield N_("Treated as"), words(TREATMENTS[call.treatment])
    if call.picked_up_at:
        seconds = round((call.picked_up_at - call.arrived_at).total_seconds())
        yield N_("Answered"), words(N_("by a person, after {n} s"), n=str(seconds))
    if call.ended_at is None:
        talks = call.picked_up_at and not call.agent_left_at
        yield N_("Just now"), words(N_("talking") if talks else N_("waiting for a person"))
    else:
        yield N_("What became of it"), outcome(call.outcome, words)
