"""Who serves: the product as it is installed, and Asterisk's own queue in the product's place.

Rule of this file: both have the same Asterisk with the same configuration, agents and phones; only the dialplan of the
peer leads into `app_queue`. Both are asked for the same things by their own means.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, Self

from engine.ports import Phone, Trunk
from engine.terms import AgentId, PhoneKind
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.install import installation
from pbx.runtime.settings import Mode, SwitchSettings
from tests.bench import machine
from tests.bench.customers import SILENT, TRUNK, fill
from tests.ports import free_port
from tests.stories.installation import Installation

HERE = Path(__file__).parent
AGENTS = 40
"""At the phones' port; one more is at a port of its own, for whoever needs a phone that behaves otherwise."""
LOGINS = [f"agent{n}" for n in range(1, AGENTS + 2)]
NEEDED = ("ast_channel_agent_login_type", "ast_channel_agent_logoff_type")
"""Messages that our configuration does without; `app_queue` does not load then. Nothing here sends them."""
QUIET_LIMIT = 60.0


class Side(Protocol):
    """One of the two."""

    name: str
    server: tuple[str, int]
    phones: tuple[int, int]
    """The port of the first `AGENTS` agents' phones, and that of the last one."""
    logins: Sequence[str]
    """Its agents."""
    numbers: Sequence[str]
    """What callers dial."""
    silent: Sequence[str]
    """The same for callers who wait with 180 and no sound."""

    def pids(self) -> dict[str, int]:
        """The processes that serve, by what they are."""

    async def staff(self, logins: Sequence[str]) -> None:
        """These agents are ready and no others."""

    async def hang_up_all(self) -> None:
        """End every call there is."""

    async def quiet(self) -> bool:
        """Wait until no call is left; whether that came about."""

    async def stop(self) -> None:
        """End everything."""


def phone_uris(ports: tuple[int, int], logins: Sequence[str] = LOGINS) -> dict[str, str]:
    """Where each agent's phone is."""
    return {login: f"sip:{login}@127.0.0.1:{ports[login == logins[-1]]}" for login in logins}


async def _console(etc: Path, text: str) -> str:
    child = await asyncio.create_subprocess_exec(
        *installation(Mode.AUTO).command, "-C", str(etc / "asterisk.conf"), "-rx", text,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await child.communicate()
    return said.decode(errors="replace")


async def _until(look: Callable[[], Awaitable[bool]], within: float) -> bool:
    end = time.monotonic() + within
    while not await look():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.1)
    return True


async def _no_channels(etc: Path) -> bool:
    return "\n0 active channels" in "\n" + await _console(etc, "core show channels count")


class Ours:
    """`vorzimmer run`, with so many customers."""

    name = "vorzimmer"
    silent: Sequence[str] = (SILENT,)
    logins: Sequence[str] = LOGINS
    details: Mapping[str, Any] = MappingProxyType({})
    """Of every customer, as in the YAML."""

    def __init__(self, home: Path, numbers: Sequence[str], rtp: int) -> None:
        settings = {"MAX_WAIT": "3600", "RTP_START": str(rtp), "RTP_END": str(rtp + 4999)}
        self.installed = Installation(home, settings)
        self.server, self.numbers = self.installed.sip, numbers
        self.phones = free_port(), free_port()
        self._ready: set[str] = set()

    @classmethod
    async def start(cls, home: Path, customers: int, rtp: int) -> Self:
        """Serving. Raises AssertionError if it does not."""
        ours = cls(home, [], rtp)
        ours.numbers = await fill(home, customers, phone_uris(ours.phones, ours.logins), **ours.details)
        await ours.prepare()
        await ours.installed.start()
        return ours

    async def prepare(self) -> None:
        """What the store is to have besides, before an engine runs."""

    @property
    def etc(self) -> Path:
        """Asterisk's configuration."""
        return self.installed.home / "asterisk" / "etc"

    def pids(self) -> dict[str, int]:
        assert self.installed.process is not None
        asterisk = int((self.installed.home / "asterisk" / "pid").read_text("ascii"))
        return {"asterisk": asterisk, "engine": self.installed.engine}

    async def staff(self, logins: Sequence[str]) -> None:
        for login in self.logins:
            wished = login in logins
            if wished != (login in self._ready):
                state = "ready" if wished else "pause"
                await self.installed.ask("PUT", f"/agents/{login}/state", {"state": state})
        self._ready = set(logins)

    async def restart(self, **settings: str) -> None:
        """End, then serve with these settings besides; nobody is ready."""
        await asyncio.to_thread(self.installed.stop)
        self.installed.settings |= settings
        await self.installed.start()
        self._ready = set(self.logins)  # whoever was: all are told
        await self.staff([])

    async def hang_up_all(self) -> None:
        await _console(self.etc, "channel request hangup all")

    async def quiet(self) -> bool:
        async def look() -> bool:
            return (await self.installed.ask("GET", "/status"))["calls"] == 0 and await _no_channels(self.etc)

        return await _until(look, QUIET_LIMIT)

    async def stop(self) -> None:
        try:
            await asyncio.to_thread(self.installed.stop)
        except AssertionError:  # the engine is dead and has left its Asterisk
            await self.installed.vorzimmer("pbx", "stop")
            raise


