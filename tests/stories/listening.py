"""A conversation to which somebody listens in: caller, agent and supervisor, and what each of them hears."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.stories.installation import eventually
from tests.stories.people import AGENT_HZ, CALLER_HZ, Agent, Caller
from tests.stories.scene import NUMBER, Scene, line

SUPERVISOR_HZ = 2100


class Talk:
    """A caller talks with Anna; Sarah, who leads the agents, is on a break and has a phone."""

    def __init__(self, scene: Scene, anna: Agent, sarah: Agent, caller: Caller) -> None:
        self.scene, self.anna, self.sarah, self.caller = scene, anna, sarah, caller

    async def orders(self, supervisor: str = "sarah", agent: str = "anna") -> None:
        """Somebody wants to listen. Raises Problem with the reason why not."""
        await self.scene.installation.ask("PUT", f"/listening/{supervisor}", {"agent": agent})

    async def listeners(self) -> list[dict[str, Any]]:
        """Who listens, or is about to."""
        return list(await self.scene.installation.ask("GET", "/listening"))

    async def is_heard(self) -> None:
        """Sarah picks up; both are told, then she hears both."""
        await self.orders()
        await self.sarah.takes_the_call()
        await self.both_are_told()
        await self.hears_both()

    async def both_are_told(self) -> None:
        """The announcement is in both ears, over what the other says."""
        try:
            await asyncio.gather(self.caller.hears_music(), self.anna.hears_music())
        except AssertionError as problem:
            call = await self.scene.call_id()
            trail = [line(entry) for entry in await self.scene.installation.trail(call)]
            raise AssertionError(f"{problem}; {await self.listeners()}, {trail}") from problem

    async def hears_both(self) -> None:
        """Sarah hears caller and agent, each as loud as the other, and nothing else."""
        heard = self.sarah.call.heard

        async def look() -> bool:
            shares = [heard.tone_share(hz) for hz in (CALLER_HZ, AGENT_HZ)]
            return heard.packets > 10 and min(shares) > 0.4 and sum(shares) > 0.98

        await eventually(look, "both are heard")

    async def goes_on(self) -> None:
        """Caller and agent hear each other and nobody else; of the listening nothing is left."""
        await eventually(self._as_before, "two channels and one bridge")
        await eventually(self._nobody_listens, "nobody listens any more")
        start = [call.heard.next_window() for call in (self.caller.call, self.anna.call)]

        async def look() -> bool:
            calls = (self.caller.call, AGENT_HZ, start[0]), (self.anna.call, CALLER_HZ, start[1])
            return all(len(c.heard.windows) > n + 3 and c.heard.tone_share(hz) > 0.98 for c, hz, n in calls)

        await eventually(look, "the conversation goes on")

    async def _nobody_listens(self) -> bool:
        return await self.listeners() == []

    async def _as_before(self) -> bool:
        there = self.scene.installation
        return (len(await there.switch("channels")), len(await there.switch("bridges"))) == (2, 1)

    async def trail(self) -> list[str]:
        """The whole trail, but for 183, which is told by chance before or after the ring."""
        (trail,) = await self.scene.trails()
        return [word for word in trail if word != "183"]


async def talk_in(scene: Scene, **customer: Any) -> Talk:
    """They talk."""
    anna = await scene.hires("anna")
    sarah = await scene.hires("sarah", hz=SUPERVISOR_HZ)
    scene.has_customer(**{"listening_in": True, **customer})
    await scene.opens(anna)
    await sarah.becomes("pause")
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    return Talk(scene, anna, sarah, caller)
