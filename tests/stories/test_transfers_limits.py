"""By which carrier, with which numbers, and how many at once: ways out and their limits on the real switch (L7).

Rule of this file: each carrier is a phone of its own, or a door behind which nobody answers.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

from engine.main.problem import Problem
from pbx.phone import Phone
from tests.stories.installation import eventually
from tests.stories.people import AGENT_HZ
from tests.stories.scene import NUMBER, Scene
from tests.stories.transfers import CARRIER, FIRST, KORN, SECOND, TARGET_HZ, Callee, Talk, talking, way_out

OTHER, NOWHERE = "127.0.0.10", "127.0.0.11"
NATIONAL = "0301000001"
LINE = "+493099887700"
AT_ONCE, SIGN_OF_LIFE = 1.5, 4.0
"""Seconds; the first on a machine with other work to do."""
ENDED = ["ended answered, normal", "charged 1 min"]


@contextmanager
def nobody() -> Iterator[dict[str, Any]]:
    """A carrier that takes everything and says nothing: its way out, tried first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind((NOWHERE, 0))
        yield {"priority": 1, "uri": f"sip:{NOWHERE}:{deaf.getsockname()[1]}"}


async def second_carrier(scene: Scene, **outbound: Any) -> Callee:
    """Another one, tried second."""
    phone = await scene.phone(Phone(OTHER, hz=TARGET_HZ))
    scene.trunks.append({"name": "second", "match": [OTHER], "outbound": way_out(phone, 2, **outbound)})
    return Callee(phone)


async def is_put_through_by(talk: Talk, carrier: Callee, number: str) -> None:
    """This carrier's phone rings with this number, and the two talk to the end."""
    await carrier.is_called(number)
    await talk.caller.hears_music()
    await carrier.call.alert()
    await carrier.call.answer()
    await talk.wishes("hand_over")
    await carrier.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.caller.hangs_up()
    await carrier.is_hung_up_on()
    await talk.anna.is_("ready")


async def by_trunk(talk: Talk) -> list[tuple[str, str, str]]:
    """Number, trunk and result of every leg."""
    await talk.scene.trails()
    return [(one.number, one.trunk, one.result) for one in await talk.scene.installation.attempts(talk.id)]


async def test_one_carrier_fails_and_the_next_reads_its_own_numbers(scene: Scene) -> None:
    """The same target, dialled and introduced as each carrier wants it; the caller hears music all the while."""
    first = Callee(await scene.phone(Phone(OTHER, hz=AGENT_HZ)))
    scene.trunks.append({"name": "first", "match": [OTHER], "outbound": way_out(first.phone, 1)})
    talk = await talking(scene, out=False, lines=[LINE])
    scene.trunks.append({
        "name": "second", "match": [CARRIER],
        "outbound": way_out(talk.callee.phone, 2, numbers="national", identity="preferred", diversion=True),
    })  # fmt: skip
    await scene.opens()
    await talk.puts_through()
    await first.is_called(FIRST)
    assert first.call.header("Diversion") is None
    assert f"<sip:{NUMBER}@" in (first.call.header("P-Asserted-Identity") or "")
    await first.call.reject(503)
    await is_put_through_by(talk, talk.callee, NATIONAL)
    read = talk.callee.call
    assert (read.number, read.header("P-Asserted-Identity")) == ("030123450", None)
    assert "<sip:030123450@" in (read.header("P-Preferred-Identity") or "")
    assert "<sip:030123450@" in (read.header("Diversion") or "")
    assert await by_trunk(talk) == [(FIRST, "first", "carrier_failed"), (FIRST, "second", "put_through")]


async def test_a_carrier_that_says_nothing_is_given_up_after_four_seconds(scene: Scene) -> None:
    with nobody() as way:
        scene.trunks.append({"name": "first", "match": [NOWHERE], "outbound": way | {"check": False}})
        second = await second_carrier(scene)
        talk = await talking(scene, out=False)
        ordered = monotonic()
        await talk.puts_through()
        await is_put_through_by(talk, second, FIRST)
    assert SIGN_OF_LIFE < second.call.started - ordered < SIGN_OF_LIFE + AT_ONCE
    assert await by_trunk(talk) == [(FIRST, "first", "carrier_failed"), (FIRST, "second", "put_through")]


