"""What callers hear while they wait, and how waiting ends, per treatment (§2.2, §5.7)."""

from __future__ import annotations

import pytest

from tests.stories.people import Caller
from tests.stories.scene import NUMBER, Scene

ARRIVED = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH"]
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]
ABANDONED = ["caller_left", "ended abandoned, normal", "charged 0 min"]
OPENING = {
    "ringing": ["180"],
    "ringing_announced": ["music ringtone", "183"],
    "answered": ["music default", "200"],
    "delayed_connect": ["music default", "183"],
}
"""What a trail says of the first moment, per treatment."""


async def dialled(scene: Scene, treatment: str = "") -> Caller:
    """A caller in the line, who hears or sees what the treatment says."""
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await scene.waiting(1)
    if treatment == "ringing":
        await caller.sees(180)
    elif treatment:
        await caller.hears_something()
    return caller


async def test_caller_and_agent_hear_each_other_and_nothing_else(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect", "greeting": "welcome"})
    anna = await scene.hires("anna")
    await scene.opens()
    caller = await dialled(scene, "delayed_connect")
    await anna.becomes("ready")
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    await caller.hangs_up()
    await anna.rings_no_more()
    talked = ["ringing_agent anna", "picked_up anna", "200", "caller_left", "ended answered, normal", "charged 1 min"]
    assert await scene.trails() == [[*ARRIVED, "announcement welcome", "183", *talked]]


@pytest.mark.parametrize("treatment", OPENING)
async def test_a_caller_gives_up_while_waiting(scene: Scene, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment})
    await scene.opens()
    caller = await dialled(scene, treatment)
    await caller.hangs_up()
    assert await scene.trails() == [[*ARRIVED, *OPENING[treatment], *ABANDONED]]


@pytest.mark.parametrize("treatment", OPENING)
async def test_a_caller_gives_up_while_a_phone_rings(scene: Scene, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment})
    anna = await scene.hires("anna")
    await scene.opens()
    caller = await dialled(scene, treatment)
    await anna.becomes("ready")
    await anna.is_rung()
    await caller.hangs_up()
    await anna.rings_no_more()
    await anna.is_("ready")
    assert await scene.trails() == [[*ARRIVED, *OPENING[treatment], "ringing_agent anna", *ABANDONED]]


@pytest.mark.parametrize("treatment", ["ringing_announced", "answered", "delayed_connect"])
async def test_a_caller_gives_up_during_an_announcement(scene: Scene, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment, "greeting": "welcome"})
    await scene.opens()
    caller = await dialled(scene, treatment)
    await caller.hangs_up()
    shown = OPENING[treatment][-1]
    assert await scene.trails() == [[*ARRIVED, "announcement welcome", shown, *ABANDONED]]


@pytest.mark.parametrize("treatment", ["ringing_announced", "answered", "delayed_connect"])
async def test_an_announcement_takes_the_musics_place_and_is_cut_off_by_the_agent(scene: Scene, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment, "music": "silence", "announce_every": 1})
    anna = await scene.hires("anna")
    await scene.opens()
    caller = await dialled(scene)
    if treatment == "ringing_announced":
        await caller.hears_something()
    else:
        await caller.hears_silence()
    await scene.noted(["announcement please-wait"])
    await caller.hears_something()
    await anna.becomes("ready")
    await anna.takes_the_call()
    await caller.hears_the_agent(within=2.0)  # the announcement would have gone on for three seconds more
    await anna.hangs_up()
    await caller.is_hung_up_on()
    music, shown = OPENING[treatment]
    first = music if treatment == "ringing_announced" else "music silence"
    heard = [first, shown, "announcement please-wait"]
    answer = [] if treatment == "answered" else ["200"]
    assert await scene.trails() == [[*ARRIVED, *heard, "ringing_agent anna", "picked_up anna", *answer, *TALKED]]


