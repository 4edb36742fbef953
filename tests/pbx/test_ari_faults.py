"""The ARI link when the network fails: cut, frozen, slow, in pieces. A proxy stands before the switch."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from pbx.ari import LinkDown, Outcome, Response
from pbx.ari import requests as r
from tests.pbx.ari_world import EAGER, QUICK, Switch, Witness, a_link, asterisk, free_port, linked
from tests.pbx.fault_proxy import FaultProxy

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def switch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Switch]:
    async with asterisk(tmp_path_factory.mktemp("ari")) as switch:
        yield switch


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    begin = monotonic()
    yield
    assert monotonic() - begin < seconds


async def test_a_cut_fails_every_request_once_and_the_link_comes_back(switch: Switch) -> None:
    witness = Witness()
    async with (
        FaultProxy(switch.port) as proxy,
        linked(switch, witness, port=proxy.port) as link,
    ):
        assert (await link.request("GET", "/bridges")).ok
        proxy.freeze()
        for _ in range(50):
            link.send(*r.create_bridge("never"), on_done=witness.note)
        proxy.cut()
        proxy.thaw()
        await witness.until(lambda seen: seen.count("up") == 2)
        assert (await link.request("GET", "/bridges")).ok
    lost = [type(one) for one in witness.seen[1:51]]
    assert (witness.seen[0], lost, witness.seen[51:]) == ("up", [LinkDown] * 50, ["down", "up", "down"])
    assert (link.counters.connects, link.counters.disconnects, link.counters.lost) == (2, 2, 50)


async def test_a_half_open_connection_is_noticed(switch: Switch) -> None:
    witness = Witness()
    async with (
        FaultProxy(switch.port) as proxy,
        linked(switch, witness, port=proxy.port, pulse=QUICK) as link,
    ):
        link.send("GET", "/bridges", on_done=witness.note)
        await witness.until(lambda seen: len(seen) == 2)
        proxy.freeze()
        link.send("GET", "/bridges", on_done=witness.note)
        with at_most(QUICK.every + QUICK.deadline + 0.5):
            await witness.until(lambda seen: "down" in seen)
        proxy.thaw()
        await witness.until(lambda seen: seen.count("up") == 2)
    answer, lost = witness.seen[1], witness.seen[2]
    assert isinstance(answer, Response)
    assert isinstance(lost, LinkDown)
    assert str(lost) == "the switch has not answered a ping for 0.3 s"
    assert [one for one in witness.seen if isinstance(one, str)] == ["up", "down", "up", "down"]


async def test_frozen_while_much_is_being_written(switch: Switch) -> None:
    """Neither the writer nor the ping may hang in a full buffer."""
    witness = Witness()
    async with (
        FaultProxy(switch.port) as proxy,
        linked(switch, witness, port=proxy.port, pulse=QUICK) as link,
    ):
        proxy.freeze()
        for _ in range(200):
            link.send(*r.play("nobody", "p", "x" * 50_000), on_done=witness.note)
        with at_most(QUICK.every + QUICK.deadline + 1.5):
            await witness.until(lambda seen: "down" in seen)
        proxy.thaw()
        await witness.until(lambda seen: seen.count("up") == 2)
    assert [type(one) for one in witness.seen[1:201]] == [LinkDown] * 200


async def test_a_slow_answer_ends_the_waiting_but_not_the_link(switch: Switch) -> None:
    witness = Witness()
    async with (
        FaultProxy(switch.port) as proxy,
        linked(switch, witness, port=proxy.port) as link,
    ):
        proxy.delay = 0.15
        with at_most(0.25), pytest.raises(TimeoutError):
            await link.request("GET", "/bridges", limit=0.1)
        assert (await link.request("GET", "/bridges")).ok
    assert witness.seen == ["up", "down"]
    assert (link.counters.lost, link.counters.answered) == (0, 3)


async def test_frames_in_single_bytes(switch: Switch) -> None:
    outcomes: list[Outcome] = []
    async with (
        FaultProxy(switch.port) as proxy,
        linked(switch, port=proxy.port) as link,
    ):
        proxy.piece = 1
        for name in ("first", "second"):
            link.send(*r.create_bridge(name), on_done=outcomes.append)
            link.send(*r.delete_bridge(name), on_done=outcomes.append)
        await link.request("GET", "/bridges")
    assert [one.status for one in outcomes if isinstance(one, Response)] == [200, 204, 200, 204]


async def test_a_switch_that_is_not_there_yet(switch: Switch) -> None:
    """The link keeps trying, and is up as soon as the switch is."""
    witness, proxy = Witness(), FaultProxy(switch.port)
    proxy.port = free_port()
    link = a_link(switch, witness, port=proxy.port)
    running = asyncio.create_task(link.run())
    with pytest.raises(LinkDown):
        await link.request("GET", "/bridges")
    async with proxy:
        await witness.until(lambda seen: "up" in seen)
        running.cancel()
        await asyncio.wait({running})
    assert witness.seen == ["up", "down"]
    assert running.cancelled()


async def test_who_takes_connections_and_says_nothing_is_given_up() -> None:
    taken: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    silent = await asyncio.start_server(lambda _, writer: taken.put_nowait(writer), "127.0.0.1", 0)
    witness, port = Witness(), silent.sockets[0].getsockname()[1]
    link = a_link(Switch(port, "secret"), witness, patience=replace(EAGER, connect=0.1))
    with capture_logs() as logs:
        running = asyncio.create_task(link.run())
        first, second = await taken.get(), await taken.get()
        running.cancel()
        await asyncio.wait({running})
    for writer in (first, second):
        writer.close()
    silent.close()
    await silent.wait_closed()
    assert [log["why"] for log in logs] == [f"http://127.0.0.1:{port}/ari cannot be reached: no answer within 0.1 s"]
    assert (witness.seen, running.cancelled()) == ([], True)
