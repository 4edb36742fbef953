"""Callers who pay by the minute are neither put through nor held, whichever way an agent tries it (L3, TKG § 115).

Rule of this file: each test is named after the way; the agent reads why not, they talk on, and the try is in the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.main.problem import Problem
from tests.stories.desk_hands import at_desk
from tests.stories.scene import Scene
from tests.stories.test_transfer_phone import is_told, refers
from tests.stories.transfers import FIRST, KORN, SECOND, Talk, talking

PER_MINUTE, BUDGET = "+491805123456", "+491807123456"
WAIT: dict[str, Any] = {"treatment": "delayed_connect", "max_wait": 60}
OFF = KORN | {"transfer": {"targets": [{"number": FIRST, "use": False}]}}
"""Beside such a line no number may be in use."""
BY_LAW = "Nobody may be put through in this customer's calls: the caller would pay while waiting."
WHY = "In Anrufen dieses Kunden darf nicht vermittelt werden: Der Anrufer müsste für das Warten zahlen."
NOTICE = "Verbinden, Rückfragen und Halten sind deshalb nicht erlaubt"
WISHES = ("take_back", "skip", "pick", "swap", "conference", "hand_over")


async def paying(scene: Scene, line: str = PER_MINUTE) -> Talk:
    """A caller who pays by the minute talks to Anna."""
    contact = OFF if line == PER_MINUTE else KORN
    return await talking(scene, contact, lines=[line], wait=WAIT)


async def they_talk_on(talk: Talk, tries: Sequence[str]) -> None:
    """To the end; in the trail the tries stand between the answer and the end, and nobody was dialled."""
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    [trail] = await talk.scene.trails()
    assert trail[trail.index("200") + 1 :] == [*tries, "caller_left", "ended answered, normal", "charged 1 min"]
    assert await talk.scene.installation.attempts(talk.id) == []


async def test_by_the_desks_buttons_there_are_none_but_a_notice(scene: Scene) -> None:
    talk = await paying(scene)
    async with at_desk(scene.installation, "anna") as desk:
        page = await desk.page()
    assert NOTICE in page
    assert f'/desk/calls/{talk.id}/transfer"' not in page, "no contact to put through to"
    await they_talk_on(talk, [])


@pytest.mark.parametrize("kind", ["announced", "blind"])
async def test_by_a_post_to_the_desk_by_hand(scene: Scene, kind: str) -> None:
    talk = await paying(scene)
    async with at_desk(scene.installation, "anna") as desk:
        way = f"/desk/calls/{talk.id}/transfer"
        assert await desk.posts(way, contact="Eva Korn", kind=kind) == (422, WHY)
        assert await desk.posts(way, contact="Eva Korn", kind=kind, only="1") == (422, WHY)
    await they_talk_on(talk, ["put_through_refused anna: by_law"] * 2)


async def test_by_a_wish_sent_to_the_desk_by_hand_consult_swap_and_all_others(scene: Scene) -> None:
    talk = await paying(scene)
    async with at_desk(scene.installation, "anna") as desk:
        for wish in WISHES:
            assert await desk.posts(f"/desk/calls/{talk.id}/transfer/change", wish=wish) == (422, WHY)
    await they_talk_on(talk, ["put_through_refused anna: by_law"] * len(WISHES))


@pytest.mark.parametrize("kind", ["announced", "blind"])
async def test_at_the_control_door(scene: Scene, kind: str) -> None:
    talk = await paying(scene)
    with pytest.raises(Problem, match=BY_LAW):
        await talk.puts_through(kind)
    await they_talk_on(talk, ["put_through_refused command line: by_law"])


async def test_at_the_control_door_by_a_wish(scene: Scene) -> None:
    talk = await paying(scene)
    for wish in WISHES:
        with pytest.raises(Problem, match=BY_LAW):
            await talk.wishes(wish)
    await they_talk_on(talk, ["put_through_refused command line: by_law"] * len(WISHES))


async def test_on_the_command_line(scene: Scene) -> None:
    talk = await paying(scene)
    for words in (["Eva Korn"], ["Eva Korn", "--blind"], ["--swap"]):
        code, said, complained = await scene.installation.vorzimmer("transfer", talk.id, *words)
        assert (code, said) == (1, "")
        assert BY_LAW in complained
    await they_talk_on(talk, ["put_through_refused command line: by_law"] * 3)


@pytest.mark.parametrize("number", [FIRST, SECOND])
async def test_by_refer_from_the_telephone_blind(scene: Scene, number: str) -> None:
    talk = await paying(scene)
    await refers(talk, number)
    await is_told(talk, "603")
    await they_talk_on(talk, [f"refer {number}", "put_through_refused by_law"])


async def test_by_refer_from_the_telephone_attended_to_another_call_of_the_house(scene: Scene) -> None:
    """Ben talks to somebody else; Anna's telephone asks that her caller be joined with that call."""
    talk = await paying(scene)
    await talk.ben.becomes("ready")
    other = await scene.caller()
    await other.dials("+4930123450", caller="+491709999999")
    await talk.ben.takes_the_call()
    await talk.ben.hears_the_caller()
    assert await talk.anna.call.refer(f"sip:ben@127.0.0.1?{talk.ben.call.replaces}") == 202
    await is_told(talk, "603")
    await talk.anna.hears_the_caller()
    await talk.ben.hears_the_caller()
    await other.hangs_up()
    await talk.ben.rings_no_more()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    first, second = await scene.trails()
    refused = ["refer to another call", "put_through_refused by_law"]
    assert first[-5:] == [*refused, "caller_left", "ended answered, normal", "charged 1 min"]
    assert second[-3:] == ["caller_left", "ended answered, normal", "charged 1 min"]


@pytest.mark.parametrize("way", ["sendonly", "inactive"])
async def test_by_hold_at_the_telephone_the_caller_stays_in_the_talk_and_hears_no_music(scene: Scene, way: str) -> None:
    talk = await paying(scene)
    assert await talk.anna.call.offer(way) == 200
    await scene.noted(["hold_refused anna: the law forbids it"])
    await talk.caller.hears_no_music_for(1.0)
    assert await talk.anna.call.offer("sendrecv") == 200
    await they_talk_on(talk, ["hold_refused anna: the law forbids it"])


async def test_a_line_with_free_seconds_is_put_through_neither_within_them_nor_after(scene: Scene) -> None:
    """0180-7: to be put through is to wait again, and the talk has used up the free seconds (TKG § 3 no. 73)."""
    talk = await paying(scene, BUDGET)
    with pytest.raises(Problem, match=BY_LAW):
        await talk.puts_through()
    async with at_desk(scene.installation, "anna") as desk:
        assert NOTICE in await desk.page()
        assert (await desk.posts(f"/desk/calls/{talk.id}/transfer", contact="Eva Korn")) == (422, WHY)
    await refers(talk, FIRST)
    await is_told(talk, "603")
    tries = [f"put_through_refused {who}: by_law" for who in ("command line", "anna")]
    await they_talk_on(talk, [*tries, f"refer {FIRST}", "put_through_refused by_law"])
