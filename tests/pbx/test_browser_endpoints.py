"""What Asterisk is told of browser phones: their kind of endpoint, a door on loopback, the modules."""

from __future__ import annotations

import re
from pathlib import Path

from engine.ports import Phone
from engine.terms import AgentId, PhoneKind
from pbx.runtime.places import Installation
from pbx.runtime.render import render
from pbx.runtime.settings import SwitchSettings

ASTERISK = Installation(("/usr/sbin/asterisk",), Path("/modules"), Path("/data"), (22, 10, 1))
PHONES = [
    Phone(AgentId("anna"), "Anna", PhoneKind.BROWSER, password="secret"),
    Phone(AgentId("ben"), "Ben", PhoneKind.REGISTERED, password="secret"),
]


def files(home: Path) -> dict[str, str]:
    return render(SwitchSettings(home), ASTERISK, {}, [], PHONES)


def section(text: str, name: str, kind: str) -> dict[str, str]:
    """The keys of this section, which inherits from `kind`."""
    found = re.search(rf"^\[{name}\]\({kind}\)\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found
    return dict(re.findall(r"^(\w+) = (.*)$", found[1], re.MULTILINE))


def test_a_browser_phone_is_asked_for_its_password_and_speaks_webrtc(tmp_path: Path) -> None:
    text = files(tmp_path)["pjsip.conf"]
    common = {"identify_by": "auth_username,username", "rewrite_contact": "yes"}
    webrtc = {"webrtc": "yes", "dtls_auto_generate_cert": "yes", "deny": "::/0", "permit": "127.80.49.1"}
    assert section(text, "anna", "phone") == {"aors": "anna", "auth": "anna", **common, **webrtc}
    assert section(text, "ben", "phone") == {"aors": "ben", "auth": "ben", **common}
    assert "allow = !all,alaw,ulaw" in text
    assert text.count("deny = 0.0.0.0/0.0.0.0\ndeny = ::/0\npermit = 127.80.49.1\n") == 1, "Ben's may be anywhere"


def test_their_door_is_on_loopback_and_patient(tmp_path: Path) -> None:
    made = files(tmp_path)
    assert "bindaddr = 127.0.0.1" in made["http.conf"]
    assert re.search(r"\[transport-ws\].*protocol = ws\n.*^websocket_write_timeout = 5000$",
                     made["pjsip_transports.conf"], re.DOTALL | re.MULTILINE)  # fmt: skip


def test_the_modules_that_they_need_are_loaded(tmp_path: Path) -> None:
    loaded = re.findall(r"^load = (\w+)\.so$", files(tmp_path)["modules.conf"], re.MULTILINE)
    needed = {"res_http_websocket", "res_pjsip_transport_websocket", "res_srtp", "res_rtp_asterisk", "res_pjsip_nat"}
    assert needed <= set(loaded)


def test_behind_a_nat_others_are_told_the_address_outside(tmp_path: Path) -> None:
    told = {"external": "203.0.113.7", "local_nets": ("10.0.0.0/8",)}
    made = render(SwitchSettings(tmp_path, "10.1.2.3", **told), ASTERISK, {}, [], PHONES)  # type: ignore[arg-type]
    nat = [
        "bind = 10.1.2.3:5060", "external_signaling_address = 203.0.113.7", "external_media_address = 203.0.113.7",
        "local_net = 127.0.0.0/8", "local_net = 10.0.0.0/8",
    ]  # fmt: skip
    sections = made["pjsip_transports.conf"].split("[transport-")[1:]
    assert [[line for line in nat if line in section.splitlines()] for section in sections] == [nat, nat, nat[:1]]
    assert made["rtp.conf"].endswith("[ice_host_candidates]\n10.1.2.3 => 203.0.113.7,include_local_address\n")


def test_without_a_nat_nothing_is_said_of_one(tmp_path: Path) -> None:
    made = files(tmp_path)
    assert "external" not in made["pjsip_transports.conf"]
    assert "ice_host_candidates" not in made["rtp.conf"]
