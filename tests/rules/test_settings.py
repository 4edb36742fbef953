"""Settings: where they come from, and what is said about wrong ones."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from engine.settings import PROJECT, Settings, SettingsError, load

MAIL = "smtp_host: mail.example.net\nmail_from: a@example.net\n"
ORIGIN = "write it as https://host or https://host:port, without a path"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VORZIMMER_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.yaml"
    monkeypatch.setenv("VORZIMMER_CONFIG", str(path))
    return path


def test_the_projects_file_changes_no_default(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    file.write_text("")
    defaults = load()
    monkeypatch.delenv("VORZIMMER_CONFIG")
    assert load() == defaults
    assert defaults.home == PROJECT / "var"
    assert defaults.database_url == f"sqlite:///{PROJECT}/var/vorzimmer.db"


def test_the_projects_file_shows_every_setting_with_its_default(file: Path) -> None:
    text = (PROJECT / "config" / "vorzimmer.yaml").read_text("utf-8")
    shown = re.findall(r"^# ([a-z_]+: .*)$", text, re.MULTILINE)
    assert {line.partition(":")[0] for line in shown} == Settings.model_fields.keys() - {"sounds", "number_classes"}
    emergency = ("emergency_number", "emergency_trunk", "emergency_shows")
    examples = (
        "home",
        "database_url",
        "web_tls_cert",
        "web_tls_key",
        "sip_external",
        "switch_user",
        "ari_url",
        "ari_password_file",
        "smtp_ca",
        "imap_ca",
        "fax_number",
        *emergency,
    )
    file.write_text("\n".join(line for line in shown if not line.startswith(examples)))
    changed = load()
    file.write_text("")
    assert changed == load()


def test_the_environment_wins_over_the_file(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("sip_port: 5070\nweb_port: 8081\ncountry: '43'\nring_time: 12.5\n")
    monkeypatch.setenv("VORZIMMER_WEB_PORT", "8082")
    monkeypatch.setenv("VORZIMMER_HOME", "here")
    monkeypatch.setenv("VORZIMMER_SWITCH", "")
    monkeypatch.chdir(tmp_path)
    settings = load()
    assert (settings.sip_port, settings.web_port, settings.country) == (5070, 8082, "43")
    assert (settings.ring_time, settings.home, settings.switch) == (12.5, tmp_path / "here", "auto")
    assert settings.database_url == f"sqlite:///{tmp_path}/here/vorzimmer.db"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "http://127.0.0.1:8080"),
        ("web_host: 192.0.2.1\nweb_port: 80", "http://192.0.2.1:80"),
        ("web_host: '::1'", "http://[::1]:8080"),
        ("web_url: https://portal.example.net/", "https://portal.example.net"),
        ("web_url: http://[::1]:8443", "http://[::1]:8443"),
        ("web_tls: own", "https://127.0.0.1:8080"),
        ("web_tls: own\nweb_host: '::1'\nweb_port: 8443", "https://[::1]:8443"),
        ("web_tls: own\nweb_url: https://portal.example.net", "https://portal.example.net"),
    ],
)
def test_how_browsers_reach_the_web(file: Path, text: str, url: str) -> None:
    file.write_text(text)
    assert load().web_url == url


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sip_prot: 5070", ["line 1: sip_prot: unknown key, did you mean 'sip_port'?"]),
        ("\ncountry: 49", ['line 2: country: write it in quotes: "49"']),
        ("sip_port: 0", ["line 1: sip_port: this must be greater than or equal to 1"]),
        ("sip_port: many", ["line 1: sip_port: write a whole number"]),
        ("switch: mine", ["line 1: switch: write 'auto', 'own', 'system' or 'external'"]),
        ("ring_time: .inf", ["line 1: ring_time: write a number"]),
        (
            "rtp_start: 11000",
            ["line 1: rtp_end: the last voice port must be above rtp_start, which is 11000"],
        ),
        (
            "switch: external",
            ["line 1: an external switch needs ari_url and ari_password_file: write both"],
        ),
        (
            "database_url: mysql://u:secret@h/d",
            ["line 1: database_url: 'mysql' is no database we know: write sqlite:///… or postgresql://…"],
        ),
        ("wrap_up: -1\nweb_port: 70000", [
            "line 1: wrap_up: this must be greater than or equal to 0",
            "line 2: web_port: this must be less than or equal to 65535",
        ]),
        ('emergency_number: "0301"', [
            "line 1: emergency_number needs emergency_trunk and emergency_shows: write both"
        ]),
        ('emergency_number: "112"', [
            "line 1: emergency_number: 112 must not be dialled or shown by us (110, 112, 118, 0137, 0900): "
            "write another"
        ]),
        ("ice_servers: stun.example.net", [
            "line 1: ice_servers: 'stun.example.net': write it as stun:host:port or turn:host:port?transport=tcp"
        ]),
        ("ice_servers: stun:a.example.net turn:b.example.net:3478?transport=tcp", [
            "line 1: a turn: server in ice_servers needs turn_user and turn_password_file: write both"
        ]),
        ("sip_host: 0.0.0.0\nsip_external: 203.0.113.7", [
            "line 1: sip_external needs sip_host: write the machine's own address behind the NAT"
        ]),
        ("sip_external: nat.example.net", ["line 1: sip_external: Input is not a valid IPv4 address"]),
        ("sip_local_nets: 10.0.0.0/8 10.1.1.1/8", [
            "line 1: sip_local_nets: '10.1.1.1/8' is no network: write e.g. 192.168.0.0/16"
        ]),
        ("web_tls: yes", ["line 1: web_tls: write 'none', 'own' or 'files'"]),
        ("web_tls: files\nweb_tls_key: k.pem", [
            "line 1: web_tls: files needs web_tls_cert and web_tls_key: write both"
        ]),
        ("web_tls_cert: c.pem\nweb_tls_key: k.pem", [
            "line 1: web_tls_cert and web_tls_key count with web_tls: files only: write that, too"
        ]),
        ("web_url: portal.example.net", [f"line 1: web_url: {ORIGIN}"]),
        ("web_url: https://x/y", [f"line 1: web_url: {ORIGIN}"]),
        ("smtp_host: mail.example.net", [
            "line 1: smtp_host needs mail_from: write the address that mails come from"
        ]),
        ("mail_from: a@example.net", ["line 1: mails need smtp_host: write the server that takes them"]),
        ("smtp_host: mail.example.net:25", [
            "line 1: smtp_host: write the host's name or address alone; the port is a setting of its own"
        ]),
        (f"{MAIL}smtp_user: anna", ["line 1: smtp_user and smtp_password_file belong together: write both"]),
        (f"{MAIL}smtp_user: anna\nsmtp_password_file: p\nsmtp_security: none", [
            "line 1: a login with smtp_security: none could be read on its way: write starttls or tls"
        ]),
        ("mail_from: Anna <a@example.net>", [
            "line 1: mail_from: write one address in ASCII, e.g. nachricht@portal.example.net"
        ]),
        (f"{MAIL}mail_replies: {'a' * 25}@example.net", [
            "line 3: mail_replies: write at most 24 characters before the @: the signature follows them"
        ]),
        (f"{MAIL}mail_bounces: {'a' * 25}@example.net", [
            "line 3: mail_bounces: write at most 24 characters before the @: the signature follows them"
        ]),
        (f"{MAIL}mail_bounces: A@b.net\nmail_replies: a@B.net", [
            "line 1: mail_bounces and mail_replies must be two addresses: write another one"
        ]),
        (f"{MAIL}inbound_port: 25", [
            "line 1: inbound_port needs mail_bounces: write the address that mails come back to"
        ]),
        (f"{MAIL}mail_bounces: a@b.net\nimap_host: imap.example.net", [
            "line 1: a mailbox needs imap_host, imap_user, imap_password_file and mail_bounces: write them"
        ]),
        ("sms_gateway: sipgate\nsms_key_file: k\nsms_sender: s0\nsms_reports: true", [
            "line 1: sms_reports are for sms_gateway seven and lox24: the others tell nothing"
        ]),
        ("sms_gateway: apprise\nsms_key_file: k\nsms_sender: Buero", [
            "line 1: with apprise the sender stands in the URL: leave sms_sender out"
        ]),
        ("sms_gateway: seven", ["line 1: sms_gateway needs sms_key_file: write the file that holds the key"]),
        ("sms_sender: Buero", [
            "line 1: sms_key_file and sms_sender count with an sms_gateway only: write that, too"
        ]),
        ("sms_gateway: lox24\nsms_key_file: k\nsms_sender: Sekretariat Berlin", [
            "line 1: sms_gateway needs sms_sender: write a number, or 2 to 11 letters and digits"
        ]),
        ("sms_gateway: sipgate\nsms_key_file: k\nsms_sender: Buero", [
            "line 1: sipgate needs the SMS extension as sms_sender: write e.g. s0"
        ]),
        ("fax_number: '+49900123456'", [
            "line 1: fax_number: +49900123456 must not be dialled or shown by us (110, 112, 118, 0137, 0900): "
            "write another"
        ]),
        ("fax_number: '+4930123450'\nswitch: external\nari_url: http://a\nari_password_file: p", [
            "line 1: fax_number needs a switch of our own, which reads the pages: leave one of the two out"
        ]),
        ("sms_gateway: twilio", ["line 1: sms_gateway: write 'none', 'seven', 'sipgate', 'lox24' or 'apprise'"]),
        ("a: b: c", ["line 1: this is not YAML: mapping values are not allowed here"]),
        ("- 1", ["line 1: write one setting per line, like 'sip_port: 5060'"]),
        ("web_port: 1\nweb_port: 2", ["line 2: this key is there already: write it once"]),
    ],
)  # fmt: skip
def test_mistakes_in_the_file(file: Path, text: str, said: list[str]) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value).splitlines() == [f"{file}, {line}" for line in said]


@pytest.mark.parametrize(
    "text",
    [
        MAIL,
        f"{MAIL}smtp_user: anna\nsmtp_password_file: p",
        "smtp_host: 127.0.0.1\nmail_from: a@localhost\nsmtp_security: none\nsmtp_user: anna\nsmtp_password_file: p",
        "sms_gateway: seven\nsms_key_file: k\nsms_sender: '+4915112345678'",
        "sms_gateway: lox24\nsms_key_file: k\nsms_sender: Dein Buero",
        "sms_gateway: sipgate\nsms_key_file: k\nsms_sender: s0",
        "pushover_token_file: k",
    ],
)
def test_a_means_that_is_whole_is_taken(file: Path, text: str) -> None:
    file.write_text(text)
    settings = load()
    assert settings.mail_from or settings.sms_gateway != "none" or settings.pushover_token_file


def test_a_mistake_in_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("sip_port: 5070\n")
    monkeypatch.setenv("VORZIMMER_SIP_PORT", "sixty")
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value) == "VORZIMMER_SIP_PORT: write a whole number"


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value) == f"{file} cannot be read (No such file or directory): mend VORZIMMER_CONFIG"


def test_the_database_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VORZIMMER_DATABASE_URL", "postgresql://user:secret@host/name")
    assert "secret" not in repr(load())


@pytest.mark.parametrize(
    ("written", "sound"),
    [("", True), ("43", True), ("43 1 JM", True), ("JM", True), ("43  41", False), ("43,41", False), ("043", False),
     ("43 ", False), (" 43", False), ("JMX", False), ("431 4341", False), ("jm", False)],
)  # fmt: skip
def test_countries_are_codes_and_regions(file: Path, written: str, sound: bool) -> None:
    file.write_text(f'transfer_countries: "{written}"\n')
    if sound:
        assert load().transfer_countries == written
    else:
        with pytest.raises(SettingsError, match="transfer_countries"):
            load()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call_trails_days: 200", "call_trails_days (200) is longer than callers_days (180): a trail says who called"),
        ("callers_days: 100\ncall_trails_days: 100\nagent_log_days: 90", "call_closings_days (180) is longer than"),
        ("agent_log_days: 181", "raise call_trails_days or lower agent_log_days"),
        ("callers_days: 3650\ncalls_days: 900", "lower callers_days or raise calls_days"),
        ("messages_days: 90", "a delivery goes with its message: lower message_deliveries_days or raise messages_days"),
        ("calls_days: 30", "greater than or equal to 366"),
    ],
)
def test_periods_that_contradict_each_other_are_refused_with_what_mends_them(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load()
    assert said in str(refused.value)
