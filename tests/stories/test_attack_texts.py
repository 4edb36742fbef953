"""Texts that a caller chooses: whatever stands in the headers, it is data, here and wherever somebody looks at it."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from functools import partial
from typing import Any

import pytest

from tests.attacks.sockets import TRUNK, Attacker, attacker, cancel, request
from tests.stories.installation import Installation, eventually
from tests.stories.scene import NUMBER, Scene

CALLER = "+491701234567"
NOBODY = "+4930999"
LONG = 10_000
EVIL = {
    "escape": "\x1b[31mred\x1b[0m",
    "bell": "a\x07b\x08\x7fc",
    "shell": "${SHELL(touch {home}/pwned)}$(touch {home}/pwned)`touch {home}/pwned`",
    "sql": "');DROP TABLE calls;--",
    "html": "<script>alert(1)</script>",
    "right to left": "\u202eevil\u2066",
    "no UTF-8": "\udcff\udcc3\udc9b1m\x1b[2J",
    "quotes": "a\\\" b' c",
    "dialplan": "x,1,Hangup(1)&y|z;same=n",
}
ESCAPED = {
    "escape": "%1b%5b31m",
    "line ends": "%0d%0aX-Evil:%20yes",
    "zero": "a%00b",
    "shell": "%24%7bSHELL(id)%7d",
    "sql": "%27)%3bDROP",
    "right to left": "%e2%80%ae123",
    "no UTF-8": "%ff%fe",
}
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]")
"""What must stand on no screen."""
SOUND = re.compile(r"[0-9A-Za-z+*#._-]*")


async def test_names_that_are_more_than_names(scene: Scene) -> None:
    home = scene.installation.home
    scene.has_customer()
    anna = await scene.hires("anna")
    await scene.opens(anna)
    for text in (text.replace("{home}", str(home)) for text in EVIL.values()):
        name = f'"{text}" '
        other = f"{name}<sip:+493055555@carrier.example>"
        headers = (f"P-Asserted-Identity: {other}", f"Diversion: {other};reason=unconditional", f"Subject: {text}")
        async with attacker(scene.installation.sip, TRUNK) as caller:
            invite = request("INVITE", NUMBER, caller.address, *headers, name=name)
            caller.send(invite)
            await anna.is_rung()
            caller.send(cancel(invite))
            await anna.rings_no_more()
        assert (anna.call.display, anna.call.number) == ("Muster GmbH", "+493055555")
        shown = anna.call.invitation
        assert [word for word in re.findall("[A-Za-z]{3,}", text) if word in shown] == []
    calls = await scene.calls()
    assert [(record.caller, record.line) for record, _ in calls] == [("+493055555", "+493055555")] * len(EVIL)
    scene.has_told(*(record.id for record, _ in calls))
    await everything_is_clean(scene.installation)
    assert list(home.glob("pwned*")) == []


async def test_numbers_that_are_more_than_numbers(scene: Scene) -> None:
    await scene.opens()
    async with attacker(scene.installation.sip, TRUNK) as caller:
        for evil in ESCAPED.values():
            headers = (f"Diversion: <sip:{evil}@x>", f"History-Info: <sip:{evil}@x>;index=1")
            caller.send(request("INVITE", NOBODY, caller.address, user=evil))
            caller.send(request("INVITE", NOBODY + evil, caller.address))
            caller.send(request("INVITE", NOBODY, caller.address, *headers))
            caller.send(request("INVITE", NOBODY, caller.address, f"P-Asserted-Identity: <sip:{evil}@x>"))
        await caller.falls_silent(1.0, within=20)
    assert set(caller.finals.values()) <= {404, 484}
    calls = await scene.calls()
    for record, trail in calls:
        assert SOUND.fullmatch(record.dialled + (record.caller or "") + (record.line or ""))
        assert RAW.search("".join(entry.detail for entry in trail)) is None
    scene.has_told(*(record.id for record, _ in calls))


LENGTHY: dict[str, dict[str, Any]] = {
    "name": {"name": '"' + "n" * LONG + '" '},
    "user": {"user": "9" * LONG},
    "Call-ID": {"call": "c" * LONG},
    "User-Agent": {"headers": ["User-Agent: " + "u" * LONG]},
    "Via": {"headers": [f"Via: SIP/2.0/UDP h;branch=z9hG4bK{'b' * LONG}"]},
    "Diversion": {"headers": [f"Diversion: <sip:{'9' * LONG}@x>;privacy=full"]},
    "History-Info": {"headers": [f"History-Info: <sip:{'9' * LONG}@x>;index=1,<sip:1@x>;index=1.1"]},
    "P-Asserted-Identity": {"headers": [f"P-Asserted-Identity: <sip:{'9' * LONG}@x>"]},
    "300 headers": {"headers": [f"X-Header-{n}: {n}" for n in range(300)]},
    "300 Diversions": {"headers": [f"Diversion: <sip:+49301{n}@x>" for n in range(300)]},
    "a packet": {"headers": ["X: " + "x" * 60_000]},
}


async def test_ten_thousand_characters(scene: Scene) -> None:
    await scene.opens()
    for what, values in deepcopy(LENGTHY).items():
        headers = values.pop("headers", [])
        async with attacker(scene.installation.sip, TRUNK) as caller:
            caller.send(request("INVITE", NOBODY, caller.address, *headers, **values))
            caller.send(request("INVITE", NOBODY, caller.address, call="next"))
            await eventually(partial(is_served, caller), f"the call after a long {what} is served")
    calls = await scene.calls()
    assert {record.outcome for record, _ in calls} == {"unknown_number"}
    assert max(len(record.caller or "") + len(record.line or "") for record, _ in calls) < 100
    scene.has_told(*(record.id for record, _ in calls))


async def is_served(caller: Attacker) -> bool:
    return caller.finals.get(b"next") == 404


PRIVACY = [
    ({"Privacy": "history"}, CALLER, None),
    ({"Privacy": "session"}, CALLER, "+493099887700"),
    ({"Privacy": "none"}, CALLER, "+493099887700"),
    ({"Privacy": "id;critical"}, None, "+493099887700"),
    ({"Privacy": "critical; USER"}, None, "+493099887700"),
    ({"Privacy": "header;history"}, None, None),
    ({"Diversion": "<sip:+493099887700@x>;privacy=full"}, CALLER, None),
    ({"Diversion": '<sip:+493099887700@x>;reason=busy; privacy="URI"'}, CALLER, None),
    ({"Diversion": "<sip:+493099887700@x>;privacy=off"}, CALLER, "+493099887700"),
    ({"Diversion": "<sip:+493099887700@x>;privacy=name"}, CALLER, "+493099887700"),
]


@pytest.mark.parametrize(("headers", "caller", "line"), PRIVACY)
async def test_who_hides_what(scene: Scene, headers: dict[str, str], caller: str | None, line: str | None) -> None:
    await scene.opens()
    who = await scene.caller()
    await who.dials(NOBODY, CALLER, {"Diversion": "<sip:+493099887700@x>"} | headers)
    await who.is_refused(404)
    (record,) = await scene.records()
    assert (record.caller, record.line) == (caller, line)
    scene.has_told(record.id)


async def everything_is_clean(installation: Installation) -> None:
    """No screen and no log shows what a caller has painted."""
    code, listed, _ = await installation.vorzimmer("calls", "--json")
    assert code == 0
    last = json.loads(listed)[0]["id"]
    for words in (["calls"], ["calls", "--trail", last], ["queue"]):
        _, said, complained = await installation.vorzimmer(*words)
        assert RAW.search(said + complained) is None, words
    assert all(json.loads(line) for line in installation.log.splitlines())
    assert RAW.search(installation.log) is None
    log = (installation.home / "asterisk" / "log" / "messages.log").read_bytes()
    assert b"\x1b" not in log
    assert [line for line in log.splitlines() if line and not line.startswith(b"[2")] == []
