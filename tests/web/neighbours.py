"""Two customers side by side, of whom neither may see anything of the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.accounts import Role
from engine.entries.paths import values_of
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery, Wanted
from engine.terms import CallId
from tests.customers import SUPPORT
from tests.recordings import recording
from tests.web.foreign import SAME, THEIRS
from tests.web.office import PASSWORD, Office

SMS = Delivery(Means.SMS, "Quarzfels", "+491713920077", DeliveryState.FAILED, datetime(2026, 11, 20, tzinfo=UTC))


async def neighbours(office: Office) -> dict[str, int]:
    """K1002 gets what can be told, and a user, whose ids these are; K1001 gets one contact of the same name."""
    k1001, k1002 = office.customers["K1001"], office.customers["K1002"]
    await office.editing.save(k1002, THEIRS, {}, SUPPORT)
    mine = {f"contacts/{SAME}": {"name": SAME, "position": "Meine", "notify": {"mail": ["eva@korn.example"]}}}
    await office.editing.save(k1001, mine, {}, SUPPORT)
    await office.sign_up("lea@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    lea = await office.accounts.user_of("lea@lot.example")
    assert lea
    await office.accounts.sign_in("lea@lot.example", PASSWORD, address="192.0.2.9", device="Quarzfels")
    await office.accounts.new_token(lea.id, "Quarzfels", 30)
    (session,), (token,) = await office.accounts.sessions(lea.id), await office.accounts.tokens(lea.id)
    await office.had_call("K1002", "vz-77", office.clock.now(), caller="+491713920077")
    await office.happened("vz-77", 1, office.clock.now(), "arrived", "Quarzfels")
    order = await office.orders.ask(k1002, "Quarzfels", False, lea.identity())
    took = {"caller_name": "Quarzfels", "subject": "Quarzfels", "call": CallId("vz-77"), "number": "+491713920077"}
    message = await office.took("K1002", office.clock.now(), **took)
    await office.sent("K1002", message, SMS)
    (sms,) = (await office.messages.find(k1002, message, SUPPORT)).deliveries
    own = await office.announcements.upload(k1002, recording(seconds=1), lea.identity(), name="Quarzfels")
    return {
        "user": lea.id,
        "session": session.id,
        "token": token.id,
        "order": order.id,
        "own": own,
        "message": message,
        "delivery": sms.id,
    }


async def state(office: Office, ids: dict[str, int]) -> list[Any]:
    """Everything that K1002 has, and its users."""
    k1002 = office.customers["K1002"]
    users = await office.accounts.users(k1002)
    return [
        values_of(await office.editing.load(k1002)),
        await office.editing.history(k1002),
        await office.announcements.of(k1002, SUPPORT),
        await office.messages.page(k1002, Wanted(), 9, SUPPORT),
        users,
        [(await office.accounts.sessions(user.id), await office.accounts.tokens(user.id)) for user in users],
        [(one.what, one.by) for one in await office.accounts.events(users[0].id)],
    ]
