"""When a ring is on the screen: the page's own clock, from the INVITE or the stream's look to the painted greeting.

Rule of this file: it only looks on. Painted is the first frame after the greeting is in the page; moments are
milliseconds since 1970, 0 where there was none.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from playwright.async_api import Page

from tests.stories.installation import LIMIT

WATCH = """
    const now = () => performance.timeOrigin + performance.now();
    const ring = window.ring = { invite: 0, look: 0, seen: 0, painted: 0 };
    window.WebSocket = class extends WebSocket {
        constructor(...all) {
            super(...all);
            this.addEventListener("message", ({ data }) => {
                if (String(data).startsWith("INVITE")) ring.invite ||= now();
            });
        }
    };
    window.EventSource = class extends EventSource {
        constructor(...all) {
            super(...all);
            this.addEventListener("look", ({ data }) => { if (data.includes("greeting")) ring.look ||= now(); });
        }
    };
    function painted() {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            ring.painted = now();
            window.tellPainted?.();
        };
        port2.postMessage(0); // after the frame
    }
    new MutationObserver(() => {
        if (ring.seen || !document.querySelector(".rings .greeting")) return;
        ring.seen = now();
        requestAnimationFrame(painted);
    }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
"""


@dataclass(frozen=True, slots=True)
class Painted:
    """One ring. `invite`: at a browser that is the phone; `look`: the event; `seen`: in the page, not painted yet."""

    invite: float
    look: float
    seen: float
    painted: float


async def watch(page: Page) -> None:
    """From the next page on that is opened."""
    await page.add_init_script(WATCH)


async def is_painted(page: Page) -> Painted:
    """Wait for it."""
    async with asyncio.timeout(LIMIT):
        await page.evaluate("() => window.ring.painted || new Promise((done) => (window.tellPainted = done))")
    return Painted(**await page.evaluate("() => ({ ...window.ring })"))


async def again(page: Page) -> None:
    """Watch for the next ring, once no greeting is there any more."""
    await page.locator(".greeting").wait_for(state="detached", timeout=LIMIT * 1000)
    await page.evaluate("() => Object.assign(window.ring, { invite: 0, look: 0, seen: 0, painted: 0 })")
