"""SMS by each gateway, against a server that answers as their documentation says."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientTimeout

from engine.message.sms import sms_text
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify import asking
from engine.notify.sms import FIRST_LOOK, GIVEN_UP, LONGEST_LOOK, Gateway, SmsCourier, next_look
from engine.notify.sms_lox24 import Lox24
from engine.notify.sms_seven import Seven
from engine.notify.sms_sipgate import Sipgate
from engine.ports.outbox import Handed, NotHanded
from tests.notify.parcels import NOW, TAKEN, StandingClock, handed_over, parcel
from tests.notify.provider import Provider, opened
from tests.ports import free_port

NUMBER = "+4915112345678"
SMS = parcel(Means.SMS, NUMBER)
TEXT = sms_text(SMS.slip, "49", "de")
KEY = "kennung:sehr-geheim"
SEVEN_TAKEN = {  # https://docs.seven.io/en/rest-api/endpoints/sms
    "success": "100", "total_price": 0.075, "balance": 46.748, "debug": "false", "sms_type": "direct",
    "messages": [{"id": "77229135982", "sender": "Buero", "recipient": "4915112345678", "text": "x", "encoding": "gsm",
                  "label": None, "parts": 1, "udh": None, "is_binary": False, "price": 0.075, "success": True,
                  "error": None, "error_text": None}],
}  # fmt: skip
UUID = "2d4c9a3e-7f0b-11ee-b962-0242ac120002"
LOX24_TAKEN = {  # https://doc.lox24.eu/api/operations/api_sms_post_collection/
    "uuid": UUID, "sender_id": "Buero", "phone": NUMBER, "text": "x", "status_code": 0, "service_code": "direct",
    "dlr_code": 0, "is_unicode": False, "callback_data": SMS.key,
}  # fmt: skip
GATEWAYS: dict[str, Callable[[str], Gateway]] = {
    "seven": lambda url: Seven(KEY, "Buero", url),
    "sipgate": lambda url: Sipgate(KEY, "s0", url),
    "lox24": lambda url: Lox24(KEY, "Buero", url),
}


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[Provider]:
    async with opened() as provider:
        yield provider


def courier(provider: Provider, name: str) -> SmsCourier:
    return SmsCourier(GATEWAYS[name](provider.url), StandingClock(), "49", "de")


async def refused(courier: SmsCourier, address: str = NUMBER) -> NotHanded:
    with pytest.raises(NotHanded) as problem:
        await courier.send(parcel(Means.SMS, address))
    assert "geheim" not in f"{problem.value}{problem.value!r}"
    return problem.value


async def test_seven_takes_it(provider: Provider) -> None:
    provider.says(SEVEN_TAKEN)
    handed = await courier(provider, "seven").send(SMS)
    assert handed == Handed(DeliveryState.SENT, "77229135982", NOW + FIRST_LOOK)
    [asked] = provider.asked
    assert (asked.method, asked.path, asked.headers["X-Api-Key"]) == ("POST", "/sms", KEY)
    assert asked.form == {"to": NUMBER, "text": TEXT, "from": "Buero", "foreign_id": SMS.key}


async def test_sipgate_takes_it_and_says_no_more(provider: Provider) -> None:
    provider.says(text="", status=204)
    assert await courier(provider, "sipgate").send(SMS) == Handed(DeliveryState.SENT)
    [asked] = provider.asked
    assert (asked.method, asked.path) == ("POST", "/sessions/sms")
    assert asked.json == {"smsId": "s0", "recipient": NUMBER, "message": TEXT}
    assert base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).decode() == KEY


async def test_lox24_takes_it(provider: Provider) -> None:
    provider.says(LOX24_TAKEN, 201)
    handed = await courier(provider, "lox24").send(SMS)
    assert handed == Handed(DeliveryState.SENT, UUID, NOW + FIRST_LOOK)
    [asked] = provider.asked
    assert (asked.method, asked.path, asked.headers["X-LOX24-AUTH-TOKEN"]) == ("POST", "/sms", KEY)
    assert asked.json == {
        "sender_id": "Buero", "phone": NUMBER, "text": TEXT, "service_code": "direct", "is_unicode": False,
        "callback_data": SMS.key,
    }  # fmt: skip


def seven_refuses(code: str) -> dict[str, Any]:
    return {"success": code, "total_price": 0, "balance": 0, "messages": []}


def seven_refuses_one(code: str) -> dict[str, Any]:
    one = {"id": None, "recipient": NUMBER, "success": False, "error": code, "error_text": "Recipient is wrong"}
    return {"success": "101", "messages": [one]}


LOX24_PHONE = {"title": "An error occurred", "detail": "phone: This value is not a valid phone number."}


@pytest.mark.parametrize(
    ("name", "status", "answer", "trouble", "final"),
    [
        ("seven", 200, seven_refuses("202"), Trouble.ADDRESS, True),
        ("seven", 200, seven_refuses_one("202"), Trouble.ADDRESS, True),
        ("seven", 200, seven_refuses("500"), Trouble.OURS, False),
        ("seven", 200, seven_refuses("900"), Trouble.OURS, False),
        ("seven", 401, "900", Trouble.OURS, False),
        ("seven", 200, "900", Trouble.OURS, False),
        ("seven", 200, seven_refuses("600"), Trouble.UNREACHABLE, False),
        ("seven", 200, seven_refuses("403"), Trouble.UNREACHABLE, False),
        ("seven", 200, "<html>maintenance</html>", Trouble.UNREACHABLE, False),
        ("seven", 200, '{"success": "100", "mess', Trouble.UNREACHABLE, False),
        ("sipgate", 400, "", Trouble.OURS, False),
        ("sipgate", 401, "", Trouble.OURS, False),
        ("sipgate", 402, "", Trouble.OURS, False),
        ("sipgate", 403, "", Trouble.OURS, False),
        ("sipgate", 500, "", Trouble.UNREACHABLE, False),
        ("sipgate", 200, "<html>Please log in</html>", Trouble.UNREACHABLE, False),
        ("lox24", 400, LOX24_PHONE, Trouble.ADDRESS, True),
        ("lox24", 400, {"detail": "sender_id: This value is too long."}, Trouble.OURS, False),
        ("lox24", 401, {"detail": "Client ID or API key isn't active or invalid!"}, Trouble.OURS, False),
        ("lox24", 402, {"detail": "There are not enough funds on your account!"}, Trouble.OURS, False),
        ("lox24", 403, {"detail": "Account isn't activated."}, Trouble.OURS, False),
        ("lox24", 503, "", Trouble.UNREACHABLE, False),
        ("lox24", 200, "<html>Please log in</html>", Trouble.UNREACHABLE, False),
        ("lox24", 201, {"uuid": None}, Trouble.UNREACHABLE, False),
    ],
)
async def test_refusals(provider: Provider, name: str, status: int, answer: Any, trouble: Trouble, final: bool) -> None:
    provider.says(*((None, status, answer) if isinstance(answer, str) else (answer, status)))
    problem = await refused(courier(provider, name))
    assert (problem.trouble, problem.final, problem.is_try) == (trouble, final, True)
    assert problem.detail


async def test_a_text_that_seven_has_had_just_now_is_there(provider: Provider) -> None:
    """Only a try of which we did not get the answer can have brought it there."""
    provider.says(seven_refuses("402"))
    assert await courier(provider, "seven").send(SMS) == Handed(DeliveryState.SENT)


@pytest.mark.parametrize("name", GATEWAYS)
async def test_too_much_at_once_is_no_try(provider: Provider, name: str) -> None:
    provider.says(text="Too Many Requests", status=429, Retry_After="17")
    problem = await refused(courier(provider, name))
    assert (problem.final, problem.after, problem.is_try) == (False, 17.0, False)


async def test_lox24_lets_nobody_in_for_ten_minutes(provider: Provider) -> None:
    provider.says(text="", status=429)
    assert (await refused(courier(provider, "lox24"))).after == 600.0


@pytest.mark.parametrize("name", GATEWAYS)
async def test_nobody_answers(name: str) -> None:
    away = courier(Provider(url=f"http://127.0.0.1:{free_port()}"), name)
    problem = await refused(away)
    assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)


@pytest.mark.parametrize("address", ["+493023125001", "+436641234567", "0151", "", "anonymous"])
async def test_only_german_mobile_numbers_get_one(provider: Provider, address: str) -> None:
    problem = await refused(courier(provider, "seven"), address)
    assert (problem.trouble, problem.final, provider.asked) == (Trouble.ADDRESS, True, [])


def logged(dlr: str | None) -> list[dict[str, Any]]:
    """https://docs.seven.io/en/rest-api/endpoints/logbook"""
    return [{"id": "77229135982", "to": "4915112345678", "from": "Buero", "text": "x", "price": "0.0750", "dlr": dlr,
             "timestamp": "2026-12-01 10:30:10.802", "type": "direct", "foreign_id": SMS.key}]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said", "state"),
    [
        ("seven", logged(None), DeliveryState.SENT),
        ("seven", [], DeliveryState.SENT),
        ("seven", logged("TRANSMITTED"), DeliveryState.SENT),
        ("seven", logged("BUFFERED"), DeliveryState.SENT),
        ("seven", logged("DELIVERED"), DeliveryState.DELIVERED),
        ("lox24", LOX24_TAKEN, DeliveryState.SENT),
        ("lox24", {**LOX24_TAKEN, "status_code": 100, "dlr_code": 4}, DeliveryState.SENT),
        ("lox24", {**LOX24_TAKEN, "status_code": 100, "dlr_code": 1}, DeliveryState.DELIVERED),
    ],
)
async def test_what_has_become_of_it(provider: Provider, name: str, said: Any, state: DeliveryState) -> None:
    provider.says(said)
    reference = "77229135982" if name == "seven" else UUID
    later = None if state is DeliveryState.DELIVERED else NOW + FIRST_LOOK
    assert await courier(provider, name).look(handed_over(SMS, reference)) == Handed(state, reference, later)
    [asked] = provider.asked
    assert f"{asked.path} {asked.query}" in ("/journal/outbound {'id': '77229135982'}", f"/sms/{UUID} {{}}")


