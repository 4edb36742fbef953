"""What gateways tell of SMS by themselves, in their documented words, and what of it is not for us."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.sms_reports import lox24, seven
from engine.ports.reports import Report

SENT, DELIVERED, FAILED = DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED
UUID = "d6c12ac4-cc7d-11ec-b6da-525400bbb7dc"


def dlr(status: Any, msg_id: Any = "77149843739", event: str = "dlr") -> bytes:
    """https://docs.seven.io/en/rest-api/webhooks"""
    data = {"msg_id": msg_id, "status": status, "timestamp": "2026-12-01 08:08:00.000000"}
    said = {"data": data, "webhook_event": event, "webhook_timestamp": "2026-12-01T08:08:00+02:00"}
    return json.dumps(said).encode()


def delivery(dlr_code: Any, status_code: int = 100, name: str = "sms.delivery", **data: Any) -> bytes:
    """https://doc.lox24.eu/api/webhooks/webhookssms-delivery-webhook/"""
    told = {
        "id": UUID,
        "key_id": 8207,
        "dlr_code": dlr_code,
        "status_code": status_code,
        "callback_data": "d7k3",
        **data,
    }
    said = {"id": "a3cd6e19", "api_version": "2022-05-25", "name": name, "created_at": 1653378603, "data": told,
            "attempt_total": 4, "attempt_number": 1, "notification_task_id": "3378de83"}  # fmt: skip
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("status", "state", "trouble", "detail"),
    [
        ("DELIVERED", DELIVERED, None, ""),
        ("TRANSMITTED", SENT, None, "TRANSMITTED"),
        ("BUFFERED", SENT, None, "BUFFERED"),
        ("NOTDELIVERED", FAILED, Trouble.UNREACHABLE, "NOTDELIVERED"),
        ("EXPIRED", FAILED, Trouble.UNREACHABLE, "EXPIRED"),
        ("REJECTED", FAILED, Trouble.REFUSED, "REJECTED"),
    ],
)
def test_seven_tells_what_has_become_of_it(
    status: str, state: DeliveryState, trouble: Trouble | None, detail: str
) -> None:
    assert seven(dlr(status)) == Report(Means.SMS, state, trouble, detail, reference="77149843739")


@pytest.mark.parametrize(
    ("dlr_code", "status_code", "state", "trouble"),
    [
        (1, 100, DELIVERED, None),
        (0, 0, SENT, None),
        (4, 100, SENT, None),
        (8, 100, FAILED, Trouble.UNREACHABLE),
        (16, 100, FAILED, Trouble.REFUSED),
        (0, 5000, FAILED, Trouble.ADDRESS),
    ],
)
def test_lox24_tells_what_has_become_of_it(
    dlr_code: int, status_code: int, state: DeliveryState, trouble: Trouble | None
) -> None:
    found = lox24(delivery(dlr_code, status_code))
    assert found is not None
    assert (found.state, found.trouble, found.key, found.reference) == (state, trouble, "d7k3", UUID)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\x00", b"[]", b"null", b"{}", b'{"data": 1, "webhook_event": "dlr"}', b"[" * 100_000,
        dlr("DELIVERED", event="sms_mo"), dlr(7), dlr("DELIVERED", None), dlr("DELIVERED", ""), dlr("DELIVERED", {}),
        dlr("DELIVERED", "9" * 81), delivery(1, name="sms.delivery.dryrun"), delivery("1"), delivery(None),
        delivery(1, id=None, callback_data=None), delivery(1, id=["x"], callback_data={}),
    ],
)  # fmt: skip
def test_what_is_not_for_us_says_nothing(body: bytes) -> None:
    assert (seven(body), lox24(body)) == (None, None)
