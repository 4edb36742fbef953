"""The demonstration's messages: what agents would have written down for the first of its customers.

Rule of this file: taken by the service as the desk does it, under keys that stay: a second start takes none again.
They are for the portal only: nobody of the demo has a mailbox.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from engine.entries import Catalogue
from engine.message.slip import Slip, Tick, Urgency
from engine.ports import CallRecord
from engine.ports.customer_calls import CustomerCalls, Wanted
from engine.service.accounts import Accounts
from engine.service.messages import AlreadyTaken, Messages
from engine.terms import AgentId

_TAKEN: tuple[tuple[timedelta, dict[str, Any]], ...] = (
    (
        timedelta(),
        {
            "contact": "Dr. Helena Brandt", "caller_name": "Frau Krüger", "company": "Arbeitsgericht",
            "number": "030 23125081", "subject": "Aktenzeichen 14 Ca 2217", "urgency": Urgency.URGENT,
            "text": "Der Termin am Donnerstag muss verlegt werden.\nBitte vor 15 Uhr zurückrufen.",
            "ticks": frozenset({Tick.CALL_BACK}),
        },
    ),
    (
        timedelta(hours=2),
        {
            "contact": "Markus Seidel", "caller_name": "Herr Albers", "number": "0171 3920013",
            "text": "Hat die Unterlagen zur Betriebskostenabrechnung per Post geschickt.",
            "ticks": frozenset({Tick.INFORMATION}),
        },
    ),
    (
        timedelta(hours=26),
        {
            "caller_name": "Frau Yılmaz", "company": "Hausverwaltung Nord", "number": "030 23125082",
            "subject": "Neues Mandat", "text": "Möchte sich zu einer Räumungsklage beraten lassen.",
            "ticks": frozenset({Tick.APPOINTMENT}),
        },
    ),
    (timedelta(hours=27), {"ticks": frozenset({Tick.WILL_CALL_AGAIN})}),
)  # fmt: skip


async def take(messages: Messages, calls: CustomerCalls, accounts: Accounts, demo: Catalogue, now: datetime) -> None:
    """Those that are missing; the first one belongs to the customer's last call, if there was one."""
    customer, agent = demo.customers[0], demo.agents[0]
    key = await accounts.customer_of(customer.number)
    if key is None:
        return
    contacts = {contact.name for contact in customer.contacts}
    last = [one.record for one in await calls.page(key, Wanted(), 1)]
    for n, (ago, told) in enumerate(_TAKEN, 1):
        # Whoever has been taken out of the demo data since gets nothing.
        own = {**told, "contact": told.get("contact") if told.get("contact") in contacts else None}
        slip = Slip(AgentId(agent.login), agent.name, now - ago, **own, **_of(last if n == 1 else []))
        with suppress(AlreadyTaken):
            await messages.take(key, f"demo-{n}", slip, delivers=False)


def _of(calls: list[CallRecord]) -> dict[str, Any]:
    return {"call": calls[0].id} if calls else {}
