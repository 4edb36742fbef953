"""What all desks show alike is made once, however many there are; what is one's own is not shared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from engine.ports.desk import Seen
from engine.terms import AgentState
from engine.web.desk.shared import MOST, Shared
from tests.web.desk_scenes import hire
from tests.web.desks import an_agent
from tests.web.office import Office
from tests.web.test_desk_live import Listener, token_of, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
ANNA, JONAS = an_agent("anna", "Anna"), an_agent("jonas", "Jonas")


async def test_the_team_is_looked_at_once_for_each_change_whoever_asks() -> None:
    shared, looks = Shared(), [[ANNA], [JONAS], [ANNA, JONAS]]
    assert shared.once(Seen(own=3, others=4), "team", lambda: looks.pop(0)) == [ANNA]
    assert shared.once(Seen(own=0, others=7), "team", lambda: looks.pop(0)) == [ANNA]
    assert shared.once(Seen(own=0, others=7), "another", lambda: looks.pop(0)) == [JONAS]
    assert shared.once(Seen(own=0, others=8), "team", lambda: looks.pop(0)) == [ANNA, JONAS]


async def test_a_row_is_made_once_as_long_as_it_says_the_same() -> None:
    shared, made = Shared(), ["jonas", "ready", "bereit"]
    assert shared.made((JONAS, "en"), lambda: made.pop(0)) == "jonas"
    assert shared.made((an_agent("jonas", "Jonas"), "en"), lambda: made.pop(0)) == "jonas"
    assert shared.made((an_agent("jonas", "Jonas", AgentState.PAUSED), "en"), lambda: made.pop(0)) == "ready"
    assert shared.made((JONAS, "de"), lambda: made.pop(0)) == "bereit"


async def test_what_was_made_long_ago_is_forgotten() -> None:
    shared = Shared()
    for n in range(MOST + 1):
        shared.made(n, lambda: "then")
    assert [shared.made(n, lambda: "now") for n in (MOST, 1, 0)] == ["then", "then", "now"]


async def news_of_the_team(desk: AsyncIterator[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The next event that tells of it."""
    async with asyncio.timeout(5):
        async for _, data in desk:
            if data["rows"] or "team" in data["parts"]:
                return data
    raise AssertionError("the stream has ended")


async def test_who_has_changed_is_told_and_the_rest_of_the_team_stays(office: Office) -> None:
    await hire(office, "anna", "Anna")
    for login in ("jonas", "tom"):
        office.desks.works(an_agent(login, login.title()))
    desk = Listener(office, await token_of(office, "anna")).reads()
    first = (await anext(desk))[1]
    assert [first["parts"]["team"].count(f">{name}") for name in ("Anna", "Jonas", "Tom")] == [1, 1, 1]
    office.desks.works(an_agent("jonas", "Jonas", AgentState.PAUSED, reason="lunch"))
    changed = await news_of_the_team(desk)
    assert (list(changed["rows"]), "team" in changed["parts"]) == (["jonas"], False)
    office.desks.works(an_agent("uwe", "Uwe"))
    whole = await news_of_the_team(desk)
    assert (whole["rows"], ">Uwe" in whole["parts"]["team"], "Mittag" in whole["parts"]["team"]) == ({}, True, True)
    await desk.aclose()  # type: ignore[attr-defined]


async def test_each_desk_marks_its_own_agent_and_nobody_else(office: Office) -> None:
    await hire(office)
    await hire(office, "jonas", "Jonas Petersen")
    listeners = [Listener(office, await token_of(office, login)) for login in ("anna", "jonas")]
    desks = [one.reads() for one in listeners]
    for desk in desks:
        await anext(desk)
    office.desks.works(an_agent("jonas", "Jonas Petersen", AgentState.PAUSED, reason="lunch"))
    for desk in desks:
        await until(desk, "team", "Mittag")
    rows = [one.text.split("<li") for one in listeners]
    last = [{name: next(row for row in reversed(own) if name in row) for name in ("Anna", "Jonas")} for own in rows]
    assert [[name for name, row in own.items() if "(Sie)" in row] for own in last] == [["Anna"], ["Jonas"]]
    for desk in desks:
        await desk.aclose()  # type: ignore[attr-defined]
