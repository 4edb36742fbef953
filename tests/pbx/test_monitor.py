"""The monitor at a real Asterisk: phones that come and go, trunks, and a connection that is cut, frozen or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from engine.ports import Trunk
from engine.terms import AgentId
from pbx.monitor import Link, Monitor, Pace
from pbx.monitoring.reading import Report, Tasks
from pbx.phone import Phone
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import AMI_USER, ami_password
from pbx.runtime.settings import AMI_HOST
from tests.pbx.fault_proxy import FaultProxy
from tests.pbx.runtime_world import AGENT1, AGENT2, CARRIER, running, settings_for
from tests.stories.installation import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEAD = Trunk("dead", (), "sip:127.0.0.1:9", "4930123450", "s3cret")
LOGIN = AgentId("agent2")
QUICK = Pace(look=0.2, patience=0.5, retry=0.1)
LIMIT = 10.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asterisk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    settings = settings_for(tmp_path_factory.mktemp("watched"))
    async with running(settings, [CARRIER, DEAD], [AGENT1, AGENT2]) as asterisk:
        yield asterisk


class Told:
    """What the monitor has told, and the monitor."""

    def __init__(self, port: int, password: str, pace: Pace = QUICK) -> None:
        self.phones: list[tuple[AgentId, bool | None]] = []
        self.reports: list[Report] = []
        self.fails = 0
        self.monitor = Monitor((AMI_HOST, port), AMI_USER, password, self._phone, self.reports.append, pace)

    def _phone(self, login: AgentId, there: bool | None) -> None:
        self.phones.append((login, there))
        if self.fails:
            self.fails -= 1
            raise RuntimeError("a fault in whoever listens")

    @property
    def changes(self) -> list[bool | None]:
        """What was told of the one phone that registers, repetitions left out."""
        assert {login for login, _ in self.phones} <= {LOGIN}
        told = [there for _, there in self.phones]
        return [there for n, there in enumerate(told) if n == 0 or there is not told[n - 1]]

    async def becomes(self, look: Callable[[], bool], within: float = LIMIT) -> None:
        async def looks() -> bool:
            return look()

        await eventually(looks, f"{self.monitor.seen}, {self.phones}", within)

    async def is_(self, *changes: bool | None, within: float = LIMIT) -> None:
        await self.becomes(lambda: self.changes == list(changes), within)


@asynccontextmanager
async def watching(asterisk: Asterisk, port: int = 0) -> AsyncIterator[Told]:
    """A monitor that has read the truth once."""
    told = Told(port or asterisk.settings.ami_port, ami_password(asterisk.settings.home))
    task = asyncio.create_task(told.monitor.run())
    try:
        await told.becomes(lambda: told.monitor.seen.link is Link.WATCHING)
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def phone() -> Phone:
    return Phone(user=LOGIN, password=AGENT2.password)


async def test_a_phone_comes_and_goes_within_a_second(asterisk: Asterisk) -> None:
    async with watching(asterisk) as told:
        await told.is_(False)
        async with phone() as telephone:
            await telephone.register(("127.0.0.1", asterisk.settings.sip_port))
            await told.is_(False, True, within=1.0)
        await told.is_(False, True, False, within=1.0)
        assert told.monitor.seen.trunks == {"dead": "Unregistered"}
        assert told.monitor.seen.tasks == Tasks(0, 0)


async def test_a_phone_that_registers_from_elsewhere_is_never_gone(asterisk: Asterisk) -> None:
    there = ("127.0.0.1", asterisk.settings.sip_port)
    async with phone() as first, phone() as second, watching(asterisk) as told:
        await first.register(there)
        await second.register(there)
        contacts = await asterisk.command("pjsip show contacts")
        assert (contacts.count(f"Contact:  {LOGIN}/"), str(second.address[1]) in contacts) == (1, True)
        told.monitor.look_again()
        await told.is_(False, True)
        await second.close()
        await told.is_(False, True, False, within=1.0)


async def test_what_is_there_already_is_known_at_once(asterisk: Asterisk) -> None:
    async with phone() as telephone:
        await telephone.register(("127.0.0.1", asterisk.settings.sip_port))
        async with watching(asterisk) as told:
            assert told.changes == [True]


async def test_a_cut_connection_means_unknown_until_the_truth_is_read_again(asterisk: Asterisk) -> None:
    async with FaultProxy(asterisk.settings.ami_port) as proxy, watching(asterisk, proxy.port) as told:
        proxy.cut()
        await told.is_(False, None, False)
        await told.becomes(lambda: told.monitor.seen.link is Link.WATCHING)
        assert proxy.accepted == 2


async def test_a_frozen_connection_is_noticed(asterisk: Asterisk) -> None:
    async with FaultProxy(asterisk.settings.ami_port) as proxy, watching(asterisk, proxy.port) as told:
        proxy.freeze()
        await told.is_(False, None, within=QUICK.look + 2 * QUICK.patience + 1.0)
        assert told.monitor.seen.link is Link.AWAY
        proxy.thaw()
        await told.is_(False, None, False)


async def test_small_pieces_make_whole_messages(asterisk: Asterisk) -> None:
    async with FaultProxy(asterisk.settings.ami_port) as proxy:
        proxy.piece = 7
        async with watching(asterisk, proxy.port) as told:
            assert told.changes == [False]


async def test_nobody_there_is_tried_again(asterisk: Asterisk) -> None:
    async with FaultProxy(asterisk.settings.ami_port) as proxy, watching(asterisk, proxy.port) as told:
        await proxy.refuse()
        await told.is_(False, None)
        async with proxy:
            await told.is_(False, None, False)


async def test_a_wrong_password_is_tried_once(asterisk: Asterisk) -> None:
    async with FaultProxy(asterisk.settings.ami_port) as proxy:
        told = Told(proxy.port, "mistyped", Pace(retry=0.1))  # Asterisk takes a second to say no
        async with asyncio.timeout(LIMIT):
            await told.monitor.run()
        assert (told.monitor.seen.link, proxy.accepted, told.phones) == (Link.REFUSED, 1, [])


async def test_a_fault_in_whoever_listens_ends_nothing(asterisk: Asterisk) -> None:
    async with watching(asterisk) as told, phone() as telephone:
        told.fails = 1  # in the event
        await telephone.register(("127.0.0.1", asterisk.settings.sip_port))
        await told.is_(False, True)
        told.fails = 1  # in reading the whole truth
        told.monitor.look_again()
        await told.becomes(lambda: not told.fails and told.monitor.seen.link is Link.WATCHING)
        assert told.monitor.seen.phones == {LOGIN: True}


async def test_the_switch_has_nothing_to_complain_of(asterisk: Asterisk) -> None:
    lines = asterisk.settings.log.read_text("utf-8").splitlines()
    complaints = [line for line in lines if " ERROR[" in line or (" WARNING[" in line and "registration" not in line)]
    assert complaints == []
