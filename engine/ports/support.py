"""What support's work needs of the store beyond single customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from engine.terms import CustomerId

if TYPE_CHECKING:
    from engine.entries import TariffEntry


class SupportStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def tariffs(self) -> Sequence[TariffEntry]:
        """Every tariff, by name."""

    async def first_call(self, customer: CustomerId) -> datetime | None:
        """When the customer's first call on record arrived."""
