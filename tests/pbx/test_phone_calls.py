"""Two phones call each other: every way a call can go."""

import asyncio
import math

import pytest

from pbx.phone import Ended, IncomingCall, NotInTime, OutgoingCall, Phone, PhoneError

HERS, HIS = 440, 620
"""Hz: what each of the two says."""


def pair() -> tuple[Phone, Phone]:
    return Phone(user="anna", display="Anna Änderung", hz=HERS), Phone(user="bert", hz=HIS)


async def ring(anna: Phone, bert: Phone) -> tuple[OutgoingCall, IncomingCall]:
    call = await anna.dial("+4930123450", server=bert.address)
    return call, await bert.rings(within=2)


def facts(call: OutgoingCall | IncomingCall) -> list[tuple[str, str]]:
    """What happened, without the sound, which comes when it comes."""
    return [(fact.what, fact.detail) for fact in call.facts if fact.what != "first RTP"]


async def test_early_media_answer_talk_and_goodbye() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.alert()
        await there.progress()
        assert (await call.until(183, within=2)).has_sdp
        await call.hears(min_dbfs=-27, max_dbfs=-25)
        assert not call.connected
        await there.answer()
        await call.until(200, within=2)
        await asyncio.gather(call.hears(), there.hears())
        assert call.heard.tone_share(HIS, 0.1) > 0.9
        assert there.heard.tone_share(HERS, 0.1) > 0.9
        await call.hang_up()
        assert await call.over(within=2) == Ended("us")
        assert await there.over(within=2) == Ended("them")
    assert [(seen.code, seen.has_sdp) for seen in call.responses] == [
        (100, False), (180, False), (183, True), (200, True),
    ]  # fmt: skip
    assert facts(call) == [
        ("INVITE sent", f"sip:+4930123450@127.0.0.1:{bert.address[1]}"),
        ("100", ""), ("180", ""), ("183", "SDP"), ("200", "SDP"), ("BYE sent", ""),
    ]  # fmt: skip
    assert facts(there) == [
        ("INVITE received", "Anna Änderung <anna>"),
        ("180 sent", ""), ("183 sent", "SDP"), ("200 sent", "SDP"), ("ACK", ""), ("BYE received", ""),
    ]  # fmt: skip


async def test_the_called_phone_sees_who_calls_whom() -> None:
    anna, bert = pair()
    async with anna, bert:
        headers = {"Diversion": "<sip:+493099887700@carrier>", "P-Asserted-Identity": "<sip:+4917@carrier>"}
        await anna.dial("+4930123450", server=bert.address, caller="+4917", display='Say "hi"', headers=headers)
        shown = await bert.rings(within=2)
        await anna.dial("+4930123450", server=bert.address, caller=None)
        hidden = await bert.rings(within=2)
    assert (shown.display, shown.number, shown.dialled) == ('Say "hi"', "+4917", "+4930123450")
    assert shown.header("diversion") == "<sip:+493099887700@carrier>"
    assert shown.header("P-Asserted-Identity") == "<sip:+4917@carrier>"
    assert shown.header("Privacy") is None
    assert (hidden.display, hidden.number) == ("Anonymous", "anonymous")


async def test_the_called_side_hangs_up() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.answer()
        await there.hang_up()
        assert (await call.over(within=2), await there.over(within=2)) == (Ended("them"), Ended("us"))
        assert call.codes == [100, 200]


async def test_both_hang_up_at_once() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.answer()
        await asyncio.gather(call.hang_up(), there.hang_up())
        assert (call.ended, there.ended) == (Ended("us"), Ended("us"))


async def test_busy() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.reject(486)
        assert (await call.over(within=2), there.ended) == (Ended("them", 486), Ended("us", 486))
        with pytest.raises(
            NotInTime,
            match=r"^no 200 within 1 s; responses: 100 after \S+ s, 486 after \S+ s; ended by them$",
        ):
            await call.until(200, within=1)


async def test_giving_up_while_it_rings() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.alert()
        await call.until(180, within=2)
        assert await call.cancel() == Ended("us", 487)
        assert await there.over(within=2) == Ended("them", 487)
        with pytest.raises(PhoneError, match="cannot pick up: the call is over"):
            await there.answer()
        with pytest.raises(PhoneError, match="nothing to cancel"):
            await call.cancel()
        assert call.codes == [100, 180, 487]


