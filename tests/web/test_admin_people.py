"""Administrators look after agents and trunks: what they save counts at once, and passwords are shown once."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.accounts import Role
from engine.entries import AgentEntry, OutboundEntry, TrunkEntry
from engine.ports.people import AgentNow, TrunkNow
from engine.terms import AgentId, AgentState, PhoneKind
from engine.transfer.ways import Identity, Writing
from tests.web.asking import Asker, asking, mistakes, version
from tests.web.browsing import Visitor
from tests.web.office import PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
AGENTS, TRUNKS = "/admin/agents", "/admin/trunks"
CARL = {"login": "carl", "name": "Carl Blau", "phone.kind": "registered", "phone.uri": "", "skills": "german\nenglish"}
NOT_TAKEN = (
    "Gespeichert, aber die Telefonanlage hat es nicht übernommen. Warum, steht im Protokoll; "
    "„vorzimmer reload“ versucht es noch einmal."
)
USUAL = {"outbound.numbers": "plus", "outbound.identity": "asserted", "outbound.check": "on"}
NEXT = {"name": "next", "match": "192.0.2.20", "number_from": "to", "max_calls": "30", **USUAL}


@pytest_asyncio.fixture(loop_scope="session")
async def root(office: Office) -> AsyncIterator[Asker]:
    """The administrator."""
    await office.sign_up("root", "Rita Oot", Role.ADMIN)
    async with asking(office, "root") as asker:
        yield asker


async def agent(office: Office, login: str) -> AgentEntry | None:
    """As it is stored."""
    found = (await office.people.all()).by_key().get(("agents", login))
    assert found is None or isinstance(found, AgentEntry)
    return found


async def trunk(office: Office, name: str) -> TrunkEntry | None:
    """As it is stored."""
    found = (await office.people.all()).by_key().get(("trunks", name))
    assert found is None or isinstance(found, TrunkEntry)
    return found


def password(page: str) -> str:
    """The one that is shown."""
    found = re.search(r'<code class="token" tabindex="0">(.*?)</code>', page)
    assert found
    return html.unescape(found[1])


def text(page: str) -> str:
    """What is read on the page, blanks as one."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


async def test_an_agent_is_made_and_the_password_is_shown_once(office: Office, root: Asker) -> None:
    status, _, page = await root.sends(f"{AGENTS}/new", **CARL)
    made = await agent(office, "carl")
    assert made and (status, made.phone.password) == (201, password(page))
    assert (made.name, made.skills, made.phone.kind) == ("Carl Blau", ("english", "german"), PhoneKind.REGISTERED)
    assert "Server 192.0.2.5:5060 Benutzername carl" in text(page)
    assert office.board.taken_over == 1
    for address in (AGENTS, f"{AGENTS}/carl/edit", "/admin/log"):
        assert password(page) not in (await root.gets(address))[2]


async def test_the_list_tells_what_everybody_does_just_now(office: Office, root: Asker) -> None:
    await office.accounts.add_user("anna@ours.example", "Anna", Role.AGENT, agent=AgentId("anna"))
    office.board.agents["anna"] = AgentNow(AgentState.PAUSED, "Mittag", False)
    shown = text((await root.gets(AGENTS))[2])
    assert "anna · Im Browser Benutzer anna@ours.example in der Pause (Mittag) Telefon nicht erreichbar" in shown


async def test_what_is_changed_counts_at_once_and_stands_in_the_log(office: Office, root: Asker) -> None:
    assert (await root.sends(f"{AGENTS}/groups", name="Empfang"))[:2] == (303, AGENTS)
    seen = version((await root.gets(f"{AGENTS}/anna/edit"))[2])
    fields = {"name": "Anna Berg", "phone.kind": "browser", "groups": "Empfang", "skills": "", "version": seen}
    assert (await root.sends(f"{AGENTS}/anna/edit", **fields))[:2] == (303, AGENTS)
    found = await agent(office, "anna")
    assert found and (found.name, found.groups, office.board.taken_over) == ("Anna Berg", ("Empfang",), 2)
    shown = text((await root.gets("/admin/log"))[2])
    assert "Agent – anna – Name" in shown and "root Vorher Anna Lindner Nachher Anna Berg" in shown


