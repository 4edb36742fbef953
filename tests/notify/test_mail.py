"""Mail against a real SMTP server: taken, refused, greylisted, gone, slow, and over TLS."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.message.states import DeliveryState, Means, Trouble
from engine.notify import mail as module
from engine.notify.mail import MailCourier, Server
from engine.notify.mail_writing import Sender
from engine.notify.returns import delivery_of
from engine.ports.outbox import Handed, NotHanded
from tests.notify.parcels import StandingClock, handed_over, parcel
from tests.notify.post import PASSWORD, USER, Post, certificate, opened
from tests.ports import free_port

FROM = Sender("nachricht@portal.example.net", "Sekretariat", "https://portal.example.net")
SENT = Handed(DeliveryState.SENT, "<d7k3m9q2x5@portal.example.net>")
TO = "j.gross@muster.example"


def courier(post: Post, **server: Any) -> MailCourier:
    security, cert = server.pop("security", "none"), server.pop("ca", None)
    tls = ssl.create_default_context(cafile=cert) if security != "none" else None
    return MailCourier(Server("127.0.0.1", post.port, security, tls, **server), FROM, StandingClock())


async def refused(courier: MailCourier, address: str = TO) -> NotHanded:
    with pytest.raises(NotHanded) as problem:
        await courier.send(parcel(Means.MAIL, address))
    assert problem.value.is_try
    return problem.value


def told(problem: NotHanded) -> tuple[Trouble, bool, str]:
    return problem.trouble, problem.final, problem.detail


async def test_a_mail_is_handed_over() -> None:
    async with opened(Post()) as post:
        assert await courier(post).send(parcel(Means.MAIL, TO)) == SENT
    [(to, mail)] = post.got
    assert (to, mail["Message-ID"], mail["To"].addresses[0].addr_spec) == (TO, SENT.reference, TO)
    assert await courier(post).look(handed_over(parcel(Means.MAIL, TO), SENT.reference)) == SENT


@pytest.mark.parametrize(
    ("answer", "trouble", "final"),
    [
        ("451 4.7.1 Greylisted, try again in five minutes", Trouble.REFUSED, False),
        ("452 4.2.2 Mailbox full", Trouble.REFUSED, False),
        ("421 4.3.2 Shutting down", Trouble.UNREACHABLE, False),
        ("550 5.1.1 No such user", Trouble.ADDRESS, True),
        ("550 No such user", Trouble.ADDRESS, True),
        ("551 User not local", Trouble.ADDRESS, True),
        ("553 5.1.3 Mailbox name not allowed", Trouble.ADDRESS, True),
        ("550 5.7.1 Relaying denied", Trouble.REFUSED, True),
        ("552 5.2.2 Mailbox full", Trouble.REFUSED, True),
        ("554 5.7.1 Blocked by a list", Trouble.REFUSED, True),
        ("999 Whatever that is", Trouble.REFUSED, False),
    ],
)
async def test_what_is_said_of_the_recipient(answer: str, trouble: Trouble, final: bool) -> None:
    async with opened(Post(rcpt={TO: answer})) as post:
        assert told(await refused(courier(post))) == (trouble, final, answer)
        assert post.got == []
        post.rcpt.clear()
        assert await courier(post).send(parcel(Means.MAIL, TO)) == SENT


@pytest.mark.parametrize(
    ("answer", "trouble", "final"),
    [
        ("451 4.3.0 Try later", Trouble.REFUSED, False),
        ("552 5.3.4 Too big", Trouble.REFUSED, True),
        ("550 5.7.1 Spam", Trouble.REFUSED, True),
    ],
)
async def test_what_is_said_of_the_mail(answer: str, trouble: Trouble, final: bool) -> None:
    async with opened(Post(end=answer)) as post:
        assert told(await refused(courier(post))) == (trouble, final, answer)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ("550 5.7.1 You may not send from there", Trouble.OURS),
        ("530 5.7.0 Authentication required", Trouble.OURS),
        ("451 4.3.0 Out of order", Trouble.UNREACHABLE),
    ],
)
async def test_a_refusal_of_ourselves_is_never_final(answer: str, trouble: Trouble) -> None:
    async with opened(Post(mail=answer)) as post:
        assert told(await refused(courier(post))) == (trouble, False, answer)


async def test_of_two_addresses_one_is_refused() -> None:
    async with opened(Post(rcpt={"alt@muster.example": "550 5.1.1 No such user"})) as post:
        both = courier(post)
        done = await asyncio.gather(
            refused(both, "alt@muster.example"),
            both.send(replace(parcel(Means.MAIL, TO), key="other")),
        )
    assert (done[0].trouble, done[1].reference) == (Trouble.ADDRESS, "<other@portal.example.net>")
    assert [to for to, _ in post.got] == [TO]


@pytest.mark.parametrize(
    ("post", "parameters"),
    [(Post(dsn=True), ["RET=HDRS", "NOTIFY=FAILURE,DELAY"]), (Post(), []), (Post(no_ehlo=True), [])],
)
async def test_what_cannot_be_delivered_comes_back_to_its_own_address(post: Post, parameters: list[str]) -> None:
    async with opened(post):
        sender = replace(FROM, returns="zurueck@portal.example.net", key=bytes(32))
        server = Server("127.0.0.1", post.port, "none")
        assert await MailCourier(server, sender, StandingClock()).send(parcel(Means.MAIL, TO)) == SENT
        assert await courier(post).send(parcel(Means.MAIL, TO)) == SENT
    own, plain = post.senders
    assert (delivery_of(own, sender.returns, sender.key), plain) == (7, FROM.address)
    assert post.parameters == parameters, "who gets no reports wants none"


async def test_a_server_is_down_and_back() -> None:
    post = Post(port=free_port())
    away = courier(post)
    problem = await refused(away)
    assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)
    async with opened(post):
        assert await away.send(parcel(Means.MAIL, TO)) == SENT
    assert [mail["Message-ID"] for _, mail in post.got] == [SENT.reference]


async def test_a_server_that_goes_at_the_end_gets_the_same_mail_again() -> None:
    """Whether it has it nobody knows; the Message-ID lets the recipient's side tell."""
    async with opened(Post(hangs_up=True)) as post:
        problem = await refused(courier(post))
        assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)
        post.hangs_up = False
        assert await courier(post).send(parcel(Means.MAIL, TO)) == SENT
    assert [mail["Message-ID"] for _, mail in post.got] == [SENT.reference] * 2