async def test_giving_up_before_the_first_response_waits_for_it() -> None:
    anna, bert = pair()
    async with anna, bert:
        call = await anna.dial("1", server=bert.address)
        assert await call.cancel() == Ended("us", 487)
        assert call.codes == [100, 487]


async def test_giving_up_when_the_other_side_has_just_answered() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await call.until(100, within=2)
        _, ended = await asyncio.gather(there.answer(), call.cancel())
        assert ended == Ended("us", 200)
        assert await there.over(within=2) == Ended("them")
        assert call.codes == [100, 200]


async def test_an_unanswered_call_is_refused_by_hanging_up() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        await there.hang_up()
        assert await call.over(within=2) == Ended("them", 480)


async def test_closing_a_phone_ends_its_calls() -> None:
    anna, bert = pair()
    async with anna:
        async with bert:
            call, there = await ring(anna, bert)
            await there.answer()
            waiting = await anna.dial("2", server=bert.address)
            await waiting.until(100, within=2)
        assert (await call.over(within=2), await waiting.over(within=2)) == (
            Ended("them"),
            Ended("them", 480),
        )


async def test_calls_come_in_order_and_wait() -> None:
    anna, bert = pair()
    async with anna, bert:
        await anna.dial("1", server=bert.address)
        second = await anna.dial("2", server=bert.address)
        await second.until(100, within=2)
        assert [waiting.dialled for waiting in bert.waiting] == ["1", "2"]
        assert [(await bert.rings(within=1)).dialled for _ in range(2)] == ["1", "2"]
        assert bert.waiting == ()


async def test_silence_is_heard_as_silence() -> None:
    async with Phone() as anna, Phone() as bert:
        call, there = await ring(anna, bert)
        await there.answer()
        await call.hears(min_dbfs=-math.inf, max_dbfs=-60)
        with pytest.raises(NotInTime, match=r"^no sound of -40 … 0 dBFS within 1 s; per 100 ms: .*-72.*; responses: "):
            await call.hears(within=1)


async def test_waiting_in_vain_says_what_came() -> None:
    anna, bert = pair()
    async with anna, bert:
        with pytest.raises(NotInTime, match=r"^bert's phone does not ring within 0.05 s$"):
            await bert.rings(within=0.05)
        call, there = await ring(anna, bert)
        await there.alert()
        with pytest.raises(NotInTime, match=r"^no 183 within 0.05 s; responses: 100 after \S+ s, 180 after \S+ s$"):
            await call.until(183, within=0.05)
        with pytest.raises(NotInTime, match=r"^the call is not over within 0.05 s; responses: 100"):
            await call.over(within=0.05)
        with pytest.raises(NotInTime, match=r"per 100 ms: nothing; responses: 100"):
            await call.hears(within=0.05)


async def test_a_port_that_is_taken() -> None:
    async with Phone() as anna:
        port = anna.address[1]
        with pytest.raises(PhoneError, match=f"cannot open a phone at 127.0.0.1:{port}: .*; choose another port"):
            async with Phone(port=port):
                pass


async def test_hold_and_resume() -> None:
    anna, bert = pair()
    async with anna, bert:
        call, there = await ring(anna, bert)
        with pytest.raises(PhoneError, match="nothing to offer"):
            await call.offer("sendonly")
        await there.answer()
        await asyncio.gather(call.hears(), there.hears())
        assert await call.offer("sendonly") == 200
        with pytest.raises(NotInTime):
            await call.hears(within=0.5)  # who is held is silent
        assert await there.offer("sendrecv") == 200
        assert await call.offer("sendrecv") == 200
        await asyncio.gather(call.hears(), there.hears())
        await there.hang_up()
        with pytest.raises(PhoneError, match="ended by us"):
            await there.offer()
    held = ("INVITE received", "within the call")
    offered = [("sendonly offered", "200"), held, ("sendrecv offered", "200")]
    assert [fact for fact in facts(call) if fact in (held, *offered)] == offered
    assert [fact for fact in facts(there) if fact in (held, *offered)] == [held, ("sendrecv offered", "200"), held]
