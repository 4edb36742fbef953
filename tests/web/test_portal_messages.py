"""The messages page: what was taken for the customer, found, read, got done, taken away as a table (§5.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.accounts import Role
from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means, State, Summary, Trouble
from engine.ports.messages import Delivery, Wanted
from engine.terms import CallId
from engine.web.portal import message_words
from tests.customers import SUPPORT
from tests.web.office import LOGIN, Office
from tests.web.portal import Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
EVA = {"contacts/Eva Korn": {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}}}
WHOLE: dict[str, Any] = {
    "contact": "Eva Korn", "caller_name": "Jan Krüger", "company": "Mühle Krüger", "number": "030 555",
    "subject": "Mehl", "urgency": Urgency.URGENT, "text": "Der Wagen kommt erst um 14 Uhr.\nBitte Tor öffnen.",
    "ticks": frozenset({Tick.CALL_BACK, Tick.APPOINTMENT}),
}  # fmt: skip
MAIL = Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.SENT, NOON, tries=1)
SMS = replace(
    MAIL, means=Means.SMS, address="+491713920011", state=DeliveryState.FAILED, tries=3, trouble=Trouble.UNREACHABLE
)


def states(page: Shown) -> list[str]:
    """How far the messages of the list are."""
    return [one.split()[-1] for one in page.texts(".//td[@data-label='Stand']")]


def facts(page: Shown) -> dict[str, str]:
    """What a message's page tells of it."""
    return dict(zip(page.texts(".//dt"), page.texts(".//dd"), strict=True))


async def test_5_6_every_message_is_listed_with_its_caller_its_state_and_its_delivery(office: Office) -> None:
    await office.set("K1001", EVA)
    first = await office.took("K1001", NOON, **WHOLE)
    await office.sent("K1001", first, MAIL, SMS)
    await office.took("K1001", NOON + timedelta(hours=1), text="Krumen " * 40)
    await office.took("K1001", NOON + timedelta(hours=2), text="", ticks=frozenset({Tick.WILL_CALL_AGAIN}))
    await office.took("K1002", NOON)
    async with client(office) as petra:
        page = await petra.opens("/messages")
    long = ("Krumen " * 40)[:119].rpartition(" ")[0] + "…"
    assert page.texts(".//tbody/tr") == [
        "20.11.26, 14:00 unbekannt alle ruft wieder an neu nur hier im Portal",
        f"20.11.26, 13:00 unbekannt alle {long} neu nur hier im Portal",
        "20.11.26, 12:00 Jan KrügerMühle Krüger+49 30 555 Eva Korn dringend Mehl bittet um Rückruf, bittet um einen "
        "Termin neu teilweise nicht zugestellt",
    ]  # fmt: skip
    assert "Nachrichten" in page.texts(".//nav//a[@aria-current]")


async def test_5_6_messages_are_found_by_day_text_contact_and_state_and_turned_over_in_pages(office: Office) -> None:
    await office.set("K1001", EVA)
    made = []
    for n in range(120):
        more = {**WHOLE, "text": "Brezeln"} if n == 7 else {}
        made.append(await office.took("K1001", NOON - timedelta(hours=n), **more))
    async with client(office) as petra:
        for query in ("text=030-555", "text=krueger+brezeln", "contact=Eva+Korn"):
            assert (await petra.opens(f"/messages?{query}")).texts(".//tbody/tr/th") == ["20.11.26, 05:00"], query
        day = await petra.opens("/messages?since=2026-11-18&until=2026-11-18")
        assert (len(day.texts(".//tbody/tr")), day.texts(".//tbody/tr/th")[-1]) == (24, "18.11.26, 00:00")
        assert day.choices("contact") == ["", "Eva Korn"]
        assert (await petra.opens("/messages?contact=Ida+Weg")).choices("contact") == ["", "Eva Korn", "Ida Weg"]
        await office.messages.mark(office.customers["K1001"], made[9], State.DONE, SUPPORT)
        assert states(await petra.opens("/messages?state=done")) == ["erledigt"]
        seen: list[str] = []
        path = "/messages?text=ofen"
        while path:
            page = await petra.opens(path)
            links = [one.get("href", "") for one in page.tree.iter("a")]
            seen += [link for link in links if link.removeprefix("/messages/").isdecimal()]
            path = next((link for link in links if "after=" in link), "")
        assert seen == [f"/messages/{one}" for n, one in enumerate(made) if n != 7]
        for wrong in ("since=yesterday", "until=9999-12-31", "state=lost", f"text={'x' * 81}"):
            assert (await petra.opens(f"/messages?{wrong}")).status == 422
        for nothing in ("text=nobody", "text=%00", "after=nothing", "after=99999999999999999999", "after=-1"):
            assert "Dazu gibt es keine Nachricht." in (await petra.opens(f"/messages?{nothing}")).text, nothing


