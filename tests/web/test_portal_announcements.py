"""§5.7: announcements of the customer's own: uploaded, typed, listened to, chosen; nothing harmful gets in."""

from __future__ import annotations

import contextlib
import io
import re
import wave
from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import FilePayload, expect

from engine.accounts import Role
from engine.main import studio
from engine.web.guards import LARGEST_BODY, LARGEST_UPLOAD
from tests.recordings import recording, written
from tests.web.asking import Asker, asking, mistakes
from tests.web.browsing import Visitor
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
NEW, AGAIN = "/announcements/upload", "/announcements/1/upload"
KIND = "Tondatei: Das ist keine WAV-, MP3- oder OGG-Datei. Bitte speichern Sie die Aufnahme in einem dieser Formate."
BROKEN = "Tondatei: Diese Datei ist beschädigt oder abgeschnitten. Bitte speichern Sie die Aufnahme neu."
LARGE = "Tondatei: Die Datei ist größer als 10 MB. Bitte speichern Sie sie als MP3 oder OGG, oder kürzen Sie sie."
LONG = "Tondatei: Das dauert länger als 120 Sekunden. Bitte kürzen Sie es."
SILENT = "Tondatei: Darin ist nichts zu hören. Bitte nehmen Sie lauter auf."


async def uploads(
    asker: Asker, path: str, file: bytes | AsyncIterator[bytes], site: str = "same-origin", **fields: str
) -> tuple[int, str]:
    """Status and text of the answer; the file's name and type are those of somebody who lies."""
    form = aiohttp.FormData(fields, default_to_multipart=True)
    form.add_field(
        "file",
        io.BytesIO(file) if isinstance(file, bytes) else file,
        filename="../../etc/passwd.exe",
        content_type="text/html",
    )
    headers = {"Sec-Fetch-Site": site}
    async with asker.client.post(asker.url + path, data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_5_7_a_recording_is_uploaded_heard_chosen_and_then_cannot_be_deleted(
    visitor: Visitor, office: Office
) -> None:
    page = visitor.page
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/technical")
    await page.get_by_role("link", name="Eigene Ansage hochladen oder schreiben").click()
    await page.get_by_label("Name der Ansage").first.fill("Sommer <b>& mehr</b>")
    file = FilePayload(name="sommer.mp3", mimeType="audio/mpeg", buffer=recording("mp3", seconds=2))
    await page.get_by_label("Tondatei").set_input_files(file)
    await page.get_by_role("button", name="Hochladen").press("Enter")
    told = page.get_by_role("status")
    await expect(told).to_have_text("Die Ansage ist da. Auswählen können Sie sie unter „Wartezeit & Technik“.")
    assert await visitor.violations() == []
    async with page.expect_response("**/listen/announcement/own-1") as heard:
        await page.get_by_role("link", name=re.compile("Anhören")).press("Enter")
    assert (await heard.value).headers["content-type"] == "audio/wav"
    await expect(page.get_by_role("link", name=re.compile("Anhalten"))).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile("Anhören"))).to_be_visible()  # when it is over

    await page.get_by_role("link", name="Auswählen, was Anrufer hören").click()
    await page.get_by_label("Eigene: Sommer <b>& mehr</b>").first.check()
    await visitor.presses("Speichern")
    await expect(told).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")
    assert (await office.entry("K1001")).wait.greeting == "own-1"
    await visitor.opens("/announcements")
    await expect(page.get_by_text("Als Begrüßungsansage ausgewählt")).to_be_visible()
    await page.get_by_role("button", name="Sommer <b>& mehr</b> bearbeiten").click()
    assert await visitor.violations() == []
    await page.get_by_role("button", name="Löschen").click()
    await expect(page.get_by_text("Bitte wählen Sie zuerst eine andere.")).to_be_visible()
    assert await visitor.violations() == []
    assert await page.get_by_role("button", name="Löschen").count() == 0
    await office.set("K1001", {"wait/greeting": None})
    await page.reload()
    await visitor.presses("Löschen")
    await expect(told).to_have_text("Die Ansage ist gelöscht.")


async def test_5_7_a_typed_text_is_spoken_and_can_be_written_anew(visitor: Visitor, office: Office) -> None:
    page = visitor.page
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/announcements")
    await page.get_by_label("Name der Ansage").last.fill("Umzug")
    await page.get_by_label("Text", exact=True).fill("Wir sind umgezogen.")
    await visitor.presses("Sprechen lassen")
    await page.get_by_role("button", name="Umzug bearbeiten").click()
    assert await page.get_by_label("Text", exact=True).input_value() == "Wir sind umgezogen."
    await page.get_by_label("Englische Stimme").check()
    await page.get_by_label("Text", exact=True).fill("We have moved to a new and larger place, just round the corner.")
    await visitor.presses("Sprechen lassen")
    await expect(page.get_by_role("status")).to_have_text("Die Ansage ist ersetzt, gilt ab dem nächsten Anruf.")
    petra = await office.accounts.user_of(LOGIN)
    assert petra
    (one,) = await office.announcements.of(office.customers["K1001"], petra.identity())
    assert (one.language, one.text and one.text[:7]) == ("en", "We have")
    assert 3 < one.seconds < 7


