"""ARI's JSON, decoded, as events of the rules. The only file that reads what ARI says.

Rule of this file: a channel's id tells whose it is, so nothing is remembered here. The caller's channel has the call's
id, an agent's leg `<call>-leg-<n>`, a transfer target's `<call>-out-<n>`, an announcement `<call>-play-<n>`; what
belongs to a listening begins with `ear-`, a fax with `fax-`, which is looked at last, so that calls pay nothing for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.call import events as e
from engine.listening import events as l
from engine.listening.state import PREFIX, ListeningId
from engine.ports.fax import FAX, FaxId, Unanswered
from engine.terms import CallId, HangupCause, LegId, PlayId
from pbx.ari import Outcome, Response
from pbx.ari import model as m
from pbx.runtime.endpoints import TRUNK

APP = "vorzimmer"
Told = tuple[CallId, e.Event]
LISTENER, SNOOP = "listener", "snoop"
"""The words by which the channels of a listening enter the application."""
_LEG = re.compile(r"(?P<call>.+)-(?:leg|(?P<out>out))-\d+")
_OF_LISTENING = re.compile(rf"(?P<listening>{PREFIX}(?P<call>.+)-\d+)-(?P<what>leg|snoop|play)")
_PLAY = re.compile(r"(?P<call>.+)-play-\d+")
_NUMBER = re.compile(r"[0-9A-Za-z+*#._-]{1,64}")
"""What may stand for a caller; anything else that a carrier lets through is treated as no number."""
_LINE = re.compile(r"\+?[0-9]{3,32}")
_NAMELESS = frozenset({"", "anonymous", "unknown", "unavailable", "restricted", "private", "s"})
_PUT_DOWN = frozenset({None, HangupCause.UNKNOWN, HangupCause.INTERWORKING})
_NOTHING_HEARD = 1
"""In a soft request no Q.850 but the switch's own mark (AST_SOFTHANGUP_DEV): it ends the channel by itself."""
RTP_TIMEOUT = 60
"""Seconds after which the switch gives up a channel of which nothing was heard."""
_FAILED = 300
"""SIP's responses from here on say no (RFC 3261 § 7.2)."""
_RINGING = frozenset({"RINGING", "PROGRESS"})


@dataclass(frozen=True, slots=True)
class Overheard:
    """What happened to a listening."""

    listening: ListeningId
    event: l.Event


@dataclass(frozen=True, slots=True)
class Hold:
    """Caller or agent holds the conversation, or takes it back: who holds hears nothing of what is said or played."""

    call: CallId
    channel: str
    begins: bool


@dataclass(frozen=True, slots=True)
class FaxOver:
    """A fax has ended: `how`, where nobody answered it; what was sent is written down elsewhere."""

    fax: FaxId
    how: Unanswered


IS_HELD = "CHANNEL(rtp,hold)"
"""What a PJSIP channel is asked, to know whether its far end holds: "1" or "0" (Asterisk, channels/pjsip)."""
Meaning = e.Offered | Told | Overheard | Hold | FaxOver | None


def decode(event: m.AnyEvent) -> Meaning:
    """What the event means for a call or a listening; None if nothing."""
    reader = _READERS.get(type(event))
    return reader(event) if reader else None


def leg_of(channel: str) -> CallId | None:
    """The call whose leg this channel is, an agent's or a target's; None for other channels."""
    match = _LEG.fullmatch(channel)
    return CallId(match["call"]) if match else None


def is_held(answer: Outcome) -> bool:
    """Whether a channel that was asked IS_HELD is held; one that is gone, or cannot be asked now, is not."""
    return isinstance(answer, Response) and answer.ok and answer.body().get("value") == "1"


def is_target(channel: str) -> bool:
    """Whether the leg is one to a transfer target."""
    match = _LEG.fullmatch(channel)
    return bool(match and match["out"])


def listened_to(channel: str) -> CallId | None:
    """The call to which somebody listens with this channel; None for other channels."""
    match = _OF_LISTENING.fullmatch(channel) if channel.startswith(PREFIX) else None
    return CallId(match["call"]) if match else None


def _started(event: m.StasisStart) -> Meaning:
    match event.args:
        case ["leg", call]:
            return CallId(call), e.LegAnswered(LegId(event.channel.id))
        case ["out", call]:
            return CallId(call), e.TargetAnswered(LegId(event.channel.id))
        case ["inbound", *facts]:
            return offered(event.channel, *facts)
        case [word, listening] if word in (LISTENER, SNOOP):
            return Overheard(ListeningId(listening), l.PickedUp() if word == LISTENER else l.Tapped())
    return None


def offered(
    channel: m.Channel, dialled: str = "", line: str = "", presentation: str = "prohib", endpoint: str = "", *_: str
) -> e.Offered:
    """The call that a caller's channel brings; what the dialplan has not said is unknown, and hidden."""
    number = channel.caller.number if _NUMBER.fullmatch(channel.caller.number) else ""
    hidden = presentation.startswith("prohib") or number.lower() in _NAMELESS
    order = int(channel.id.rpartition(".")[2]) if channel.id.rpartition(".")[2].isdigit() else 0
    caller = None if hidden else number
    forwarded = line if _LINE.fullmatch(line) else None
    trunk = endpoint.removeprefix(TRUNK)
    at, sip_call_id = channel.creationtime, channel.protocol_id
    return e.Offered(CallId(channel.id), dialled, caller, forwarded, at, order, trunk, sip_call_id)


