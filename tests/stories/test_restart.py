"""The engine is killed, or Asterisk, or the store is away: who talks goes on talking, who waits keeps the place.

Rule of this file: an installation of its own, for what happens here no other story could bear.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.stories.installation import START_LIMIT, Installation, eventually, installed
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene, at, story
from tests.stories.test_line import FIRST, SECOND, THIRD, arrived, ends, took

FOURTH = "+491704444444"
UNLINKED = "no link to the switch, trying again"
NOTICED = 10.0
MUSIC = "music default"
AGAIN = ["link_back", MUSIC]
ABANDONED = ["caller_left", "ended abandoned, unknown", "charged 0 min"]


@pytest.fixture(scope="module")
def own_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, with time to start again while a phone rings."""
    with installed(tmp_path_factory.mktemp("vz"), RING_TIME="60", ALERT_TIME="30") as made:
        yield made


@pytest_asyncio.fixture
async def scene(own_installation: Installation) -> AsyncIterator[Scene]:
    async with story(own_installation) as scene:
        yield scene


async def dials(scene: Scene, number: str, place: int) -> Caller:
    """A caller who has taken this place in the line."""
    caller = await scene.caller()
    await caller.dials(NUMBER, number)
    await scene.waiting(place)
    return caller


async def talks(scene: Scene, agent: Agent, number: str) -> Caller:
    """A caller in conversation with this agent."""
    caller = await dials(scene, number, 1)
    await agent.takes_the_call()
    await caller.hears_the_agent()
    return caller


async def trails(scene: Scene) -> list[list[str]]:
    """The whole trails, but for 180 and 183: ordered with the agent's ring, and it is chance which is told first."""
    return [[word for word in trail if word not in ("180", "183")] for trail in await scene.trails()]


async def test_the_engine_is_killed_while_callers_talk_ring_and_wait(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna, ben)
    first = await talks(scene, anna, FIRST)
    second = await dials(scene, SECOND, 1)
    await ben.is_rung()
    third = await dials(scene, THIRD, 2)
    fourth = await dials(scene, FOURTH, 3)
    scene.installation.kill()
    await first.hears_the_agent()  # nobody is there, and the conversation goes on
    await anna.hears_the_caller()
    await third.hears_something()
    await scene.installation.start()
    await first.hears_the_agent()
    await anna.is_("talking")
    assert [(row["place"], row["caller"]) for row in await scene.installation.ask("GET", "/queue")] == [
        (1, SECOND),
        (2, THIRD),
        (3, FOURTH),
    ]
    await third.hears_something()
    await ben.picks_up()
    await second.hears_the_agent()
    await ends(anna, first)
    await anna.takes_the_call()
    await third.hears_the_agent()
    await ends(ben, second)
    await ben.takes_the_call()
    await ends(anna, third)
    await ends(ben, fourth)
    again = ["taken_over waiting", *AGAIN]
    assert await trails(scene) == [
        [*arrived(FIRST), MUSIC, *took("anna")[:3], "taken_over talking", *took("anna")[3:]],
        [*arrived(SECOND), MUSIC, "ringing_agent ben", "taken_over ringing", *AGAIN, *took("ben")[1:]],
        [*arrived(THIRD), MUSIC, *again, *took("anna")],
        [*arrived(FOURTH), MUSIC, *again, *took("ben")],
    ]


async def test_an_engine_that_dies_is_followed_at_once(scene: Scene) -> None:
    """Nobody starts it again by hand: whoever talks or waits notices nothing but music that begins anew."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    first = await talks(scene, anna, FIRST)
    second = await dials(scene, SECOND, 1)
    await scene.installation.dies()
    await first.hears_the_agent()
    await second.hears_something()
    await ends(anna, first)
    await anna.takes_the_call()
    await ends(anna, second)
    assert await trails(scene) == [
        [*arrived(FIRST), MUSIC, *took("anna")[:3], "taken_over talking", *took("anna")[3:]],
        [*arrived(SECOND), MUSIC, "taken_over waiting", *AGAIN, *took("anna")],
    ]
    scene.complains_of = {"engine_died"}


async def test_what_ended_while_no_engine_was_there(scene: Scene) -> None:
    """A caller who waited, one who talked, an agent who talked: each end is found, and no agent is stuck."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna, ben)
    first = await dials(scene, FIRST, 1)
    await anna.takes_the_call()
    second = await dials(scene, SECOND, 1)
    await ben.takes_the_call()
    third, fourth = await dials(scene, THIRD, 1), await dials(scene, FOURTH, 2)
    for caller in (first, second):
        await caller.hears_the_agent()
    scene.installation.kill()
    await first.hangs_up()
    await ben.hangs_up()
    await third.hangs_up()
    await scene.installation.start()
    await anna.rings_no_more()
    await second.is_hung_up_on()
    await ben.takes_the_call()  # free a moment before Anna, whose phone had to be hung up first
    await ends(ben, fourth)
    await anna.is_("ready")
    talks = ["taken_over talking", "caller_left", "ended answered, unknown", "charged 1 min"]
    left = ["taken_over talking", "agent_left temporary_failure", "ended answered, normal", "charged 1 min"]
    assert await trails(scene) == [
        [*arrived(FIRST), "ringing_agent anna", *took("anna")[1:3], *talks],
        [*arrived(SECOND), "ringing_agent ben", *took("ben")[1:3], *left],
        [*arrived(THIRD), "taken_over waiting", *ABANDONED],
        [*arrived(FOURTH), "taken_over waiting", "link_back", *took("ben")],
    ]
    # Nobody pays for time that nobody has measured: an end that was missed counts as the engine's last sign of life.
    for record, trail in (await scene.calls())[:2]:
        assert record.agent_left_at is not None
        assert record.agent_left_at <= at(trail, "taken_over")


