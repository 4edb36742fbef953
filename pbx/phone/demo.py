"""The demonstration: agents' phones that answer, and one call for each wait treatment.

Rule: it knows numbers, logins and an address, and reports what its phones saw; the engine tells the other half.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self

from pbx.phone.errors import NotInTime, PhoneError
from pbx.phone.facts import Fact
from pbx.phone.incoming import IncomingCall
from pbx.phone.listening import AGENT_HZ, CALLER_HZ, impression, note_first_sound
from pbx.phone.messages import Peer
from pbx.phone.outgoing import OutgoingCall
from pbx.phone.phone import Phone
from pbx.phone.trial import lasts, part
from pbx.phone.watch import Watch

RINGING = 1.5
"""Seconds that an agent lets the phone ring."""
TALK = 2.0
"""Seconds that a demonstration call lasts after the agent has picked up."""
LONGEST_TALK = 30.0
"""Seconds after which an agent's phone hangs up by itself, so that none stays busy for ever."""

_FICTIONAL = "+4917139200"
"""Begins the callers' numbers: a block that the Bundesnetzagentur keeps free for films."""


@dataclass(frozen=True, slots=True)
class Login:
    """An agent's phone account."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """A number to call, and a word for what it demonstrates, e.g. `delayed_connect`."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fact and who saw it: `caller`, or the agent's login."""

    who: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """One demonstration call. `problem` says what went wrong; None if all went as it should."""

    access: Access
    caller: str
    told: tuple[Told, ...]
    problem: str | None


class Desks:
    """The agents' phones: registered, and answering every call until the `async with` block is left.

    Entering raises PhoneError if a phone cannot register.
    """

    def __init__(self, server: Peer, logins: Iterable[Login]) -> None:
        self._server, self._logins = server, list(logins)
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._rung: list[tuple[str, IncomingCall]] = []
        self._watch = Watch()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for login in self._logins:
                phone = Phone(user=login.user, password=login.password, hz=AGENT_HZ)
                await stack.enter_async_context(phone)
                await phone.register(self._server)
                self._start(phone)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._stack.aclose()

    async def ring_of(self, caller: str, within: float) -> tuple[str, IncomingCall]:
        """The agent whose phone rings for this caller's number, and the call. Raises NotInTime if none does."""

        def found() -> tuple[str, IncomingCall] | None:
            return next((one for one in self._rung if one[1].number == caller), None)

        await self._watch.until(lambda: found() is not None, within)
        if rung := found():
            return rung
        raise NotInTime(f"no agent's phone rings for {caller} within {within:g} s")

    def _start(self, phone: Phone) -> None:
        task = asyncio.create_task(self._attend(phone))
        self._tasks.add(task)

    async def _attend(self, phone: Phone) -> None:
        while True:
            ring = await phone.rings(within=None)
            self._rung = [one for one in self._rung if one[1].ended is None] + [(phone.user, ring)]
            self._watch.changed()
            await _serve(ring)


async def _serve(ring: IncomingCall) -> None:
    """Let it ring, pick up, talk until the caller hangs up; whatever the caller does meanwhile ends it."""
    try:
        await ring.alert()
        if await lasts(ring, RINGING):
            await ring.answer()
        if await lasts(ring, LONGEST_TALK):
            await ring.hang_up()
    except PhoneError as problem:
        ring.note("problem", str(problem))


async def demonstrate(
    server: Peer, accesses: Iterable[Access], desks: Desks, caller: Login | None = None, patience: float = 30.0
) -> AsyncIterator[Demonstrated]:
    """Place one call after the other, and tell each when it is over.

    `caller`: the account to call with; None = as a carrier that is known by its address. `patience`: seconds
    that the caller waits for an agent's phone to ring.
    """
    login = caller or Login("caller", "")
    async with Phone(user=login.user, password=login.password or None, hz=CALLER_HZ) as phone:
        for count, access in enumerate(accesses, 1):
            number = f"{_FICTIONAL}{count:02}"
            call = await phone.dial(access.number, server, caller=number)
            told, problem = await _conduct(call, number, desks, patience)
            yield Demonstrated(access, number, told, problem)


async def _conduct(
    call: OutgoingCall, number: str, desks: Desks, patience: float
) -> tuple[tuple[Told, ...], str | None]:
    """Wait, talk, hang up; whatever goes wrong is told."""
    listening = asyncio.create_task(note_first_sound(call, patience))
    seen: dict[str, list[Fact]] = {"caller": call.facts}
    problem = None
    try:
        agent, ring = await _rung(call, number, desks, patience)
        seen[agent] = ring.facts
        await ring.happens("200 sent", within=RINGING + 5)
        if not listening.done():
            call.note("hears", impression(call.heard))
        listening.cancel()
        await call.until(200, within=5)
        await _talk(call, ring)
    except PhoneError as error:
        problem = str(error)
    finally:
        listening.cancel()
        await part(call)
    told = [Told(who, fact) for who, facts in seen.items() for fact in facts]
    return tuple(sorted(told, key=lambda one: one.fact.mono)), problem


async def _rung(call: OutgoingCall, number: str, desks: Desks, patience: float) -> tuple[str, IncomingCall]:
    """The ring at an agent's phone. Raises PhoneError if there is none, at once when the call ends before."""
    ringing = asyncio.create_task(desks.ring_of(number, patience))
    over = asyncio.create_task(call.over(patience + 1))
    try:
        await asyncio.wait((ringing, over), return_when=asyncio.FIRST_COMPLETED)
        if ringing.done():
            return ringing.result()
        raise PhoneError(f"the call is over before an agent's phone rings; {call.history()}")
    finally:
        ringing.cancel()
        over.cancel()


async def _talk(call: OutgoingCall, ring: IncomingCall) -> None:
    await lasts(call, TALK)
    for one in (call, ring):
        one.note("hears", impression(one.heard))
    await part(call)
    await ring.over(within=5)
