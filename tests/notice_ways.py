"""How a visitor gets to the pages of tests and of daily summaries, and what must have been sent for them.

Rule of this file: as in `tests.ways`.
"""

from __future__ import annotations

from datetime import timedelta

from engine.hours.digest_times import Span
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.notices import PlannedDigest
from engine.ports.outbox import Noted
from engine.store.notices import StoredNotices
from engine.store.outbox import StoredOutbox
from tests.customers import SUPPORT
from tests.web.browsing import Visitor
from tests.web.office import Office

_EVA_MAILS = ["eva@korn.example", "backstube-und-bestellungen@baeckerei-korn.example"]
_EVA = {
    "name": "Eva Korn",
    "notify": {
        "mail": _EVA_MAILS, "sms": "+491713920011",
        "fax": "+493023125019", "digest": {"at": "18:00"},
    },
}  # fmt: skip
_ADDRESSES = ("buero@korn.example", "geschaeftsleitung-und-buchhaltung@baeckerei-korn.example")


async def tests(visitor: Visitor, office: Office) -> None:
    """One was handed over, one was refused, one is on its way."""
    korn, outbox, tryouts = office.customers["K1001"], StoredOutbox(office.database), office.app.state.web.tryouts
    await office.set("K1001", {"contacts": [_EVA]})
    if not await tryouts.results(korn, "Eva Korn", SUPPORT):
        for means, address in ((Means.MAIL, _EVA_MAILS[0]), (Means.SMS, "+491713920011")):
            await tryouts.send(korn, "Eva Korn", means, address, SUPPORT)
            (parcel,) = await outbox.claim(office.clock.now(), means, 1)
            lost = means is Means.SMS
            state, trouble = (DeliveryState.FAILED, Trouble.REFUSED) if lost else (DeliveryState.SENT, None)
            await outbox.note(Noted(parcel.id, state, office.clock.now(), 1, None, trouble))
        await tryouts.send(korn, "Eva Korn", Means.MAIL, _EVA_MAILS[1], SUPPORT)
    await visitor.opens("/contacts/test?name=Eva%20Korn")


async def summary(visitor: Visitor, office: Office) -> None:
    """One has failed, the others wait."""
    wished = {"mail": _ADDRESSES, "at": "18:00", "days": "working"}
    await office.set("K1001", {"contacts": [_EVA], "digest": wished})
    korn, now = office.customers["K1001"], office.clock.now()
    span, outbox = Span(now.date(), now - timedelta(days=1), now), StoredOutbox(office.database)
    digest = PlannedDigest(None, _ADDRESSES, span, even_empty=True)
    made = await StoredNotices(office.database).add_digest(korn, digest)
    for parcel in await outbox.claim(office.clock.now(), Means.MAIL, 1) if made else ():
        failed = Noted(parcel.id, DeliveryState.FAILED, now, 1, None, Trouble.ADDRESS, "550 unknown")
        await outbox.note(failed)
    await visitor.opens("/messages/summary")
