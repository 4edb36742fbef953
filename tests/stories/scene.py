"""One story: its customers, agents and callers at a running installation, and what must be left of it: nothing.

Rule of this file: every call of a story has its whole trail compared, and afterwards no channel, bridge, open call or
busy agent is there, and the engine has complained of nothing that the story did not expect.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from engine.call.state import State
from engine.ports import CallRecord, TrailEntry
from engine.store import journal_file
from pbx.phone import Loss, Phone
from tests.ports import free_port
from tests.stories.installation import LIMIT, Installation, eventually
from tests.stories.people import AGENT_HZ, CALLER_HZ, Agent, Caller

NUMBER = "+4930123450"
"""The access number of a story's first customer."""
TRUNKS = [
    {"name": "carrier", "match": ["127.0.0.1"]},
    {"name": "by-to", "match": ["127.0.0.2"], "number_from": "to"},
    {"name": "by-pcp", "match": ["127.0.0.3"], "number_from": "p_called_party_id"},
]
ALWAYS = {"name": "always", "hours": {"mon-sun": ["00:00-24:00"]}}
NEVER = {"name": "never", "hours": {}}
PASSWORD = "s3cret-Phone"


class Scene:
    """A story that is being told."""

    def __init__(self, installation: Installation, stack: AsyncExitStack, before: frozenset[str]) -> None:
        self.installation, self._stack, self._before = installation, stack, before
        self._customers: list[dict[str, Any]] = []
        self._agents: list[dict[str, Any]] = []
        self._limits: dict[str, dict[str, Any]] = {}
        self._phones: list[Phone] = []
        self._registered: list[Phone] = []
        self._told: set[str] = set()
        self.trunks: list[dict[str, Any]] = list(TRUNKS)
        self.expected_complaints: list[str] = []
        self.complains_of: set[str] = set()
        """What the engine complains of besides, as often as it wants."""

    # --- setting up

    def has_customer(self, number: str = NUMBER, name: str = "Muster GmbH", **settings: Any) -> None:
        """A customer with this access number; further keys as in the YAML."""
        entry = {"number": f"K{len(self._customers) + 1}", "name": name, "access_numbers": [number]}
        self._customers.append({**entry, "tariff": "always", **settings})

    def limits(self, trunk: str, **limits: Any) -> None:
        """What the trunk of this name may bring; counts after `opens`."""
        self._limits[trunk] = limits

    async def hires(
        self, login: str, *, registered: bool = False, at: str | None = None, loss: Loss | None = None,
        hz: int | None = AGENT_HZ, **settings: Any
    ) -> Agent:  # fmt: skip
        """An agent with a phone that says `hz`; `at` is a SIP URI at which something else stands."""
        password = PASSWORD if registered else None
        phone = await self.phone(Phone(user=login, port=free_port(), password=password, hz=hz, loss=loss))
        if registered:
            self._registered.append(phone)
        host, port = phone.address
        line = {"kind": "static", "uri": at or f"sip:{login}@{host}:{port}"}
        entry = {"login": login, "name": login.title(), "phone": line, **settings}
        self._agents.append(entry | ({"phone": {"kind": "registered", "password": PASSWORD}} if registered else {}))
        return Agent(login, phone, self.installation)

    def employs(self, login: str, **settings: Any) -> None:
        """An agent to whom the story brings no phone; keys as in the YAML."""
        self._agents.append({"login": login, "name": login.title(), **settings})

    async def opens(self, *ready: Agent) -> None:
        """Take everything over; these agents are ready, the longest idle first."""
        skills = {name for agent in self._agents for name in agent.get("groups", [])}
        catalogue = {
            "trunks": [trunk | self._limits.get(str(trunk["name"]), {}) for trunk in self.trunks],
            "groups": [{"name": name} for name in sorted(skills)],
            "agents": self._agents,
            "tariffs": [ALWAYS, NEVER],
            "customers": self._customers,
        }
        await self.installation.take_over(json.dumps(catalogue, ensure_ascii=False))
        if self._registered:
            await asyncio.gather(*(phone.register(self.installation.sip) for phone in self._registered))
            self._registered.clear()
        for agent in ready:
            await agent.becomes("ready")

    async def another_phone(self, agent: Agent) -> Agent:
        """The same agent with another phone, that registers with the same login in the place of the first."""
        phone = await self.phone(Phone(user=agent.login, port=free_port(), password=PASSWORD, hz=AGENT_HZ))
        await phone.register(self.installation.sip)
        return Agent(agent.login, phone, self.installation)

    def change_customer(self, **settings: Any) -> None:
        """Other settings for the first customer; counts after `opens`."""
        self._customers[0] |= settings

    async def caller(self) -> Caller:
        """Somebody with a telephone."""
        return Caller(await self.phone(Phone(hz=CALLER_HZ)), self.installation.sip)

    async def phone(self, phone: Phone) -> Phone:
        """A telephone, until the story is over."""
        self._phones.append(phone)
        return await self._stack.enter_async_context(phone)

    async def waiting(self, callers: int) -> None:
        """So many wait in the line, those included whose agent's phone rings, and an engine's death changes it no more.

        For the file to which the next engine looks is written a moment later.
        """

        async def look() -> bool:
            return len(await self.installation.ask("GET", "/queue")) == callers

        async def kept() -> bool:
            there = journal_file.read(self.installation.home / "run" / "journal").calls.values()
            return sum(one.call.state in (State.WAITING, State.RINGING) for one in there) == callers

        await eventually(look, f"{callers} callers wait")
        await eventually(kept, f"{callers} callers are known to wait if the engine dies")

    async def call_id(self) -> str:
        """The last call's, once it is written down."""

        async def look() -> bool:
            return bool(await self._records())

        await eventually(look, "the call is written down")
        return (await self._records())[-1].id

    async def noted(self, what: list[str]) -> None:
        """These lines stand in the trail of the first call, in this order, with or without others in between."""

        async def look() -> bool:
            records = await self._records()
            trail = await self.installation.trail(records[0].id) if records else []
            rest = iter([line(entry) for entry in trail])
            return all(word in rest for word in what)

        await eventually(look, f"the trail has {what}", within=20.0)

    async def noted_of(self, call: str, what: str, within: float = LIMIT) -> None:
        """This line stands in the trail of this call."""

        async def look() -> bool:
            return what in [line(entry) for entry in await self.installation.trail(call)]

        await eventually(look, f"the trail of {call} has {what}", within, every=0.1)

    # --- what happened

    async def records(self) -> list[CallRecord]:
        """Every call of this story, in the order of arrival, once all are closed."""

        async def all_closed() -> bool:
            unwritten = await self.installation.unwritten()  # asked first: what is written by then is among the records
            records = await self._records()
            return not unwritten and bool(records) and all(record.outcome != "open" for record in records)

        await eventually(all_closed, "every call is closed")
        return await self._records()

    async def calls(self) -> list[tuple[CallRecord, list[TrailEntry]]]:
        """Every call of this story with its trail, in the order of arrival, once all are closed."""
        return [(record, await self.installation.trail(record.id)) for record in await self.records()]

    async def trails(self) -> list[list[str]]:
        """The whole trail of every call of this story, in the order of arrival, once all are closed.

        Each line with its details, but for the charged seconds.
        """
        calls = await self.calls()
        self.has_told(*(record.id for record, _ in calls))
        return [[line(entry) for entry in trail] for _, trail in calls]

    def has_told(self, *calls: str) -> None:
        """The trails of these calls were compared by other means than `trails`."""
        self._told |= set(calls)

    async def _records(self) -> list[CallRecord]:
        return await self.installation.records(but=self._before)

    # --- the end

    async def nothing_is_left(self) -> None:
        """0 calls, 0 channels, 0 bridges, no busy agent; every trail was told; nobody complained."""
        await eventually(self._quiet, "no calls, no channels, no bridges, every agent free")
        have = {record.id for record in await self._records()}
        assert have == self._told, (have - self._told, self._told - have)
        assert [call for phone in self._phones for call in phone.waiting] == []
        new = Counter(self.installation.complaints) - Counter(self.expected_complaints)
        assert set(new) <= self.complains_of, new

    async def _quiet(self) -> bool:
        status = await self.installation.ask("GET", "/status")
        busy = set(status["agents"]) - {"ready", "offline", "paused"}
        left = [*await self.installation.switch("channels"), *await self.installation.switch("bridges")]
        unwritten = status["failures"]["journal_backlog"]
        open_calls = [record.id for record in await self._records() if record.outcome == "open"]
        return not (status["calls"] or status["waiting"] or busy or left or unwritten or open_calls)


def line(entry: TrailEntry) -> str:
    """One line of a trail: what and detail, but for the charged seconds."""
    return f"{entry.what} {entry.detail.partition(' (')[0] if entry.what == 'charged' else entry.detail}".rstrip()


def at(trail: list[TrailEntry], what: str) -> datetime:
    """When this happened for the first time. Raises StopIteration if it did not."""
    return next(entry.at for entry in trail if entry.what == what)


@asynccontextmanager
async def story(installation: Installation, *, to_the_end: bool = True) -> AsyncIterator[Scene]:
    """A story at this installation; fails if anything is left of it. Not `to_the_end`: the engine stops within it."""
    await installation.hang_up_all()
    before = frozenset(record.id for record in await installation.records())
    for agent in await installation.ask("GET", "/agents"):
        await installation.ask("PUT", f"/agents/{agent['login']}/state", {"state": "offline"})
    complained = installation.complaints
    async with AsyncExitStack() as stack:
        scene = Scene(installation, stack, before)
        scene.expected_complaints = list(complained)
        yield scene
        if to_the_end:
            await scene.nothing_is_left()
