"""Support looks after every customer (§6.2): finds it, sees it at a glance, changes what customers may not."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import expect

from engine.law.shown import Shows
from engine.terms import CustomerId
from tests.web.asking import Asker, asking, mistakes, version
from tests.web.browsing import Visitor
from tests.web.office import PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
KORN = "/support/customers/K1001"


def names(page: str) -> list[str]:
    """The customers in the list of results."""
    return re.findall(r'href="/support/customers/([^"]+)"><strong>', page)


@pytest.mark.parametrize("text", ["korn", "K1001", "030 1000001", "+49301000001", "0180 5 123456"])
async def test_6_2_a_customer_is_found_by_whatever_is_known(office: Office, ines: Asker, text: str) -> None:
    await change(office, lines=[{"number": "+491805123456"}], wait={"max_wait": 120})
    _, _, page = await ines.gets("/support", q=text)
    assert names(page) == ["K1001"]


async def change(office: Office, **values: object) -> None:
    """What somebody else saves."""
    user = await office.accounts.user_of("ines")
    assert user
    await office.editing.save(office.customers["K1001"], values, {}, user.identity())


async def test_6_2_who_is_not_found_is_said_so(ines: Asker) -> None:
    _, _, page = await ines.gets("/support", q="nobody")
    assert names(page) == [] and "Kein Kunde hat das im Namen oder in einer Nummer." in page
    assert (await ines.gets("/support/customers/K9999"))[0] == 404


async def test_6_2_results_come_while_typing(visitor: Visitor, office: Office, ines: Asker) -> None:
    await visitor.signs_in("ines", PASSWORD)
    await visitor.page.locator("#q").press_sequentially("lot")
    await expect(visitor.page.locator("#results li")).to_have_count(1)
    await visitor.page.get_by_role("link", name="Kanzlei Lot").click()
    assert await visitor.path() == "/support/customers/K1002"


async def test_6_2_support_works_as_the_customer_until_it_is_back(office: Office, ines: Asker) -> None:
    assert (await ines.sends(f"{KORN}/act"))[:2] == (303, "/")
    session = await office.accounts.session(ines.token)
    assert session and session.identity.acting_for == office.customers["K1001"]
    assert "Sie arbeiten als Bäckerei Korn (K1001)" in (await ines.gets("/"))[2]
    assert (await ines.gets("/support"))[:2] == (303, "/support")
    session = await office.accounts.session(ines.token)
    assert session and session.identity.acting_for is None


async def test_6_2_what_support_changes_of_another_customer_is_not_logged_as_the_one_acted_for(
    office: Office, ines: Asker
) -> None:
    await ines.sends("/support/customers/K1002/act")
    await ines.sends(f"{KORN}/block")
    latest = (await office.editing.history(office.customers["K1001"]))[0]
    assert (latest.path, latest.new, latest.author.who, latest.author.acting_for) == ("blocked", True, "ines", None)


async def test_6_2_a_blocked_customer_is_seen_at_a_glance_and_unblocked(office: Office, ines: Asker) -> None:
    assert (await ines.sends(f"{KORN}/block"))[:2] == (303, KORN)
    assert "Gesperrt: Anrufe für diesen Kunden werden abgewiesen." in (await ines.gets(KORN))[2]
    await ines.sends(f"{KORN}/unblock")
    assert not (await office.editing.load(office.customers["K1001"])).blocked


@pytest.mark.parametrize("page", ["", "/hours", "/edit/limits"])
async def test_6_2_a_customer_who_has_just_gone_is_not_found(
    office: Office, ines: Asker, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    async def gone(_number: str) -> CustomerId:
        return CustomerId(999)

    monkeypatch.setattr(office.accounts, "customer_of", gone)
    assert (await ines.gets(KORN + page))[0] == 404
    assert (await ines.sends(f"{KORN}/block"))[0] == 404


CHANGES = [
    ("contract", {"name": "Korn & Sohn", "tariff": "day", "state": "BE"}, {"name": "Korn & Sohn", "state": "BE"}),
    ("numbers", {"access_numbers": "030 1000001\n030 1000009"}, {"access_numbers": ("+49301000001", "+49301000009")}),
    ("limits", {"max_calls": "4", "max_rate": "0,5"}, {"max_calls": 4, "max_rate": 0.5}),
    ("greeting", {"greeting": "Korn, {agent}."}, {"greeting": "Korn, {agent}."}),
    ("listening", {"listening_in": "on"}, {"listening_in": True}),
]


@pytest.mark.parametrize(("part", "fields", "expected"), CHANGES, ids=[one[0] for one in CHANGES])
async def test_6_2_support_changes_what_customers_may_not(
    office: Office, ines: Asker, part: str, fields: dict[str, str], expected: dict[str, object]
) -> None:
    _, _, page = await ines.gets(f"{KORN}/edit/{part}")
    assert (await ines.sends(f"{KORN}/edit/{part}", version=version(page), **fields))[:2] == (303, KORN)
    customer = await office.editing.load(office.customers["K1001"])
    assert {key: getattr(customer, key) for key in expected} == expected


async def test_6_2_two_of_support_at_once_lose_nothing(office: Office, ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/edit/limits")
    await change(office, max_calls=7)
    status, _, page = await ines.sends(f"{KORN}/edit/limits", version=version(page), max_calls="3", max_rate="")
    assert (status, mistakes(page)) == (
        409,
        [
            "Gleichzeitige Anrufe: Das hat inzwischen jemand anders geändert, und zwar in: 7. "
            "Wenn Ihre Eingabe gelten soll, speichern Sie noch einmal."
        ],
    )
    assert (await ines.sends(f"{KORN}/edit/limits", version=version(page), max_calls="3", max_rate=""))[0] == 303


async def test_6_2_another_customers_access_number_is_refused(ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/edit/numbers")
    fields = {"version": version(page), "access_numbers": "030 1000002"}
    status, _, page = await ines.sends(f"{KORN}/edit/numbers", **fields)
    assert (status, mistakes(page)) == (422, ["Zugangsrufnummern: +49 30 1000002 gehört schon einem anderen Kunden."])


async def test_l7_a_shown_number_needs_its_right_of_use(office: Office, ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/edit/shown")
    number = {"version": version(page), "shown_numbers.0.number": "0900 1234567", "shown_numbers.0.right": "Contract"}
    status, _, page = await ines.sends(f"{KORN}/edit/shown", **number)
    assert (status, mistakes(page)) == (
        422,
        [
            "Nummer: +49 900 1 234567 darf nicht als Rufnummer angezeigt werden: "
            "Bitte geben Sie eine andere ein. (§ 120 TKG)"
        ],
    )
    sound = {**number, "shown_numbers.0.number": "030 23125001", "version": version(page)}
    assert (await ines.sends(f"{KORN}/edit/shown", **sound))[0] == 303
    shown = (await office.editing.load(office.customers["K1001"])).shown_numbers
    assert [(one.number, one.right) for one in shown] == [("+493023125001", "Contract")]


async def test_l7_what_a_called_person_sees_is_agreed_with_support(office: Office, ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/edit/putting-through")
    alone = {"put_through.shows": "caller", "version": version(page)}
    status, _, page = await ines.sends(f"{KORN}/edit/putting-through", **alone)
    assert (status, mistakes(page)) == (
        422,
        [
            "Die Rufnummer, die der Angerufene sieht: Die Rufnummer des Anrufers kann nur gezeigt werden, wenn eine "
            "des Kunden hinterlegt ist, an der Netzbetreiber erkennen, wer anruft: Bitte unter den Rufnummern, die "
            "bei ausgehenden Anrufen gezeigt werden, eine mit dem Nutzungsrecht eintragen."
        ],
    )
    await change(office, shown_numbers=[{"number": "+493023125001", "right": "Contract"}])
    _, _, page = await ines.gets(f"{KORN}/edit/putting-through")
    agreed = {"put_through.shows": "caller", "put_through.number": "030 23125002", "put_through.legs_per_minute": "3"}
    status, _, page = await ines.sends(f"{KORN}/edit/putting-through", version=version(page), **agreed)
    assert (status, mistakes(page)) == (
        422,
        [
            "Die Rufnummer des Kunden, die gezeigt wird: +49 30 23125002 gehört nicht zu den Rufnummern, die bei "
            "ausgehenden Anrufen gezeigt werden: Bitte dort mit dem Nutzungsrecht eintragen oder eine andere wählen."
        ],
    )
    sound = {**agreed, "put_through.number": "030 23125001", "version": version(page)}
    assert (await ines.sends(f"{KORN}/edit/putting-through", **sound))[0] == 303
    found = (await office.editing.load(office.customers["K1001"])).put_through
    assert (found.shows, found.number, found.legs_per_minute) == (Shows.CALLER, "+493023125001", 3)
    assert found.minutes_per_day is None


async def test_3_3_hours_are_narrowed_and_a_clash_names_the_tariff(office: Office, ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/hours")
    assert "Der Tarif day hat diese Zeiten: Mo–Fr 08:00–18:00." in page
    fields = {"version": version(page), "narrowed": "on", "mon": "07:00-12:00, 13:00-17:00", "sat": "09:00-12:00"}
    status, _, page = await ines.sends(f"{KORN}/hours", **fields)
    assert (status, mistakes(page)) == (
        422,
        [
            "Montag: 07:00-08:00 liegt außerhalb des gebuchten Tarifs, der an diesem Tag 08:00-18:00 hat.",
            "Samstag: 09:00-12:00 liegt außerhalb des gebuchten Tarifs, der an diesem Tag keine Zeiten hat.",
        ],
    )
    fields = {
        **fields,
        "mon": "8:00–12:00; 13:00-17:00",
        "sat": "",
        "closed_days": "24.12.2026",
        "version": version(page),
    }
    assert (await ines.sends(f"{KORN}/hours", **fields))[:2] == (303, KORN)
    saved = (await office.editing.load(office.customers["K1001"])).model_dump(mode="json")
    assert (saved["hours"], saved["closed_days"]) == ({"mon": ["08:00-12:00", "13:00-17:00"]}, ["2026-12-24"])
    _, _, page = await ines.gets(f"{KORN}/hours")
    assert 'value="08:00-12:00, 13:00-17:00"' in page and "24.12.2026" in page


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"tue": "8 to 9"}, "Dienstag: 8 to 9 ist keine Zeitspanne: Bitte schreiben Sie sie als 08:00-18:00."),
        ({"closed_days": "31.2.2026"}, "Geschlossene Tage: Bitte schreiben Sie den Tag als 24.12.2026."),
    ],
)
async def test_3_3_hours_that_nobody_understands_are_refused(
    ines: Asker, fields: dict[str, str], expected: str
) -> None:
    _, _, page = await ines.gets(f"{KORN}/hours")
    status, _, page = await ines.sends(f"{KORN}/hours", version=version(page), narrowed="on", **fields)
    assert (status, mistakes(page)) == (422, [expected])


async def test_3_3_hours_that_somebody_else_has_changed_are_a_conflict(office: Office, ines: Asker) -> None:
    _, _, page = await ines.gets(f"{KORN}/hours")
    await change(office, hours={"tue": ["09:00-10:00"]})
    status, _, page = await ines.sends(f"{KORN}/hours", version=version(page), narrowed="on", mon="08:00-09:00")
    assert status == 409
    assert json.loads(version(page))["hours"] == {"tue": ["09:00-10:00"]}
    assert (await ines.sends(f"{KORN}/hours", version=version(page), narrowed="on", mon="08:00-09:00"))[0] == 303


NEW = {
    "number": "K2001",
    "name": "Neu GmbH",
    "tariff": "day",
    "state": "",
    "access_numbers": "030 2000001",
    "login": "ada@neu.example",
    "user": "Ada Neu",
}


async def test_5_a_new_customer_gets_its_login_with_the_order(office: Office, ines: Asker) -> None:
    status, _, page = await ines.sends("/support/customers/new", **NEW)
    found = re.search(r"<code>(.*?)</code>", page)
    assert status == 201 and found
    assert found[1].startswith(f"{office.url}/link/")
    await office.accounts.redeem(found[1].rpartition("/")[2], PASSWORD)
    async with asking(office, "ada@neu.example") as ada:
        assert (await ada.gets("/"))[0] == 200
        assert (await ada.gets("/support"))[0] == 403
    assert (await ines.gets("/support/customers/K2001"))[0] == 200


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"number": "K1001"}, "Kundennummer: Einen Kunden K1001 gibt es schon: Bitte wählen Sie eine andere Nummer."),
        ({"access_numbers": "030 1000002"}, "Zugangsrufnummern: +49 30 1000002 gehört schon einem anderen Kunden."),
        (
            {"login": "petra@korn.example"},
            "Anmeldename des ersten Benutzers: Diesen Anmeldenamen hat schon jemand: Bitte einen anderen wählen.",
        ),
    ],
    ids=["number", "access number", "login"],
)
async def test_5_a_new_customer_that_cannot_be_is_not_made(
    office: Office, ines: Asker, wrong: dict[str, str], expected: str
) -> None:
    status, _, page = await ines.sends("/support/customers/new", **{**NEW, **wrong})
    assert (status, mistakes(page)) == (422, [expected])
    assert await office.accounts.customer_of("K2001") is None


async def test_6_every_change_is_in_the_log_with_who_and_what(office: Office, ines: Asker) -> None:
    await change(office, greeting="Korn, {agent}.")
    await ines.sends(f"{KORN}/act")
    session = await office.accounts.session(ines.token)
    assert session
    await office.editing.save(office.customers["K1001"], {"greeting": "Korn!"}, {}, session.identity)
    _, _, page = await ines.gets(f"{KORN}/log")
    found = re.findall(r"<strong>(.*?)</strong>.*?· (.*?)</span>.*?<dd>(.*?)</dd>.*?<dd>(.*?)</dd>", page, re.DOTALL)
    nothing = '<span class="hint">nichts</span>'
    assert found == [
        ("Begrüßungsformel", "ines als Kunde", "Korn, {agent}.", "Korn!"),
        ("Begrüßungsformel", "ines", nothing, "Korn, {agent}."),
    ]


async def test_6_the_log_is_paged(office: Office, ines: Asker) -> None:
    for calls in range(1, 53):
        await change(office, max_calls=calls)
    _, _, page = await ines.gets(f"{KORN}/log")
    assert page.count("Gleichzeitige Anrufe") == 50
    older = re.search(r'href="([^"]*)\?before=(\d+)"', page)
    assert older
    _, _, page = await ines.gets(older[1], before=older[2])
    assert page.count("Gleichzeitige Anrufe") == 2