async def test_announcements_come_in_turn_with_music_in_between(scene: Scene) -> None:
    wait = {"announce_every": 1, "announcements": ["goodbye", "welcome"]}
    scene.has_customer(wait={"treatment": "delayed_connect", **wait})
    await scene.opens()
    caller = await dialled(scene)
    await scene.noted(["announcement goodbye", "announcement welcome", "announcement goodbye"])
    await caller.hangs_up()
    in_turn = ["announcement goodbye", "music default", "announcement welcome", "music default", "announcement goodbye"]
    assert await scene.trails() == [[*ARRIVED, "music default", "183", *in_turn, *ABANDONED]]


async def test_a_greeting_announcement_comes_once_before_the_music(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "answered", "greeting": "goodbye", "music": "silence"})
    await scene.opens()
    caller = await dialled(scene, "answered")
    await scene.noted(["announcement goodbye", "music silence"])
    await caller.hears_silence()
    await caller.hangs_up()
    assert await scene.trails() == [[*ARRIVED, "announcement goodbye", "200", "music silence", *ABANDONED]]


@pytest.mark.parametrize("treatment", ["ringing", "ringing_announced", "delayed_connect"])
async def test_who_was_not_answered_gets_busy_after_the_longest_wait(scene: Scene, treatment: str) -> None:
    scene.has_customer(wait={"treatment": treatment, "max_wait": 1})
    await scene.opens()
    caller = await dialled(scene)
    await caller.is_refused(486)
    busy = ["max_wait busy", "ended max_wait, busy", "charged 0 min"]
    assert await scene.trails() == [[*ARRIVED, *OPENING[treatment], *busy]]


async def test_who_was_answered_hears_that_all_are_busy_after_the_longest_wait(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "answered", "max_wait": 1, "music": "silence"})
    await scene.opens()
    caller = await dialled(scene)
    await caller.hears_silence()
    await caller.hears_something()
    await caller.is_hung_up_on()
    busy = ["max_wait all busy", "announcement all-busy", "ended max_wait, busy", "charged 0 min"]
    assert await scene.trails() == [[*ARRIVED, "music silence", "200", *busy]]


async def test_who_may_wait_on_does_so_after_the_longest_wait(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing", "max_wait": 1, "then": "keep"})
    anna = await scene.hires("anna")
    await scene.opens()
    caller = await dialled(scene, "ringing")
    await scene.noted(["max_wait waits on"])
    await anna.becomes("ready")
    await anna.takes_the_call()
    await caller.is_answered()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    assert caller.saw == ["100", "180", "200 SDP"]
    talked = ["ringing_agent anna", "picked_up anna", "200", *TALKED]
    assert await scene.trails() == [[*ARRIVED, "180", "max_wait waits on", *talked]]


async def test_a_ring_under_way_is_the_last_chance_after_the_longest_wait(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect", "max_wait": 1})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    caller = await dialled(scene)
    await anna.is_rung()
    await scene.noted(["max_wait last ring"])
    await ben.becomes("ready")
    await anna.rejects(486)
    await caller.is_refused(486)
    assert await scene.trails() == [
        [
            *ARRIVED,
            "music default",
            "ringing_agent anna",
            "183",
            "max_wait last ring",
            "missed anna: busy",
            "max_wait busy",
            "ended max_wait, busy",
            "charged 0 min",
        ]
    ]


async def test_a_changed_treatment_counts_for_the_next_call_only(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect"})
    await scene.opens()
    first = await dialled(scene, "delayed_connect")
    scene.change_customer(wait={"treatment": "ringing"})
    await scene.opens()
    second = await scene.caller()
    await second.dials(NUMBER)
    await second.sees(180)
    await first.hears_something()
    assert (first.saw, second.saw) == (["100", "183 SDP"], ["100", "180"])
    await first.hangs_up()
    await second.hangs_up()
    assert await scene.trails() == [
        [*ARRIVED, "music default", "183", *ABANDONED],
        [*ARRIVED, "180", *ABANDONED],
    ]
