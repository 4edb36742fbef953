"""The customer at a glance; working as the customer; blocking.

Rule of this file: what is shown is what is stored at this moment; nothing is changed by looking.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.hours.spans import format_week
from engine.terms import NumberClass
from engine.web.languages import N_
from engine.web.session import SESSION, cookie
from engine.web.support.editing import STATE_NAMES
from engine.web.support.page import OneCustomer
from engine.web.support.words import week

router = APIRouter(prefix="/support/customers")
CLASSES = {
    NumberClass.FREE: N_("free of charge"),
    NumberClass.GEOGRAPHIC: N_("landline"),
    NumberClass.MOBILE: N_("mobile"),
    NumberClass.FIXED_PRICE: N_("one price per call"),
    NumberClass.BUDGET_30S: N_("30 seconds free"),
    NumberClass.PER_MINUTE: N_("paid by the minute"),
    NumberClass.UNKNOWN: N_("not known: as if paid by the minute"),
}
"""What a number costs whoever calls it."""


@router.post("/{number:path}/act")
async def act(page: OneCustomer) -> Response:
    """Work in the portal as this customer from now on."""
    await page.web.accounts.act_for(cookie(page.request, SESSION), page.customer)
    return page.go("/")


@router.post("/{number:path}/block")
async def block(page: OneCustomer) -> Response:
    """No more calls for this customer."""
    return await _blocked(page, True)


@router.post("/{number:path}/unblock")
async def unblock(page: OneCustomer) -> Response:
    """Calls again."""
    return await _blocked(page, False)


async def _blocked(page: OneCustomer, blocked: bool) -> Response:
    await page.web.customers.save(page.customer, {"blocked": blocked}, {}, page.identity)
    return page.go(page.home, "saved")


@router.get("/{number:path}")
async def show(page: OneCustomer) -> Response:
    """Everything that support asks for first."""
    customer = await page.entry()
    tariffs = {tariff.name: tariff for tariff in await page.web.support.tariffs()}
    booked = tariffs.get(customer.tariff)
    return page.show(
        "support/customer.html",
        title=customer.name,
        customer=customer,
        home=page.home,
        states=STATE_NAMES,
        lines=page.web.support.lines(customer),
        classes=CLASSES,
        live_since=await page.web.support.live_since(page.customer, customer),
        tariff_hours=week(format_week(booked.hours), page.words) if booked else [],
        own_hours=week(format_week(customer.hours), page.words) if customer.hours is not None else None,
        users=await page.web.accounts.users(page.customer),
    )
