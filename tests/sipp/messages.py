"""What SIPp writes down of its messages, as values.

Rule of this file: order and direction as written; nothing is left out, repetitions neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HEAD = re.compile(
    r"^-{20,} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)\n"
    r"UDP message (sent|received) [\[(](\d+)(?: bytes\):|\] bytes :)\n\n",
    re.MULTILINE,
)
_REMARK = re.compile(r"^-{20,}\n", re.MULTILINE)
"""Begins what SIPp itself says of a message, e.g. that it is a repetition."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message. `at`: UTC, as precise as microseconds."""

    at: datetime
    sent: bool
    text: str

    @property
    def start(self) -> str:
        """`INVITE` of a request, `183` of a response."""
        first, second, *_ = self.text.split(" ", 2)
        return second if first == "SIP/2.0" else first

    @property
    def has_sdp(self) -> bool:
        """Whether it describes a session."""
        return "\r\n\r\nv=0\r\n" in self.text

    def header(self, name: str) -> str | None:
        """The first header of this name, as written."""
        found = re.search(rf"^{re.escape(name)}:[ \t]*(.*?)\r?$", self.text, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else None

    @property
    def call_id(self) -> str:
        """Which call it belongs to."""
        return self.header("Call-ID") or ""

    @property
    def method(self) -> str:
        """The request's, or of which request it is a response."""
        return (self.header("CSeq") or "").rpartition(" ")[2]

    def __str__(self) -> str:
        """E.g. `> INVITE SDP`, `< 183 SDP`, `< 200 of BYE`: `>` is what SIPp sent."""
        of = f" of {self.method}" if self.start.isdigit() and self.method != "INVITE" else ""
        return f"{'>' if self.sent else '<'} {self.start}{of}{' SDP' if self.has_sdp else ''}"


def read(path: Path) -> list[Message]:
    """Every whole message of the file, in order: SIPp may be writing the last one. It ran with TZ=UTC."""
    text = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
    pieces = _HEAD.split(text)[1:]
    return [
        Message(datetime.fromisoformat(at).replace(tzinfo=UTC), way == "sent", _REMARK.split(body)[0].strip() + "\r\n")
        for at, way, size, body in zip(pieces[::4], pieces[1::4], pieces[2::4], pieces[3::4], strict=True)
        if len(body.encode()) >= int(size)
    ]


def by_call(messages: list[Message]) -> dict[str, list[Message]]:
    """The messages of each call, the calls in the order of their first message."""
    calls: dict[str, list[Message]] = {}
    for message in messages:
        calls.setdefault(message.call_id, []).append(message)
    return calls


def once(messages: list[Message]) -> list[Message]:
    """The messages without repetitions: UDP may lose, a busy machine be late, and what is unanswered is sent again."""
    first: dict[tuple[bool, str], Message] = {}
    for message in messages:
        first.setdefault((message.sent, message.text), message)
    return list(first.values())
