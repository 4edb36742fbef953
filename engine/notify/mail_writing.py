"""A message as a mail: headers, plain text, and HTML by a template.

Rule of this file: whatever somebody has typed is text. No line break of it reaches a header, no sign of it is markup,
and the mail loads nothing from anywhere. A mail that is tried again has the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

import idna
from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.message.letter import plain, rows, subject
from engine.message.slip import one_line
from engine.notify.mail_digest import digest_texts
from engine.notify.mail_headers import IN_ASCII, IN_UTF8
from engine.notify.replies import reply_address, signature
from engine.notify.returns import return_path
from engine.ports.outbox import Parcel

_LONGEST_SUBJECT = 200
"""Characters; RFC 5322 §2.1.1 limits lines, not this, but nobody's list of mails shows more."""
_BUTTON = {"de": "Im Portal öffnen", "en": "Open in the portal"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mails come from, and where answers go to."""

    address: str
    name: str
    portal: str
    """The origin that links begin with, without a slash at the end."""
    language: Literal["de", "en"] = "de"
    replies: str = ""
    """The inbound address; empty = answers go to nobody of ours."""
    key: bytes = b""
    """By which reply addresses and return paths are signed."""
    returns: str = ""
    """The inbound address for what cannot be delivered; empty = it goes to `address`."""

    @property
    def domain(self) -> str:
        """Ours: of Message-IDs."""
        return self.address.rpartition("@")[2]

    def return_path(self, parcel: Parcel) -> str:
        """Whom a mail server writes to that cannot deliver this."""
        return return_path(self.returns, self.key, parcel.id) if self.returns else self.address


def message_id(parcel: Parcel, domain: str) -> str:
    """The same for each try of this delivery, and of no other (RFC 5322 §3.6.4)."""
    return f"<{parcel.key}@{domain}>"


def in_ascii(address: str) -> str:
    """The address with its domain as DNS has it (RFC 5891); what is before the @ stays. Raises ValueError."""
    name, _, domain = address.rpartition("@")
    if not (name and domain):
        raise ValueError("there is no such mail address")
    # Not Python's codec: that is RFC 3490's, to which straße.example is strasse.example, and somebody else's.
    return address if domain.isascii() else f"{name}@{idna.encode(domain, uts46=True).decode('ascii')}"


def write(parcel: Parcel, sender: Sender, now: datetime) -> EmailMessage:
    """The mail to the parcel's address. `now`: aware. Raises ValueError where the address is none."""
    to = in_ascii(parcel.address)
    mail = EmailMessage(IN_ASCII if to.isascii() else IN_UTF8)
    mail["Message-ID"] = message_id(parcel, sender.domain)
    mail["Date"] = now
    mail["From"] = Address(one_line(sender.name), addr_spec=sender.address)
    mail["To"] = Address(one_line(parcel.recipient), *to.rsplit("@", 1))
    headline, text, html = _texts(parcel, sender)
    mail["Subject"] = _cut(one_line(headline))
    if sender.replies and parcel.message:
        signed = signature(sender.key, parcel.customer, parcel.message, parcel.address)
        mail["Reply-To"] = reply_address(sender.replies, signed)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no holiday greeting comes back
    # The same for Exchange ([MS-OXCMAIL] 2.2.3.2.14). Not "All": that it could not be delivered is to be told (NDR).
    mail["X-Auto-Response-Suppress"] = "DR, RN, NRN, OOF, AutoReply"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def _texts(parcel: Parcel, sender: Sender) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    slip, customer, language = parcel.slip, parcel.customer_name, sender.language
    if parcel.digest is not None:
        return digest_texts(parcel.digest, customer, language, sender.portal, _TEMPLATES)
    url = f"{sender.portal}{parcel.path}"
    html = _html(parcel, language, url)
    return subject(slip, customer, language), plain(slip, customer, language, url), html


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SUBJECT else f"{text[: _LONGEST_SUBJECT - 1].rstrip()}…"


def _html(parcel: Parcel, language: Literal["de", "en"], url: str) -> str:
    *above, (label, text) = rows(parcel.slip, parcel.customer_name, language) or (("", ""),)
    if not parcel.slip.text.strip():
        above, text = [*above, (label, text)], ""
    return _TEMPLATES.get_template("message.html").render(
        language=language,
        heading=subject(parcel.slip, parcel.customer_name, language),
        urgency=parcel.slip.urgency.value,
        rows=above,
        text=text,
        url=url,
        button=_BUTTON[language],
    )


_TEMPLATES = Environment(
    loader=PackageLoader("engine.notify"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