async def test_5_6_a_message_tells_all_of_its_caller_its_call_and_each_delivery(office: Office) -> None:
    await office.set("K1001", EVA)
    await office.had_call("K1001", "vz-1", NOON - timedelta(minutes=2), outcome="answered")
    message = await office.took("K1001", NOON, call=CallId("vz-1"), **WHOLE)
    await office.sent("K1001", message, MAIL, SMS, replace(MAIL, state=DeliveryState.QUEUED, tries=0))
    async with client(office) as petra:
        page = await petra.opens(f"/messages/{message}")
        call = await petra.opens("/calls/vz-1")
    assert page.of("said") == ["Der Wagen kommt erst um 14 Uhr. Bitte Tor öffnen."]
    assert page.texts(".//ul[@class='plain']/li") == [
        "bittet um Rückruf",
        "bittet um einen Termin",
    ]
    told = facts(page)
    assert told.pop("Gelesen").endswith(LOGIN)
    assert told == {
        "Anrufer": "Jan Krüger", "Firma": "Mühle Krüger", "Nummer": "+49 30 555", "Für": "Eva Korn",
        "Dringlichkeit": "dringend", "Aufgenommen": "20.11.26, 12:00", "Aufgenommen von": "Anna Lindner",
        "Anruf": "20.11.26, 11:58",
    }  # fmt: skip
    assert page.texts(".//ul[@class='list']/li") == [
        "E-Mail: Eva Korn, eva@korn.example 20.11.26, 12:00 · Versuche: 1 verschickt",
        "SMS: Eva Korn, +49 171 3920011 Die Gegenseite war nicht zu erreichen. 20.11.26, 12:00 · Versuche: 3 "
        "nicht zugestellt Erneut senden Eva Korn, +491713920011",
        "E-Mail: Eva Korn, eva@korn.example 20.11.26, 12:00 wartet auf den Versand",
    ]
    assert [one.get("href") for one in page.tree.findall(".//dd/a")] == ["tel:+4930555", "/calls/vz-1"]
    assert call.texts(".//ul[@class='list']/li") == ["20.11.26, 12:00 Jan Krüger dringend Mehl gelesen"]


async def test_5_2_3_what_has_failed_is_sent_again_and_elsewhere(office: Office) -> None:
    await office.set("K1001", EVA)
    message = await office.took("K1001", NOON, **WHOLE)
    tried = replace(MAIL, state=DeliveryState.QUEUED, trouble=Trouble.REFUSED, due=NOON + timedelta(minutes=5))
    await office.sent("K1001", message, replace(SMS, detail="500 nobody home"), tried, replace(MAIL, by="Eva"))
    path = f"/messages/{message}"
    async with client(office) as petra, client(office) as second:
        page = await petra.opens(path)
        assert page.texts(".//ul[@class='list']/li") == [
            "SMS: Eva Korn, +49 171 3920011 Die Gegenseite war nicht zu erreichen. 20.11.26, 12:00 · Versuche: 3 "
            "nicht zugestellt Erneut senden Eva Korn, +491713920011",
            "E-Mail: Eva Korn, eva@korn.example Die Gegenseite hat sie nicht angenommen. 20.11.26, 12:00 · "
            "Versuche: 1 · nächster Versuch: 20.11.26, 12:05 wartet auf den Versand",
            "E-Mail: Eva Korn, eva@korn.example 20.11.26, 12:00 · Eva · Versuche: 1 verschickt",
        ]
        lost = page.tree.findall(".//button[@name='delivery']")[0].get("value")
        done = await petra.posts(f"{path}/again", {"delivery": lost})
        assert (done.path, done.told) == (path, "Die Nachricht ist unterwegs.")
        first, *_, last = done.texts(".//ul[@class='list']/li")
        assert first.endswith("wie es weiterging, steht darunter nicht zugestellt")
        assert last.startswith("SMS: Eva Korn, +49 171 3920011")
        told = "Hier ist nichts mehr erneut zu senden: Das hat schon jemand getan."
        assert (await second.posts(f"{path}/again", {"delivery": lost})).warned == told
        assert done.texts(".//select[@name='way']/option") == ["Eva Korn – E-Mail: eva@korn.example"]
        more = await petra.posts(f"{path}/elsewhere", {"way": "mail eva@korn.example Eva Korn"})
        assert (more.told, len(more.texts(".//ul[@class='list']/li"))) == ("Die Nachricht ist unterwegs.", 5)
        gone = await petra.posts(f"{path}/elsewhere", {"way": "sms +491713920099 Eva Korn"})
        assert (
            gone.warned
            == "Dieser Ansprechpartner bekommt auf diesem Weg keine Nachrichten mehr. Bitte wählen Sie einen anderen."
        )
        for wrong in ({"way": "pigeon Eva"}, {}):
            assert (await petra.posts(f"{path}/elsewhere", wrong)).status == 400
        for wrong in ({"delivery": "x"}, {}):
            assert (await petra.posts(f"{path}/again", wrong)).warned == told


