"""How a contact is reached, way by way and target by target, as the customer sets it (§5.2.3, §5.2.4)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.entries import ContactEntry
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATH = "/contacts/Eva%20Korn"
SAVED = "Gespeichert, gilt ab dem nächsten Anruf."


async def eva(office: Office) -> ContactEntry:
    """As she stands now."""
    return (await office.entry("K1001")).contacts[0]


async def works_here(office: Office, **more: Any) -> None:
    """Eva, who gets mails."""
    contact = {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}, **more}
    await office.set("K1001", {"contacts": [contact]})


async def test_5_2_3_1_mails_go_to_one_or_two_addresses(office: Office) -> None:
    await works_here(office)
    async with client(office) as petra:
        page = await petra.fills(PATH, {"notify.mail": "eva@korn.example\nbackstube@korn.example"})
        assert page.told == SAVED
        page = await petra.sends(page, {"notify.mail": "eva@korn.example\nbackstube@korn.example\nmax@korn.example"})
        assert page.mistakes == ["E-Mail-Adressen: Bitte nennen Sie höchstens 2."]
        page = await petra.sends(page, {"notify.mail": "eva@korn"})
        assert [one.partition(":")[0] for one in page.mistakes] == ["E-Mail-Adressen"]
    assert (await eva(office)).notify.mail == ("eva@korn.example", "backstube@korn.example")


async def test_5_2_3_2_an_sms_goes_to_a_german_mobile_and_may_be_the_only_way(office: Office) -> None:
    await works_here(office)
    async with client(office) as petra:
        page = await petra.fills(PATH, {"notify.mail": "", "notify.sms": "+43 664 1234567"})
        assert page.mistakes == ["SMS an: +43 664 1234567 ist keine deutsche Mobilnummer."]
        assert (await petra.sends(page, {"notify.sms": "0171 3920011"})).told == SAVED
    notify = (await eva(office)).notify
    assert (notify.active, notify.sms) == (("sms",), "+491713920011")


async def test_5_2_3_4_a_fax_goes_to_a_german_number_that_the_customer_sets(office: Office) -> None:
    await works_here(office)
    async with client(office) as petra:
        page = await petra.fills(PATH, {"notify.fax": "+43 1 5132000"})
        assert page.mistakes == ["Telefax an: +43 1 5132000 ist keine deutsche Nummer für ein Faxgerät."]
        assert (await petra.sends(page, {"notify.fax": "030 23125099"})).told == SAVED
    notify = (await eva(office)).notify
    assert (notify.active, notify.fax) == (("mail", "fax"), "+493023125099")


async def test_5_2_4_1_several_targets_of_which_those_ticked_are_used(office: Office) -> None:
    await works_here(office)
    number, use = "transfer.targets.{}.number", "transfer.targets.{}.use"
    async with client(office) as petra:
        page = await petra.opens(PATH)
        assert page.fields[use.format(0)] == "on"
        for n, typed in enumerate(("030 23125011", "0171 3920011", "030 23125012")):
            page = await petra.sends(page, {number.format(n): typed})
            assert page.told == SAVED
        assert (await petra.sends(page, {use.format(1): None})).told == SAVED
        page = await petra.opens(PATH)
        assert [page.fields[use.format(n)] for n in range(3)] == ["on", None, "on"]
    targets = (await eva(office)).transfer.targets
    assert [(one.number, one.use) for one in targets] == [
        ("+493023125011", True), ("+491713920011", False), ("+493023125012", True),
    ]  # fmt: skip


async def test_5_2_4_whoever_answers_must_press_1_where_a_mailbox_would_take_the_call(office: Office) -> None:
    await works_here(office, transfer={"targets": ["+491713920011"]})
    async with client(office) as petra:
        assert (await petra.opens(PATH)).fields["transfer.accept"] is None
        assert (await petra.fills(PATH, {"transfer.accept": "on"})).told == SAVED
        assert (await eva(office)).transfer.accept
        assert (await petra.fills(PATH, {"transfer.accept": None})).told == SAVED
    assert not (await eva(office)).transfer.accept


async def test_5_2_4_3_callers_are_put_through_in_certain_cases_only(office: Office) -> None:
    await works_here(office, transfer={"targets": ["+493023125011"]})
    rule = "Nur Bestellungen ab 500 Euro\nund Herr Albers."
    async with client(office) as petra:
        assert (await petra.fills(PATH, {"transfer.restrictions": rule})).told == SAVED
        assert (await eva(office)).transfer.restrictions == rule
        assert (await petra.fills(PATH, {"transfer.restrictions": ""})).told == SAVED
    assert (await eva(office)).transfer.restrictions is None
