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
