"""The safety net: what callers get while no engine is there, and how they come into the line when it is back."""

from __future__ import annotations

import asyncio
import math
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine.snapshot import NoSnapshot, opened
from engine.terms import E164
from pbx.phone import Phone
from tests.stories.installation import QUICK, START_LIMIT, Installation, eventually
from tests.stories.people import AGENT_HZ, Agent, Caller, hears_tone
from tests.stories.scene import NUMBER, Scene, story

DELAYED, RINGING, ANNOUNCED, ANSWERED = NUMBER, "+49301002", "+49301003", "+49301004"
CLOSED, BLOCKED, OTHER, UNKNOWN = "+49301005", "+49301006", "+49301007", "+49309999"
WAITS = {
    DELAYED: {"treatment": "delayed_connect", "music": "silence"},
    RINGING: {"treatment": "ringing"},
    ANNOUNCED: {"treatment": "ringing_announced"},
    ANSWERED: {"treatment": "answered", "music": "silence"},
}
OPENS = {
    DELAYED: ["100", "183 SDP"],
    RINGING: ["100", "180"],
    ANNOUNCED: ["100", "183 SDP"],
    ANSWERED: ["100", "200 SDP"],
}
"""What a caller sees first, per treatment."""
CARRIER = ("127.0.0.29", 5060)
"""Where the emergency trunk leads to."""
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]
ABANDONED = ["caller_left", "ended abandoned, normal", "charged 0 min"]


@asynccontextmanager
async def outage(home: Path, **settings: str) -> AsyncIterator[Scene]:
    """A story at an installation of its own, whose engine is to be killed."""
    own = Installation(home, {**QUICK, **settings})
    await own.start()
    try:
        async with story(own) as scene:
            yield scene
        assert own.stop() == 0
    finally:
        await ends(own)


async def ends(own: Installation) -> None:
    """Nothing of it runs any more, also where the story has failed."""
    await asyncio.to_thread(own.kill)
    await own.vorzimmer("pbx", "stop")


async def loses_its_engine(scene: Scene, *ready: Agent) -> None:
    """Everything is taken over, the snapshot too, and then the engine is killed."""
    own = scene.installation
    await scene.opens(*ready)

    async def is_young() -> bool:
        try:
            with opened(own.home / "asterisk" / "net" / "snapshot.db") as snapshot:
                wanted = "EMERGENCY_NUMBER" in own.settings  # read before the customers: maybe while they were imported
                is_whole = snapshot.about.emergency is not None or not wanted
                return is_whole and snapshot.customer(E164(BLOCKED)) is not None
        except NoSnapshot:
            return False

    await eventually(is_young, "the snapshot is taken", within=60)
    await asyncio.to_thread(own.kill)


def has_customers(scene: Scene, **wait: object) -> None:
    """One for each treatment, one that is closed, one that is blocked."""
    for number, settings in WAITS.items():
        scene.has_customer(number, wait={**settings, **wait})
    scene.has_customer(CLOSED, tariff="never")
    scene.has_customer(BLOCKED, blocked=True)


def arrived(number: str) -> list[str]:
    """How a trail begins."""
    customers = [*WAITS, CLOSED, BLOCKED]
    return [f"arrived +491701234567 for {number}", f"customer K{customers.index(number) + 1} Muster GmbH"]


async def calls(scene: Scene, number: str) -> Caller:
    """Somebody who has dialled this number."""
    caller = await scene.caller()
    await caller.dials(number)
    return caller


async def waits(scene: Scene, number: str) -> Caller:
    """The same, until the treatment can be seen."""
    caller = await calls(scene, number)
    await caller.sees(int(OPENS.get(number, OPENS[DELAYED])[-1][:3]))
    return caller


async def nobody_is_left(own: Installation) -> None:
    """No channel, no bridge, and no process of a call beside the program of the net."""

    async def quiet() -> bool:
        return not [*await own.switch("channels"), *await own.switch("bridges")] and programs(own) == 1

    await eventually(quiet, "no channel, no bridge, no process of a call")


