"""A trunk that registers, tried on two Asterisks: `carrier` plays the registrar, `ours` registers there.

The carrier calls what was registered: our Contact, whose `line` tells the trunk. Who lacks it is a stranger.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from engine.ports import Phone, Trunk
from engine.terms import AgentId, PhoneKind
from pbx.monitor import Monitor
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import AMI_USER, ARI_USER, ami_password, ari_password
from pbx.runtime.settings import AMI_HOST
from tests.pbx.runtime_world import LIMIT, Ear, RawSip, engine_ear, running, settings_for
from tests.stories.installation import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
CARRIER_HOST, OTHER_CARRIER_HOST = "127.0.0.2", "127.0.0.3"
TO, CALLED, REQUEST, BOTH, REFUSED = (f"49302312510{digit}" for digit in range(1, 6))
"""The carrier's accounts: the user of each trunk."""
TRUNKS = {"to": TO, "called": CALLED, "request": REQUEST, "both": BOTH, "refused": REFUSED}
RIGHT, WRONG, CHANGED = 's3c;ret "Trunk" ü', "mistyped-Trunk", "changed-Trunk"
DIALLED, PARTY = "+493023125177", "+493023125188"


def accounts(last: str = RIGHT) -> list[Phone]:
    """What the carrier knows; `last` is the password of the account `REFUSED`."""
    passwords = dict.fromkeys(TRUNKS.values(), RIGHT) | {REFUSED: last}
    return [Phone(AgentId(user), user, PhoneKind.REGISTERED, password=word) for user, word in passwords.items()]


