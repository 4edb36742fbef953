"""Trunks and phones as `pjsip.conf.j2` needs them, every value checked.

Rule of this file: names, addresses and passwords come from people. What could mean something else in
Asterisk's configuration than the text it is, is refused with the name of the trunk or phone.
"""

from __future__ import annotations

import ipaddress
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.ports import Phone, Trunk
from engine.terms import PhoneKind
from pbx.runtime.secret_files import TESTCALL_USER
from pbx.runtime.settings import BadSetting

TRUNK = "trunk:"
"""Begins the names of trunks' endpoints: agents' logins have no colon, so a trunk is never taken for a phone."""
FAX = "fax:"
"""The same for those by which faxes leave by that line."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SIP_URI = re.compile(r"sips?:[A-Za-z0-9._~+%!*'()&=$;:?/@\[\]-]{1,200}")
_USER = re.compile(r"[A-Za-z0-9._~+%!*'()&=$-]{1,80}")
_FROM_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_SECRET = re.compile(r"(?! )[^\x00-\x1f\x7f-\xa0]{1,128}(?<! )")
"""Asterisk drops blanks at a value's ends."""
_NUMBER_FROM = frozenset({"request_uri", "to", "p_called_party_id"})


@dataclass(frozen=True, slots=True)
class WayOut:
    """How calls leave by a carrier's line."""

    contact: str
    """Where calls go: every call puts its number before the host."""
    from_user: str | None
    from_host: str
    auth_user: str | None
    check: bool


@dataclass(frozen=True, slots=True)
class TrunkEndpoint:
    """A carrier's line; `id` is the endpoint's name in Asterisk."""

    id: str
    match: tuple[str, ...]
    number_from: str
    registrar: str | None
    user: str | None
    password: str | None = field(repr=False)
    way_out: WayOut | None = None

    @property
    def fax_id(self) -> str:
        """The endpoint by which faxes leave."""
        return FAX + self.id.removeprefix(TRUNK)

    @property
    def client_uri(self) -> str:
        """The address of record that is registered: our user at the registrar's host."""
        scheme = (self.registrar or "").partition(":")[0]
        return f"{scheme}:{self.user}@{_place_of(self.registrar or '')}"

    @property
    def max_retries(self) -> int:
        """As good as for ever (1,000,000-1,999,999), and another number for another password.

        Asterisk's reload registers anew only where the registration has changed, and its password is no part of it.
        """
        return 1_000_000 + zlib.crc32((self.password or "").encode()) % 1_000_000


@dataclass(frozen=True, slots=True)
class PhoneEndpoint:
    """An agent's phone; the agent's login is the endpoint's name in Asterisk."""

    id: str
    kind: PhoneKind
    uri: str | None
    password: str | None = field(repr=False)


def trunk_endpoints(trunks: Iterable[Trunk]) -> list[TrunkEndpoint]:
    """Checked trunks, by name. Raises BadSetting for what Asterisk cannot take, or a name used twice."""
    endpoints = sorted(map(_trunk, trunks), key=lambda trunk: trunk.id)
    _once(trunk.id for trunk in endpoints)
    return endpoints


def phone_endpoints(phones: Iterable[Phone]) -> list[PhoneEndpoint]:
    """Checked phones, by login. Raises BadSetting for what Asterisk cannot take, or a login used twice."""
    endpoints = sorted(map(_phone, phones), key=lambda phone: phone.id)
    _once(phone.id for phone in endpoints)
    return endpoints


def trunk_endpoint_id(name: str) -> str:
    """The endpoint's name."""
    return TRUNK + name


def fax_endpoint_id(name: str) -> str:
    """The name of the endpoint by which this trunk's faxes leave."""
    return FAX + name


def _trunk(trunk: Trunk) -> TrunkEndpoint:
    what = f"trunk '{trunk.name}'"
    _check(_NAME, trunk.name, what, "a name has 1 to 40 letters, digits, '.', '_' and '-'")
    for address in trunk.match:
        if not _is_address(address):
            raise BadSetting(f"{what}: match '{address}' is no address, network or host name")
    if trunk.number_from not in _NUMBER_FROM:
        raise BadSetting(f"{what}: number_from is one of {', '.join(sorted(_NUMBER_FROM))}")
    if trunk.registrar is not None:
        _check(_SIP_URI, trunk.registrar, what, "registrar is a SIP URI such as sip:carrier.example")
        _check(_SIP_URI, f"sip:{trunk.user or ''}", what, "user is the SIP user name, needed to register")
        if set(trunk.user or "") & set("@:;?"):
            raise BadSetting(f"{what}: user is the SIP user name alone, without host")
        _check(_SECRET, trunk.password or "", what, "to register, a password of printable characters is needed")
    elif not trunk.match and trunk.outbound is None:
        raise BadSetting(f"{what}: name the carrier's addresses (match) or its registrar")
    name, out = trunk_endpoint_id(trunk.name), _way_out(trunk, what)
    return TrunkEndpoint(name, trunk.match, trunk.number_from, trunk.registrar, trunk.user, trunk.password, out)


def _way_out(trunk: Trunk, what: str) -> WayOut | None:
    out = trunk.outbound
    if out is None:
        return None
    _check(_SIP_URI, out.uri, what, "uri is a SIP URI such as sip:carrier.example, needed to dial out")
    _check(_FROM_HOST, out.host, what, "from_host is a host name or an address")
    host = out.host.strip("[]")  # Asterisk puts them around an IPv6 address by itself
    account = trunk.user if out.from_account else None
    if trunk.user is None:
        return WayOut(out.uri, None, host, None, out.check)
    answers = out.auth_user or trunk.user
    for user in (trunk.user, answers):
        _check(_USER, user, what, "a user is the SIP user name alone, without host")
    _check(_SECRET, trunk.password or "", what, "to dial out as its user, a password of printable characters is needed")
    return WayOut(out.uri, account, host, answers, out.check)


def _place_of(uri: str) -> str:
    """Host and port of a SIP URI."""
    return re.split("[;?]", uri.partition(":")[2].rpartition("@")[2])[0]


def _phone(phone: Phone) -> PhoneEndpoint:
    what = f"agent '{phone.agent}'"
    _check(_NAME, phone.agent, what, "a login has 1 to 40 letters, digits, '.', '_' and '-'")
    if phone.agent == TESTCALL_USER:
        raise BadSetting(f"{what}: this login is taken by the test phone, choose another")
    if phone.kind is PhoneKind.STATIC:
        _check(_SIP_URI, phone.uri or "", what, "a static phone needs a uri such as sip:name@192.0.2.1:5060")
    else:
        _check(_SECRET, phone.password or "", what, "the phone needs a password of printable characters")
    return PhoneEndpoint(phone.agent, phone.kind, phone.uri, phone.password)


def _check(shape: re.Pattern[str], value: str, what: str, rule: str) -> None:
    if not shape.fullmatch(value):
        raise BadSetting(f"{what}: {rule}")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return bool(_HOST.fullmatch(text))
    return "%" not in text


def _once(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise BadSetting(f"'{name}' is the name of {times} trunks or phones: each needs its own")
