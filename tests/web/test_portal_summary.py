"""The daily summary in the portal: wished for by the customer and for a contact; what became of the last (§5.2.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.accounts import Role
from engine.entries.digest import CustomerDigestEntry, DigestEntry
from engine.hours.digest_times import Span
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.notices import PlannedDigest
from engine.ports.outbox import Noted
from engine.store.notices import StoredNotices
from engine.store.outbox import StoredOutbox
from tests.web.office import Office
from tests.web.portal import client
from tests.web.programs import program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGE = "/messages/summary"


async def test_5_2_3_the_customer_says_to_whom_and_when(office: Office) -> None:
    async with client(office) as petra:
        assert "Tagesübersicht per E-Mail" in (await petra.opens("/messages")).texts(".//a")
        page = await petra.opens(PAGE)
        assert (page.fields["digest.days"], page.fields["digest.at"]) == ("never", "18:00")
        wrong = await petra.sends(page, {"digest.days": "daily", "digest.at": "kurz nach 6"})
        assert (wrong.status, wrong.mistakes) == (
            422,
            [
                "Übersicht um: kurz nach 6 ist keine Uhrzeit: Bitte schreiben Sie sie wie 18:00.",
                "E-Mail-Adressen: Bitte nennen Sie mindestens 1.",
            ],
        )
        told = {"digest.at": "7.30", "digest.mail": "b@korn.example\na@korn.example", "digest.empty": "on"}
        page = await petra.sends(wrong, told)
        assert (page.path, page.told) == (PAGE, "Gespeichert.")
        await petra.sends(page, {"digest.at": "08:00"})
    wanted = CustomerDigestEntry(mail=("a@korn.example", "b@korn.example"), at="08:00", days="daily", empty=True)
    assert (await office.entry("K1001")).digest == wanted
    assert await StoredNotices(office.database).wanting() == [(office.customers["K1001"], ("08:00",))]
    status, _ = await (await program_of(office)).asks("PATCH", "/customer", {"changes": {"digest": None}})
    assert (status, (await office.entry("K1001")).digest) == (200, None)
    assert await StoredNotices(office.database).wanting() == []


async def test_5_2_3_a_contact_has_one_of_its_own_which_needs_an_address(office: Office) -> None:
    await office.set("K1001", {"contacts": [{"name": "Eva Korn", "notify": {"sms": "+491713920011"}}]})
    path = "/contacts/Eva%20Korn"
    async with client(office) as petra:
        page = await petra.fills(path, {"notify.digest.days": "working"})
        assert page.mistakes == [
            "Tagesübersicht per E-Mail: Die Tagesübersicht kommt per E-Mail. Bitte geben Sie eine Adresse "
            "an, oder haken Sie sie nicht an."
        ]
        page = await petra.sends(page, {"notify.mail": "eva@korn.example", "notify.use": ["sms"]})
        assert page.told, page.mistakes
        assert "Eine Übersicht der eigenen Nachrichten bekommen: Eva Korn." in (await petra.opens(PAGE)).text
    (eva,) = (await office.entry("K1001")).contacts
    assert (eva.notify.digest, eva.notify.active) == (DigestEntry(at="18:00"), ("sms",))


async def test_what_became_of_the_last_ones_is_told_and_to_support_why(office: Office) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    korn, now = office.customers["K1001"], office.clock.now()
    span = Span(now.date(), now - timedelta(days=1), now - timedelta(minutes=1))
    store, outbox = StoredNotices(office.database), StoredOutbox(office.database)
    assert await store.add_digest(korn, PlannedDigest("Eva Korn", ("eva@korn.example",), span, even_empty=True)) == 1
    assert await store.add_digest(korn, PlannedDigest(None, ("a@korn.example",), span, even_empty=True)) == 1
    eva, _ = await outbox.claim(now, Means.MAIL, 9)
    await outbox.note(Noted(eva.id, DeliveryState.FAILED, now, 1, None, Trouble.ADDRESS, "550 unknown"))
    async with client(office) as petra, client(office, "ines", acting_for="K1001") as ines:
        whole, evas = (await petra.opens(PAGE)).texts(".//section[@aria-labelledby='sent-title']/ul/li")
        assert "alle Nachrichten, a@korn.example" in whole and whole.endswith("wird gerade verschickt")
        assert "Eva Korn, eva@korn.example Diese Adresse oder Nummer gibt es nicht." in evas
        assert evas.endswith("nicht zugestellt") and "550" not in evas
        assert "550 unknown" in (await ines.opens(PAGE)).text
