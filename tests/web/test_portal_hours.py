"""§3: when calls are answered, and what happens at any moment."""

from __future__ import annotations

import pytest

from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOTIFY = {"mail": ["eva@korn.example"]}


async def test_3_3_the_week_is_shown_with_the_own_narrower_hours(office: Office) -> None:
    await office.set("K1001", {"hours": {"mon-tue": ["09:00-12:00", "13:00-17:00"]}})
    async with client(office) as petra:
        page = await petra.opens("/hours")
    own, none, closed = "08:00–18:00 09:00–12:00, 13:00–17:00", "08:00–18:00 geschlossen", "geschlossen geschlossen"
    days = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
    rows = zip(days, (own, own, none, none, none, closed, closed), strict=True)
    assert page.texts(".//tbody/tr") == [f"{day} {told}" for day, told in rows]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (
            "2026-12-21T15:00",
            "Anrufe werden angenommen. Innerhalb der Geschäftszeiten. Das bleibt so bis 21.12.26, 18:00. "
            "Wartezeit-Einstellung: Freizeichen Ansprechpartner Eva Brandt abwesend; Vertretung: Jan Kern "
            "Jan Kern nicht im Dienst",
        ),
        (
            "2026-12-24T15:00",
            "Anrufe werden nicht angenommen: Anrufer hören das Freizeichen. An diesem Tag ist bei Ihnen geschlossen. "
            "Das bleibt so bis 25.12.26, 08:00. Ansprechpartner Eva Brandt anwesend Jan Kern nicht im Dienst",
        ),
    ],
)
async def test_what_happens_at_a_moment(office: Office, at: str, told: str) -> None:
    contacts = [
        {
            "name": "Eva Brandt", "notify": NOTIFY, "hours": {"mon-sun": ["00:00-24:00"]},
            "absence": {"until": "2026-12-23 00:00", "deputy": "Jan Kern"},
        },
        {"name": "Jan Kern", "notify": NOTIFY, "hours": {"mon-fri": ["08:00-12:00"]}},
    ]  # fmt: skip
    changes = {"contacts": contacts, "closed_days": ["2026-12-24"], "wait/treatment": "ringing"}
    await office.set("K1001", changes)
    async with client(office) as petra:
        page = await petra.opens(f"/hours?at={at}")
    answer = page.texts(".//section")[0]
    assert answer.partition(" 15:00 ")[2] == told


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "1999-12-31T23:59", "3000-01-01T00:00", "9999-12-31T23:59"])
async def test_a_moment_that_nobody_can_reckon_with_is_refused(office: Office, at: str) -> None:
    async with client(office) as petra:
        page = await petra.opens(f"/hours?at={at}")
    far = "Datum und Uhrzeit: Bitte nennen Sie einen Tag aus den Jahren 2000 bis 2999."
    assert (page.status, page.mistakes) == (422, [far])


async def test_the_first_and_the_last_moment_that_can_be_asked_for(office: Office) -> None:
    always = {"name": "Eva Brandt", "notify": NOTIFY, "hours": {"mon-sun": ["00:00-24:00"]}}
    await office.set("K1001", {"contacts": [always]})
    async with client(office) as petra:
        for at in ("2000-01-01T00:00", "2999-12-31T23:59"):
            assert (await petra.opens(f"/hours?at={at}")).status == 200


async def test_a_moment_that_is_none_is_refused(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/hours?at=noon")
    assert (page.status, page.mistakes) == (422, ["Datum und Uhrzeit: Bitte geben Sie Datum und Uhrzeit an."])
