"""What the safety net decides, and that it says so to an Asterisk: over AGI, one process per call."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.acd.need import Need
from engine.call.plan import WaitPlan
from engine.hours.service import ServiceHours, Span
from engine.ports import CustomerSettings, Line
from engine.snapshot import About, Emergency, written
from engine.terms import E164, AfterMaxWait, CustomerId, NumberClass, Treatment
from pbx.safety_net import NEVER, decide

NOON = datetime(2026, 1, 7, 11, tzinfo=UTC)
SINCE, AWAY = 1000, 400
NUMBER = E164("+4930123450")
OPEN = ServiceHours(((Span(8 * 60, 18 * 60),),) * 7)
DELAYED = WaitPlan(Treatment.DELAYED_CONNECT, max_wait=30)
RINGING = WaitPlan(Treatment.RINGING)
CUSTOMER = CustomerSettings(CustomerId(1), "K1", "Muster", False, DELAYED, Need(), OPEN)
ABOUT = About(NOON, "49", 120, "de", "/sounds")
EMERGENCY = Emergency(E164("+49309990"), "trunk:night", "sip:+49309990@192.0.2.1", NUMBER, 60)
SOUNDS = {"NET_MUSIC": "default", "NET_LANGUAGE": "de"}


def told(customer: CustomerSettings | None, about: About = ABOUT, now: datetime = NOON) -> dict[str, str]:
    return decide(about, customer, now, SINCE, AWAY)


@pytest.mark.parametrize(
    ("customer", "now", "does"),
    [
        (None, NOON, "unknown"),
        (replace(CUSTOMER, blocked=True), NOON, "blocked"),
        (CUSTOMER, datetime(2026, 1, 7, 17, tzinfo=UTC), "closed"),
        (replace(CUSTOMER, hours=replace(OPEN, closed_days=frozenset({date(2026, 1, 7)}))), NOON, "closed"),
        (
            replace(CUSTOMER, hours=replace(OPEN, closed_on_holidays=True)),
            datetime(2026, 1, 1, 11, tzinfo=UTC),
            "closed",
        ),
    ],
)
def test_who_is_not_to_wait(customer: CustomerSettings | None, now: datetime, does: str) -> None:
    assert told(customer, now=now) == {"NET_DOES": does}


@pytest.mark.parametrize("hours", [OPEN, replace(OPEN, closed_days=frozenset({date(2026, 1, 7)}))])
def test_who_is_blocked_does_not_wait_for_the_engine_either(hours: ServiceHours) -> None:
    customer = replace(CUSTOMER, hours=hours, blocked_callers={E164("+491701234567"): "2026-01-06 12:00 support"})
    does = [
        decide(ABOUT, customer, NOON, SINCE, AWAY, caller)["NET_DOES"]
        for caller in ("01701234567", "+491701234567", "+491701234568", "anonymous", None)
    ]
    waits = "delayed_connect" if hours is OPEN else "closed"
    assert does == ["caller_blocked", "caller_blocked", waits, waits, waits]


@pytest.mark.parametrize(
    ("wait", "end", "sounds"),
    [
        (DELAYED, SINCE + 30, SOUNDS),
        (replace(DELAYED, max_wait=None), SINCE + 120, SOUNDS),
        (replace(DELAYED, max_wait=500), SINCE + 120, SOUNDS),
        (replace(DELAYED, then=AfterMaxWait.KEEP), SINCE + 30, SOUNDS),
        (RINGING, NEVER, {}),
        (replace(RINGING, max_wait=2.5), SINCE + 3, {}),
        (replace(RINGING, max_wait=2.5, then=AfterMaxWait.KEEP), NEVER, {}),
        (WaitPlan(Treatment.RINGING_ANNOUNCED, music="mozart"), NEVER, SOUNDS | {"NET_MUSIC": "ringtone"}),
        (WaitPlan(Treatment.ANSWERED, music="mozart"), NEVER, SOUNDS | {"NET_MUSIC": "mozart"}),
        (WaitPlan(Treatment.ANSWERED, music='x")&${SHELL(id)}'), NEVER, SOUNDS),
    ],
)
def test_who_waits(wait: WaitPlan, end: int, sounds: dict[str, str]) -> None:
    assert told(replace(CUSTOMER, wait=wait)) == {"NET_DOES": wait.treatment.value, "NET_END": str(end), **sounds}


def test_l5_who_must_hear_first_what_waiting_costs() -> None:
    line = Line(E164("+491806123456"), NumberClass.FIXED_PRICE)
    waits = {"NET_DOES": "delayed_connect", "NET_END": str(SINCE + 30), **SOUNDS}
    assert told(replace(CUSTOMER, lines=(line,))) == {**waits, "NET_NOTICE": "fixed-price"}
    silent = {"NET_DOES": "ringing", "NET_END": str(NEVER)}
    assert told(replace(CUSTOMER, lines=(line,), wait=RINGING)) == silent


def test_l2_who_may_wait_30_seconds_hears_nothing_after_them() -> None:
    line = Line(E164("+491807123456"), NumberClass.BUDGET_30S)
    answered = replace(CUSTOMER, lines=(line,), wait=WaitPlan(Treatment.ANSWERED, max_wait=90))
    assert told(answered) == {
        "NET_DOES": "answered", "NET_END": str(SINCE + 30), "NET_OVER": "silent", **SOUNDS,
        "NET_NOTICE": "waiting-is-free",
    }  # fmt: skip
    assert "NET_OVER" not in told(replace(answered, wait=DELAYED))


@pytest.mark.parametrize(
    ("after", "at", "again"),
    [
        (60, SINCE, 60),  # there has been no engine for longer than that
        (700, AWAY + 700, 700),
        (5, SINCE, 60),
    ],
)
def test_the_emergency_number(after: float, at: int, again: int) -> None:
    about = replace(ABOUT, emergency=replace(EMERGENCY, after=after))
    assert told(replace(CUSTOMER, wait=RINGING), about) == {
        "NET_DOES": "ringing",
        "NET_END": str(NEVER),
        "NET_EMERGENCY": "PJSIP/trunk:night/sip:+49309990@192.0.2.1",
        "NET_SHOWS": NUMBER,
        "NET_EMERGENCY_AT": str(at),
        "NET_EMERGENCY_AGAIN": str(again),
    }
    assert told(replace(CUSTOMER, blocked=True), about) == {"NET_DOES": "blocked"}


class Net:
    """The program beside a process that stands for Asterisk."""

    def __init__(self, snapshot: Path) -> None:
        listens = socket.create_server(("127.0.0.1", 0))
        self.address = listens.getsockname()
        self.switch = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        fd = str(listens.fileno())
        command = [sys.executable, "-I", "-m", "pbx.safety_net", str(snapshot), fd, str(self.switch.pid)]
        self.program = subprocess.Popen(command, pass_fds=[listens.fileno()], stderr=subprocess.DEVNULL)
        listens.close()

    async def asked(self, number: str, *others: str, replies: int = 99) -> list[str]:
        """What is said for a call to this number, where so many of the orders are replied to."""
        reads, writes = await asyncio.open_connection(*self.address)
        asked = [*others, f"agi_arg_1: {number}", f"agi_arg_2: {SINCE}", f"agi_arg_3: {AWAY}"]
        writes.write("".join(f"{line}\n" for line in [*asked, ""]).encode("latin-1"))
        said = []
        async with asyncio.timeout(20):
            while line := await reads.readline():
                said.append(line.decode().strip())
                if len(said) > replies:
                    break
                writes.write(b"200 result=1\n")
        writes.close()
        return said

    def end(self) -> None:
        assert self.switch.stdin
        self.switch.stdin.close()
        self.switch.wait(10)
        self.program.wait(10)


async def test_it_answers_as_long_as_asterisk_runs(tmp_path: Path) -> None:
    (tmp_path / "apology.alaw").write_bytes(bytes(8001))
    (tmp_path / "all-busy.alaw").write_bytes(bytes(16000))
    (tmp_path / "fixed-price.alaw").write_bytes(bytes(16001))
    line = Line(E164("+491806123456"), NumberClass.FIXED_PRICE)
    always = ServiceHours(((Span(0, 24 * 60),),) * 7)
    with written(tmp_path / "snapshot", replace(ABOUT, sounds=str(tmp_path))) as put:
        put(NUMBER, replace(CUSTOMER, hours=always))
        put(E164("+49301002"), replace(CUSTOMER, hours=always, wait=RINGING))
        put(E164("+49301004"), replace(CUSTOMER, hours=always, blocked_callers={E164("+491701234567"): "Werbung"}))
        put(E164("+49301003"), replace(CUSTOMER, hours=always, lines=(line,)))
    net = Net(tmp_path / "snapshot")
    expected = {
        "NET_APOLOGY": "3", "NET_ALL_BUSY": "3", **SOUNDS, "NET_END": str(SINCE + 30), "NET_DOES": "delayed_connect",
    }  # fmt: skip
    orders = [f'SET VARIABLE "{name}" "{value}"' for name, value in expected.items()]
    assert await net.asked("030123450") == orders
    unknown = ['SET VARIABLE "NET_DOES" "unknown"']
    assert [await net.asked(number) for number in ("0309999", "", "nobody")] == [unknown] * 3
    name = 'agi_calleridname: \xff"\r\x00${SHELL(id)}'
    assert await net.asked("+4930123450", name) == orders
    assert await net.asked("030123450", replies=1) == orders[:2]  # the caller has hung up
    fixed = {"NET_APOLOGY": "3", "NET_ALL_BUSY": "3", "NET_NOTICE_TAKES": "4", **SOUNDS, "NET_NOTICE": "fixed-price"}
    fixed |= {"NET_END": str(SINCE + 30), "NET_DOES": "delayed_connect"}
    assert await net.asked("0301003") == [f'SET VARIABLE "{name}" "{value}"' for name, value in fixed.items()]
    caller, shown = "agi_callerid: 01701234567", "agi_arg_4: allowed_not_screened"
    assert await net.asked("0301004", caller, shown) == ['SET VARIABLE "NET_DOES" "caller_blocked"']
    for heard in ([caller, "agi_arg_4: prohib_not_screened"], [caller], ["agi_callerid: unknown", shown]):
        assert await net.asked("0301004", *heard) == orders
    ringing = [f'SET VARIABLE "NET_END" "{NEVER}"', 'SET VARIABLE "NET_DOES" "ringing"']
    assert await net.asked("0301002") == ringing
    (tmp_path / "snapshot").unlink()
    assert await net.asked("030123450") == []
    net.end()
    assert net.program.returncode == 0


async def test_a_call_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    net = Net(tmp_path / "none")
    reads, writes = await asyncio.open_connection(*net.address)
    async with asyncio.timeout(30):
        assert await reads.read() == b""
    writes.close()
    os.kill(net.program.pid, signal.SIGTERM)
    assert net.program.wait(10) == -signal.SIGTERM
    net.end()