async def test_a_carrier_that_is_known_to_be_away_costs_no_time_and_no_line_in_the_log(scene: Scene) -> None:
    with nobody() as way:
        scene.trunks.append({"name": "first", "match": [NOWHERE], "outbound": way})
        second = await second_carrier(scene)
        talk = await talking(scene, out=False)
        scene.complains_of = {"alarm"}

        async def is_away() -> bool:
            return bool((await scene.installation.ask("GET", "/status"))["carriers_away"] == ["first"])

        await eventually(is_away, "the carrier has not answered OPTIONS", within=15.0)
        log = scene.installation.home / "asterisk" / "log" / "messages.log"
        before = log.read_text("utf-8", "replace") if log.exists() else ""
        ordered = monotonic()
        await talk.puts_through()
        await is_put_through_by(talk, second, FIRST)
    assert second.call.started - ordered < AT_ONCE
    assert "ERROR" not in log.read_text("utf-8", "replace")[len(before) :]
    [trail] = await scene.trails()
    assert trail[trail.index("target_refused trunk_away") + 1] == "target_failed carrier_failed"
    assert await by_trunk(talk) == [(FIRST, "first", "carrier_failed"), (FIRST, "second", "put_through")]


async def one_trunk_for_both(scene: Scene, lines: int) -> Talk:
    """The carrier that brings the callers takes the calls out, too, and has so many lines."""
    phone = await scene.phone(Phone(OTHER, hz=TARGET_HZ))
    scene.trunks[0] = {**scene.trunks[0], "outbound": way_out(phone)}
    scene.limits("carrier", max_calls=lines)
    talk = await talking(scene, out=False)
    talk.callee = Callee(phone)
    return talk


async def test_a_caller_who_is_put_through_has_two_of_the_trunks_lines(scene: Scene) -> None:
    """One to come and one to go: who calls when all are taken is refused, as by the carrier itself."""
    talk = await one_trunk_for_both(scene, 2)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    late = await scene.caller()
    await late.dials(NUMBER, "+491709999999")
    await late.is_refused(503)
    await talk.wishes("take_back")
    await talk.callee.is_hung_up_on()
    again = await scene.caller()
    await again.dials(NUMBER, "+491708888888")
    await again.sees(183)
    await again.hangs_up()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    _, refused, served = await scene.trails()
    assert "limited trunk carrier: 2 calls at once" in refused
    assert "caller_left" in served
    scene.complains_of = {"limit_reached"}


async def test_where_every_line_is_taken_nobody_is_dialled_and_anna_has_the_caller_again(scene: Scene) -> None:
    talk = await one_trunk_for_both(scene, 1)
    await talk.puts_through()
    await scene.noted(["list_over limited"])
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    [trail] = await scene.trails()
    assert trail.count("target_refused trunk_full") == 3
    assert [result for *_, result in await by_trunk(talk)] == ["limited"] * 3


async def test_so_many_numbers_in_a_minute_and_the_agent_is_told_why_no_more(scene: Scene) -> None:
    scene.has_customer("+493099990000", "Nobody else dialled for")  # the stories before have dialled for the first
    talk = await talking(scene, KORN, put_through={"legs_per_minute": 1})
    await talk.puts_through()
    await talk.callee.refuses(FIRST, 486)
    await talk.caller.hears_the_agent()
    with pytest.raises(Problem, match=r"try it again in a minute\. \(legs_per_minute\)"):
        await talk.puts_through()
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    [trail] = await scene.trails()
    assert trail[trail.index("target_failed busy") :][-5:-2] == [
        "list_over limited", "put_through_refused command line: legs_per_minute", "caller_left",
    ]  # fmt: skip
    assert (SECOND, "limited") in await talk.tried()
