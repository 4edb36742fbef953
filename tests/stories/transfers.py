"""A customer whose callers can be put through, and the people behind the numbers.

Rule of this file: one phone stands for the carrier and everybody whom it reaches; which number was dialled, the INVITE
says.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pbx.phone import IncomingCall, Phone
from pbx.phone.call import Call
from pbx.phone.heard import WINDOW
from tests.stories.installation import LIMIT
from tests.stories.people import AGENT_HZ, CALLER_HZ, Agent, Caller, hears_other_than, hears_tone
from tests.stories.scene import Scene

FIRST, SECOND, THIRD = "+49301000001", "+49301000002", "+49301000003"
CARRIER, TARGET_HZ = "127.0.0.9", 2100
OWN = "+4930123450"
KORN: dict[str, Any] = {
    "name": "Eva Korn",
    "notify": {"mail": ["eva@korn.example"]},
    "transfer": {"targets": [{"number": number, "ring_time": 5} for number in (FIRST, SECOND, THIRD)]},
}
"""Three numbers, each rings for five seconds."""
SHOWN: dict[str, Any] = {"shown_numbers": [{"number": OWN, "right": "Vertrag vom 2.11.2026"}]}


SILENT = -60.0
"""dBFS below which nothing is heard."""


def longest_silence(call: Call) -> float:
    """Seconds of the longest stretch in which nothing was heard in this call, from its first sound until now, or its
    end."""
    longest = silent = 0
    for level in call.heard.windows:
        silent = silent + 1 if level is None or level < SILENT else 0
        longest = max(longest, silent)
    now = call.facts[-1].mono if call.ended else time.monotonic()
    return max(longest * WINDOW, now - (call.heard.last_at or now))


class Callee:
    """Somebody whom the carrier reaches."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._call: IncomingCall | None = None

    @property
    def call(self) -> IncomingCall:
        """The call that rings or is talked in."""
        assert self._call is not None, "nobody was called"
        return self._call

    async def is_called(self, number: str, within: float = LIMIT) -> None:
        """The INVITE for this number is there; nothing was said to it yet."""
        self._call = await self.phone.rings(within)
        assert self._call.dialled == number

    async def is_rung(self, number: str, within: float = LIMIT) -> None:
        """The phone of this number rings."""
        await self.is_called(number, within)
        await self.call.alert()

    async def takes_the_call(self, number: str, within: float = LIMIT) -> None:
        """Is rung and picks up."""
        await self.is_rung(number, within)
        await self.call.answer()

    async def refuses(self, number: str, code: int) -> None:
        """Is called and answers with this code."""
        await self.is_called(number)
        await self.call.reject(code)

    async def rings_no_more(self, within: float = LIMIT) -> None:
        """The ring was taken back."""
        ended = await self.call.over(within)
        assert ended.by == "them", ended

    async def hears_the_agent(self) -> None:
        """Nothing but the agent's voice."""
        await hears_tone(self.call, AGENT_HZ)

    async def hears_the_caller(self) -> None:
        """Nothing but the caller's voice."""
        await hears_tone(self.call, CALLER_HZ)

    async def hears_music(self) -> None:
        """Sound that is no voice."""
        await hears_other_than(self.call, CALLER_HZ)

    async def hangs_up(self) -> None:
        """Ends the conversation."""
        await self.call.hang_up()

    async def is_hung_up_on(self) -> None:
        """The other side has ended it."""
        await self.rings_no_more()


@dataclass
class Talk:
    """A caller talks to Anna; Ben is there, too, and paused unless he is told otherwise."""

    scene: Scene
    anna: Agent
    ben: Agent
    caller: Caller
    callee: Callee
    id: str

    async def puts_through(self, kind: str = "announced", contact: str = "Eva Korn") -> None:
        """Anna does, at her desk."""
        await self.scene.installation.ask("PUT", f"/calls/{self.id}/transfer", {"contact": contact, "kind": kind})

    async def wishes(self, wish: str) -> None:
        """What Anna wants while somebody is put through: `take_back`, `skip`, `swap`, `confer` or `hand_over`."""
        await self.scene.installation.ask("PUT", f"/calls/{self.id}/transfer", {"wish": wish})

    def longest_silence(self) -> float:
        """Seconds for which the caller has heard nothing, or nothing but silence, since he was answered."""
        return longest_silence(self.caller.call)

    async def tried(self) -> list[tuple[str, str]]:
        """Number and result of every leg to a target, once the call is over."""
        await self.scene.records()
        return [(one.number, one.result) for one in await self.scene.installation.attempts(self.id)]

    async def caller_hears_the_target(self) -> None:
        """Nothing but the target's voice."""
        await hears_tone(self.caller.call, TARGET_HZ)

    async def agent_hears_the_target(self) -> None:
        """The same at Anna's phone."""
        await hears_tone(self.anna.call, TARGET_HZ)


def way_out(phone: Phone, priority: int = 1, **outbound: Any) -> dict[str, Any]:
    """How a trunk reaches the carrier who is this phone, as in the YAML."""
    return {"priority": priority, "uri": "sip:{}:{}".format(*phone.address), "check": False, **outbound}


async def talking(scene: Scene, *contacts: dict[str, Any], out: bool = True, **settings: Any) -> Talk:
    """A caller talks to Anna at Bäckerei Korn's; the customer's further keys as in the YAML.

    Not `out`: the story has ways out of its own.
    """
    phone = await scene.phone(Phone(CARRIER, hz=TARGET_HZ))
    if out:
        scene.trunks.append({"name": "out", "match": [CARRIER], "outbound": way_out(phone)})
    scene.has_customer(contacts=list(contacts) or [KORN], **{**SHOWN, **settings})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    caller = await scene.caller()
    await caller.dials("+4930123450")
    await anna.takes_the_call()
    await caller.is_answered()
    await anna.hears_the_caller()
    return Talk(scene, anna, ben, caller, Callee(phone), await scene.call_id())
