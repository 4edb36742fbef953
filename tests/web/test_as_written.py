"""What people have named reads as they wrote it, in every language, though a text of the pages may read the same."""

from __future__ import annotations

from typing import Any

import pytest

from engine.entries import MessageFieldEntry
from engine.web.desk import own
from engine.web.languages import AsWritten, load_words
from tests.catalogue import service_on
from tests.web.asking import asking, mistakes
from tests.web.desk_scenes import AtWork, hire
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIELDS: list[dict[str, Any]] = [
    {"label": "Message", "required": True},
    {"label": "Number", "kind": "choice", "choices": ["None", "Urgent"]},
]
MESSAGE, NUMBER = (own.name_of(MessageFieldEntry(**one)) for one in FIELDS)
CONTACTS = [{"name": name, "notify": {"mail": ["somebody@muster.example"]}} for name in ("Support", "Groups")]


async def test_no_language_has_a_word_for_it() -> None:
    words = load_words()["de"]
    assert (words("Support"), words(AsWritten("Support"))) == ("Kundenbetreuung", "Support")
    assert words(AsWritten("{n} Groups"), n=2) == "{n} Groups"


async def test_own_fields_and_contacts_are_read_at_the_desk_as_the_customer_wrote_them(office: Office) -> None:
    await hire(office)
    await office.set("K1001", {"message_fields": FIELDS, "contacts": CONTACTS})
    AtWork(visitor=None, office=office).talks()  # type: ignore[arg-type]
    async with client(office, "anna") as anna, asking(office, "anna") as sending:
        page = await anna.opens("/desk")
        assert page.texts(f".//label[@for='{MESSAGE}']") == ["Message"]
        assert page.texts(".//label[@for='text']") == ["Nachricht"], "the page's own text is a German one"
        assert page.texts(f".//select[@name='{NUMBER}']/option") == ["", "None", "Urgent"]
        assert page.texts(".//select[@name='contact']/option")[1:] == ["Support", "Groups"]
        status, _, refused = await sending.sends("/desk/calls/vz-1/message", key="k1", urgency="normal", text="x")
    ask = "Bitte fragen Sie den Anrufer. Gibt es keine Antwort, speichern Sie noch einmal."
    assert (status, mistakes(refused)) == (422, [f"Message: {ask}"])


async def test_names_to_choose_from_are_read_as_they_are(office: Office) -> None:
    await service_on(office.database).import_text("groups: [{name: Agent}, {name: Groups}]")
    await office.set("K1001", {"contacts": CONTACTS})
    async with client(office) as petra:
        technical = await petra.opens("/technical")
        assert technical.texts(".//fieldset[@id='routing-groups']/label") == ["Agent", "Groups"]
        messages = await petra.opens("/messages")
        assert messages.texts(".//select[@name='contact']/option") == ["", "Support", "Groups"]
        contact = await petra.opens("/contacts/Support")
        assert "Groups" in contact.texts(".//select[@name='absence.deputy']/option")
