"""What the engine measures of itself: durations in buckets, counts. Nobody's name or number is in them.

Rule of this file: plain numbers, cheap enough for the call path (about a microsecond each); who shows them reads them.
"""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from engine.ports import CallRecord
from engine.service.histogram import Histogram
from engine.service.voice import Voice
from engine.terms import CallId

_QUICK = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_LONG = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 90.0, 120.0, 300.0, 600.0)


class Figures:
    """The exchange's own. Durations in seconds."""

    def __init__(self) -> None:
        """Nothing happened yet."""
        self.ended: Counter[str] = Counter()
        """Calls by outcome."""
        self.impossible = 0
        """Events that the rules call impossible."""
        self.waited = Histogram(_LONG)
        self.look_up = Histogram(_QUICK)
        self.hand_over = Histogram(_QUICK)
        """From the event that frees an agent to the order to ring the next caller's, where one waits."""
        self.caller_answer = Histogram(_QUICK)
        """From the agent's pick-up to the caller's 200, where that was not sent before."""
        self.voice = Voice()
        self._began = 0.0
        self._judged: CallId | None = None
        self._handing: dict[CallId, float] = {}

    def begin(self, call: CallId) -> None:
        """An event of this call is being judged from now on."""
        self._began, self._judged = perf_counter(), call

    def chosen(self, call: CallId, *, within: bool) -> None:
        """An agent was chosen for a call, `within` the judgement of an event or not.

        A call for which one is found in its own event has not waited for an agent to get free.
        """
        if not within:
            self._handing[call] = perf_counter()
        elif call != self._judged:
            self._handing[call] = self._began

    def ordered(self, call: CallId) -> None:
        """Orders for a call have gone out."""
        if self._handing and (began := self._handing.pop(call, None)) is not None:
            self.hand_over.observe(perf_counter() - began)

    def closed(self, record: CallRecord) -> None:
        """A call is over."""
        self._handing.pop(record.id, None)
        self.voice.closed(record.id)
        self.ended[record.outcome] += 1
        self.waited.observe(record.waited_ms / 1000)
        picked_up, answered = record.picked_up_at, record.answered_at
        if picked_up and answered and answered >= picked_up:
            self.caller_answer.observe((answered - picked_up).total_seconds())
