"""Hostile and anonymous callers: what a StasisStart of the switch means, in full, and nothing that is no call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from engine.call import events as e
from engine.ports.fax import FaxId, Unanswered
from engine.terms import CallId, HangupCause, LegId, PlayId
from pbx.ari import codec
from pbx.ari.counters import Counters
from pbx.decode import FaxOver, decode

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AT = "2026-03-02T12:00:00.000+0000"


def channel(name: str = "vz-1772452800.7", number: str = "+491711", called: str = "", state: str = "Ring") -> Any:
    return {
        "accountcode": "",
        "caller": {"name": called, "number": number},
        "connected": {"name": "", "number": ""},
        "creationtime": AT,
        "dialplan": {"app_data": "", "app_name": "Stasis", "context": "engine", "exten": "s", "priority": 8},
        "id": name,
        "language": "de",
        "name": "PJSIP/trunk:carrier-00000001",
        "protocol_id": "",
        "state": state,
    }


def meaning(kind: str, **fields: Any) -> Any:
    """What an event means, from the bytes that the switch would send."""
    frame = codec.decode(
        msgspec.json.encode({"type": kind, "application": "vorzimmer", "timestamp": AT, **fields}), Counters()
    )
    assert frame is not None
    return decode(frame)  # type: ignore[arg-type]


def started(*args: str, **of_channel: str) -> Any:
    return meaning("StasisStart", args=list(args), channel=channel(**of_channel))


def offered(caller: str | None = "+491711", line: str | None = None, dialled: str = "030123450") -> e.Offered:
    return e.Offered(CallId("vz-1772452800.7"), dialled, caller, line, NOON, 7, "carrier")


def arrives(number: str, presentation: str = "allowed_not_screened", line: str = "", called: str = "") -> Any:
    return started("inbound", "030123450", line, presentation, "trunk:carrier", number=number, called=called)


def test_a_call_with_everything() -> None:
    assert arrives("+491711", line="+493099887700") == offered(line="+493099887700")


HIDDEN = ["prohib", "prohib_not_screened", "prohib_passed_screen", "prohib_failed_screen"]


@pytest.mark.parametrize("presentation", HIDDEN)
def test_who_hides_the_number_is_anonymous_though_the_switch_knows_it(presentation: str) -> None:
    assert arrives("+491711", presentation) == offered(caller=None)


@pytest.mark.parametrize("name", ["", "anonymous", "Anonymous", "unknown", "UNAVAILABLE", "restricted", "private"])
def test_a_word_in_place_of_a_number_is_no_number(name: str) -> None:
    assert arrives(name) == offered(caller=None)


HOSTILE = [
    "\x1b[31m+491711",
    "+491711\r\nX-Evil: 1",
    "+491711,inbound",
    "${SHELL(id)}",
    '"><script>',
    "+49\u202e1711",
    "٠١٢٣",
    "+49 1711",
    "9" * 65,
]


@pytest.mark.parametrize("number", HOSTILE)
def test_what_no_number_can_look_like_is_treated_as_none(number: str) -> None:
    assert arrives(number) == offered(caller=None)


def test_the_callers_own_display_name_goes_nowhere() -> None:
    assert arrives("+491711", called="\x1b]0;evil\x07 Finanzamt") == offered()


@pytest.mark.parametrize("number", ["alice", "sip.user-7", "*31#", "110", "+491711"])
def test_what_carriers_send_as_a_number_is_one(number: str) -> None:
    assert arrives(number) == offered(caller=number)


@pytest.mark.parametrize("line", ["", "+", "12", "1" * 33, "+49+30", "+4930x", "49\n30", "${LINE}"])
def test_a_forwarded_line_that_is_no_number_is_none(line: str) -> None:
    assert arrives("+491711", line=line) == offered(line=None)


def test_arguments_that_a_later_dialplan_adds_do_no_harm() -> None:
    assert started("inbound", "030123450", "", "allowed", "trunk:carrier", "more") == offered()


def test_a_call_whose_facts_are_cut_off_is_a_call_all_the_same() -> None:
    assert started("inbound", "030123450") == replace(offered(caller=None), trunk="")


@pytest.mark.parametrize("args", [(), ("leg",), ("leg", "a", "b"), ("other", "c")])
def test_channels_that_are_neither_caller_nor_phone(args: tuple[str, ...]) -> None:
    assert started(*args) is None


def test_the_phone_of_an_agent() -> None:
    assert started("leg", "vz-1.7", name="vz-1.7-leg-2") == ("vz-1.7", e.LegAnswered(LegId("vz-1.7-leg-2")))


def test_a_phone_rings_or_has_sound_of_its_own() -> None:
    statuses = ("", "RINGING", "PROGRESS", "ANSWER", "BUSY")
    told = [meaning("Dial", dialstatus=status, peer=channel("vz-1.7-leg-2", state="Down")) for status in statuses]
    rings = ("vz-1.7", e.LegRinging(LegId("vz-1.7-leg-2")))
    assert told == [None, rings, rings, None, None]
    assert meaning("Dial", dialstatus="RINGING", peer=channel("somebody-else")) is None


def test_a_far_end_that_hangs_up_and_our_own_order_to() -> None:
    gone = ("vz-1772452800.7", e.CallerGone(HangupCause.NORMAL))
    assert meaning("ChannelHangupRequest", channel=channel(), cause=127) == gone
    assert meaning("ChannelHangupRequest", channel=channel()) == gone
    assert meaning("ChannelHangupRequest", channel=channel(), cause=16, soft=True) is None


def test_a_far_end_of_which_nothing_is_heard_any_more() -> None:
    gone = ("vz-1772452800.7", e.CallerGone(HangupCause.OUT_OF_ORDER))
    assert meaning("ChannelHangupRequest", channel=channel(), cause=1, soft=True) == gone
    lost = ("vz-1.7", e.LegLost(LegId("vz-1.7-leg-1"), 60.0))
    assert meaning("ChannelHangupRequest", channel=channel("vz-1.7-leg-1"), cause=1, soft=True) == lost
    target = ("vz-1.7", e.TargetEnded(LegId("vz-1.7-out-1"), HangupCause.OUT_OF_ORDER, silent=60.0))
    assert meaning("ChannelHangupRequest", channel=channel("vz-1.7-out-1"), cause=1, soft=True) == target


def test_a_phone_that_is_busy() -> None:
    ended = meaning("ChannelDestroyed", channel=channel("vz-1.7-leg-1"), cause=17, cause_txt="User busy")
    assert ended == ("vz-1.7", e.LegEnded(LegId("vz-1.7-leg-1"), HangupCause.BUSY))
    odd = meaning("ChannelDestroyed", channel=channel("vz-1.7-leg-1"), cause=99, cause_txt="")
    assert odd == ("vz-1.7", e.LegEnded(LegId("vz-1.7-leg-1"), HangupCause.UNKNOWN))


@pytest.mark.parametrize(("state", "cause"), [("Down", "UNKNOWN"), ("Ringing", "UNKNOWN"), ("Up", "NORMAL")])
def test_a_phone_that_ends_without_a_word_was_put_down_only_if_it_was_picked_up(state: str, cause: str) -> None:
    ended = meaning("ChannelDestroyed", channel=channel("vz-1.7-leg-1", state=state), cause=0, cause_txt="Unknown")
    assert ended == ("vz-1.7", e.LegEnded(LegId("vz-1.7-leg-1"), HangupCause[cause]))


@pytest.mark.parametrize("state", ["done", "failed", "canceled"])
def test_an_announcement_is_over_however_it_ended(state: str) -> None:
    played = {"id": "vz-1.7-play-3", "media_uri": "sound:x", "state": state, "target_uri": "channel:vz-1.7"}
    assert meaning("PlaybackFinished", playback=played) == ("vz-1.7", e.AnnouncementEnded(PlayId("vz-1.7-play-3")))
    assert meaning("PlaybackFinished", playback=played | {"id": "somebody-else"}) is None


@pytest.mark.parametrize(
    ("state", "cause", "response", "how"),
    [
        ("Ringing", 19, 480, Unanswered(HangupCause.NO_ANSWER, 480, rang=True)),
        ("Down", 17, 486, Unanswered(HangupCause.BUSY, 486)),
        ("Up", 16, None, Unanswered(HangupCause.NORMAL)),
        ("Up", 16, 200, Unanswered(HangupCause.NORMAL)),
    ],
)
def test_a_fax_ends_and_is_no_call(state: str, cause: int, response: int | None, how: Unanswered) -> None:
    fax = channel("fax-d7k3m9q2x5-0", state=state)
    ended = {"cause": cause, "cause_txt": "", "channel": fax} | ({"tech_cause": response} if response else {})
    assert meaning("ChannelDestroyed", **ended) == FaxOver(FaxId("fax-d7k3m9q2x5-0"), how)
    assert meaning("ChannelHangupRequest", cause=cause, soft=False, channel=fax) is None
    assert meaning("ChannelHangupRequest", cause=1, soft=True, channel=fax) is None
    assert meaning("ChannelHold", channel=fax) is None
    assert meaning("ChannelDtmfReceived", channel=fax, digit="1", duration_ms=100) is None
    assert meaning("StasisEnd", channel=fax) is None
    dialled = {"dialstatus": "RINGING", "dialstring": "", "forward": "", "peer": fax}
    assert meaning("Dial", **dialled) is None
