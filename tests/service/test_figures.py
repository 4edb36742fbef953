"""What the engine measures of itself, and how people and Prometheus are told."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.main.show import local
from engine.main.status import status_rows
from engine.message.states import Means
from engine.ports import AgentProfile
from engine.ports.keeping import Forgotten, NightReport
from engine.ports.outbox import Standing
from engine.service import overview
from engine.service.alarms import Alarm, Alarms
from engine.service.exchange import Exchange
from engine.service.histogram import Histogram
from engine.service.outbox_figures import OutboxFigures
from engine.service.surroundings import Surroundings
from engine.terms import AgentId, AgentState, CallId, HangupCause, LegId
from engine.web.metrics import Metrics
from pbx.ari import Counters
from tests.rules.calls import NOON, found
from tests.rules.world import World

ANNA, BEN = AgentId("anna"), AgentId("ben")
CALLER = "+491701234567"
FIRST, SECOND = CallId("c1"), CallId("c2")
AROUND = Surroundings(
    ready=True,
    link=Counters(connects=2, requests=41, answered=40, lost=1, latency_sum=0.06, latency_last=0.002),
    monitor="watching",
    trunks={"4930123450": "Rejected", "carrier": "Registered"},
    tasks_longest=3,
    outbox=OutboxFigures(
        Counter({("mail", "sent"): 7, ("mail", "refused"): 1, ("sms", "ours"): 2}),
        Counter({"sms": 4}),
        {Means.MAIL: Standing(queued=2, overdue=1), Means.SMS: Standing(failed=3)},
        (Means.FAX,),
        lambda: 412,
    ),
    retention=NightReport(NOON, 2500, (Forgotten("messages", 1095, 12), Forgotten("calls", 3650, 0, "StoreError"))),
)


def exchange_with(*agents: AgentId) -> tuple[Exchange, World]:
    """Agents who are ready."""
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
    exchange.staff(
        AgentProfile(login, f"{login.title()} Lindner", frozenset(), frozenset(), AgentState.READY) for login in agents
    )
    return exchange, world


def arrives(exchange: Exchange, call: CallId) -> None:
    exchange.offered(e.Offered(call, "030123450", CALLER, None, NOON, int(call[1:])))
    exchange.tell(call, found())


def talks(exchange: Exchange, call: CallId) -> LegId:
    """The agent whose phone rings picks up."""
    leg = exchange.calls[call].leg
    assert leg is not None
    for event in (e.LegRinging(leg), e.LegAnswered(leg), e.CallerAnswered()):
        exchange.tell(call, event)
    return leg


def test_a_value_belongs_to_the_first_bucket_that_holds_it() -> None:
    seen = Histogram((1.0, 2.0, 5.0))
    for value in (0.0, 1.0, 1.5, 5.0, 5.1, 99.0):
        seen.observe(value)
    assert seen.counts == [2, 1, 1, 2]
    assert seen.total == pytest.approx(111.6)


def test_percentiles_are_of_the_last_thousand() -> None:
    seen = Histogram((1.0,))
    assert seen.percentile(0.5) is None
    for value in range(5000):
        seen.observe(float(value))
    assert [seen.percentile(share) for share in (0.0, 0.5, 0.99, 1.0)] == [4000.0, 4500.0, 4990.0, 4999.0]


def test_a_hand_over_is_counted_where_a_caller_waited_for_an_agent() -> None:
    exchange, _ = exchange_with(ANNA)
    arrives(exchange, FIRST)  # anna was free: nobody waited for her
    arrives(exchange, SECOND)
    leg = talks(exchange, FIRST)
    assert len(exchange.figures.hand_over.recent) == 0
    exchange.tell(FIRST, e.LegEnded(leg, HangupCause.NORMAL))
    assert exchange.calls[SECOND].agent == ANNA
    (seconds,) = exchange.figures.hand_over.recent
    assert 0 < seconds < 1


def test_a_phone_that_comes_back_is_a_hand_over_too() -> None:
    exchange, _ = exchange_with(ANNA)
    exchange.phone_reachable(ANNA, False)
    arrives(exchange, FIRST)
    assert exchange.calls[FIRST].agent is None
    exchange.phone_reachable(ANNA, True)
    assert (exchange.calls[FIRST].agent, len(exchange.figures.hand_over.recent)) == (ANNA, 1)


def test_who_is_hired_later_is_known_to_be_unreachable() -> None:
    exchange, _ = exchange_with()
    exchange.phone_reachable(ANNA, False)
    exchange.staff([AgentProfile(ANNA, "Anna", frozenset(), frozenset(), AgentState.READY)])
    arrives(exchange, FIRST)
    assert (exchange.calls[FIRST].agent, exchange.floor.agents[ANNA].reachable) == (None, False)


def test_what_is_unknown_counts_as_there() -> None:
    exchange, _ = exchange_with(ANNA)
    exchange.phone_reachable(ANNA, False)
    exchange.phone_reachable(ANNA, None)
    arrives(exchange, FIRST)
    assert exchange.calls[FIRST].agent == ANNA


def test_a_phone_that_goes_while_it_rings_rings_on() -> None:
    exchange, _ = exchange_with(ANNA, BEN)
    arrives(exchange, FIRST)
    exchange.phone_reachable(ANNA, False)
    assert (exchange.calls[FIRST].agent, exchange.floor.agents[ANNA].state) == (ANNA, AgentState.RINGING)


def test_status_for_people() -> None:
    exchange, world = exchange_with(ANNA, BEN)
    arrives(exchange, FIRST)
    arrives(exchange, SECOND)
    talks(exchange, FIRST)
    exchange.phone_reachable(BEN, False)
    exchange.figures.look_up.observe(0.0012)
    exchange.figures.caller_answer.observe(0.0021)
    exchange.offered(e.Offered(CallId("c3"), "030123450", CALLER, None, NOON, 3))
    exchange.tell(CallId("c3"), e.ProgressSent())  # impossible: nothing was ordered yet
    facts = {"ready": True, "pid": 4711, "sip": "127.0.0.1:5060", "web": "http://127.0.0.1:8080"}
    said = {
        **facts,
        "home": "/srv/vorzimmer",
        "switch": "Asterisk 22.10.1",
        **overview.health(exchange, AROUND, {Alarm.TRUNK: "4930123450: Rejected"}),
        **overview.figures(exchange, world.time + timedelta(seconds=7)),
    }
    assert dict(status_rows(said)) == {
        "ready": "yes",
        "sip": "127.0.0.1:5060",
        "web": "http://127.0.0.1:8080",
        "switch": "Asterisk 22.10.1",
        "home": "/srv/vorzimmer",
        "pid": "4711",
        "calls": "3 (1 arriving, 1 ringing, 1 talking)",
        "waiting": "1, the longest 7.0 s",
        "agents": "2 (1 ringing, 1 talking); unreachable: ben",
        "hand-over": "none yet",
        "caller's 200": "p50 2.1 ms, p99 2.1 ms (of 1)",
        "look-up": "p50 1.2 ms, p99 1.2 ms (of 1)",
        "ARI": "mean 1.5 ms, last 2.0 ms (41 requests, 1 reconnects)",
        "trunks": "4930123450 Rejected, carrier Registered",
        "task processors": "0 overloaded, longest queue 3",
        "voice": "0 of 0 measured calls are bad",
        "messages": "2 (2 mail) waiting, 1 (1 mail) overdue, 3 (3 sms) failed lately",
        "forgotten": f"12 rows on {local(NOON)}; not done: calls",
        "failures": "1 impossible events, 1 requests lost",
        "alarms": "trunk_not_registered: 4930123450: Rejected",
    }


def test_nothing_personal_is_told_to_prometheus() -> None:
    exchange, world = exchange_with(ANNA)
    arrives(exchange, FIRST)
    leg = talks(exchange, FIRST)
    exchange.figures.voice.measured(FIRST, (leg, True), 0.003, 0.0, 0.02)
    exchange.tell(FIRST, e.LegEnded(leg, HangupCause.NORMAL))
    exchange.tell(FIRST, e.CallerGone(HangupCause.NORMAL))
    exchange.phone_reachable(ANNA, False)
    alarms = Alarms(hold=0)
    alarms.judge({Alarm.TRUNK: "4930123450: Rejected"}, 0.0)
    lines = Metrics(exchange, world, lambda: AROUND, alarms).text().decode().splitlines()
    samples = dict(line.removeprefix("vorzimmer_").rsplit(" ", 1) for line in lines if not line.startswith("#"))
    expected = {
        'calls_ended_total{outcome="answered"}': "1.0",
        'agents{state="ready"}': "1.0",
        "agents_unreachable": "1.0",
        'trunks{registration="Registered"}': "1.0",
        'trunks{registration="Rejected"}': "1.0",
        'trunks{registration="Unregistered"}': "0.0",
        'alarm{alarm="trunk_not_registered"}': "1.0",
        'alarm{alarm="switch_behind"}': "0.0",
        "ari_latency_seconds_count": "40.0",
        "ari_latency_seconds_sum": "0.06",
        "switch_tasks_longest": "3.0",
        'rtp_jitter_seconds_bucket{le="0.002"}': "0.0",
        'rtp_jitter_seconds_bucket{le="0.005"}': "1.0",
        'rtp_jitter_seconds_bucket{le="+Inf"}': "1.0",
        "rtp_round_trip_seconds_sum": "0.02",
        'retention_rows{kind="messages"}': "12.0",
        'retention_failed{kind="calls"}': "1.0",
        "retention_seconds": "2.5",
        'deliveries_queued{means="mail"}': "2.0",
        'deliveries_queued{means="fax"}': "0.0",
        'deliveries_overdue{means="mail"}': "1.0",
        'deliveries_lost{means="sms"}': "3.0",
        "pushover_messages_left": "412.0",
        'deliveries_failed_total{means="sms"}': "4.0",
        'delivery_tries_total{means="mail",result="sent"}': "7.0",
        'delivery_tries_total{means="sms",result="ours"}': "2.0",
    }
    assert {name: samples.get(name) for name in expected} == expected
    text = "\n".join(lines)
    assert [word for word in (CALLER, "1701234567", "4930123450", "anna", "Lindner", FIRST) if word in text] == []