async def test_a_server_that_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMMAND", 0.2)
    async with opened(Post(asleep=asyncio.Event())) as post:
        problem = await refused(courier(post))
        assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)
        assert post.asleep
        post.asleep.set()


async def test_who_answers_is_no_mail_server() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        problem = await refused(courier(Post(port=server.sockets[0].getsockname()[1])))
    assert (problem.trouble, problem.final) == (Trouble.UNREACHABLE, False)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_over_tls_with_a_login(security: str, tmp_path: Path) -> None:
    cert = certificate(tmp_path)
    async with opened(Post(), security, cert, login=True) as post:
        safe = courier(post, security=security, ca=cert, user=USER, password=PASSWORD)
        assert await safe.send(parcel(Means.MAIL, TO)) == SENT
    assert (post.logins, len(post.got)) == ([True], 1)


async def test_a_wrong_password_is_ours_and_not_final(tmp_path: Path) -> None:
    cert = certificate(tmp_path)
    async with opened(Post(), "starttls", cert, login=True) as post:
        wrong = courier(post, security="starttls", ca=cert, user=USER, password="falsch")
        problem = await refused(wrong)
    assert (problem.trouble, problem.final, problem.detail[:3]) == (Trouble.OURS, False, "535")
    assert "falsch" not in f"{problem}{wrong._server!r}"
    assert (True not in post.logins, post.got) == (True, [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_strangers_certificate_gets_nothing(security: str, tmp_path: Path) -> None:
    cert = certificate(tmp_path)
    async with opened(Post(), security, cert, login=True) as post:
        problem = await refused(courier(post, security=security, user=USER, password=PASSWORD))
    assert (problem.trouble, problem.final) == (Trouble.OURS, False)
    assert "certificate" in problem.detail.lower()
    assert (post.logins, post.got) == ([], [])


async def test_starttls_is_insisted_on() -> None:
    async with opened(Post()) as post:
        problem = await refused(courier(post, security="starttls"))
    assert told(problem) == (Trouble.OURS, False, "SMTP STARTTLS extension not supported by server.")
    assert post.got == []


async def test_umlauts_in_an_address() -> None:
    async with opened(Post()) as post:
        assert await courier(post).send(parcel(Means.MAIL, "info@müller.example")) == SENT
        assert await courier(post).send(parcel(Means.MAIL, "jürgen@müller.example")) == SENT
    assert [to for to, _ in post.got] == ["info@xn--mller-kva.example", "jürgen@xn--mller-kva.example"]
    assert ["SMTPUTF8" in options for options in post.options] == [False, True]


@pytest.mark.parametrize("address", ["", "muster.example", "@muster.example", "a@", "a b@x\r\nRCPT TO:<c@d>"])
async def test_what_is_no_address_reaches_no_server(address: str) -> None:
    async with opened(Post()) as post:
        problem = await refused(courier(post), address)
    assert (problem.trouble, problem.final) == (Trouble.ADDRESS, True)
    assert post.got == []
