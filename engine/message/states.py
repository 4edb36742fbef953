"""What becomes of a message: at the customer, who reads it and gets it done, and on its way there (§5.2.3, §5.6).

Rule of this file: who was first stays. A message that is done is not undone by being opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far the customer is with it."""

    NEW = "new"
    READ = "read"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Marks:
    """The state, and who has brought it there: logins, aware times."""

    state: State = State.NEW
    read_at: datetime | None = None
    read_by: str | None = None
    """Who has read it first since it was new."""
    done_at: datetime | None = None
    done_by: str | None = None


def marked(marks: Marks, wanted: State, by: str, at: datetime) -> Marks:
    """The marks once somebody has put it into that state, in which it may be already.

    What is done has been read; what is `READ` again after that is open again; what is new again has no reader.
    """
    if wanted is marks.state:
        return marks
    if wanted is State.NEW:
        return Marks()
    read = (marks.read_at, marks.read_by) if marks.read_at else (at, by)
    return Marks(wanted, *read, *((at, by) if wanted is State.DONE else (None, None)))


def opened(marks: Marks, by: str, at: datetime) -> Marks:
    """The marks once somebody has looked at it."""
    return marked(marks, State.READ, by, at) if marks.state is State.NEW else marks


class Means(StrEnum):
    """By what a message is sent (§5.2.3)."""

    MAIL = "mail"
    SMS = "sms"
    PUSHOVER = "pushover"
    FAX = "fax"


def is_alarm(means: Means, options: Mapping[str, object]) -> bool:
    """Whether a delivery by these means, with these options, rings until somebody acknowledges it (§5.2.3.3)."""
    return means is Means.PUSHOVER and options.get("level") == "emergency"


class Occasion(StrEnum):
    """Why something is sent."""

    MESSAGE = "message"
    TEST = "test"
    """Somebody wants to see whether an option works."""
    DIGEST = "digest"
    """The daily summary."""


class DeliveryState(StrEnum):
    """How far one delivery is."""

    QUEUED = "queued"
    """It waits for its first try, or for the next."""
    SENDING = "sending"
    SENT = "sent"
    """Handed over to who carries it on."""
    DELIVERED = "delivered"
    """It is known to have arrived."""
    ACKNOWLEDGED = "acknowledged"
    """A person has said so."""
    FAILED = "failed"
    """Finally: nothing is tried any more."""


class Trouble(StrEnum):
    """Why a try has failed."""

    ADDRESS = "address"
    """There is no such address or number."""
    REFUSED = "refused"
    """The other side does not take it."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    """Who carries it on cannot be reached, or does not answer."""
    NOT_ACKNOWLEDGED = "not_acknowledged"
    """Nobody has said in time that it was seen."""
    OURS = "ours"
    """A fault of ours: what is set up for it here does not work."""


class Summary(StrEnum):
    """All deliveries of a message in one word."""

    NONE = "none"
    """It was sent to nobody."""
    UNDER_WAY = "under_way"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"


_UNDER_WAY = {DeliveryState.QUEUED, DeliveryState.SENDING}


def summed_up(deliveries: Iterable[DeliveryState]) -> Summary:
    """What a list says of a message with these deliveries, in any order: first of all what has gone wrong.

    Then that somebody has acknowledged it, for then it has served its purpose, whatever is still under way.
    """
    states = set(deliveries)
    if not states:
        return Summary.NONE
    if DeliveryState.FAILED in states:
        return Summary.FAILED if states == {DeliveryState.FAILED} else Summary.PARTLY_FAILED
    if DeliveryState.ACKNOWLEDGED in states:
        return Summary.ACKNOWLEDGED
    return Summary.UNDER_WAY if states & _UNDER_WAY else Summary.SENT