async def no_process_waits(own: Installation) -> None:
    """The program has answered for every call."""

    async def alone() -> bool:
        return programs(own) == 1

    await eventually(alone, "no process waits beside the callers")


def programs(own: Installation) -> int:
    return sum("pbx.safety_net" in words for words in own.processes())


async def test_everybody_gets_what_he_would_get_and_nobody_is_answered_too_early(tmp_path: Path) -> None:
    async with outage(tmp_path / "vz") as scene:
        has_customers(scene)
        await loses_its_engine(scene)
        unknown, blocked, closed = [await calls(scene, number) for number in (UNKNOWN, BLOCKED, CLOSED)]
        await unknown.is_refused(404)
        await blocked.is_refused(403)
        await closed.sees(180)
        callers = {number: await waits(scene, number) for number in WAITS}
        for number in (DELAYED, ANNOUNCED, ANSWERED):
            await callers[number].hears_something()  # the apology
        await no_process_waits(scene.installation)
        await callers[DELAYED].hears_silence()  # the customer's music
        await callers[ANSWERED].hears_silence()
        await callers[ANNOUNCED].hears_something()
        await callers[DELAYED].hears_something(within=25)  # the apology, twenty seconds later
        assert {number: caller.saw for number, caller in callers.items()} == OPENS
        assert (unknown.saw, blocked.saw, closed.saw) == (["100", "404"], ["100", "403"], ["100", "180"])
        for caller in (closed, *callers.values()):
            await caller.hangs_up()
        await nobody_is_left(scene.installation)
        await scene.installation.start()


async def test_l5_the_net_too_says_first_what_waiting_costs(tmp_path: Path) -> None:
    sounds = tmp_path / "vz" / "sounds" / "de"
    sounds.mkdir(parents=True)
    lay_tone(sounds / "fixed-price.wav")
    async with outage(tmp_path / "vz") as scene:
        scene.has_customer(lines=["+491806123456"], wait=WAITS[DELAYED])
        scene.has_customer(BLOCKED, blocked=True)
        await loses_its_engine(scene)
        caller = await calls(scene, NUMBER)
        await hears_tone(caller.call, AGENT_HZ)
        await caller.hears_music()  # the apology
        await caller.hears_silence()  # the customer's music
        assert caller.saw == OPENS[DELAYED]
        await caller.hangs_up()
        await nobody_is_left(scene.installation)
        await scene.installation.start()


def lay_tone(file: Path, seconds: int = 2, rate: int = 8000) -> None:
    """An announcement that can be told from others."""
    levels = [round(8000 * math.sin(2 * math.pi * AGENT_HZ * n / rate)) for n in range(seconds * rate)]
    with wave.open(str(file), "wb") as wav:
        wav.setparams((1, 2, rate, 0, "NONE", ""))
        wav.writeframes(struct.pack(f"<{len(levels)}h", *levels))


async def test_who_waits_comes_into_the_line_in_the_order_of_arrival(tmp_path: Path) -> None:
    async with outage(tmp_path / "vz") as scene:
        has_customers(scene, music="default")
        anna = await scene.hires("anna")
        await loses_its_engine(scene, anna)
        closed = await calls(scene, CLOSED)
        await closed.sees(180)
        order = (ANSWERED, RINGING, DELAYED, ANNOUNCED)
        callers = [await waits(scene, number) for number in order]
        scene.installation.begin()
        for caller in callers:
            await anna.takes_the_call(within=START_LIMIT)
            await caller.hears_the_agent()
            await anna.hears_the_caller()
            await anna.hangs_up()
            await caller.is_hung_up_on()
        assert [caller.saw for caller in callers] == [
            ["100", "200 SDP"],
            ["100", "180", "180", "200 SDP"],
            ["100", "183 SDP", "183", "200"],
            ["100", "183 SDP", "183", "200"],
        ]
        assert closed.saw == ["100", "180"]
        taken = ["ringing_agent anna", "picked_up anna", "200", *TALKED]
        await closed.hangs_up()
        trails = await scene.trails()
        trails[0].insert(3, trails[0].pop(trails[0].index("200")))  # with a free agent either order is right
        assert trails == [
            [*arrived(ANSWERED), "music default", "200", "ringing_agent anna", "picked_up anna", *TALKED],
            [*arrived(RINGING), "180", *taken],
            [*arrived(DELAYED), "music default", "183", *taken],
            [*arrived(ANNOUNCED), "music ringtone", "183", *taken],
        ]


