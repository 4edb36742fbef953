"""What an agent's phone shows: the customer's name, the caller's number; who hides stays hidden everywhere (§2.1)."""

from __future__ import annotations

import pytest

from tests.stories.people import Agent
from tests.stories.scene import NUMBER, Scene

HIDDEN = "+491709876543"
ASSERTED = {"P-Asserted-Identity": f'"Erika Muster" <sip:{HIDDEN}@carrier.example>'}
FACTS = ["INVITE received", "180 sent", "200 sent", "ACK", "first RTP", "BYE received"]
"""All that a phone sees of a call; another INVITE or an UPDATE could show who is at the other end."""


async def talked_with(scene: Scene, agent: Agent, caller: str | None, headers: dict[str, str]) -> None:
    """A short call from this caller, who hangs up."""
    await scene.opens(agent)
    who = await scene.caller()
    await who.dials(NUMBER, caller, headers)
    await agent.takes_the_call()
    await who.hears_the_agent()
    await who.hangs_up()
    await agent.rings_no_more()
    assert [fact.what for fact in agent.call.facts] == FACTS


@pytest.mark.parametrize(
    "name",
    [
        "Muster GmbH",
        "Malerbetrieb Öztürk & Söhne",
        'Café "Zum Löwen" <Nord>, Köln',
        "100 % Büro; ${EXTEN} \\ Partner",
    ],
)
@pytest.mark.parametrize("registered", [True, False])
async def test_the_customers_name_and_the_callers_number(scene: Scene, name: str, registered: bool) -> None:
    scene.has_customer(name=name)
    anna = await scene.hires("anna", registered=registered)
    await talked_with(scene, anna, "+491701234567", {})
    assert (anna.call.display, anna.call.number) == (name, "+491701234567")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert anna.call.header("P-Asserted-Identity") == f'"{quoted}" <sip:+491701234567@127.0.0.1>'
    (trail,) = await scene.trails()
    assert trail[:2] == ["arrived +491701234567 for +4930123450", f"customer K1 {name}"]


@pytest.mark.parametrize(
    ("caller", "headers"),
    [
        (None, {}),
        (None, ASSERTED),
        (None, ASSERTED | {"Privacy": "id"}),
        (HIDDEN, ASSERTED | {"Privacy": "id"}),
        (HIDDEN, {"Privacy": "id"}),
    ],
)
async def test_who_hides_stays_hidden(scene: Scene, caller: str | None, headers: dict[str, str]) -> None:
    scene.has_customer()
    anna = await scene.hires("anna")
    await talked_with(scene, anna, caller, headers)
    assert (anna.call.display, anna.call.number) == ("Muster GmbH", "anonymous")
    assert anna.call.header("P-Asserted-Identity") == '"Muster GmbH" <sip:anonymous@127.0.0.1>'
    assert HIDDEN.removeprefix("+") not in anna.call.invitation
    assert "Erika" not in anna.call.invitation
    (record,) = await scene.records()
    (trail,) = await scene.trails()
    assert (record.caller, trail[0]) == (None, "arrived anonymous for +4930123450")


async def test_the_carriers_word_for_the_callers_number_counts(scene: Scene) -> None:
    scene.has_customer()
    anna = await scene.hires("anna")
    asserted = {"P-Asserted-Identity": "<sip:+493055555@carrier.example>"}
    await talked_with(scene, anna, "+491701234567", asserted)
    (record,) = await scene.records()
    (trail,) = await scene.trails()
    assert (anna.call.number, record.caller) == ("+493055555", "+493055555")
    assert trail[0] == "arrived +493055555 for +4930123450"
