"""What a customer asks support to change, and what has become of it (§6.2, §6.3)."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from engine.entries.fields import FreeText
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal

router = APIRouter()


class Wish(BaseModel):
    """An order as it is asked for."""

    text: FreeText
    urgent: bool = False


_FORM = FormOf(
    Wish,
    (
        Field("text", N_("What shall we change?"), Kind.AREA, length=2000),
        Field(
            "urgent",
            N_("It is urgent: today still, also outside office hours"),
            Kind.CHECK,
            N_("Our stand-by service does it, for a surcharge."),
        ),
    ),
)


@router.get("/orders")
async def show(page: Portal) -> Response:
    """The orders and the form for one more."""
    return await _page(page, _FORM.show(page.words))


@router.post("/orders")
async def ask(page: Portal) -> Response:
    """One more order."""
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return await _page(page, form, 422)
    await page.web.orders.ask(page.customer, form.said.text, form.said.urgent, page.identity)
    return page.go("/orders", "asked")


async def _page(page: CustomerPage, form: Form[Wish], status: int = 200) -> Response:
    orders = await page.web.orders.of_customer(page.customer, page.identity)
    return page.show("portal/orders.html", status, title=N_("Change orders"), form=form, orders=orders)
