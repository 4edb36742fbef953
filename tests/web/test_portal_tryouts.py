"""A contact's options are tried out in the portal: what comes of a test appears by itself, in words (§5.2.3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import pytest

from engine.accounts import Role
from engine.jobs.outbox import Outbox
from engine.message.states import Means, Trouble
from engine.ports.outbox import NotHanded, Parcel, Planned
from tests.jobs.posting import FakeCourier, ToldStore
from tests.web.office import Office
from tests.web.portal import Client, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
EVA = "Eva Korn"
KORN = {
    "contacts": [
        {"name": EVA, "notify": {"mail": ["eva@korn.example"], "sms": "+491713920011", "fax": "+493023125019"}},
        {"name": "test", "notify": {"mail": ["a@korn.example"], "sms": "+491713920011", "off": ["sms"]}},
    ]
}
PAGE = "/contacts/test?name=Eva%20Korn"


@asynccontextmanager
async def outbox_of(office: Office, *couriers: FakeCourier) -> AsyncIterator[ToldStore]:
    """At work over this store."""

    async def follows(_parcel: Parcel, _now: datetime) -> Sequence[Planned]:
        return ()

    store = ToldStore(office.database)
    task = asyncio.create_task(Outbox(store, couriers, office.clock.now, follows).run())
    try:
        yield store
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def results(petra: Client) -> list[str]:
    return (await petra.opens(PAGE)).texts(".//section[@id='results']/ul/li")


async def test_5_2_3_each_way_is_tried_and_the_page_says_what_came_of_it(office: Office) -> None:
    await office.set("K1001", KORN)
    mail, sms = FakeCourier(), FakeCourier(Means.SMS)
    sms.answers += [NotHanded(Trouble.ADDRESS, "no such number", final=True)]
    async with client(office) as petra:
        assert "Test senden" in (await petra.opens("/contacts/Eva%20Korn")).texts(".//a[@role='button']")
        page = await petra.opens(PAGE)
        assert page.texts(".//h1") == ["Test senden: Eva Korn"]
        first, second, fax = page.texts(".//section[@aria-labelledby='ways-title']/ul/li")
        assert (first, second) == (
            "E-Mail: eva@korn.example Test senden E-Mail: eva@korn.example",
            "SMS: +49 171 3920011 Test senden SMS: +491713920011",
        )
        assert fax == (
            "Telefax: +49 30 23125019 Auf diesem Weg wird hier noch nichts verschickt. Bitte fragen Sie unsere "
            "Kundenbetreuung."
        )
        assert page.texts(".//section[@id='results']/p") == ["Es gab keinen."]
        sent = await petra.posts(PAGE, {"way": "mail eva@korn.example"})
        assert (sent.path, sent.told) == (PAGE, "Der Test ist unterwegs. Was daraus wird, erscheint hier von selbst.")
        (asks,) = sent.tree.findall(".//section[@hx-get]")
        look = str(asks.get("hx-get"))
        assert (await petra.opens(look)).status == 204, "nothing is new"
        await petra.posts(PAGE, {"way": "sms +491713920011"})
        async with outbox_of(office, mail, sms) as store:
            await store.noted()
            await store.noted()
        shown = await petra.opens(look)
        assert (shown.status, shown.tree.findall(".//section[@hx-get]")) == (200, []), "nothing more is to come"
        told = [" ".join(one.split()) for one in await results(petra)]
        assert told[0].startswith("SMS: +49 171 3920011 Diese Adresse oder Nummer gibt es nicht.")
        assert told[0].endswith("nicht zugestellt") and "no such number" not in told[0]
        assert told[1].startswith("E-Mail: eva@korn.example") and told[1].endswith("übergeben")
    (parcel,) = mail.sent
    assert parcel.slip.text.startswith("Dies ist ein Test, niemand hat angerufen. Petra Korn hat ihn angefordert.")


async def test_tests_are_limited_to_what_is_saved_and_set_up_and_so_many_an_hour(office: Office) -> None:
    await office.set("K1001", KORN)
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office) as petra, client(office, "ines", acting_for="K1001") as ines:
        fax = await petra.posts(PAGE, {"way": "fax +493023125019"})
        assert fax.warned.startswith("Auf diesem Weg wird hier noch nichts verschickt.")
        other = await petra.posts("/contacts/test?name=test", {"way": "sms +491713920011"})
        assert other.warned.startswith("Dieser Ansprechpartner bekommt auf diesem Weg keine Nachrichten mehr.")
        assert (await petra.posts(PAGE, {"way": "pigeon coop"})).status == 400
        for address in ("/contacts/test", "/contacts/test/results"):
            assert (await petra.opens(f"{address}?name=Jan")).status == 404
        assert (await petra.opens("/contacts/%20test")).texts(".//h1") == ["test"], "a contact may be called so"
        for _ in range(4):
            await petra.posts(PAGE, {"way": "mail eva@korn.example"})
        fifth = await ines.posts(PAGE, {"way": "mail eva@korn.example"})
        assert fifth.told.startswith("Der Test ist unterwegs."), "support can do it too"
        assert (await petra.posts(PAGE, {"way": "mail eva@korn.example"})).warned.startswith("In einer Stunde")
        assert len(await results(petra)) == 5
        history = await ines.opens("/support/customers/K1001/log")
    assert "Testnachricht – Eva Korn" in history.text and "mail: eva@korn.example" in history.text