async def test_support_sees_what_the_other_side_has_said_and_sends_again(office: Office) -> None:
    message = await office.took("K1001", NOON)
    await office.sent("K1001", message, replace(SMS, detail="500 nobody home"))
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    path = f"/messages/{message}"
    async with client(office) as petra, client(office, "ines", acting_for="K1001") as ines:
        assert "500 nobody home" not in (await petra.opens(path)).text
        page = await ines.opens(path)
        assert "500 nobody home" in page.text
        lost = page.tree.findall(".//button[@name='delivery']")[0].get("value")
        assert (await ines.posts(f"{path}/again", {"delivery": lost})).told == "Die Nachricht ist unterwegs."
        history = await ines.opens("/support/customers/K1001/log")
    assert "Nachricht noch einmal verschickt" in history.text
    assert "sms: Eva Korn, +49 171 3920011" in history.text


async def test_5_6_reading_it_marks_it_read_and_it_is_got_done_opened_again_and_new_again(office: Office) -> None:
    message = await office.took("K1001", NOON)
    await office.sign_up("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    async with client(office) as petra, client(office, "max@korn.example") as max_korn:
        assert states(await petra.opens("/messages")) == ["neu"]
        path = f"/messages/{message}"
        await petra.opens(path)
        assert states(await max_korn.opens("/messages")) == ["gelesen"]
        done = await max_korn.posts(path, {"state": "done"})
        assert (done.path, done.told, states(done)) == ("/messages", "Die Nachricht ist erledigt.", ["erledigt"])
        told = facts(await petra.opens(path))
        assert (told["Gelesen"].endswith(LOGIN), told["Erledigt"].endswith("max@korn.example")) == (True, True)
        again = await petra.posts(path, {"state": "read"})
        assert (again.path, again.told, "Erledigt" in facts(again)) == (path, "Die Nachricht ist wieder offen.", False)
        assert again.texts(".//section//button") == ["Erledigt", "Als neu markieren"]
        new = await petra.posts(path, {"state": "new"})
        assert (new.path, new.told, states(new)) == ("/messages", "Die Nachricht gilt wieder als neu.", ["neu"])
        for wrong in ({"state": "lost"}, {}):
            assert (await petra.posts(path, wrong)).status == 400


async def test_5_6_support_that_acts_for_the_customer_leaves_it_new(office: Office) -> None:
    message = await office.took("K1001", NOON)
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office, "ines", acting_for="K1001") as ines:
        assert "Gelesen" not in facts(await ines.opens(f"/messages/{message}"))
        assert states(await ines.opens("/messages")) == ["neu"]
        await ines.posts(f"/messages/{message}", {"state": "done"})
        assert facts(await ines.opens(f"/messages/{message}"))["Erledigt"].endswith("ines")


async def test_5_6_anothers_message_is_not_there(office: Office) -> None:
    theirs = await office.took("K1002", NOON)
    async with client(office) as petra:
        for path in (f"/messages/{theirs}", "/messages/0", "/messages/nothing", "/messages/99999999999"):
            assert (await petra.opens(path)).status == 404
        assert (await petra.posts(f"/messages/{theirs}", {"state": "done"})).status == 404
    (kept,) = await office.messages.page(office.customers["K1002"], Wanted(), 5, SUPPORT)
    assert kept.marks.state is State.NEW


