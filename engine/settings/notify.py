"""The settings by which messages leave the house: mail, SMS, Pushover. A means that is not set up is not used.

Rule of this file: half a means is refused with what is missing. Secrets are never settings but files that settings
name, so that they stand in no environment, process list or log.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_settings import BaseSettings

Port = Annotated[int, Field(ge=1, le=65_535)]
Place = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A path; relative ones begin where the command runs."""

LONGEST_INBOUND = 24
"""Characters before the @ of what mails come back to: the signature that follows has its place in RFC 5321's 64."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,20}}")
_MAIL = re.compile(rf"[A-Za-z0-9._%+-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{0,20}}")
_SENDER = re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9][A-Za-z0-9 ]{0,9}[A-Za-z0-9]")
_EXTENSION = re.compile(r"s[0-9]{1,6}")


class NotifySettings(BaseSettings):
    """What `Settings` has for notifications."""

    smtp_host: str = ""
    """The server that takes our mails; empty = no mails are sent."""
    smtp_port: int = Field(default=0, ge=0, le=65_535)
    """0 = what is usual for `smtp_security`: 587, 465 or 25."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """STARTTLS is insisted on; TLS from the first byte; or in clear, for a server on this machine or in this house."""
    smtp_ca: Place | None = None
    """A certificate (PEM) by which the server is known that no public authority vouches for."""
    smtp_user: str = ""
    smtp_password_file: str = ""
    """The login, where the server wants one; a file with nothing but the password, its owner's alone."""
    mail_from: str = ""
    """The address that mails come from; its domain stands in their Message-ID."""
    mail_name: str = Field(default="Vorzimmer", max_length=80)
    """The name that is shown with it."""
    mail_replies: str = ""
    """The address that takes in answers; each mail adds its signature to it (`name+…@domain`). Empty = none does."""
    mail_bounces: str = ""
    """The same for mails that cannot be delivered: their return path. Empty = they come back to `mail_from`."""
    inbound_host: str = "127.0.0.1"
    inbound_port: int = Field(default=0, ge=0, le=65_535)
    """Where our own SMTP server takes in what comes to `mail_bounces`; 0 = there is none."""

    imap_host: str = ""
    """Another way: the server of a mailbox that mails to `mail_bounces` end up in; empty = there is none."""
    imap_port: int = Field(default=0, ge=0, le=65_535)
    """0 = what is usual for `imap_security`: 993 or 143."""
    imap_security: Literal["tls", "starttls"] = "tls"
    imap_ca: Place | None = None
    """As `smtp_ca`."""
    imap_user: str = ""
    imap_password_file: str = ""
    """A file with nothing but the password, its owner's alone."""
    imap_folder: str = Field(default="INBOX", pattern=r"^[A-Za-z0-9._/ -]{1,80}$")

    sms_gateway: Literal["none", "seven", "sipgate", "lox24", "apprise"] = "none"
    """Who sends SMS for us: seven.io, sipgate, LOX24, or another one that Apprise knows."""
    sms_key_file: str = ""
    """A file with nothing but the key, its owner's alone; of sipgate `token id:token`, of LOX24 `id:key`,
    of Apprise its URL, with `{to}` where the number belongs."""
    sms_sender: str = ""
    """What recipients see: a number, or up to 11 letters and digits; of sipgate the SMS extension, e.g. `s0`;
    of Apprise nothing, for it stands in the URL."""

    sms_reports: bool = False
    """Whether seven.io or LOX24 tell what has become of an SMS, at the address that `vorzimmer sms-reports` prints."""

    pushover_token_file: str = ""
    """A file with nothing but the application's token, its owner's alone; empty = nothing goes to Pushover."""

    @field_validator("smtp_host", "imap_host")
    @classmethod
    def _is_a_host(cls, text: str) -> str:
        if text and not _HOST.fullmatch(text) and not _is_address(text):
            raise ValueError("write the host's name or address alone; the port is a setting of its own")
        return text

    @field_validator("mail_from", "mail_replies", "mail_bounces")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        if text and not _MAIL.fullmatch(text):
            raise ValueError("write one address in ASCII, e.g. nachricht@portal.example.net")
        return text

    @field_validator("mail_replies", "mail_bounces")
    @classmethod
    def _leaves_room(cls, text: str) -> str:
        if len(text.partition("@")[0]) > LONGEST_INBOUND:
            raise ValueError(f"write at most {LONGEST_INBOUND} characters before the @: the signature follows them")
        return text

    @field_validator("mail_name")
    @classmethod
    def _is_one_line(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("write one line of printable characters")
        return text

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("smtp_host needs mail_from: write the address that mails come from")
        ours = (self.mail_from, self.mail_replies, self.mail_bounces, self.smtp_user, self.smtp_password_file)
        if not self.smtp_host and any(ours):
            raise ValueError("mails need smtp_host: write the server that takes them")
        if bool(self.smtp_user) != bool(self.smtp_password_file):
            raise ValueError("smtp_user and smtp_password_file belong together: write both")
        if self.smtp_user and self.smtp_security == "none" and not _is_here(self.smtp_host):
            raise ValueError("a login with smtp_security: none could be read on its way: write starttls or tls")
        return self

    @model_validator(mode="after")
    def _mails_come_back_somewhere(self) -> Self:
        if self.mail_bounces and self.mail_bounces.lower() == self.mail_replies.lower():
            raise ValueError("mail_bounces and mail_replies must be two addresses: write another one")
        if self.inbound_port and not self.mail_bounces:
            raise ValueError("inbound_port needs mail_bounces: write the address that mails come back to")
        mailbox = (self.imap_host, self.imap_user, self.imap_password_file)
        if any(mailbox) and not (all(mailbox) and self.mail_bounces):
            raise ValueError("a mailbox needs imap_host, imap_user, imap_password_file and mail_bounces: write them")
        return self

    @model_validator(mode="after")
    def _sms_is_whole(self) -> Self:
        if self.sms_reports and self.sms_gateway not in ("seven", "lox24"):
            raise ValueError("sms_reports are for sms_gateway seven and lox24: the others tell nothing")
        if self.sms_gateway == "none":
            if self.sms_key_file or self.sms_sender:
                raise ValueError("sms_key_file and sms_sender count with an sms_gateway only: write that, too")
            return self
        if not self.sms_key_file:
            raise ValueError("sms_gateway needs sms_key_file: write the file that holds the key")
        if self.sms_gateway == "sipgate":
            if not _EXTENSION.fullmatch(self.sms_sender):
                raise ValueError("sipgate needs the SMS extension as sms_sender: write e.g. s0")
        elif self.sms_gateway == "apprise":
            if self.sms_sender:
                raise ValueError("with apprise the sender stands in the URL: leave sms_sender out")
        elif not _SENDER.fullmatch(self.sms_sender):
            raise ValueError("sms_gateway needs sms_sender: write a number, or 2 to 11 letters and digits")
        return self


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_here(host: str) -> bool:
    """Whether it is this machine."""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