@pytest.mark.parametrize(
    ("name", "said", "trouble"),
    [
        ("seven", logged("NOTDELIVERED"), Trouble.UNREACHABLE),
        ("seven", logged("EXPIRED"), Trouble.UNREACHABLE),
        ("seven", logged("REJECTED"), Trouble.REFUSED),
        ("seven", logged("FAILED"), Trouble.REFUSED),
        ("lox24", {**LOX24_TAKEN, "dlr_code": 8}, Trouble.UNREACHABLE),
        ("lox24", {**LOX24_TAKEN, "dlr_code": 16}, Trouble.REFUSED),
        ("lox24", {**LOX24_TAKEN, "status_code": 3000}, Trouble.OURS),
        ("lox24", {**LOX24_TAKEN, "status_code": 5000}, Trouble.ADDRESS),
    ],
)
async def test_it_will_not_arrive(provider: Provider, name: str, said: Any, trouble: Trouble) -> None:
    provider.says(said)
    with pytest.raises(NotHanded) as problem:
        await courier(provider, name).look(handed_over(SMS, "77229135982" if name == "seven" else UUID))
    assert (problem.value.trouble, problem.value.final) == (trouble, True)


@pytest.mark.parametrize("status", [500, 429])
@pytest.mark.parametrize("name", ["seven", "lox24"])
async def test_a_look_that_fails_is_no_failure_of_the_sms(provider: Provider, name: str, status: int) -> None:
    provider.says(text="", status=status)
    with pytest.raises(NotHanded) as problem:
        await courier(provider, name).look(handed_over(SMS, "4711"))
    assert not problem.value.final


