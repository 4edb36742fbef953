"""Whatever somebody sends to be saved: it is saved, refused or a conflict, and never breaks anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.accounts import Identity
from engine.entries import CustomerEntry, KeyedEntry, TariffEntry
from engine.entries.paths import differences, join, split, value_at, values_of
from engine.ports.customers import AuditEntry, Author, CustomerView, FoundCustomer, Teams
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict, CustomerService
from engine.terms import CustomerId
from tests.catalogue import RULES
from tests.customers import MUSTER, NOW, OWNER, SUPPORT

ALWAYS = TariffEntry.model_validate({"name": "always", "hours": {"mon-sun": ["00:00-24:00"]}})
STORED = CustomerEntry.model_validate({
    "number": "K1", "name": "One", "tariff": "always",
    "contacts": [
        {"name": "Eva", "notify": {"pushover": {"user": "u" * 30, "next": "Ida"}}, "absence": {"deputy": "Ida"}},
        {"name": "Ida", "notify": {"pushover": {"user": "u" * 30}}, "transfer": {"targets": ["+493023125001"]}},
    ],
})  # fmt: skip


class OneCustomer:
    """A store of one customer, in memory, that is its own view."""

    def __init__(self) -> None:
        self.customer: CustomerEntry = STORED

    def catalogue(self) -> Mapping[tuple[str, str], KeyedEntry]:
        return {("tariffs", "always"): ALWAYS}

    def holders(self, number: str, numbers: Iterable[str]) -> Sequence[CustomerEntry]:
        return []

    def first_call(self) -> datetime | None:
        return None

    def own_sounds(self) -> frozenset[str]:
        return frozenset()

    async def load(self, customer: CustomerId) -> CustomerEntry | None:
        return self.customer

    async def tariff(self, name: str) -> TariffEntry | None:
        return ALWAYS

    async def first_call_of(self, customer: CustomerId) -> datetime | None:
        return None

    async def teams(self) -> Teams:
        return Teams((), ())

    async def find(self, text: str, limit: int) -> Sequence[FoundCustomer]:
        return []

    async def last_change(self) -> int:
        return 0

    async def history(self, customer: CustomerId, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        return []

    async def change(
        self, customer: CustomerId | None, author: Author, decide: Callable[[CustomerView], CustomerEntry]
    ) -> CustomerId:
        self.customer = decide(self)
        return MUSTER


STEPS = st.sampled_from([
    *CustomerEntry.model_fields, "Eva", "Ida", "name", "notify", "pushover", "next", "absence", "deputy", "transfer",
    "targets", "0", "", "~", "a/b", "treatment",
])  # fmt: skip
PATHS = st.lists(STEPS, min_size=1, max_size=4).map(join)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | STEPS
VALUES = st.recursive(
    PLAIN, lambda below: st.lists(below, max_size=3) | st.dictionaries(STEPS | st.text(max_size=3), below, max_size=3)
)
EDITS = st.dictionaries(PATHS, VALUES, max_size=4)


@given(changes=EDITS, seen=EDITS, by=st.sampled_from([OWNER, SUPPORT]))
@settings(max_examples=300, deadline=None)
async def test_nothing_that_is_sent_breaks_a_save(changes: dict[str, Any], seen: dict[str, Any], by: Identity) -> None:
    store = OneCustomer()
    service = CustomerService(store, lambda: RULES, lambda: NOW)
    try:
        saved = await service.save(MUSTER, changes, seen, by)
    except (Refused, Conflict):
        assert store.customer == STORED
    else:
        assert store.customer == saved.entry == CustomerEntry.model_validate(values_of(saved.entry))
        assert saved.changed == tuple(change.path for change in differences(STORED, saved.entry))


@given(st.lists(st.text(), min_size=1))
def test_a_path_is_its_steps(steps: list[str]) -> None:
    assert list(split(join(steps))) == steps


@given(PATHS)
def test_what_is_not_there_is_nothing(path: str) -> None:
    assert value_at(values_of(STORED), f"{path}/no such key") is None
