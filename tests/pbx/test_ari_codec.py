"""What the ARI link makes of frames and settings, without any switch."""

import json

import msgspec
import pytest
from structlog.testing import capture_logs

from pbx.ari import Counters, LinkDown, Patience, Pulse, Response
from pbx.ari import model as m
from pbx.ari.codec import EVENT_TYPES, decode, encode, event_filter
from pbx.ari.generate import EVENTS

PLAYBACK = {"id": "p", "media_uri": "sound:x", "target_uri": "channel:1", "state": "done", "language": "en"}
FINISHED = {
    "type": "PlaybackFinished",
    "application": "vorzimmer",
    "timestamp": "2026-10-25T02:30:00.125+0200",
    "asterisk_id": "vz",
    "playback": PLAYBACK,
}


def frame(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_an_event_with_fields_that_we_do_not_know() -> None:
    counters = Counters()
    event = decode(frame(**FINISHED, future={"a": [1]}), counters)
    assert isinstance(event, m.PlaybackFinished)
    assert event.playback == m.Playback(
        id="p", media_uri="sound:x", target_uri="channel:1", state="done", language="en"
    )
    assert event.timestamp.isoformat() == "2026-10-25T02:30:00.125000+02:00"
    assert counters == Counters()


def test_unknown_events_are_counted_and_dropped() -> None:
    counters = Counters()
    with capture_logs() as logs:
        assert [decode(frame(type=kind), counters) for kind in ("ChannelVarset", "Later")] == [None, None]
    assert (counters, logs) == (Counters(unknown=2), [])


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"{}", b'{"type": 1}', b"\xff\xfe", frame(type="StasisStart"),
     frame(**{**FINISHED, "playback": 1}), frame(**{**FINISHED, "timestamp": "today"})],
)  # fmt: skip
def test_malformed_frames_are_counted_and_told_once(data: bytes) -> None:
    counters = Counters()
    with capture_logs() as logs:
        assert [decode(data, counters), decode(data, counters)] == [None, None]
    assert counters == Counters(malformed=2)
    assert [log["log_level"] for log in logs] == ["warning"]


def test_an_answer_that_cannot_be_read_ends_the_connection() -> None:
    with pytest.raises(LinkDown, match="the switch sent an answer that cannot be read"):
        decode(frame(type="RESTResponse", request_id="1"), Counters())


def test_a_request_on_the_wire() -> None:
    body = {"variables": {"CALLERID(name)": 'Müller "Q"'}}
    assert json.loads(encode("7", "POST", "/channels/a%2Fb/play", {"media": "sound:ü&"}, body)) == {
        "type": "RESTRequest",
        "request_id": "7",
        "transaction_id": "",
        "method": "POST",
        "uri": "channels/a%2Fb/play",
        "query_strings": [{"name": "media", "value": "sound:ü&"}],
        "content_type": "application/json",
        "message_body": '{"variables":{"CALLERID(name)":"Müller \\"Q\\""}}',
    }
    assert json.loads(encode("8", "DELETE", "/bridges/1", None, None)) == {
        "type": "RESTRequest",
        "request_id": "8",
        "transaction_id": "",
        "method": "DELETE",
        "uri": "bridges/1",
    }


def test_the_filter_lets_through_what_is_decoded() -> None:
    assert EVENT_TYPES == EVENTS
    assert [entry["type"] for entry in event_filter()["allowed"]] == [*EVENTS, "RESTResponse"]


def test_bodies() -> None:
    assert Response(200, "OK", '{"id": 1}').body() == {"id": 1}
    assert Response(204, "No Content").body() is None
    assert [Response(status, "").ok for status in (199, 200, 204, 299, 300, 404)] == [
        False, True, True, True, False, False,
    ]  # fmt: skip
    with pytest.raises(msgspec.ValidationError):
        Response(200, "OK", "[]").body(m.Channel)


def test_by_default_a_half_open_connection_is_noticed_within_ten_seconds() -> None:
    assert Pulse().every + Pulse().deadline < 10


def test_pauses_between_retries_double_up_to_a_limit_with_jitter() -> None:
    patience = Patience(first_retry=0.1, longest_retry=5)
    pauses = [[patience.before(attempt) for _ in range(200)] for attempt in (0, 1, 5, 6, 10_000)]
    for full, tried in zip((0.1, 0.2, 3.2, 5, 5), pauses, strict=True):
        assert full / 2 <= min(tried) < full * 0.6
        assert full * 0.9 < max(tried) <= full
