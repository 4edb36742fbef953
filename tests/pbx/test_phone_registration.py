"""Registration is kept alive, and refusals are said; the registrar here answers as the test wants."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from pbx.phone import Phone, PhoneError, registration
from pbx.phone.messages import Peer
from pbx.phone.transaction import ServerTransaction
from pbx.phone.wire import Loss, Wire

LIMIT = 5.0


@asynccontextmanager
async def registrar(*answers: tuple[int, dict[str, str]]) -> AsyncIterator[tuple[Peer, asyncio.Queue[str]]]:
    """A registrar that gives these answers, the last one again and again; the Expires of every request."""
    asked: asyncio.Queue[str] = asyncio.Queue()
    left: Iterator[tuple[int, dict[str, str]]] = iter(answers)

    def requested(transaction: ServerTransaction) -> None:
        asked.put_nowait(transaction.request.headers["Expires"])
        code, headers = next(left, answers[-1])
        transaction.respond(code, "there", headers=headers)

    wire = Wire(0.5, Loss(), requested, lambda _: None)
    await wire.open("127.0.0.1", 0)
    try:
        yield wire.here, asked
    finally:
        wire.close()


async def next_of(asked: asyncio.Queue[str], count: int) -> list[str]:
    async with asyncio.timeout(LIMIT):
        return [await asked.get() for _ in range(count)]


async def test_a_registration_is_renewed_and_taken_back() -> None:
    async with registrar((200, {"Expires": "0.1"})) as (server, asked):
        async with Phone(user="agent1", password="p") as phone:
            await phone.register(server, expires=60)
            assert await next_of(asked, 3) == ["60", "60", "60"]
            while not asked.empty():
                asked.get_nowait()
        assert (await next_of(asked, asked.qsize()))[-1] == "0"


async def test_a_renewal_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "_AGAIN", 0.01)
    answers = [(200, {"Expires": "0.02"}), (503, {}), (503, {}), (200, {"Expires": "60"})]
    async with registrar(*answers) as (server, asked), Phone(user="agent1", password="p") as phone:
        await phone.register(server)
        assert await next_of(asked, 4) == ["300"] * 4


async def test_the_time_granted_is_that_of_our_own_contact() -> None:
    async with Phone(user="agent1", password="p") as phone:
        mine = f"<sip:agent1@{phone.address[0]}:{phone.address[1]}>;expires=0.1"
        async with registrar((200, {"Contact": f"<sip:agent1@192.0.2.1>;expires=900, {mine}"})) as (server, asked):
            await phone.register(server)
            assert await next_of(asked, 2) == ["300", "300"]
            await phone.close()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((403, {}), "registration of agent1 at {server} refused: 403 Forbidden"),
        (
            (401, {"WWW-Authenticate": 'Digest realm="x", nonce="y", algorithm=SHA-512-256'}),
            "cannot answer this challenge (digest with MD5 or SHA-256 is known): "
            '[\'Digest realm="x", nonce="y", algorithm=SHA-512-256\']',
        ),
        (
            (401, {"WWW-Authenticate": "Basic realm=x"}),
            "cannot answer this challenge (digest with MD5 or SHA-256 is known): ['Basic realm=x']",
        ),
    ],
)
async def test_a_refusal_is_said(answer: tuple[int, dict[str, str]], problem: str) -> None:
    async with registrar(answer) as (server, _), Phone(user="agent1", password="p") as phone:
        with pytest.raises(PhoneError) as raised:
            await phone.register(server)
    assert str(raised.value) == problem.format(server=f"{server[0]}:{server[1]}")


async def test_without_a_password_there_is_no_registration() -> None:
    async with Phone(user="agent1") as phone:
        with pytest.raises(PhoneError, match=r"^agent1 needs a password to register$"):
            await phone.register(phone.address)
