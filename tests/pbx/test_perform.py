"""What the switch answers to our orders, as events: a first sound stands for 183, a refusal means one thing each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.call import commands as c
from engine.call import events as e
from engine.terms import AgentId, CallId, HangupCause, LegId, PlayId
from pbx.ari import LinkDown, Outcome, Response
from pbx.perform import Performer

CALL, LEG, PLAY = CallId("vz-1.7"), LegId("vz-1.7-leg-1"), PlayId("vz-1.7-play-1")
DONE = Response(204, "No Content")
Told = list[tuple[CallId, e.Event]]


class Switch:
    """Takes requests; answers them when the test says so, oldest first."""

    def __init__(self) -> None:
        self.told: Told = []
        self.asked: list[tuple[str, str]] = []
        self.played: list[str] = []
        self._open: list[Callable[[Outcome], None]] = []
        self.performer = Performer(Path("/sounds/de"), lambda call, event: self.told.append((call, event)))
        self.performer.link = self  # type: ignore[assignment]

    def send(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        on_done: Callable[[Outcome], None] | None = None,
    ) -> None:
        assert on_done
        self.asked.append((method, uri))
        self.played += [query["media"]] if query and "media" in query else []
        self._open.append(on_done)

    def answers(self, *outcomes: Outcome) -> Told:
        for outcome in outcomes:
            self._open.pop(0)(outcome)
        return self.told


def ordered(*commands: c.SwitchCommand) -> Switch:
    switch = Switch()
    switch.performer.perform(CALL, commands)
    return switch


def refused(command: c.SwitchCommand, status: int) -> Told:
    switch = ordered(command)
    return switch.answers(*[Response(status, "No")] * len(switch.asked))


FIRST_SOUNDS: list[tuple[c.PlayMusic | c.Announce, str]] = [
    (c.PlayMusic("default"), "/channels/vz-1.7/moh"),
    (c.Announce(PLAY, "welcome"), "/channels/vz-1.7/play"),
]


@pytest.mark.parametrize(("sound", "uri"), FIRST_SOUNDS)
def test_the_first_sound_stands_for_183(sound: c.PlayMusic | c.Announce, uri: str) -> None:
    switch = ordered(c.Progress(), sound)
    assert switch.asked == [("POST", uri)]
    assert switch.answers(DONE) == [(CALL, e.ProgressSent())]


@pytest.mark.parametrize(("sound", "uri"), FIRST_SOUNDS)
def test_a_first_sound_that_is_refused_leaves_the_183_to_be_sent(sound: c.PlayMusic | c.Announce, uri: str) -> None:
    switch = ordered(c.Progress(), sound)
    assert switch.answers(Response(500, "No")) == [(CALL, e.OrderRefused(sound, "500 No"))]
    assert switch.asked == [("POST", uri), ("POST", "/channels/vz-1.7/progress")]
    assert switch.answers(DONE)[1:] == [(CALL, e.ProgressSent())]


def test_a_183_without_a_sound_after_it_is_sent_by_itself() -> None:
    switch = ordered(c.Progress())
    assert switch.asked == [("POST", "/channels/vz-1.7/progress")]
    assert switch.answers(DONE) == [(CALL, e.ProgressSent())]


def test_only_the_sound_right_after_the_183_stands_for_it() -> None:
    switch = ordered(c.Progress(), c.PlayMusic("default"), c.StopMusic(), c.PlayMusic("other"))
    assert switch.answers(DONE, DONE, DONE) == [(CALL, e.ProgressSent())]


ACCEPTED: list[tuple[c.SwitchCommand, Told]] = [
    (c.Ring(), [(CALL, e.RingingSent())]),
    (c.Answer(), [(CALL, e.CallerAnswered())]),
    (c.PlayMusic("default"), []),
    (c.StopMusic(), []),
    (c.Announce(PLAY, "welcome"), []),
    (c.StopAnnouncement(PLAY), []),
    (c.Release(HangupCause.BUSY), []),
    (c.Decline(), []),
    (c.DialAgent(LEG, AgentId("anna"), "Muster GmbH", None), []),
    (c.DropLeg(LEG), []),
    (c.Bridge(LEG), []),
    (c.Unbridge(), []),
]


@pytest.mark.parametrize(("command", "told"), ACCEPTED)
def test_what_was_done_is_told_where_the_proof_needs_it(command: c.SwitchCommand, told: Told) -> None:
    switch = ordered(command)
    assert switch.answers(*[DONE] * len(switch.asked)) == told


@pytest.mark.parametrize("command", [command for command, _ in ACCEPTED] + [c.Progress()])
def test_what_the_lost_link_swallowed_is_no_refusal(command: c.SwitchCommand) -> None:
    switch = ordered(command)
    assert switch.answers(*[LinkDown("gone")] * len(switch.asked)) == []
    first = ordered(c.Progress(), c.PlayMusic("default"))
    assert first.answers(LinkDown("gone")) == []
    assert first.asked == [("POST", "/channels/vz-1.7/moh")], "nothing more is sent into a link that is down"


GONE = [404, 409, 410, 412]
OF_THE_CALLER: list[c.SwitchCommand] = [
    c.Ring(),
    c.Progress(),
    c.Answer(),
    c.PlayMusic("default"),
    c.Announce(PLAY, "welcome"),
    c.Release(HangupCause.BUSY),
    c.Decline(),
]


@pytest.mark.parametrize("status", GONE)
@pytest.mark.parametrize("command", OF_THE_CALLER)
def test_a_caller_who_is_not_there_any_more_has_gone(command: c.SwitchCommand, status: int) -> None:
    assert refused(command, status) == [(CALL, e.CallerGone(HangupCause.UNKNOWN))]


@pytest.mark.parametrize("status", [400, 500, 503])
@pytest.mark.parametrize("command", [*OF_THE_CALLER, c.StopMusic(), c.StopAnnouncement(PLAY), c.Unbridge()])
def test_what_the_switch_would_not_do_is_refused(command: c.SwitchCommand, status: int) -> None:
    assert refused(command, status) == [(CALL, e.OrderRefused(command, f"{status} No"))]


@pytest.mark.parametrize("status", GONE)
@pytest.mark.parametrize("command", [c.StopMusic(), c.StopAnnouncement(PLAY), c.Unbridge()])
def test_what_has_ended_by_itself_need_not_be_stopped(command: c.SwitchCommand, status: int) -> None:
    assert refused(command, status) == []


@pytest.mark.parametrize("status", GONE)
def test_a_leg_that_has_gone_is_told_again(status: int) -> None:
    assert refused(c.DropLeg(LEG), status) == [(CALL, e.LegEnded(LEG, HangupCause.NORMAL))]


DIALS = [
    (500, HangupCause.SUBSCRIBER_ABSENT),
    (409, HangupCause.TEMPORARY_FAILURE),
    (400, HangupCause.TEMPORARY_FAILURE),
    (503, HangupCause.TEMPORARY_FAILURE),
]


@pytest.mark.parametrize(("status", "cause"), DIALS)
def test_a_phone_that_cannot_be_rung_has_missed_the_call_only_if_it_is_not_registered(
    status: int, cause: HangupCause
) -> None:
    command = c.DialAgent(LEG, AgentId("anna"), "Muster GmbH", "+49171")
    assert refused(command, status) == [(CALL, e.LegEnded(LEG, cause))]


@pytest.mark.parametrize("status", [400, 409, 422])
def test_who_has_left_before_being_joined_is_told_by_the_own_end(status: int) -> None:
    assert ordered(c.Bridge(LEG)).answers(DONE, Response(status, "No")) == []


@pytest.mark.parametrize("status", [404, 500])
def test_a_bridge_that_cannot_be_had(status: int) -> None:
    told = ordered(c.Bridge(LEG)).answers(DONE, Response(status, "No"))
    assert told == [(CALL, e.OrderRefused(c.Bridge(LEG), f"{status} No"))]


def test_a_name_cannot_break_the_line_of_a_header() -> None:
    shown: list[Any] = []
    switch = Switch()
    switch.send = lambda *request, on_done: shown.append(request[3])  # type: ignore[method-assign]
    switch.performer.perform(CALL, [c.DialAgent(LEG, AgentId("anna"), "Muster\r\nX-Evil: 1\x85", None)])
    assert shown == [
        {"variables": {"CONNECTEDLINE(name)": "Muster  X-Evil: 1 ", "CONNECTEDLINE(num)": "anonymous"}},
    ]


@pytest.mark.parametrize(("sound", "place"), [("welcome", "/sounds/de/welcome"), ("own-17", "/sounds/own/own-17")])
def test_customers_own_announcements_lie_beside_those_of_the_languages(sound: str, place: str) -> None:
    assert ordered(c.Announce(PLAY, sound)).played == [f"sound:{place}"]
