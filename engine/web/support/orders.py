"""Change orders for support: the open ones by due day; what one costs, and that it is done (§6.2, §6.3)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel
from pydantic import Field as Limits

from engine.ports.orders import ChangeOrder
from engine.service.customers import ZONE
from engine.service.orders import NoSuchOrder, OrderConflict, Prices
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, Key
from engine.web.portal.editing import unpacked
from engine.web.support.page import Staff, customer_path

router = APIRouter(prefix="/support/orders")
Euros = Annotated[Decimal, Limits(ge=0, le=100_000, decimal_places=2)]
_CONFLICT = N_(
    "Somebody else has changed this order meanwhile: it is shown here as it is now. To keep your text, save again."
)


class Cost(BaseModel):
    """In euros."""

    price: Euros | None = None
    surcharge: Euros | None = None

    def cents(self) -> Prices:
        """As they are kept."""
        price, surcharge = (None if one is None else int(one * 100) for one in (self.price, self.surcharge))
        return price, surcharge


_FORM = FormOf(
    Cost,
    (
        Field("price", N_("Price in euros"), Kind.NUMBER, optional=True),
        Field("surcharge", N_("Surcharge in euros"), Kind.NUMBER, N_("For the stand-by service."), optional=True),
    ),
)


@router.get("")
async def listed(page: Staff) -> Response:
    """The open ones, those due first at the top."""
    return page.show(
        "support/orders.html",
        title=N_("Change orders"),
        orders=await page.web.orders.open(page.identity),
        today=page.web.clock.now().astimezone(ZONE).date(),
        path_of=customer_path,
    )


@router.get("/{order}")
async def show(page: Staff, order: Key) -> Response:
    """One order."""
    found = await _order(page, order)
    return _page(page, found, _offered(page, found))


@router.post("/{order}")
async def price(page: Staff, order: Key) -> Response:
    """What it costs."""
    found = await _order(page, order)
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return _page(page, found, form, 422)
    try:
        await page.web.orders.price(order, form.said.cents(), _seen(form.version), page.identity)
    except OrderConflict as conflict:
        form.refuse("", _CONFLICT)
        form.version = _version(conflict.theirs)
        return _page(page, conflict.theirs, form, 409)
    return page.go(f"/support/orders/{order}", "changed")


@router.post("/{order}/done")
async def done(page: Staff, order: Key) -> Response:
    """It is done."""
    try:
        await page.web.orders.done(order, page.identity)
    except NoSuchOrder:
        raise HTTPException(404) from None
    return page.go("/support/orders", "done")


async def _order(page: AnyPage, order: int) -> ChangeOrder:
    try:
        return await page.web.orders.order(order, page.identity)
    except NoSuchOrder:
        raise HTTPException(404) from None


def _offered(page: AnyPage, order: ChangeOrder) -> Form[Cost]:
    shown = {"price": order.price, "surcharge": order.surcharge}
    euros = {name: None if cents is None else page.words.format.decimal(Decimal(cents) / 100, "0.00")
             for name, cents in shown.items()}  # fmt: skip
    return _FORM.show(page.words, None, _version(order), **euros)


def _version(order: ChangeOrder) -> str:
    return json.dumps({"price": order.price, "surcharge": order.surcharge})


def _seen(version: str) -> Prices:
    seen = unpacked(version)
    return seen.get("price"), seen.get("surcharge")


def _page(page: AnyPage, order: ChangeOrder, form: Form[Cost], status: int = 200) -> Response:
    return page.show(
        "support/order.html",
        status,
        title=N_("Change order"),
        order=order,
        form=form,
        home=customer_path(order.customer_number),
    )