async def test_two_at_once_and_the_second_is_shown_what_the_first_has_written(office: Office, root: Asker) -> None:
    seen = version((await root.gets(f"{AGENTS}/anna/edit"))[2])
    mine = {"phone.kind": "browser", "phone.uri": "", "skills": "", "version": seen}
    await root.sends(f"{AGENTS}/anna/edit", **{**mine, "name": "Anna Grün"})
    status, _, page = await root.sends(f"{AGENTS}/anna/edit", **{**mine, "name": "Anna Braun", "skills": "german"})
    assert status == 409 and 'value="Anna Braun"' in page
    assert mistakes(page) == [
        "Name: Das hat inzwischen jemand anders geändert, und zwar in: Anna Grün. "
        "Wenn Ihre Eingabe gelten soll, speichern Sie noch einmal."
    ]
    again = {**mine, "name": "Anna Braun", "skills": "german", "version": version(page)}
    assert (await root.sends(f"{AGENTS}/anna/edit", **again))[0] == 303
    found = await agent(office, "anna")
    assert found and (found.name, found.skills) == ("Anna Braun", ("german",))


async def test_a_new_password_ends_the_old_one(office: Office, root: Asker) -> None:
    old = password((await root.sends(f"{AGENTS}/new", **CARL))[2])
    status, _, page = await root.sends(f"{AGENTS}/carl/password")
    made = await agent(office, "carl")
    assert made and (status, made.phone.password) == (201, password(page)) and password(page) != old
    assert (await root.sends(f"{AGENTS}/nobody/password"))[0] == 404


async def test_a_telephone_that_begins_to_sign_in_gets_a_password(office: Office, root: Asker) -> None:
    static = {**CARL, "phone.kind": "static", "phone.uri": "sip:carl@192.0.2.8"}
    assert (await root.sends(f"{AGENTS}/new", **static))[:2] == (303, AGENTS)
    seen = version((await root.gets(f"{AGENTS}/carl/edit"))[2])
    status, _, page = await root.sends(f"{AGENTS}/carl/edit", **{**CARL, "version": seen})
    made = await agent(office, "carl")
    assert made and (status, made.phone.password) == (201, password(page))


async def test_who_is_removed_is_asked_about_first(office: Office, root: Asker) -> None:
    await office.accounts.add_user("anna@ours.example", "Anna", Role.AGENT, agent=AgentId("anna"))
    asked = text((await root.gets(f"{AGENTS}/anna/remove"))[2])
    assert "Der Benutzer anna@ours.example, der sich als dieser Agent anmeldet, wird ebenfalls entfernt." in asked
    assert (await root.sends(f"{AGENTS}/anna/remove"))[:2] == (303, AGENTS)
    assert (await agent(office, "anna"), await office.accounts.user_of("anna@ours.example")) == (None, None)
    for path in ("edit", "remove"):
        assert (await root.gets(f"{AGENTS}/anna/{path}"))[0] == 404
        assert (await root.sends(f"{AGENTS}/anna/{path}"))[0] == 404


WRONG = [
    ({"login": "anna"}, "Kurzname: anna gibt es schon: Bitte wählen Sie einen anderen Namen."),
    (
        {"login": "testcall"},
        "Kurzname: testcall gehört dem Telefon für Testanrufe: Bitte wählen Sie einen anderen.",
    ),
    (
        {"phone.kind": "static"},
        "Telefon: Ein Telefon mit fester Adresse braucht diese Adresse, etwa sip:anna@192.0.2.1:5060.",
    ),
    (
        {"phone.kind": "static", "phone.uri": "carl"},
        "Adresse des Telefons: Bitte schreiben Sie es als sip:name@192.0.2.1:5060, "
        "höchstens mit ;transport=udp, tcp oder tls dahinter.",
    ),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG)
async def test_what_is_wrong_with_an_agent_is_told(
    office: Office, root: Asker, wrong: dict[str, str], why: str
) -> None:
    status, _, page = await root.sends(f"{AGENTS}/new", **{**CARL, **wrong})
    assert (status, mistakes(page), office.board.taken_over) == (422, [why], 0)


async def test_a_trunk_is_made_changed_and_removed(office: Office, root: Asker) -> None:
    assert (await root.sends(f"{TRUNKS}/new", **NEXT))[:2] == (303, TRUNKS)
    made = await trunk(office, "next")
    assert made and (made.match, made.number_from, made.max_calls) == (("192.0.2.20",), "to", 30)
    seen = version((await root.gets(f"{TRUNKS}/next/edit"))[2])
    more = {"registrar": "sip:sip.carrier.example", "user": "4930", "password": "of the carrier", "version": seen}
    assert (await root.sends(f"{TRUNKS}/next/edit", **{**NEXT, **more}))[:2] == (303, TRUNKS)
    _, _, page = await root.gets(f"{TRUNKS}/next/edit")
    assert "of the carrier" not in page
    less = {**NEXT, **more, "password": "", "max_calls": "", "version": version(page)}
    assert (await root.sends(f"{TRUNKS}/next/edit", **less))[:2] == (303, TRUNKS)
    made = await trunk(office, "next")
    assert made and (made.password, made.max_calls, office.board.taken_over) == ("of the carrier", None, 3)
    assert (await root.gets(f"{TRUNKS}/next/remove"))[0] == 200
    assert (await root.sends(f"{TRUNKS}/next/remove"))[:2] == (303, TRUNKS)
    assert (await trunk(office, "next"), (await root.gets(f"{TRUNKS}/next/edit"))[0]) == (None, 404)


