"""The customer's own data: all that is entered, to take away, and what each month has brought.

Rule of this file: of the session's customer alone. Nothing is reckoned here: what is charged, each call's record says.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response

from engine.ports.customer_calls import Day
from engine.service.customers import ZONE
from engine.web.languages import N_
from engine.web.page import Portal

router = APIRouter(prefix="/account")
MONTHS = 24
"""The last ones, this one included."""


@router.get("/export")
async def export(page: Portal) -> Response:
    """Everything that is entered of the customer, as YAML that can be imported."""
    headers = {"Content-Disposition": 'attachment; filename="vorzimmer.yaml"'}
    text = await page.web.customers.export_own(page.customer)
    return Response(text, media_type="application/yaml", headers=headers)


@router.get("/statements")
async def statements(page: Portal) -> Response:
    """Calls and charged minutes, month by month; months without a call are left out."""
    begins = month_begins(page.web.clock.now(), MONTHS)
    found = zip(begins, await page.web.calls.between(page.customer, begins), strict=False)
    months = [(begin, one) for begin, one in found if one != Day()]
    return page.show("portal/statements.html", title=N_("Calls by month"), months=months[::-1])


def month_begins(now: datetime, count: int) -> list[datetime]:
    """When each of the last `count` months began in German time, the next month too; `now` is aware."""
    today = now.astimezone(ZONE)
    this = today.year * 12 + today.month - 1
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=ZONE) for n in range(this - count + 1, this + 2)]