async def test_5_6_the_table_has_every_message_and_no_formula(office: Office) -> None:
    await office.set("K1001", EVA)
    await office.took("K1001", NOON, **WHOLE)
    await office.took("K1001", NOON - timedelta(days=1), subject="=1+1;x", text="", number="+4930555")
    await office.took("K1002", NOON)
    async with client(office) as petra:
        async with petra.http.get(f"{office.url}/messages.csv") as answer:
            assert (answer.status, answer.content_type) == (200, "text/csv")
            text = (await answer.read()).decode("utf-8-sig")
        async with petra.http.get(f"{office.url}/messages.csv?text=mehl&state=new") as answer:
            assert (await answer.text()).count("\r\n") == 2
        assert (await petra.opens("/messages.csv?since=yesterday")).status == 400
        account = await petra.opens("/account")
    assert text.split("\r\n") == [
        "Aufgenommen;Für;Anrufer;Firma;Nummer;Betreff;Nachricht;Der Anrufer;Dringlichkeit;Stand;Zustellung;"
        "Aufgenommen von;Weitere Angaben",
        "20.11.26, 12:00;Eva Korn;Jan Krüger;Mühle Krüger;'+4930555;Mehl;"
        '"Der Wagen kommt erst um 14 Uhr.\nBitte Tor öffnen.";bittet um Rückruf, bittet um einen Termin;dringend;neu;'
        "nur hier im Portal;Anna Lindner;",
        "19.11.26, 12:00;alle;;;'+4930555;\"'=1+1;x\";;;Normal;neu;nur hier im Portal;Anna Lindner;",
        "",
    ]
    links = [one.get("href") for one in account.tree.findall(".//a[@role='button']")]
    data = ["/account/export", "/messages.csv", "/calls.csv", "/account/statements"]
    assert links[-5:] == [*data, "/account/person"]


async def test_5_6_the_start_page_tells_of_todays_messages(office: Office) -> None:
    now = office.clock.now()
    async with client(office) as petra:
        assert "Es gibt noch keine Nachricht." in (await petra.opens("/")).text
        assert "nehmen wir auf" in (await petra.opens("/messages")).text
        for n in range(4):
            await office.took(
                "K1001", now - timedelta(days=2 if n == 3 else 0, milliseconds=n), caller_name=f"Frau {n}"
            )
        await office.took("K1002", now)
        read = await office.took("K1001", now - timedelta(days=9))
        await petra.opens(f"/messages/{read}")
        page = await petra.opens("/")
    assert "Nachrichten" in page.texts(".//section/h2")
    figures = zip(page.texts(".//dt"), page.texts(".//dd"), strict=True)
    assert list(figures)[:2] == [("heute aufgenommen", "3"), ("neu insgesamt", "4")]
    assert [text.split(" ", 2)[2] for text in page.texts(".//ul[@class='list']/li")] == [
        f"Frau {n} Der Ofen ist kalt. neu" for n in range(3)
    ]


async def test_every_word_of_the_rules_has_one_for_customers() -> None:
    words = message_words
    assert (set(words.URGENCIES), set(words.TICKS), set(words.STATES)) == (set(Urgency), set(Tick), set(State))
    assert (set(words.MEANS), set(words.DELIVERIES)) == (set(Means), set(DeliveryState))
    assert (set(words.SUMMARIES), set(words.TROUBLES)) == (set(Summary), set(Trouble))


@pytest.mark.parametrize("path", ["/messages", "/messages.csv", "/messages/1"])
async def test_staff_has_nothing_to_do_with_it(office: Office, path: str) -> None:
    await office.sign_up("sven", "Sven Sommer", Role.SUPERVISOR)
    async with client(office, "sven") as sven:
        assert (await sven.opens(path)).status == 403


async def test_days_in_the_wrong_order_are_told_at_the_field(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/messages?since=2026-11-19&until=2026-11-18")
        assert (page.status, page.mistakes) == (
            422,
            ["Bis: Dieser Tag liegt vor dem ersten. Bitte vertauschen Sie die beiden."],
        )
        assert "Bitte suchen Sie nach etwas anderem" not in page.text
        assert (await petra.opens("/messages?since=2026-11-18&until=2026-11-18")).status == 200
