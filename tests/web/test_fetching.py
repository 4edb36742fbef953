"""An agent opens a second browser during a talk: the talk stays where it is, and can be fetched."""

from __future__ import annotations

import pytest

from engine.terms import AgentState
from tests.web.asking import asking
from tests.web.office import Office
from tests.web.phone_switch import LIMIT, Switch, phone
from tests.web.test_desk_phone import closed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_phone_is_not_taken_out_of_a_talk_but_the_talk_can_be_fetched(office: Office, switch: Switch) -> None:
    where, facts = f"{office.url}/desk/phone/talk", '{"invitation": "INVITE sip:anna", "tag": "t1"}'
    sent = {"Sec-Fetch-Site": "same-origin"}
    async with phone(office, page="?window=first") as first:
        office.phone_line.states["anna"] = AgentState.TALKING
        async with asking(office, "anna@ours.example") as anna, asking(office, "carl@ours.example") as carl:
            async with anna.client.put(where, data=facts, headers=sent) as answer:
                assert answer.status == 204
            async with phone(office, page="?window=second") as second:
                assert await closed(second) == 4423
            await first.send_str("still there")
            assert await first.receive_str(timeout=LIMIT) == "heard still there"
            assert (await anna.gets("/desk/phone/talk"))[::2] == (200, facts)
            assert (await carl.gets("/desk/phone/talk"))[0] == 404, "another agent's"
            async with phone(office, page="?window=third&goes_on=yes") as third:
                assert await closed(first) == 4409
                await third.send_str("hello")
                assert await third.receive_str(timeout=LIMIT) == "heard hello"
                assert office.phone_line.told == ["opened anna", "opened anna"]
                office.phone_line.calls += 1
                assert (await anna.gets("/desk/phone/talk"))[0] == 404, "of a talk that is over"
                office.phone_line.states["anna"] = AgentState.READY
                async with anna.client.put(where, data=facts, headers=sent) as answer:
                    assert answer.status == 204
                office.phone_line.states["anna"] = AgentState.TALKING
                assert (await anna.gets("/desk/phone/talk"))[0] == 404, "without a talk nothing is kept"
                async with anna.client.put(where, data="x" * 40_000, headers=sent) as answer:
                    assert answer.status == 413
        async with asking(office, "ben@ours.example") as ben:
            assert (await ben.gets("/desk/phone/talk"))[0] == 404, "whose phone is another device"
    assert "INVITE" not in repr(office.app.state.web.talks)


async def test_the_phone_of_a_page_that_is_gone_is_taken_out_of_a_talk_too(office: Office, switch: Switch) -> None:
    """It may be back within its time, and nobody else is kept from the phone by it."""
    async with phone(office, page="?window=first"):
        office.phone_line.states["anna"] = AgentState.TALKING
    async with phone(office, page="?window=second") as second:
        await second.send_str("hello")
        assert await second.receive_str(timeout=LIMIT) == "heard hello"


@pytest.mark.parametrize("is_new_engine", [True, False])
async def test_the_page_of_a_talk_is_back_though_another_browser_was_quicker(
    office: Office, switch: Switch, is_new_engine: bool
) -> None:
    """After an engine that was killed, or a moment without the network: what came meanwhile is sent away."""
    office.phone_line.states["anna"] = AgentState.TALKING
    if not is_new_engine:
        async with phone(office, page="?window=first&goes_on=yes"):
            pass
    async with phone(office, page="?window=quicker&goes_on=no") as quicker:
        for _ in range(2):
            async with phone(office, page="?window=first&goes_on=yes") as first:
                await first.send_str("hello")
                assert await first.receive_str(timeout=LIMIT) == "heard hello"
        assert await closed(quicker) == 4423
    async with phone(office, page="?window=quicker&goes_on=no") as again:
        assert await closed(again) == 4409
    assert "lost anna" not in office.phone_line.told


async def test_a_page_that_is_back_with_a_talk_that_is_over_leaves_the_next_one_alone(
    office: Office, switch: Switch
) -> None:
    office.phone_line.states["anna"] = AgentState.TALKING
    async with phone(office, page="?window=first&goes_on=yes"):
        pass
    async with phone(office, page="?window=second&goes_on=no") as second:
        office.phone_line.calls += 1
        async with phone(office, page="?window=first&goes_on=yes") as first:
            assert await closed(first) == 4409
        await second.send_str("hello")
        assert await second.receive_str(timeout=LIMIT) == "heard hello"
