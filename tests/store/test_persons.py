"""Everything about one telephone number is found in every spelling, and goes; nothing of others does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from engine.message.states import Means
from engine.ports import CallRecord
from engine.ports.persons import Kind
from engine.service.customers import NoSuchCustomer
from engine.service.persons import Persons, StillCalling, document
from engine.store.database import Database
from engine.store.keeping import StoredNights
from engine.store.outbox import StoredOutbox
from engine.store.persons import StoredPersons
from engine.store.tables import blocked_callers, call_trail, calls, message_drafts, messages
from engine.terms import CallId, Wrong
from tests.empty_store import empty_store
from tests.store.person_world import EVERY, INES, K1, K2, NOW, NUMBER, PETRA, WAYS, World, left_everywhere


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    """On either database."""
    return await left_everywhere(database)


async def test_everything_is_found_however_the_number_is_written(world: World) -> None:
    for written in ("0171 3920077", "0049 171/3920077", "+49 (0)171 39 200 77", "491713920077"):
        person = await world.persons.find(written, None, INES)
        assert (person.counts, person.under_way) == (EVERY, 4), written
        assert world.engine.told.pop() == ("settle", frozenset(WAYS))
    for written, code in (("anonymous", "person.hidden"), (" Unterdrückt ", "person.hidden"), ("Eva", "number")):
        with pytest.raises(Wrong) as wrong:
            await world.persons.find(written, None, INES)
        assert wrong.value.code == code


async def test_an_export_has_all_of_it_and_nothing_of_others(world: World) -> None:
    person = await world.persons.find(NUMBER, None, INES)
    told = document(person, NOW, ["left"], {"calls": 9})
    assert (told["number"], told["made_at"], told["left_out"]) == (NUMBER, NOW.isoformat(), ["left"])
    assert told["kept_for_days"] == {"calls": 9}
    (first, *_), text = told["calls"], str(told)
    assert {call["id"] for call in told["calls"]} == {"c0", "c1", "c2", "c3", "nobodys"}
    assert (first["customer"], first["line"], first["charged_minutes"]) == ("K1", "+49302", 3)
    assert [len(first[name]) for name in ("trail", "talks", "without_message")] == [1, 1, 1]
    assert [one["deliveries"][0]["address"] for one in told["messages"]] == ["eva@korn.example"] * 4
    assert [one["field"] for one in told["entered"]] == ["contacts"]
    assert [(one["where"], one["customer"]) for one in told["mentioned"]] == [("message", "K1"), ("change order", "K2")]
    for foreign in ("+4917139200771", "Brot", "200 771", "Quarz", "anna", "versuchen"):
        assert foreign not in text.replace("Eva Brandt", ""), foreign


async def test_a_customer_finds_its_own_alone(world: World) -> None:
    person = await world.persons.find(NUMBER, K1, PETRA)
    assert person.counts == {
        Kind.CALLS: 2, Kind.MESSAGES: 2, Kind.DRAFTS: 2, Kind.DIALLED: 1, Kind.NOT_BLOCKED: 1, Kind.CHANGES: 2,
        Kind.ENTERED: 1, Kind.MENTIONED: 1,
    }  # fmt: skip
    assert {row["customer"] for rows in person.rows.values() for row in rows} == {"K1"}
    for whose in (K2, None):
        for asked in (world.persons.find, world.persons.delete):
            with pytest.raises(NoSuchCustomer):
                await asked(NUMBER, whose, PETRA)


async def test_it_goes_and_others_stay_as_they_are(world: World) -> None:
    before = await world.all()
    done = await world.persons.delete("0171 3920077", None, INES)
    after, mine = await world.all(), ("c0", "c1", "c2", "c3", "nobodys")
    assert done.counts == {kind: n for kind, n in EVERY.items() if kind not in ("entered", "mentioned")}
    kept = {row["id"]: row for row in after["calls"]}
    for row in before["calls"]:
        gone = {"caller": None, "forgotten": 2} if row["id"] in mine else {}
        assert kept[row["id"]] == {**row, **gone}, "what is charged stays"
    assert after["call_talks"] == before["call_talks"]
    for name in ("call_trail", "call_closings"):
        assert after[name] == [row for row in before[name] if row["call"] not in mine], name
    assert [row["key"] for row in after["messages"]] == ["mentions", "longer"]
    assert len(after["message_deliveries"]) == 2
    assert [row["call"] for row in after["message_drafts"]] == ["hidden"]
    assert {row["leg"]: row["number"] for row in after["call_attempts"]} == {"l0": "", "l1": "+4917139200771"}
    assert [row["number"] for row in after["spam_dismissals"]] == ["+4917139200771"]
    assert [row["number"] for row in after["blocked_callers"]] == ["+4917139200771"]
    for name in ("customers", "customer_details", "change_orders"):
        assert after[name] == before[name], name
    assert world.engine.told[-1] == ("forget", frozenset(WAYS))


async def test_the_log_of_changes_says_that_it_went_and_never_the_number(world: World) -> None:
    done = await world.persons.delete(NUMBER, None, INES)
    lines = (await world.all())["audit"]
    mine = [row for row in lines if row["path"] == f"persons/{done.case}"]
    assert [(row["customer"], row["who"], row["role"], row["at"]) for row in mine] == [
        *((customer, "ines", "support", NOW) for customer in (K1, K2, 0))
    ]
    assert mine[0]["new"] == {
        **{"deleted_calls": 2, "deleted_messages": 2, "deleted_drafts": 2, "deleted_dialled": 1},
        **{"deleted_not_blocked": 1, "deleted_changes": 2},
    }
    assert sum(mine[2]["new"].values()) == sum(done.counts.values())
    text = str(lines).replace("+4917139200771", "")
    assert NUMBER not in text and "blocked_callers/(deleted)" in text
    again = await world.persons.find(NUMBER, None, INES)
    assert again.counts == {Kind.ENTERED: 1, Kind.MENTIONED: 2}


async def test_a_customers_deletion_leaves_the_others_data_alone(world: World) -> None:
    before = await world.persons.find(NUMBER, K2, INES)
    await world.persons.delete(NUMBER, K1, PETRA)
    after = await world.persons.find(NUMBER, K2, INES)
    assert after == before
    assert (await world.persons.find(NUMBER, K1, PETRA)).counts == {Kind.ENTERED: 1, Kind.MENTIONED: 1}


async def test_who_is_blocked_may_stay_so(world: World) -> None:
    done = await world.persons.delete(NUMBER, K2, INES, keep={Kind.BLOCKED})
    assert Kind.BLOCKED not in done.counts
    assert NUMBER in [row["number"] for row in (await world.all())["blocked_callers"]]


async def test_nothing_goes_while_the_person_is_on_the_telephone(world: World) -> None:
    world.engine.calling, before = True, await world.all()
    with pytest.raises(StillCalling):
        await world.persons.delete(NUMBER, None, INES)
    assert await world.all() == before


async def test_more_than_a_statement_carries_goes_too(world: World) -> None:
    rows = [asdict(CallRecord(CallId(f"m{n}"), "+49301", None, K1, NUMBER, None, NOW, "answered")) for n in range(1100)]
    async with world.database.writing() as connection:
        await connection.execute(insert(calls), rows)
        await connection.execute(
            insert(call_trail), [{"call": row["id"], "n": 1, "at": NOW, "what": "ended", "detail": ""} for row in rows]
        )
    done = await world.persons.delete(NUMBER, K1, PETRA)
    assert done.counts[Kind.CALLS] == 1102
    assert [row["call"] for row in (await world.all())["call_trail"] if row["call"].startswith("m")] == []


async def test_a_delivery_that_is_being_carried_is_noted_nowhere(world: World) -> None:
    outbox = StoredOutbox(world.database)
    parcels = await outbox.claim(NOW + timedelta(minutes=1), Means.MAIL, 50)
    await world.persons.delete(NUMBER, None, INES)
    left = await outbox.claim(NOW + timedelta(minutes=1), Means.MAIL, 50)
    assert len(parcels) == 6 and left == []
    assert replace(parcels[0]).slip.number == NUMBER
    async with world.database.reading() as connection:
        assert len((await connection.execute(select(messages.c.id))).all()) == 2
        assert len((await connection.execute(select(message_drafts.c.call))).all()) == 1
        assert len((await connection.execute(select(blocked_callers.c.number))).all()) == 1


async def test_in_sqlites_files_stands_nothing_of_it_any_more(tmp_path: Path) -> None:
    database = Database(await empty_store(file := tmp_path / "vorzimmer.db"))
    async with database.writing() as connection:
        for n in range(20):
            record = CallRecord(CallId(f"c{n}"), "+49301", None, None, NUMBER, None, NOW, "answered")
            await connection.execute(insert(calls).values(asdict(record)))
    held = [file, file.with_name(f"{file.name}-wal")]
    assert any(NUMBER.encode() in one.read_bytes() for one in held)
    await Persons(StoredPersons(database), StoredNights(database), lambda: NOW).delete(NUMBER, None, None)
    assert not any(NUMBER.encode() in one.read_bytes() for one in held)
    await database.close()
