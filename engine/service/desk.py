"""The agent's desk: what an agent sees of a call, and how each call is closed: with a message, or a reason for none.

Rules of this file: who asks is an agent, and sees the calls that were his and no others; of a customer he sees what is
released. A call that is open is open until he has closed it; what he has typed is not lost meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.accounts import Identity, Role
from engine.directory.released import released
from engine.entries.directory import directory
from engine.law.checks import allows_put_through
from engine.law.classes import ClassTable
from engine.message.slip import Mistake, Slip
from engine.ports.desk import Closing, DeskAgent, DeskCall, Desks, DeskStore, Earlier, LineNow, NoMessage, OwnCall, Seen
from engine.ports.handover import Left
from engine.ports.putting_through import NotNow, Wish
from engine.service.customers import ZONE, CustomerService, NoSuchCustomer
from engine.service.desk_card import Card, draft_of
from engine.service.handover import Handover
from engine.service.incidents import lines_of
from engine.service.messages import Messages
from engine.service.planning import UNDO
from engine.service.prompts import spoken_name
from engine.service.transfers import NotPutThrough, Transfers
from engine.service.unfinished import unfinished
from engine.terms import AgentId, AgentState, CallId, CustomerId
from engine.transfer.plan import Kind

EARLIER = 10
"""Calls of the same caller that are shown."""
OPEN_FOR = timedelta(days=3)
"""How long a call that is not closed is shown, beyond its day."""


class NotAtADesk(Exception):
    """Who asks is no agent."""


class NoSuchCall(LookupError):
    """The call is not, and was not today, this agent's."""


