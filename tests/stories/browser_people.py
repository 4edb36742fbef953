"""Agents whose telephone is a browser: Chromium with a microphone that beeps, at the product's own page.

Rule of this file: words only; each waits for what it says, with a limit, and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from playwright.async_api import Browser
from playwright.async_api import TimeoutError as TimeoutError_

from engine.accounts import Role
from engine.main.stored import accounts_of
from engine.store.database import Database
from engine.terms import AgentId
from tests.stories.installation import LIMIT, Installation, eventually
from tests.stories.scene import Scene
from tests.web.browsing import Visitor, chromium, visiting

WORDS = "vier gruene Boote im Nebel"
SWITCHES = (
    "--use-fake-device-for-media-stream",  # a microphone that beeps once a second
    "--use-fake-ui-for-media-stream",  # and that is given without a question
    "--allow-loopback-in-peer-connection",
)
PEERS = """
    window.peers = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...all) { super(...all); window.peers.push(this); }
    };
"""
"""Every connection that the page makes can be asked."""
HEADSET = """
    window.headset = {};
    const told = MediaSession.prototype.setActionHandler;
    MediaSession.prototype.setActionHandler = function (key, action) {
        told.call(this, key, action);
        window.headset[key] = action;
    };
"""
"""What the browser calls when a key of a headset or keyboard is pressed can be called."""
_VOICE = """async () => {
    const found = { in: 0, out: 0, energy: 0 };
    for (const peer of window.peers.filter((one) => one.connectionState === "connected"))
        for (const one of (await peer.getStats()).values()) {
            if (one.type === "inbound-rtp") { found.in += one.packetsReceived; found.energy += one.totalAudioEnergy; }
            if (one.type === "outbound-rtp") found.out += one.packetsSent;
        }
    return found;
}"""


class BrowserAgent:
    """Somebody who answers in the browser."""

    def __init__(self, login: str, visitor: Visitor, installation: Installation) -> None:
        self.login, self.visitor, self.installation = login, visitor, installation
        self.at = "/desk/phone"
        """Where the phone is: in a window of its own, or at `/desk`."""

    async def signs_in(self) -> None:
        """With a login of the same name, which is made first; the phone's page is open then."""
        async with _database(self.installation) as database:
            accounts = accounts_of(database)
            known = await accounts.user_of(self.login)
            if known is None:
                who = (self.login, self.login.title(), Role.AGENT)
                _, link = await accounts.add_user(*who, agent=AgentId(self.login))
                await accounts.redeem(link, WORDS)
        await self.visitor.signs_in(self.login, WORDS)
        await self.visitor.page.wait_for_url("**/desk")
        await self.visitor.opens(self.at)

    async def phone_is(self, state: str, within: float = LIMIT) -> None:
        """The page shows it."""
        place = self.visitor.page.locator(f"#phone-set[data-state='{state}']")
        try:
            await place.wait_for(timeout=within * 1000)
        except TimeoutError_:
            seen = await self.visitor.page.locator("#phone-set").get_attribute("data-state")
            raise AssertionError(f"{self.login}: phone is {seen}, not {state}; {self.visitor.said}") from None

    async def becomes(self, state: str) -> None:
        """`ready`, `pause` or `offline`, at once or after the call."""
        await self.installation.ask("PUT", f"/agents/{self.login}/state", {"state": state})

    async def is_reachable(self, yes: bool, within: float = LIMIT) -> None:
        """The engine knows it."""

        async def look() -> bool:
            rows = {row["login"]: row["reachable"] for row in await self.installation.ask("GET", "/agents")}
            return bool(rows[self.login] is yes)

        await eventually(look, f"{self.login} reachable: {yes}", within)

    async def presses(self, button: str) -> None:
        """The button of this name in the page."""
        await self.visitor.presses(button)

    async def key(self, order: str) -> None:
        """What the desk's page fires when its key is pressed: `answer`, `hangup`, `mute`, `hold`."""
        await self.visitor.page.evaluate("order => document.dispatchEvent(new CustomEvent(`desk:${order}`))", order)

    async def headset(self, key: str) -> None:
        """A key of the headset or the keyboard, as the browser tells of it (W3C Media Session)."""
        await self.visitor.page.evaluate("key => window.headset[key]({ action: key })", key)

    async def may_hold(self) -> None:
        """The desk's page says that the law lets this call be held."""
        await self.visitor.page.evaluate("document.getElementById('phone-set').dataset.hold = 'yes'")

    async def loads_anew(self) -> None:
        """F5, and "leave" where the browser asks."""
        self.visitor.page.once("dialog", lambda dialog: dialog.accept())
        await self.visitor.page.reload()

    async def leaves(self) -> None:
        """The page is closed, whatever it has to say to that."""
        await self.visitor.page.close(run_before_unload=False)

    async def clicks_somewhere(self) -> None:
        """Without which a page that was loaded anew may make no sound."""
        await self.visitor.page.locator("h1").click()

    async def sends(self, request: str) -> str:
        """This SIP request by a socket of its own; the code of the first answer. The page's phone ends by it."""
        cookies = {one["name"]: one["value"] for one in await self.visitor.page.context.cookies()}
        async with (
            aiohttp.ClientSession(cookies=cookies) as client,
            client.ws_connect(
                f"{self.visitor.url}/desk/phone/ws", protocols=("sip",), origin=self.visitor.url
            ) as socket,
        ):
            await socket.send_str(request)
            return (await socket.receive_str(timeout=LIMIT)).split()[1]

    async def is_shown(self, what: str, yes: bool = True) -> None:
        """The phone says so: `muted`, `held`."""
        shown = self.visitor.page.locator(f"#phone-set [data-phone='{what}']")
        await shown.wait_for(state="visible" if yes else "hidden", timeout=LIMIT * 1000)

    async def sees(self, text: str) -> bool:
        """Whether it stands in the phone, to be read."""
        return text in await self.visitor.page.locator("#phone-set").inner_text()

    async def voice(self) -> dict[str, float]:
        """Packets that came `in` and went `out`, and the `energy` of what was heard, of the call that is there."""
        found: dict[str, float] = await self.visitor.page.evaluate(_VOICE)
        return found

    async def hears_the_caller(self, within: float = LIMIT) -> None:
        """From now on sound comes in that is no silence, and ours goes out: at least a second of each."""
        before = await self.voice()

        async def look() -> bool:
            now = await self.voice()
            gained = {key: now[key] - before[key] for key in now}
            return gained["in"] > 50 and gained["out"] > 50 and gained["energy"] > 0.001

        await eventually(look, f"{self.login} hears the caller", within, every=0.1)


