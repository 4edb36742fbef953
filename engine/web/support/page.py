"""A page of support's about one customer, whose number is in the address.

Rule of this file: only support and administrators get that far, and what they change here they change as themselves,
also while they work as a customer in the portal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request

from engine.accounts import Role
from engine.service.accounts import Session
from engine.terms import CustomerId
from engine.web.page import AnyPage, CustomerPage, signed_in
from engine.web.session import identity_of

ROLES = (Role.SUPPORT, Role.ADMIN)
Staff = Annotated[AnyPage, Depends(signed_in(*ROLES))]


class SupportPage(CustomerPage):
    """About the customer with this number."""

    def __init__(self, request: Request, session: Session, number: str, customer: CustomerId) -> None:
        """For this session of support's."""
        super().__init__(request, session)
        self.identity = replace(session.identity, acting_for=None)
        self.number, self._customer = number, customer

    @property
    def customer(self) -> CustomerId:
        """Whose data it shows."""
        return self._customer

    @property
    def home(self) -> str:
        """Where the customer is shown at a glance."""
        return customer_path(self.number)


def customer_path(number: str) -> str:
    """The address of that customer's page."""
    return f"/support/customers/{quote(number)}"


async def _support_page(request: Request, number: str) -> SupportPage:
    await identity_of(request, request.app.state.web, *ROLES)
    customer = await request.app.state.web.accounts.customer_of(number)
    if customer is None:
        raise HTTPException(404)
    return SupportPage(request, request.state.session, number, customer)


OneCustomer = Annotated[SupportPage, Depends(_support_page)]