def _dialled(event: m.Dial) -> Told | None:
    """180 or 183 from a phone. Its answer is told a moment later, when it has entered Stasis and can be joined."""
    call = leg_of(event.peer.id)
    if call is None or event.dialstatus not in _RINGING:
        return None
    leg = LegId(event.peer.id)
    return call, e.TargetRinging(leg) if is_target(leg) else e.LegRinging(leg)


def _hung_up(event: m.ChannelHangupRequest) -> Meaning:
    """The far end has hung up. A soft request is our own order, whose effect is told by the channel's end; or the
    switch ends a channel of which nothing was heard for too long (`rtp_timeout`)."""
    channel = event.channel
    if not event.soft:
        # Why a target could not be had is said by the end of its channel, with SIP's own response.
        is_open = is_target(channel.id) and channel.state != "Up"
        return None if is_open else _gone(channel, event.cause)
    if event.cause != _NOTHING_HEARD:
        return None
    call, leg = leg_of(channel.id), LegId(channel.id)
    if call is None:
        return _caller(channel, e.CallerGone(HangupCause.OUT_OF_ORDER))
    if is_target(leg):
        return call, e.TargetEnded(leg, HangupCause.OUT_OF_ORDER, silent=RTP_TIMEOUT)
    return call, e.LegLost(leg, RTP_TIMEOUT)


def _destroyed(event: m.ChannelDestroyed) -> Meaning:
    channel = event.channel
    if channel.id.startswith(FAX):
        response = event.tech_cause if event.tech_cause and event.tech_cause >= _FAILED else None
        rang = channel.state == "Ringing"
        return FaxOver(FaxId(channel.id), Unanswered(HangupCause.of(event.cause), response, rang=rang))
    return _gone(channel, event.cause, event.tech_cause)


def _left(event: m.StasisEnd) -> Meaning:
    """A channel that we have not made by originating it ends when it leaves Stasis; of what follows nothing is told."""
    if leg_of(event.channel.id):
        return None
    if event.channel.id.startswith(PREFIX):
        return _listening_gone(event.channel, None) if event.channel.id.endswith("-snoop") else None
    return _caller(event.channel, e.CallerGone(HangupCause.NORMAL))


def _gone(channel: m.Channel, code: int | None, response: int | None = None) -> Meaning:
    call = leg_of(channel.id)
    if call is None and channel.id.startswith(PREFIX):
        return _listening_gone(channel, code)
    # BYE carries no cause and CANCEL "interworking": both are somebody who has put the receiver down. An agent's
    # phone that never picked up can't have: the switch then does not know (302, when its own look-up is quicker).
    put_down = code in _PUT_DOWN and (call is None or channel.state == "Up")
    cause = HangupCause.NORMAL if put_down else HangupCause.of(code)
    if call is None:
        return _caller(channel, e.CallerGone(cause))
    leg = LegId(channel.id)
    if not is_target(leg):
        return call, e.LegEnded(leg, cause)
    return call, e.TargetEnded(leg, cause, response if response and response >= _FAILED else None)


def _pressed(event: m.ChannelDtmfReceived) -> Told | None:
    """What callers and agents press means nothing."""
    leg = event.channel.id
    call = leg_of(leg) if is_target(leg) else None
    return (call, e.TargetPressed(LegId(leg), event.digit)) if call else None


def _referred(event: m.ChannelTransfer) -> Told | None:
    """A phone's REFER; the second word of the same one, after our answer, has a state."""
    leg = event.referred_by.source_channel.id
    call = leg_of(leg)
    if call is None or is_target(leg) or event.state:
        return None
    wanted = event.refer_to.requested_destination
    # With `Replaces` the URI's user may be anything, a number too: the call that is meant counts.
    return call, e.ReferAsked(LegId(leg), None if wanted.protocol_id else wanted.destination)


def _listening_gone(channel: m.Channel, code: int | None) -> Overheard | None:
    match = _OF_LISTENING.fullmatch(channel.id)
    if match is None:
        return None
    if match["what"] == "snoop":
        return Overheard(ListeningId(match["listening"]), l.SnoopEnded())
    put_down = code in _PUT_DOWN and channel.state == "Up"
    return Overheard(
        ListeningId(match["listening"]), l.LegEnded(HangupCause.NORMAL if put_down else HangupCause.of(code))
    )


def _played(event: m.PlaybackFinished) -> Meaning:
    if match := _PLAY.fullmatch(event.playback.id):
        return CallId(match["call"]), e.AnnouncementEnded(PlayId(event.playback.id))
    if match := _OF_LISTENING.fullmatch(event.playback.id):
        # Only what was played to its end has been heard: neither "failed" nor "canceled".
        return Overheard(ListeningId(match["listening"]), l.Told() if event.playback.state == "done" else l.NotTold())
    return None


def _held(event: m.ChannelHold | m.ChannelUnhold) -> Hold | None:
    """A supervisor's phone on hold concerns nobody, nor does a fax."""
    channel = event.channel.id
    if channel.startswith((PREFIX, FAX)):
        return None
    return Hold(leg_of(channel) or CallId(channel), channel, isinstance(event, m.ChannelHold))


def _caller(channel: m.Channel, event: e.Event) -> Told | None:
    return None if channel.id.startswith(FAX) else (CallId(channel.id), event)


_READERS: dict[type, Callable[..., Meaning]] = {
    m.StasisStart: _started,
    m.Dial: _dialled,
    m.ChannelHangupRequest: _hung_up,
    m.ChannelDestroyed: _destroyed,
    m.ChannelHold: _held,
    m.ChannelUnhold: _held,
    m.StasisEnd: _left,
    m.ChannelDtmfReceived: _pressed,
    m.ChannelTransfer: _referred,
    m.PlaybackFinished: _played,
}
