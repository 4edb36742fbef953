"""An agent's session is over in a talk: the browser brings that talk to its end, and is rung for no other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.acd.agents import SESSION_OVER
from engine.terms import AgentState
from engine.web import desk_phone
from tests.web.asking import asking
from tests.web.desk_scenes import AtWork
from tests.web.desks import an_agent
from tests.web.office import Office
from tests.web.phone_switch import LIMIT, Switch, phone
from tests.web.test_overtime import SHIFT, is_old, looks_often

__all__ = ["looks_often"]
pytestmark = pytest.mark.asyncio(loop_scope="session")
ANNA = "anna@ours.example"


def talks(office: Office) -> AtWork:
    """Anna has picked up."""
    office.desks.works(an_agent("anna", "Anna Lindner"))
    office.phone_line.states["anna"] = AgentState.TALKING
    anna = AtWork(None, office)  # type: ignore[arg-type]
    anna.talks()
    return anna


async def is_noticed(office: Office) -> None:
    """That the session is over; from now on nobody looks by himself any more."""
    async with asyncio.timeout(LIMIT):
        await office.phone_line.left_one.wait()


async def is_closed(socket: Any) -> bool:
    """By us, because the session is over."""
    await socket.receive(timeout=LIMIT)
    return bool(socket.close_code == 4401)


@pytest.mark.parametrize("how", ["is ended", "is late"])
async def test_the_next_call_does_not_come_to_a_browser_whose_session_is_over(
    office: Office, switch: Switch, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """However soon it rings, and though the agent has another session, with which she stays ready."""
    anna = talks(office)
    user = await office.accounts.user_of(ANNA)
    assert user
    async with phone(office) as socket:
        if how == "is ended":
            await office.accounts.sign_out_everywhere(user.id)
        else:
            await is_old(office, SHIFT)
        await is_noticed(office)
        monkeypatch.setattr(desk_phone, "LOOK", 60.0)
        await socket.send_str("BYE is to come yet")
        assert await socket.receive_str(timeout=LIMIT) == "heard BYE is to come yet"
        told = len(office.phone_line.told)
        office.phone_line.states["anna"], office.phone_line.calls = AgentState.RINGING, 2
        anna.ends()
        assert await is_closed(socket)
    assert office.phone_line.told[told : told + 2] == ["closed anna", "lost anna"], "another agent's, at once"


async def test_after_the_talk_the_browser_is_no_phone_until_one_signs_in_anew(office: Office, switch: Switch) -> None:
    anna = talks(office)
    async with phone(office) as socket, asking(office, ANNA) as late:
        await is_old(office, SHIFT)
        await is_noticed(office)
        assert (await late.gets("/desk/phone/account"))[0] == 200
        office.phone_line.states["anna"] = AgentState.OFFLINE
        anna.ends()
        assert await is_closed(socket)
        assert (await late.gets("/desk/phone/account"))[0] == 303
        assert (await late.gets("/desk/calls/vz-1/form"))[0] == 200, "the message is written meanwhile"
    async with asking(office, ANNA) as anew:
        assert (await anew.gets("/desk/phone/account"))[0] == 200


async def test_what_rings_as_the_session_is_ended_is_another_agents_at_once(office: Office, switch: Switch) -> None:
    office.desks.works(an_agent("anna", "Anna Lindner"))
    user = await office.accounts.user_of(ANNA)
    assert user
    async with phone(office) as socket:
        office.phone_line.states["anna"] = AgentState.RINGING
        await office.accounts.sign_out_everywhere(user.id)
        assert await is_closed(socket)
    assert office.phone_line.left == [("anna", SESSION_OVER)]
    assert office.phone_line.told[:3] == ["opened anna", "closed anna", "lost anna"]
