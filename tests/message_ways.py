"""How a visitor gets to the pages of messages, and what must have been taken and sent for them.

Rule of this file: as in `tests.ways`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means, State, Trouble
from engine.ports.messages import Delivery, Wanted
from engine.terms import CallId
from tests.customers import SUPPORT
from tests.web.browsing import Visitor
from tests.web.office import Office

_EVA = {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"], "sms": "+491713920011"}}
_TAKEN: tuple[dict[str, Any], ...] = (
    {
        "contact": "Eva Korn", "caller_name": "Jan Krüger", "company": "Mühle Krüger GmbH & Co. KG",
        "number": "030 23125081", "subject": "Mehllieferung am Freitag", "urgency": Urgency.URGENT,
        "text": "Der Wagen kommt erst um 14 Uhr.\nBitte das Tor zum Mühlenweg offen lassen; der Fahrer ist unter "
        "+491713920012 zu erreichen.",
        "ticks": frozenset({Tick.CALL_BACK}), "call": CallId("vz-1"),
    },
    {
        "caller_name": "Frau Albers", "number": "0171 3920013", "text": "Möchte eine Torte für 20 Personen bestellen, "
        "mit Marzipan und ohne Nüsse, abzuholen am Samstag um 10 Uhr. Name auf der Torte: Matilda.",
    },
    {"text": "", "ticks": frozenset({Tick.WILL_CALL_AGAIN})},
    {
        "contact": "Eva Korn", "company": "Hausverwaltung Nord", "number": "Durchwahl 12", "subject": "Wasserrohrbruch",
        "urgency": Urgency.EMERGENCY, "text": "Wasser im Keller der Backstube.",
    },
)  # fmt: skip


async def _taken(office: Office) -> list[int]:
    """Four messages, the first one as the latest."""
    korn, now = office.customers["K1001"], office.clock.now()
    there = await office.messages.page(korn, Wanted(), 9, SUPPORT)
    if there:
        return [one.id for one in there]
    await office.set("K1001", {"contacts": [_EVA]})
    made = [await office.took("K1001", now - timedelta(hours=3 * n), **told) for n, told in enumerate(_TAKEN)]
    mail = Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.SENT, now, tries=1)
    sms = replace(mail, means=Means.SMS, address="+491713920011")
    failed = replace(sms, state=DeliveryState.FAILED, tries=5, trouble=Trouble.UNREACHABLE)
    waits = replace(
        mail, means=Means.PUSHOVER, address="u" * 30, state=DeliveryState.QUEUED, trouble=Trouble.UNREACHABLE,
        due=now + timedelta(minutes=2),
    )  # fmt: skip
    await office.sent("K1001", made[0], mail, replace(failed, is_replaced=True), waits, failed)
    await office.sent("K1001", made[1], mail, sms)
    await office.sent("K1001", made[3], replace(mail, state=DeliveryState.ACKNOWLEDGED, by="Eva Korn"))
    await office.messages.mark(korn, made[2], State.READ, SUPPORT)
    await office.messages.mark(korn, made[3], State.DONE, SUPPORT)
    return made


async def messages(visitor: Visitor, office: Office) -> None:
    await _taken(office)
    await visitor.opens("/messages")


async def message(visitor: Visitor, office: Office) -> None:
    made = await _taken(office)
    await visitor.opens(f"/messages/{made[0]}")


async def message_done(visitor: Visitor, office: Office) -> None:
    made = await _taken(office)
    await visitor.opens(f"/messages/{made[3]}")


async def start(visitor: Visitor, office: Office) -> None:
    await _taken(office)
    await visitor.opens("/")
