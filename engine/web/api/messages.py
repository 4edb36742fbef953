"""A customer's messages, found as on the portal's page, with their deliveries; put into another state, sent once more
(§5.2.3, §5.6).

Rule of this file: every question goes to the service with the customer, so another's message is not there. Reading one
here leaves it as it is: whether somebody has seen it, the program alone knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from engine.service.messages import NoSuchMessage, NoSuchWay, NotFailed
from engine.web.api.callers import Managers
from engine.web.api.calls import Whose
from engine.web.api.message_models import Elsewhere, MessageChange, MessageShown, MessageTold
from engine.web.api.problems import V1, Problem
from engine.web.page import LARGEST, Key
from engine.web.portal.messages import Filter

router = APIRouter(prefix=f"{V1}/messages")


class Asked(Filter):
    """Which messages: days in German time, both included; `after` goes on with those older than that message."""

    customer: str | None = Field(default=None, max_length=80)
    after: int | None = Field(default=None, ge=1, le=LARGEST)
    limit: int = Field(default=50, ge=1, le=200)


@router.get("", summary="Messages", tags=["messages"])
async def messages(caller: Managers, asked: Annotated[Asked, Query()]) -> list[MessageShown]:
    """The latest first; staff name the customer. `text`: words that are all in the message, or a number."""
    customer = await caller.one(asked.customer)
    wanted = replace(asked.wanted(), after=asked.after)
    found = await caller.web.messages.page(customer, wanted, asked.limit, caller.identity)
    return [MessageShown.of(message) for message in found]


@router.get("/{message}", summary="A message", tags=["messages"])
async def message(caller: Managers, message: Key, customer: Whose = None) -> MessageTold:
    """With its deliveries. It stays new."""
    with _told():
        found = await caller.web.messages.find(await caller.one(customer), message, caller.identity)
    return MessageTold.told(found)


@router.patch("/{message}", summary="Put a message into another state", tags=["messages"])
async def change(caller: Managers, message: Key, wanted: MessageChange, customer: Whose = None) -> MessageTold:
    """`new`, `read` or `done`; who was first to read it and to get it done stays."""
    with _told():
        found = await caller.web.messages.mark(await caller.one(customer), message, wanted.state, caller.identity)
    return MessageTold.told(found)


@router.post(
    "/{message}/deliveries/{delivery}/again",
    status_code=201,
    summary="Send again what has failed",
    tags=["messages"],
)
async def again(caller: Managers, message: Key, delivery: Key, customer: Whose = None) -> MessageTold:
    """To the same address; the new delivery takes the place of the one that has failed for good."""
    whose = await caller.one(customer)
    with _told():
        await caller.web.messages.send_again(whose, message, delivery, caller.identity)
        return MessageTold.told(await caller.web.messages.find(whose, message, caller.identity))


@router.post("/{message}/deliveries", status_code=201, summary="Send a message to somebody too", tags=["messages"])
async def elsewhere(caller: Managers, message: Key, to: Elsewhere, customer: Whose = None) -> MessageTold:
    """To one of the contacts; whatever has failed for good is dealt with by that."""
    whose = await caller.one(customer)
    with _told():
        sending = caller.web.messages.send_elsewhere
        await sending(whose, message, to.recipient, to.means, to.address, caller.identity)
        return MessageTold.told(await caller.web.messages.find(whose, message, caller.identity))


@contextmanager
def _told() -> Iterator[None]:
    """What the service raises, as a program reads it."""
    try:
        yield
    except NoSuchMessage:
        raise Problem(404, "unknown") from None
    except NotFailed:
        raise Problem(409, "not-failed") from None
    except NoSuchWay:
        raise Problem(409, "no-such-way") from None
