"""The snapshot: a copy of what calls need, whole or not at all, without secrets, for one reader."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.service.catalogue import CatalogueService
from engine.snapshot import About, Emergency, NoSnapshot, opened, written
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.snapshot import take
from engine.terms import E164
from tests.catalogue import CLASSES, FIRST, service_on

NUMBER = E164("+4930123450")
EMERGENCY = Emergency(E164("+49309990"), "trunk:night", "sip:+49309990@192.0.2.1", NUMBER, 60)
ABOUT = About(datetime(2026, 1, 7, 11, tzinfo=UTC), "49", 120, "de", "/sounds", EMERGENCY)
MANY = 600
"""Customers: more numbers than a page."""


@pytest.fixture
def customers(database: Database) -> StoredCustomers:
    return StoredCustomers(database, CLASSES)


@pytest.fixture
def service(database: Database) -> CatalogueService:
    return service_on(database)


async def test_every_number_is_as_in_the_store(
    service: CatalogueService, customers: StoredCustomers, tmp_path: Path
) -> None:
    await service.import_text(FIRST)
    several = "".join(
        f'  - {{number: M{n}, name: Many, tariff: office, state: BE, lines: ["+49301", "+49302"], '
        f'closed_days: [2026-12-24], hours: {{tue: ["09:00-17:00"]}}, access_numbers: ["+4940{n}", "+4941{n}"]}}\n'
        for n in range(1000, 1000 + MANY)
    )
    await service.import_text(f"customers:\n{several}".replace("+49301", "+493012345").replace("+49302", "+493012346"))
    path = tmp_path / "snapshot"
    assert await take(customers, ABOUT, path) == 2 * MANY + 1
    with opened(path) as snapshot:
        assert snapshot.about == ABOUT
        for number in map(E164, (NUMBER, "+49401000", "+49411000", f"+4941{999 + MANY}")):
            found = await customers.by_access_number(number)
            assert found is not None
            assert snapshot.customer(number) == found
        assert snapshot.customer(E164("+4999")) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(set(os.listdir(tmp_path)) - {"vorzimmer.db", "vorzimmer.db-wal", "vorzimmer.db-shm"}) == ["snapshot"]
    held = path.read_bytes()
    assert b"Muster GmbH" in held
    assert b"s3cret-Phone" not in held


async def test_what_is_broken_off_leaves_the_old_one(
    service: CatalogueService, customers: StoredCustomers, tmp_path: Path
) -> None:
    path = tmp_path / "snapshot"
    await service.import_text(FIRST)
    await take(customers, ABOUT, path)
    with pytest.raises(ZeroDivisionError), written(path, replace(ABOUT, country="43")):
        raise ZeroDivisionError
    with opened(path) as snapshot:
        assert snapshot.about == ABOUT
        assert snapshot.customer(NUMBER) is not None


@pytest.mark.parametrize("held", [None, b"", b"rubbish", b"SQLite format 3\0"])
def test_what_is_none_is_said_to_be_none(tmp_path: Path, held: bytes | None) -> None:
    path = tmp_path / "snapshot"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(NoSnapshot), opened(path):
        pass


def test_an_older_form_is_none(tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    with written(path, replace(ABOUT, longest_wait="long")):  # type: ignore[arg-type]
        pass
    with pytest.raises(NoSnapshot), opened(path):
        pass
