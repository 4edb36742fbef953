"""Agents' days: who leads them sees how long each was there and did what; an agent sees the own days alone."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from engine.accounts import Role
from engine.acd.days import ENGINE_STOPPED
from engine.service.catalogue import CatalogueService
from engine.service.customers import ZONE
from engine.store.catalogue import StoredCatalogue
from engine.store.tables import agent_log
from tests.catalogue import RULES
from tests.web.asking import Asker, asking, mistakes
from tests.web.desk_scenes import JONAS, hire
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
Changes = tuple[tuple[int, int, str, str | None], ...]
ANNA: Changes = (
    (8, 0, "ready", None), (9, 0, "ringing", None), (9, 1, "talking", None), (9, 11, "wrap_up", None),
    (9, 12, "ready", None), (12, 0, "paused", "lunch"), (12, 30, "paused", "=1+1"), (12, 45, "ready", None),
    (16, 0, "offline", None),
)  # fmt: skip
JONAS_NIGHT: Changes = ((22, 0, "ready", None), (26, 0, "offline", None))


def midnight(office: Office, ago: int) -> datetime:
    """In Germany, so many days ago."""
    today = office.clock.now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today.replace(tzinfo=None) - timedelta(days=ago)).replace(tzinfo=ZONE)


async def did(office: Office, agent: str, begin: datetime, changes: Changes) -> None:
    """What the agent became that day."""
    rows = [
        {"agent": agent, "state": state, "reason": reason, "at": begin + timedelta(hours=hour, minutes=minute)}
        for hour, minute, state, reason in changes
    ]
    async with office.database.writing() as connection:
        await connection.execute(insert(agent_log), rows)


async def two_days(office: Office) -> datetime:
    """Anna by day and Jonas by night, ten days ago; midnight of it."""
    await CatalogueService(StoredCatalogue(office.database), RULES).import_text(JONAS)
    begin = midnight(office, 10)
    await did(office, "anna", begin, ANNA)
    await did(office, "jonas", begin, JONAS_NIGHT)
    picked_up = begin + timedelta(hours=9, minutes=1)
    told = {"agent": "anna", "outcome": "answered", "picked_up_at": picked_up, "waited_ms": 12_000}
    await office.had_call("K1001", "vz-1", picked_up - timedelta(seconds=12), talked_ms=600_000, **told)
    await office.happened("vz-1", 1, picked_up - timedelta(seconds=5), "missed", "jonas: no_answer")
    return begin


@contextlib.asynccontextmanager
async def leading(office: Office, role: Role = Role.SUPERVISOR) -> AsyncIterator[Asker]:
    """Sabine leads the agents, or is what else is said."""
    await office.sign_up("sabine", "Sabine Roth", role)
    async with asking(office, "sabine") as sabine:
        yield sabine


def cells(page: str) -> list[list[str]]:
    """The rows of the table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in found]


async def test_a_supervisor_sees_when_everybody_was_there_and_did_what(office: Office) -> None:
    begin = await two_days(office)
    day, next_day = (f"{begin + timedelta(days=n):%Y-%m-%d}" for n in (0, 1))
    async with leading(office) as sabine:
        assert (await sabine.gets("/account"))[2].count('href="/days"') == 1
        _, _, page = await sabine.gets("/days", since=day, until=next_day)
        assert cells(page) == [
            [f"{begin + timedelta(days=1):%d.%m.%y}", "Jonas Petersen", "00:00", "02:00", "2:00:00", "2:00:00",
             "0:00:00", "–", "0:00:00", "0:00:00", "0:00:00", "0:00:00", "0", "0", "–"],
            [f"{begin:%d.%m.%y}", "Anna Lindner", "08:00", "16:00", "8:00:00", "7:03:00", "0:45:00",
             "Mittag 0:30:00, =1+1 0:15:00", "0:01:00", "0:10:00", "0:01:00", "0:00:00", "1", "0", "0:10:00"],
            [f"{begin:%d.%m.%y}", "Jonas Petersen", "22:00", "24:00", "2:00:00", "2:00:00",
             "0:00:00", "–", "0:00:00", "0:00:00", "0:00:00", "0:00:00", "0", "1", "–"],
        ]  # fmt: skip
        kept = midnight(office, 179)
        assert f"seit {kept:%d.%m.%Y}" in page
        _, _, calls = await sabine.gets("/days/calls", agent="anna", day=day)
        assert cells(calls) == [["09:01:00", "0:12", "10:00", "Anrufer hat aufgelegt"]]
        _, _, calls = await sabine.gets("/days/calls", agent="jonas", day=day)
        assert "Kein Anruf" in calls


