"""What an administrator saves on the pages counts at once: at the running engine and at its Asterisk, calls go on."""

from __future__ import annotations

import html
import re

import aiohttp
import pytest

from engine.accounts import Role
from engine.main.stored import accounts_of
from engine.store.database import Database
from engine.web.session import SESSION
from pbx.phone import Phone
from pbx.phone.errors import PhoneError
from tests.ports import free_port
from tests.stories.installation import Installation
from tests.stories.people import AGENT_HZ, Agent
from tests.stories.scene import NUMBER, Scene

LOGIN, PASSWORD = "root", "vier gruene Boote im Nebel"
CARL = {"name": "Carl Blau", "phone.kind": "registered", "phone.uri": "", "skills": ""}
FIRST = "+491701111111"


async def administrator(installation: Installation) -> aiohttp.ClientSession:
    """Somebody who has signed in at this installation's pages."""
    database = Database(f"sqlite:///{installation.home}/vorzimmer.db")
    try:
        accounts = accounts_of(database)
        if await accounts.user_of(LOGIN) is None:
            _, link = await accounts.add_user(LOGIN, "Rita Oot", Role.ADMIN)
            await accounts.redeem(link, PASSWORD)
        token = (await accounts.sign_in(LOGIN, PASSWORD, address="127.0.0.1", device="test")).token
    finally:
        await database.close()
    url = f"http://127.0.0.1:{installation.settings['WEB_PORT']}"
    return aiohttp.ClientSession(url, cookies={SESSION: token}, headers={"Sec-Fetch-Site": "same-origin"})


async def sends(session: aiohttp.ClientSession, path: str, **fields: str) -> tuple[int, str]:
    """The form with these fields: status and page."""
    async with session.post(path, data=fields, allow_redirects=False) as answer:
        return answer.status, await answer.text()


def shown(page: str) -> str:
    """The password on it."""
    found = re.search(r'class="token" tabindex="0">(.*?)<', page)
    assert found, page
    return html.unescape(found[1])


async def test_an_agent_made_on_the_pages_takes_the_next_call(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    await scene.opens()
    async with await administrator(scene.installation) as session:
        caller = await scene.caller()
        await caller.dials(NUMBER, FIRST)
        await caller.sees(180)
        status, page = await sends(session, "/admin/agents/new", login="carl", **CARL)
        assert status == 201
        async with Phone(user="carl", port=free_port(), password=shown(page), hz=AGENT_HZ) as phone:
            await phone.register(scene.installation.sip)
            carl = Agent("carl", phone, scene.installation)
            await carl.becomes("ready")
            await carl.takes_the_call()
            await caller.hears_the_agent()
            status, page = await sends(session, "/admin/agents/carl/password")
            assert status == 201
            await carl.hears_the_caller()
            with pytest.raises(PhoneError):
                await phone.register(scene.installation.sip)
            assert (await sends(session, "/admin/agents/carl/remove"))[0] == 303
            await carl.hears_the_caller()
            await carl.hangs_up()
            await caller.is_hung_up_on()
        assert await scene.installation.ask("GET", "/agents") == []
    assert await scene.trails() == [
        [
            f"arrived {FIRST} for {NUMBER}", "customer K1 Muster GmbH", "180", "ringing_agent carl", "picked_up carl",
            "200", "agent_left normal", "ended answered, normal", "charged 1 min",
        ]
    ]  # fmt: skip


async def test_a_trunk_that_is_removed_brings_no_call_and_one_that_is_made_does(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    await scene.opens()
    async with await administrator(scene.installation) as session:
        assert (await sends(session, "/admin/trunks/carrier/remove"))[0] == 303
        caller = await scene.caller()
        await caller.dials(NUMBER, FIRST)
        await caller.is_refused(401)
        fields = {"name": "carrier", "match": "127.0.0.1", "number_from": "request_uri", "max_calls": "9"}
        fields |= {"outbound.numbers": "plus", "outbound.identity": "asserted"}  # as the page sends them untouched
        assert (await sends(session, "/admin/trunks/new", **fields))[0] == 303
    caller = await scene.caller()
    await caller.dials(NUMBER, FIRST)
    await caller.sees(180)
    await caller.hangs_up()
    left = ["caller_left", "ended abandoned, normal", "charged 0 min"]
    assert await scene.trails() == [[f"arrived {FIRST} for {NUMBER}", "customer K1 Muster GmbH", "180", *left]]
