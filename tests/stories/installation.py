"""The product as an administrator has it: `vorzimmer run` in a home of its own, used through its command line.

Rule of this file: a separate process, stopped by signal. What is only looked at (the state, the records, the
channels of the switch) is read through the product's own doors, without starting a process for each look.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from engine.main import client
from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.ports.agent_days import Talk, Tally
from engine.service.catalogue import CatalogueService
from engine.store.agent_days import StoredAgentDays
from engine.store.calls import StoredCalls
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database
from engine.terms import AgentId, CallId
from pbx.runtime.secret_files import ARI_USER, ari_password
from tests.catalogue import RULES
from tests.ports import free_port

VORZIMMER = Path(sys.executable).parent / "vorzimmer"
START_LIMIT = 60.0
STOP_LIMIT = 20.0
LIMIT = 10.0
"""Seconds after which a test has waited long enough."""
WRAP_UP = 0.2
QUICK = {
    "RING_TIME": "4",
    "ALERT_TIME": "3",
    "NO_ANSWER_DELAY": "0.5",
    "REJECT_DELAY": "0.5",
    "AUTO_PAUSE_AFTER": "3",
    "WRAP_UP": str(WRAP_UP),
    "TRANSFER_LEGS_PER_MINUTE": "100",
    "TRANSFER_LEGS_AT_ONCE": "100",
    "PHONE_TRANSFERS": "on",
}
"""Settings for short tests."""


async def eventually(
    look: Callable[[], Awaitable[bool]], what: str, within: float = LIMIT, every: float = 0.02
) -> None:
    """Look again and again until it is so: for what another process does and tells nobody. Raises AssertionError."""
    end = time.monotonic() + within
    while not await look():
        assert time.monotonic() < end, f"not within {within} s: {what}"
        await asyncio.sleep(every)


@dataclass
class Installation:
    """One home with its settings."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.sip = ("127.0.0.1", free_port())
        ports = {"SIP_PORT": str(self.sip[1]), "WEB_PORT": str(free_port()), "RTP_START": "16000", "RTP_END": "19999"}
        self.home.mkdir(parents=True, exist_ok=True)
        self.settings = {"HOME": str(self.home), "CONFIG": "/dev/null", **ports, **self.settings}

    @property
    def environment(self) -> dict[str, str]:
        """For a `vorzimmer` of this home."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("VORZIMMER_")}
        return others | {f"VORZIMMER_{name}": value for name, value in self.settings.items()} | {"COLUMNS": "200"}

    # --- the command line

    def begin(self) -> subprocess.Popen[bytes]:
        """`vorzimmer run`; does not wait until it is ready."""
        with (self.home / "run.out").open("ab") as out, (self.home / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [VORZIMMER, "run"], env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=log
            )
        return self.process

    async def start(self) -> None:
        """`vorzimmer run`, until it takes calls."""
        process = self.begin()

        async def ready() -> bool:
            assert process.poll() is None, f"vorzimmer run has ended: {self.log}"
            return await self.is_ready()

        await eventually(ready, "vorzimmer run takes calls", START_LIMIT)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal; the exit code. Raises AssertionError if a process of this home is left."""
        assert self.process is not None
        self.process.send_signal(number)
        try:
            code = self.process.wait(STOP_LIMIT)
        finally:
            self.process.kill()
        end = time.monotonic() + START_LIMIT
        while self.processes() and time.monotonic() < end:
            time.sleep(0.02)  # an engine that was killed in between may have left its snapshot half taken
        left = self.processes()
        assert left == [], left
        return code

    @property
    def engine(self) -> int:
        """The engine's process, 0 while one takes over from another; `process` is the one that keeps it."""
        return int((self.home / "engine.lock").read_text("ascii") or "0")

    def kill(self) -> None:
        """`kill -9` of the engine and of what keeps it; its Asterisk goes on."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_LIMIT)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.engine, signal.SIGKILL)  # it dies with its keeper, but a moment later
        with (self.home / "engine.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until it is gone

    async def dies(self, then: Callable[[], Awaitable[None]] | None = None) -> None:
        """`kill -9` of the engine alone, and what happens at once; until its keeper's next one takes calls."""
        died = self.engine
        os.kill(died, signal.SIGKILL)
        if then:
            await then()

        async def followed() -> bool:
            return self.engine not in (0, died) and await self.is_ready()

        await eventually(followed, "the next engine serves")

    def signal_switch(self, number: signal.Signals) -> None:
        """Kill, freeze or thaw Asterisk; the engine goes on."""
        os.kill(int((self.home / "asterisk" / "pid").read_text("ascii")), number)

    def processes(self) -> list[str]:
        """The command lines of all processes that have to do with this home."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                theirs = (place / "environ").read_bytes()
            except OSError:
                continue
            if str(self.home) in words or f"VORZIMMER_HOME={self.home}\0".encode() in theirs:
                found.append(words)
        return found

    async def vorzimmer(self, *arguments: str, **settings: str) -> tuple[int, str, str]:
        """One command; exit code, what it said, what it complained of."""
        environment = self.environment | {f"VORZIMMER_{name}": value for name, value in settings.items()}
        child = await asyncio.create_subprocess_exec(
            VORZIMMER, *arguments, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(START_LIMIT):
            said, complained = await child.communicate()
        return child.returncode or 0, said.decode(), complained.decode()

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """The engine stands still and the switch goes on: what it learns on waking has happened in a known order."""
        engine = self.engine
        os.kill(engine, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(engine, signal.SIGCONT)

    # --- looking

    async def is_ready(self) -> bool:
        """Whether an engine answers and takes calls."""
        try:
            return bool((await self.ask("GET", "/status"))["ready"])
        except client.NotRunning:
            return False

    async def unwritten(self) -> int:
        """Journal entries that are not in the database yet; none where no engine runs."""
        try:
            return int((await self.ask("GET", "/status"))["failures"]["journal_backlog"])
        except client.NotRunning:
            return 0

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the engine answers to its command line."""
        return await client.ask(self.home, method, path, body)

    async def switch(self, what: str) -> list[str]:
        """The ids of all `channels` or `bridges` that the switch has."""
        return [found["id"] for found in await self._all(what)]

    async def answered(self) -> list[str]:
        """The ids of the channels that are up and in the engine's hands, as the switch sees it."""
        channels = await self._all("channels")
        return [one["id"] for one in channels if (one["state"], one["dialplan"]["app_name"]) == ("Up", "Stasis")]

    async def _all(self, what: str) -> list[dict[str, Any]]:
        async with self._ari() as session, session.get(f"ari/{what}") as answer:
            return list(await answer.json())

    async def hang_up_all(self) -> None:
        """End what a story that failed has left, so that the next one does not fail with it."""
        async with self._ari() as session:
            for channel in await self.switch("channels"):
                await session.delete(f"ari/channels/{channel}")

        async def quiet() -> bool:
            return bool((await self.ask("GET", "/status"))["calls"] == 0)

        await eventually(quiet, "no calls are left")

    def _ari(self) -> aiohttp.ClientSession:
        port = (self.home / "run" / "ari-port").read_text("ascii")
        authorization = aiohttp.encode_basic_auth(ARI_USER, ari_password(self.home))
        return aiohttp.ClientSession(f"http://127.0.0.1:{port}/", headers={"Authorization": authorization})

    async def records(self, but: frozenset[str] = frozenset()) -> list[CallRecord]:
        """Every call that is none of these, as far as it is written down, in the order of arrival."""
        async with self._database() as database:
            listed = await StoredCalls(database).last(10_000)
        return sorted((call.record for call in listed if call.record.id not in but), key=arrival)

    async def trail(self, call: str) -> list[TrailEntry]:
        """What happened in this call, as far as it is written down."""
        async with self._database() as database:
            return list(await StoredCalls(database).trail(CallId(call)))

    async def day_of(self, agent: str, since: datetime) -> tuple[Tally, list[Talk]]:
        """What is known of the agent's calls from this aware time on."""
        async with self._database() as database:
            days, span = StoredAgentDays(database), (since, since + timedelta(hours=1))
            tallies = await days.tallies(*span, AgentId(agent))
            return tallies.get(AgentId(agent), Tally()), list(await days.talks(AgentId(agent), *span))

    async def attempts(self, call: str) -> list[CallAttempt]:
        """Every leg to a transfer target of this call, as far as it is written down, in their order."""
        async with self._database() as database:
            return list(await StoredCalls(database).attempts(CallId(call)))

    async def take_over(self, text: str) -> None:
        """As `vorzimmer import --replace` does it."""
        async with self._database() as database:
            await CatalogueService(StoredCatalogue(database), RULES).import_text(text, replace=True)
        await self.ask("POST", "/reload")

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[Database]:
        database = Database(f"sqlite:///{self.home}/vorzimmer.db")
        try:
            yield database
        finally:
            await database.close()

    @property
    def log(self) -> str:
        """What the engine has logged."""
        return (self.home / "run.log").read_text("utf-8", "replace")

    @property
    def complaints(self) -> list[str]:
        """What the engine has logged beyond mere information, as `event` of each line; that an alarm ends is none."""
        lines = [json.loads(line) if line.startswith("{") else {"event": line} for line in self.log.splitlines()]
        return [line["event"] for line in lines if line.get("level") != "info" and line["event"] != "alarm_ended"]


@contextmanager
def installed(home: Path, **settings: str) -> Iterator[Installation]:
    """An installation that serves, for as many stories as one likes; at the end nothing of it is left."""
    made = Installation(home, {**QUICK, **settings})
    asyncio.run(made.start())
    yield made
    assert made.stop() == 0


def arrival(record: CallRecord) -> tuple[object, int]:
    """What calls are ordered by: when the switch made the channel, and its number among those of that moment."""
    return record.arrived_at, int(record.id.rpartition(".")[2])
