"""A customer's messages as programs read them and get them done: its own alone, and of each what is its business."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.accounts import Role
from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.messages import Delivery
from engine.web.api.problems import KINDS, V1
from tests.web.office import LOGIN, Office
from tests.web.programs import Program, problem, program_as, program_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOT_FOR_ROLE = problem(403, "not-for-this-role", KINDS["not-for-this-role"])
UNKNOWN = problem(404, "unknown", KINDS["unknown"])
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


async def ids(program: Program, query: str = "") -> list[int]:
    """Of the messages that a program gets."""
    status, messages = await program.asks("GET", f"/messages{query}")
    assert status == 200, messages
    return [message["id"] for message in messages]


async def test_5_6_a_customers_program_reads_its_own_messages(office: Office) -> None:
    made = [await office.took("K1001", NOON - timedelta(days=n), number=f"030 555{n}") for n in range(5)]
    theirs = await office.took("K1002", NOON)
    program = await program_of(office)
    assert await ids(program) == made
    assert await ids(program, "?limit=2") == made[:2]
    assert await ids(program, f"?limit=2&after={made[1]}") == made[2:4]
    assert await ids(program, "?since=2026-11-17&until=2026-11-18") == made[2:4]
    assert await ids(program, "?text=030+5553") == [made[3]]
    assert await ids(program, f"?after={theirs}") == await ids(program, "?text=%00") == []
    assert await ids(program, "?state=done") == await ids(program, "?contact=Eva+Korn") == []
    for message in (f"{theirs}", "4711", f"{theirs}?customer=K1002"):
        assert await program.asks("GET", f"/messages/{message}") == UNKNOWN
        assert await program.asks("PATCH", f"/messages/{message}", {"state": "done"}) == UNKNOWN
    assert await program.asks("GET", "/messages?customer=K1002") == UNKNOWN
    for wrong in ("since=yesterday", "limit=0", "after=x", "after=0", "state=lost", f"text={'x' * 81}"):
        status, said = await program.asks("GET", f"/messages?{wrong}")
        assert (status, said["type"]) == (422, f"{V1}/problems/malformed"), wrong


async def test_5_6_a_message_is_told_and_got_done(office: Office) -> None:
    ticks = frozenset({Tick.APPOINTMENT, Tick.CALL_BACK})
    more = {"caller_name": "Jan Krüger", "number": "030 555", "urgency": Urgency.EMERGENCY, "ticks": ticks}
    message = await office.took("K1001", NOON, **more)
    fax = Delivery(Means.FAX, "Eva Korn", "+493023125019", DeliveryState.DELIVERED, NOON, tries=2)
    await office.sent("K1001", message, fax)
    program = await program_of(office)
    _, told = await program.asks("GET", f"/messages/{message}")
    whole = {
        "id": message, "taken_at": "2026-11-20T11:00:00Z", "taken_by": "Anna Lindner", "contact": None,
        "caller_name": "Jan Krüger", "company": "", "number": "+4930555", "subject": "", "urgency": "emergency",
        "text": "Der Ofen ist kalt.", "ticks": ["call_back", "appointment"], "fields": [], "call": None, "state": "new",
        "read_at": None, "read_by": None, "done_at": None, "done_by": None, "delivery": "sent",
    }  # fmt: skip
    delivery = {
        "means": "fax", "recipient": "Eva Korn", "address": "+493023125019", "state": "delivered",
        "at": "2026-11-20T11:00:00Z", "tries": 2, "trouble": None, "due": None, "by": None, "is_replaced": False,
    }  # fmt: skip
    assert told == {**whole, "deliveries": [{**delivery, "id": told["deliveries"][0]["id"]}]}
    assert await program.asks("GET", "/messages") == (200, [whole])
    status, done = await program.asks("PATCH", f"/messages/{message}", {"state": "done"})
    assert (status, done["state"], done["read_by"], done["done_by"]) == (200, "done", LOGIN, LOGIN)
    assert done["done_at"] is not None
    assert (await program.asks("PATCH", f"/messages/{message}", {"state": "new"}))[1] == told
    for body in ({"state": "lost"}, {}, {"state": "done", "text": "mine"}):
        assert (await program.asks("PATCH", f"/messages/{message}", body))[0] == 422


async def test_5_6_staff_name_the_customer_whose_messages_they_want(office: Office) -> None:
    own, theirs = await office.took("K1001", NOON), await office.took("K1002", NOON)
    for role in (Role.SUPPORT, Role.ADMIN):
        program = await program_as(office, role)
        assert await ids(program, "?customer=K1002") == [theirs]
        assert (await program.asks("GET", f"/messages/{own}?customer=K1001"))[1]["state"] == "new"
        assert await program.asks("GET", f"/messages/{own}?customer=K1002") == UNKNOWN
        for path in ("/messages", f"/messages/{own}"):
            status, said = await program.asks("GET", path)
            assert (status, said["detail"]) == (422, "name the customer, e.g. ?customer=K1001")
        done = await program.asks("PATCH", f"/messages/{theirs}?customer=K1002", {"state": "done"})
        assert (done[0], done[1]["done_by"]) == (200, "support@api.example")
    assert await (await program_as(office, Role.SUPERVISOR)).asks("GET", "/messages") == NOT_FOR_ROLE


async def test_5_2_3_what_has_failed_is_sent_again_or_to_somebody_else(office: Office) -> None:
    eva = {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"], "sms": "+491713920011"}}
    await office.set("K1001", {"contacts": [eva]})
    message = await office.took("K1001", NOON)
    mail = Delivery(Means.MAIL, "Eva Korn", "alt@korn.example", DeliveryState.FAILED, NOON, trouble=Trouble.ADDRESS)
    await office.sent("K1001", message, mail, replace(mail, address="eva@korn.example", state=DeliveryState.SENT))
    program = await program_of(office)
    path = f"/messages/{message}/deliveries"
    lost, fine = [one["id"] for one in (await program.asks("GET", f"/messages/{message}"))[1]["deliveries"]]
    status, told = await program.asks("POST", f"{path}/{lost}/again")
    assert (status, told["delivery"], told["deliveries"][0]["is_replaced"]) == (201, "under_way", True)
    assert [(one["address"], one["state"]) for one in told["deliveries"][2:]] == [("alt@korn.example", "queued")]
    not_failed = problem(409, "not-failed", KINDS["not-failed"])
    assert [await program.asks("POST", f"{path}/{one}/again") for one in (lost, fine, 4711)] == [not_failed] * 3
    sms = {"recipient": "Eva Korn", "means": "sms", "address": "+491713920011"}
    status, told = await program.asks("POST", path, sms)
    assert (status, told["deliveries"][-1]["means"], told["deliveries"][-1]["state"]) == (201, "sms", "queued")
    strange = {**sms, "address": "+491713920012"}
    assert await program.asks("POST", path, strange) == problem(409, "no-such-way", KINDS["no-such-way"])
    assert (await program.asks("POST", path, {**sms, "means": "pigeon"}))[0] == 422
    history = await office.editing.history(office.customers["K1001"])
    assert [(one.author.who, one.new) for one in history[:2]] == [
        (LOGIN, "sms: Eva Korn, +491713920011"),
        (LOGIN, "mail: Eva Korn, alt@korn.example"),
    ]
