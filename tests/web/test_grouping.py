"""Telephone numbers are grouped for the eye, and for nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.terms import dialled
from engine.web.grouping import grouped, unbroken
from tests.web.asking import Asker
from tests.web.office import Office
from tests.web.portal import client


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+4930123450", "+49 30 123450"),
        ("+491713920011", "+49 171 3920011"),
        ("+491805123456", "+49 180 5 123456"),
        ("+442071838750", "+44 20 7183 8750"),
        ("+49301000001, +4930555", "+49 30 1000001, +49 30 555"),
        ("Calls came over +493023125011.", "Calls came over +49 30 23125011."),
        ("+999123456", "+999123456"),
        ("anonymous", "anonymous"),
        ("4930123450", "4930123450"),
        ("*21*+4930123450#", "*21*+4930123450#"),
        ("sip:+4930123450@192.0.2.1", "sip:+4930123450@192.0.2.1"),
        ("a+4930123450@mail.example", "a+4930123450@mail.example"),
        ("+1234", "+1234"),
        ("", ""),
    ],
)
def test_numbers_within_a_text(text: str, shown: str) -> None:
    assert grouped(text) == shown


def test_on_a_page_no_number_is_broken_and_it_can_be_written_so() -> None:
    shown = unbroken("Call +4930123450, please.")
    assert shown == "Call +49\u00a030\u00a0123450, please."
    assert dialled(shown[5:-9]) == "+4930123450"


@pytest.mark.asyncio(loop_scope="session")
async def test_pages_group_and_forms_codes_and_tables_do_not(office: Office, petra: Asker, ines: Asker) -> None:
    await office.set("K1001", {"lines": ["+493023125001"]})
    at = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    await office.had_call("K1001", "vz-1", at, caller="+491713920011", line="+493023125001")
    async with client(office) as korn:
        for path in ("/calls", "/calls/vz-1"):
            shown = (await korn.opens(path)).text
            assert "+49 171 3920011" in shown and "+49 30 23125001" in shown
        start = (await korn.opens("/")).text
        assert "+49 30 23125001" in start and "*21*0301000001#" in start
        assert (await korn.opens("/technical")).fields["lines.0.number"] == "+493023125001"
    assert "'+491713920011" in (await petra.gets("/calls.csv"))[2]
    access, line = unbroken("+49301000001"), unbroken("+493023125001")
    glance = (await ines.gets("/support/customers/K1001"))[2]
    assert access in glance and line in glance
    assert access in (await ines.gets("/support", q="korn"))[2]
    assert line in (await ines.gets("/support/customers/K1001/log"))[2]
