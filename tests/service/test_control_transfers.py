"""`vorzimmer transfer` and the running engine, over the real socket: what is done, what is refused and how."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI

from engine.call.state import State
from engine.main.client import ask, control_socket
from engine.main.problem import Problem
from engine.service.putting_through_seen import transfer_of
from engine.store.database import Database
from engine.terms import CallId, HangupCause
from engine.web.control_transfers import add_transfers
from engine.web.listening import listen_unix
from engine.web.server import serve
from tests.customers import MUSTER, SUPPORT
from tests.service.put_through import EVA, MOBILE, OFFICE, House, house_on

MUSTERS_LINE = "+493023125001"
"""Forwarded to us: it is never dialled."""


class Door:
    """The command line at an engine."""

    def __init__(self, house: House, home: Path) -> None:
        self.house, self._home = house, home
        self.is_loaded = True

    async def transfer(self, call: CallId, **wanted: Any) -> Any:
        return await ask(self._home, "PUT", f"/calls/{call}/transfer", wanted)

    async def refuses(self, call: CallId, **wanted: Any) -> str:
        with pytest.raises(Problem) as refused:
            await self.transfer(call, **wanted)
        return str(refused.value)


@pytest_asyncio.fixture
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    door = Door(await house_on(database), tmp_path)
    house = door.house
    app = add_transfers(FastAPI(), house.exchange, lambda: house.transfers if door.is_loaded else None)
    serving = asyncio.create_task(serve(app, listen_unix(control_socket(tmp_path))))
    yield door
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_a_caller_is_put_through_by_hand_from_beginning_to_end(door: Door) -> None:
    call = door.house.talks()
    assert await door.transfer(call, contact=EVA) == {"call": call, "state": "dialling"}
    assert door.house.noted(call, "put_through") == ["command line: announced, 2 targets"]
    await door.transfer(call, wish="skip")
    door.house.target(call, answers=True)
    for wish, state in (("swap", "swapped"), ("swap", "consulting"), ("conference", "conference")):
        assert await door.transfer(call, wish=wish) == {"call": call, "state": state}
    assert await door.transfer(call, wish="hand_over") == {"call": call, "state": "put_through"}


async def test_a_blind_one_and_a_caller_who_is_taken_back(door: Door) -> None:
    call = door.house.talks()
    await door.transfer(call, contact=EVA, only=2)
    await door.transfer(call, wish="take_back")
    assert door.house.state(call) is State.TALKING
    assert await door.transfer(call, contact=EVA, kind="blind") == {"call": call, "state": "forwarding"}


async def test_one_number_of_the_list_is_picked(door: Door) -> None:
    call = door.house.talks()
    await door.transfer(call, contact=EVA)
    await door.transfer(call, wish="pick", place=2)
    assert [one[:3] for one in door.house.noted(call, "target_dialled")] == ["1/2", "2/2"]
    assert await door.refuses(call, wish="pick", place=9) == "there is no number 9 on the list: it has 1, 2"
    door.house.target(call, ends=HangupCause.BUSY)
    assert door.house.state(call) is State.TALKING


async def test_a_number_has_one_place_on_the_card_and_on_the_list(door: Door) -> None:
    """The first of three must not be dialled: the second is the second all the same, wherever one picks."""
    targets = {"targets": [MUSTERS_LINE, MOBILE, OFFICE]}
    await door.house.editing.save(MUSTER, {f"contacts/{EVA}/transfer": targets}, {}, SUPPORT)
    call = door.house.talks()
    await door.transfer(call, contact=EVA)
    assert "there is no number 1 on the list" in await door.refuses(call, wish="pick", place=1)
    await door.transfer(call, wish="pick", place=3)
    assert [one[3:] for one in door.house.noted(call, "target_dialled")] == [
        f" {EVA}: {MOBILE} (carrier)", f" {EVA}: {OFFICE} (carrier)",
    ]  # fmt: skip
    await door.transfer(call, wish="pick", place=2)
    assert door.house.noted(call, "picked") == [OFFICE, MOBILE]
    await door.transfer(call, wish="take_back")
    await door.transfer(call, contact=EVA, only=2)
    seen = transfer_of(door.house.exchange.calls[call])
    assert seen and (seen.place, seen.places) == (2, (2,))


async def test_what_cannot_be_is_said(door: Door) -> None:
    ringing = door.house.arrives()
    assert await door.refuses(CallId("c9"), contact=EVA) == "there is no call c9: `vorzimmer agents --json` lists them"
    assert await door.refuses(ringing, contact=EVA) == ("not now: the call is ringing, or the switch cannot be reached")
    assert "not now" in await door.refuses(ringing, wish="skip")
    assert "a contact, or a wish" in await door.refuses(ringing)
    assert door.house.exchange.figures.impossible == 0


async def test_law_contact_and_switch_stand_against_it(door: Door) -> None:
    call = door.house.talks()
    assert await door.refuses(call, contact="Frida Falsch") == "This contact is not there any more. (no_contact)"
    door.house.exchange.switch_lost()
    assert "not now" in await door.refuses(call, contact=EVA)
    door.house.exchange.switch_back()
    door.is_loaded = False
    assert "just started" in await door.refuses(call, contact=EVA)


async def test_l3_who_would_pay_for_the_wait_is_not_put_through(door: Door) -> None:
    call = door.house.talks(may_hold=False)
    why = "Nobody may be put through in this customer's calls: the caller would pay while waiting. (by_law)"
    assert await door.refuses(call, contact=EVA) == why
    assert await door.refuses(call, wish="swap") == why
    assert door.house.state(call) is State.TALKING
    assert door.house.noted(call, "put_through_refused") == ["command line: by_law"] * 2
