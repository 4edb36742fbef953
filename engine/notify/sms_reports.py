"""What SMS gateways tell of their own accord: seven.io (https://docs.seven.io/en/rest-api/webhooks, `dlr`) and LOX24
(https://doc.lox24.eu/api/webhooks/webhookssms-delivery-webhook/, `sms.delivery`). sipgate has no such thing.

Rule of this file: values only, and what cannot be read says nothing. Words mean what they mean where they are asked for
(`sms_seven`, `sms_lox24`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from engine.message.states import DeliveryState, Means
from engine.notify import sms_lox24, sms_seven
from engine.notify.told import on_one_line
from engine.ports.outbox import NotHanded
from engine.ports.reports import Report

LONGEST_NAME = 80
"""Characters of what a gateway calls an SMS."""


def seven(body: bytes) -> Report | None:
    """Of `{"data": {"msg_id": …, "status": …}, "webhook_event": "dlr"}`."""
    said = _fields(body)
    data = _below(said, "data")
    if said.get("webhook_event") != "dlr":
        return None
    status = data.get("status")
    judge = partial(sms_seven.judged, status) if isinstance(status, str) else None
    return _report(judge, on_one_line(str(status)), reference=_name(data.get("msg_id")))


def lox24(body: bytes) -> Report | None:
    """Of `{"name": "sms.delivery", "data": {"id": …, "dlr_code": …, "status_code": …, "callback_data": …}}`."""
    said = _fields(body)
    data = _below(said, "data")
    if said.get("name") != "sms.delivery":
        return None
    status, dlr = data.get("status_code"), data.get("dlr_code")
    judge = partial(sms_lox24.judged, status, dlr) if isinstance(dlr, int) else None
    return _report(judge, f"dlr {dlr}", key=_name(data.get("callback_data")), reference=_name(data.get("id")))


READERS: Mapping[str, Callable[[bytes], Report | None]] = {"seven": seven, "lox24": lox24}
"""By what `sms_gateway` says."""


def _report(
    judge: Callable[[], DeliveryState] | None, words: str, *, key: str | None = None, reference: str | None = None
) -> Report | None:
    if judge is None or not (key or reference):
        return None
    try:
        state = judge()
    except NotHanded as lost:
        return Report(Means.SMS, DeliveryState.FAILED, lost.trouble, lost.detail, key=key, reference=reference)
    detail = words if state is DeliveryState.SENT else ""
    return Report(Means.SMS, state, None, detail, key=key, reference=reference)


def _fields(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _below(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _name(value: object) -> str | None:
    text = str(value) if isinstance(value, str | int) else ""
    return text if 0 < len(text) <= LONGEST_NAME else None
