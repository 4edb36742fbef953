"""Customers' own announcements, on both databases: kept, told apart, chosen, audited, laid where the switch looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
import structlog

from engine.accounts import Role
from engine.main.engine import Engine
from engine.ports.announcements import Announcement
from engine.service.admission import Admission
from engine.service.announcements import LARGEST, MOST, Announcements, NoSuchAnnouncement
from engine.service.catalogue import CatalogueError
from engine.service.clock import SteadyClock
from engine.service.customer_judging import Refused
from engine.service.customers import NoSuchCustomer
from engine.settings import Settings
from engine.store.announcements import StoredAnnouncements
from engine.store.database import Database, StoreError
from engine.terms import Wrong
from pbx.runtime.own_sounds import OwnSounds
from pbx.runtime.settings import SwitchSettings
from tests.catalogue import service_on
from tests.customers import MUSTER, NEXT, OWNER, somebody, two_customers

NOON = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)
EVA, OTHER = OWNER, somebody(Role.CUSTOMER, customer=NEXT)


class Studio:
    """Makes a sound of anything but a file that says why not."""

    def can_speak(self) -> bool:
        return True

    async def record(self, file: bytes) -> bytes:
        if file.startswith(b"bad"):
            raise Wrong("announcement.kind", "no")
        return file

    async def speak(self, text: str, language: str) -> bytes:
        return f"{language} {text}".encode()

    def playable(self, sound: bytes) -> bytes:
        return b"RIFF" + sound


class Place:
    """A service on a store, with a directory where Asterisk would look."""

    def __init__(self, database: Database, home: Path) -> None:
        self.now = NOON
        self.store = StoredAnnouncements(database)
        self.files = home / "asterisk" / "sounds" / "own"
        self.service = Announcements(self.store, Studio(), OwnSounds(SwitchSettings(home)), lambda: self.now)

    def played(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.files.iterdir()}


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Place:
    return Place(database, tmp_path)


async def wrong(work: Any) -> str:
    """The code of what is refused."""
    with pytest.raises(Wrong) as refused:
        await work
    return refused.value.code


async def test_an_announcement_is_made_listened_to_replaced_and_deleted(database: Database, place: Place) -> None:
    customers = await two_customers(database)
    service = place.service
    first = await service.upload(MUSTER, b"summer", EVA, name="Sommer")
    second = await service.speak(MUSTER, "Wir sind umgezogen.", "de", EVA, name="Umzug")
    assert place.played() == {f"own-{first}.alaw": b"summer", f"own-{second}.alaw": b"de Wir sind umgezogen."}
    assert await service.play(MUSTER, first, EVA) == b"RIFFsummer"
    place.now += timedelta(minutes=1)
    assert await service.speak(MUSTER, "Schöne Ferien.", "en", EVA, key=first) == first
    assert list(await service.of(MUSTER, EVA)) == [
        Announcement(first, "Sommer", 18, place.now, "Schöne Ferien.", "en"),
        Announcement(second, "Umzug", 22, NOON, "Wir sind umgezogen.", "de"),
    ]
    await service.delete(MUSTER, second, EVA)
    assert place.played() == {f"own-{first}.alaw": "en Schöne Ferien.".encode()}
    history = [(one.path, one.old, one.new) for one in reversed(await customers.history(MUSTER))]
    umzug = {"seconds": 0.0, "text": "Wir sind umgezogen.", "language": "de"}
    assert history[-4:] == [
        ("announcements/Sommer", None, {"seconds": 0.0}),
        ("announcements/Umzug", None, umzug),
        ("announcements/Sommer", {"seconds": 0.0}, {"seconds": 0.0, "text": "Schöne Ferien.", "language": "en"}),
        ("announcements/Umzug", umzug, None),
    ]
    assert {one.author.who for one in (await customers.history(MUSTER))[:4]} == {EVA.login}


async def test_what_is_refused_leaves_nothing(database: Database, place: Place) -> None:
    await two_customers(database)
    service = place.service
    assert await wrong(service.upload(MUSTER, b"bad", EVA, name="Sommer")) == "announcement.kind"
    assert await wrong(service.upload(MUSTER, bytes(LARGEST + 1), EVA, name="Sommer")) == "announcement.size"
    assert await wrong(service.speak(MUSTER, "x" * 1001, "de", EVA, name="Sommer")) == "announcement.text"
    assert await wrong(service.speak(MUSTER, " ", "de", EVA, name="Sommer")) == "announcement.text"
    assert await wrong(service.speak(MUSTER, "a\x07", "de", EVA, name="Sommer")) == "text.sign"
    assert (await service.of(MUSTER, EVA), place.files.exists()) == ([], False)
    for n in range(MOST):
        await service.upload(MUSTER, b"x", EVA, name=f"Nr. {n}")
    assert await wrong(service.upload(MUSTER, b"x", EVA, name="one more")) == "announcement.many"
    await service.delete(MUSTER, (await service.of(MUSTER, EVA))[0].id, EVA)
    assert await wrong(service.upload(MUSTER, b"x", EVA, name="Nr. 7")) == "announcement.taken"
    assert len(place.played()) == MOST - 1


async def test_nobody_touches_chooses_or_hears_what_is_anothers(database: Database, place: Place) -> None:
    customers = await two_customers(database)
    service = place.service
    key = await service.upload(MUSTER, b"summer", EVA, name="Sommer")
    for work in (
        service.play(NEXT, key, OTHER),
        service.one(NEXT, key, OTHER),
        service.delete(NEXT, key, OTHER),
        service.upload(NEXT, b"winter", OTHER, key=key),
        service.speak(NEXT, "winter", "de", OTHER, key=key),
    ):
        with pytest.raises(NoSuchAnnouncement):
            await work
    for who in (OTHER, somebody(Role.AGENT), somebody(Role.SUPERVISOR)):
        with pytest.raises(NoSuchCustomer):
            await service.play(MUSTER, key, who)
        with pytest.raises(NoSuchCustomer):
            await service.upload(MUSTER, b"winter", who, name="Winter")
    for change in ({"wait/greeting": f"own-{key}"}, {"wait/announcements": [f"own-{key}"]}):
        for by in (OTHER, somebody(Role.SUPPORT)):
            with pytest.raises(Refused) as refused:
                await customers.save(NEXT, change, {}, by)
            assert [one.wrong.code for one in refused.value.mistakes] == ["unknown.announcement"]
    assert (await service.of(NEXT, OTHER), place.played()) == ([], {f"own-{key}.alaw": b"summer"})


@pytest.mark.parametrize(
    ("change", "place_of_it"),
    [
        (lambda name: {"wait/greeting": name}, (True, False)),
        (lambda name: {"wait/announcements": ["please-wait", name]}, (False, True)),
    ],
)
async def test_what_is_chosen_cannot_be_deleted(
    database: Database, place: Place, change: Callable[[str], dict[str, Any]], place_of_it: tuple[bool, bool]
) -> None:
    customers = await two_customers(database)
    service = place.service
    key = await service.upload(MUSTER, b"summer", EVA, name="Sommer")
    await customers.save(MUSTER, change(f"own-{key}"), {}, EVA)
    assert await wrong(service.delete(MUSTER, key, EVA)) == "announcement.chosen"
    (one,) = await service.of(MUSTER, EVA)
    assert (one.greets, one.interim) == place_of_it
    await service.upload(MUSTER, b"winter", EVA, key=key)
    assert place.played() == {f"own-{key}.alaw": b"winter"}
    await customers.save(MUSTER, {"wait/greeting": None, "wait/announcements": ["please-wait"]}, {}, EVA)
    await service.delete(MUSTER, key, EVA)
    assert place.played() == {}


async def test_a_key_never_comes_back_for_somebody_else(database: Database, place: Place) -> None:
    await two_customers(database)
    first = await place.service.upload(MUSTER, b"summer", EVA, name="Sommer")
    await place.service.delete(MUSTER, first, EVA)
    assert await place.service.upload(NEXT, b"winter", OTHER, name="Winter") > first


async def test_the_files_are_made_from_the_store_wherever_they_are_lacking(database: Database, place: Place) -> None:
    await two_customers(database)
    first = await place.service.upload(MUSTER, b"summer", EVA, name="Sommer")
    second = await place.service.upload(NEXT, b"winter", OTHER, name="Winter")
    assert await place.service.lay_out() == 0
    there = place.played()
    (place.files / f"own-{first}.alaw").unlink()
    (place.files / f"own-{second}.alaw").write_bytes(b"WINTER")  # of the same length, from before a restored backup
    (place.files / "own-1000.alaw").write_bytes(b"of nobody")
    assert await place.service.lay_out() == 2
    assert place.played() == there
    assert (await place.service.lay_out(), oct((place.files / f"own-{first}.alaw").stat().st_mode)) == (0, "0o100644")


async def test_an_import_keeps_them_and_refuses_those_that_are_not_there(database: Database, place: Place) -> None:
    customers, catalogue = await two_customers(database), service_on(database)
    key = await place.service.upload(MUSTER, b"summer", EVA, name="Sommer")
    await customers.save(MUSTER, {"wait/greeting": f"own-{key}"}, {}, EVA)
    text = await catalogue.export()
    assert f"greeting: own-{key}" in text
    assert (await catalogue.import_text(text, replace=True)).changed == ()
    other = text.replace(f"own-{key}", "own-99")
    number = (await customers.load(MUSTER)).number
    with pytest.raises(CatalogueError) as refused:
        await catalogue.import_text(other)
    assert [one.message for one in refused.value.mistakes] == [
        f"customer '{number}' has no own announcement 'own-99': make it in the portal"
    ]
    assert await place.service.play(MUSTER, key, EVA) == b"RIFFsummer"


async def test_with_its_customer_goes_what_it_has(database: Database, place: Place) -> None:
    await two_customers(database)
    await place.service.upload(MUSTER, b"summer", EVA, name="Sommer")
    await service_on(database).import_text("customers: []", replace=True)
    assert (await place.service.lay_out(), place.played()) == (0, {})


async def test_a_store_that_is_away_or_a_full_disk_keeps_no_engine_from_serving(place: Place) -> None:
    world: Any = place
    engine = Engine(Settings(), world, world, Admission(world, SteadyClock()), announcements=place.service)
    with structlog.testing.capture_logs() as logged:
        for problem in (StoreError("the database is away"), OSError("No space left on device")):
            place.service.lay_out = AsyncMock(side_effect=problem)  # type: ignore[method-assign]
            await engine.lay_out()
    assert [(one["event"], one["problem"]) for one in logged] == [
        ("announcements_not_laid_out", "the database is away"),
        ("announcements_not_laid_out", "No space left on device"),
    ]
