"""What people write into YAML cannot mean anything else in Asterisk's configuration than the text it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.ports import Phone, Trunk
from engine.terms import AgentId, PhoneKind
from engine.transfer.ways import Outbound
from pbx.runtime.endpoints import phone_endpoints, trunk_endpoints
from pbx.runtime.places import Installation
from pbx.runtime.render import plain, render
from pbx.runtime.settings import BadSetting, SwitchSettings

ASTERISK = Installation(("/usr/sbin/asterisk",), Path("/modules"), Path("/data"), (22, 10, 1))
REGISTRAR: dict[str, Any] = {"registrar": "sip:carrier.example", "user": "u", "password": "p"}


def phone(**facts: Any) -> Phone:
    return Phone(**({"agent": AgentId("a"), "name": "A", "kind": PhoneKind.REGISTERED, "password": "p"} | facts))


@pytest.mark.parametrize(
    ("trunk", "problem"),
    [
        (Trunk("a]\n[b", ("192.0.2.1",)), "trunk 'a]\n[b': a name has 1 to 40 letters"),
        (Trunk("ü", ("192.0.2.1",)), "trunk 'ü': a name has"),
        (Trunk("", ("192.0.2.1",)), "trunk '': a name has"),
        (Trunk("a", ("192.0.2.1\nmatch=0.0.0.0/0",)), "is no address, network or host name"),
        (Trunk("a", ("192.0.2.1,0.0.0.0/0",)), "is no address, network or host name"),
        (Trunk("a", ("192.0.2.0/33",)), "match '192.0.2.0/33' is no address"),
        (Trunk("a"), "trunk 'a': name the carrier's addresses"),
        (Trunk("a", ("192.0.2.1",), number_from="to)"), "number_from is one of p_called_party_id, request_uri, to"),
        (Trunk("a", **REGISTRAR | {"registrar": "carrier.example"}), "registrar is a SIP URI"),
        (Trunk("a", **REGISTRAR | {"registrar": "sip:c\ntype=x"}), "registrar is a SIP URI"),
        (Trunk("a", **REGISTRAR | {"user": None}), "user is the SIP user name, needed to register"),
        (Trunk("a", **REGISTRAR | {"user": "u@h"}), "user is the SIP user name alone"),
        (Trunk("a", **REGISTRAR | {"password": "p\ntype=endpoint"}), "a password of printable characters"),
        (Trunk("a", **REGISTRAR | {"password": " p"}), "a password of printable characters"),
        (Trunk("a", **REGISTRAR | {"password": None}), "a password of printable characters"),
        (Trunk("a", outbound=Outbound(1, "sip:c,sip:d")), "trunk 'a': uri is a SIP URI such as sip:carrier.example"),
        (Trunk("a", outbound=Outbound(1, "sip:c\nmax_contacts=9")), "uri is a SIP URI"),
        (Trunk("a", outbound=Outbound(1, "sip:c", from_host="h\nx=y")), "from_host is a host name or an address"),
        (Trunk("a", outbound=Outbound(1, "sip:c"), user="u@h", password="p"), "a user is the SIP user name alone"),
        (Trunk("a", outbound=Outbound(1, "sip:c", auth_user="u;h"), user="u", password="p"), "a user is the SIP user"),
        (Trunk("a", outbound=Outbound(1, "sip:c"), user="u"), "to dial out as its user, a password"),
    ],
)  # fmt: skip
def test_a_trunk_is_refused(trunk: Trunk, problem: str) -> None:
    with pytest.raises(BadSetting) as refused:
        trunk_endpoints([trunk])
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"agent": "a](x"}, "agent 'a](x': a login has 1 to 40 letters"),
        ({"agent": "trunk:a"}, "a login has 1 to 40 letters"),
        ({"agent": "testcall"}, "this login is taken by the test phone"),
        ({"password": None}, "agent 'a': the phone needs a password"),
        ({"password": "p\r\n[x]"}, "agent 'a': the phone needs a password"),
        ({"kind": PhoneKind.BROWSER, "password": ""}, "agent 'a': the phone needs a password"),
        ({"kind": PhoneKind.STATIC}, "a static phone needs a uri"),
        ({"kind": PhoneKind.STATIC, "uri": "sip:a@h,sip:b@h"}, "a static phone needs a uri"),
        ({"kind": PhoneKind.STATIC, "uri": "sip:a@h\nqualify=1"}, "a static phone needs a uri"),
        ({"kind": PhoneKind.STATIC, "uri": "agent1@127.0.0.1"}, "a static phone needs a uri"),
    ],
)
def test_a_phone_is_refused(facts: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadSetting) as refused:
        phone_endpoints([phone(**facts)])
    assert problem in str(refused.value)


def test_a_name_is_used_once() -> None:
    with pytest.raises(BadSetting, match="'a' is the name of 2 trunks or phones"):
        phone_endpoints([phone(), phone()])
    with pytest.raises(BadSetting, match="'trunk:t' is the name of 2"):
        trunk_endpoints([Trunk("t", ("192.0.2.1",)), Trunk("t", ("192.0.2.2",))])


def test_what_is_allowed_stands_there_as_text(tmp_path: Path) -> None:
    trunks = [Trunk("a.b-c_d", ("192.0.2.1", "198.51.100.0/24", "2001:db8::/32", "sip.carrier.example"), **REGISTRAR)]
    phones = [
        phone(password='p;"x" [y] => ü${Z}#include'),
        phone(agent="b", kind=PhoneKind.STATIC, uri="sip:b@[2001:db8::1]:5060;transport=tcp"),
    ]
    pjsip = render(SwitchSettings(tmp_path), ASTERISK, {}, trunks, phones)["pjsip.conf"].splitlines()
    assert [line for line in pjsip if line.startswith("match = ")] == [
        "match = 192.0.2.1", "match = 198.51.100.0/24", "match = 2001:db8::/32", "match = sip.carrier.example",
    ]  # fmt: skip
    assert "client_uri = sip:u@carrier.example" in pjsip
    assert 'password = p\\;"x" [y] => ü${Z}#include' in pjsip
    assert "contact = sip:b@[2001:db8::1]:5060\\;transport=tcp" in pjsip


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b", "a\x7fb"])
def test_no_control_character_reaches_a_file(text: str) -> None:
    with pytest.raises(BadSetting, match="holds control characters"):
        plain(text)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"system_name": "a.b"}, "use 1 to 32 letters, digits"),
        ({"rtp_ports": (20000, 10000)}, "RTP ports 20000-10000"),
        ({"home": Path("/a,b")}, "'/a,b' has a comma, which parts sounds: set VORZIMMER_HOME to a path without"),
        ({"home": Path("/" + "x" * 100)}, "set VORZIMMER_HOME to a shorter path"),
    ],
)
def test_a_setting_is_refused(facts: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadSetting, match=problem):
        SwitchSettings(**{"home": Path("/x")} | facts)


@pytest.mark.parametrize(
    ("wanted", "version", "allowed"),
    [
        ("auto", (22, 10, 1), False), ("auto", (22, 11, 0), True), ("on", (22, 10, 1), True),
        ("off", (23, 0, 0), False),
    ],
)  # fmt: skip
def test_telephones_may_send_refer_where_this_asterisk_does_not_die_of_it(
    tmp_path: Path, wanted: str, version: tuple[int, int, int], allowed: bool
) -> None:
    asterisk = replace(ASTERISK, version=version)
    pjsip = render(SwitchSettings(tmp_path, phone_transfers=wanted), asterisk, {}, [], [phone()])["pjsip.conf"]
    assert [line for line in pjsip.splitlines() if line.startswith("allow_transfer")] == [
        "allow_transfer = no", f"allow_transfer = {'yes' if allowed else 'no'}",
    ]  # fmt: skip
