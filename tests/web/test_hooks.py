"""Where SMS gateways tell what has become of an SMS: believed with the secret alone, noted once, never loud."""

from __future__ import annotations

import secrets
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.sms_reports import seven
from engine.ports.outbox import Noted, Planned
from engine.ports.reports import Report
from engine.service.outbox_figures import OutboxFigures
from engine.service.reports import Reports
from engine.store.database import StoreError
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.store.reports import StoredReports
from engine.web.guards import LARGEST_BODY
from engine.web.hooks import SmsHook
from tests.customers import SUPPORT
from tests.notify.parcels import SLIP
from tests.notify.test_sms_reports import dlr
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECRET = secrets.token_urlsafe(32)


async def tells(office: Office, body: bytes, secret: str = SECRET, method: str = "POST") -> int:
    """As a program somewhere: no cookie, no origin."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{office.url}/api/hooks/sms/{secret}", data=body) as answer,
    ):
        return answer.status


async def sent(office: Office, *references: str) -> int:
    """A message with an SMS for each, handed over."""
    now, korn = office.clock.now(), office.customers["K1001"]
    store = StoredOutbox(office.database)
    ways = [Planned(Means.SMS, "Eva Korn", "+491713920011", now) for _ in references]
    message, _ = await StoredMessages(office.database).add(korn, secrets.token_hex(8), SLIP, ways)
    for parcel, name in zip(await store.claim(now, Means.SMS, 9), references, strict=True):
        await store.note(Noted(parcel.id, DeliveryState.SENT, now, 1, now + timedelta(minutes=1), reference=name))
    return message


def opened(office: Office) -> OutboxFigures:
    """The address is listened at from now on."""
    figures = OutboxFigures()
    reports = Reports(StoredReports(office.database), office.clock.now, lambda: figures)
    office.app.state.sms_hook = SmsHook(SECRET, seven, reports.take)
    return figures


async def test_a_report_changes_the_one_sms_that_it_names_and_that_once(office: Office) -> None:
    figures = opened(office)
    message = await sent(office, "1", "2", "3")
    told = [dlr("BUFFERED", "1"), dlr("DELIVERED", "1"), dlr("DELIVERED", "1"), dlr("FAILED", "1"), dlr("EXPIRED", "2")]
    assert [await tells(office, body) for body in told] == [204] * 5
    found = await office.messages.find(office.customers["K1001"], message, SUPPORT)
    assert [(one.state, one.trouble, one.due is None) for one in found.deliveries] == [
        (DeliveryState.DELIVERED, None, True),
        (DeliveryState.FAILED, Trouble.UNREACHABLE, True),
        (DeliveryState.SENT, None, False),
    ]
    assert (figures.tries, figures.failed) == ({("sms", "delivered"): 1, ("sms", "unreachable"): 1}, {"sms": 1})


async def test_garbage_is_dropped_quietly_and_strangers_find_nothing(office: Office) -> None:
    assert await tells(office, dlr("DELIVERED", "1")) == 404, "it is not set up"
    opened(office)
    message = await sent(office, "1")
    with capture_logs() as logs:
        assert [await tells(office, body) for body in (b"", b"{", b"\xff", dlr("DELIVERED", "9"))] == [204] * 4
        for wrong in (SECRET[:-1], SECRET + "x", "%00", "ä"):
            assert await tells(office, dlr("DELIVERED", "1"), wrong) == 404
        assert await tells(office, b"x" * (LARGEST_BODY + 1)) == 413
        assert await tells(office, b"", method="GET") == 405
    assert SECRET not in repr(logs)
    found = await office.messages.find(office.customers["K1001"], message, SUPPORT)
    assert [one.state for one in found.deliveries] == [DeliveryState.SENT]


async def test_what_cannot_be_noted_is_asked_for_again(office: Office) -> None:
    async def away(report: Report) -> bool:
        raise StoreError("the database is away")

    office.app.state.sms_hook = SmsHook(SECRET, seven, away)
    assert await tells(office, dlr("DELIVERED", "1")) == 503
