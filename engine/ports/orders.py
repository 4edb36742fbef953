"""Change orders: what customers ask support to do (§6.2, §6.3), and what the store keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from engine.terms import CustomerId


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """One order. Money in cents ≥ 0; None = support has not said yet."""

    id: int
    customer: CustomerId
    text: str
    asked_at: datetime
    asked_by: str
    """A login."""
    urgent: bool
    """For the stand-by service, which costs more."""
    due: date
    """The day by whose end it is to be done."""
    price: int | None = None
    surcharge: int | None = None
    done_at: datetime | None = None
    """None = it is open."""
    done_by: str | None = None
    customer_number: str = ""
    customer_name: str = ""


class OrderStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def add(self, order: ChangeOrder) -> int:
        """Its id; the one in `order` is not looked at."""

    async def order(self, order: int) -> ChangeOrder | None:
        """One order; None = there is none such."""

    async def of_customer(self, customer: CustomerId, most: int) -> Sequence[ChangeOrder]:
        """The customer's, the latest first."""

    async def open(self, most: int) -> Sequence[ChangeOrder]:
        """Everybody's open ones, those that are due first come first."""

    async def change(self, order: int, decide: Callable[[ChangeOrder], ChangeOrder]) -> bool:
        """Let price, surcharge and who has done it be as `decide` says; whether there is such an order.

        One transaction, no other change of it in between. What `decide` raises is raised, and nothing is written.
        """
