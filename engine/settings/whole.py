"""All settings, and which of them go together.

Rule of this file: a wrong setting is refused before anything starts. Here are technical settings only; customers,
agents and trunks are in the store. Every command reads the settings, so what few of them need is imported late.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from engine.settings.keeping import KeepingSettings
from engine.settings.notify import NotifySettings, Place, Port

PROJECT = Path(__file__).resolve().parents[2]
"""The checkout."""
PREFIX = "VORZIMMER_"

_ORIGIN = re.compile(r"https?://(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)(?::[0-9]{1,5})?/?")

_ICE = re.compile(r"stuns?:[^\s:?/]+(:[0-9]{1,5})?|turns?:[^\s:?/]+(:[0-9]{1,5})?(\?transport=(udp|tcp))?")
_EVERYWHERE = ("0.0.0.0", "::")

Delay = Annotated[float, Field(ge=0, le=3600)]


def _own_url(known: Mapping[str, Any]) -> str:
    host, port = known.get("web_host", ""), known.get("web_port", 0)
    scheme = "http" if known.get("web_tls", "none") == "none" else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Settings(NotifySettings, KeepingSettings):
    """All settings. Times in seconds."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, allow_inf_nan=False
    )

    home: Place = PROJECT / "var"
    """The state directory: everything this installation writes."""
    database_url: str = Field(default_factory=lambda known: f"sqlite:///{known.get('home')}/vorzimmer.db", repr=False)
    """`sqlite:///path` or `postgresql://user:password@host/name`."""
    country: str = Field(default="49", pattern=r"^[1-9][0-9]{0,2}$")
    """Country code without plus, for numbers that carriers send as `030 …`."""
    transfer_countries: str = Field(default="", pattern=r"^((^|\b )([1-9][0-9]{0,2}|[A-Z]{2}))*$")
    """Countries beside our own to which callers may be put through: codes or regions, with a blank between two."""
    language: Literal["de", "en"] = "de"
    """Of the announcements."""
    sounds: Place = PROJECT / "sounds"
    """The directory with the announcements, one directory per language in it."""
    number_classes: Place = PROJECT / "config" / "number_classes.yaml"
    """The table of number classes (TKG § 115)."""

    sip_host: str = Field(default="127.0.0.1", min_length=1)
    """The address that carriers and phones reach; `0.0.0.0` is every address of the machine."""
    sip_port: Port = 5060
    """UDP and TCP."""
    sip_external: IPv4Address | None = None
    """The address by which others reach `sip_host` through a NAT; SIP and voice name it to them."""
    sip_local_nets: str = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
    """Networks on this side of the NAT, with a blank between two of them; loopback always is."""
    ice_servers: str = ""
    """STUN and TURN servers that browser phones ask (RFC 7064, 7065), with a blank between two of them."""
    turn_user: str = ""
    turn_password_file: str = ""
    """The login at the TURN servers; a file with nothing but the password. Every agent's browser gets both."""
    rtp_start: Port = 10_000
    rtp_end: Port = 10_999
    """First and last UDP port for voice, both included; a call between caller and agent takes four."""
    trunk_rate: float = Field(default=100, gt=0, le=10_000)
    """Calls per second that one trunk may bring where it has no `max_rate` of its own."""
    web_host: str = Field(default="127.0.0.1", min_length=1)
    web_port: Port = 8080
    web_tls: Literal["none", "own", "files"] = "none"
    """What the web is served with: HTTP; HTTPS with a certificate that we make ourselves; or with one in files."""
    web_tls_cert: Place | None = None
    """The certificate with those that lead to its authority, PEM; a renewed file is taken up by itself."""
    web_tls_key: Place | None = None
    """Its key, PEM, without a passphrase."""
    web_url: str = Field(default_factory=_own_url)
    """How people's browsers reach the web: scheme, host and port, without a slash at the end; links begin with it."""

    switch: Literal["auto", "own", "system", "external"] = "auto"
    """Whose Asterisk: the machine's if it is good enough, else a fetched one; only that; only this; another's."""
    switch_user: str | None = None
    """The account that Asterisk runs as where root starts it; None = `asterisk` where there is one, else `nobody`."""
    ari_port: int = Field(default=0, ge=0, le=65_535)
    """Port of Asterisk's interface on 127.0.0.1; 0 = any that is free."""
    ami_port: int = Field(default=0, ge=0, le=65_535)
    """Port of Asterisk's manager interface on 127.0.0.1, for the monitor; 0 = any that is free."""
    ari_url: str = ""
    """Of an external Asterisk, e.g. `http://192.0.2.1:8088/ari`."""
    ari_user: str = "vorzimmer"
    ari_password_file: str = ""
    """A file with nothing but the password, readable by its owner alone."""

    ring_time: float = Field(default=20, ge=3, le=120)
    """How long one agent's phone rings before the call goes to the next; customers can have their own."""
    alert_time: float = Field(default=5, ge=1, le=30)
    """A phone that has not said 180 by then counts as unreachable."""
    target_ring_time: float = Field(default=20, ge=5, le=120)
    """How long a transfer target rings that has no ring time of its own."""
    transfer_legs_per_minute: int = Field(default=10, ge=1, le=100)
    """Numbers that may be dialled for one customer within a minute; customers can have their own limit."""
    transfer_legs_at_once: int = Field(default=10, ge=1, le=1000)
    """Numbers that may ring or talk for one customer at the same time."""
    transfer_minutes_per_day: int = Field(default=600, ge=1, le=100_000)
    """Minutes that may be talked with those who were called for one customer, each day; the same."""
    phone_transfers: Literal["auto", "on", "off"] = "auto"
    """Whether telephones may put through by themselves (REFER); `auto`: not before Asterisk 22.11, lest it die."""
    no_answer_delay: Delay = 5
    """How long an agent who did not pick up is left alone; 0 = not at all."""
    reject_delay: Delay = 5
    """The same after a rejected call, or one that did not reach the phone."""
    auto_pause_after: int = Field(default=3, ge=0, le=100)
    """Calls missed in a row after which an agent is paused; 0 = never."""
    wrap_up: Delay = 0
    """Time for an agent after each conversation; 0 = none."""
    browser_away_after: float = Field(default=60, ge=5, le=3600)
    """After how long an agent whose browser is the phone, and is closed, is signed off; after a call, not in it."""
    listening_in: bool = False
    """Whether supervisors may listen to conversations at all; each customer must have agreed besides."""
    max_wait: float = Field(default=120, gt=0, le=3600)
    """The longest wait that a customer with delayed connect may have, and has by default (L6)."""

    emergency_number: str | None = None
    """Who is dialled for a caller where no engine has been there for `emergency_after`; None = nobody."""
    emergency_after: float = Field(default=60, ge=1, le=3600)
    emergency_trunk: str | None = None
    """The trunk by which it is dialled."""
    emergency_shows: str | None = None
    """The number that is shown there: one of our own."""
    fax_number: str | None = None
    """The number that faxes show: one of our own; None = no faxes are sent."""
    fax_at_once: int = Field(default=2, ge=1, le=20)
    """Faxes that may be on their way at the same time: each takes a line of a trunk."""

    @field_validator("database_url")
    @classmethod
    def _is_known(cls, url: str) -> str:
        from engine.store.database import StoreError, async_url

        try:
            async_url(url)
        except StoreError as error:
            raise ValueError(str(error)) from None
        return url

    @field_validator("web_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        if not _ORIGIN.fullmatch(url):
            raise ValueError("write it as https://host or https://host:port, without a path")
        return url.rstrip("/")

    @field_validator("rtp_end")
    @classmethod
    def _is_a_range(cls, end: int, info: object) -> int:
        start = getattr(info, "data", {}).get("rtp_start")
        if start is not None and not start < end:
            raise ValueError(f"the last voice port must be above rtp_start, which is {start}")
        return end

    @field_validator("emergency_number", "emergency_shows", "fax_number")
    @classmethod
    def _may_be_dialled(cls, text: str | None, info: object) -> str | None:
        from engine.law.outgoing import is_forbidden
        from engine.terms import dialled

        if text is None:
            return None
        country = getattr(info, "data", {}).get("country", "49")
        number = dialled(text, country)
        if is_forbidden(number, country):
            raise ValueError(f"{text} must not be dialled or shown by us (110, 112, 118, 0137, 0900): write another")
        return number

    @field_validator("sip_local_nets")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        for one in text.split():
            try:
                ip_network(one)
            except ValueError:
                raise ValueError(f"'{one}' is no network: write e.g. 192.168.0.0/16") from None
        return text

    @field_validator("ice_servers")
    @classmethod
    def _are_servers(cls, text: str) -> str:
        for one in text.split():
            if not _ICE.fullmatch(one):
                raise ValueError(f"'{one}': write it as stun:host:port or turn:host:port?transport=tcp")
        return text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.emergency_number and not (self.emergency_trunk and self.emergency_shows):
            raise ValueError("emergency_number needs emergency_trunk and emergency_shows: write both")
        if self.sip_external and self.sip_host in _EVERYWHERE:
            raise ValueError("sip_external needs sip_host: write the machine's own address behind the NAT")
        if "turn" in self.ice_servers and not (self.turn_user and self.turn_password_file):
            raise ValueError("a turn: server in ice_servers needs turn_user and turn_password_file: write both")
        named = self.web_tls_cert, self.web_tls_key
        if self.web_tls == "files" and None in named:
            raise ValueError("web_tls: files needs web_tls_cert and web_tls_key: write both")
        if self.web_tls != "files" and named != (None, None):
            raise ValueError("web_tls_cert and web_tls_key count with web_tls: files only: write that, too")
        if self.switch == "external" and self.fax_number:
            raise ValueError("fax_number needs a switch of our own, which reads the pages: leave one of the two out")
        if self.switch == "external" and not (self.ari_url and self.ari_password_file):
            raise ValueError("an external switch needs ari_url and ari_password_file: write both")
        return self

    @property
    def web_own_url(self) -> str:
        """Where the web itself listens, whatever stands before it."""
        return _own_url(dict(self))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment over what `load` has read from the file."""
        return env_settings, init_settings
