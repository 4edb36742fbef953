"""What the tests of the ARI link share: an Asterisk with nothing but ARI, and a link that writes down all."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pbx.ari import AriLink, Patience, Pulse
from pbx.ari.model import AnyEvent
from pbx.runtime.install import installation
from pbx.runtime.settings import Mode

USER = "vorzimmer"
LIMIT = 10.0
"""Seconds after which a test has waited long enough."""
QUICK = Pulse(every=0.2, deadline=0.3)
EAGER = Patience(first_retry=0.02, longest_retry=0.1, close=0.1)
_MODULES = (
    "res_timing_timerfd", "res_http_websocket", "res_websocket_client", "res_speech", "res_sorcery_config",
    "res_stasis", "res_stasis_answer", "res_stasis_recording", "res_stasis_playback", "res_stasis_snoop",
    "app_stasis", "res_ari", "res_ari_model", "res_ari_applications", "res_ari_asterisk", "res_ari_bridges",
    "res_ari_channels", "res_ari_events", "res_ari_playbacks", "res_musiconhold", "pbx_config",
    "bridge_simple", "bridge_softmix",
)  # fmt: skip
_FILES = {
    "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in _MODULES),
    "logger.conf": "[logfiles]\nmessages = notice,warning,error\n",
    "http.conf": "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {port}\n",
    "ari.conf": f"[general]\nenabled = yes\n[{USER}]\ntype = user\npassword = {{password}}\n",
    "extensions.conf": "[phone]\nexten => s,1,Answer()\n same => n,Wait(60)\n",
}
_OWN_DIRECTORIES = ("varlib", "db", "key", "agi", "spool", "run", "log", "sbin")


@dataclass(frozen=True)
class Switch:
    """An Asterisk that runs."""

    port: int
    password: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def asterisk(etc: Path) -> AsyncIterator[Switch]:
    """An Asterisk with its files in `etc`, ready when a link has come up."""
    switch = Switch(free_port(), secrets.token_hex(8))
    installed = await asyncio.to_thread(installation, Mode.AUTO)
    places = {f"ast{name}dir": etc for name in _OWN_DIRECTORIES}
    places |= {"astetcdir": etc, "astmoddir": installed.modules, "astdatadir": installed.data}
    lines = [f"{name} = {place}\n" for name, place in places.items()]
    (etc / "asterisk.conf").write_text("[directories]\n" + "".join(lines))
    for name, text in _FILES.items():
        (etc / name).write_text(text.format(port=switch.port, password=switch.password))
    process = await asyncio.create_subprocess_exec(
        *installed.command, "-C", str(etc / "asterisk.conf"), "-f", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with linked(switch):
            pass
        yield switch
    finally:
        process.kill()
        await process.wait()


class Witness:
    """Owner of a link: keeps in `seen` what it was told, in order: `up`, `down`, events, outcomes."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.on_up: Callable[[AriLink], Awaitable[None]] | None = None
        self.on_event: Callable[[AnyEvent], None] | None = None
        self._more = asyncio.Event()

    def note(self, what: object) -> None:
        self.seen.append(what)
        self._more.set()

    def event(self, event: AnyEvent) -> None:
        self.note(event)
        if self.on_event:
            self.on_event(event)

    async def up(self, link: AriLink) -> None:
        if self.on_up:
            await self.on_up(link)
        self.note("up")

    def down(self) -> None:
        self.note("down")

    async def until(self, enough: Callable[[list[object]], bool]) -> None:
        """Wait until `enough(seen)`. Raises TimeoutError after LIMIT seconds."""
        async with asyncio.timeout(LIMIT):
            while not enough(self.seen):
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def linked(
    switch: Switch, witness: Witness | None = None, *, port: int | None = None, app: str = "vorzimmer",
    pulse: Pulse | None = None,
) -> AsyncIterator[AriLink]:  # fmt: skip
    """A link that is up, to the switch or to another port that leads there."""
    witness = witness or Witness()
    link = a_link(switch, witness, port=port, app=app, pulse=pulse)
    running = asyncio.create_task(link.run())
    try:
        await witness.until(lambda seen: "up" in seen)
        yield link
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def a_link(
    switch: Switch,
    witness: Witness,
    *,
    port: int | None = None,
    app: str = "vorzimmer",
    pulse: Pulse | None = None,
    patience: Patience = EAGER,
) -> AriLink:
    """A link that does not run yet."""
    return AriLink(
        f"http://127.0.0.1:{port or switch.port}/ari", USER, switch.password, app,
        on_event=witness.event, on_up=witness.up, on_down=witness.down, pulse=pulse, patience=patience,
    )  # fmt: skip
