"""Agents, groups and trunks as administrators change them: judged as an import, noted, and taken over at once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.accounts import Role
from engine.entries import AgentEntry, Catalogue, TrunkEntry
from engine.ports.people import AgentNow, Login, TrunkNow
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict
from engine.service.people import Gone, People
from engine.store.agents import StoredAgents
from engine.store.database import Database
from engine.store.people import StoredPeople
from engine.terms import AgentId, AgentState
from tests.accounts import World
from tests.catalogue import RULES, service_on
from tests.customers import said, somebody
from tests.web.switchboard import Board

FEW = """
groups: [{name: team1}]
trunks:
  - {name: carrier, match: [192.0.2.10]}
  - {name: other, registrar: "sip:sip.carrier.example", user: "4930", password: "carriers own"}
agents:
  - {login: anna, name: Anna Berg, groups: [team1], phone: {kind: registered, password: s3cret-Phone}}
  - {login: ben, name: Ben Rot, phone: {kind: static, uri: "sip:ben@192.0.2.7"}}
"""
ADMIN = somebody(Role.ADMIN)
ANNA, OTHER = ("agents", "anna"), ("trunks", "other")


async def people_on(database: Database, board: Board | None = None) -> People:
    """A store with these few, and the service on it."""
    await service_on(database).import_text(FEW)
    return People(StoredPeople(database), board or Board(), lambda: RULES, lambda: "made-Password")


async def agent(people: People, login: str) -> AgentEntry:
    """As it is stored."""
    return next(one for one in (await people.all()).agents if one.login == login)


async def trunk(people: People, name: str) -> TrunkEntry:
    """As it is stored."""
    return next(one for one in (await people.all()).trunks if one.name == name)


async def told(people: People, since: int) -> list[tuple[str, str | None, str, Any, Any]]:
    """What happened after the first so many changes, in order."""
    found = list(await people.history())[::-1][since:]
    return [(one.author.who, one.author.role, one.path, one.old, one.new) for one in found]


async def test_an_agent_is_made_with_a_password_that_is_told_once(database: Database) -> None:
    board = Board()
    people = await people_on(database, board)
    noted = len(await people.history())
    carl = {"login": "carl", "name": "Carl Blau", "groups": ["team1"], "skills": ["german"]}
    written = await people.add("agents", carl, ADMIN)
    assert (written.password, written.taken_over, board.taken_over) == ("made-Password", True, 1)
    assert "made-Password" not in repr(written)
    assert [phone.password for phone in await StoredAgents(database).phones() if phone.agent == "carl"] == [
        "made-Password"
    ]
    whole = {**carl, "phone": {"kind": "registered", "uri": None}}
    assert await told(people, noted) == [("admin1", "admin", "agents/carl", None, whole)]


async def test_only_what_differs_is_saved_and_noted_and_the_password_stays(database: Database) -> None:
    people = await people_on(database)
    noted = len(await people.history())
    changes = {"name": "Anna Grün", "groups": [], "phone": {"kind": "browser"}}
    assert (await people.save(ANNA, changes, {}, ADMIN)).password is None
    assert (await agent(people, "anna")).phone.password == "s3cret-Phone"
    static = {"kind": "static", "uri": "sip:anna@192.0.2.8"}
    await people.save(ANNA, {"phone": static}, {}, ADMIN)
    assert (await people.save(ANNA, {"phone": {"kind": "registered"}}, {}, ADMIN)).password == "made-Password"
    registered, browser = ({"kind": kind, "uri": None} for kind in ("registered", "browser"))
    renewed = ("admin1", "admin", "agents/anna/password", None, None)
    assert await told(people, noted) == [
        ("admin1", "admin", "agents/anna/name", "Anna Berg", "Anna Grün"),
        ("admin1", "admin", "agents/anna/groups", ["team1"], []),
        ("admin1", "admin", "agents/anna/phone", registered, browser),
        ("admin1", "admin", "agents/anna/phone", browser, static),
        renewed,
        ("admin1", "admin", "agents/anna/phone", static, registered),
        renewed,
    ]


async def test_the_password_of_a_phone_can_be_renewed(database: Database) -> None:
    people = await people_on(database)
    assert (await people.renew_password("anna", ADMIN)).password == "made-Password"
    assert (await agent(people, "anna")).phone.password == "made-Password"
    for login in ("ben", "nobody"):
        with pytest.raises(Gone):
            await people.renew_password(login, ADMIN)


async def test_a_carriers_password_stays_until_another_is_written(database: Database) -> None:
    people = await people_on(database)
    noted = len(await people.history())
    await people.save(OTHER, {"max_calls": 30}, {"max_calls": None}, ADMIN)
    assert (await trunk(people, "other")).password == "carriers own"
    await people.save(OTHER, {"password": "another one"}, {}, ADMIN)
    assert (await trunk(people, "other")).password == "another one"
    await people.save(OTHER, {"registrar": None, "user": None, "match": ["192.0.2.20"]}, {}, ADMIN)
    assert (await trunk(people, "other")).password is None
    assert [(path, old, new) for _, _, path, old, new in await told(people, noted)] == [
        ("trunks/other/max_calls", None, 30),
        ("trunks/other/password", None, None),
        ("trunks/other/match", [], ["192.0.2.20"]),
        ("trunks/other/registrar", "sip:sip.carrier.example", None),
        ("trunks/other/user", "4930", None),
        ("trunks/other/password", None, None),
    ]


WRONG = [
    ("agents", {"login": "anna", "name": "Anna"}, [("login", "taken.name")]),
    ("agents", {"login": "TestCall", "name": ""}, [("login", "login.reserved"), ("name", "name")]),
    ("agents", {"login": "x", "name": "X", "groups": ["none"]}, [("groups", "unknown.group")]),
    ("agents", {"login": "x", "name": "X", "phone": {"kind": "static"}}, [("phone", "phone.uri")]),
    ("trunks", {"name": "x", "match": ["192.0.2.0/24"]}, [("match", "taken.address")]),
    ("trunks", {"name": "x", "registrar": "sip:x.example", "user": "1"}, [("password", "trunk.no_password")]),
    ("trunks", {"name": "x"}, [("", "trunk.reach")]),
    ("groups", {"name": "team1"}, [("name", "taken.name")]),
]


@pytest.mark.parametrize(("section", "values", "codes"), WRONG)
async def test_what_an_import_would_refuse_is_refused(
    database: Database, section: str, values: dict[str, Any], codes: list[tuple[str, str]]
) -> None:
    board = Board()
    people = await people_on(database, board)
    before = await people.all()
    with pytest.raises(Refused) as refused:
        await people.add(section, values, ADMIN)
    assert said(refused.value) == codes
    assert (await people.all(), board.taken_over) == (before, 0)


async def test_who_has_seen_something_else_gets_theirs(database: Database) -> None:
    people = await people_on(database)
    await people.save(ANNA, {"name": "Anna Grün"}, {"name": "Anna Berg"}, ADMIN)
    late = {"name": "Anna Braun", "skills": ["german"]}
    with pytest.raises(Conflict) as conflict:
        await people.save(ANNA, late, {"name": "Anna Berg", "skills": []}, ADMIN)
    assert conflict.value.theirs == {"name": "Anna Grün"}
    await people.save(ANNA, {"skills": ["german"]}, {"skills": []}, ADMIN)
    found = await agent(people, "anna")
    assert (found.name, found.skills) == ("Anna Grün", ("german",))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_but_administrators_changes_anything(database: Database, role: Role) -> None:
    people = await people_on(database)
    who = somebody(role)
    ways = (
        people.add("groups", {"name": "new"}, who),
        people.save(ANNA, {"name": "X"}, {}, who),
        people.save(OTHER, {"max_calls": 1}, {}, who),
        people.renew_password("anna", who),
        people.remove(ANNA, who),
    )
    before = await people.all()
    for way in ways:
        with pytest.raises(Refused) as refused:
            await way
        assert said(refused.value) == [("", "right")]
    assert await people.all() == before


async def test_what_is_removed_is_gone_with_its_user(world: World, database: Database) -> None:
    people = People(StoredPeople(database), Board(), lambda: RULES)
    await world.accounts.add_user("anna@ours.example", "Anna", Role.AGENT, agent=AgentId("anna"))
    assert await people.logins() == {"anna": Login("anna@ours.example", False)}
    await people.remove(ANNA, ADMIN)
    assert (await people.logins(), await world.accounts.user_of("anna@ours.example")) == ({}, None)
    (change,) = await told(people, len(await people.history()) - 1)
    assert (change[2], change[3]["name"], change[4]) == ("agents/anna", "Anna", None)
    with pytest.raises(Gone):
        await people.remove(ANNA, ADMIN)
    with pytest.raises(Gone):
        await people.save(ANNA, {"name": "X"}, {}, ADMIN)


async def test_imports_are_noted_too(database: Database) -> None:
    people = await people_on(database)
    assert [(who, role, path) for who, role, path, _, _ in await told(people, 0)] == [
        ("command line", None, path)
        for path in ("groups/team1", "trunks/carrier", "trunks/other", "agents/anna", "agents/ben")
    ]
    assert "s3cret" not in str(await people.history()) and "carriers own" not in str(await people.history())
    await service_on(database).import_text(FEW)
    assert len(await people.history()) == 5


async def test_what_the_switch_does_not_take_is_stored_all_the_same(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    people = await people_on(database, Board(problem="no switch"))
    assert not (await people.save(ANNA, {"name": "Anna Grün"}, {}, ADMIN)).taken_over
    assert (await agent(people, "anna")).name == "Anna Grün"


async def test_what_goes_on_just_now_is_the_boards_to_say(database: Database) -> None:
    now = AgentNow(AgentState.READY, None, True)
    people = await people_on(database, Board({"anna": now}, {"other": TrunkNow("Rejected", 2)}))
    assert (people.agent_now("anna"), people.agent_now("ben")) == (now, None)
    assert people.trunk_now("other") == TrunkNow("Rejected", 2)


async def test_customers_are_not_read_for_it(world: World, database: Database) -> None:
    """There may be a hundred thousand."""
    found = await People(StoredPeople(database), Board(), lambda: RULES).all()
    assert [one.login for one in found.agents] == ["anna", "bert"]
    assert isinstance(found, Catalogue) and (found.tariffs, found.customers) == ((), ())
