"""The ways to a contact are tried out: a test message each, and what has come of it, which appears by itself (§5.2.3).

Rule of this file: what is tried is what is saved; each button says which way it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Response

from engine.accounts import Role
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery
from engine.service.messages import NoSuchWay
from engine.service.tryouts import MOST, MeansMissing, TooManyTests
from engine.web.forms import sent_fields
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal import message_words as said
from engine.web.portal.contacts import address

router = APIRouter(prefix="/contacts")
LOOKS = timedelta(minutes=10)
"""How long the page looks by itself for news of a test."""
assert MOST == 5, "the page says so"
_FAULTS = {NoSuchWay: "way_gone", MeansMissing: "means_missing", TooManyTests: "tests_over"}
_OVER = (DeliveryState.FAILED, DeliveryState.DELIVERED, DeliveryState.ACKNOWLEDGED)


@router.get("/test")
async def show(page: Portal, name: str) -> Response:
    """Every active way, and what has come of the last tests."""
    try:
        ways = await page.web.tryouts.ways(page.customer, name, page.identity)
    except NoSuchWay:
        raise HTTPException(404) from None
    shown = [(f"{way.means} {way.address}", way, page.web.tryouts.is_missing(way.means)) for way in ways]
    title = page.words(N_("Send a test: {name}"), name=name)
    return page.show("portal/tryout.html", title=title, ways=shown, **await _values(page, name))


@router.post("/test")
async def send(page: Portal, name: str) -> Response:
    """By one of the ways."""
    means, _, to = (await sent_fields(page.request)).get("way", [""])[0].partition(" ")
    if means not in list(Means):
        raise HTTPException(400)
    flash = "test_sent"
    try:
        await page.web.tryouts.send(page.customer, name, Means(means), to, page.identity)
    except (NoSuchWay, MeansMissing, TooManyTests) as fault:
        flash = _FAULTS[type(fault)]
    return page.go(f"/contacts/test?name={quote(name, safe='')}", flash)


@router.get("/test/results")
async def look(page: Portal, name: str, known: str = "") -> Response:
    """The part of the page that changes; 204 while there is nothing new."""
    values = await _values(page, name)
    if values["known"] == known and values["is_looking"]:
        return Response(status_code=204)
    return page.show("portal/tryout_results.html", **values)


async def _values(page: CustomerPage, name: str) -> dict[str, Any]:
    try:
        results = await page.web.tryouts.results(page.customer, name, page.identity)
    except NoSuchWay:
        raise HTTPException(404) from None
    return {
        "contact": name,
        "home": address(name),
        "results": results,
        "known": _known(results),
        "is_looking": any(_is_open(page, one) for one in results),
        "said": said,
        "is_staff": page.identity.role is not Role.CUSTOMER,
    }


def _known(results: Sequence[Delivery]) -> str:
    """How far they are, as short as an address has it."""
    return ".".join(f"{one.id}-{one.state}-{one.tries}" for one in results)


def _is_open(page: CustomerPage, one: Delivery) -> bool:
    """Whether there may be news of it by itself."""
    is_over = one.state in _OVER or (one.state is DeliveryState.SENT and one.due is None)
    return not is_over and page.web.clock.now() - one.at < LOOKS
