"""The wire to one Asterisk: events in, requests out, over one WebSocket (ARI). It makes no decisions."""

from pbx.ari.connection import Pulse
from pbx.ari.counters import Counters
from pbx.ari.link import AriLink, Patience
from pbx.ari.outcome import LinkDown, OnDone, Outcome, Refused, Replaced, Response

__all__ = [
    "AriLink",
    "Counters",
    "LinkDown",
    "OnDone",
    "Outcome",
    "Patience",
    "Pulse",
    "Refused",
    "Replaced",
    "Response",
]
