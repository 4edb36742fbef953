"""A fax, from our switch to another Asterisk that receives it: by T.38, by sound, and all the ways in which none gets
through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageSequence

from engine.message.fax import FaxHead
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.fax import FORGET, FaxCourier, FaxSender
from engine.notify.fax_page import drawn
from engine.ports.fax import FaxId, Received
from engine.ports.outbox import Handed, NotHanded
from engine.service import faxes
from engine.terms import E164
from pbx.runtime.asterisk import Asterisk
from tests.notify.parcels import NOW, SLIP, StandingClock, parcel
from tests.pbx.fax_world import AUDIO, BUSY, NOBODY, OURS, PERSON, RINGS, T38, Machine, Sending, machine, sending, trunk
from tests.pbx.runtime_world import running, settings_for
from tests.stories.installation import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEAD = FaxHead(NOW, "Vorzimmer", OURS, "de")
ONE = drawn(SLIP, "Muster GmbH", HEAD)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def called(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    async with machine(tmp_path_factory.mktemp("machine")) as called:
        yield called


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ours(called: Machine, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    async with running(settings_for(tmp_path_factory.mktemp("ours")), [trunk(called)], []) as ours:
        yield ours


@pytest_asyncio.fixture(loop_scope="module")
async def line(ours: Asterisk, called: Machine) -> AsyncIterator[Sending]:
    async with sending(ours, called) as line:
        yield line
        assert line.outbound.going("carrier") == 0
        assert "0 active channels" in await ours.command("core show channels count")


def pages(file: Path) -> list[Image.Image]:
    with Image.open(file) as image:
        return [page.convert("1") for page in ImageSequence.Iterator(image)]


def differing_rows(left: Image.Image, right: Image.Image) -> int:
    assert left.size == right.size
    difference = ImageChops.logical_xor(left, right)
    return sum(1 for y in range(left.height) if difference.crop((0, y, left.width, y + 1)).getbbox())


async def test_t38(line: Sending, called: Machine) -> None:
    courier = FaxCourier(line.faxes, FaxSender("Vorzimmer", OURS), StandingClock())
    fax = parcel(Means.FAX, T38, text="Bitte zurückrufen, es eilt sehr und ist wichtig. " * 78)
    reference = "2 pages, T.38, +493023125110"
    assert await courier.send(fax) == Handed(DeliveryState.DELIVERED, reference, NOW + FORGET)
    sent = line.files.pages(FaxId("fax-d7k3m9q2x5-0"))
    both = list(zip(pages(sent), pages(called.received("t38")), strict=True))
    assert [differing_rows(ours, theirs) for ours, theirs in both] == [0, 0]
    noted = replace(fax, state=DeliveryState.DELIVERED, reference=reference, tries=1)
    assert await courier.look(noted) == Handed(DeliveryState.DELIVERED, reference)
    assert not sent.exists()


@pytest.mark.parametrize("address", ["+4915112345678", "+442079460000", "030", ""])
async def test_what_is_no_german_landline(line: Sending, address: str) -> None:
    courier = FaxCourier(line.faxes, FaxSender("Vorzimmer", OURS), StandingClock())
    with pytest.raises(NotHanded, match="no German landline") as problem:
        await courier.send(parcel(Means.FAX, address))
    assert (problem.value.trouble, problem.value.final) == (Trouble.ADDRESS, True)


async def test_by_sound_through_the_death_of_an_engine(ours: Asterisk, called: Machine, tmp_path: Path) -> None:
    """The one that comes after it finds the call by its name, waits for its end, and dials nobody."""
    fax = FaxId("fax-sound-0")
    calls = await called.calls()
    async with sending(ours, called) as first:
        task = asyncio.create_task(first.faxes.send(fax, AUDIO, ONE))

        async def is_sent() -> bool:
            return "SendFAX" in await ours.command("core show channels concise")

        await eventually(is_sent, "the pages are sent", 20, every=0.2)
        task.cancel()
    async with sending(ours, called) as second:
        received = Received(1, "", t38=False)
        assert await second.faxes.send(fax, AUDIO, ONE) == received
        assert await second.faxes.send(fax, AUDIO, ONE) == received
        assert await called.calls() == calls + 1
        assert oct(second.files.pages(fax).stat().st_mode)[-3:] == "644"
        await second.faxes.forget(fax)
        assert not second.files.pages(fax).exists()
        assert not second.files.result(fax).exists()
    sent = tmp_path / "sent.tif"
    sent.write_bytes(ONE)
    [(ours_page, theirs)] = zip(pages(sent), pages(called.received("audio")), strict=True)
    assert differing_rows(ours_page, theirs) <= ours_page.height // 100


@pytest.mark.parametrize(
    ("number", "trouble", "detail"),
    [
        (BUSY, Trouble.BUSY, "SIP 486"),
        (RINGS, Trouble.NO_ANSWER, "SIP 480"),
        (NOBODY, Trouble.ADDRESS, "SIP 404"),
        (PERSON, Trouble.REFUSED, "no fax machine has answered"),
    ],
    ids=["busy", "no_answer", "nobody", "person"],
)
async def test_none_gets_through(
    line: Sending, monkeypatch: pytest.MonkeyPatch, number: E164, trouble: Trouble, detail: str
) -> None:
    monkeypatch.setattr(faxes, "RING_TIME", 2)
    fax = FaxId("fax-none-0")
    with pytest.raises(NotHanded, match=detail) as problem:
        await line.faxes.send(fax, number, ONE)
    assert (problem.value.trouble, problem.value.is_try) == (trouble, True)
    assert not line.files.pages(fax).exists()


async def test_where_nothing_is_dialled(line: Sending, called: Machine) -> None:
    calls = await called.calls()
    for number, detail in ((E164("+499001234567"), "forbidden_number"), (E164("+442079460000"), "abroad")):
        with pytest.raises(NotHanded, match=detail) as problem:
            await line.faxes.send(FaxId("fax-never-0"), number, ONE)
        assert (problem.value.trouble, problem.value.final) == (Trouble.ADDRESS, True)
    line.outbound.is_away = lambda name: name == "carrier"
    with pytest.raises(NotHanded, match="carrier: trunk_away") as problem:
        await line.faxes.send(FaxId("fax-never-0"), T38, ONE)
    assert (problem.value.trouble, problem.value.is_try) == (Trouble.UNREACHABLE, False)
    line.outbound.trunks([])
    with pytest.raises(NotHanded, match="no trunk dials out here") as problem:
        await line.faxes.send(FaxId("fax-never-0"), T38, ONE)
    assert (problem.value.trouble, problem.value.is_try) == (Trouble.OURS, False)
    assert await called.calls() == calls
