"""A message is sent once more: again where it has failed, or to somebody else (§5.2.3, §5.6).

Rule of this file: each button says which delivery, or which way, it is about; what somebody has dealt with already is
told, not done twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Response

from engine.message.routing import Way
from engine.message.states import Means
from engine.service.messages import NoSuchWay, NotFailed
from engine.web.forms import sent_fields
from engine.web.page import LARGEST, CustomerPage, Key, Portal

router = APIRouter(prefix="/messages")
_FAULTS = {NotFailed: "sent_already", NoSuchWay: "way_gone"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to somebody, as a form sends it."""

    value: str
    name: str
    way: Way


def choices(ways: Sequence[tuple[str, Way]]) -> Iterator[Choice]:
    """Every way, in its order; the name comes last in its value, for it may have blanks."""
    for name, way in ways:
        yield Choice(f"{way.means} {way.address} {name}", name, way)


@router.post("/{message}/again")
async def again(page: Portal, message: Key) -> Response:
    """To the same address as before."""
    delivery = await _sent(page, message, "delivery")
    known = int(delivery) if delivery.isascii() and delivery.isdigit() and len(delivery) < len(str(LARGEST)) else 0
    return await _done(page, message, page.web.messages.send_again(page.customer, message, known, page.identity))


@router.post("/{message}/elsewhere")
async def elsewhere(page: Portal, message: Key) -> Response:
    """To one of the customer's contacts, by one of the active ways."""
    means, _, rest = (await _sent(page, message, "way")).partition(" ")
    address, _, name = rest.partition(" ")
    if means not in list(Means):
        raise HTTPException(400)
    sending = page.web.messages.send_elsewhere(page.customer, message, name, Means(means), address, page.identity)
    return await _done(page, message, sending)


async def _sent(page: CustomerPage, message: int, name: str) -> str:
    """What the form has sent; another's message is not there, whatever was sent."""
    await page.web.messages.find(page.customer, message, page.identity)
    return (await sent_fields(page.request)).get(name, [""])[0]


async def _done(page: CustomerPage, message: int, sending: Awaitable[None]) -> Response:
    flash = "sent_again"
    try:
        await sending
    except (NotFailed, NoSuchWay) as fault:
        flash = _FAULTS[type(fault)]
    return page.go(f"/messages/{message}", flash)
