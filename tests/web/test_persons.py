"""What is kept about a number is told, handed over and deleted: by the customer of its own, by support of all."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import aiohttp
import pytest

from engine.accounts import Role
from engine.ports.keeping import Forgotten, NightReport
from engine.store.keeping import StoredNights
from tests.web.asking import Asker, asking, mistakes
from tests.web.office import Office
from tests.web.portal import Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
NUMBER, SHOWN = "+491713920077", "0171 3920077"
HERE, EVERYWHERE, K1002 = "/account/person", "/support/persons", "/support/customers/K1002/person"
BLOCKED = {f"blocked_callers/{NUMBER}": {"note": "ruft nachts an"}}


async def happened(office: Office) -> None:
    """Both customers had calls of the number; K1002 has blocked it, K1001 has it as a contact's too."""
    now = office.clock.now()
    for customer, call in (("K1001", "vz-1"), ("K1001", "vz-2"), ("K1002", "vz-3")):
        await office.had_call(customer, call, now - timedelta(hours=1), caller=NUMBER)
        await office.took(customer, now, call=call, subject=f"Nachricht zu {call}")
    await office.took("K1001", now, subject="Rückruf", text="Bitte unter 0171/39 200 77 anrufen")
    eva = {"name": "Eva Brandt", "phone": NUMBER, "notify": {"mail": ["eva@korn.example"]}}
    await office.set("K1001", {"contacts/Eva Brandt": eva})
    await office.set("K1002", BLOCKED)


def facts(page: Shown, section: str) -> dict[str, str]:
    """What is counted there."""
    at = f".//section[@aria-labelledby='{section}']//"
    return dict(zip(page.texts(f"{at}dt"), page.texts(f"{at}dd"), strict=True))


async def test_a_customer_is_told_all_of_its_own_and_hands_it_over(office: Office, petra: Asker) -> None:
    await happened(office)
    async with client(office) as visitor:
        page = await visitor.posts(HERE, {"caller": SHOWN})
        assert facts(page, "found-title") == {
            "Anrufe mit ihrem Verlauf": "2",
            "Nachrichten mit ihrer Zustellung": "2",
            "Zeilen im Protokoll der Änderungen": "1",
            "Vom Kunden selbst eingetragen": "1 · bleibt",
            "Erwähnt in Nachrichten und Änderungsaufträgen anderer": "1 · bleibt",
        }
        assert facts(page, "periods-title")["Nachrichten"] == "183 Tage"
        left = page.texts(".//section[@aria-labelledby='found-title']//li")
        assert left[0] == "Ansprechpartner – Eva Brandt" and re.fullmatch(r"Nachricht \d+", left[1])
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with petra.client.post(f"{office.url}{HERE}/export", data={"caller": SHOWN}, headers=headers) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="auskunft.json"'
        told = json.loads(await answer.text())
    assert told["kept_for_days"] | {"callers": 180, "messages": 183} == told["kept_for_days"]
    assert told["number"] == NUMBER and told["left_out"][-1].startswith("Nicht durchsucht: Sicherungskopien")
    assert [call["id"] for call in told["calls"]] == ["vz-1", "vz-2"]
    assert {row["customer"] for kind in ("calls", "messages", "entered", "mentioned") for row in told[kind]} == {
        "K1001"
    }
    assert "ruft nachts an" not in str(told)


async def test_it_is_deleted_when_that_is_confirmed_and_the_log_does_not_say_whose(office: Office) -> None:
    await happened(office)
    async with client(office) as visitor:
        page = await visitor.posts(f"{HERE}/delete", {"caller": NUMBER})
        assert page.status == 422 and "Bitte bestätigen Sie, dass gelöscht werden soll." in page.texts(".//main")[0]
        assert len(facts(page, "found-title")) == 5
        page = await visitor.posts(f"{HERE}/delete", {"caller": NUMBER, "confirmed": "on"})
        assert facts(page, "deleted-title") == {
            "Anrufe mit ihrem Verlauf": "2",
            "Nachrichten mit ihrer Zustellung": "2",
            "Zeilen im Protokoll der Änderungen": "1",
        }
        case = re.search(r"Vorgang ([0-9a-f]{10}):", page.at("deleted-title") + page.texts(".//main")[0])
        assert case
        rows = (await visitor.opens("/calls")).texts(".//tbody/tr")
        assert len(rows) == 2 and all("nicht mehr gespeichert" in row for row in rows)
        step = (await visitor.opens("/calls/vz-1")).texts(".//section[@aria-labelledby='steps-title']/p")
        assert step == ["Was Schritt für Schritt geschah, ist nicht mehr gespeichert."]
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with asking(office, "ines") as ines:
        log = (await ines.gets("/support/customers/K1001/log"))[2]
        assert case[1] in log and "Daten zu einer Rufnummer gelöscht, Vorgang" in log
        assert "Anrufe: 2" in log and "3920077" not in log.replace(" ", "")
        theirs = await ines.sends(K1002, caller=NUMBER)
        assert "Einträge in Sperrlisten" in theirs[2]


async def test_support_sees_one_customers_or_everybodys_and_the_last_nights(office: Office, ines: Asker) -> None:
    await happened(office)
    lines = (Forgotten("messages", 1095, 12), Forgotten("calls", 3650, 0, "StoreError"))
    await StoredNights(office.database).add(NightReport(office.clock.now(), 2500, lines))
    page = (await ines.gets(EVERYWHERE))[2]
    assert "12 Nachrichten" in page and "nicht gelöscht:" in page
    assert "Jeder Kunde entscheidet über seine Anrufer" in page
    assert "<dd>3</dd>" in (await ines.sends(EVERYWHERE, caller=SHOWN))[2]
    assert "<dd>1</dd>" in (await ines.sends(K1002, caller=SHOWN))[2]
    status, _, page = await ines.sends(f"{K1002}/delete", caller=SHOWN, confirmed="on", keep_blocked="on")
    assert status == 200 and "Vorgang" in page
    assert [one.number for one in (await office.entry("K1002")).blocked_callers] == [NUMBER]
    assert "<dd>2</dd>" in (await ines.sends(EVERYWHERE, caller=SHOWN))[2]
    assert (await ines.sends(f"{EVERYWHERE}/delete", caller=SHOWN, confirmed="on"))[0] == 200
    assert (await office.entry("K1002")).blocked_callers == ()
    assert len((await office.entry("K1001")).contacts) == 1


async def test_who_hides_the_number_and_what_is_no_number_is_refused_in_plain_words(petra: Asker) -> None:
    for path in (HERE, f"{HERE}/export", f"{HERE}/delete"):
        for written, said in (("anonym", "Wer seine Nummer unterdrückt"), ("Eva", "Eva"), ("", "Bitte")):
            status, _, page = await petra.sends(path, caller=written, confirmed="on")
            assert status == 422 and said in mistakes(page)[0], (path, written)


async def test_only_who_looks_after_all_customers_searches_all(office: Office, petra: Asker) -> None:
    await office.sign_up("anna", "Anna Lindner", Role.AGENT)
    async with asking(office, "anna") as anna:
        for path in (HERE, EVERYWHERE, K1002):
            assert (await anna.sends(path, caller=NUMBER))[0] == 403
    for path in (EVERYWHERE, K1002, f"{EVERYWHERE}/export", f"{K1002}/delete"):
        assert (await petra.sends(path, caller=NUMBER, confirmed="on"))[0] == 403
    async with aiohttp.ClientSession() as stranger, stranger.get(office.url + HERE, allow_redirects=False) as answer:
        assert answer.headers["Location"] == f"/sign-in?next={HERE}"
