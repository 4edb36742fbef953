"""Bytes to frames and back. Rule of this file: what we do not know is counted and dropped, never an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
import structlog

from pbx.ari.counters import Counters
from pbx.ari.model import AnyEvent, Frame, RESTQueryStringParameter, RESTRequest, RESTResponse
from pbx.ari.outcome import LinkDown

log = structlog.get_logger(__name__)

EVENT_TYPES = tuple(kind.__name__ for kind in get_args(AnyEvent))
_FRAMES: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_encode = msgspec.json.Encoder().encode


class _Typed(msgspec.Struct):
    type: str


def event_filter() -> dict[str, list[dict[str, str]]]:
    """What `PUT /applications/{app}/eventFilter` takes: let through what we use, and nothing else.

    Asterisk passes its answers through the same filter, so these are named too.
    """
    wanted = (*EVENT_TYPES, RESTResponse.__name__)
    return {"allowed": [{"type": kind} for kind in wanted], "disallowed": []}


def encode(request_id: str, method: str, uri: str, query: Mapping[str, str] | None, body: Any) -> bytes:
    """One RESTRequest. `uri` is the path below `/ari`, `body` anything that JSON can hold, or None."""
    return _encode(
        RESTRequest(
            request_id=request_id,
            transaction_id="",
            method=method,
            uri=uri.removeprefix("/"),
            query_strings=[RESTQueryStringParameter(name=k, value=v) for k, v in query.items()] if query else None,
            content_type=None if body is None else "application/json",
            message_body=None if body is None else _encode(body).decode(),
        )
    )


def decode(data: bytes, counters: Counters) -> Frame | None:
    """The frame in `data`; None for one that we do not use or cannot read.

    Raises LinkDown for an answer that cannot be read: its request would wait for ever.
    """
    try:
        return _FRAMES.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        kind = _type_of(data)
        if kind == RESTResponse.__name__:
            raise LinkDown(f"the switch sent an answer that cannot be read: {error}") from error
        if kind is not None and kind not in EVENT_TYPES:
            counters.unknown += 1
            return None
        counters.malformed += 1
        if counters.malformed == 1:
            log.warning("unreadable frame from the switch; further ones are only counted", error=str(error))
        return None


def _type_of(data: bytes) -> str | None:
    try:
        return msgspec.json.decode(data, type=_Typed).type
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
