"""How a visitor gets to each page of `tests.screens`, and what must have happened there.

Rule of this file: one way for each picture that is not simply an address.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import FilePayload

from tests.recordings import recording
from tests.web.browsing import Visitor
from tests.web.happened import happened
from tests.web.office import LOGIN, PASSWORD, Office

Way = Callable[[Visitor, Office], Awaitable[None]]
"""How a visitor gets to the page."""


def at(path: str) -> Way:
    """Straight to this address."""

    async def go(visitor: Visitor, _office: Office) -> None:
        await visitor.opens(path)

    return go


async def refused(visitor: Visitor, _office: Office) -> None:
    await visitor.signs_in(LOGIN, "not the password")


async def invited(visitor: Visitor, office: Office) -> None:
    user = await office.accounts.user_of("max@korn.example")
    assert user
    await visitor.opens(f"/link/{await office.accounts.invite(user.id)}")


async def second_step(visitor: Visitor, office: Office) -> None:
    await office.use_codes("eva@korn.example")
    await visitor.signs_in("eva@korn.example", PASSWORD)


async def menu(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/")
    button = visitor.page.locator("button.menu")
    if await button.is_visible():
        await button.click()


async def test_call(visitor: Visitor, office: Office) -> None:
    now = office.clock.now()
    facts = {"outcome": "open", "line": "+493099887700", "treatment": "delayed_connect"}
    office.live[:] = [office.a_call("K1001", "vz-9", now, caller="+491713920011", **facts)]
    await visitor.opens(f"/test-call?since={int(now.timestamp())}")


async def no_test_call(visitor: Visitor, office: Office) -> None:
    office.live.clear()
    await visitor.opens("/test-call?since=1000000000")


async def two_sessions(visitor: Visitor, office: Office) -> None:
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"
    await office.accounts.sign_in(LOGIN, PASSWORD, address="192.0.2.17", device=iphone)
    await visitor.opens("/account")


async def tokens(visitor: Visitor, office: Office) -> None:
    user = await office.accounts.user_of(LOGIN)
    assert user
    for old in await office.accounts.tokens(user.id):
        await office.accounts.drop_token(user.id, old.id)
    await office.accounts.new_token(user.id, "Kalender", 366)
    await visitor.opens("/account/tokens")
    await visitor.fills(name="Telefonbuch", days="30", password=PASSWORD)
    await visitor.presses("Schlüssel anlegen")


async def weak(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/password")
    await visitor.fills(old=PASSWORD, password="passwort1", again="passwort")
    await visitor.presses("Speichern")


async def code(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/code")
    await visitor.fills(password=PASSWORD)
    await visitor.presses("Weiter")


async def unlawful(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/technical")
    await visitor.page.locator("[name='wait.treatment'][value=answered]").check()
    await visitor.page.locator("[name='lines.0.number']").fill("+491805123456")
    await visitor.presses("Speichern")


async def announcements(visitor: Visitor, office: Office) -> None:
    petra = await office.accounts.user_of(LOGIN)
    assert petra
    korn, text = office.customers["K1001"], "Guten Tag. Wir backen gerade; bitte bleiben Sie einen Moment am Telefon."
    if not await office.announcements.of(korn, petra.identity()):
        key = await office.announcements.upload(korn, recording(seconds=9), petra.identity(), name="Sommerferien")
        await office.announcements.speak(korn, text, "de", petra.identity(), name="Umzug in den Mühlenweg")
        await office.set("K1001", {"wait/greeting": f"own-{key}"})
    await visitor.opens("/announcements")


async def announcement_refused(visitor: Visitor, office: Office) -> None:
    await announcements(visitor, office)
    await visitor.page.fill("#name", "Weihnachten")
    file = FilePayload(name="ansage.docx", mimeType="application/msword", buffer=b"PK" + bytes(100))
    await visitor.page.set_input_files("#file", file)
    await visitor.presses("Hochladen")


async def announcement(visitor: Visitor, office: Office) -> None:
    await announcements(visitor, office)
    await visitor.opens("/announcements/2")


async def announcement_chosen(visitor: Visitor, office: Office) -> None:
    await announcements(visitor, office)
    await visitor.opens("/announcements/1/delete")


async def made(visitor: Visitor, office: Office) -> None:
    n = 2001
    while await office.accounts.customer_of(f"K{n}") is not None:
        n += 1
    await visitor.opens("/support/customers/new")
    fields = {"number": f"K{n}", "name": "Neu GmbH", "login": f"ada{n}@neu.example", "user": "Ada Neu"}
    await visitor.fills(**fields, access_numbers=f"030 200{n}")
    await visitor.page.select_option("[name=tariff]", "day")
    await visitor.presses("Speichern")


async def wider(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/support/customers/K1001/hours")
    await visitor.page.check("[name=narrowed]")
    await visitor.fills(mon="07:00-12:00, 13:00-17:00", closed_days="24.12.2026")
    await visitor.presses("Speichern")


async def log(visitor: Visitor, office: Office) -> None:
    ines = await office.accounts.user_of("ines")
    assert ines
    hours = {"mon-thu": ["08:00-12:00", "13:00-17:00"]}
    for changes in ({"greeting": "Bäckerei Korn, {agent}, guten Tag."}, {"hours": hours, "max_calls": 4}):
        await office.editing.save(office.customers["K1001"], changes, {}, ines.identity(office.customers["K1001"]))
    await visitor.opens("/support/customers/K1001/log")


async def _orders(office: Office) -> None:
    petra = await office.accounts.user_of(LOGIN)
    ines = await office.accounts.user_of("ines")
    assert petra and ines
    wishes = (("Bitte ab Dezember unsere eigene Wartemusik.", False), ("Bis heute Abend eine neue Begrüßung!", True))
    for text, urgent in wishes:
        order = await office.orders.ask(office.customers["K1001"], text, urgent, petra.identity())
        if urgent:
            await office.orders.price(order.id, (2500, 4990), (None, None), ines.identity())


async def own_orders(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/orders")


async def open_orders(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/support/orders")


async def order(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/support/orders/1")


async def news(visitor: Visitor, office: Office) -> None:
    ines = await office.accounts.user_of("ines")
    assert ines
    if not await office.app.state.web.news.load():
        await office.app.state.web.news.write("Bis 14 Uhr vertritt Jonas die Kanzlei Lot.", None, ines.identity())
    await visitor.opens("/support/news")


async def incidents(visitor: Visitor, office: Office) -> None:
    ines = await office.accounts.user_of("ines")
    assert ines
    korn, now = office.customers["K1001"], office.clock.now()
    changes = {"lines": ["+491805123456"], "wait": {"max_wait": 120}}
    await office.editing.save(korn, changes, {}, ines.identity())
    await happened(office.database, f"{now.timestamp():.3f}", korn, now)
    await happened(office.database, f"{now.timestamp():.3f}-2", korn, now, line="+493023125001")
    await visitor.opens("/support/incidents")


async def acting(visitor: Visitor, office: Office) -> None:
    token = next(one["value"] for one in await visitor.page.context.cookies() if one.get("name") == "session")
    await office.accounts.act_for(token, office.customers["K1002"])
    await visitor.opens("/")


async def greeting(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"greeting": "Bäckerei Korn, mein Name ist {agent}, guten Tag.", "live_since": None})
    await visitor.opens("/greeting")
    await visitor.page.fill("[name=instructions]", "Bestellungen bitte immer mit Uhrzeit der Abholung aufnehmen. " * 6)


async def greeting_locked(visitor: Visitor, office: Office) -> None:
    greeting = "Bäckerei Korn, mein Name ist {agent}, guten Tag."
    await office.set("K1001", {"greeting": greeting, "live_since": "2026-01-02", "absence_reason": "Alle backen."})
    await visitor.opens("/greeting")


_CONTACTS = [
    {
        "name": "Eva Korn",
        "position": "Bäckermeisterin",
        "department": "Backstube",
        "tasks": "Torten und Sonderwünsche",
        "phone": "+493023125011",
        "mail": "eva@korn.example",
        "hidden": ["phone"],
        "hours": {"mon-fri": ["06:00-12:00", "13:00-16:00"], "sat": ["06:00-11:00"]},
        "absence": {"reason": "Urlaub", "until": "2099-01-04 08:00", "deputy": "Max Korn", "messages": "deputy"},
        "notify": {"mail": ["eva@korn.example"], "sms": "+491713920011"},
        "transfer": {
            "restrictions": "Nur Bestellungen ab 500 Euro.",
            "targets": ["+493023125011", {"number": "+491713920011", "ring_time": 20}],
        },
    },
    {
        "name": "Max Korn",
        "position": "Verkauf",
        "hours": {"mon-sun": ["00:00-24:00"]},
        "notify": {"mail": ["max@korn.example"]},
    },
    {"name": "Ida Korn", "absence": {"reason": "Kur"}, "notify": {"mail": ["ida@korn.example"]}},
]


async def no_contacts(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"contacts": []})
    await visitor.opens("/contacts")


async def contacts(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"contacts": _CONTACTS})
    await visitor.opens("/contacts")


async def contact(visitor: Visitor, office: Office) -> None:
    await contacts(visitor, office)
    await visitor.opens("/contacts/Eva%20Korn")


async def contact_refused(visitor: Visitor, office: Office) -> None:
    await contact(visitor, office)
    await visitor.page.fill("[name='hours.tue']", "vormittags")
    await visitor.page.fill("[name='notify.sms']", "030 23125011")
    await visitor.presses("Speichern")


async def contact_delete(visitor: Visitor, office: Office) -> None:
    await contacts(visitor, office)
    await visitor.opens("/contacts/delete?name=Ida%20Korn")


async def contact_needed(visitor: Visitor, office: Office) -> None:
    await contacts(visitor, office)
    await visitor.opens("/contacts/delete?name=Max%20Korn")


async def company(visitor: Visitor, office: Office) -> None:
    company = {"name": "Bäckerei Korn GmbH", "address": "Mühlenweg 3\n10115 Berlin", "web": "www.korn.example"}
    await office.set("K1001", {"company": company})
    await visitor.opens("/company")


async def notes(visitor: Visitor, office: Office) -> None:
    note = {"who": "Herr Albers", "numbers": ["+493023125081"], "message": "Die Torte ist fertig."}
    faq = {"heading": "Gibt es glutenfreies Brot?", "text": "Ja, dienstags und freitags, bitte vorbestellen."}
    fields = [{"label": "Kundennummer", "required": True}, {"label": "Größe", "kind": "choice", "choices": ["M", "L"]}]
    topics = [faq, {**faq, "heading": "Wo kann ich parken?"}]
    await office.set("K1001", {"vip_notes": [note], "faq": topics, "message_fields": fields})
    await visitor.opens("/notes")


async def notes_refused(visitor: Visitor, office: Office) -> None:
    await notes(visitor, office)
    await visitor.page.fill("[name='vip_notes.1.who']", "Frau Krüger")
    await visitor.presses("Speichern")