async def test_a_trunk_dials_out_as_its_carrier_wants_it(office: Office, root: Asker) -> None:
    out = {
        "outbound.priority": "1", "outbound.uri": "sip:out.carrier.example", "outbound.numbers": "national",
        "outbound.identity": "preferred", "outbound.foreign_numbers": "on", "user": "4930",
        "password": "of the carrier",
    }  # fmt: skip
    assert (await root.sends(f"{TRUNKS}/new", **{**NEXT, **out}))[:2] == (303, TRUNKS)
    made = await trunk(office, "next")
    assert made and made.outbound == OutboundEntry(
        priority=1, uri="sip:out.carrier.example", numbers=Writing.NATIONAL, identity=Identity.PREFERRED,
        foreign_numbers=True,
    )  # fmt: skip
    _, _, page = await root.gets(f"{TRUNKS}/next/edit")
    less = {**NEXT, **out, "user": "", "password": "", "outbound.uri": "", "version": version(page)}
    status, _, page = await root.sends(f"{TRUNKS}/next/edit", **less)
    assert status == 422
    assert "Zum Hinauswählen braucht die Amtsleitung eine Adresse, an die Anrufe gehen, oder einen Registrar." in page
    never = {**NEXT, "version": version((await root.gets(f"{TRUNKS}/next/edit"))[2])}
    assert (await root.sends(f"{TRUNKS}/next/edit", **never, user="", password=""))[:2] == (303, TRUNKS)
    made = await trunk(office, "next")
    assert made and made.outbound.way(None) is None


async def test_a_carriers_mistakes_are_told_at_their_fields(root: Asker) -> None:
    wrong = {"match": "192.0.2.0/24\n0.0.0.0/0\nsomewhere"}
    _, _, page = await root.sends(f"{TRUNKS}/new", **{**NEXT, **wrong})
    assert mistakes(page) == [
        "Adressen, von denen der Netzbetreiber anruft: 0.0.0.0/0 ist das ganze Internet: "
        "Bitte nennen Sie die Adressen des Netzbetreibers."
    ]
    _, _, page = await root.sends(f"{TRUNKS}/new", **{**NEXT, "match": "192.0.2.0/24"})
    assert mistakes(page) == [
        "Adressen, von denen der Netzbetreiber anruft: 192.0.2.10 gehört schon zur Amtsleitung carrier."
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (TrunkNow("Registered", 3), "Anrufe jetzt: 3 angemeldet"),
        (TrunkNow("Rejected", 0), "Anrufe jetzt: 0 der Netzbetreiber lehnt die Anmeldung ab"),
        (TrunkNow("Unregistered", 0), "Anrufe jetzt: 0 nicht angemeldet"),
        (TrunkNow(None, 0), "Anrufe jetzt: 0 ob angemeldet, ist nicht bekannt"),
    ],
)
async def test_how_a_trunk_stands(office: Office, root: Asker, now: TrunkNow, said: str) -> None:
    other = {"registrar": "sip:sip.carrier.example", "user": "4930", "password": "x", "match": "", "max_calls": ""}
    await root.sends(f"{TRUNKS}/new", **{**NEXT, **other})
    office.board.trunks["next"] = now
    shown = text((await root.gets(TRUNKS))[2])
    assert f"meldet sich bei sip:sip.carrier.example als 4930 an {said}" in shown
    assert "Anrufe kommen von 192.0.2.10 Anrufe jetzt: 0 an den Adressen erkannt" in shown


async def test_whether_it_counts_is_told(office: Office, root: Asker, visitor: Visitor) -> None:
    await visitor.signs_in("root", PASSWORD)
    for problem, said in (("", "Gespeichert. Das gilt ab sofort."), ("no switch", NOT_TAKEN)):
        office.board.problem = problem
        await visitor.opens(f"{TRUNKS}/carrier/edit")
        await visitor.fills(max_calls="30")
        await visitor.presses("Speichern")
        assert (await visitor.page.locator(".notice[role=status]").inner_text()).strip() == said
    assert NOT_TAKEN in text((await root.sends(f"{AGENTS}/new", **CARL))[2])
    assert await agent(office, "carl") is not None


async def test_a_telephone_system_elsewhere_is_told_of(office: Office, root: Asker) -> None:
    office.board.is_ours = False
    for address in (AGENTS, TRUNKS):
        assert "Ihre Telefonanlage läuft woanders" in (await root.gets(address))[2]
