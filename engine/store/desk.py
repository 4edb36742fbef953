"""What is kept of the calls at agents' desks (`engine.ports.desk.DeskStore`).

Rule of this file: every question begins at an index, over agent and time or over customer and caller, and is bounded by
it: a customer may have 50,000 calls. Where there is a message, no reason for having none is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
)

from engine.message.states import DeliveryState
from engine.ports.desk import Closing, Done, Earlier, NoMessage, OwnCall
from engine.ports.handover import TakenDown, Written
from engine.store.call_agents import agents_of, in_order
from engine.store.database import Database
from engine.store.journal_rows import storable
from engine.store.searching import spellings
from engine.store.tables import (
    agents,
    call_closings,
    call_talks,
    calls,
    customers,
    message_deliveries,
    message_drafts,
    messages,
)
from engine.store.upsert import insert_or_replace
from engine.terms import AgentId, CallId, CustomerId

_LATEST_FIRST = (calls.c.arrived_at.desc(), calls.c.id.desc())


class StoredDesk:
    """Fills `DeskStore`, as far as the journal has been written."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus."""
        self._database, self._lane, self._country = database, database.lane(), country

    async def close(self, closing: Closing) -> None:
        """See DeskStore."""
        row = {name: getattr(closing, name) for name in ("call", "agent", "customer", "reason", "spam", "at")}
        written = insert_or_replace(self._database, call_closings, ("call", "agent"), *list(row)[2:])
        await self._lane.write(lambda connection: connection.execute(written.values(row)))

    async def calls_of(self, agent: AgentId, since: datetime) -> Sequence[OwnCall]:
        """See DeskStore."""
        wanted = {"agent": agent, "since": since}
        rows = await self._lane.read(lambda connection: connection.execute(_OF_AGENT, wanted).all())
        return [_own_call(row) for row in rows]

    async def done_with(self, customer: CustomerId, call: CallId, agent: AgentId) -> Done:
        """See DeskStore."""
        wanted = {"customer": customer, "call": call, "agent": agent}
        row = await self._lane.read(lambda connection: connection.execute(_DONE_WITH, wanted).one())
        return Done(row.message, _reason(row), row.is_lost, row.has_left)

    async def earlier(self, customer: CustomerId, caller: str, but: CallId, limit: int) -> Sequence[Earlier]:
        """See DeskStore."""
        ways = spellings(storable(caller), self._country)

        def work(connection: Connection) -> list[Earlier]:
            # One way after the other: each is read from the index in order, and no further than needed.
            wanted = {"customer": customer, "but": but, "most": limit}
            found: list[Any] = []
            for way in ways:
                found += connection.execute(_OF_CALLER, {**wanted, "caller": way}).all()
            rows = sorted(found, key=lambda row: (row.arrived_at, row.id), reverse=True)[:limit]
            names = in_order(connection.execute(agents_of([row.id for row in rows]))) if rows else {}
            return [_earlier(row, names[row.id]) for row in rows]

        return await self._lane.read(work)

    async def keep_draft(self, agent: AgentId, call: CallId, values: Mapping[str, Any], at: datetime) -> None:
        """See DeskStore."""
        row = {"agent": agent, "call": call, "values": dict(values), "at": at}
        written = insert_or_replace(self._database, message_drafts, ("agent", "call"), "values", "at").values(row)
        own = delete(message_drafts).where(message_drafts.c.agent == agent, message_drafts.c.call == call)
        await self._lane.write(lambda connection: connection.execute(written if any(values.values()) else own))

    async def draft(self, agent: AgentId, call: CallId) -> Mapping[str, Any]:
        """See DeskStore."""
        wanted = {"agent": agent, "call": call}
        found = await self._lane.read(lambda connection: connection.execute(_DRAFT, wanted).scalar_one_or_none())
        return found or {}

    async def written_by(self, customer: CustomerId, call: CallId, agent: AgentId) -> Written:
        """See DeskStore."""
        wanted = {"customer": customer, "call": call, "agent": agent}

        def work(connection: Connection) -> Written:
            draft = connection.execute(_DRAFT, wanted).scalar_one_or_none()
            taken = connection.execute(_TAKEN, wanted).one_or_none()
            return Written(draft or {}, TakenDown(*taken) if taken else None)

        return await self._lane.read(work)

    async def forget_closings(self, before: datetime, most: int) -> int:
        """See DeskStore."""
        key = (call_closings.c.call, call_closings.c.agent)
        gone = delete(call_closings).where(
            tuple_(*key).in_(select(*key).where(call_closings.c.at < before).limit(most))
        )
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)

    async def forget_drafts(self, before: datetime, most: int) -> int:
        """See DeskStore."""
        arrived = select(calls.c.id).where(calls.c.id == message_drafts.c.call, calls.c.arrived_at < before)
        is_old = or_(message_drafts.c.at < before, arrived.correlate(message_drafts).exists())
        key = (message_drafts.c.agent, message_drafts.c.call)
        gone = delete(message_drafts).where(tuple_(*key).in_(select(*key).where(is_old).limit(most)))
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)


