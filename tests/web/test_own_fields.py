"""A customer's own fields in messages: named in the portal, asked for at the desk, read in the message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from engine.entries import MessageFieldEntry
from engine.web.desk import own
from tests.web.asking import Asker, asking, mistakes
from tests.web.desk_scenes import AtWork, at_work, hire
from tests.web.office import Office
from tests.web.portal import client
from tests.web.programs import program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIELDS: list[dict[str, Any]] = [
    {"label": "Kundennummer", "required": True},
    {"label": "Größe", "kind": "choice", "choices": ["M", "L", "S"]},
    {"label": "Bis wann", "kind": "date", "required": True},
    {"label": "Stück", "kind": "number"},
    {"label": "Neukunde", "kind": "yes_no"},
]
NUMBER, SIZE, DAY, PIECES, IS_NEW = (own.name_of(MessageFieldEntry(**one)) for one in FIELDS)


@pytest_asyncio.fixture(loop_scope="session")
async def anna(office: Office) -> AsyncIterator[Asker]:
    """An agent without a script, in conversation with the customer's caller."""
    await hire(office)
    await office.set("K1001", {"message_fields": FIELDS})
    AtWork(visitor=None, office=office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        yield anna


async def slips(office: Office) -> list[Any]:
    """What was taken."""
    return await AtWork(None, office).slips()  # type: ignore[arg-type]


async def test_the_customer_names_the_fields_in_their_order(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/notes")
        page = await petra.sends(page, {"message_fields.0.label": "Kundennummer", "message_fields.0.required": "on"})
        assert page.told
        choice = {"message_fields.1.label": "Größe", "message_fields.1.kind": "choice"}
        page = await petra.sends(page, {**choice, "message_fields.1.choices": "M"})
        assert page.mistakes == [
            "Antworten zur Auswahl: Bitte schreiben Sie mindestens zwei Antworten, eine in jede Zeile."
        ]
        page = await petra.sends(page, {"message_fields.1.choices": "M\nL\nM\nS"})
        assert page.told
        page = await petra.sends(page, {"message_fields.2.label": "Größe"})
        assert len(page.mistakes) == 1 and "Größe" in page.mistakes[0]
        page = await petra.sends(page, {"message_fields.2.label": "x" * 41})
        assert page.mistakes == ["Wonach gefragt wird: Bitte schreiben Sie höchstens 40 Zeichen."]
    assert (await office.entry("K1001")).message_fields == (
        MessageFieldEntry(label="Kundennummer", required=True),
        MessageFieldEntry(label="Größe", kind="choice", choices=("M", "L", "S")),
    )


async def test_eight_fields_at_most_and_who_changed_them_is_on_record(office: Office) -> None:
    await office.set("K1001", {"message_fields": [{"label": f"Feld {n}"} for n in range(8)]})
    async with client(office) as petra:
        page = await petra.opens("/notes")
        assert "message_fields.8.label" not in page.fields
        page = await petra.sends(page, {"move": "message_fields.7.out"})
        page = await petra.sends(page, {"message_fields.0.label": "Aktenzeichen"})
        assert page.told
    last = (await office.editing.history(office.customers["K1001"]))[0]
    assert last.path == "message_fields"
    assert "Aktenzeichen" in str(last.new) and "Aktenzeichen" not in str(last.old)


async def test_what_is_missing_is_said_once_and_saved_the_second_time(anna: Asker, office: Office) -> None:
    typed = {"key": "k1", "urgency": "normal", "text": "Eine Torte.", SIZE: "L", IS_NEW: "ja"}
    status, _, page = await anna.sends("/desk/calls/vz-1/message", **typed)
    ask = "Bitte fragen Sie den Anrufer. Gibt es keine Antwort, speichern Sie noch einmal."
    assert (status, mistakes(page)) == (422, [f"Kundennummer: {ask}", f"Bis wann: {ask}"])
    assert f'name="warned" value="{NUMBER} {DAY}"' in page
    typed |= {"warned": f"{NUMBER} {DAY}", NUMBER: "4711", PIECES: "ein paar"}
    status, _, page = await anna.sends("/desk/calls/vz-1/message", **typed)
    assert mistakes(page) == ["Stück: Das ist keine Zahl. Ist es so richtig, speichern Sie noch einmal."]
    typed["warned"] = f"{DAY} {PIECES}"
    assert (await anna.sends("/desk/calls/vz-1/message", **typed))[0] == 200
    (slip,) = await slips(office)
    assert slip.fields == (
        ("Kundennummer", "4711"), ("Größe", "L"), ("Bis wann", ""), ("Stück", "ein paar"), ("Neukunde", "ja"),
    )  # fmt: skip


async def test_what_is_wrong_with_the_message_and_what_is_missing_are_told_at_once(anna: Asker, office: Office) -> None:
    typed = {"key": "k1", "urgency": "normal", "text": "Eine Torte.", "subject": "x" * 121, DAY: "morgen"}
    status, _, page = await anna.sends("/desk/calls/vz-1/message", **typed)
    assert (status, mistakes(page)) == (
        422,
        [
            "Betreff: Bitte schreiben Sie höchstens 120 Zeichen.",
            "Kundennummer: Bitte fragen Sie den Anrufer. Gibt es keine Antwort, speichern Sie noch einmal.",
            "Bis wann: Das ist kein Tag. Ist es so richtig, speichern Sie noch einmal.",
        ],
    )
    typed |= {"warned": f"{NUMBER} {DAY}", "subject": "Torte"}
    assert (await anna.sends("/desk/calls/vz-1/message", **typed))[0] == 200
    (slip,) = await slips(office)
    assert (slip.subject, dict(slip.fields)["Bis wann"]) == ("Torte", "morgen")


async def test_what_is_too_long_stands_at_its_field(anna: Asker) -> None:
    typed = {"key": "k1", "urgency": "normal", "text": "x", NUMBER: "4" * 201, DAY: "2026-12-24"}
    status, _, page = await anna.sends("/desk/calls/vz-1/message", **typed)
    assert (status, mistakes(page)) == (422, ["Kundennummer: Bitte schreiben Sie höchstens 200 Zeichen."])


async def test_the_customer_reads_takes_away_and_finds_what_was_said(anna: Asker, office: Office) -> None:
    typed = {"key": "k1", "urgency": "normal", "text": "Eine Torte.", NUMBER: "=4711", DAY: "2026-12-24", "warned": ""}
    assert (await anna.sends("/desk/calls/vz-1/message", **typed))[0] == 200
    await office.set("K1001", {"message_fields": [{"label": "Etwas anderes", "required": True}]})
    async with client(office) as petra:
        (link,) = (await petra.opens("/messages?text=4711")).tree.findall(".//th/a")
        page = await petra.opens(link.get("href", ""))
        facts = dict(zip(page.texts(".//dt"), page.texts(".//dd"), strict=True))
        assert (facts["Kundennummer"], facts["Bis wann"]) == ("=4711", "24.12.2026")
        async with petra.http.get(f"{office.url}/messages.csv") as answer:
            assert (await answer.text()).rstrip().endswith('"Kundennummer: =4711; Bis wann: 24.12.2026"')
    status, (told,) = await (await program_of(office)).asks("GET", "/messages")
    assert (status, told["fields"]) == (
        200,
        [{"label": "Kundennummer", "value": "=4711"}, {"label": "Bis wann", "value": "24.12.2026"}],
    )


async def test_a_program_names_fields_too(office: Office) -> None:
    program = await program_of(office)
    assert (await program.asks("PATCH", "/customer", {"changes": {"message_fields": FIELDS}}))[0] == 200
    status, refused = await program.asks(
        "PATCH", "/customer", {"changes": {"message_fields": [{"label": "x", "choices": ["a", "b"]}]}}
    )
    assert (status, [one["code"] for one in refused["mistakes"]]) == (422, ["field.no_choices"])
    assert [one.label for one in (await office.entry("K1001")).message_fields] == [one["label"] for one in FIELDS]


async def test_fields_are_drafted_kept_saved_and_taken_back(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", {"message_fields": FIELDS})
    async with at_work(office, browser) as anna:
        anna.talks()
        note = anna.note
        await expect(note.locator(f"label[for={NUMBER}]")).to_have_text("Kundennummer")
        await expect(note.locator(f"[name={SIZE}] option")).to_have_text(["", "M", "L", "S"])
        await anna.visitor.fills(text="Eine Torte.")
        await note.locator(f"[name={DAY}]").fill("2026-12-24")
        await note.locator(f"[name={SIZE}]").select_option("L")
        await expect(note.locator("[data-kept]")).to_have_text("Entwurf gesichert", timeout=3_000)
        await anna.page.reload()
        await expect(note.locator(f"[name={DAY}]")).to_have_value("2026-12-24")
        await anna.presses("Control+Enter")
        await expect(note.locator(f"#{NUMBER}-mistake")).to_contain_text("Bitte fragen Sie den Anrufer.")
        assert await anna.visitor.violations() == []
        await anna.presses("Control+Enter")
        await expect(note.locator("[data-told] p")).to_have_text("Gespeichert")
        (slip,) = await anna.slips()
        assert slip.fields == (("Kundennummer", ""), ("Größe", "L"), ("Bis wann", "24.12.2026"))
        await anna.page.click("[data-act=undo]")
        await expect(note.locator("[name=text]")).to_have_value("Eine Torte.")
        await expect(note.locator(f"[name={DAY}]")).to_have_value("2026-12-24")
        await expect(note.locator(f"[name={SIZE}]")).to_have_value("L")
        assert await anna.slips() == []


async def test_a_draft_takes_no_other_fields(anna: Asker, office: Office) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"session={anna.token}"}
        sent = {NUMBER: "4711", "own_x": "no", "text": "Torte"}
        async with session.put(f"{office.url}/desk/calls/vz-1/draft", data=sent, headers=headers) as answer:
            assert answer.status == 204
    user = await office.accounts.user_of("anna")
    assert user
    draft = await office.app.state.web.desk.draft(user.identity(), "vz-1")
    assert draft == {"text": "Torte", NUMBER: "4711"}
