"""§5.7: how calls are answered, set by the customer, held to the law, live at the next call (§6.1)."""

from __future__ import annotations

import io
import wave

import aiohttp
import pytest
from playwright.async_api import expect

from engine.accounts import Role
from engine.entries import LineEntry
from engine.store.customers import StoredCustomers
from engine.terms import E164, AfterMaxWait, NumberClass, Treatment
from tests.catalogue import CLASSES, service_on
from tests.web.browsing import Visitor
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def choose(visitor: Visitor, name: str, value: str) -> None:
    """The radio button with this value."""
    await visitor.page.locator(f"[name='{name}'][value='{value}']").check()


async def test_5_7_everything_is_set_and_stays_set(visitor: Visitor, office: Office) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/technical")
    await choose(visitor, "wait.treatment", "answered")
    await choose(visitor, "wait.music", "ringtone")
    await choose(visitor, "wait.greeting", "welcome")
    await visitor.page.locator("[name='wait.announcements'][value='please-wait-2']").check()
    fields = {"wait.announce_every": "15", "wait.max_wait": "90", "ring_time": "12", "lines.0.number": "030 99887700"}
    for name, text in fields.items():
        await visitor.page.fill(f"[name='{name}']", text)
    await choose(visitor, "wait.then", "keep")
    await visitor.presses("Speichern")
    told = visitor.page.get_by_role("status")
    await expect(told).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")
    saved = await office.entry("K1001")
    wait = saved.wait
    assert (wait.treatment, wait.music, wait.greeting) == (Treatment.ANSWERED, "ringtone", "welcome")
    assert wait.announcements == ("please-wait", "please-wait-2")
    assert (wait.announce_every, wait.max_wait, wait.then) == (15, 90, AfterMaxWait.KEEP)
    assert (saved.ring_time, saved.lines) == (12, (LineEntry(number="+493099887700"),))
    assert await visitor.page.input_value("[name='lines.0.number']") == "+493099887700"
    assert await visitor.page.locator(".explained").inner_text() == "Klasse: Festnetz (03…)"


async def test_5_7_what_a_caller_hears_stands_beside_each_choice(visitor: Visitor, office: Office) -> None:
    changes = {"lines": ["+491805123456"], "wait/greeting": "welcome", "wait/announce_every": 20, "wait/max_wait": 60}
    await office.set("K1001", changes)
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/technical")
    steps = {
        await one.locator("input").get_attribute("value"): await one.locator(".steps li").all_inner_texts()
        for one in await visitor.page.locator(".treatment").all()
    }
    law = "Ansage zu Wartezeit und Kosten, wie das Gesetz sie verlangt"
    person = "Ein Mensch nimmt ab ab hier gilt der Anruf als angenommen"
    between, busy = "alle 20 s eine Zwischenansage", "nach 60 s: Besetztton"
    music = [law, "Begrüßungsansage", "Wartemusik", between, busy]
    said = {name: [" ".join(text.split()) for text in texts] for name, texts in steps.items()}
    assert said == {
        "ringing": ["Freizeichen, bis jemand frei ist", busy, person],
        "ringing_announced": [law, "Begrüßungsansage", "Freizeichen", between, busy, person],
        "answered": [
            "Der Anruf wird sofort angenommen ab hier gilt der Anruf als angenommen", *music, "Ein Mensch nimmt ab",
        ],
        "delayed_connect": [*music, person],
    }  # fmt: skip


async def test_5_7_a_number_charged_by_the_minute_is_refused_without_delayed_connect(
    visitor: Visitor, office: Office
) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/technical")
    await choose(visitor, "wait.treatment", "answered")
    await visitor.page.fill("[name='lines.0.number']", "0180 5 123456")
    await visitor.presses("Speichern")
    said = await visitor.page.locator("[data-summary] li").all_inner_texts()
    assert said == [
        "Wartezeit-Einstellung: Wer +49 180 5 123456 anruft, zahlt nach Minuten, und das Warten darf nichts kosten. "
        "Bitte wählen Sie die Warteschleife nach TKG (verzögerter Connect), oder nehmen Sie den Anschluss heraus. "
        "(§ 115 TKG)"
    ]
    assert await visitor.page.input_value("[name='lines.0.number']") == "0180 5 123456"
    assert await visitor.page.locator(".explained li").all_inner_texts() == [
        "Anrufer hören zuerst, wie lange sie warten und was es kostet; das sagen wir von selbst an.",
        "Die Warteschleife nach TKG (verzögerter Connect) muss gewählt sein.",
        "Zu keinem Ansprechpartner darf durchgestellt werden.",
    ]
    assert (await office.entry("K1001")).lines == ()
    await choose(visitor, "wait.treatment", "delayed_connect")
    await visitor.presses("Speichern")
    await expect(visitor.page.get_by_role("status")).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")
    assert (await office.entry("K1001")).lines == (LineEntry(number="+491805123456"),)


