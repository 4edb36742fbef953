"""The people of a story: callers and agents, each with a telephone, in the words of a customer's day.

Rule of this file: words only over `pbx.phone`; each waits for what it says, with a limit, and nothing else.
"""

from __future__ import annotations

import asyncio
import math
import time
from datetime import UTC, datetime
from typing import Any

from pbx.phone import IncomingCall, OutgoingCall, Phone
from pbx.phone.g711 import FRAME, dbfs
from tests.stories.installation import LIMIT, Installation, eventually

CALLER_HZ, AGENT_HZ = 500, 1300
"""What the two say: a tone each, so that each can be told from music and from the other."""
_LOUD = -45.0
_PURE = 0.7
"""The share of a tone above which it is that tone and nothing else."""


class Caller:
    """Somebody who dials an access number."""

    def __init__(self, phone: Phone, server: tuple[str, int]) -> None:
        self.phone, self._server = phone, server
        self._call: OutgoingCall | None = None

    @property
    def call(self) -> OutgoingCall:
        """The call that was placed."""
        assert self._call is not None, "this caller has not dialled"
        return self._call

    @property
    def saw(self) -> list[str]:
        """The responses to the INVITE, e.g. `["100", "183 SDP", "200 SDP"]`."""
        return [f"{seen.code}{' SDP' if seen.has_sdp else ''}" for seen in self.call.responses]

    async def dials(
        self, number: str, caller: str | None = "+491701234567", headers: dict[str, str] | None = None
    ) -> None:
        """Place the call; the INVITE is out."""
        self._call = await self.phone.dial(number, self._server, caller=caller, headers=headers)

    async def sees(self, code: int) -> None:
        """This response has come."""
        await self.call.until(code, LIMIT)

    async def hears_something(self, within: float = LIMIT) -> None:
        """Sound that is no silence, from now on."""
        await self.call.hears(min_dbfs=_LOUD, within=within)

    async def hears_silence(self) -> None:
        """RTP that is quiet, from now on."""
        await self.call.hears(min_dbfs=-math.inf, max_dbfs=-60, within=LIMIT)

    async def hears_the_agent(self, within: float = LIMIT) -> None:
        """Nothing but the agent's voice."""
        await hears_tone(self.call, AGENT_HZ, within)

    async def hears_music(self) -> None:
        """Sound that is no voice."""
        await hears_other_than(self.call, AGENT_HZ)

    async def hears_steady_sound(self) -> None:
        """A second and a half of sound without a pause, as music is."""

        async def look() -> bool:
            last = self.call.heard.windows[-15:]
            return len(last) == 15 and all(level is not None and level > _LOUD for level in last)

        await eventually(look, "sound without a pause")

    async def gets_digits(self, digits: str) -> None:
        """These have been sent to us so far (RFC 4733)."""

        async def look() -> bool:
            return self.call.heard.digits == digits

        await eventually(look, f"digits {digits}; got {self.call.heard.digits}")

    async def hears_nothing_for(self, seconds: float) -> None:
        """Quiet RTP, or none at all, for so long."""
        await asyncio.sleep(seconds)
        assert self.call.heard.level(seconds - 0.5) < -60

    async def hears_no_music_for(self, seconds: float) -> None:
        """Nothing, or the agent's voice alone, for so long."""
        began = time.monotonic()

        async def look() -> bool:
            heard = self.call.heard
            assert heard.level(0.2) < _LOUD or heard.tone_share(AGENT_HZ) > _PURE, "music"
            return time.monotonic() > began + seconds

        await eventually(look, "the time is over")

    async def is_answered(self) -> None:
        """200, and the call goes on."""
        await self.sees(200)

    async def hangs_up(self) -> None:
        """Put the receiver down: CANCEL or BYE."""
        await self.call.hang_up()

    async def is_hung_up_on(self) -> None:
        """The other side has ended the call."""
        ended = await self.call.over(LIMIT)
        assert ended.by == "them", ended

    async def is_refused(self, code: int) -> None:
        """The call ended with this response."""
        ended = await self.call.over(LIMIT)
        assert (ended.by, ended.code) == ("them", code)


