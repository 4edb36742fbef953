"""A listening at the switch: which requests it makes, what the answers and events mean, what a restart finds of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.listening import commands as c
from engine.listening import events as l
from engine.listening.state import Listening, ListeningId
from engine.terms import AgentId, CallId, HangupCause
from pbx.ari import LinkDown, Outcome, Response
from pbx.decode import Overheard
from pbx.perform import Performer
from pbx.perform_listening import ListeningPerformer
from pbx.reconcile import empty_bridges, left_listening, missed, orphans
from tests.pbx.test_decode import channel, meaning, started
from tests.pbx.test_reconcile import TALKING, bridge
from tests.pbx.test_reconcile import channel as there
from tests.rules.listenings import ordered

ONE = ordered()
LEG, SNOOP, PLAY = ONE.leg, ONE.snoop, ONE.play
DONE = Response(204, "No Content")
Told = list[tuple[ListeningId, l.Event]]


class Switch:
    """Takes requests; answers them when the test says so, oldest first."""

    def __init__(self, *commands: c.SwitchCommand, shown: str = "Anna", listening: Listening = ONE) -> None:
        self.told: Told = []
        self.asked: list[tuple[str, str, Mapping[str, str] | None]] = []
        self.body: Any = None
        self._open: list[Callable[[Outcome], None]] = []
        calls = Performer(Path("/sounds/de"), lambda *_: None)
        calls.link = self  # type: ignore[assignment]
        performer = ListeningPerformer(calls)
        performer.tell = lambda *told: self.told.append(told)
        performer.perform(listening, shown, commands)

    def send(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        on_done: Callable[[Outcome], None] | None = None,
    ) -> None:
        assert on_done
        self.asked.append((method, uri, query))
        self.body = body
        self._open.append(on_done)

    def answers(self, *outcomes: Outcome) -> list[l.Event]:
        for outcome in outcomes:
            self._open.pop(0)(outcome)
        assert all(listening == ONE.id for listening, _ in self.told)
        return [event for _, event in self.told]


HANG_UP = {"reason_code": "16"}
REQUESTS: list[tuple[c.SwitchCommand, list[tuple[str, str, Mapping[str, str] | None]]]] = [
    (c.DropSupervisor(), [("DELETE", f"/channels/{LEG}", HANG_UP)]),
    (
        c.Tell("listening-in"),
        [("POST", "/bridges/vz-1.7-bridge/play", {"media": "sound:/sounds/de/listening-in", "playbackId": PLAY})],
    ),
    (c.StopTelling(), [("DELETE", f"/playbacks/{PLAY}", None)]),
    (
        c.Tap(),
        [
            (
                "POST",
                f"/channels/vz-1.7-leg-1/snoop/{SNOOP}",
                {"spy": "both", "whisper": "none", "app": "vorzimmer", "appArgs": f"snoop,{ONE.id}"},
            )
        ],
    ),
    (c.Untap(), [("DELETE", f"/channels/{SNOOP}", HANG_UP)]),
    (
        c.Join(),
        [
            ("POST", "/bridges", {"bridgeId": f"{ONE.id}-bridge", "type": "mixing"}),
            (
                "POST",
                f"/bridges/{ONE.id}-bridge/addChannel",
                {"channel": f"{SNOOP},{LEG}", "inhibitConnectedLineUpdates": "true"},
            ),
        ],
    ),
    (c.Unjoin(), [("DELETE", f"/bridges/{ONE.id}-bridge", None)]),
]


@pytest.mark.parametrize(("command", "asked"), REQUESTS)
def test_what_is_asked_of_the_switch(command: c.SwitchCommand, asked: list[Any]) -> None:
    assert Switch(command).asked == asked


def test_the_supervisors_phone_shows_whose_conversation_it_is_and_no_line_break() -> None:
    switch = Switch(c.DialSupervisor(AgentId("sarah")), shown="Anna\r\nVia: evil")
    ((method, uri, query),) = switch.asked
    assert (method, uri) == ("POST", "/channels")
    assert query and query["endpoint"] == "PJSIP/sarah" and query["appArgs"] == f"listener,{ONE.id}"
    assert query["channelId"] == LEG
    assert switch.body == {"variables": {"CONNECTEDLINE(name)": "Anna  Via: evil", "CONNECTEDLINE(num)": "anonymous"}}


def test_only_who_was_joined_hears() -> None:
    for command in (c.DialSupervisor(AgentId("sarah")), *(command for command, _ in REQUESTS)):
        switch = Switch(command)
        told = switch.answers(*[DONE] * len(switch.asked))
        assert told == ([l.Joined()] if isinstance(command, c.Join) else [])
        lost = Switch(command)
        assert lost.answers(*[LinkDown("gone")] * len(lost.asked)) == []


NO = Response(404, "No")
REFUSED: list[tuple[c.SwitchCommand, Outcome, list[l.Event]]] = [
    (
        c.DialSupervisor(AgentId("sarah")),
        Response(500, "Allocation failed"),
        [l.LegEnded(HangupCause.SUBSCRIBER_ABSENT)],
    ),
    (c.DialSupervisor(AgentId("sarah")), Response(400, "No"), [l.LegEnded(HangupCause.TEMPORARY_FAILURE)]),
    (c.DropSupervisor(), NO, [l.LegEnded()]),
    (c.Untap(), NO, [l.SnoopEnded()]),
    (c.StopTelling(), NO, []),
    (c.Unjoin(), NO, []),
    (c.Tell("listening-in"), NO, [l.OrderRefused(c.Tell("listening-in"), "404 No")]),
    (c.Tap(), NO, [l.OrderRefused(c.Tap(), "404 No")]),
]


@pytest.mark.parametrize(("command", "answer", "told"), REFUSED)
def test_what_the_switch_will_not_do(command: c.SwitchCommand, answer: Outcome, told: list[l.Event]) -> None:
    assert Switch(command).answers(answer) == told


def test_a_join_that_fails_in_its_second_half_is_refused() -> None:
    assert Switch(c.Join()).answers(DONE, Response(422, "No")) == [l.OrderRefused(c.Join(), "422 No")]


def overheard(event: l.Event) -> Overheard:
    return Overheard(ONE.id, event)


def test_its_channels_come_and_go() -> None:
    assert started("listener", ONE.id, name=LEG) == overheard(l.PickedUp())
    assert started("snoop", ONE.id, name=SNOOP) == overheard(l.Tapped())
    assert meaning("StasisEnd", channel=channel(LEG)) is None, "its end is told"
    assert meaning("StasisEnd", channel=channel(SNOOP)) == overheard(l.SnoopEnded()), "of its end nothing else is told"
    for name in (LEG, SNOOP):
        assert meaning("ChannelHangupRequest", channel=channel(name), cause=16, soft=True) is None
        assert meaning("Dial", dialstatus="RINGING", peer=channel(name, state="Down")) is None
    busy = meaning("ChannelDestroyed", channel=channel(LEG, state="Down"), cause=17, cause_txt="User busy")
    assert busy == overheard(l.LegEnded(HangupCause.BUSY))
    assert meaning("ChannelHangupRequest", channel=channel(LEG, state="Up")) == overheard(l.LegEnded())
    ended = meaning("ChannelDestroyed", channel=channel(SNOOP, state="Up"), cause=16, cause_txt="")
    assert ended == overheard(l.SnoopEnded())
    assert meaning("ChannelDestroyed", channel=channel("ear-of-somebody"), cause=16, cause_txt="") is None


@pytest.mark.parametrize(("state", "event"), [("done", l.Told()), ("failed", l.NotTold()), ("canceled", l.NotTold())])
def test_only_what_was_played_to_its_end_has_been_told(state: str, event: l.Event) -> None:
    played = {"id": PLAY, "media_uri": "sound:x", "state": state, "target_uri": "bridge:vz-1.7-bridge"}
    assert meaning("PlaybackFinished", playback=played) == overheard(event)


def test_after_a_restart_all_of_it_is_taken_down_and_the_conversation_is_not() -> None:
    leg = TALKING.leg
    assert leg
    channels = [
        there("vz-1.1", "Up"), there(leg, "Up"),
        there("ear-vz-1.1-5-leg", "Up", data="vorzimmer,listener,ear-vz-1.1-5"),
        there("ear-vz-1.1-5-snoop", "Up", data="vorzimmer,snoop,ear-vz-1.1-5"),
    ]  # fmt: skip
    bridges = [
        bridge("vz-1.1-bridge", "vz-1.1", leg),
        bridge("ear-vz-1.1-5-bridge", "ear-vz-1.1-5-snoop", "ear-vz-1.1-5-leg"),
    ]
    call = CallId("vz-1.1")
    assert left_listening(channels) == {"ear-vz-1.1-5-leg": call, "ear-vz-1.1-5-snoop": call}
    assert empty_bridges(bridges, {call}) == ["ear-vz-1.1-5-bridge"]
    assert orphans(channels, [TALKING], lambda _: False) == []
    assert missed(channels, bridges, [TALKING]) == [], "no word of it is one of a call"
