"""What a mail that has come back says: RFC 3464 and 6533, and the older forms of Exim and qmail.

Rules of this file: whose mail it is, the address that it came to has said (`returns`); nothing here is believed about
that. What is not plainly a report of a mail server is none: an answer by hand, a holiday greeting (RFC 3834), a receipt
of reading (RFC 8098). Whatever is in it, nothing is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Any

from engine.message.states import DeliveryState, Trouble
from engine.notify.told import on_one_line

LARGEST = 256 * 1024
"""Bytes that are looked at: ours are far smaller, even where a report has the whole mail in it."""
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
_REPLY = re.compile(r"(?<![0-9.])(5[0-9]{2})(?![0-9.])")
_TYPED = re.compile(r"^\s*[A-Za-z0-9-]{1,20}\s*;\s*")
"""`smtp; 550 …` (RFC 3464 §2.1.2)."""
_QMAIL = re.compile(r"\AHi\. This is the .{1,300}?\n\s*<[^>\n]{1,320}>:\n(.{1,600}?)(?:\n\s*\n|\Z)", re.DOTALL)
"""QSBMF, https://cr.yp.to/proto/qsbmf.txt: what it writes of a recipient stands in a paragraph of its own."""
_ADDRESS = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1), (4, 4)})
"""RFC 3463 §3.2 to §3.5, RFC 7505: no such mailbox, system, route; moved; disabled."""
_EXPIRED = (4, 7)
_NO_ADDRESS = ("550", "551", "553")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What has become of the mail."""

    state: DeliveryState
    """`FAILED`, or `SENT`: it is late, and still tried."""
    trouble: Trouble | None
    words: str
    """The remote side's, on one line."""


def bounce_of(raw: bytes, *, is_from_nobody: bool) -> Bounce | None:
    """What this mail reports; None = it is no report of a failure or a delay.

    `is_from_nobody`: it came with an empty return path, as RFC 5321 §4.5.5 wants of reports; the old forms must.
    """
    try:
        mail = message_from_bytes(raw[:LARGEST].replace(b"\r\n", b"\n"))
        if (formal := _formal(mail)) is not None:
            return _worst(formal)
        return _informal(mail) if is_from_nobody else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what email makes of the worst mails
        return None


def _formal(mail: Message) -> list[dict[str, str]] | None:
    """What is said of each recipient; None = it is no such report."""
    parts: Any = mail.get_payload() if mail.get_content_maintype() == "multipart" else []
    for part in parts if isinstance(parts, list) else []:
        if part.get_content_type() in _REPORTS:
            return list(_blocks(part))
    return None


def _blocks(part: Message) -> Iterator[dict[str, str]]:
    """Fields by their names in lower case; the first block is about the mail as a whole and has no action."""
    text = part.as_bytes().decode("utf-8", "replace").partition("\n\n")[2]
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):  # RFC 6533 §3
        coded: Message = message_from_string(f"Content-Transfer-Encoding: {encoding}\n\n{text.lstrip()}")
        text = bytes(coded.get_payload(decode=True) or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    for block in re.split(r"\n[ \t\r]*\n", text.strip()):
        fields = message_from_string(block.strip() + "\n\n")
        yield {name.lower(): str(value) for name, value in fields.items()}


def _worst(blocks: list[dict[str, str]]) -> Bounce | None:
    found = [made for block in blocks if (made := _bounce(block))]
    return next((one for one in found if one.state is DeliveryState.FAILED), found[0] if found else None)


def _bounce(block: dict[str, str]) -> Bounce | None:
    action = block.get("action", "").strip().lower().partition(" ")[0]
    said = _TYPED.sub("", block.get("diagnostic-code", ""))
    status = _STATUS.search(block.get("status", ""))
    if not action and status:
        action = {"5": "failed", "4": "delayed"}.get(status[1], "")
    words = on_one_line(said if status and status[0] in said else f"{status[0] if status else ''} {said}")
    if action == "failed":
        return Bounce(DeliveryState.FAILED, _trouble(status[0] if status else "", said), words)
    return Bounce(DeliveryState.SENT, None, words) if action == "delayed" else None


def _informal(mail: Message) -> Bounce | None:
    text = _text(mail)
    if mail.get("X-Failed-Recipients"):  # Exim, which writes it for what has failed for good
        lines = [line for line in text.splitlines() if _REPLY.search(line)]
        said = lines[0] if lines else ""
    elif found := _QMAIL.match(text):
        said = found[1]
    else:
        return None
    return Bounce(DeliveryState.FAILED, _trouble("", said), on_one_line(said))


def _text(mail: Message) -> str:
    first: Any = mail
    while first.is_multipart():
        first = first.get_payload()[0]
    raw = first.get_payload(decode=True) or b""
    return bytes(raw).decode("utf-8", "replace").replace("\r\n", "\n").lstrip()


def _trouble(status: str, said: str) -> Trouble:
    """By the more exact of both codes (RFC 3463); a refusal without one that names the address by RFC 5321's."""
    found = _STATUS.search(status)
    if found is None or found[0].endswith(".0.0"):
        found = _STATUS.search(said) or found
    if found is None or found[0] == "5.0.0":
        reply = _REPLY.search(said)
        return Trouble.ADDRESS if reply and reply[1] in _NO_ADDRESS else Trouble.REFUSED
    kind = int(found[2]), int(found[3])
    if found[1] == "4" or kind == _EXPIRED:
        return Trouble.UNREACHABLE  # tried for days, and given up
    return Trouble.ADDRESS if kind in _ADDRESS else Trouble.REFUSED
