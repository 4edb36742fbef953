"""What a customer pastes is saved as it reads; what cannot be saved is told for what it is."""

from __future__ import annotations

import pytest

from engine.service.customer_judging import Refused
from engine.store.database import Database
from tests.customers import MUSTER, OWNER, said, two_customers


async def test_a_pasted_text_is_saved_as_it_reads(database: Database) -> None:
    service = await two_customers(database)
    changes = {
        "instructions": "Bitte\u00a0freund\u00adlich:\r\n\t\u200bkurz \U0001f468\u200d\U0001f467",
        "back_from_text": "nach\u202f8 \u00a0",
    }
    saved = await service.save(MUSTER, changes, {}, OWNER)
    assert saved.entry.instructions == "Bitte freundlich:\n kurz \U0001f468\u200d\U0001f467"
    assert saved.entry.back_from_text == "nach 8"


async def test_what_cannot_be_read_is_named(database: Database) -> None:
    service = await two_customers(database)
    with pytest.raises(Refused) as refused:
        await service.save(
            MUSTER, {"instructions": "x\x07", "absence_reason": "\u00a0", "back_from_text": "\x1b"}, {}, OWNER
        )
    assert said(refused.value) == [
        ("absence_reason", "text"),
        ("back_from_text", "text.sign"),
        ("instructions", "text.sign"),
    ]


COMPANY = [
    ("vat_id", "DE 123 456 789", "DE123456789"),
    ("vat_id", "at\u00a0u12345678 ", "ATU12345678"),
    ("web", "https://müller.example", "https://müller.example"),
    ("web", "www.mu\u0308ller.example/über-uns?a=1", "www.müller.example/über-uns?a=1"),
    ("web", "straße.example:8080", "straße.example:8080"),
    ("phone", "+49 (0)30 23125001", "+493023125001"),
    ("phone", "0049(0) 30 / 23125001", "+493023125001"),
    ("phone", "+44 (0)20 7946 0958", "+442079460958"),
    ("phone", "+39 (0)6 698 12345", "+390669812345"),
    ("phone", "+49 (030) 23125001", None),
    ("web", "javascript:alert(1)", None),
    ("web", "https://mü ller.example", None),
    ("web", "https://-müller.example", None),
    ("vat_id", "123 456 789", None),
]


@pytest.mark.parametrize(("field", "written", "kept"), COMPANY)
async def test_what_is_meant_without_a_doubt_is_taken(
    database: Database, field: str, written: str, kept: str | None
) -> None:
    service = await two_customers(database)
    try:
        saved = await service.save(MUSTER, {f"company/{field}": written}, {}, OWNER)
    except Refused as refused:
        assert (kept, [path for path, _ in said(refused)]) == (None, [f"company/{field}"])
    else:
        assert getattr(saved.entry.company, field) == kept
