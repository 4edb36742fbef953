"""Attacks on the real switch: whatever comes in, Asterisk and engine stay up, nothing becomes a call that should not.

Rule of this file: every story begins with a phone that works and ends with a call that works: dialled, answered,
talked, charged.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from tests.attacks.sockets import STRANGER, TRUNK, Attacker, attacker, by_tcp, code_of, request
from tests.attacks.torture import MESSAGES
from tests.stories.installation import LIMIT, eventually
from tests.stories.people import Agent
from tests.stories.scene import NUMBER, PASSWORD, Scene

CALLER = "+491701234567"
BECOME_CALLS = ["baddate", "esc01", "escruri", "longreq", "lwsstart", "sdp01"]
"""The torture messages that are a sound INVITE with a session that can be, from a trunk: calls to numbers of nobody."""
SEED = int(os.environ.get("ATTACK_SEED", "4475"))
WRONG = 'Digest username="{user}", realm="asterisk", nonce="1/x", uri="sip:x", response="{n:032x}", algorithm=MD5'
MEMORY = 60_000
"""Kilobytes by which Asterisk may grow under an attack: it keeps memory pools for the next time."""


@dataclass
class Stage:
    """A scene with an agent whose phone is registered."""

    scene: Scene
    anna: Agent
    before: frozenset[str]

    @property
    def server(self) -> tuple[str, int]:
        return self.scene.installation.sip

    @property
    def home(self) -> Path:
        return self.scene.installation.home

    async def calls(self) -> list[str]:
        """The numbers that were dialled by calls of this story."""
        return [record.dialled for record in await self.scene.installation.records(self.before)]

    @property
    def memory(self) -> int:
        """Kilobytes of Asterisk."""
        pid = (self.home / "asterisk" / "pid").read_text("ascii")
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    @property
    def log(self) -> str:
        """What Asterisk has logged."""
        return (self.home / "asterisk" / "log" / "messages.log").read_text("utf-8", "replace")


@pytest.fixture
async def stage(scene: Scene) -> AsyncIterator[Stage]:
    """Before: the phone registers. After: the same Asterisk takes a good call."""
    scene.has_customer()
    anna = await scene.hires("anna", registered=True)
    await scene.opens(anna)
    stage = Stage(scene, anna, frozenset(record.id for record in await scene.installation.records()))
    pid = (stage.home / "asterisk" / "pid").read_text("ascii")
    yield stage
    assert (stage.home / "asterisk" / "pid").read_text("ascii") == pid
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await caller.hangs_up()
    await anna.rings_no_more()
    (*others, good) = await scene.calls()
    assert (good[0].outcome, good[0].charged_minutes) == ("answered", 1)
    assert {(record.outcome, record.charged_minutes) for record, _ in others} <= {("unknown_number", 0)}
    scene.has_told(*(record.id for record, _ in [*others, good]))


async def is_quiet(stage: Stage) -> None:
    """The switch has done with what was sent: an OPTIONS that came after it is answered."""
    async with attacker(stage.server, TRUNK) as asking, asyncio.timeout(10):
        while not asking.codes:
            asking.send(request("OPTIONS", "x", asking.address))
            await asyncio.sleep(0.05)


async def test_torture_from_a_stranger(stage: Stage) -> None:
    before = stage.log
    async with attacker(stage.server) as stranger:
        await stranger.send_all(MESSAGES.values(), rate=100)
        await is_quiet(stage)
    assert set(stranger.codes) == {400, 401, 416, 481}
    assert await stage.calls() == []
    assert stage.log == before, "strangers' packets leave nothing in the log"


async def test_torture_from_a_trunk(stage: Stage) -> None:
    numbers = []
    for name, message in MESSAGES.items():
        async with attacker(stage.server, TRUNK) as carrier:
            carrier.send(message)
            await is_quiet(stage)
            numbers += [name] if 404 in carrier.codes or 100 in carrier.codes else []
    assert sorted(numbers) == BECOME_CALLS
    records = await stage.scene.records()
    assert [record.outcome for record in records] == ["unknown_number"] * len(BECOME_CALLS)


@pytest.mark.parametrize("host", [STRANGER, TRUNK])
async def test_torture_over_tcp(stage: Stage, host: str) -> None:
    async with AsyncExitStack() as stack:
        for message in MESSAGES.values():
            # By UDP they came a moment ago: the same branch would be a repetition of those.
            other = message.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP").replace(b"z9hG4bK", b"z9hG4bKtcp")
            _, writer = await by_tcp(stage.server, other, host)
            stack.callback(writer.close)
        await is_quiet(stage)
    expected = {"joe", "sipsuserexample.com", "user"} if host == TRUNK else set()

    async def have_come() -> bool:
        return set(await stage.calls()) == expected

    await eventually(have_come, "sound INVITEs from the trunk, and no others, have become calls")


@pytest.mark.parametrize("host", [STRANGER, TRUNK])
async def test_noise(stage: Stage, host: str) -> None:
    chance = random.Random(SEED)
    print(f"ATTACK_SEED={SEED}")
    async with attacker(stage.server, host) as noisy, AsyncExitStack() as stack:
        for size in (0, 1, 2, 500, 4000, 65_000):
            noisy.send(chance.randbytes(size))
        for _ in range(300):
            noisy.send(mutated(chance, request("INVITE", "nobody", noisy.address)))
            await asyncio.sleep(0.002)
        for beginning in (b"", b"I", b"INVITE sip:x SIP/2.0\r\nVia:", b"\0" * 100, b"INVITE " + b"a" * 100_000):
            _, writer = await by_tcp(stage.server, beginning, host)
            stack.callback(writer.close)
        await is_quiet(stage)
    assert host == TRUNK or await stage.calls() == []


def mutated(chance: random.Random, message: bytes) -> bytes:
    """The message with a few bytes changed, cut out or said again."""
    text = bytearray(message)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(text)), chance.randint(1, 20)
        change = chance.choice((chance.randbytes(size), b"", text[at : at + size] * 3, b"\r\n", b"\0", b"%s%n"))
        text[at : at + chance.randint(0, size)] = change
    return bytes(text)


async def test_wrong_passwords(stage: Stage) -> None:
    before, memory = stage.log, stage.memory
    for host in (STRANGER, TRUNK):
        async with attacker(stage.server, host) as guessing:
            tries = [guess(guessing, n) for n in range(1500)]
            flood = asyncio.create_task(guessing.send_all(tries, rate=1500))
            await stage.anna.phone.register(stage.server)
            await flood
            await is_quiet(stage)
        codes = Counter(guessing.codes)
        assert codes.keys() == {401}
        assert codes.total() <= len(tries), "no more answers than questions"
    assert stage.log == before
    assert stage.memory < memory + MEMORY


def guess(guessing: Attacker, n: int) -> bytes:
    """A registration of anna's phone with a wrong answer."""
    answer = "Authorization: " + WRONG.format(user="anna", n=n)
    return request("REGISTER", "anna", guessing.address, answer, "Expires: 60", user="anna")


