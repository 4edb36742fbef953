"""Putting through on the real switch (§2.3, §5.2.4): the ordered list, with the agent and without."""

from __future__ import annotations

from pathlib import Path

from tests.stories.desk_hands import at_desk
from tests.stories.installation import eventually
from tests.stories.people import hears_other_than
from tests.stories.scene import Scene
from tests.stories.transfers import FIRST, KORN, SECOND, THIRD, Talk, talking


def dialled(place: int, number: str, of: int = 3) -> str:
    return f"target_dialled {place}/{of} Eva Korn: {number} (out)"


async def ends(talk: Talk, *what: str) -> None:
    """The one call's trail is this, from the order to put through on."""
    [trail] = await talk.scene.trails()
    assert trail[trail.index(what[0]) :] == list(what)
    assert {"picked_up anna", "200"} <= set(trail[: trail.index(what[0])])


async def test_anna_speaks_to_eva_korn_first_and_leaves_the_two_alone(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await talk.caller.hears_music()
    await talk.callee.call.answer()
    await talk.callee.hears_the_agent()
    await talk.agent_hears_the_target()
    await talk.caller.hears_music()
    await talk.wishes("hand_over")
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.anna.rings_no_more()
    await talk.anna.is_("ready")
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    await ends(
        talk,
        "put_through command line: announced, 3 targets",
        dialled(1, FIRST),
        "target_ringing",
        "target_answered",
        f"joined {FIRST}",
        "target_left normal",
        "ended answered, normal",
        "charged 1 min",
    )
    [record] = await scene.records()
    assert 0 < record.transferred_ms < 10_000
    assert record.agent_left_at and record.ended_at and record.agent_left_at < record.ended_at


async def test_the_first_is_busy_the_second_does_not_answer_the_third_does(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.refuses(FIRST, 486)
    await talk.callee.is_rung(SECOND)
    await talk.caller.hears_music()
    await talk.callee.rings_no_more()
    await talk.callee.takes_the_call(THIRD)
    await talk.callee.hears_the_agent()
    await talk.anna.hangs_up()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await ends(
        talk,
        "put_through command line: announced, 3 targets",
        dialled(1, FIRST),
        "target_failed busy",
        dialled(2, SECOND),
        "target_ringing",
        "target_failed no_answer",
        dialled(3, THIRD),
        "target_ringing",
        "target_answered",
        "agent_left normal",
        f"joined {THIRD}",
        "caller_left",
        "ended answered, normal",
        "charged 1 min",
    )


async def test_nobody_can_be_had_and_anna_has_the_caller_again(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    for number, code in ((FIRST, 486), (SECOND, 404), (THIRD, 603)):
        await talk.callee.refuses(number, code)
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.anna.hangs_up()
    await talk.caller.is_hung_up_on()
    await ends(
        talk,
        "put_through command line: announced, 3 targets",
        dialled(1, FIRST),
        "target_failed busy",
        dialled(2, SECOND),
        "target_failed unreachable",
        dialled(3, THIRD),
        "target_failed rejected",
        "list_over rejected",
        "agent_left normal",
        "ended answered, normal",
        "charged 1 min",
    )


async def test_blind_anna_is_free_at_once_and_the_caller_is_joined_with_who_answers(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.anna.is_("ready")
    await talk.callee.is_rung(FIRST)
    await talk.caller.hears_music()
    await talk.callee.call.answer()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await scene.trails()


async def test_blind_in_vain_annas_phone_rings_again(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    for number in (FIRST, SECOND, THIRD):
        await talk.callee.refuses(number, 486)
    await talk.caller.hears_music()
    await talk.anna.takes_the_call()
    await talk.anna.hears_the_caller()
    await talk.anna.hangs_up()
    await talk.caller.is_hung_up_on()
    [trail] = await scene.trails()
    assert trail.count("picked_up anna") == 2
    assert trail[-2:] == ["ended answered, normal", "charged 1 min"]


async def test_blind_in_vain_and_anna_is_gone_the_caller_is_the_first_in_the_line(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.anna.becomes("offline")
    later = await scene.caller()
    await later.dials("+4930123450", caller="+491709999999")
    await later.sees(183)
    for number in (FIRST, SECOND, THIRD):
        await talk.callee.refuses(number, 486)
    await scene.waiting(2)
    await talk.ben.becomes("ready")
    await talk.ben.takes_the_call()
    await talk.ben.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.ben.hangs_up()
    await talk.caller.is_hung_up_on()
    await talk.ben.takes_the_call()
    await later.hangs_up()
    await talk.ben.rings_no_more()
    first, second = await scene.trails()
    assert [line for line in first if line.startswith(("picked", "list"))] == [
        "picked_up anna",
        "list_over busy",
        "picked_up ben",
    ]
    assert "missed ben: no_answer" not in second


async def test_a_voicemail_that_does_not_press_one_swallows_nobody(scene: Scene) -> None:
    asks = KORN | {"transfer": {**KORN["transfer"], "accept": True}}
    talk = await talking(scene, asks)
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_music()  # the question, spoken
    await talk.callee.hangs_up()
    await talk.callee.takes_the_call(SECOND)
    await hears_other_than(talk.callee.call, 1)
    talk.callee.call.press("5")
    await talk.caller.hears_music()
    talk.callee.call.press("1")
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    [trail] = await scene.trails()
    assert [line for line in trail if line.startswith("target_f") or line == "target_accepted"] == [
        "target_failed not_accepted",
        "target_accepted",
    ]


async def test_who_must_press_one_hears_for_whom_the_call_is_and_from_whom(scene: Scene) -> None:
    """Spoken while his phone rings, with the name that Anna has written down; forgotten with the call."""
    talk = await talking(scene, KORN | {"transfer": {"targets": [{"number": FIRST, "ring_time": 60}], "accept": True}})
    async with at_desk(scene.installation, "anna") as desk:
        await desk.puts(f"/desk/calls/{talk.id}/draft", caller_name="Jan Krüger")
        assert (await desk.posts(f"/desk/calls/{talk.id}/transfer", contact="Eva Korn", kind="announced"))[0] == 204
    await talk.callee.is_rung(FIRST)
    [spoken] = await prompts(scene, 1)
    said = spoken.read_bytes()
    await talk.callee.call.answer()

    async def heard() -> bool:
        return said[8000:12000] in talk.callee.call.heard.audio

    await eventually(heard, "the question with the names in it")
    talk.callee.call.press("1")
    await talk.callee.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    await talk.anna.rings_no_more()
    await scene.trails()
    assert await prompts(scene, 0) == []


async def prompts(scene: Scene, count: int) -> list[Path]:
    """Questions of calls' own that the switch has, once there are so many."""
    place = scene.installation.home / "asterisk"

    async def look() -> bool:
        return len(list(place.rglob("ask-*.alaw"))) == count

    await eventually(look, f"{count} questions of calls' own", within=20.0)
    return list(place.rglob("ask-*.alaw"))


async def test_swap_conference_and_take_back(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.wishes("swap")
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.callee.hears_music()
    await talk.wishes("swap")
    await talk.callee.hears_the_agent()
    await talk.caller.hears_music()
    await talk.wishes("conference")
    await talk.callee.call.hears()
    await talk.caller.hears_something()
    await talk.wishes("take_back")
    await talk.callee.is_hung_up_on()
    await talk.anna.hears_the_caller()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    [trail] = await scene.trails()
    assert "conference" in trail and "taken_back" in trail


async def test_the_caller_hangs_up_while_the_target_rings(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await talk.caller.hangs_up()
    await talk.callee.rings_no_more()
    await talk.anna.rings_no_more()
    await talk.anna.is_("ready")
    [trail] = await scene.trails()
    assert trail[-3:] == ["caller_left", "ended answered, normal", "charged 1 min"]


async def test_anna_hangs_up_while_the_target_rings_and_the_list_goes_on_without_her(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await talk.anna.hangs_up()
    await talk.caller.hears_music()
    await talk.callee.call.reject(486)
    await talk.callee.takes_the_call(SECOND)
    await talk.callee.hears_the_caller()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    [trail] = await scene.trails()
    assert "goes_on_blind" in trail
