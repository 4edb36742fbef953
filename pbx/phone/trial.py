"""A test call: dial a number, listen, talk for a while, hang up.

Rule: it plays the caller and nothing else; what it saw comes out as facts, at the moment they happen.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from pbx.phone.call import Call
from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Fact
from pbx.phone.listening import CALLER_HZ, impression, note_first_sound
from pbx.phone.messages import Peer
from pbx.phone.outgoing import OutgoingCall
from pbx.phone.phone import Phone


async def place_call(
    number: str, server: Peer, *, user: str, password: str | None = None, shown: str | None = "",
    patience: float = 180.0, talk: float = 10.0,
) -> AsyncGenerator[Fact, None]:  # fmt: skip
    """Call `number` and tell what happens, until the call is over.

    `user`, `password`: to log in with; `shown`: the caller's number (None = anonymous). Gives up after
    `patience` seconds without answer, and hangs up `talk` seconds after the answer.
    """
    async with Phone(user=user, password=password, hz=CALLER_HZ) as phone:
        call = await phone.dial(number, server, caller=shown)
        conduct = asyncio.create_task(_conduct(call, patience, talk))
        try:
            async for fact in call.follow():
                yield fact
            await conduct
        finally:
            conduct.cancel()


async def _conduct(call: OutgoingCall, patience: float, talk: float) -> None:
    listening = asyncio.create_task(note_first_sound(call, patience))
    try:
        await call.until(200, within=patience)
        await lasts(call, talk)
        call.note("hears", impression(call.heard))
    except NotInTime:
        pass  # nobody answers, or the other side has ended the call: the facts tell which
    finally:
        listening.cancel()
        await part(call)


async def part(call: Call) -> None:
    """Hang up; the call is over then, even if the other side does not confirm (a fact says so). Raises nothing."""
    try:
        await call.hang_up()
    except PhoneError as problem:
        call.note("problem", str(problem))
        call.drop()


async def lasts(call: Call, seconds: float) -> bool:
    """Wait so many seconds, or until the call is over; returns whether it goes on. Raises nothing."""
    try:
        await call.over(within=seconds)
    except NotInTime:
        return True
    return False
