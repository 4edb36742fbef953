"""Stories that take minutes, told side by side from the beginning of the session at an installation of their own.

Rule of this file: a thread with an event loop of its own runs them all, so that they cost the session no time; a test
asks for the outcome of one. Each story has a customer, an agent and a caller's number of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.ports import CallRecord
from pbx.phone import IncomingCall, Phone
from tests.sipp.sipp import Dialling
from tests.stories.installation import QUICK, Installation, eventually
from tests.stories.people import Agent
from tests.stories.scene import Scene, line, story
from tests.stories.transfers import CARRIER, TARGET_HZ, way_out

LONGEST = 300.0
"""Seconds that the whole day may take."""
PATIENCE = 30.0
"""Seconds in which something happens at once, on a machine that has other stories to tell as well."""
_SETTINGS = {"MAX_WAIT": "300", "RTP_START": "14000", "RTP_END": "15999"}


class Callees:
    """Everybody behind the carrier; each story has a number of its own."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._rung: dict[str, IncomingCall] = {}

    async def take(self) -> None:
        """Whatever rings, until cancelled."""
        while True:
            call = await self._phone.rings(LONGEST)
            self._rung[call.dialled] = call

    async def rings(self, number: str, within: float) -> IncomingCall:
        """The call to this number."""

        async def look() -> bool:
            return number in self._rung

        await eventually(look, f"{number} is dialled", within, every=0.1)
        return self._rung.pop(number)


@dataclass
class Part:
    """What one story of the day has to itself."""

    name: str
    n: int
    scene: Scene
    agent: Agent
    deputy: Agent
    """Offline."""
    place: Path
    callees: Callees
    contact: str = "Eva Korn"
    """Of this story's customer, with one number."""

    @property
    def target(self) -> str:
        """That number."""
        return f"+49302000{self.n:03}"

    @property
    def number(self) -> str:
        """The customer's access number."""
        return f"+493012346{self.n:03}"

    @property
    def caller(self) -> str:
        """The caller's number."""
        return f"+49170123{self.n:04}"

    @property
    def server(self) -> tuple[str, int]:
        """Where calls are placed."""
        return self.scene.installation.sip

    def dialling(self, *headers: str, rtp: int = 9) -> Dialling:
        """The call of this story."""
        return Dialling(self.number, caller=self.caller, headers=headers, rtp=rtp)

    async def takes_the_call(self) -> None:
        """The agent is rung and picks up; there is time for it."""
        await self.agent.is_rung(within=PATIENCE)
        await self.agent.picks_up()

    async def trail(self, within: float = PATIENCE) -> list[str]:
        """The whole trail of this story's call without its first two lines, once it is closed."""
        found: list[str] = []

        async def closed() -> bool:
            records = await self.scene.installation.records()
            for record in records:
                if record.caller == self.caller and record.outcome != "open":
                    found[:] = [line(entry) for entry in await self.scene.installation.trail(record.id)]
                    self.scene.has_told(record.id)
            return bool(found)

        await eventually(closed, f"the call of {self.name} is closed", within, every=0.5)
        arrived = [f"arrived {self.caller} for {self.number}", f"customer K{self.n} {self.name}"]
        assert found[:2] == arrived
        return found[2:]

    async def record(self) -> CallRecord | None:
        """Of this story's call, as far as it is written down."""
        records = await self.scene.installation.records()
        return next((record for record in records if record.caller == self.caller), None)

    async def noted(self, what: str, within: float) -> None:
        """The trail of this story's call has this line."""

        async def look() -> bool:
            record = await self.record()
            trail = await self.scene.installation.trail(record.id) if record else []
            return what in [line(entry) for entry in trail]

        await eventually(look, f"the trail of {self.name} has {what}", within, every=0.5)


Story = Callable[[Part], Awaitable[None]]


class LongDay:
    """All of them. `treatments`: how the callers of each story wait."""

    def __init__(self, stories: Mapping[str, tuple[str, Story]], place: Path) -> None:
        self._stories, self._place = stories, place
        self._outcomes: dict[str, Future[None]] = {name: Future() for name in [*stories, "the end"]}
        self._thread = threading.Thread(target=self._run, name="long day")

    def begin(self) -> None:
        """Start everything; returns at once."""
        self._thread.start()

    def outcome(self, name: str) -> None:
        """Wait for the end of this story. Raises what it has raised."""
        self._outcomes[name].result(LONGEST)

    def finish(self) -> None:
        """Wait until all is over and stopped."""
        self._thread.join(LONGEST)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            try:
                runner.run(self._tell_all())
            except BaseException as problem:
                self._fail(problem)
            else:
                self._outcomes["the end"].set_result(None)

    def _fail(self, problem: BaseException) -> None:
        for outcome in self._outcomes.values():
            if not outcome.done():
                outcome.set_exception(problem)

    async def _tell_all(self) -> None:
        installation = Installation(self._place / "vz", QUICK | _SETTINGS)
        await installation.start()
        try:
            async with story(installation) as scene:
                phone = await scene.phone(Phone(CARRIER, hz=TARGET_HZ))
                scene.trunks.append({"name": "out", "match": [CARRIER], "outbound": way_out(phone)})
                callees = Callees(phone)
                parts = [await self._part(n, name, scene, callees) for n, name in enumerate(self._stories, start=1)]
                await scene.opens(*(part.agent for part in parts))
                taking = asyncio.create_task(callees.take())
                await asyncio.gather(*(self._tell(part) for part in parts))
                taking.cancel()
        finally:
            code = await asyncio.to_thread(installation.stop)
        assert code == 0

    async def _part(self, n: int, name: str, scene: Scene, callees: Callees) -> Part:
        agent = await scene.hires(f"agent{n}", groups=[f"group{n}"])
        deputy = await scene.hires(f"deputy{n}", groups=[f"group{n}"])
        part = Part(name, n, scene, agent, deputy, self._place / f"story{n}", callees)
        treatment, _ = self._stories[name]
        target = {"targets": [{"number": part.target, "ring_time": 60}]}
        contact = {"name": part.contact, "notify": {"mail": ["eva@korn.example"]}, "transfer": target}
        minutes = 1 if "a day's minutes" in name else 60
        settings: dict[str, Any] = {"contacts": [contact], "put_through": {"minutes_per_day": minutes}}
        waits = {"wait": {"treatment": treatment}, "routing": {"groups": [f"group{n}"]}}
        scene.has_customer(part.number, name, **waits, **settings)
        return part

    async def _tell(self, part: Part) -> None:
        _, told = self._stories[part.name]
        try:
            await asyncio.sleep(part.n - 1)  # one after the other, for other stories begin at the same time
            await told(part)
        except BaseException as problem:
            self._outcomes[part.name].set_exception(problem)
        else:
            self._outcomes[part.name].set_result(None)
