"""What the manager interface says, as facts. The only file that reads AMI's fields.

Rule of this file: pure; a message that does not say what it should is no fact (None, or left out), never an error.
Source: Asterisk 22, `pjsip show …` list actions, events ContactStatus, RTCPSent, RTCPReceived; RFC 3550 § 6.4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.terms import CallId
from pbx.decode import leg_of
from pbx.runtime.endpoints import trunk_endpoint_id

Fields = Mapping[str, Any]
EVENTS = ("ContactStatus", "Registry", "RTCPSent", "RTCPReceived")
"""All that Asterisk is asked to tell of."""
RTP_CLOCK = 8000
"""Ticks of the timestamps of G.711, the only codec here, in a second (RFC 3551 § 4.5.14)."""
_GONE = frozenset({"Unreachable", "Removed"})
_TRUNK = trunk_endpoint_id("")
_ALERTED = re.compile(r"(\S+) +(\d+)")
_QUEUE = re.compile(r"(\S+) +\d+ +(\d+) ")


@dataclass(frozen=True, slots=True)
class Contact:
    """An address under which a phone can be rung."""

    phone: str
    uri: str
    there: bool
    """It answers our OPTIONS, or has not been asked yet; False also where it has been taken away."""
    removed: bool = False


def trunk_of(contact: Contact) -> str | None:
    """The trunk whose carrier this is; None = it is a phone's."""
    return contact.phone.removeprefix(_TRUNK) if contact.phone.startswith(_TRUNK) else None


def contact(event: Fields) -> Contact | None:
    """What has become of a contact (ContactStatus)."""
    phone, uri, status = event.get("AOR"), event.get("URI"), event.get("ContactStatus")
    return Contact(phone, uri, status not in _GONE, status == "Removed") if phone and uri else None


def contacts(answer: Iterable[Fields]) -> list[Contact]:
    """All contacts there are (PJSIPShowContacts)."""
    items = [item for item in answer if item.get("Event") == "ContactList"]
    return [Contact(i["Endpoint"], i["Uri"], i.get("Status") not in _GONE) for i in items if "Uri" in i]


def registering(answer: Iterable[Fields]) -> set[str]:
    """The phones that must register to be rung (PJSIPShowAors); the others stand at a fixed address."""
    return {item["ObjectName"] for item in answer if item.get("Event") == "AorList" and item["MaxContacts"] != "0"}


def registrations(answer: Iterable[Fields]) -> dict[str, str]:
    """By trunk: `Registered`, `Rejected` or `Unregistered` (PJSIPShowRegistrationsOutbound)."""
    items = [item for item in answer if item.get("Event") == "OutboundRegistrationDetail"]
    return {item["ObjectName"].removeprefix(_TRUNK): item["Status"] for item in items}


@dataclass(frozen=True, slots=True)
class Tasks:
    """How far Asterisk is behind with its work."""

    alerted: int = 0
    """Task processors above their high-water mark (500 tasks): PJSIP drops UDP requests then, and tells nobody."""
    longest: int = 0
    """Tasks in the longest queue of those that take in SIP."""


def tasks(alerted: Iterable[Fields], queues: Iterable[Fields]) -> Tasks:
    """From `core show taskprocessor alerted subsystems` and `core show taskprocessors like …`."""
    over = sum(int(found[2]) for line in _lines(alerted) if (found := _ALERTED.fullmatch(line)))
    longest = max((int(found[2]) for line in _lines(queues) if (found := _QUEUE.match(line))), default=0)
    return Tasks(over, longest)


def _lines(answer: Iterable[Fields]) -> Iterable[str]:
    for message in answer:
        lines = message.get("Output", [])
        yield from [lines] if isinstance(lines, str) else lines


@dataclass(frozen=True, slots=True)
class Report:
    """How a stretch of some seconds of voice went over the network, on one leg of a call, in one direction."""

    call: CallId
    channel: str
    """The caller's or the agent's."""
    towards_us: bool
    """What we receive from the telephone, by our own measurement; else what it receives, by its word."""
    jitter_ms: float
    """Mean deviation of the packets' spacing (RFC 3550 § 6.4.1)."""
    loss: float
    """Share of the packets that were lost since the report before, 0-1."""
    rtt_ms: float | None
    """There and back; None where it could not be measured."""


def report(event: Fields) -> Report | None:
    """From RTCPSent (what we have measured) and RTCPReceived (what the telephone has)."""
    channel = event.get("Uniqueid")
    if not channel or event.get("ReportCount", "0") == "0":
        return None
    rtt = event.get("RTT")
    return Report(
        call=leg_of(channel) or CallId(channel),
        channel=channel,
        towards_us=event["Event"] == "RTCPSent",
        jitter_ms=int(event["Report0IAJitter"]) * 1000 / RTP_CLOCK,
        loss=int(event["Report0FractionLost"]) / 256,
        rtt_ms=float(rtt) * 1000 if rtt else None,
    )