def trunks(carrier: Asterisk, last: str) -> list[Trunk]:
    """Ours at that carrier; `last` is the password that the trunk `refused` has."""
    registrar = f"sip:{CARRIER_HOST}:{carrier.settings.sip_port}"
    return [
        Trunk("to", (), registrar, TO, RIGHT, "to"),
        Trunk("called", (), registrar, CALLED, RIGHT, "p_called_party_id"),
        Trunk("request", (), registrar, REQUEST, RIGHT),
        Trunk("both", (OTHER_CARRIER_HOST,), registrar, BOTH, RIGHT),
        Trunk("refused", (), registrar, REFUSED, last),
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carrier(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    settings = settings_for(tmp_path_factory.mktemp("carrier"), sip_host=CARRIER_HOST)
    async with running(settings, [], accounts()) as carrier:
        yield carrier


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ours(carrier: Asterisk, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    """Ours, where every registration has been answered: one with a refusal, for its password is wrong."""
    settings = settings_for(tmp_path_factory.mktemp("ours"))
    async with running(settings, trunks(carrier, WRONG), []) as ours:
        await becomes(lambda: registrations(ours), registered() | {"refused": "Rejected"})
        yield ours


@pytest_asyncio.fixture(loop_scope="module")
async def ear(ours: Asterisk) -> AsyncIterator[Ear]:
    """An engine that listens."""
    async with engine_ear(ours.settings) as ear:
        yield ear


@dataclass(frozen=True)
class Desk:
    """Where the carrier's calls begin."""

    url: str
    session: aiohttp.ClientSession
    events: aiohttp.ClientWebSocketResponse

    async def call(self, dial: str) -> None:
        """Call a registered account, with a P-Called-Party-ID as carriers send it (RFC 7315 § 4.2)."""
        called = {"PJSIP_HEADER(add,P-Called-Party-ID)": f"<sip:{PARTY}@carrier.example;user=phone>"}
        wanted = {"endpoint": f"PJSIP/{dial}", "app": "vorzimmer", "callerId": "+4917139200", "variables": called}
        async with self.session.post(f"{self.url}/channels", json=wanted) as answer:
            assert answer.status == 200

    async def over(self) -> tuple[list[str], tuple[int, str]]:
        """How the call went: all states of its channel, then the SIP response and the cause that ended it."""
        states = []
        while True:
            event: dict[str, Any] = json.loads(await self.events.receive_str(timeout=LIMIT))
            channel = event.get("channel") or event["peer"]
            states.append(channel["state"])
            if event["type"] == "ChannelDestroyed":
                return sorted(set(states)), (event["tech_cause"], event["cause_txt"])


@pytest_asyncio.fixture(loop_scope="module")
async def desk(carrier: Asterisk) -> AsyncIterator[Desk]:
    settings = carrier.settings
    authorization = aiohttp.encode_basic_auth(ARI_USER, ari_password(settings.home))
    async with (
        aiohttp.ClientSession(headers={"Authorization": authorization}) as session,
        session.ws_connect(f"{settings.ari_url}/events?app=vorzimmer") as events,
    ):
        yield Desk(settings.ari_url, session, events)


async def becomes(look: Callable[[], Awaitable[dict[str, str]]], wanted: dict[str, str]) -> None:
    """Look until it is so; what it is at the end of patience is told."""

    async def is_so() -> bool:
        return await look() == wanted

    with suppress(AssertionError):
        await eventually(is_so, "", 3 * LIMIT)
    assert await look() == wanted


def registered() -> dict[str, str]:
    return dict.fromkeys(TRUNKS, "Registered")


@asynccontextmanager
async def seen_by_the_monitor(ours: Asterisk) -> AsyncIterator[Callable[[], Awaitable[dict[str, str]]]]:
    """What the monitor knows of each trunk's registration; it is told of none but by Asterisk."""
    address, password = (AMI_HOST, ours.settings.ami_port), ami_password(ours.settings.home)
    monitor = Monitor(address, AMI_USER, password, lambda *_: None, lambda _: None)
    watching = asyncio.create_task(monitor.run())

    async def look() -> dict[str, str]:
        return monitor.seen.trunks

    yield look
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def registrations(ours: Asterisk) -> dict[str, str]:
    """The state of each trunk's registration."""
    told = await ours.command("pjsip show registrations")
    return dict(re.findall(r"^ trunk:(\w+)/.* (\w+) +\(exp\. .*\)$", told, re.MULTILINE))


async def contacts(carrier: Asterisk) -> dict[str, str]:
    """The address that each account has registered."""
    told = await carrier.command("database show registrar")
    rows = [json.loads(line.partition(": ")[2]) for line in told.splitlines() if line.startswith("/registrar/contact/")]
    assert len({row["endpoint"] for row in rows}) == len(rows)
    return {row["endpoint"]: row["uri"] for row in rows}


def complaints(asterisk: Asterisk) -> list[str]:
    """Its errors and warnings, but that no engine is there."""
    lines = asterisk.settings.log.read_text("utf-8").splitlines()
    told = [re.sub(r"^.*?: ", "", line) for line in lines if " ERROR[" in line or " WARNING[" in line]
    return [line for line in told if "'vorzimmer'" not in line]


def refusal(carrier: Asterisk) -> str:
    """What one attempt with the wrong password leaves in the log."""
    where = f"{CARRIER_HOST}:{carrier.settings.sip_port}"
    return (
        f"'401' fatal response received from 'sip:{where}' on registration attempt to 'sip:{REFUSED}@{where}', "
        "retrying in '300' seconds"
    )


async def test_the_carrier_knows_a_contact_per_trunk_and_a_line_in_each(carrier: Asterisk, ours: Asterisk) -> None:
    known = await contacts(carrier)
    lines = {uri.partition(";line=")[2] for uri in known.values()}
    assert {user: uri.partition(";line=")[0] for user, uri in known.items()} == {
        user: f"sip:{user}@127.0.0.1:{ours.settings.sip_port}" for user in (TO, CALLED, REQUEST, BOTH)
    }
    assert len(lines) == 4
    assert [line for line in lines if not re.fullmatch("[a-z0-9]{7}", line)] == []


@pytest.mark.parametrize(
    ("dial", "told"),
    [
        (TO, [TO, "trunk:to"]),
        (f"{DIALLED}@{TO}", [DIALLED, "trunk:to"]),
        (f"{DIALLED}@{CALLED}", [PARTY, "trunk:called"]),
        (f"{DIALLED}@{REQUEST}", [DIALLED, "trunk:request"]),
        (REQUEST, [REQUEST, "trunk:request"]),
        (f"{DIALLED}@{BOTH}", [DIALLED, "trunk:both"]),
    ],
)
async def test_the_engine_is_told_the_number_and_the_trunk(desk: Desk, ear: Ear, dial: str, told: list[str]) -> None:
    await desk.call(dial)
    number, trunk = told
    assert await ear.call() == ["inbound", number, "", "allowed_not_screened", trunk]
    assert await desk.over() == (["Down"], (603, "Call Rejected"))


async def test_a_trunk_is_known_by_its_line_first_and_by_its_addresses(
    carrier: Asterisk, ours: Asterisk, ear: Ear
) -> None:
    line = (await contacts(carrier))[TO].partition(";")[2]
    cases = [
        ([], [REQUEST, "trunk:both"]),
        ([f"To: <sip:{DIALLED}@carrier.example;{line}>"], [DIALLED, "trunk:to"]),
    ]
    for headers, (number, trunk) in cases:
        async with RawSip.socket(OTHER_CARRIER_HOST) as other, asyncio.TaskGroup() as both:
            call = both.create_task(ear.call())
            both.create_task(other.invite(ours.settings, REQUEST, "+4917139200", headers))
        assert call.result() == ["inbound", number, "", "allowed_not_screened", trunk]


@pytest.mark.parametrize("host", ["127.0.0.1", CARRIER_HOST, "127.0.0.9"])
@pytest.mark.parametrize("parameter", ["", ";line=", ";line=abcdefg", ";line=trunk:to"])
async def test_a_stranger_gets_no_call(ours: Asterisk, ear: Ear, host: str, parameter: str) -> None:
    there = f"To: <sip:{TO}@127.0.0.1:{ours.settings.sip_port}{parameter}>"
    async with RawSip.socket(host) as stranger:
        assert [await stranger.invite(ours.settings, TO, user, [there]) for user in (TO, "trunk:to")] == [401, 401]
    assert await ear.channels() == []


async def test_a_wrong_password_is_told_once_and_mended_by_a_reload(carrier: Asterisk, ours: Asterisk) -> None:
    before = await contacts(carrier)
    assert complaints(ours) == [refusal(carrier)]
    async with seen_by_the_monitor(ours) as seen:
        await becomes(seen, registered() | {"refused": "Rejected"})
        await ours.reload(trunks(carrier, RIGHT), [])
        await becomes(seen, registered())
    assert await registrations(ours) == registered()
    after = await contacts(carrier)
    assert after == before | {REFUSED: after[REFUSED]}


async def test_a_changed_password_registers_anew_and_leaves_nothing_behind(carrier: Asterisk, ours: Asterisk) -> None:
    before = await contacts(carrier)
    await carrier.reload([], accounts(CHANGED))
    await ours.reload(trunks(carrier, CHANGED), [])
    await becomes(lambda: registrations(ours), registered())
    after = await contacts(carrier)
    assert [user for user, uri in after.items() if before[user] != uri] == [REFUSED]


async def test_afterwards_the_log_tells_of_one_refusal_and_of_no_password(carrier: Asterisk, ours: Asterisk) -> None:
    assert complaints(ours) == [refusal(carrier)]
    written = [path.read_bytes().decode() for path in (ours.settings.log, ours.settings.root / "console.log")]
    assert [word for word in (RIGHT, WRONG, CHANGED) if any(word in text for text in written)] == []
