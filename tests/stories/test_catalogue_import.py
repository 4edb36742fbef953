"""An administrator imports, changes and exports the catalogue, on a real database."""

from __future__ import annotations

import asyncio

import pytest

from engine.service.catalogue import CatalogueError, Summary
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Mistake
from engine.store.agents import StoredAgents
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164
from tests.catalogue import CLASSES, FIRST, PROJECT, service_on

ALL: tuple[Key, ...] = (
    ("trunks", "carrier"),
    ("groups", "team1"),
    ("agents", "agent1"),
    ("agents", "agent2"),
    ("tariffs", "always"),
    ("tariffs", "office"),
    ("customers", "K1001"),
)
TWO = """
tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]
customers:
  - {number: K1, name: One, access_numbers: ["+49301"], tariff: always}
  - {number: K2, name: Two, access_numbers: ["+49302"], tariff: always}
"""
EXPORTED = """\
trunks:
  - name: carrier
    match: ["127.0.0.1"]
groups:
  - {name: team1}
agents:
  - login: agent1
    name: Agent One
    skills: [german]
    groups: [team1]
    phone: {kind: static, uri: "sip:agent1@127.0.0.1:6170"}
  - login: agent2
    name: Agent Two
    skills: [english, german]
    phone: {kind: registered, password: s3cret-Phone}
tariffs:
  - name: always
    hours:
      mon-sun: ["00:00-24:00"]
  - name: office
    hours:
      mon-fri: ["08:00-18:00"]
    holidays: closed
customers:
  - number: K1001
    name: Muster GmbH
    access_numbers: ["+4930123450"]
    lines: ["+493099887700"]
    tariff: always
    state: BE
    greeting: "Muster GmbH, mein Name ist {agent}, guten Tag."
    wait: {announce_every: 20, max_wait: 120}
    routing:
      skills: [german]
      overflow_after: 60
"""


async def owner(database: Database, number: str) -> str | None:
    customer = await StoredCustomers(database, CLASSES).by_access_number(E164(number))
    return customer.number if customer else None


async def passwords(database: Database) -> dict[str, str | None]:
    return {phone.agent: phone.password for phone in await StoredAgents(database).phones()}


async def test_the_first_file_imports_as_it_stands_and_once(database: Database) -> None:
    service = service_on(database)
    assert await service.check(FIRST) == []
    assert await service.import_text(FIRST) == Summary(created=ALL)
    assert await service.import_text(FIRST) == Summary(unchanged=ALL)
    assert await service.export(secrets=True) == EXPORTED
    assert await service.import_text(EXPORTED) == Summary(unchanged=ALL)