class QueueSwitch(Asterisk):
    """The product's Asterisk with `app_queue` in the engine's place."""

    def _write(self, files: dict[str, str]) -> None:
        members = "".join(f"member => PJSIP/{login}\n" for login in LOGINS)
        kept = (line for line in files["stasis.conf"].splitlines() if not line.endswith(NEEDED))
        super()._write(
            files
            | {
                "stasis.conf": "\n".join(kept) + "\n",
                "modules.conf": files["modules.conf"] + "load = app_queue.so\n",
                "inbound.conf": (HERE / "peer" / "inbound.conf").read_text("utf-8"),
                "queues.conf": (HERE / "peer" / "queues.conf").read_text("utf-8") + members,
            }
        )


def _peer_settings(home: Path, rtp: int) -> SwitchSettings:
    home.mkdir(parents=True)
    return SwitchSettings(home, "127.0.0.1", free_port(), (rtp, rtp + 4999), ari_port=free_port())


class Theirs:
    """`app_queue`."""

    name = "app_queue"
    silent: Sequence[str] = (SILENT,)
    logins: Sequence[str] = LOGINS

    def __init__(self, switch: Asterisk, phones: tuple[int, int], numbers: Sequence[str]) -> None:
        self._switch, self.phones, self.numbers = switch, phones, numbers
        self.server = switch.settings.sip_host, switch.settings.sip_port
        self._ready = set(LOGINS)

    @classmethod
    async def start(cls, home: Path, numbers: Sequence[str], rtp: int) -> Theirs:
        """Serving. Raises SwitchProblem if it does not, AssertionError if the queue is not there."""
        settings = _peer_settings(home, rtp)
        switch = await QueueSwitch.prepare(settings)
        ports = free_port(), free_port()
        uris = phone_uris(ports)
        phones = [Phone(AgentId(login), login, PhoneKind.STATIC, uri=uri) for login, uri in uris.items()]
        await switch.start([Trunk(TRUNK, ("127.0.0.1",))], phones)
        shown = await switch.command("queue show pool")
        assert shown.count("PJSIP/") == len(LOGINS), f"app_queue does not have its members: {shown}"
        return cls(switch, ports, numbers)

    def pids(self) -> dict[str, int]:
        process = self._switch.running()
        assert process is not None, "the Asterisk with app_queue has ended"
        return {"asterisk": process.pid}

    async def staff(self, logins: Sequence[str]) -> None:
        for login in self.logins:
            wished = login in logins
            if wished != (login in self._ready):
                await self._switch.command(f"queue {'un' if wished else ''}pause member PJSIP/{login}")
        self._ready = set(logins)

    async def hang_up_all(self) -> None:
        await self._switch.command("channel request hangup all")

    async def quiet(self) -> bool:
        return await _until(lambda: _no_channels(self._switch.settings.etc), QUIET_LIMIT)

    async def stop(self) -> None:
        await self._switch.stop()


def cpu(side: Side) -> dict[str, float]:
    """Seconds of CPU that each of the side's processes has used so far."""
    return {name: machine.cpu_seconds(pid) for name, pid in side.pids().items()}


async def stop(side: Side) -> None:
    """End it; that it does not end well is told, but takes nothing from the figures."""
    try:
        await side.stop()
    except Exception as problem:
        print(f"{side.name} does not end well: {problem}", file=sys.stderr)