async def test_the_days_go_into_a_table_calculation(office: Office) -> None:
    begin = await two_days(office)
    async with leading(office, Role.ADMIN) as sabine:
        status, _, text = await sabine.gets("/days.csv", since=f"{begin:%Y-%m-%d}")
    assert (status, text[0]) == (200, "\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[0][:5] == ["Tag", "Agent", "Angemeldet um", "Abgemeldet um", "Zeit angemeldet"]
    assert [row[1] for row in rows[1:]] == ["Anna Lindner", "Jonas Petersen", "Jonas Petersen"]
    assert rows[1][7] == "Mittag 0:30:00, =1+1 0:15:00"


async def test_no_reason_of_a_break_becomes_a_formula(office: Office) -> None:
    await did(office, "anna", midnight(office, 3), ((8, 0, "paused", "=1+1"), (9, 0, "offline", None)))
    async with leading(office) as sabine:
        _, _, text = await sabine.gets("/days.csv", since=f"{midnight(office, 3):%Y-%m-%d}")
    assert list(csv.reader(io.StringIO(text[1:]), delimiter=";"))[1][7] == "'=1+1 1:00:00"


async def test_where_no_engine_ran_nobody_was_ready(office: Office) -> None:
    stopped: Changes = ((8, 0, "ready", None), (9, 0, "offline", ENGINE_STOPPED), (13, 0, "ready", None))
    await did(office, "anna", midnight(office, 2), (*stopped, (14, 0, "offline", None)))
    async with leading(office) as sabine:
        _, _, page = await sabine.gets("/days", since=f"{midnight(office, 2):%Y-%m-%d}")
    assert [(row[2], row[3], row[4], row[11]) for row in cells(page)] == [("08:00", "14:00", "2:00:00", "4:00:00")]


async def test_who_is_at_work_is_still_there(office: Office) -> None:
    now = office.clock.now()
    since = max(now - timedelta(minutes=5), midnight(office, 0))
    async with office.database.writing() as connection:
        await connection.execute(insert(agent_log).values(agent="anna", state="ready", at=since))
    async with leading(office) as sabine:
        _, _, page = await sabine.gets("/days")
    assert [(row[1], row[3]) for row in cells(page)] == [("Anna Lindner", "noch da")]


async def test_too_many_days_and_days_that_are_none_are_refused_at_the_field(office: Office) -> None:
    async with leading(office) as sabine:
        status, _, page = await sabine.gets("/days", since="2025-01-01", until="2026-01-02")
        assert (status, mistakes(page)) == (422, ["Bis: Bitte fragen Sie nach höchstens 366 Tagen."])
        assert (await sabine.gets("/days", since="2025-01-01", until="2026-01-01"))[0] == 200
        assert (await sabine.gets("/days", since="morgen"))[0] == 422
        assert (await sabine.gets("/days.csv", since="morgen"))[0] == 400
        assert "Niemand" in (await sabine.gets("/days", since="2999-01-01", until="2999-01-01"))[2]


async def test_an_agent_sees_the_own_days_alone(office: Office) -> None:
    begin = await two_days(office)
    await hire(office)
    day = f"{begin:%Y-%m-%d}"
    async with asking(office, "anna") as anna:
        _, _, page = await anna.gets("/desk/days", since=day, until=day)
        assert [row[1:4] for row in cells(page)] == [["08:00", "16:00", "8:00:00"]]
        assert "Jonas" not in page
        _, _, calls = await anna.gets("/desk/days/calls", day=day, agent="jonas")
        assert cells(calls) == [["09:01:00", "0:12", "10:00", "Anrufer hat aufgelegt"]]
        for path in ("/days", "/days.csv", "/days/calls?agent=jonas&day=" + day):
            assert (await anna.gets(path))[0] == 403


async def test_nobody_else_sees_days(office: Office, petra: Asker, ines: Asker) -> None:
    for one in (petra, ines):
        for path in ("/days", "/days.csv", "/desk/days", "/days/calls?agent=anna&day=2026-01-01"):
            assert (await one.gets(path))[0] == 403
