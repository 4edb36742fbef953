"""An agent's time is over in a talk: for what that talk and its message do not need one signs in anew.

Rule of this file: nothing that was typed is taken away meanwhile.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from engine.acd.agents import SESSION_OVER
from engine.terms import AgentState
from tests.web.asking import asking
from tests.web.desk_scenes import AtWork, at_work, hire
from tests.web.office import Office
from tests.web.test_overtime import SHIFT, is_old, looks_often

__all__ = ["looks_often"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_next_call_is_for_who_signs_in_anew(office: Office) -> None:
    await hire(office)
    AtWork(None, office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        AtWork(None, office).ends(wrap_up=60)  # type: ignore[arg-type]
        status, _, page = await anna.sends("/desk/state", state="ready")
        assert (status, "auch für den nächsten Anruf, melden Sie sich bitte neu an" in page) == (423, True)
        assert office.desks.wishes == []
        assert office.phone_line.left == []
        assert (await anna.sends("/desk/wrap-up/end"))[0] == 303
        assert office.phone_line.left == [("anna", SESSION_OVER)], "before the next call can come"
        assert (await anna.sends("/desk/state", state="paused", reason="lunch"))[0] == 303
        async with asking(office, "anna") as anew:
            assert (await anew.sends("/desk/state", state="ready"))[0] == 303
    assert [state for _, state, _ in office.desks.wishes] == [AgentState.PAUSED, AgentState.READY]


async def test_the_key_for_ready_says_so_at_the_desk(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.visitor.fills(text="Eine Torte")
        await is_old(office, SHIFT)
        anna.ends(wrap_up=60)
        await anna.presses("Escape", "b")
        lost = anna.page.locator("#lost")
        await expect(lost).to_contain_text("Für den nächsten Anruf")
        assert office.desks.wishes == []
        await anna.presses("p")
        await expect(anna.part("state").locator(".big")).to_contain_text("Pause")
        await expect(lost).to_be_hidden()
        await anna.presses("Control+Enter")
        await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    assert [slip.text for slip in await anna.slips()] == ["Eine Torte"]