@pytest.mark.parametrize(("status", "text"), [(200, "<html>"), (401, "900"), (404, "{}"), (200, "[1, null]"),
                                             (200, '{"status_code": [], "dlr_code": {}}')])  # fmt: skip
@pytest.mark.parametrize("name", ["seven", "lox24"])
async def test_a_look_that_tells_nothing_changes_nothing(provider: Provider, name: str, status: int, text: str) -> None:
    provider.says(text=text, status=status)
    handed = await courier(provider, name).look(handed_over(SMS, "4711"))
    assert handed == Handed(DeliveryState.SENT, "4711", NOW + FIRST_LOOK)


def test_looks_are_farther_apart_the_older_it_is_and_end() -> None:
    looks, now = 0, TAKEN
    while at := next_look(TAKEN, now):
        assert FIRST_LOOK <= at - now <= LONGEST_LOOK
        looks, now = looks + 1, at
    assert (looks < 40, now >= TAKEN + GIVEN_UP, now <= TAKEN + GIVEN_UP + timedelta(hours=6)) == (True, True, True)


async def test_a_slow_answer_is_given_up(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LIMIT", ClientTimeout(total=0.2))
    provider.says(SEVEN_TAKEN)
    provider.asleep = asyncio.Event()
    problem = await refused(courier(provider, "seven"))
    assert (problem.trouble, problem.final, problem.detail) == (Trouble.UNREACHABLE, False, "no answer within 0 s")
    provider.asleep.set()