def _message_of(customer: Any, call: Any, agent: Any = None) -> ScalarSelect[int]:
    """The last message that was taken in the call; `agent`: by him."""
    taken = messages.alias("taken")
    wanted = select(taken.c.id).where(taken.c.customer == customer, taken.c.call == call)
    if agent is not None:
        wanted = wanted.where(taken.c.agent == agent)
    ordered = wanted.order_by(taken.c.taken_at.desc(), taken.c.id.desc()).limit(1)
    return ordered.correlate_except(taken).scalar_subquery()


# Built once: that takes longer than asking, and every ring asks each of them.
_AGENT: BindParameter[Any] = bindparam("agent")
_TALKED = (
    select(
        *(call_talks.c.call, call_talks.c.customer, func.min(call_talks.c.began_at).label("began_at")),
        func.sum(call_talks.c.talked_ms).label("talked_ms"),
    )
    .where(call_talks.c.agent == _AGENT, call_talks.c.began_at >= bindparam("since"))
    .where(call_talks.c.how.is_distinct_from("not_joined"))
    .group_by(call_talks.c.call, call_talks.c.customer)
    .subquery("own")
    .c
)


def _deliveries(message: Any) -> Sequence[ColumnElement[bool]]:
    """Whether one of the message's is lost, and whether one has left."""
    one = message_deliveries.c
    lost = and_(one.state == DeliveryState.FAILED.value, ~one.is_replaced)
    begun = or_(one.state != DeliveryState.QUEUED.value, one.tries > 0)
    asked = {"is_lost": lost, "has_left": begun}
    return [select(one.id).where(one.message == message, which).exists().label(name) for name, which in asked.items()]


_OF_AGENT = (
    select(
        *(_TALKED.call, _TALKED.customer, customers.c.name, calls.c.caller, calls.c.arrived_at, _TALKED.talked_ms),
        _message_of(_TALKED.customer, _TALKED.call, _AGENT).label("message"),
        *(call_closings.c.reason, _TALKED.began_at),
        *_deliveries(_message_of(_TALKED.customer, _TALKED.call, _AGENT)),
    )
    .join(customers, customers.c.id == _TALKED.customer)
    .join(calls, calls.c.id == _TALKED.call)
    .outerjoin(call_closings, and_(call_closings.c.call == _TALKED.call, call_closings.c.agent == _AGENT))
    .order_by(_TALKED.began_at.desc(), _TALKED.call.desc())
)
_CUSTOMER: BindParameter[Any] = bindparam("customer")
_CALL: BindParameter[Any] = bindparam("call")
_DRAFT = select(message_drafts.c["values"]).where(message_drafts.c.agent == _AGENT, message_drafts.c.call == _CALL)
_CLOSED = select(call_closings.c.reason).where(
    call_closings.c.call == _CALL, call_closings.c.agent == _AGENT, call_closings.c.customer == _CUSTOMER
)
_LAST = _message_of(_CUSTOMER, _CALL, _AGENT)
_DONE_WITH = select(_LAST.label("message"), _CLOSED.scalar_subquery().label("reason"), *_deliveries(_LAST))
_TAKEN = select(
    *(messages.c.taken_at, messages.c.contact, messages.c.caller_name, messages.c.subject, messages.c.text)
).where(messages.c.id == _message_of(_CUSTOMER, _CALL, _AGENT))
_LAST_CLOSED = (
    select(call_closings.c.reason)
    .where(call_closings.c.call == calls.c.id)
    .order_by(call_closings.c.at.desc(), call_closings.c.agent)
    .limit(1)
    .correlate(calls)
    .scalar_subquery()
)
_OF_CALLER = (
    select(
        *(calls.c.id, calls.c.arrived_at, calls.c.outcome, _LAST_CLOSED.label("reason")),
        agents.c.name.label("agent_name"),
        *(messages.c.id.label("message"), messages.c.contact, messages.c.subject, messages.c.text),
    )
    .outerjoin(agents, agents.c.login == calls.c.agent)
    .outerjoin(messages, messages.c.id == _message_of(calls.c.customer, calls.c.id))
    .where(calls.c.customer == _CUSTOMER, calls.c.caller == bindparam("caller"), calls.c.id != bindparam("but"))
    .order_by(*_LATEST_FIRST)
    .limit(bindparam("most"))
)


def _own_call(row: Row[Any]) -> OwnCall:
    call, talked_ms = CallId(row.call), int(row.talked_ms)  # PostgreSQL sums whole numbers to a Decimal
    told = (call, row.customer, row.name, row.caller, row.arrived_at, talked_ms, row.message, _reason(row))
    return OwnCall(*told, row.began_at, bool(row.is_lost), bool(row.has_left))


def _earlier(row: Row[Any], names: tuple[str, ...]) -> Earlier:
    call, message = CallId(row.id), row.message
    told = (row.contact, row.subject or "", row.text or "")
    return Earlier(call, row.arrived_at, ", ".join(names) or row.agent_name, row.outcome, _reason(row), message, *told)


def _reason(row: Row[Any]) -> NoMessage | None:
    return NoMessage(row.reason) if row.reason is not None and row.message is None else None
