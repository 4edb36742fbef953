"""The message arrives: saved at the desk of a running engine, it is with a real mail server within seconds (§5.2.3).

Rule of this file: the engine is a process of its own; what it says to the mail server is what counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.notify.post import PASSWORD, USER, Post, certificate, opened
from tests.ports import free_port
from tests.stories.desk_hands import DeskHands, at_desk
from tests.stories.installation import Installation, eventually, installed
from tests.stories.people import Caller
from tests.stories.scene import NUMBER, Scene, story

EVA: dict[str, Any] = {
    "name": "Eva Muster",
    "notify": {"mail": ["eva@muster.example", "alt@muster.example"]},
}
UNDO, SOON = 10.0, 2.0
"""Seconds in which an agent may take a message back, and in which it is to have left then (ADR 29)."""
SLACK = 3.0
"""Others work on the machine."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    """A mail server that is not there yet, and knows one of two addresses."""
    return Post(port=free_port(), rcpt={"alt@muster.example": "550 5.1.1 No such user"})


@pytest.fixture(scope="module")
def cert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its certificate."""
    return certificate(tmp_path_factory.mktemp("post"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, post: Post, cert: Path) -> Iterator[Installation]:
    """An installation that sends its mails there."""
    secret = cert.with_name("password")
    secret.write_text(PASSWORD, "utf-8")
    secret.chmod(0o600)
    with installed(
        tmp_path_factory.mktemp("vz"),
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(post.port),
        SMTP_CA=str(cert),
        SMTP_USER=USER,
        SMTP_PASSWORD_FILE=str(secret),
        MAIL_FROM="nachricht@portal.example",
        MAIL_REPLIES="antwort@portal.example",
        WEB_URL="https://portal.example",
    ) as made:
        yield made


async def talks(scene: Scene) -> Caller:
    """A caller is with Dora."""
    scene.has_customer(contacts=[EVA])
    dora = await scene.hires("dora")
    await scene.opens(dora)
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await dora.takes_the_call()
    await caller.is_answered()
    return caller


async def saves(desk: DeskHands, call: str, subject: str, urgency: str) -> float:
    """A message for Eva; when."""
    sent = {"key": subject, "contact": "Eva Muster", "subject": subject, "urgency": urgency, "text": "Bitte rückrufen."}
    status, said = await desk.posts(f"/desk/calls/{call}/message", **sent)
    assert status == 200, said
    return time.monotonic()


async def comes(post: Post, subject: str, within: float) -> float:
    """The mail of that message is there; when."""

    async def look() -> bool:
        return any(subject in mail["Subject"] for _, mail in post.got)

    await eventually(look, f"a mail '{subject}'", within)
    return time.monotonic()


async def test_an_emergency_at_once_and_every_other_message_when_it_can_be_undone_no_more(
    house: Installation, post: Post, cert: Path
) -> None:
    async with opened(post, "starttls", cert, login=True), story(house) as scene:
        caller = await talks(scene)
        call = await scene.call_id()
        async with at_desk(house, "dora") as desk:
            usual = await saves(desk, call, "Kranz", "normal")
            urgent = await saves(desk, call, "Wasserrohr", "emergency")
        urgent = await comes(post, "Wasserrohr", SOON + SLACK) - urgent
        came = await comes(post, "Kranz", UNDO + SOON + SLACK) - usual
        print(f"\nsaved → with the mail server: emergency {urgent:.2f} s, others {came:.2f} s")
        assert urgent < SOON + SLACK
        assert UNDO - 0.5 < came < UNDO + SOON + SLACK
        await caller.hangs_up()
        await scene.trails()
    assert [to for to, _ in post.got] == ["eva@muster.example"] * 2
    assert all(post.logins)
    replies = [mail["Reply-To"].addresses[0].addr_spec for _, mail in post.got]
    assert [address.startswith("antwort+") for address in replies] == [True, True]
    assert len({mail["Message-ID"] for _, mail in post.got}) == 2


async def test_a_daily_summary_leaves_once_however_often_the_engine_is_killed(
    house: Installation, post: Post, cert: Path
) -> None:
    before, wanted = len(post.got), {"at": "00:00", "days": "daily", "empty": True}
    async with opened(post, "starttls", cert, login=True), story(house) as scene:
        scene.complains_of = {"engine_died"}
        scene.has_customer(digest={**wanted, "mail": ["buero@muster.example"]})
        await scene.opens()
        await house.dies()
        await comes(post, "Tagesübersicht für Muster GmbH", SLACK * 3)
        # The one that is planned last says that the next engine has looked at all.
        scene.change_customer(contacts=[{**EVA, "notify": {**EVA["notify"], "digest": wanted}}])
        await scene.opens()
        await house.dies()
        await comes(post, "Tagesübersicht für Eva Muster", SLACK * 3)
    told = [(to, str(mail["Subject"]).partition(",")[0]) for to, mail in post.got[before:]]
    assert told == [
        ("buero@muster.example", "Tagesübersicht für Muster GmbH"),
        ("eva@muster.example", "Tagesübersicht für Eva Muster"),
    ]
