"""The safety net: what a caller gets while no engine is there. Asterisk asks it over AGI, once per call.

Rules of this file: it decides and leaves; whoever waits does so in the dialplan (`dialplan/fallback.conf`), without a
process. It knows the snapshot and nothing else. Into the dialplan go words of our own only, never what a caller or
carrier has sent. Whatever goes wrong here, the caller hears it ring.

The program listens beside Asterisk (`pbx.runtime.net`) and makes a process per call. Arguments of an AGI request: the
dialled number, the call's arrival, since when there has been no engine, both times in seconds since 1970; and whether
the caller's number, which Asterisk tells by itself, may be shown.
"""

from __future__ import annotations

import math
import os
import re
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from select import select
from socket import socket
from socketserver import ForkingMixIn, StreamRequestHandler, TCPServer
from typing import cast

from asterisk.agi import AGI, AGIException

from engine.call.plan import WaitPlan
from engine.directory.blocked import blocked_caller
from engine.hours.opening import open_at
from engine.law.duties import NOTICES, free_waiting, must_announce
from engine.ports import CustomerSettings
from engine.snapshot import About, opened
from engine.terms import NotANumber, Treatment, dialled

LIMIT = 5
"""Seconds after which the process of a call is ended: the caller hears nothing meanwhile."""
NEVER = 9_999_999_999
"""A time that the dialplan does not reach."""
EMERGENCY_AGAIN = 60
"""Seconds at least before the emergency number is dialled once more for the same caller."""
_TOLD = ("apology", "all-busy")
ANNOUNCED = (*_TOLD, *NOTICES)
"""Every announcement that the net plays."""
_RATE = 8000
"""Bytes of A-law per second."""
_CLASS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def music_class(announcement: str, language: str) -> str:
    """The class of wait music that is this announcement: so it plays while the dialplan goes on looking.

    No music of an installation can have this name.
    """
    return f"net.{announcement}.{language}"


def decide(
    about: About, customer: CustomerSettings | None, now: datetime, since: int, away: int, caller: str | None = None
) -> dict[str, str]:
    """The dialplan's variables for this caller; `NET_DOES` is what is done.

    `since`: when the call arrived; `away`: since when there has been no engine; seconds since 1970. The service hours
    are judged at `now`, an aware time. `caller`: as the carrier wrote it, None if hidden.
    """
    if customer is None:
        return {"NET_DOES": "unknown"}
    if customer.blocked:
        return {"NET_DOES": "blocked"}
    if blocked_caller(customer.blocked_callers, caller, about.country):
        return {"NET_DOES": "caller_blocked"}
    if not open_at(customer.hours, now).open:
        return {"NET_DOES": "closed"}
    return {
        **_sounds(about, customer),
        "NET_END": str(_end(about, customer, since)),
        **({"NET_OVER": "silent"} if _wait(about, customer).ends_at_once else {}),
        **_emergency(about, since, away),
        "NET_DOES": customer.wait.treatment.value,
    }


def _sounds(about: About, customer: CustomerSettings) -> dict[str, str]:
    wait = customer.wait
    if wait.treatment is Treatment.RINGING:
        return {}
    notice = must_announce(customer.lines)
    return {
        "NET_MUSIC": wait.heard if _CLASS.fullmatch(wait.heard) else "default",
        "NET_LANGUAGE": about.language,
        **({"NET_NOTICE": notice} if notice else {}),
    }


def _wait(about: About, customer: CustomerSettings) -> WaitPlan:
    return customer.wait.within(about.longest_wait, free_waiting(customer.lines))


def _end(about: About, customer: CustomerSettings, since: int) -> int:
    """When the caller has waited for the longest time allowed."""
    wait = _wait(about, customer)
    return NEVER if wait.max_wait is None or wait.waits_on else since + math.ceil(wait.max_wait)


def _emergency(about: About, since: int, away: int) -> dict[str, str]:
    emergency = about.emergency
    if emergency is None:
        return {}
    after = math.ceil(emergency.after)
    again = max(after, EMERGENCY_AGAIN)
    return {
        "NET_EMERGENCY": f"PJSIP/{emergency.trunk}/{emergency.uri}",
        "NET_SHOWS": emergency.shows,
        "NET_EMERGENCY_AGAIN": str(again),
        "NET_EMERGENCY_AT": str(max(since, away + after)),
    }


def look_up(
    snapshot: Path, number: str, now: datetime, since: int, away: int, caller: str | None = None
) -> dict[str, str]:
    """What `decide` says of the number as dialled, with the lengths of the announcements. Raises NoSnapshot."""
    with opened(snapshot) as store:
        about = store.about
        try:
            customer = store.customer(dialled(number, about.country))
        except NotANumber:
            customer = None
    said = decide(about, customer, now, since, away, caller)
    if "NET_MUSIC" not in said:
        return said
    takes = {f"NET_{name.upper().replace('-', '_')}": _seconds(about, name) for name in _TOLD}
    if "NET_NOTICE" in said:
        takes["NET_NOTICE_TAKES"] = _seconds(about, said["NET_NOTICE"])
    return takes | said


def _seconds(about: About, announcement: str) -> str:
    """How long the announcement takes, rounded up and one more, for the dialplan's clock has whole seconds."""
    samples = (Path(about.sounds) / f"{announcement}.alaw").stat().st_size
    return str(math.ceil(samples / _RATE) + 1)


def _hides(presentation: str | None) -> bool:
    """Whether the caller's number must not be used, as far as is told."""
    return not presentation or presentation.startswith("prohib")


class Call(StreamRequestHandler):
    """One call, in a process of its own."""

    def handle(self) -> None:
        """Say what is done with it."""
        signal.alarm(LIMIT)
        # Names of callers may be no UTF-8. pyst2 tells everything to its stderr, callers' numbers too.
        asked = TextIOWrapper(self.rfile, "utf-8", "replace", newline="\n")  # type: ignore[type-var]
        said = TextIOWrapper(self.wfile, "ascii", write_through=True)  # type: ignore[type-var]
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            agi = AGI(stdin=asked, stdout=said, stderr=nowhere)
            number, since, away = (agi.env[f"agi_arg_{n}"] for n in (1, 2, 3))
            caller = None if _hides(agi.env.get("agi_arg_4")) else agi.env.get("agi_callerid")
            snapshot = cast("Server", self.server).snapshot
            words = look_up(snapshot, number, datetime.now(UTC), int(since), int(away), caller)
            # pyst2 raises ValueError for a connection that has ended: the caller has hung up.
            with suppress(AGIException, ConnectionError, ValueError):
                for name, value in words.items():
                    agi.set_variable(name, value)


class Server(ForkingMixIn, TCPServer):
    """Answers Asterisk as long as it runs."""

    max_children = 200

    def __init__(self, snapshot: Path, listens: socket, switch: int) -> None:
        """`listens`: an open port; `switch`: Asterisk's process id."""
        super().__init__(listens.getsockname(), Call, bind_and_activate=False)
        self.socket.close()
        self.socket = listens
        self.snapshot, self._switch = snapshot, os.pidfd_open(switch)

    def service_actions(self) -> None:
        """Between calls: end with Asterisk."""
        super().service_actions()
        if select([self._switch], [], [], 0)[0]:
            raise SystemExit


def main() -> None:
    """Serve."""
    snapshot, listens, switch = sys.argv[1:]
    Server(Path(snapshot), socket(fileno=int(listens)), int(switch)).serve_forever()


if __name__ == "__main__":
    main()