class Desk:
    """Works for whoever signs in as an agent."""

    def __init__(
        self,
        desks: Desks,
        customers: CustomerService,
        messages: Messages,
        store: DeskStore,
        now: Callable[[], datetime],
        classes: ClassTable,
        country: str = "49",
        transfers: Transfers | None = None,
    ) -> None:
        """`now`: this moment, in UTC; `classes`: of numbers; `country`: the installation's code without plus.

        `transfers`: None = nobody is put through here.
        """
        self._transfers, self._handover = transfers, Handover(store)
        self._desks = desks
        self._customers, self._messages, self._store = customers, messages, store
        self._now, self._classes, self._country = now, classes, country

    # --- the agent

    def agent(self, by: Identity) -> DeskAgent | None:
        """How this agent stands; None = the engine does not know of him (yet). Raises NotAtADesk."""
        return self._desks.agent(_agent(by))

    def team(self, by: Identity) -> Sequence[DeskAgent]:
        """Every agent, without their calls. Raises NotAtADesk."""
        _agent(by)
        return self._desks.team()

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
        """The call at this agent's phone, or the last one until the next rings; None = there is none.

        Raises NotAtADesk.
        """
        agent = self._desks.agent(_agent(by))
        if agent is None or agent.call is None:
            return None
        try:
            return await self._card(agent.call, agent)
        except NoSuchCustomer:  # deleted while they talk
            return None

    async def put_through(self, by: Identity, call: CallId, contact: str, kind: Kind, only: int | None = None) -> None:
        """Put the caller of the present call through to this contact; `only`: to the target of that place alone.

        What is refused stands in the call's trail. Raises NotAtADesk, NotNow, NotPutThrough, NoSuchCustomer.
        """
        login = _agent(by)
        try:
            await self._put_through(login, call, contact, kind, only)
        except NotPutThrough as refused:
            self._desks.refused(login, call, refused.why)
            raise

    async def _put_through(self, login: AgentId, call: CallId, contact: str, kind: Kind, only: int | None) -> None:
        there = self._present(login, call)
        if self._transfers is None:
            raise NotNow
        order = await self._transfers.order(
            there.customer, there.caller, there.line, contact, kind, login, only, there.access_number
        )
        if any(one.accept for one in order.targets):
            typed = (await self._store.draft(login, call)).get("caller_name")
            order = replace(order, caller_name=spoken_name(typed))
        self._desks.put_through(login, call, order)

    def change(self, by: Identity, call: CallId, wish: Wish, place: int = 1) -> None:
        """What the agent wants while a caller is put through; see Desks. Raises NotAtADesk, NotNow."""
        self._desks.change(_agent(by), call, wish, place)

    def _present(self, login: AgentId, call: CallId) -> DeskCall:
        agent = self._desks.agent(login)
        there = agent.call if agent else None
        if there is None or there.id != call or there.ended_at is not None:
            raise NotNow
        return there

    async def calls(self, by: Identity) -> Sequence[OwnCall]:
        """This agent's calls of today, in German time, the latest first; also those that are still to be closed.

        The call at his desk is among them once he has picked up. Raises NotAtADesk.
        """
        login = _agent(by)
        now, today = self._now(), self._midnight()
        kept = await self._store.calls_of(login, min(today, now - OPEN_FOR))
        shown = [one for one in kept if one.is_open or one.began_at >= today]
        agent = self._desks.agent(login)
        call = agent.call if agent else None
        if call is None or call.picked_up_at is None or any(one.call == call.id for one in kept):
            return shown
        return [await self._own_call(call, login, now), *shown]

    def of_today(self, calls: Sequence[OwnCall]) -> Sequence[OwnCall]:
        """Those of them that he has picked up today, in German time: what is still to be closed may be older."""
        return [one for one in calls if one.began_at >= self._midnight()]

    async def unfinished(self, by: Identity, at: datetime) -> Sequence[CallId]:
        """Of this agent at that moment, until each call is over and closed. Raises NotAtADesk."""
        return await unfinished(self._desks, self._store, _agent(by), at)

    async def draft(self, by: Identity, call: CallId) -> Mapping[str, Any]:
        """What was typed for this call so far. Raises NotAtADesk, NoSuchCall."""
        await self._whose(by, call)
        return await self._store.draft(_agent(by), call)

    async def keep_draft(self, by: Identity, call: CallId, values: Mapping[str, Any]) -> None:
        """Keep what is typed, whatever it is: texts by field, as a form sends them. Raises NotAtADesk, NoSuchCall."""
        await self._whose(by, call)
        await self._store.keep_draft(_agent(by), call, values, self._now())

    async def left(self, by: Identity, call: CallId) -> Sequence[Left]:
        """What others have left of this call who have talked to the caller before; of his last calls. NotAtADesk."""
        there = self._desks.call(_agent(by), call)
        return await self._handover.left(there) if there and there.before else ()

    async def take_over(self, by: Identity, call: CallId) -> bool:
        """Their last draft is in his own now, beside what he has typed; False = there is none. Raises NotAtADesk."""
        there = self._desks.call(login := _agent(by), call)
        values = await self._handover.merged(there, login) if there else None
        if values is not None:
            await self._store.keep_draft(login, call, values, self._now())
        return values is not None

    def beside(self, by: Identity, call: CallId) -> Sequence[AgentId]:
        """Who else has this call at the phone, or was a moment ago in it. Raises NotAtADesk."""
        return self._desks.beside(_agent(by), call)

    async def take(self, by: Identity, call: CallId, key: str, slip: Mapping[str, Any]) -> int:
        """Keep the message of this call; its id; the draft is gone. Values as `Slip` has them, but call, agent, time.

        Raises NotAtADesk, NoSuchCall, and what `Messages.take` raises.
        """
        customer = await self._whose(by, call)
        message = await self._messages.take(customer, key, self._slip(by, call, slip))
        await self._store.keep_draft(_agent(by), call, {}, self._now())
        return message

    async def judged(self, by: Identity, call: CallId, slip: Mapping[str, Any]) -> Sequence[Mistake]:
        """What stands against taking it; nothing is kept. Raises NotAtADesk, NoSuchCall, NoSuchCustomer."""
        return await self._messages.judged(await self._whose(by, call), self._slip(by, call, slip))

    def _slip(self, by: Identity, call: CallId, slip: Mapping[str, Any]) -> Slip:
        agent = self._desks.agent(_agent(by))
        own = {"agent": by.agent, "agent_name": agent.name if agent else by.name, "taken_at": self._now(), "call": call}
        return Slip(**{**slip, **own})

    async def take_back(self, by: Identity, call: CallId, message: int) -> bool:
        """Undo what was taken within `UNDO`; the draft is back: the message's texts by the names of `Slip`.

        False = it stays: too late, on its way, or somebody at the customer has read it. Raises NotAtADesk, NoSuchCall.
        """
        customer = await self._whose(by, call)
        slip = await self._messages.take_back(customer, message, _agent(by), call, UNDO)
        if slip is None:
            return False
        await self._store.keep_draft(_agent(by), call, draft_of(slip), self._now())
        return True

    async def close(self, by: Identity, call: CallId, reason: NoMessage, *, spam: bool = False) -> None:
        """There is no message, and why; a message counts more. Raises NotAtADesk, NoSuchCall, NoSuchCustomer."""
        customer = await self._whose(by, call)
        await self._customers.load(customer)
        await self._store.close(Closing(call, customer, _agent(by), reason, spam, self._now()))

    async def _whose(self, by: Identity, call: CallId) -> CustomerId:
        """The customer of a call that is this agent's business: at his desk, or of these days. Raises NoSuchCall."""
        login = _agent(by)
        if there := self._desks.call(login, call):
            return there.customer
        since = self._now() - OPEN_FOR
        found = [one.customer for one in await self._store.calls_of(login, since) if one.call == call]
        if not found:
            raise NoSuchCall(call)
        return found[0]

    def _midnight(self) -> datetime:
        return self._now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)

    async def _own_call(self, call: DeskCall, login: AgentId, now: datetime) -> OwnCall:
        talked = (call.ended_at or now) - (call.picked_up_at or now)
        done = await self._store.done_with(call.customer, call.id, login)
        told = (call.id, call.customer, call.name, call.caller, call.arrived_at)
        talked_ms, began_at = max(0, round(talked.total_seconds() * 1000)), call.picked_up_at or now
        return OwnCall(*told, talked_ms, done.message, done.closing, began_at, done.is_lost, done.has_left)

    async def _card(self, call: DeskCall, agent: DeskAgent) -> Card:
        entry, now = await self._customers.known(call.customer), self._now()
        hours = await self._customers.hours(entry)
        shown = released(directory(entry), hours, now, agent.name, call.caller, self._country)
        lines = lines_of(((one.number, one.number_class) for one in entry.lines), self._classes)
        earlier: Sequence[Earlier] = ()
        if call.caller is not None:
            earlier = await self._store.earlier(call.customer, call.caller, call.id, EARLIER)
        there = call.ended_at is None and self._transfers
        offers = self._transfers.offered(entry, hours) if there and self._transfers else None
        return Card(call, shown, allows_put_through(lines), tuple(earlier), offers)


def _agent(by: Identity) -> AgentId:
    if by.agent is None or by.role not in (Role.AGENT, Role.SUPERVISOR):
        raise NotAtADesk(by.login)
    return by.agent
