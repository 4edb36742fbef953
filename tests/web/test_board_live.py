"""The stream behind the board: drawn once for all who look, told to each, and to nobody who may not know."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from engine.accounts import Identity, Role
from engine.ports.desk import Seen
from engine.ports.supervision import Refusal
from engine.service.supervision import FloorNow, NotALeader
from engine.store.database import StoreError
from engine.terms import AgentId, Treatment
from engine.web.board import words as said
from engine.web.board.drawing import Drawing
from engine.web.board.wall import Wall
from tests.customers import somebody
from tests.web.asking import asking
from tests.web.board_scenes import caller, promote
from tests.web.desk_scenes import hire
from tests.web.desks import a_call, an_agent
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.test_desk_live import Listener

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATHS = ("/desk/board", "/desk/board/events", "/desk/board/there", "/desk/board/calls/vz-1", "/desk/board/agents/anna")
ORDERS = (
    "/desk/board/calls/vz-1/front", "/desk/board/calls/vz-1/assign", "/desk/board/calls/vz-1/pick-up",
    "/desk/board/agents/anna/state", "/desk/board/agents/anna/listen", "/desk/board/listening/stop",
)  # fmt: skip
Reading = AsyncIterator[tuple[str, dict[str, Any]]]


async def watching(office: Office, login: str) -> tuple[Listener, Reading]:
    """A board of this supervisor, with the first look behind it."""
    token = (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token
    listener = Listener(office, token, "/desk/board/events")
    reading = listener.reads()
    await anext(reading)
    return listener, reading


async def rows(reading: Reading, text: str) -> dict[str, Any]:
    """Read on until a row that has changed says so, or is called so; the news of its list."""
    async with asyncio.timeout(5):
        async for _, data in reading:
            news: dict[str, Any]
            for news in data.get("lists", {}).values():
                if any(text in key + html for key, html in news["rows"].items()):
                    return news
    raise AssertionError(text)


async def test_a_change_is_on_every_board_within_half_a_second_and_only_the_change(office: Office) -> None:
    await promote(office)
    await office.sign_up("rita", "Rita Winter", Role.ADMIN, language="en")
    office.desks.queue_is(caller(office, 1, 70), caller(office, 2, 30))
    boards = [(await watching(office, login))[1] for login in ("sven", "rita", "sven")]
    took: list[float] = []
    for n in (3, 4, 5):
        began = time.monotonic()
        office.desks.queue_is(*office.desks.queue, caller(office, n, 1, treatment=Treatment.RINGING))
        news = [rows(reading, f"vz-{n}") for reading in boards]
        told = await asyncio.gather(*news)
        took.append(time.monotonic() - began)
        assert [(one["order"][-1], list(one["rows"])) for one in told] == [(f"vz-{n}", [f"vz-{n}"])] * 3
        seen = ["hears the ring tone" if "hears" in one["rows"][f"vz-{n}"] else "hört das Freizeichen" for one in told]
        assert seen == ["hört das Freizeichen", "hears the ring tone", "hört das Freizeichen"]
    assert min(took) < 0.5
    await asyncio.gather(*(reading.aclose() for reading in boards))  # type: ignore[attr-defined]


async def test_one_look_is_enough_for_twenty_boards(office: Office) -> None:
    await promote(office)
    web, by = office.app.state.web, await _identity(office, "sven")
    async with contextlib.AsyncExitStack() as stack:
        faces = [await stack.enter_async_context(web.wall.watched(web, by, "de")) for _ in range(20)]
        first = await web.wall.edition(faces[0], -1, 5)
        while "figures" not in first.drawn.parts:
            first = await web.wall.edition(faces[0], first.number, 5)
        looks = office.desks.looks
        office.desks.queue_is(caller(office, 1, 1))
        editions = await asyncio.gather(*(web.wall.edition(face, first.number, 5) for face in faces))
        assert len({id(one.after(first.number)) for one in editions}) == 1
        assert office.desks.looks - looks <= 2  # one for the change; one more if a second was over
    assert web.wall._task is None
    looks = office.desks.looks
    office.desks.queue_is()
    async with asyncio.timeout(5):
        await office.desks.changed(AgentId(""), Seen(0, 0))
    assert office.desks.looks == looks  # nothing is drawn while nobody looks


async def test_who_has_missed_an_edition_gets_everything(office: Office) -> None:
    await promote(office)
    office.desks.queue_is(caller(office, 1, 1), caller(office, 2, 1))
    web, by = office.app.state.web, await _identity(office, "sven")
    async with web.wall.watched(web, by, "de") as face:
        edition = await web.wall.edition(face, -1, 5)
        for n in (3, 4):
            before = edition
            office.desks.queue_is(*office.desks.queue, caller(office, n, 1))
            while f"vz-{n}" not in edition.drawn.lists["waiting"]:
                edition = await web.wall.edition(face, edition.number, 5)
        step, whole = json.loads(edition.after(before.number)), json.loads(edition.after(before.number - 1))
        assert list(step["lists"]["waiting"]["rows"]) == ["vz-4"]
        assert list(whole["lists"]["waiting"]["rows"]) == ["vz-1", "vz-2", "vz-3", "vz-4"]
        assert edition.after(edition.number + 1) == edition.after(-1)


async def test_a_row_is_drawn_again_only_when_something_of_it_has_changed(office: Office) -> None:
    drawing = Drawing(office.app.state.web.templates["de"].env)
    queue = tuple(caller(office, n, 100 - n) for n in range(50))
    team = tuple(an_agent(f"a{n}", f"Agent {n}") for n in range(10))
    made: list[str] = []
    draw = drawing._made

    def counted(template: str, macro: str, *values: Any) -> Any:
        made.append(macro)
        return draw(template, macro, *values)

    drawing._made = counted  # type: ignore[method-assign]
    first = drawing.draw(FloorNow(queue, team, ()), True)
    assert Counter(made) == {"waiting": 50, "team": 10, "count": 1, "health": 1}
    made.clear()
    queue = (replace(queue[9], to_front=True), *queue[:9], *queue[10:])
    second = drawing.draw(FloorNow(queue, team, ()), True)
    assert Counter(made) == {"waiting": 1, "count": 1, "health": 1}
    assert list(second.lists["waiting"])[:2] == ["vz-9", "vz-0"]
    assert second.lists["team"] == first.lists["team"]


async def test_a_session_that_ends_ends_its_board(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.web.board.events.GUARD", 0.05)
    await promote(office)
    _, reading = await watching(office, "sven")
    user = await office.accounts.user_of("sven")
    assert user
    await office.accounts.sign_out_everywhere(user.id)
    async with asyncio.timeout(5):
        assert [name async for name, _ in reading][-1] == "over"


@pytest.mark.parametrize("problem", [StoreError("away"), DBAPIError("SELECT", {}, Exception("gone"))])
async def test_a_store_that_is_away_takes_the_figures_and_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    monkeypatch.setattr("engine.web.board.events.GUARD", 0.05)
    monkeypatch.setattr("engine.web.board.wall.EVERY", timedelta(milliseconds=50))
    await promote(office)
    web = office.app.state.web

    async def away(*_: Any) -> Any:
        raise problem

    async with asking(office, "sven") as sven:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(web.leading._today._days, "counted", away)
            assert "Die Zahlen des Tages sind nicht verfügbar" in (await sven.gets("/desk/board"))[2]
            _, reading = await watching(office, "sven")
            meanwhile.setattr(web.accounts, "sessions", away)
            office.desks.queue_is(caller(office, 5, 1))
            await rows(reading, "vz-5")
    async with asyncio.timeout(5):
        async for _, data in reading:
            if "Servicelevel" in data.get("parts", {}).get("figures", ""):
                break
    await reading.aclose()  # type: ignore[attr-defined]


async def test_a_board_that_cannot_be_drawn_breaks_off_so_that_the_page_asks_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.web.board.events.GUARD", 0.05)
    await promote(office)
    _, reading = await watching(office, "sven")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(office.desks, "waiting", lambda: 1 / 0)
        office.desks.queue_is()
        async with asyncio.timeout(5):
            assert "over" not in [name async for name, _ in reading]
    office.desks.queue_is(caller(office, 6, 1))
    _, again = await watching(office, "sven")
    await again.aclose()  # type: ignore[attr-defined]


async def test_who_is_no_supervisor_gets_nothing_of_the_board_and_orders_nothing(office: Office) -> None:
    await hire(office)
    await promote(office)
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    office.desks.queue_is(caller(office, 1, 70))
    for login in ("anna", "ines", LOGIN):
        async with asking(office, login) as asker:
            for path in PATHS:
                status, _, text = await asker.gets(path)
                assert (status, "23120001" in text) == (403, False), (login, path)
            for path in ORDERS:
                assert (await asker.sends(path, agent="anna", state="offline"))[0] == 403, (login, path)
            assert "/desk/board" not in (await asker.gets("/account"))[2]
    assert (office.desks.orders, office.desks.wishes) == ([], [])


async def test_no_order_comes_from_another_site(office: Office) -> None:
    await promote(office)
    office.desks.queue_is(caller(office, 1, 70))
    async with asking(office, "sven") as sven:
        for path in ORDERS:
            headers = {"Sec-Fetch-Site": "cross-site"}
            async with sven.client.post(office.url + path, data={"agent": "anna"}, headers=headers) as answer:
                assert answer.status == 403, path
    assert office.desks.orders == []


async def test_what_the_supervisor_sees_of_calls_reaches_no_agents_desk(office: Office) -> None:
    await hire(office)
    await hire(office, "jonas", "Jonas Petersen")
    await promote(office)
    token = (await office.accounts.sign_in("jonas", PASSWORD, address="192.0.2.1", device="test")).token
    jonas = Listener(office, token)
    his = jonas.reads()
    await anext(his)
    _, board = await watching(office, "sven")
    office.desks.rings("anna", a_call("vz-90", office.customers["K1001"], office.clock.now(), caller="+49304990"))
    office.desks.queue_is(caller(office, 1, 70))
    assert "Bäckerei Korn" in str(await rows(board, "49 30 4990".replace(" ", "\u00a0")))
    async with asyncio.timeout(5):
        async for _, data in his:
            if "<dd>1</dd>" in data.get("parts", {}).get("line", ""):
                break
    assert [word for word in ("Korn", "4990", "vz-", "Kanzlei", "23120001") if word in jonas.text] == []
    await asyncio.gather(his.aclose(), board.aclose())  # type: ignore[attr-defined]


async def test_what_no_page_of_ours_would_send_is_refused(office: Office) -> None:
    await promote(office)
    async with asking(office, "sven") as sven:
        for state in ("talking", "paused:doctor", "", "ready:lunch"):
            assert (await sven.sends("/desk/board/agents/sven/state", state=state))[0] == 400, state
        assert (await sven.gets("/desk/board/agents/nobody"))[0] == 404
        status, _, text = await sven.sends("/desk/board/agents/nobody/state", state="ready")
        assert (status, "Diesen Agenten gibt es nicht mehr" in text) == (409, True)
    assert office.desks.wishes == []


async def test_every_refusal_and_treatment_has_its_words(office: Office) -> None:
    assert set(said.REFUSALS) == set(Refusal)
    assert set(said.TREATMENTS) == set(Treatment)
    letters = [key.key for key in said.KEYS]
    assert len(letters) == len(set(letters))
    by = somebody(Role.AGENT, agent=AgentId("anna"))
    with pytest.raises(NotALeader):
        async with Wall().watched(office.app.state.web, by, "de"):
            pass


async def _identity(office: Office, login: str) -> Identity:
    user = await office.accounts.user_of(login)
    assert user
    return user.identity()
