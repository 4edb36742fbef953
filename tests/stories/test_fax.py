"""A message goes by fax to a machine behind a carrier, while its caller still talks and the engine dies (§5.2.3).

Rule of this file: the machine is an Asterisk of somebody else's; what it has received is what counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.pbx.fax_world import BUSY, T38, machine
from tests.stories.desk_hands import at_desk
from tests.stories.installation import Installation, eventually, installed
from tests.stories.scene import NUMBER, story

EVA = {"name": "Eva Muster", "notify": {"fax": T38}}
OWN = "this number may not be dialled: own_number"
A_FAX = 60.0
"""Seconds that it may take, twenty of them the machines' own courtesies."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("vz"), FAX_NUMBER="+49301234560", MAIL_NAME="Sekretariat Süd") as made:
        yield made


async def faxes(house: Installation) -> list[str]:
    return [channel for channel in await house.switch("channels") if channel.startswith("fax-")]


def deliveries(house: Installation) -> list[tuple[str, int]]:
    """States and tries, as the engine has told of them."""
    lines = [json.loads(line) for line in house.log.splitlines() if line.startswith("{")]
    return [(line["state"], line["tries"]) for line in lines if line["event"] == "delivery"]


async def saves(house: Installation, call: str) -> None:
    """An emergency, which leaves at once."""
    sent = {"key": "rohr", "contact": "Eva Muster", "subject": "Rohr", "urgency": "emergency", "text": "Eilt."}
    async with at_desk(house, "dora") as desk:
        assert (await desk.posts(f"/desk/calls/{call}/message", **sent))[0] == 200


async def test_a_fax_goes_on_without_the_engine_and_touches_no_talk(
    house: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with machine(tmp_path_factory.mktemp("machine")) as called, story(house) as scene:
        out = {"priority": 1, "uri": called.uri, "check": False}
        scene.complains_of = {"engine_died", "deliveries_taken_over"}
        scene.trunks.append({"name": "out", "match": ["127.0.0.18"], "outbound": out})
        scene.has_customer(contacts=[EVA])
        dora = await scene.hires("dora")
        await scene.opens(dora)
        caller = await scene.caller()
        await caller.dials(NUMBER)
        await dora.takes_the_call()
        await caller.is_answered()
        call = await scene.call_id()
        await saves(house, call)

        async def goes() -> bool:
            return await called.calls() == 1 and bool(await faxes(house))

        await eventually(goes, "the fax is on its way", every=0.2)
        await house.dies()
        assert len(await faxes(house)) == 1
        assert await house.ask("GET", "/queue") == []

        async def delivered() -> bool:
            return bool(deliveries(house))

        await eventually(delivered, "the fax has arrived", A_FAX, every=0.2)
        assert deliveries(house) == [("delivered", 1)]
        assert await called.calls() == 1
        with Image.open(called.received("t38")) as page:
            assert (page.width, page.n_frames) == (1728, 1)  # type: ignore[attr-defined]
        for number, said in ((BUSY, "busy, SIP 486; the engine would try again"), (NUMBER, f"address, {OWN}")):
            assert await house.vorzimmer("notify-test", "fax", number) == (1, "", f"vorzimmer: {number}: {said}\n")
        await caller.hears_the_agent()
        await caller.hangs_up()
        [(record, _)] = await scene.calls()
        scene.has_told(record.id)
        assert record.outcome == "answered"
