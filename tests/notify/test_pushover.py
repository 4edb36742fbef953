"""Pushover, against a server that answers as https://pushover.net/api says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.pushover import LOOK, PushoverCourier
from engine.ports.outbox import Handed, NotHanded
from tests.notify.parcels import NOW, TAKEN, StandingClock, handed_over, parcel
from tests.notify.provider import Provider, opened
from tests.ports import free_port

TOKEN, USER = "a" * 30, "u" * 30
TAKEN_IN: dict[str, Any] = {"status": 1, "request": "647d2300-702c-4b38-8b2f-d56326ae460b"}
RECEIPT = "r" * 30
EMERGENCY = {"level": "emergency", "retry": 60, "expire": 1800}
OPEN = {
    "status": 1, "acknowledged": 0, "acknowledged_at": 0, "acknowledged_by": "", "acknowledged_by_device": "",
    "last_delivered_at": 1796117420, "expired": 0, "expires_at": 1796119220, "called_back": 0, "called_back_at": 0,
    "request": "5a1f",
}  # fmt: skip
LATER = Handed(DeliveryState.SENT, RECEIPT, NOW + LOOK)


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[Provider]:
    async with opened() as provider:
        yield provider


def courier(provider: Provider) -> PushoverCourier:
    return PushoverCourier(TOKEN, "https://portal.example.net", StandingClock(), "de", provider.url)


def sent(options: Mapping[str, Any] | None = None) -> Any:
    return parcel(Means.PUSHOVER, USER, options)


def following() -> Any:
    return handed_over(sent(EMERGENCY), RECEIPT)


async def refused(courier: PushoverCourier) -> NotHanded:
    with pytest.raises(NotHanded) as problem:
        await courier.send(sent())
    assert TOKEN not in f"{problem.value}{problem.value!r}"
    return problem.value


async def test_a_message_is_handed_over(provider: Provider) -> None:
    provider.says(TAKEN_IN, X_Limit_App_Remaining="7496", X_Limit_App_Limit="10000")
    push = courier(provider)
    assert push.remaining is None
    assert await push.send(sent({"level": "high"})) == Handed(DeliveryState.SENT, TAKEN_IN["request"])
    assert push.remaining == 7496
    [asked] = provider.asked
    assert (asked.method, asked.path) == ("POST", "/messages.json")
    assert asked.form.items() >= {
        "token": TOKEN, "user": USER, "priority": "1", "url": "https://portal.example.net/messages/4711",
        "timestamp": str(int(TAKEN.timestamp())), "tags": "d7k3m9q2x5",
    }.items()  # fmt: skip
    assert "zurückrufen" in asked.form["message"]
    assert asked.form.keys() & {"retry", "expire"} == set()


@pytest.mark.parametrize("left", ["9" * 5000, "²", "many"])
async def test_what_counts_nothing_loses_no_message_that_was_taken(provider: Provider, left: str) -> None:
    """It would be sent again and again."""
    provider.says({"status": 1, "request": "r"}, X_Limit_App_Remaining=left)
    pushover = courier(provider)
    assert await pushover.send(sent()) == Handed(DeliveryState.SENT, "r")
    assert pushover.remaining is None


async def test_an_emergency_has_a_receipt_that_is_followed(provider: Provider) -> None:
    provider.says({**TAKEN_IN, "receipt": RECEIPT})
    assert await courier(provider).send(sent(EMERGENCY)) == LATER
    assert provider.asked[0].form.items() >= {"priority": "2", "retry": "60", "expire": "1800"}.items()
    assert timedelta(seconds=5) <= LOOK


async def test_nobody_has_acknowledged_yet(provider: Provider) -> None:
    provider.says(OPEN)
    assert await courier(provider).look(following()) == LATER
    [asked] = provider.asked
    assert (asked.method, asked.path, asked.query) == ("GET", f"/receipts/{RECEIPT}.json", {"token": TOKEN})


@pytest.mark.parametrize(
    ("key", "device", "by"),
    [
        (USER, "iphone", "Jürgen Groß (iphone)"),
        (USER, "", "Jürgen Groß"),
        ("m" * 30, "pixel", f"{'m' * 30} (pixel)"),
    ],
)
async def test_somebody_has_acknowledged(provider: Provider, key: str, device: str, by: str) -> None:
    provider.says({**OPEN, "acknowledged": 1, "acknowledged_by": key, "acknowledged_by_device": device, "expired": 1})
    assert await courier(provider).look(following()) == Handed(DeliveryState.ACKNOWLEDGED, RECEIPT, by=by)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, {**OPEN, "expired": 1}),
        (400, {"receipt": "not found", "errors": ["receipt not found"], "status": 0}),
        (404, {"receipt": "not found", "errors": ["receipt not found"], "status": 0}),
    ],
)
async def test_nobody_has_acknowledged_in_time(provider: Provider, status: int, said: Any) -> None:
    provider.says(said, status)
    with pytest.raises(NotHanded) as problem:
        await courier(provider).look(following())
    assert (problem.value.trouble, problem.value.final) == (Trouble.NOT_ACKNOWLEDGED, True)


@pytest.mark.parametrize(
    ("status", "said"), [(500, ""), (429, ""), (400, '{"token":"invalid","status":0,"errors":["application token"]}')]
)
async def test_a_look_that_fails_is_no_failure(provider: Provider, status: int, said: str) -> None:
    provider.says(text=said, status=status)
    with pytest.raises(NotHanded) as problem:
        await courier(provider).look(following())
    assert not problem.value.final


async def test_a_look_that_tells_nothing_changes_nothing(provider: Provider) -> None:
    provider.says(text="<html>")
    assert await courier(provider).look(following()) == LATER


@pytest.mark.parametrize(
    ("said", "trouble", "final"),
    [
        ({"user": "invalid", "errors": ["user identifier is not a valid user, group, or subscribed user key"]},
         Trouble.ADDRESS, True),
        ({"token": "invalid", "errors": ["application token is invalid"]}, Trouble.OURS, False),
        ({"message": "cannot be blank", "errors": ["message cannot be blank"]}, Trouble.REFUSED, True),
    ],
)  # fmt: skip
async def test_refusals(provider: Provider, said: dict[str, Any], trouble: Trouble, final: bool) -> None:
    provider.says({**said, "status": 0, "request": "x"}, 400)
    problem = await refused(courier(provider))
    assert (problem.trouble, problem.final, problem.is_try) == (trouble, final, True)
    assert problem.detail == f"400 {said['errors'][0]}"


@pytest.mark.parametrize("status", [500, 502])
async def test_a_fault_of_theirs_is_tried_again_after_five_seconds(provider: Provider, status: int) -> None:
    provider.says(text="oops", status=status)
    problem = await refused(courier(provider))
    assert (problem.trouble, problem.final, problem.after) == (Trouble.UNREACHABLE, False, 5.0)


async def test_the_month_is_used_up(provider: Provider) -> None:
    provider.says({"status": 0, "errors": ["over quota"]}, 429, X_Limit_App_Reset="9999999999")
    problem = await refused(courier(provider))
    assert (problem.is_try, problem.final) == (False, False)
    assert problem.after is not None
    assert problem.after > 86_400


async def test_nobody_answers() -> None:
    problem = await refused(courier(Provider(url=f"http://127.0.0.1:{free_port()}")))
    assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)


async def test_a_broken_answer_is_tried_again(provider: Provider) -> None:
    provider.says(text='{"status": 1, "req')
    problem = await refused(courier(provider))
    assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)


async def test_whether_there_is_such_a_user(provider: Provider) -> None:
    provider.says({"status": 1, "group": 0, "devices": ["iphone"], "licenses": ["iOS"], "request": "x"})
    assert await courier(provider).is_user(USER)
    assert provider.asked[0].path == "/users/validate.json"
    assert provider.asked[0].form == {"token": TOKEN, "user": USER}
    provider.says({"user": "invalid", "errors": ["user key is invalid"], "status": 0}, 400)
    assert not await courier(provider).is_user("x" * 30)
    provider.says({"token": "invalid", "errors": ["application token is invalid"], "status": 0}, 400)
    with pytest.raises(NotHanded) as problem:
        await courier(provider).is_user(USER)
    assert problem.value.trouble is Trouble.OURS


async def test_a_receipt_is_cancelled(provider: Provider) -> None:
    provider.says(TAKEN_IN)
    await courier(provider).cancel(RECEIPT)
    [asked] = provider.asked
    assert (asked.method, asked.path, asked.form) == ("POST", f"/receipts/{RECEIPT}/cancel.json", {"token": TOKEN})


@pytest.mark.parametrize(("status", "said"), [(200, TAKEN_IN), (400, {"status": 0, "errors": ["receipt is over"]})])
async def test_what_was_acknowledged_elsewhere_rings_no_more(provider: Provider, status: int, said: Any) -> None:
    provider.says(said, status)
    seen = replace(following(), state=DeliveryState.ACKNOWLEDGED)
    assert await courier(provider).look(seen) == Handed(DeliveryState.ACKNOWLEDGED, RECEIPT)
    assert [one.path for one in provider.asked] == [f"/receipts/{RECEIPT}/cancel.json"]
    provider.says(text="", status=500)
    with pytest.raises(NotHanded) as problem:
        await courier(provider).look(seen)
    assert not problem.value.final
