"""Calls that an agent has closed as spam, put into the store as the engine and the desk do."""

from __future__ import annotations

from datetime import timedelta

from engine.ports.desk import Closing, NoMessage
from engine.store.desk import StoredDesk
from engine.terms import AgentId, CallId
from tests.web.office import Office


async def marked(office: Office, caller: str | None, days: float = 1, customer: str = "K1001") -> None:
    """Anna has marked this caller so many days ago, in a call to this customer that sold something."""
    at = office.clock.now() - timedelta(days=days)
    call = f"{customer}-{caller}-{days}"
    await office.had_call(customer, call, at, caller=caller, outcome="answered", agent="anna")
    closing = Closing(CallId(call), office.customers[customer], AgentId("anna"), NoMessage.SALES, True, at)
    await StoredDesk(office.database).close(closing)
