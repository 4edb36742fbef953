"""When a delivery that has failed is tried again, and when it is given up (§5.2.3).

Rule of this file: what a further try cannot mend ends at once; all else ends when the news is stale. Waits grow, chance
only makes them longer, and what the other side asks for is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.message.states import Means, Trouble

JITTER = 0.5
"""The most that chance adds, as a share of the wait: what has failed together does not come back together."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one means goes on."""

    waits: tuple[float, ...]
    """Seconds after the first try, the second and so on; never shorter than the one before."""
    goes_on: bool
    """The last wait is repeated; else there is no try after it."""
    lasts: timedelta
    """Since the delivery was due first; no try is made after that."""


PATIENCE = {
    Means.MAIL: Patience((60, 120, 300, 600, 1200, 1800, 3600), True, timedelta(hours=24)),
    Means.SMS: Patience((15, 30, 60, 120, 300, 600, 1200), True, timedelta(hours=6)),
    Means.PUSHOVER: Patience((5, 10, 15, 30, 60, 120, 300), True, timedelta(hours=3)),
    Means.FAX: Patience((120, 180, 300, 600, 900), False, timedelta(hours=4)),
}
"""Why these.

Mail: a server that greylists wants a second try after 1 to 5 minutes, so the first waits are short; then every hour,
for a day. RFC 5321 (4.5.4.1) goes on for days, but a call from the day before yesterday must be seen to have failed.
SMS: a gateway that is away is back in minutes or in hours; six hours are a working day's rest.
Pushover: its rules want 5 s at least; an alarm must get through as soon as anything does. Three hours are the longest
for which Pushover itself would alarm.
Fax: who is busy with a fax is free in minutes. Six calls in all, for each one rings at somebody's.
"""
_FINAL = {Trouble.ADDRESS, Trouble.NOT_ACKNOWLEDGED}


def again(
    means: Means, tries: int, trouble: Trouble, begun: timedelta, chance: float, after: float | None = None
) -> timedelta | None:
    """How long to wait for the next try; None = give up.

    `tries`: made so far, this one too, 1 or more; `begun`: time since the delivery was due first; `chance`: in [0, 1);
    `after`: seconds that the other side wants us to wait at least (Retry-After), none of them is cut off.

    An address that does not exist and an alarm that has expired end at once. So does a refusal, but by mail: there it
    is often for now (4xx, greylisting), and the courier says itself when it is final.
    """
    if trouble in _FINAL or (trouble is Trouble.REFUSED and means is not Means.MAIL):
        return None
    patience = PATIENCE[means]
    if tries > len(patience.waits) and not patience.goes_on:
        return None
    usual = patience.waits[min(max(tries, 1), len(patience.waits)) - 1]
    wait = max(usual, after or 0) + usual * JITTER * chance
    if begun.total_seconds() + wait > patience.lasts.total_seconds():
        return None
    return timedelta(seconds=wait)