@asynccontextmanager
async def _database(installation: Installation) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{installation.home}/vorzimmer.db")
    try:
        yield database
    finally:
        await database.close()


class Browsers:
    """Chromium, for as many agents as there are in a story."""

    def __init__(self, browser: Browser, stack: AsyncExitStack) -> None:
        self._browser, self._stack = browser, stack

    async def hires(self, scene: Scene, login: str, **settings: Any) -> BrowserAgent:
        """An agent with a browser; counts after `scene.opens`."""
        scene.employs(login, phone={"kind": "browser"}, **settings)
        told = scene.installation.settings
        scheme = "http" if told.get("WEB_TLS", "none") == "none" else "https"
        url = f"{scheme}://127.0.0.1:{told['WEB_PORT']}"
        # A certificate of the installation's own is one that somebody has made an exception for.
        more: dict[str, Any] = {"permissions": ["microphone"], "ignore_https_errors": scheme == "https"}
        visitor = await self._stack.enter_async_context(visiting(self._browser, url, **more))
        await visitor.page.add_init_script(PEERS)
        await visitor.page.add_init_script(HEADSET)
        return BrowserAgent(login, visitor, scene.installation)


@asynccontextmanager
async def browsers() -> AsyncIterator[Browsers]:
    """A browser with a microphone."""
    async with chromium(*SWITCHES) as browser, AsyncExitStack() as stack:
        yield Browsers(browser, stack)