async def test_an_agent_picks_up_while_no_engine_is_there(scene: Scene) -> None:
    """The phone is hung up by the switch, for nobody could join the two; the caller keeps the place and is served."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    caller = await dials(scene, FIRST, 1)
    await anna.is_rung()
    scene.installation.kill()
    await anna.picks_up()
    await anna.rings_no_more()
    scene.installation.begin()
    await anna.takes_the_call(within=START_LIMIT)
    await caller.hears_the_agent()
    await ends(anna, caller)
    # The answer to the offer came in the first, reliable 183 (RFC 6337 § 3.1.1).
    assert caller.saw == ["100", "183 SDP", "183", "200"]
    (trail,) = await trails(scene)
    again = ["taken_over ringing", "missed anna: temporary_failure", "link_back", MUSIC]
    assert trail == [
        *arrived(FIRST), MUSIC, "ringing_agent anna", *again, *took("anna"),
    ]  # fmt: skip


async def test_the_switch_is_killed(scene: Scene) -> None:
    """Every call is closed with its cause, the agents are free, and a new switch serves the next call."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    await talks(scene, anna, FIRST)
    await dials(scene, SECOND, 1)
    await ben.becomes("ready")
    await ben.is_rung()
    scene.installation.signal_switch(signal.SIGKILL)
    await scene.waiting(0)
    for agent in (anna, ben):
        await agent.is_("ready")
    await eventually(scene.installation.is_ready, "the switch is there again", START_LIMIT)
    await ben.rejects(480)  # nobody has told his phone to stop
    third = await dials(scene, THIRD, 1)
    await ben.takes_the_call()  # has been idle for longer: the call that rang was nobody's fault
    await ends(ben, third)
    died = ["caller_left", "ended answered, network_failure", "charged 1 min"]
    gone = ["caller_left", "ended abandoned, network_failure", "charged 0 min"]
    assert await trails(scene) == [
        [*arrived(FIRST), "ringing_agent anna", *took("anna")[1:3], *died],
        [*arrived(SECOND), "ringing_agent ben", *gone],
        [*arrived(THIRD), "ringing_agent ben", *took("ben")[1:]],
    ]
    scene.complains_of = {"asterisk_ended", UNLINKED}


async def test_the_switch_is_frozen(scene: Scene) -> None:
    """No word comes and no connection breaks: noticed within 10 s; who talks and who waits is found again."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    talking = await talks(scene, anna, FIRST)
    waiting = await dials(scene, SECOND, 1)
    scene.installation.signal_switch(signal.SIGSTOP)

    async def noticed() -> bool:
        return not await scene.installation.is_ready()

    try:
        await eventually(noticed, "the engine notices that the switch is silent", NOTICED)
        await ben.becomes("ready")  # and is not rung, for nothing could be ordered
    finally:
        scene.installation.signal_switch(signal.SIGCONT)
    await ben.takes_the_call()
    await ends(ben, waiting)
    await talking.hears_the_agent()
    await ends(anna, talking)
    assert await trails(scene) == [
        [*arrived(FIRST), "ringing_agent anna", *took("anna")[1:]],
        [*arrived(SECOND), "link_back", "ringing_agent ben", *took("ben")[1:]],
    ]
    scene.complains_of = {UNLINKED}


async def test_the_store_is_away_and_the_engine_killed_meanwhile(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    before = await dials(scene, FIRST, 1)
    await anna.takes_the_call()
    lock = sqlite3.connect(scene.installation.home / "vorzimmer.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    await ends(anna, before)
    await anna.is_("ready")
    second = await talks(scene, anna, SECOND)
    scene.installation.kill()
    lock.execute("ROLLBACK")
    lock.close()
    await scene.installation.start()
    await ends(anna, second)
    assert await trails(scene) == [
        [*arrived(FIRST), "ringing_agent anna", *took("anna")[1:]],
        [
            *arrived(SECOND), "ringing_agent anna", *took("anna")[1:3], "taken_over talking",
            *took("anna")[3:],
        ],
    ]  # fmt: skip


async def test_where_no_engine_runs_agents_days_say_so(scene: Scene) -> None:
    """One that is stopped says it itself; of one that was killed long ago the next engine says it."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    await anna.is_("ready")
    home = scene.installation.home

    async def days() -> list[tuple[str, str | None]]:
        with sqlite3.connect(home / "vorzimmer.db") as store:
            wanted = "SELECT state, reason FROM agent_log WHERE agent = ? ORDER BY at, id"
            return [tuple(row) for row in store.execute(wanted, [anna.login])]

    stopped = ("offline", "engine stopped")
    assert scene.installation.stop() == 0
    assert (await days())[-2:] == [("ready", None), stopped]
    await scene.installation.start()
    await anna.is_("ready")
    scene.installation.kill()
    journal, long_ago = home / "run" / "journal", time.time() - 600
    os.utime(journal, (long_ago, long_ago))
    await scene.installation.start()

    async def said() -> bool:
        return (await days())[-4:] == [stopped, ("ready", None), stopped, ("ready", None)]

    await eventually(said, "the next engine says that there was none")
