"""`/metrics`: the state and the figures for Prometheus.

Rule of this file: no telephone number, name or login of anybody, nor of a trunk, is a label. Nothing is kept here:
every scrape reads the exchange and what is around it. Times in seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from engine.message.states import Means
from engine.ports import Clock
from engine.ports.keeping import NightReport
from engine.service import overview
from engine.service.alarms import Alarm, Alarms
from engine.service.exchange import Exchange
from engine.service.histogram import Histogram
from engine.service.outbox_figures import OutboxFigures
from engine.service.surroundings import Surroundings
from engine.terms import AgentState

CONTENT_TYPE = CONTENT_TYPE_LATEST
_TRUNK_STATES = ("Registered", "Rejected", "Unregistered")


class Metrics(Collector):
    """Everything there is to scrape. `around()` tells what is around the exchange."""

    def __init__(self, exchange: Exchange, clock: Clock, around: Callable[[], Surroundings], alarms: Alarms) -> None:
        """Reads these."""
        self._exchange, self._clock, self._around, self._alarms = exchange, clock, around, alarms
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """All of them, in Prometheus' text format (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing that would have to be read when registering."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One scrape."""
        around = self._around()
        yield from self._state(around)
        yield from self._figures()
        yield from _link(around)
        yield from _switch(around)
        yield from _outbox(around.outbox)
        yield from _retention(around.retention)
        alarms = {alarm: int(alarm in self._alarms.on) for alarm in Alarm}
        yield _by("alarm", "Whether this alarm is on", "alarm", alarms)

    def _state(self, around: Surroundings) -> Iterator[Metric]:
        exchange, now = self._exchange, self._clock.now()
        agents = exchange.floor.agents.values()
        by_state = Counter(agent.state for agent in agents)
        yield _gauge("ready", "Whether calls can be taken", int(around.ready))
        yield _by("calls", "Calls in progress", "state", Counter(call.state for call in exchange.calls.values()))
        yield _gauge("waiting", "Callers in the line, those included for whom a phone rings", len(exchange.floor.line))
        yield _gauge("longest_wait_seconds", "Of those who wait now", overview.longest_wait(exchange, now))
        yield _by("agents", "Agents", "state", {state: by_state[state] for state in AgentState})
        unreachable = sum(agent.reachable is False for agent in agents)
        yield _gauge("agents_unreachable", "Agents whose phone is known to be gone", unreachable)
        yield _gauge("journal_backlog", "Entries that are not in the database yet", around.backlog)

    def _figures(self) -> Iterator[Metric]:
        figures = self._exchange.figures
        yield _by("calls_ended", "Calls that are over", "outcome", figures.ended, CounterMetricFamily)
        yield _count("impossible_events", "Events that the rules call impossible", figures.impossible)
        yield _histogram("wait_seconds", "From arrival to pick-up, or to the end", figures.waited)
        yield _histogram("look_up_seconds", "Looking up the customer", figures.look_up)
        yield _histogram("hand_over_seconds", "Agent gets free to next phone ordered to ring", figures.hand_over)
        yield _histogram("caller_answer_seconds", "Agent's pick-up to the caller's 200", figures.caller_answer)
        yield _histogram("rtp_jitter_seconds", "Mean deviation of packets' spacing, per report", figures.voice.jitter)
        yield _histogram("rtp_loss_ratio", "Lost packets, per report", figures.voice.loss)
        yield _histogram("rtp_round_trip_seconds", "There and back, per report", figures.voice.round_trip)
        yield _gauge("bad_voice_calls", "Calls that go badly now", figures.voice.bad)


def _link(around: Surroundings) -> Iterator[Metric]:
    link = around.link
    yield _count("ari_connects", "Connections to the switch", link.connects)
    yield _count("ari_requests", "Requests to the switch", link.requests)
    yield _count("ari_rejected", "Requests that the switch refused", link.rejected)
    yield _count("ari_lost", "Requests without an answer", link.lost)
    yield _count("ari_events", "Events of the switch", link.events)
    yield _count("handler_errors", "Faults in handling events and answers", link.handler_errors)
    yield SummaryMetricFamily(_name("ari_latency_seconds"), "Order to answer", link.answered, link.latency_sum)


def _switch(around: Surroundings) -> Iterator[Metric]:
    states = Counter(around.trunks.values())
    yield _gauge("monitor_watching", "Whether the following are known", int(around.monitor == "watching"))
    yield _by("trunks", "Trunks that register", "registration", {state: states[state] for state in _TRUNK_STATES})
    yield _gauge("switch_tasks_alerted", "Overloaded task processors; requests are dropped", around.tasks_alerted)
    yield _gauge("switch_tasks_longest", "Tasks in the longest queue of SIP", around.tasks_longest)


def _outbox(seen: OutboxFigures) -> Iterator[Metric]:
    deliveries = dict.fromkeys(map(str, Means), 0)
    yield _by("deliveries_queued", "Messages' deliveries that wait, by means", "means", {**deliveries, **seen.queued})
    yield _by("deliveries_overdue", "Of these, those that are late", "means", {**deliveries, **seen.overdue})
    yield _by("deliveries_lost", "Given up within a day, not sent again", "means", {**deliveries, **seen.lost})
    given_up = {**deliveries, **seen.failed}
    yield _by("deliveries_failed", "Deliveries that were given up", "means", given_up, CounterMetricFamily)
    if (left := seen.pushes_left()) is not None:
        yield _gauge("pushover_messages_left", "Messages that Pushover takes this month still", left)
    tries = CounterMetricFamily(_name("delivery_tries"), "Tries to deliver", labels=["means", "result"])
    for pair, number in sorted(seen.tries.items()):
        tries.add_metric(list(pair), number)
    yield tries


def _retention(last: NightReport | None) -> Iterator[Metric]:
    if last is not None:
        yield _gauge("retention_timestamp_seconds", "When old data was forgotten last", last.at.timestamp())
        yield _gauge("retention_seconds", "How long that took", last.took_ms / 1000)
        rows = {line.what: line.gone for line in last.lines}
        yield _by("retention_rows", "Rows that were forgotten then", "kind", rows)
        failed = {line.what: int(bool(line.failed)) for line in last.lines}
        yield _by("retention_failed", "Whether that has failed", "kind", failed)


def _name(name: str) -> str:
    return f"vorzimmer_{name}"


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(_name(name), what, value)


def _count(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(_name(name), what, value)


def _by(
    name: str,
    what: str,
    label: str,
    values: Mapping[Any, int],
    kind: type[GaugeMetricFamily | CounterMetricFamily] = GaugeMetricFamily,
) -> Metric:
    family = kind(_name(name), what, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([str(key)], value)
    return family


def _histogram(name: str, what: str, seen: Histogram) -> Metric:
    ends = [*map(str, seen.bounds), "+Inf"]
    buckets = list(zip(ends, map(float, accumulate(seen.counts)), strict=True))
    return HistogramMetricFamily(_name(name), what, buckets=buckets, sum_value=seen.total)