async def test_what_is_no_recording_is_refused_in_plain_words(petra: Asker) -> None:
    files = {
        b"Guten Tag": KIND,
        b"PK\3\4" + bytes(1000): KIND,
        recording("mp3")[:5000]: BROKEN,
        written(8_000, 1, "OGG", "VORBIS", 3600): LONG,
        recording(level=0): SILENT,
        b"": "Tondatei: Bitte ausfüllen.",
        recording("wav of a telephone") + bytes(10 * 1024 * 1024): LARGE,
    }
    for file, said in files.items():
        status, page = await uploads(petra, NEW, file, name="Sommer")
        assert (status, mistakes(page)) == (422, [said])
        assert 'value="Sommer"' in page
    assert "own-" not in (await petra.gets("/announcements"))[2]


async def test_5_7_a_name_is_needed_and_is_there_once(petra: Asker) -> None:
    status, page = await uploads(petra, NEW, recording(), name=" ")
    assert (status, mistakes(page)) == (422, ["Name der Ansage: Bitte ausfüllen."])
    assert (await uploads(petra, NEW, recording(), name="Sommer"))[0] == 303
    status, page = await uploads(petra, NEW, recording(), name="Sommer")
    taken = "Name der Ansage: Eine Ansage Sommer gibt es bereits. Bitte geben Sie ihr einen anderen Namen."
    assert (status, mistakes(page)) == (422, [taken])
    _, _, page = await petra.sends("/announcements/text", title="Sommer", language="de", text="Hallo zusammen.")
    assert mistakes(page) == [taken]
    _, _, page = await petra.sends("/announcements/text", title="Winter", language="xx", text="x" * 1001)
    assert mistakes(page) == [
        "Stimme: Bitte wählen Sie eine der Möglichkeiten.",
        "Text: Bitte schreiben Sie 1 bis 1000 Zeichen.",
    ]


async def test_a_body_is_broken_off_where_it_gets_too_large(petra: Asker) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10 * LARGEST_UPLOAD:
            read += 65_536
            yield bytes(65_536)

    with contextlib.suppress(aiohttp.ClientError):  # it may be hung up on while it sends
        assert (await uploads(petra, NEW, endless(), name="Sommer"))[0] == 413
    assert read < 3 * LARGEST_UPLOAD
    for path in ("/announcements/text", "/technical", "/announcements/1/uploads"):
        assert (await petra.sends(path, text="x" * LARGEST_BODY))[0] == 413, path


async def test_strangers_and_foreign_pages_bring_no_file(petra: Asker, office: Office) -> None:
    assert (await uploads(petra, NEW, recording(), site="cross-site", name="Sommer"))[0] == 403
    async with aiohttp.ClientSession() as client:
        assert (await uploads(Asker(office.url, client, ""), NEW, recording(), name="Sommer"))[0] == 303
    assert "own-" not in (await petra.gets("/announcements"))[2]


async def test_another_customers_announcements_are_not_there(petra: Asker, office: Office) -> None:
    await uploads(petra, NEW, recording(), name="Sommer")
    await office.sign_up("lea@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    async with asking(office, "lea@lot.example") as lea:
        for path in ("/announcements/1", "/announcements/1/delete", "/listen/announcement/own-1"):
            assert (await lea.gets(path))[0] == 404, path
        assert (await uploads(lea, AGAIN, recording(hz=1000)))[0] == 404
        assert (await lea.sends("/announcements/1/text", language="de", text="Hallo zusammen."))[0] == 404
        assert (await lea.sends("/announcements/1/delete"))[0] == 404
        assert "Sommer" not in (await lea.gets("/technical"))[2]
        status, _, _ = await lea.gets("/listen/announcement/own-999999999")
        assert status == 404
    async with petra.client.get(f"{petra.url}/listen/announcement/own-1") as answer:
        assert answer.status == 200


async def test_support_makes_one_for_the_customer(office: Office, ines: Asker, petra: Asker) -> None:
    assert (await uploads(ines, NEW, recording(), name="Sommer"))[0] == 403
    await office.accounts.act_for(ines.token, office.customers["K1001"])
    assert (await uploads(ines, NEW, recording(), name="Sommer"))[0] == 409
    assert (await uploads(ines, f"{NEW}?acting=K1001", recording(), name="Sommer"))[0] == 303
    assert "Sommer" in (await petra.gets("/announcements"))[2]
    log = (await ines.gets("/support/customers/K1001/log"))[2]
    assert "Eigene Ansagen – Sommer" in log and "Sekunden: 3.0" in log


async def test_without_a_voice_recordings_can_still_be_uploaded(petra: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "is_there", lambda: False)
    page = (await petra.gets("/announcements"))[2]
    assert "Texte können hier zurzeit nicht gesprochen werden. Aufnahmen können Sie trotzdem hochladen." in page
    assert 'action="/announcements/text"' not in page
    assert (await uploads(petra, NEW, recording(), name="Sommer"))[0] == 303


async def test_a_recording_is_played_as_it_was_made(petra: Asker) -> None:
    await uploads(petra, NEW, recording(seconds=2), name="Sommer")
    async with petra.client.get(f"{petra.url}/listen/announcement/own-1") as answer:
        with wave.open(io.BytesIO(await answer.read())) as wav:
            assert (wav.getparams()[:3], wav.getnframes()) == ((1, 2, 8000), 16_000)


async def test_a_call_names_what_its_caller_heard(petra: Asker, office: Office) -> None:
    await uploads(petra, NEW, recording(), name="Sommer")
    now = office.clock.now()
    await office.had_call("K1001", "vz-1", now)
    await office.happened("vz-1", 1, now, "announcement", "own-1")
    assert "Ansage: Sommer" in (await petra.gets("/calls/vz-1"))[2]
