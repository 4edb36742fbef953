"""An administrator's day: the command line, before, while and after the engine runs, and what goes wrong there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx.phone import Phone
from tests.catalogue import FIRST
from tests.ports import free_port
from tests.stories.installation import QUICK, Installation, eventually
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, line, story

ARRIVED = [f"arrived +491701234567 for {NUMBER}", "customer K1 Muster GmbH", "music default"]
DIED = ["caller_left", "ended answered, network_failure", "charged 1 min"]
ANSWERED = ["ended answered, normal", "charged 1 min"]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    """A home of its own in which nothing runs yet; nothing does afterwards either."""
    made = Installation(tmp_path / "vz", dict(QUICK))
    yield made
    if made.process and made.process.poll() is None:
        made.stop()


async def status(own: Installation) -> tuple[int, dict[str, object]]:
    """`vorzimmer status --json`: its exit code and some of what it says."""
    code, said, _ = await own.vorzimmer("status", "--json")
    told = json.loads(said)
    return code, {key: told.get(key) for key in ("running", "ready", "calls", "agents")}


async def test_a_day(own: Installation, tmp_path: Path) -> None:
    assert await status(own) == (1, {"running": False, "ready": False, "calls": None, "agents": None})
    async with Phone(user="agent1", port=free_port()) as phone:
        anna = Agent("agent1", phone, own)
        file = tmp_path / "first.yaml"
        file.write_text(FIRST.replace("6170", str(phone.address[1])), "utf-8")
        assert await own.vorzimmer("check", str(file)) == (0, f"{file} can be imported.\n", "")
        assert await own.vorzimmer("import", str(file)) == (0, "7 created\n", "")
        await own.start()
        offline = {"running": True, "ready": True, "calls": 0, "agents": {"offline": 2}}
        assert await status(own) == (0, offline)

        assert await own.vorzimmer("agent", "agent1", "ready") == (0, "agent1 is ready\n", "")
        caller = Caller(await Phone().__aenter__(), own.sip)
        await caller.dials("030123450")
        await anna.takes_the_call()
        await caller.is_answered()
        talking = {"running": True, "ready": True, "calls": 1, "agents": {"offline": 1, "talking": 1}}
        assert await status(own) == (0, talking)
        await anna.hangs_up()
        await caller.is_hung_up_on()
        await caller.phone.close()
        await anna.is_("ready")

        refused = await own.vorzimmer("run", SIP_PORT=str(free_port()), WEB_PORT=str(free_port()))
        assert own.process
        other = "stop it, or set VORZIMMER_HOME to another place"
        assert refused == (1, "", f"vorzimmer: an engine (process {own.engine}) runs in {own.home}: {other}\n")
        nobody = "vorzimmer: there is no agent nobody: `vorzimmer agents` lists them\n"
        assert await own.vorzimmer("agent", "nobody", "ready") == (1, "", nobody)

        # The next call and the next ring see what is imported while the engine runs.
        async with Phone(user="agent1", port=free_port()) as other_phone:
            anna = Agent("agent1", other_phone, own)
            changed = FIRST.replace("6170", str(other_phone.address[1])).replace("Muster GmbH", "Muster AG")
            file.write_text(changed, "utf-8")
            assert await own.vorzimmer("import", str(file)) == (0, "2 changed, 5 unchanged\n", "")
            calling = asyncio.create_task(own.vorzimmer("call", "+4930123450", "--talk", "1"))
            await anna.is_rung()
            assert anna.call.display == "Muster AG"
            await anna.picks_up()
            await anna.rings_no_more()
            code, said, _ = await calling
            assert (code, [row.split()[1] for row in said.splitlines()][:2]) == (0, ["INVITE", "401"])
            await anna.is_("ready")

    code, said, _ = await own.vorzimmer("calls", "--json")
    assert (code, [(call["outcome"], call["agent"], call["charged_minutes"]) for call in json.loads(said)]) == (
        0, [("answered", "agent1", 1), ("answered", "agent1", 1)],
    )  # fmt: skip
    assert own.complaints == []
    assert own.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SIP_PORT", "taken", "Address already in use"),
        ("WEB_PORT", "taken", "cannot be listened on"),
        ("SIP_PORT", "99999", "VORZIMMER_SIP_PORT: "),
        ("RING_TIME", "1", "VORZIMMER_RING_TIME: "),
        ("DATABASE_URL", "mysql://x", "VORZIMMER_DATABASE_URL: "),
        ("SWITCH", "someone's", "VORZIMMER_SWITCH: "),
    ],
)
async def test_what_cannot_work_is_one_line(own: Installation, setting: str, value: str, words: str) -> None:
    kind = socket.SOCK_DGRAM if setting == "SIP_PORT" else socket.SOCK_STREAM
    with socket.socket(type=kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        value = str(taken.getsockname()[1]) if value == "taken" else value
        code, said, complained = await own.vorzimmer("run", **{setting: value})
    assert (code, said, complained.count("\n")) == (1, "", 1), complained
    assert complained.startswith("vorzimmer: ")
    assert words in complained
    assert own.processes() == []


async def test_without_an_engine_commands_say_so(own: Installation) -> None:
    for command in (("queue",), ("agent", "anna", "ready"), ("status",)):
        said = await own.vorzimmer(*command)
        assert said == (1, "", f"vorzimmer: no engine runs in {own.home}: start one with `vorzimmer run`\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_who_is_in_a_call_when_the_engine_stops_is_released(own: Installation, number: signal.Signals) -> None:
    await own.start()
    async with story(own, to_the_end=False) as scene:
        scene.has_customer(wait={"treatment": "delayed_connect"})
        anna = await scene.hires("anna")
        await scene.opens(anna)
        talking, waiting = await scene.caller(), await scene.caller()
        await talking.dials(NUMBER)
        await anna.takes_the_call()
        await talking.hears_the_agent()
        await waiting.dials(NUMBER)
        await waiting.hears_something()
        assert await asyncio.to_thread(own.stop, number) == 0
        await anna.rings_no_more()
        await talking.is_hung_up_on()
        assert (await waiting.call.over(5)).by == "them"
    trails = [await own.trail(record.id) for record in await own.records()]
    assert [[line(entry) for entry in trail] for trail in trails] == [
        [*ARRIVED, "ringing_agent anna", "183", "picked_up anna", "200", "caller_left", *ANSWERED],
        [*ARRIVED, "183", "caller_left", "ended abandoned, normal", "charged 0 min"],
    ]
    assert own.complaints == []


async def test_a_killed_asterisk_comes_back_and_serves(own: Installation) -> None:
    async def noticed() -> bool:
        return not await own.is_ready()

    await own.start()
    async with story(own) as scene:
        scene.has_customer(wait={"treatment": "delayed_connect"})
        anna = await scene.hires("anna")
        await scene.opens(anna)
        talking, waiting = await scene.caller(), await scene.caller()
        await talking.dials(NUMBER)
        await anna.takes_the_call()
        await talking.hears_the_agent()
        await waiting.dials(NUMBER)
        await waiting.hears_something()
        os.kill(int((own.home / "asterisk" / "pid").read_text("ascii")), signal.SIGKILL)
        await eventually(noticed, "the engine has noticed")
        await eventually(own.is_ready, "Asterisk is there again", within=30)
        for phone in (talking, waiting, anna):
            phone.call.drop()  # the one that could tell them is dead
        caller = await scene.caller()
        await caller.dials(NUMBER)
        await anna.takes_the_call()
        await caller.hears_the_agent()
        await anna.hangs_up()
        await caller.is_hung_up_on()
        trails = await scene.trails()
        again = trails[2].index("183")
        trails[2].insert(3, trails[2].pop(again))  # with a free agent either order is right
        assert trails == [
            [*ARRIVED, "ringing_agent anna", "183", "picked_up anna", "200", *DIED],
            [*ARRIVED, "183", "caller_left", "ended abandoned, network_failure", "charged 0 min"],
            [*ARRIVED, "183", "ringing_agent anna", "picked_up anna", "200", "agent_left normal", *ANSWERED],
        ]
        assert set(own.complaints) == {"asterisk_ended", "no link to the switch, trying again"}
        assert own.complaints.count("asterisk_ended") == 1
        scene.expected_complaints = own.complaints