async def test_the_longest_wait_ends_with_busy(tmp_path: Path) -> None:
    async with outage(tmp_path / "vz", MAX_WAIT="4") as scene:
        has_customers(scene, max_wait=2)
        scene.has_customer(OTHER, wait={"treatment": "delayed_connect"})  # the installation's longest wait
        await loses_its_engine(scene)
        callers = {number: await waits(scene, number) for number in (*WAITS, OTHER)}
        for number in (DELAYED, RINGING, ANNOUNCED, OTHER):
            await callers[number].is_refused(486)
        await callers[ANSWERED].hears_silence()  # the apology is over
        await callers[ANSWERED].is_hung_up_on()
        saw = {number: [*OPENS[number], *([] if number == ANSWERED else ["486"])] for number in WAITS}
        assert {number: caller.saw for number, caller in callers.items()} == saw | {OTHER: saw[DELAYED]}
        await nobody_is_left(scene.installation)
        await scene.installation.start()


async def test_where_nobody_can_say_it_rings(tmp_path: Path) -> None:
    async with outage(tmp_path / "vz") as scene:
        has_customers(scene)
        await loses_its_engine(scene)
        (scene.installation.home / "asterisk" / "net" / "snapshot.db").unlink()
        known, unknown = [await waits_ringing(scene, number) for number in (ANSWERED, UNKNOWN)]
        await scene.installation.start()
        await unknown.is_refused(404)
        await known.is_answered()
        assert (known.saw, unknown.saw) == (["100", "180", "200 SDP"], ["100", "180", "404"])
        await known.hangs_up()
        assert await scene.trails() == [
            [*arrived(ANSWERED), "music silence", "200", *ABANDONED],
            [
                f"arrived +491701234567 for {UNKNOWN}",
                "unknown_number +49309999",
                "ended unknown_number, unallocated",
                "charged 0 min",
            ],
        ]


async def test_the_emergency_number_is_dialled_where_no_engine_comes(tmp_path: Path) -> None:
    settings = {"NUMBER": "030 9990", "TRUNK": "emergency", "SHOWS": NUMBER, "AFTER": "3"}
    async with (
        outage(tmp_path / "vz", **{f"EMERGENCY_{name}": value for name, value in settings.items()}) as scene,
        Phone(*CARRIER, hz=AGENT_HZ) as phone,
    ):
        night = Agent("night", phone, scene.installation)
        scene.trunks.append({"name": "emergency", "match": [CARRIER[0]]})
        has_customers(scene, music="default")
        await loses_its_engine(scene)
        first = await waits(scene, DELAYED)
        await night.is_rung()
        assert (night.call.dialled, night.call.number) == ("+49309990", NUMBER)
        await first.hears_something()  # music, while the phone rings
        await night.picks_up()
        await first.hears_the_agent()
        await night.hears_the_caller()
        second = await waits(scene, RINGING)  # at once: there has been no engine for long
        again = Agent("night", phone, scene.installation)
        await again.is_rung()
        await again.rejects(486)
        await scene.installation.start()
        await scene.waiting(1)
        await night.hears_the_caller()
        await night.hangs_up()
        await first.is_hung_up_on()
        await second.hangs_up()
        assert (first.saw, second.saw) == (
            ["100", "183 SDP", "183", "200"],
            ["100", "180", "180", "180", "487"],
        )
        left = ["caller_left", "ended abandoned, busy", "charged 0 min"]  # Asterisk keeps the cause of the refused leg
        assert await scene.trails() == [[*arrived(RINGING), "180", *left]]


async def waits_ringing(scene: Scene, number: str) -> Caller:
    caller = await calls(scene, number)
    await caller.sees(180)
    return caller