class Agent:
    """Somebody who answers."""

    def __init__(self, login: str, phone: Phone, installation: Installation) -> None:
        self.login, self.phone, self._installation = login, phone, installation
        self._call: IncomingCall | None = None
        self.picked_up_at: datetime
        """The moment before the 200 went out."""

    @property
    def call(self) -> IncomingCall:
        """The call that rings or is talked in."""
        assert self._call is not None, f"{self.login} has no call"
        return self._call

    async def becomes(self, state: str) -> None:
        """`ready`, `pause` or `offline`, at once or after the call."""
        await self._installation.ask("PUT", f"/agents/{self.login}/state", {"state": state})

    async def is_called(self, within: float = LIMIT) -> None:
        """The INVITE is there; the phone has not said 180 yet."""
        self._call = await self.phone.rings(within)

    async def is_rung(self, within: float = LIMIT) -> None:
        """The phone rings."""
        await self.is_called(within)
        await self.call.alert()

    async def picks_up(self) -> None:
        """Answer the call that rings."""
        self.picked_up_at = datetime.now(UTC)
        await self.call.answer()

    async def takes_the_call(self, within: float = LIMIT) -> None:
        """Be rung and pick up."""
        await self.is_rung(within)
        await self.picks_up()

    async def rejects(self, code: int) -> None:
        """Refuse the call that rings."""
        await self.call.reject(code)

    async def hears_the_caller(self) -> None:
        """Nothing but the caller's voice."""
        await hears_tone(self.call, CALLER_HZ)

    async def hears_music(self) -> None:
        """Sound that is no voice."""
        await hears_other_than(self.call, CALLER_HZ)

    async def hangs_up(self) -> None:
        """End the conversation."""
        await self.call.hang_up()

    async def rings_no_more(self, within: float = LIMIT) -> None:
        """The call was taken away from the phone, or the caller has hung up."""
        ended = await self.call.over(within)
        assert ended.by == "them", ended

    async def is_(self, state: str, reason: str | None = None) -> None:
        """The engine has the agent in this state."""
        try:
            await eventually(lambda: self._is(state, reason), f"{self.login} is {state} ({reason})")
        except AssertionError as problem:
            raise AssertionError(f"{problem}, but {await self._row()}") from problem

    async def _is(self, state: str, reason: str | None) -> bool:
        row = await self._row()
        return (row["state"], row["reason"]) == (state, reason)

    async def _row(self) -> dict[str, Any]:
        (found,) = [row for row in await self._installation.ask("GET", "/agents") if row["login"] == self.login]
        return dict(found)


async def hears_tone(call: OutgoingCall | IncomingCall, hz: int, within: float = LIMIT) -> None:
    """Wait until the last 200 ms are this tone and nothing else. Raises AssertionError."""
    start = call.heard.next_window()

    def heard() -> bool:
        return len(call.heard.windows) > start + 1 and call.heard.tone_share(hz) > _PURE

    async def look() -> bool:
        return heard()

    await eventually(look, f"a tone of {hz} Hz; heard its share {call.heard.tone_share(hz):.2f}", within)


async def hears_other_than(call: OutgoingCall | IncomingCall, hz: int) -> None:
    """Wait until 200 ms from now on were sound, and not this tone, however short it was. Raises AssertionError."""
    heard, place = call.heard, call.heard.received

    async def look() -> bool:
        nonlocal place
        while piece := heard.piece(place, 0.2):
            is_loud = dbfs(heard.law.energy(piece), len(piece)) > _LOUD
            if is_loud and heard.law.tone_share(piece, hz) < 1 - _PURE:
                return True
            place += FRAME
        return False

    await eventually(look, f"sound that is no tone of {hz} Hz; its share was {heard.tone_share(hz):.2f}")
