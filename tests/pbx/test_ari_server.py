"""The ARI link against a server of our own that says what Asterisk says only on bad days."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import msgspec
from aiohttp import WSMsgType, web

from pbx.ari import LinkDown, Outcome, Response
from pbx.ari.model import AnyEvent, ChannelDtmfReceived, RESTRequest
from tests.pbx.ari_world import QUICK, Switch, Witness, linked

CALLER = {
    "id": "1", "name": "PJSIP/x", "state": "Up", "protocol_id": "", "accountcode": "", "language": "de",
    "creationtime": "2026-10-25T02:30:00.125+0200", "caller": {"name": "", "number": ""},
    "connected": {"name": "", "number": ""},
    "dialplan": {"context": "", "exten": "", "priority": 1, "app_name": "", "app_data": ""},
}  # fmt: skip
Script = Callable[[web.WebSocketResponse, RESTRequest], Awaitable[None]]


def answer(request_id: str, status: int = 204) -> str:
    return json.dumps({
        "type": "RESTResponse", "transaction_id": "", "request_id": request_id, "status_code": status,
        "reason_phrase": "said so", "uri": "", "application": "vorzimmer",
    })  # fmt: skip


def digit(n: int) -> str:
    return json.dumps({
        "type": "ChannelDtmfReceived", "application": "vorzimmer", "duration_ms": n, "digit": "1",
        "timestamp": "2026-10-25T02:30:00.125+0200", "channel": CALLER,
    })  # fmt: skip


@asynccontextmanager
async def server(script: Script) -> AsyncIterator[Switch]:
    """A WebSocket server that answers the event filter, and does `script` with every other request."""

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                order = msgspec.json.decode(message.data, type=RESTRequest)
                if order.uri.endswith("eventFilter"):
                    await socket.send_str(answer(order.request_id))
                else:
                    await script(socket, order)
        return socket

    app = web.Application()
    app.router.add_get("/ari/events", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield Switch(runner.addresses[0][1], "secret")
    finally:
        await runner.cleanup()


def shown(outcome: Outcome) -> int | str:
    return outcome.status if isinstance(outcome, Response) else str(outcome)


async def test_an_answer_without_id_belongs_to_the_oldest_open_request() -> None:
    async def script(socket: web.WebSocketResponse, order: RESTRequest) -> None:
        named = "" if order.uri == "bad" else order.request_id
        await socket.send_str(answer(named, 400 if order.uri == "bad" else 204))

    outcomes: list[tuple[str, int | str]] = []

    def note(uri: str, outcome: Outcome) -> None:
        outcomes.append((uri, shown(outcome)))

    async with server(script) as switch, linked(switch) as link:
        for uri in ("/good", "/bad", "/bad", "/fine"):
            link.send("GET", uri, on_done=partial(note, uri))
        assert (await link.request("GET", "/last")).status == 204
    assert outcomes == [("/good", 204), ("/bad", 400), ("/bad", 400), ("/fine", 204)]
    assert (link.counters.answered, link.counters.rejected) == (6, 2)


async def test_answers_that_nobody_waits_for_are_dropped() -> None:
    async def script(socket: web.WebSocketResponse, order: RESTRequest) -> None:
        for request_id in (order.request_id, order.request_id, "4711", ""):
            await socket.send_str(answer(request_id))

    outcomes: list[Outcome] = []
    async with server(script) as switch, linked(switch) as link:
        link.send("GET", "/one", on_done=outcomes.append)
        assert (await link.request("GET", "/two")).status == 204
    assert [shown(one) for one in outcomes] == [204]


async def test_an_unreadable_answer_ends_the_connection_and_its_request() -> None:
    async def script(socket: web.WebSocketResponse, order: RESTRequest) -> None:
        await socket.send_str('{"type": "RESTResponse"}')

    witness = Witness()
    async with server(script) as switch, linked(switch, witness) as link:
        link.send("GET", "/one", on_done=witness.note)
        await witness.until(lambda seen: seen.count("up") == 2)
    assert [type(one) if isinstance(one, LinkDown) else one for one in witness.seen] == [
        "up", LinkDown, "down", "up", "down",
    ]  # fmt: skip


async def test_a_slow_consumer_gets_every_event_in_order_and_keeps_the_link() -> None:
    """The handler holds the loop up for longer than a ping may take: no reason to give the switch up."""

    async def script(socket: web.WebSocketResponse, order: RESTRequest) -> None:
        for n in range(3000):
            await socket.send_str(digit(n))
        await socket.send_str(answer(order.request_id))

    def slow(event: AnyEvent) -> None:
        if isinstance(event, ChannelDtmfReceived) and event.duration_ms in (0, 2000):
            time.sleep(QUICK.every + QUICK.deadline)

    witness = Witness()
    witness.on_event = slow
    async with server(script) as switch, linked(switch, witness, pulse=QUICK) as link:
        assert (await link.request("GET", "/flood", limit=10)).ok
    heard = [event.duration_ms for event in witness.seen if isinstance(event, ChannelDtmfReceived)]
    assert heard == list(range(3000))
    assert (witness.seen[0], witness.seen[-1], len(witness.seen)) == ("up", "down", 3002)
    assert (link.counters.events, link.counters.connects) == (3000, 1)


async def test_a_close_from_the_other_side() -> None:
    async def script(socket: web.WebSocketResponse, order: RESTRequest) -> None:
        await socket.close(code=1001)

    witness = Witness()
    async with server(script) as switch, linked(switch, witness) as link:
        link.send("GET", "/one", on_done=lambda outcome: witness.note(shown(outcome)))
        await witness.until(lambda seen: seen.count("up") == 2)
    why = "the connection to the switch ended (WebSocket 1001)"
    assert witness.seen == ["up", why, "down", "up", "down"]
