"""What the customers' service needs of the store: one customer as a whole, who changed it, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from engine.terms import CustomerId

if TYPE_CHECKING:
    from engine.entries import CustomerEntry, KeyedEntry, TariffEntry


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something."""

    who: str
    """A login, or `command line`."""
    role: str | None = None
    acting_for: CustomerId | None = None
    """The customer as whom support is working."""


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer in the results of a search."""

    id: CustomerId
    number: str
    name: str
    blocked: bool
    tariff: str
    access_numbers: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One value that was changed. `old` and `new` in the words of YAML; None = its default, or not there."""

    id: int
    """Later ones have greater ids."""
    at: datetime
    author: Author
    customer: CustomerId
    customer_number: str
    """As it was then."""
    path: str
    """As in `engine.entries.paths`, or `created` or `deleted`."""
    old: Any = None
    new: Any = None


class CustomerView(Protocol):
    """The store as it stands within the transaction of a change."""

    @property
    def customer(self) -> CustomerEntry | None:
        """The one that is changed; None = it is to be made, or there is none with this id."""

    def catalogue(self) -> Mapping[tuple[str, str], KeyedEntry]:
        """Every tariff and group, by section and key."""

    def holders(self, number: str, numbers: Iterable[str]) -> Sequence[CustomerEntry]:
        """Other customers with this customer number, or with one of these `numbers` as access number."""

    def first_call(self) -> datetime | None:
        """When the customer's first call on record arrived."""

    def own_sounds(self) -> frozenset[str]:
        """What calls name the customer's own announcements by."""


@dataclass(frozen=True, slots=True)
class Teams:
    """What agents can be asked for by: the skills and groups that there are."""

    skills: tuple[str, ...]
    groups: tuple[str, ...]


class CustomerEntries(Protocol):
    """The store's view of single customers."""

    async def load(self, customer: CustomerId) -> CustomerEntry | None:
        """The customer as it stands in the store now; None = there is none."""

    async def tariff(self, name: str) -> TariffEntry | None:
        """The tariff of that name."""

    async def first_call_of(self, customer: CustomerId) -> datetime | None:
        """When the customer's first call on record arrived."""

    async def teams(self) -> Teams:
        """Every skill and group that there is."""

    async def find(self, text: str, limit: int) -> Sequence[FoundCustomer]:
        """Customers by parts of name, number, access number or forwarded line; the best first."""

    async def change(
        self, customer: CustomerId | None, author: Author, decide: Callable[[CustomerView], CustomerEntry]
    ) -> CustomerId:
        """Ask `decide` what shall stand there, write it and who did it; None = make one. Gives the customer's id.

        One transaction, no other change in between. What `decide` raises is raised, and nothing is written.
        """

    async def last_change(self) -> int:
        """The id of the last change of anybody's; 0 = there is none."""

    async def history(self, customer: CustomerId, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """The last `limit` changes, or the last ones before that id; the latest first."""
