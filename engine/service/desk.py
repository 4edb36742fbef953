"""The agent's desk: what an agent sees of a call, and how each call is closed: with a message, or a reason for none.

Rules of this file: who asks is an agent, and sees the calls that were his and no others; of a customer he sees what is
released. A call that is open is open until he has closed it; what he has typed is not lost meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.accounts import Identity
from engine.directory.released import Released, released
from engine.entries.directory import directory
from engine.law.checks import allows_put_through
from engine.message.slip import Slip
from engine.ports.desk import Closing, DeskAgent, DeskCall, Desks, DeskStore, Earlier, LineNow, NoMessage, OwnCall, Seen
from engine.service.customers import ZONE, CustomerService
from engine.service.messages import Messages
from engine.terms import AgentId, AgentState, CallId

EARLIER = 10
"""Calls of the same caller that are shown."""
UNDO = timedelta(seconds=10)
"""How long a message can be taken back (nothing of it has left the house by then)."""


class NotAtADesk(Exception):
    """Who asks is no agent."""


class NoSuchCall(LookupError):
    """The call is not, and was not today, this agent's."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk shows of one call."""

    call: DeskCall
    directory: Released
    """With the agent's name in the greeting."""
    may_put_through: bool
    """False: the law keeps put-through, consult and hold off in this call (L3)."""
    earlier: tuple[Earlier, ...]
    """Of the same caller with this customer, the latest first."""


class Desk:
    """Works for whoever signs in as an agent."""

    def __init__(
        self,
        desks: Desks,
        customers: CustomerService,
        messages: Messages,
        store: DeskStore,
        now: Callable[[], datetime],
        country: str = "49",
    ) -> None:
        """`now`: this moment, in UTC; `country`: the installation's code without plus."""
        self._desks = desks
        self._customers, self._messages, self._store = customers, messages, store
        self._now, self._country = now, country

    # --- the agent

    def agent(self, by: Identity) -> DeskAgent | None:
        """How this agent stands; None = the engine does not know of him (yet). Raises NotAtADesk."""
        return self._desks.agent(_agent(by))

    def team(self, by: Identity) -> Sequence[DeskAgent]:
        """Every agent, without their calls. Raises NotAtADesk."""
        _agent(by)
        return [replace(one, call=None) for one in self._desks.team()]

    def line(self, by: Identity) -> LineNow:
        """How many wait, and how long. Raises NotAtADesk."""
        _agent(by)
        return self._desks.line()

    def wish(self, by: Identity, state: AgentState, reason: str | None = None) -> None:
        """Ready, paused or offline, at once or after the call. Raises NotAtADesk, NoSuchAgent, ValueError."""
        self._desks.wish(_agent(by), state, reason)

    def end_wrap_up(self, by: Identity) -> None:
        """Done with the last call. Raises NotAtADesk, NoSuchAgent."""
        self._desks.end_wrap_up(_agent(by))

    def seen(self, by: Identity) -> Seen:
        """What a look now has seen. Raises NotAtADesk."""
        return self._desks.seen(_agent(by))

    async def changed(self, by: Identity, seen: Seen) -> Seen:
        """Wait until something has changed since. Raises NotAtADesk."""
        return await self._desks.changed(_agent(by), seen)

    # --- the call

    async def card(self, by: Identity) -> Card | None:
        """The call at this agent's phone, or the last one in wrap-up; None = there is none. Raises NotAtADesk."""
        agent = self._desks.agent(_agent(by))
        if agent is None or agent.call is None:
            return None
        return await self._card(agent.call, agent)

    async def calls(self, by: Identity) -> Sequence[OwnCall]:
        """This agent's calls of today, in German time, the latest first; also those that are still to be closed."""

    async def draft(self, by: Identity, call: CallId) -> Mapping[str, Any]:
        """What was typed for this call so far. Raises NotAtADesk, NoSuchCall."""

    async def keep_draft(self, by: Identity, call: CallId, values: Mapping[str, Any]) -> None:
        """Keep what is typed, whatever it is: texts by field, as a form sends them. Raises NotAtADesk, NoSuchCall."""

    async def take(self, by: Identity, call: CallId, key: str, slip: Mapping[str, Any]) -> int:
        """Keep the message of this call; its id; the draft is gone. Values as `Slip` has them, but call, agent and time.

        Raises NotAtADesk, NoSuchCall, and what `Messages.take` raises.
        """

    async def take_back(self, by: Identity, call: CallId, message: int) -> bool:
        """Undo what was taken within `UNDO`; the draft is back. False = too late. Raises NotAtADesk, NoSuchCall."""

    async def close(self, by: Identity, call: CallId, reason: NoMessage, *, spam: bool = False) -> None:
        """There is no message, and why. Raises NotAtADesk, NoSuchCall."""

    async def _card(self, call: DeskCall, agent: DeskAgent) -> Card:
        entry, now = await self._customers.load(call.customer), self._now()
        shown = released(directory(entry), await self._customers.hours(entry), now, agent.name, call.caller, self._country)
        earlier = (
            await self._store.earlier(call.customer, call.caller, call.id, EARLIER) if call.caller is not None else ()
        )
        lines = self._customers.rules().lines(entry)
        return Card(call, shown, allows_put_through(lines), tuple(earlier))
