"""How the voice of the calls goes over the network: figures for all, and which calls go badly now.

Rule of this file: what is measured comes in by itself every few seconds while people talk; nothing waits for it. One
log line per call tells how it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from engine.service.histogram import Histogram
from engine.terms import CallId

log = structlog.get_logger()
JITTER_LIMIT = 0.05
"""Seconds: what class 0 of ITU-T Y.1541 allows for the variation of the delay."""
ROUND_TRIP_LIMIT = 0.3
"""Seconds: ITU-T G.114 recommends at most 150 ms one way."""
LOSS_LIMIT = 0.02
"""Share of packets. By ITU-T G.107/G.113 G.711 without concealment (Bpl 4.3) has R = 93.2 - 95·2/(2+4.3) = 63 then:
"many users dissatisfied"."""
_JITTER = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
_LOSS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_ROUND_TRIP = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


@dataclass(slots=True)
class Quality:
    """One call: the worst that was measured, on both legs and in both directions, and the last word of each."""

    jitter: float = 0.0
    loss: float = 0.0
    round_trip: float | None = None
    last: dict[tuple[str, bool], bool] = field(default_factory=dict)
    """Whether it was bad, by channel and direction."""

    @property
    def bad(self) -> bool:
        """Whether it goes badly now."""
        return any(self.last.values())


class Voice:
    """Quality of all calls. Times in seconds, loss as a share from 0 to 1."""

    def __init__(self) -> None:
        """Nothing measured yet."""
        self.jitter, self.loss, self.round_trip = Histogram(_JITTER), Histogram(_LOSS), Histogram(_ROUND_TRIP)
        self.calls: dict[CallId, Quality] = {}
        """Calls in progress of which something was measured."""

    def measured(
        self, call: CallId, side: tuple[str, bool], jitter: float, loss: float, round_trip: float | None
    ) -> None:
        """A stretch of some seconds; `side`: the channel, and whether towards us. `round_trip` None = not known."""
        self.jitter.observe(jitter)
        self.loss.observe(loss)
        quality = self.calls.setdefault(call, Quality())
        quality.jitter, quality.loss = max(quality.jitter, jitter), max(quality.loss, loss)
        if round_trip is not None:
            self.round_trip.observe(round_trip)
            quality.round_trip = max(quality.round_trip or 0.0, round_trip)
        bad = jitter > JITTER_LIMIT or loss > LOSS_LIMIT or (round_trip or 0.0) > ROUND_TRIP_LIMIT
        quality.last[side] = bad

    def closed(self, call: CallId) -> None:
        """The call is over."""
        if quality := self.calls.pop(call, None):
            trip = None if quality.round_trip is None else round(quality.round_trip * 1000, 1)
            worst = {
                "jitter_ms": round(quality.jitter * 1000, 1),
                "loss": round(quality.loss, 4),
                "round_trip_ms": trip,
            }
            log.info("voice_was", call=call, **worst)

    @property
    def bad(self) -> int:
        """Calls that go badly now."""
        return sum(quality.bad for quality in self.calls.values())