async def test_an_export_shows_no_passwords_unless_asked(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    bare = await service.export()
    assert bare == EXPORTED.replace(", password: s3cret-Phone", "")
    assert await service.import_text(bare) == Summary(unchanged=ALL)
    assert await passwords(database) == {"agent1": None, "agent2": "s3cret-Phone"}


async def test_only_what_differs_is_changed(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    changed = FIRST.replace("max_wait: 120", "max_wait: 60").replace("groups: [team1], ", "")
    agents, customers = ("agents", "agent1"), ("customers", "K1001")
    assert await service.import_text(changed) == Summary(
        changed=(agents, customers), unchanged=tuple(key for key in ALL if key not in (agents, customers))
    )
    assert await service.export(secrets=True) == EXPORTED.replace("max_wait: 120", "max_wait: 60").replace(
        "    groups: [team1]\n", ""
    )


async def test_a_file_with_a_mistake_changes_nothing(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    wrong = FIRST.replace("Agent One", "Agent 1").replace("tariff: always", "tariff: alway")
    mistake = Mistake(15, "customers[K1001].tariff", "there is no tariff 'alway', did you mean 'always'?")
    with pytest.raises(CatalogueError) as refused:
        await service.import_text(wrong)
    assert refused.value.mistakes == [mistake]
    assert str(refused.value) == (
        "line 15: customers[K1001].tariff: there is no tariff 'alway', did you mean 'always'?"
    )
    assert await service.check(wrong) == [mistake]
    assert await service.export(secrets=True) == EXPORTED


async def test_an_access_number_passes_from_one_customer_to_another(database: Database) -> None:
    service = service_on(database)
    await service.import_text(TWO)
    swapped = TWO.replace("+49301", "x").replace("+49302", "+49301").replace("x", "+49302")
    await service.import_text(swapped)
    assert (await owner(database, "+49301"), await owner(database, "+49302")) == ("K2", "K1")
    taken = TWO.splitlines()
    one_only = "\n".join(line for line in taken if "K1," not in line).replace("+49302", '+49302", "+49301')
    await service.import_text("customers: [{number: K1, name: One, tariff: always}]")
    await service.import_text(one_only)
    assert (await owner(database, "+49301"), await owner(database, "+49302")) == ("K2", "K2")


async def test_replacing_deletes_what_the_file_lacks(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    await service.import_text(TWO)
    kept = 'groups: [{name: team2}]\ntariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]\n'
    assert await service.import_text(kept, replace=True) == Summary(
        created=(("groups", "team2"),),
        unchanged=(("tariffs", "always"),),
        deleted=(
            ("trunks", "carrier"),
            ("groups", "team1"),
            ("agents", "agent1"),
            ("agents", "agent2"),
            ("tariffs", "office"),
            ("customers", "K1"),
            ("customers", "K1001"),
            ("customers", "K2"),
        ),
    )
    assert await service.export(secrets=True) == (
        'groups:\n  - {name: team2}\ntariffs:\n  - name: always\n    hours:\n      mon-sun: ["00:00-24:00"]\n'
    )


async def test_what_is_replaced_may_have_been_in_use(database: Database) -> None:
    service = service_on(database)
    await service.import_text(FIRST)
    renamed = FIRST.replace("team1", "team2").replace("always", "round-the-clock").replace("K1001", "K1002")
    done = await service.import_text(renamed, replace=True)
    assert done.deleted == (("groups", "team1"), ("tariffs", "always"), ("customers", "K1001"))
    assert done.changed == (("agents", "agent1"),)
    moved = renamed.replace("tariff: round-the-clock", "tariff: office").replace("round-the-clock", "day")
    done = await service.import_text(moved, replace=True)
    assert (done.deleted, done.changed) == ((("tariffs", "round-the-clock"),), (("customers", "K1002"),))


async def test_a_customers_key_never_comes_back_for_another(database: Database) -> None:
    service = service_on(database)
    customers = StoredCustomers(database, CLASSES)
    await service.import_text(TWO)
    first = await customers.by_access_number(E164("+49302"))
    await service.import_text(TWO.partition("customers")[0], replace=True)
    await service.import_text(TWO)
    second = await customers.by_access_number(E164("+49301"))
    assert first is not None and second is not None and second.id > first.id


async def test_a_registered_phone_has_a_password_and_keeps_it(database: Database) -> None:
    service = service_on(database)
    text = "agents: [{login: a, name: A}, {login: b, name: B, phone: {kind: browser}}]"
    await service.import_text(text)
    made = await passwords(database)
    assert {login: len(password or "") for login, password in made.items()} == {"a": 24, "b": 24}
    assert made["a"] != made["b"]
    await service.import_text(text.replace("name: A", "name: Anna").replace("browser", "registered"))
    assert await passwords(database) == made
    await service.import_text(text.replace("browser", "browser, password: a-new-password"))
    assert await passwords(database) == {**made, "b": "a-new-password"}
    static = text.replace("kind: browser", 'kind: static, uri: "sip:b@192.0.2.7"')
    await service.import_text(static)
    assert await passwords(database) == {**made, "b": None}


async def test_a_trunk_keeps_its_password(database: Database) -> None:
    service = service_on(database)
    text = "trunks: [{name: c, registrar: 'sip:carrier.example', user: '4930', password: secret, match: []}]"
    await service.import_text(text)
    without = text.replace(" password: secret,", "")
    assert await service.import_text(without) == Summary(unchanged=(("trunks", "c"),))
    assert (await StoredAgents(database).trunks())[0].password == "secret"


async def test_two_imports_at_once_come_one_after_the_other(database: Database) -> None:
    service = service_on(database)
    await service.import_text(TWO)
    several = [TWO.replace("name: One", f"name: One {n}").replace("+49302", f"+4930{n}9") for n in range(8)]
    done = await asyncio.gather(*map(service.import_text, several))
    assert [summary.changed for summary in done] == [(("customers", "K1"), ("customers", "K2"))] * 8
    exported = await service.export()
    assert exported.count("One") == 1 and exported.count("+4930") == 2


DEMO = (PROJECT / "config" / "demo.yaml").read_text("utf-8")


async def test_the_demonstration_data_is_sound(database: Database) -> None:
    service = service_on(database)
    assert await service.check(DEMO) == []
    done = await service.import_text(DEMO)
    assert [len(done.created), await service.import_text(DEMO)] == [14, Summary(unchanged=done.created)]
