"""The phone against a real Asterisk: a carrier's call, a registered phone, both talk through the switch."""

import asyncio
import math
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from pbx.phone import Ended, Loss, NotInTime, Phone, PhoneError
from pbx.phone.messages import Peer
from tests.pbx.phone_world import PASSWORD, phone_switch

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Peer]:
    """The address of an Asterisk."""
    async with phone_switch(tmp_path_factory.mktemp("asterisk")) as address:
        yield address


def agent(user: str = "agent1", password: str = PASSWORD, hz: int = 620) -> Phone:
    return Phone(user=user, password=password, hz=hz)


async def test_early_media_is_heard_and_given_up(server: Peer) -> None:
    async with Phone() as caller:
        call = await caller.dial("early", server, caller="+4917")
        await call.until(183, within=5)
        await call.hears(min_dbfs=-18, max_dbfs=-14)
        assert call.heard.tone_share(425, 0.1) > 0.9
        assert not call.connected
        assert await call.cancel() == Ended("us", 487)
    assert [(seen.code, seen.has_sdp) for seen in call.responses] == [(100, False), (183, True), (487, False)]
    assert [f.what for f in call.facts if f.what != "first RTP"] == [
        "INVITE sent", "100", "183", "PRACK sent", "CANCEL sent", "487", "ended",
    ]  # fmt: skip


async def test_ringing_has_no_media(server: Peer) -> None:
    async with Phone() as caller:
        call = await caller.dial("ring", server)
        seen = await call.until(180, within=5)
        assert not seen.has_sdp
        with pytest.raises(NotInTime, match="per 100 ms: nothing"):
            await call.hears(min_dbfs=-math.inf, within=0.3)
        await call.hang_up()
        assert (call.ended, call.codes, call.heard.packets) == (Ended("us", 487), [100, 180, 487], 0)


async def test_busy_and_unknown(server: Peer) -> None:
    async with Phone() as caller:
        busy, unknown = await caller.dial("busy", server), await caller.dial("nobody", server)
        ended = await busy.over(within=5)
        assert (ended.by, ended.code) == ("them", 486)
        assert await unknown.over(within=5) == Ended("them", 404)


async def test_the_switch_hangs_up_and_says_why(server: Peer) -> None:
    async with Phone() as caller:
        call = await caller.dial("brief", server)
        ended = await call.over(within=5)
    assert (ended, ended.cause, call.codes) == (Ended("them", reason="Q.850;cause=16"), 16, [100, 200])


async def test_our_tone_comes_back(server: Peer) -> None:
    async with Phone(hz=440) as caller:
        call = await caller.dial("echo", server)
        await call.hears(min_dbfs=-27, max_dbfs=-25, within=5)
        await call.hears(min_dbfs=-27, max_dbfs=-25, within=5)
        assert call.heard.tone_share(440, 0.1) > 0.9
        await call.hang_up()
        assert call.ended == Ended("us")


async def test_lost_datagrams_change_nothing(server: Peer) -> None:
    loss = Loss(sent=2)
    async with Phone(t1=0.05, loss=loss) as caller:
        call = await caller.dial("brief", server)
        await call.until(100, within=5)
        loss.received = 2  # the 200, and its first repetition
        await call.over(within=10)
        assert call.codes == [100, 200]


async def test_a_carriers_call_reaches_a_registered_phone(server: Peer) -> None:
    async with Phone(hz=440) as caller, agent() as phone:
        await phone.register(server)
        call = await caller.dial("+4930123450", server, caller="+4917", display="Muster GmbH")
        ring = await phone.rings(within=5)
        assert (ring.display, ring.number) == ("Muster GmbH", "+4917")
        assert str(ring.header("P-Asserted-Identity")).startswith('"Muster GmbH" <sip:+4917@')
        await ring.alert()
        await call.until(180, within=5)
        await ring.answer()
        await call.until(200, within=5)
        await asyncio.gather(call.hears(min_dbfs=-27), ring.hears(min_dbfs=-27))
        await asyncio.gather(call.hears(min_dbfs=-27), ring.hears(min_dbfs=-27))
        assert call.heard.tone_share(620, 0.1) > 0.9
        assert ring.heard.tone_share(440, 0.1) > 0.9
        await ring.hang_up()
        assert await call.over(within=5) == Ended("them", reason="Q.850;cause=16")
        assert phone.waiting == ()


async def test_the_switch_leads_the_media_past_itself(server: Peer) -> None:
    """Direct media: a re-INVITE to either phone, and from then on each hears the other without Asterisk."""
    async with agent("agent3", hz=440) as caller, agent("agent3") as phone:
        await phone.register(server)
        call = await caller.dial("direct", server)
        ring = await phone.rings(within=5)
        await ring.answer()
        await asyncio.gather(call.happens("INVITE received", within=5), ring.happens("INVITE received", within=5))
        await asyncio.gather(call.hears(min_dbfs=-27), ring.hears(min_dbfs=-27))
        assert call.heard.tone_share(620, 0.1) > 0.9
        assert ring.heard.tone_share(440, 0.1) > 0.9
        await call.hang_up()
        await ring.over(within=5)


async def test_a_phone_that_rejects_and_one_that_is_cancelled(server: Peer) -> None:
    async with Phone() as caller, agent() as phone:
        await phone.register(server)
        refused = await caller.dial("+491", server)
        await (await phone.rings(within=5)).reject(486)
        assert (await refused.over(within=5)).code == 486
        given_up = await caller.dial("+492", server)
        ring = await phone.rings(within=5)
        await ring.alert()
        await given_up.until(180, within=5)
        await given_up.cancel()
        ended = await ring.over(within=5)
        assert (ended.by, ended.code) == ("them", 487)


async def test_closing_takes_the_registration_back(server: Peer) -> None:
    async with Phone() as caller:
        async with agent() as phone:
            await phone.register(server)
        call = await caller.dial("+491", server)
        ended = await call.over(within=5)
        assert (ended.by, ended.code) == ("them", 503)


@pytest.mark.parametrize("user", ["agent1", "agent2"], ids=["MD5", "SHA-256"])
async def test_calls_and_registrations_with_a_password(server: Peer, user: str) -> None:
    async with agent(user) as phone:
        await phone.register(server)
        call = await phone.dial("brief", server)
        await call.over(within=5)
        assert call.codes == [401, 100, 200]


async def test_a_wrong_password_is_said(server: Peer) -> None:
    async with agent(password="wrong") as phone:
        with pytest.raises(PhoneError) as raised:
            await phone.register(server)
        assert str(raised.value) == (
            f"registration of agent1 at 127.0.0.1:{server[1]} refused: 401, wrong user name or password"
        )
        call = await phone.dial("brief", server)
        assert await call.over(within=5) == Ended("them", 401)
        assert call.codes == [401, 401]


async def test_a_registrar_that_does_not_answer() -> None:
    async with Phone() as gone:
        nobody = gone.address
    async with agent() as phone:
        with pytest.raises(
            PhoneError,
            match=rf"^no answer to the registration of agent1 at 127.0.0.1:{nobody[1]} within 0.2 s$",
        ):
            await phone.register(nobody, within=0.2)
