"""The stream behind the desk: whose calls it tells, what no browser gets, and what comes of a lost connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Route, expect

from engine.ports.desk import NoMessage
from engine.terms import AgentState
from engine.transfer.limits import Refused
from engine.web.desk import words as said
from engine.web.session import SESSION
from tests.web.desk_scenes import HIDDEN, KORN, AtWork, at_work, hire
from tests.web.office import PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Listener:
    """Somebody who reads the stream, and all that came over it."""

    def __init__(self, office: Office, token: str, path: str = "/desk/events") -> None:
        self._office, self._token, self._path, self.text = office, token, path, ""

    async def reads(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Event by event, until the server ends it."""
        timeout = aiohttp.ClientTimeout(total=20)
        async with (
            aiohttp.ClientSession(cookies={SESSION: self._token}, timeout=timeout) as session,
            session.get(f"{self._office.url}{self._path}") as answer,
        ):
            assert (answer.status, answer.content_type) == (200, "text/event-stream")
            name = ""
            async for line in answer.content:
                self.text += line.decode()
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    yield name, json.loads(line[6:])


async def token_of(office: Office, login: str) -> str:
    """A session of that agent."""
    return (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token


async def until(reading: AsyncIterator[tuple[str, dict[str, Any]]], part: str, text: str) -> None:
    """Read on until that part says so."""
    async with asyncio.timeout(5):
        async for _, data in reading:
            rows = data.get("rows", {}).values() if part == "team" else ()
            if any(text in html for html in (data.get("parts", {}).get(part, ""), *rows)):
                return


async def test_two_agents_never_see_each_others_call(office: Office) -> None:
    await hire(office)
    await hire(office, "jonas", "Jonas Petersen")
    await office.set("K1001", KORN)
    anna, jonas = Listener(office, await token_of(office, "anna")), Listener(office, await token_of(office, "jonas"))
    hers, his = anna.reads(), jonas.reads()
    await anext(hers)
    await anext(his)
    AtWork(None, office).talks("vz-1")  # type: ignore[arg-type]
    await until(hers, "call", "Bäckerei Korn, mein Name ist Anna Lindner")
    office.desks.line_is(4)
    await until(his, "line", "<dd>4</dd>")
    assert "im Gespräch" in jonas.text
    assert [word for word in ("Korn", "23125081", "vz-1") if word in jonas.text] == []
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(cookies={SESSION: await token_of(office, "jonas")}, headers=headers) as http:
        async with http.get(f"{office.url}/desk") as answer:
            assert "Korn" not in await answer.text()
        for method, path, data in (
            ("GET", "/desk?call=vz-1", {}), ("GET", "/desk/calls/vz-1/form", {}), ("PUT", "/desk/calls/vz-1/draft", {}),
            ("POST", "/desk/calls/vz-1/message", {"text": "x", "key": "x"}),
            ("POST", "/desk/calls/vz-1/close", {"reason": "sales"}), ("POST", "/desk/calls/vz-1/messages/1/undo", {}),
        ):  # fmt: skip
            async with http.request(method, office.url + path, data=data or None) as answer:
                assert (answer.status, "Korn" in await answer.text()) == (404, False), path
    await asyncio.gather(hers.aclose(), his.aclose())  # type: ignore[attr-defined]


async def test_what_is_not_released_is_in_no_byte_that_the_browser_gets(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    listener = Listener(office, await token_of(office, "anna"))
    reading = listener.reads()
    async with at_work(office, browser) as anna:
        texts: list[str] = []

        async def read(route: Route) -> None:
            answer = await route.fetch()
            texts.append(await answer.text())
            await route.fulfill(response=answer)

        await anna.page.route("**/desk/form", read)
        await anna.page.route("**/desk", read)
        anna.talks()
        await until(reading, "call", "eva@korn.example")
        await anna.page.reload()
        await expect(anna.part("call").locator(".greeting")).to_be_visible()
        await anna.presses("m")
    everything = "".join([listener.text, *texts])
    assert "eva@korn.example" in everything
    assert [word for word in HIDDEN if word in everything.replace("\u00a0", " ")] == []
    await reading.aclose()  # type: ignore[attr-defined]


async def test_a_session_that_ends_ends_its_stream(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.page.fill("[name=text]", "Noch nicht gespeichert.")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert")
        user = await office.accounts.user_of("anna")
        assert user
        await office.accounts.sign_out_everywhere(user.id)
        anna.ends()
        await expect(anna.page.locator("#lost")).to_contain_text("Sie sind nicht mehr angemeldet.")
        await expect(anna.note.locator("[name=text]")).to_have_value("Noch nicht gespeichert.")
        await anna.page.click("#lost a")
        await anna.visitor.fills(login="anna", password=PASSWORD)
        await anna.page.locator("main button:not(.away)").click()
        await expect(anna.note.locator("[name=text]")).to_have_value("Noch nicht gespeichert.")


async def test_a_part_that_is_asked_for_after_the_session_leads_to_the_sign_in_and_back(office: Office) -> None:
    await hire(office)
    token = await token_of(office, "anna")
    headers = {"HX-Request": "true", "Referer": f"{office.url}/desk?call=vz-1", "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(cookies={SESSION: token}, headers=headers) as http:
        async with http.get(f"{office.url}/desk/form") as answer:
            assert answer.status == 200
        await office.accounts.sign_out(token)
        for ask in (
            http.get(f"{office.url}/desk/form"),
            http.post(f"{office.url}/desk/state", data={"state": "ready"}),
        ):
            async with ask as answer:
                assert (answer.status, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/desk%3Fcall%3Dvz-1")
                flash = answer.cookies["flash"].value
        async with http.get(f"{office.url}/sign-in", cookies={"flash": flash}) as answer:
            assert "Ihre Sitzung ist" in await answer.text()


async def test_a_silent_stream_ends_with_its_session_too(office: Office) -> None:
    await hire(office)
    token = await token_of(office, "anna")
    reading = Listener(office, token).reads()
    assert (await anext(reading))[0] == "look"
    await office.accounts.sign_out(token)
    assert [name async for name, _ in reading] == ["over"]


async def test_a_lost_connection_is_told_and_the_desk_comes_back_with_the_truth(
    office: Office, browser: Browser
) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.page.fill("[name=text]", "Die Torte")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert")
        await anna.page.context.set_offline(True)
        lost = anna.page.locator("#lost")
        await expect(lost).to_contain_text("Verbindung unterbrochen.")
        await anna.page.fill("[name=text]", "Die Torte wird abgeholt")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf noch nicht gesichert")
        anna.ends(wrap_up=60)
        await anna.page.context.set_offline(False)
        await expect(anna.part("state").locator(".big")).to_have_text("Nachbearbeitung")
        await expect(lost).to_be_hidden()
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert")
        await expect(anna.note.locator("[name=text]")).to_have_value("Die Torte wird abgeholt")
        anna.visitor.said.clear()  # what the browser says of a network that is away


async def test_two_tabs_of_one_agent_show_one_state(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as first:
        page = await first.page.context.new_page()
        await page.goto(f"{office.url}/desk")
        await first.presses("p")
        big = page.locator("[data-part=state] .big")
        await expect(big).to_have_text("in der Pause: kurze Pause")
        await page.keyboard.press("b")
        await expect(first.part("state").locator(".big")).to_have_text("bereit")
        first.talks()
        await expect(page.locator("#customer")).to_have_text("Bäckerei Korn K1001")
        await first.page.fill("[name=text]", "Bitte zurückrufen.")
        await first.presses("Control+Enter")
        await expect(page.locator("[data-part=calls] .how")).to_have_text("gerade jetzt")
        first.ends()
        await expect(page.locator("[data-part=calls] .how")).to_have_text("Nachricht")


async def test_every_word_of_the_rules_has_one_at_the_desk() -> None:
    assert (set(said.STATES), set(said.STATE_ICONS)) == (set(AgentState), set(AgentState))
    assert set(said.NO_MESSAGE) == set(NoMessage)
    assert set(said.WHY_NOT) == set(Refused)
    keys = [one.key for one in said.KEYS]
    assert len(set(keys)) == len(keys)
