"""Support sees which calls broke the law (L4) and which lines do not fit what is on record (L1)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from engine.service.customers import ZONE
from engine.web.grouping import grouped
from tests.web.asking import Asker
from tests.web.happened import happened
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
KORN = "/support/customers/K1001"
PAID_LINE, LANDLINE, FREE_LINE = "+491805123456", "+493023125001", "+498001234567"


async def forwards(office: Office, *lines: str) -> None:
    """What is on record of the bakery."""
    user = await office.accounts.user_of("ines")
    assert user
    changes = {"lines": list(lines), "wait": {"max_wait": 120}}
    await office.editing.save(office.customers["K1001"], changes, {}, user.identity())


def rows(page: str) -> list[str]:
    """The lists' rows as they are read."""
    found = re.findall(r"<li><span>(.*?)</li>", page.partition('id="incidents-title"')[2], re.DOTALL)
    return [" ".join(html.unescape(re.sub("<[^>]*>", " ", one)).split()) for one in found]


async def test_l4_a_caller_who_paid_while_waiting_is_an_incident(office: Office, ines: Asker) -> None:
    await forwards(office, PAID_LINE)
    korn, now = office.customers["K1001"], office.clock.now() - timedelta(hours=1)
    await happened(office.database, "early", korn, now)
    await happened(office.database, "lawful", korn, now, picked_up_at=now, answered_at=now)
    await happened(office.database, "unanswered", korn, now, picked_up_at=None, answered_at=None)
    await happened(office.database, "hung-up", korn, now - timedelta(days=1), picked_up_at=None)
    await happened(office.database, "long-ago", korn, now - timedelta(days=31))
    await happened(office.database, "other-line", korn, now, line=FREE_LINE)
    await happened(office.database, "of-a-customer-without-such-lines", office.customers["K1002"], now)
    _, _, page = await ines.gets(f"{KORN}/incidents")
    assert [re.sub(r"^\S+ \S+ ", "", row) for row in rows(page) if "Anruf " in row and "bezahlt" in row] == [
        "nach Minuten bezahlt · Anruf early 20 Sekunden bezahlt",
        "nach Minuten bezahlt · Anruf hung-up 60 Sekunden bezahlt",
    ]
    _, _, everybodys = await ines.gets("/support/incidents")
    assert re.findall(r"Anruf (\S+?)</span>", everybodys) == ["early", "hung-up"]
    assert "Bäckerei Korn (K1001)" in everybodys


async def test_l4_a_customer_without_lines_that_cost_has_no_incidents(office: Office, ines: Asker) -> None:
    await forwards(office, LANDLINE)
    await happened(office.database, "call", office.customers["K1001"], office.clock.now())
    assert (await ines.gets(f"{KORN}/incidents"))[2].count("Keine.") == 2


async def test_l4_a_foreign_line_counts_as_paid_by_the_minute(office: Office, ines: Asker) -> None:
    await forwards(office, "+43123456789")
    await happened(office.database, "call", office.customers["K1001"], office.clock.now())
    for path in (f"{KORN}/incidents", "/support/incidents"):
        assert re.findall(r"Anruf (\S+?)</span>", (await ines.gets(path))[2]) == ["call"]


NOT_ON_RECORD = "Dieser Anschluss wird weitergeleitet, ist aber nicht eingetragen."
STRICTER = (
    "Anrufer dieses Anschlusses dürfen für das Warten nicht bezahlen, und er ist nicht eingetragen: "
    "Die Einstellungen sind womöglich nicht erlaubt."
)


@pytest.mark.parametrize(
    ("line", "told"), [("+493023125002", f"(03…) {NOT_ON_RECORD}"), (PAID_LINE, f"(0180-5) {STRICTER}")]
)
async def test_l1_a_line_that_is_not_on_record_is_warned_of(office: Office, ines: Asker, line: str, told: str) -> None:
    await forwards(office, LANDLINE)
    now = office.clock.now()
    await happened(office.database, "known", office.customers["K1001"], now, line=LANDLINE)
    await happened(office.database, "named", office.customers["K1001"], now, line=line)
    for path in (f"{KORN}/incidents", "/support/incidents"):
        found = [row for row in rows((await ines.gets(path))[2]) if "Letzter Anruf" in row]
        shown = f"{grouped(line)} {told} Letzter Anruf {now.astimezone(ZONE):%d.%m.%y, %H:%M}"
        assert [row.removeprefix("Bäckerei Korn (K1001) · ") for row in found] == [shown]
    await forwards(office, LANDLINE, line)
    assert "Letzter Anruf" not in (await ines.gets("/support/incidents"))[2]