async def test_5_7_a_class_can_only_be_made_stricter(office: Office) -> None:
    async with client(office) as petra:
        milder = {"lines.0.number": "+491805123456", "lines.0.class": "fixed_price"}
        refused = await petra.fills("/technical", milder)
        assert refused.mistakes == [
            "Strengere Klasse: Die Vorwahl dieser Nummer verlangt strengere Regeln: Hier kann die Klasse nur strenger "
            "eingestellt werden."
        ]
        stricter = {"lines.0.number": "+493099887700", "lines.0.class": "per_minute"}
        assert (await petra.sends(refused, stricter)).status == 200
    (line,) = (await office.entry("K1001")).lines
    assert line.number_class is NumberClass.PER_MINUTE


async def test_6_1_the_next_call_is_treated_as_saved(office: Office) -> None:
    calls = StoredCustomers(office.database, CLASSES)
    before = await calls.by_access_number(E164("+49301000001"))
    assert before and before.wait.treatment is Treatment.DELAYED_CONNECT
    async with client(office) as petra:
        fields = {"wait.treatment": "ringing", "wait.music": "silence", "ring_time": "7"}
        assert (await petra.fills("/technical", fields)).told == "Gespeichert, gilt ab dem nächsten Anruf."
    after = await calls.by_access_number(E164("+49301000001"))
    assert after and (after.wait.treatment, after.wait.music, after.ring_time) == (Treatment.RINGING, "silence", 7)


async def test_5_7_who_answers_is_chosen_among_the_groups_that_there_are(office: Office) -> None:
    await service_on(office.database).import_text("""\
groups: [{name: abend}, {name: kanzlei}]
agents: [{login: anna, name: Anna Lindner, skills: [english, german], groups: [kanzlei]}]
""")
    async with client(office) as petra:
        refused = await petra.fills("/technical", {"routing.overflow.groups": "abend"})
        assert refused.mistakes == [
            "Nach so vielen Sekunden auch andere: Bitte geben Sie an, nach wie vielen Sekunden auch andere Agenten "
            "annehmen dürfen."
        ]
        wish: dict[str, str | list[str] | None]
        wish = {"routing.skills": ["english", "german"], "routing.groups": "kanzlei", "routing.overflow_after": "20"}
        assert (await petra.sends(refused, wish)).status == 200
        page = await petra.opens("/technical")
    routing = (await office.entry("K1001")).routing
    assert (routing.skills, routing.groups, routing.overflow_after) == (("english", "german"), ("kanzlei",), 20)
    assert routing.overflow.groups == ("abend",)
    assert page.fields["routing.overflow_after"] == "20"


async def test_5_7_what_is_offered_can_be_listened_to_and_nothing_else(office: Office) -> None:
    async with client(office) as petra:
        browser, url = petra.http, office.url
        async with browser.get(f"{url}/listen/announcement/welcome") as answer:
            sound = await answer.read()
            assert (answer.status, answer.content_type) == (200, "audio/wav")
        with wave.open(io.BytesIO(sound)) as wav:
            assert wav.getparams()[:3] == (1, 2, 8000)
            assert wav.getnframes() > 8000
        async with browser.get(f"{url}/listen/announcement/welcome", headers={"Range": "bytes=4-"}) as answer:
            assert (answer.status, await answer.read()) == (206, sound[4:])
            assert answer.headers["Content-Range"] == f"bytes 4-{len(sound) - 1}/{len(sound)}"
        async with browser.get(f"{url}/listen/music/ringtone", headers={"Range": "bytes=0-1"}) as answer:
            assert (answer.status, await answer.read()) == (206, b"RI")
        async with browser.get(f"{url}/listen/music/ringtone", headers={"Range": "bytes=99999999-"}) as answer:
            assert answer.status == 416
        for path in ("music/welcome", "announcement/ringtone", "announcement/..%2Ftexts", "music/default"):
            async with browser.get(f"{url}/listen/{path}") as answer:
                assert answer.status == 404, path
    async with aiohttp.ClientSession(office.url) as stranger:
        answer = await stranger.get("/listen/music/ringtone", allow_redirects=False)
        assert answer.status == 303


@pytest.mark.parametrize("path", ["/technical", "/listen/music/ringtone"])
async def test_agents_have_nothing_to_do_with_it(office: Office, path: str) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPERVISOR)
    async with client(office, "ines") as ines:
        assert (await ines.opens(path)).status == 403
