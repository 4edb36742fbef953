"""Which couriers there are, where their secrets come from, and the command that tries one out."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.main import couriers
from engine.main.catalogue import check as checked
from engine.main.catalogue import import_file as imported
from engine.main.couriers import REPLY_KEY, couriers_of, pushover_users
from engine.main.notify_secrets import check
from engine.main.notify_test import follow
from engine.main.outbox import HOOK_SECRET, sms_hook_of, sms_hook_url
from engine.message.states import DeliveryState, Means
from engine.notify import pushover
from engine.notify.sms import SmsCourier
from engine.notify.sms_reports import lox24
from engine.notify.sms_seven import Seven
from engine.ports.outbox import Handed
from engine.service.reports import Reports
from engine.settings import Settings, SettingsError, load
from tests.notify import provider as providers
from tests.notify.parcels import StandingClock, handed_over, parcel
from tests.notify.post import Post, opened


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("VORZIMMER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VORZIMMER_CONFIG", str(tmp_path / "settings.yaml"))
    (tmp_path / "settings.yaml").write_text(f"home: {tmp_path}/vz\n")
    return tmp_path


def secret_file(home: Path, text: str = "geheim\n", mode: int = 0o600) -> Path:
    path = home / "secret"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def settings(home: Path, text: str) -> Settings:
    (home / "settings.yaml").write_text(f"home: {home}/vz\n{text}", "utf-8")
    return load()


def test_what_is_not_set_up_has_no_courier(home: Path) -> None:
    assert couriers_of(load()) == []
    assert not (home / "vz").exists()


@pytest.mark.parametrize(
    ("gateway", "key", "sender"),
    [
        ("seven", "k", "Buero"),
        ("sipgate", "i:t", "s0"),
        ("lox24", "1:k", "Buero"),
        ("apprise", "json://x/{to}", '""'),
    ],
)
def test_all_that_is_set_up(home: Path, gateway: str, key: str, sender: str) -> None:
    file = secret_file(home, key)
    found = couriers_of(
        settings(
            home,
            f"smtp_host: mail.example.net\nmail_from: a@example.net\nsmtp_user: u\nsmtp_password_file: {file}\n"
            f"sms_gateway: {gateway}\nsms_key_file: {file}\nsms_sender: {sender}\npushover_token_file: {file}\n",
        )
    )
    assert [courier.means for courier in found] == [Means.MAIL, Means.SMS, Means.PUSHOVER]
    assert not (home / "vz" / "secrets" / REPLY_KEY).exists()


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("geheim", 0o640, "can be read by others: chmod 600 {}"),
        ("geheim", 0o604, "can be read by others: chmod 600 {}"),
        ("", 0o600, ": write nothing but the secret into it, in one line"),
        ("geheim\nnoch eins", 0o600, ": write nothing but the secret into it, in one line"),
    ],
)
def test_a_file_that_holds_no_secret(home: Path, text: str, mode: int, said: str) -> None:
    file = secret_file(home, text, mode)
    with pytest.raises(SettingsError) as refused:
        check(settings(home, f"pushover_token_file: {file}"))
    assert str(refused.value) == f"pushover_token_file {file} {said.format(file)}".replace(" :", ":")
    assert "geheim" not in str(refused.value)


async def test_nothing_starts_with_a_secret_that_others_may_read(home: Path) -> None:
    file = secret_file(home, mode=0o644)
    settings(home, f"pushover_token_file: {file}")
    code, said, err = await vorzimmer("run")
    told = f"vorzimmer: pushover_token_file {file} can be read by others: chmod 600 {file}"
    assert (code, said, err.splitlines()[-1]) == (1, "", told)


def test_a_file_that_has_gone_bad_costs_its_means_alone(home: Path) -> None:
    good = secret_file(home)
    text = f"sms_gateway: seven\nsms_key_file: /nowhere\nsms_sender: Buero\npushover_token_file: {good}\n"
    with capture_logs() as logs:
        assert [courier.means for courier in couriers_of(settings(home, text))] == [Means.PUSHOVER]
    why = "sms_key_file /nowhere cannot be read (No such file or directory): mend its rights"
    assert logs == [{"event": "courier_away", "log_level": "error", "why": why}]


def test_a_file_that_is_not_there(home: Path) -> None:
    with pytest.raises(SettingsError, match="sms_key_file /nowhere cannot be read \\(No such file or directory\\)"):
        check(settings(home, "sms_gateway: seven\nsms_key_file: /nowhere\nsms_sender: Buero"))


def test_a_key_of_two_halves_has_both(home: Path) -> None:
    file = secret_file(home)
    with pytest.raises(SettingsError, match="write it as id:key, in one line"):
        check(settings(home, f"sms_gateway: lox24\nsms_key_file: {file}\nsms_sender: Buero"))


@pytest.mark.parametrize("url", ["json://x", "json://{to}/{to}"])
def test_a_url_for_apprise_has_one_place_for_the_number(home: Path, url: str) -> None:
    file = secret_file(home, url)
    with pytest.raises(SettingsError, match=r"write Apprise's URL, with \{to\} for the number"):
        check(settings(home, f"sms_gateway: apprise\nsms_key_file: {file}"))


def test_a_certificate_that_is_none(home: Path) -> None:
    file = secret_file(home)
    with pytest.raises(SettingsError, match=r"smtp_ca .* cannot be used"):
        check(settings(home, f"smtp_host: a\nmail_from: a@b\nsmtp_ca: {file}"))


async def test_answers_are_signed_by_a_key_of_this_home(home: Path) -> None:
    async with opened(Post()) as post:
        text = (
            f"smtp_host: 127.0.0.1\nsmtp_port: {post.port}\nsmtp_security: none\nmail_from: a@example.net\n"
            "mail_replies: antwort@example.net\nweb_url: https://portal.example.net\n"
        )
        for _ in range(2):  # the second as after a restart
            [mail] = couriers_of(settings(home, text), StandingClock())
            await mail.send(parcel(Means.MAIL, "x@muster.example"))
    first, second = (mail["Reply-To"] for _, mail in post.got)
    assert first == second
    assert first.startswith("antwort+4711-")
    assert (home / "vz" / "secrets" / REPLY_KEY).stat().st_mode & 0o777 == 0o600


async def test_whether_a_user_key_is_somebodys(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pushover_users(load()) is None
    file = secret_file(home)
    is_user = pushover_users(settings(home, f"pushover_token_file: {file}"))
    assert is_user
    async with providers.opened() as provider:
        monkeypatch.setattr(pushover, "API", provider.url)
        provider.says({"status": 1, "devices": ["iphone"]})
        assert await is_user("u" * 30) is True
        provider.says({"status": 0, "user": "invalid", "errors": ["user key is invalid"]}, 400)
        assert await is_user("u" * 30) is False
        provider.says({"status": 0, "token": "invalid", "errors": ["application token is invalid"]}, 400)
        assert await is_user("u" * 30) is None
        monkeypatch.setattr(couriers, "_PATIENCE", 0.1)
        provider.asleep = asyncio.Event()
        assert await is_user("u" * 30) is None
        provider.asleep.set()
    assert await is_user("u" * 30) is None
    file.chmod(0o644)
    assert await is_user("u" * 30) is None


async def test_an_import_is_warned_of_keys_that_pushover_does_not_know(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "k.yaml"
    keys = ("a" * 30, "b" * 30)
    told = "".join(f"  - {{name: Kern {key[0]}, notify: {{pushover: {{user: {key}}}}}}}\n" for key in keys)
    tariff = "tariffs: [{name: day, hours: {mon-fri: ['08:00-18:00']}}]\n"
    file.write_text(f"{tariff}customers:\n- number: K7\n  name: Sieben\n  tariff: day\n  contacts:\n{told}", "utf-8")
    settings(home, f"pushover_token_file: {secret_file(home)}")
    async with providers.opened() as provider:
        monkeypatch.setattr(pushover, "API", provider.url)
        unknown = providers.Reply(400, {"status": 0, "user": "invalid", "errors": ["user key is invalid"]})
        for does, text in ((checked, "can be imported"), (imported, "created")):
            provider.replies = [unknown, providers.Reply(json={"status": 1})]
            await asyncio.to_thread(does, file)
            out, err = capsys.readouterr()
            assert text in out
            assert [line for line in err.splitlines() if "Pushover" in line] == [
                f"{file}, line 7: customers[K7].contacts[0].notify.pushover.user: Pushover knows no user with this key "
                "and a device: copy it from the app"
            ]
        await asyncio.to_thread(imported, file)
        assert len(provider.asked) == 4, "what is known is not asked for"


def test_a_gateway_is_listened_to_at_an_address_with_a_secret_of_this_home(home: Path) -> None:
    taking: Any = object.__new__(Reports)
    assert sms_hook_of(load(), taking) is None
    text = f"sms_gateway: lox24\nsms_key_file: {secret_file(home, 'id:key')}\nsms_sender: Buero\nsms_reports: true\n"
    on = settings(home, f"{text}web_url: https://portal.example.net\n")
    hook = sms_hook_of(on, taking)
    assert hook
    assert (hook.read, sms_hook_url(on)) == (lox24, f"https://portal.example.net/api/hooks/sms/{hook.secret}")
    assert len(hook.secret) >= 43 and hook.secret not in repr(hook)
    assert (home / "vz" / "secrets" / HOOK_SECRET).stat().st_mode & 0o777 == 0o600


async def vorzimmer(*words: str) -> tuple[int, str, str]:
    """`vorzimmer …`: its exit code, what it says, and what it complains of."""
    command = [sys.executable, "-c", "from engine.main import main; main()", *words]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_a_test_mail_is_sent_by_the_command_line(home: Path) -> None:
    async with opened(Post(rcpt={"alt@muster.example": "550 5.1.1 No such user"})) as post:
        settings(home, f"smtp_host: 127.0.0.1\nsmtp_port: {post.port}\nsmtp_security: none\nmail_from: a@example.net\n")
        code, said, err = await vorzimmer("notify-test", "mail", "neu@muster.example")
        assert (code, err) == (0, "")
        assert said.startswith("neu@muster.example: handed over (<test")
        assert [to for to, _ in post.got] == ["neu@muster.example"]
        complaint = "vorzimmer: alt@muster.example: address, 550 5.1.1 No such user\n"
        assert await vorzimmer("notify-test", "mail", "alt@muster.example") == (1, "", complaint)


async def test_a_means_that_is_not_set_up_is_said_so() -> None:
    said = "vorzimmer: sms is not set up: write sms_gateway and what belongs to it into the settings\n"
    assert await vorzimmer("notify-test", "sms", "+4915112345678") == (1, "", said)


async def test_a_test_fax_needs_a_number_and_an_engine(home: Path) -> None:
    said = "vorzimmer: fax is not set up: write fax_number into the settings\n"
    assert await vorzimmer("notify-test", "fax", "+493023125110") == (1, "", said)
    settings(home, "fax_number: '+4930123450'\n")
    code, said, err = await vorzimmer("notify-test", "fax", "+493023125110")
    assert (code, said) == (1, "")
    assert err == f"vorzimmer: no engine runs in {home}/vz: start one with `vorzimmer run`\n"


async def test_it_is_followed_until_there_is_news(capsys: pytest.CaptureFixture[str]) -> None:
    async with providers.opened() as provider:
        provider.says([{"id": "1", "dlr": "DELIVERED"}])
        courier = SmsCourier(Seven("k", "Buero", provider.url), StandingClock(), "49", "de")
        sent = handed_over(parcel(Means.SMS, "+4915112345678"), "1")
        await follow(courier, sent, Handed(DeliveryState.SENT, "1", datetime.now(UTC)), 5)
        assert capsys.readouterr().out == "+4915112345678: delivered (1)\n"
        await follow(courier, sent, Handed(DeliveryState.SENT, "1", datetime.now(UTC)), -1)
        assert capsys.readouterr().out == "+4915112345678: more is not known after -1 s\n"