STRANGERS = {
    "from nobody": {},
    "as the trunk": {"user": "carrier"},
    "as the trunk's endpoint": {"user": "trunk%3Acarrier"},
    "as an agent": {"user": "anna"},
    "as the test phone": {"user": "testcall"},
    "with a wrong password": {"user": "testcall", "name": "testcall"},
}


@pytest.mark.parametrize("who", STRANGERS)
async def test_calls_from_strangers(stage: Stage, who: str) -> None:
    values = STRANGERS[who]
    login = [f"Authorization: {WRONG.format(n=1, **values)}"] if "name" in values else []
    for method in ("INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "BYE"):
        async with attacker(stage.server) as stranger:
            asked = request(method, NUMBER, stranger.address, *login, user=values.get("user", CALLER))
            stranger.send(asked)
            await stranger.is_answered(
                within=LIMIT
            )  # the switch has many hands: what came later may be answered sooner
            await is_quiet(stage)
            await stranger.falls_silent(0.6 if method == "INVITE" else 0.05, within=5)
            expected = [481] if method == "BYE" else [401]
            # The same answer comes again where our ACK is half a second late (RFC 3261 § 17.2.1), as on a busy machine.
            said = list(dict.fromkeys(stranger.answers)) if method == "INVITE" else stranger.answers
            assert (method, [code_of(one) for one in said]) == (method, expected), "one answer, and no second"
            assert len(said[0]) < 2 * len(asked)
    assert await stage.calls() == []


async def test_an_agents_phone_reaches_nobody_and_leads_nobody_astray(stage: Stage) -> None:
    for number in (NUMBER, "+4930999", "ben"):
        call = await stage.anna.phone.dial(number, stage.server, caller="anna")
        assert (await call.over(5)).code == HTTPStatus.FORBIDDEN
    assert await stage.calls() == []


async def test_five_hundred_open_connections(stage: Stage) -> None:
    memory = stage.memory
    async with AsyncExitStack() as stack:
        for n in range(500):
            _, writer = await by_tcp(stage.server, b"REGISTER sip:x SIP/2.0\r\n" if n % 2 else b"")
            stack.callback(writer.close)
        await stage.anna.phone.register(stage.server)
        await is_quiet(stage)
    assert stage.memory < memory + MEMORY


async def test_what_lies_open(stage: Stage) -> None:
    secrets = [path.read_bytes() for path in (stage.home / "secrets").iterdir()] + [PASSWORD.encode()]
    found = holders(stage.home, secrets)
    names = {path.name.removesuffix("-wal") for path in found}
    assert {"ari.conf", "manager.conf", "pjsip.conf", "ari-password", "vorzimmer.db"} <= names
    assert [path for path in found if path.stat().st_mode & 0o077 or path.suffix in (".log", ".out")] == []
    assert [words for words in command_lines() if any(secret in words for secret in secrets)] == []
    asterisk = Path("/proc") / (stage.home / "asterisk" / "pid").read_text("ascii")
    assert owner(asterisk) != 0, "Asterisk does not run as root"
    ports = [int((stage.home / "run" / f"{name}-port").read_text("ascii")) for name in ("ari", "ami")]
    assert sorted(listeners(asterisk)) == sorted(("127.0.0.1", port) for port in [*ports, stage.server[1]])


def holders(home: Path, secrets: list[bytes]) -> list[Path]:
    """The files that hold one of the secrets."""
    found = []
    for path in home.rglob("*"):
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):  # a database's journal comes and goes
            if not path.is_socket() and any(secret in path.read_bytes() for secret in secrets):
                found.append(path)
    return found


def command_lines() -> list[bytes]:
    """Of every process."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(place.read_bytes())
    return found


def owner(process: Path) -> int:
    """The user as whom it runs."""
    return process.stat().st_uid


def listeners(process: Path) -> list[tuple[str, int]]:
    """The IPv4 addresses at which this process takes TCP connections."""
    own = {os.readlink(name) for name in (process / "fd").iterdir()}
    found = []
    for line in (process / "net" / "tcp").read_text("ascii").splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == "0A" and f"socket:[{rest[5]}]" in own:
            host, port = local.split(":")
            found.append((str(IPv4Address(int.from_bytes(bytes.fromhex(host), "little"))), int(port, 16)))
    return found
