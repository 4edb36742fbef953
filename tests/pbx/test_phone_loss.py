"""UDP loses datagrams: each message of a call gets lost in turn, and the call goes on as if nothing were."""

import asyncio

import pytest

from pbx.phone import Ended, Loss, NotInTime, Phone

T1 = 0.02
"""Seconds; 64 times that is the longest wait."""


async def test_the_invite_gets_lost() -> None:
    async with Phone(t1=T1, loss=Loss(sent=3)) as anna, Phone(t1=T1) as bert:
        call = await anna.dial("1", server=bert.address)
        there = await bert.rings(within=2)
        await there.alert()
        await call.until(180, within=2)
        assert (call.codes, bert.waiting) == ([100, 180], ())


async def test_the_100_gets_lost_and_the_invite_comes_again() -> None:
    async with Phone(t1=T1) as anna, Phone(t1=T1, loss=Loss(sent=2)) as bert:
        call = await anna.dial("1", server=bert.address)
        await bert.rings(within=2)
        await call.until(100, within=2)
        assert (call.codes, bert.waiting) == ([100], ())


async def test_the_200_gets_lost() -> None:
    loss = Loss()
    async with Phone(t1=T1) as anna, Phone(t1=T1, loss=loss) as bert:
        call = await anna.dial("1", server=bert.address)
        there = await bert.rings(within=2)
        loss.sent = 2
        await there.answer()
        assert (call.connected, call.codes) == (True, [100, 200])


async def test_the_ack_gets_lost_and_the_200_comes_again() -> None:
    loss = Loss()
    async with Phone(t1=T1, loss=loss) as anna, Phone(t1=T1) as bert:
        call = await anna.dial("1", server=bert.address)
        there = await bert.rings(within=2)
        await call.until(100, within=2)
        loss.sent = 2
        await there.answer()
        assert loss.sent == 0
        assert call.codes == [100, 200]


async def test_the_refusal_and_its_ack_get_lost() -> None:
    lost_by_anna, lost_by_bert = Loss(), Loss()
    async with Phone(t1=T1, loss=lost_by_anna) as anna, Phone(t1=T1, loss=lost_by_bert) as bert:
        call = await anna.dial("1", server=bert.address)
        there = await bert.rings(within=2)
        await call.until(100, within=2)
        lost_by_anna.sent = lost_by_bert.sent = 1
        await there.reject(603)
        assert await call.over(within=2) == Ended("them", 603)
        assert call.codes == [100, 603]


async def test_cancel_and_bye_get_lost() -> None:
    loss = Loss()
    async with Phone(t1=T1, loss=loss) as anna, Phone(t1=T1) as bert:
        call = await anna.dial("1", server=bert.address)
        given_up = await bert.rings(within=2)
        await call.until(100, within=2)
        loss.sent = 2
        assert await call.cancel() == Ended("us", 487)
        assert await given_up.over(within=2) == Ended("them", 487)
        call = await anna.dial("2", server=bert.address)
        talked = await bert.rings(within=2)
        await talked.answer()
        loss.sent = 2
        await call.hang_up()
        assert talked.ended == Ended("them")


async def test_what_comes_in_gets_lost() -> None:
    async with Phone(t1=T1) as anna, Phone(t1=T1, loss=Loss(received=2)) as bert:
        call = await anna.dial("1", server=bert.address)
        await bert.rings(within=2)
        await call.until(100, within=2)


async def test_nobody_there() -> None:
    async with Phone() as gone:
        server = gone.address
    async with Phone(t1=T1) as anna:
        call = await anna.dial("1", server=server)
        assert await call.over(within=5) == Ended("timeout", 408)
        assert call.codes == []
        assert [fact.what for fact in call.facts] == ["INVITE sent", "no response"]


async def test_the_caller_is_gone_when_the_call_is_answered() -> None:
    loss = Loss()
    async with Phone(t1=T1 / 4, loss=loss) as anna, Phone(t1=T1 / 4) as bert:
        await anna.dial("1", server=bert.address)
        there = await bert.rings(within=2)
        loss.sent = loss.received = 1000
        with pytest.raises(NotInTime, match="no ACK to our 200"):
            await there.answer(within=5)
        assert there.ended == Ended("timeout")


async def test_the_other_side_is_gone_when_we_hang_up() -> None:
    loss = Loss()
    async with Phone(t1=T1 / 4) as anna, Phone(t1=T1 / 4, loss=loss) as bert:
        call = await anna.dial("1", server=bert.address)
        await (await bert.rings(within=2)).answer()
        loss.received = 1000
        with pytest.raises(NotInTime, match=rf"^127.0.0.1:{bert.address[1]} does not answer BYE in 0.32 s$"):
            await call.hang_up()
        assert call.ended == Ended("us")


async def test_noise_is_dropped() -> None:
    """Keep-alives, half a message, a response to nothing: no answer, no call, and the phone lives on."""
    loop = asyncio.get_running_loop()
    async with Phone() as bert:
        noise, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=bert.address)
        for datagram in (
            b"\r\n\r\n",
            b"\x00\xff",
            b"INVITE sip:x SIP/2.0\r\n\r\n",
            b"SIP/2.0 200 OK\r\nVia: x\r\n\r\n",
        ):
            noise.sendto(datagram)
        async with Phone() as anna:
            await anna.dial("1", server=bert.address)
            there = await bert.rings(within=2)
        noise.close()
        assert (there.dialled, bert.waiting) == ("1", ())
