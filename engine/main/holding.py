"""After a connect: who holds a conversation, for that decides whether it may be listened to.

Rule of this file: it only asks; of holds that began or ended while nobody listened no event comes any more.
"""

from __future__ import annotations

from functools import partial

from engine.call.state import State
from engine.service.exchange import Exchange
from engine.service.listening_in import ListeningIn
from engine.terms import CallId
from pbx import decode
from pbx.ari import AriLink, Outcome
from pbx.ari import requests as r


def ask_who_holds(link: AriLink, exchange: Exchange, listening: ListeningIn) -> None:
    """Ask of caller and agent in every conversation; `listening` is told the answers."""

    def holds(call: CallId, channel: str, outcome: Outcome) -> None:
        listening.holds(call, channel, decode.is_held(outcome))

    for call in exchange.calls.values():
        if call.state is State.TALKING and call.leg:
            for channel in (call.id, call.leg):
                link.send(*r.get_variable(channel, decode.IS_HELD), on_done=partial(holds, call.id, channel))
