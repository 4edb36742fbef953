"""The ARI link against a real Asterisk: requests and events in order, long reads, one owner at a time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from engine.terms import HangupCause
from pbx.ari import AriLink, LinkDown, Outcome, Refused, Replaced, Response
from pbx.ari import requests as r
from pbx.ari.codec import event_filter
from pbx.ari.model import AnyEvent, Channel, ChannelDestroyed, StasisStart
from tests.pbx.ari_world import LIMIT, Switch, Witness, a_link, asterisk, linked

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def switch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Switch]:
    async with asterisk(tmp_path_factory.mktemp("ari")) as switch:
        yield switch


def events_of(channel: str, seen: list[object]) -> list[str]:
    """The names of the events that tell of this channel."""
    told = [event for event in seen if getattr(getattr(event, "channel", None), "id", None) == channel]
    return [type(event).__name__ for event in told]


def has_started(channel: str, seen: list[object]) -> bool:
    return any(isinstance(event, StasisStart) and event.channel.id == channel for event in seen)


async def test_requests_are_carried_out_in_the_order_given(switch: Switch) -> None:
    outcomes: list[Outcome] = []
    async with linked(switch) as link:
        for n in range(300):
            link.send("POST", "/asterisk/variable", {"variable": "COUNT", "value": f"{n} ü&=?"})
            link.send("GET", "/asterisk/variable", {"variable": "COUNT"}, on_done=outcomes.append)
        last = await link.request(*r.delete_bridge("nobody's"))
    assert [one.body() for one in outcomes if isinstance(one, Response)] == [{"value": f"{n} ü&=?"} for n in range(300)]
    assert (last.status, last.body()) == (404, {"message": "Bridge not found"})


async def test_one_leg_from_first_to_last_event(switch: Switch) -> None:
    witness, leg = Witness(), "call 1/leg?1"
    async with linked(switch, witness) as link:
        order = r.originate(leg, "Local/s@phone", "vorzimmer", args="leg", limit=5, variables={"X": "1"})
        assert (await link.request(*order)).ok
        await witness.until(lambda seen: has_started(leg, seen))
        read = await link.request(*r.get_variable(leg, "X"))
        listed = (await link.get("/channels")).body(list[Channel])
        assert (await link.request(*r.hang_up(leg, HangupCause.NORMAL))).ok
        await witness.until(lambda seen: "ChannelDestroyed" in events_of(leg, seen))
    started = next(event for event in witness.seen if isinstance(event, StasisStart))
    destroyed = next(event for event in witness.seen if isinstance(event, ChannelDestroyed))
    assert events_of(leg, witness.seen) == ["StasisStart", "ChannelHangupRequest", "StasisEnd", "ChannelDestroyed"]
    assert (started.args, started.channel.state, started.application) == (["leg"], "Up", "vorzimmer")
    assert (read.body(), destroyed.cause) == ({"value": "1"}, HangupCause.NORMAL)
    assert leg in [channel.id for channel in listed]
    assert (link.counters.unknown, link.counters.malformed, link.counters.handler_errors) == (0, 0, 0)


async def test_only_events_that_we_use_are_sent(switch: Switch) -> None:
    async with linked(switch) as link:
        application = (await link.get("/applications/vorzimmer")).body()
    assert application["events_allowed"] == event_filter()["allowed"]
    assert application["events_disallowed"] == []


async def test_re_synchronising_comes_before_the_events_of_the_connection(switch: Switch) -> None:
    witness, leg = Witness(), "early"
    handled: list[str] = []

    async def synchronise(link: AriLink) -> None:
        await link.request(*r.originate(leg, "Local/s@phone", "vorzimmer", args="", limit=5, variables={}))
        while (await link.request("GET", f"/channels/{leg}")).body(Channel).dialplan.app_name != "Stasis":
            pass
        handled.append("synchronised")

    witness.on_up = synchronise
    witness.on_event = lambda event: handled.append(type(event).__name__)
    async with linked(switch, witness) as link:
        await witness.until(lambda seen: has_started(leg, seen))
        await link.request(*r.hang_up(leg, HangupCause.NORMAL))
    assert handled[0] == "synchronised"


async def test_a_failed_re_synchronisation_connects_anew(switch: Switch) -> None:
    witness, attempts = Witness(), 0

    async def fail_once(link: AriLink) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise RuntimeError("the store is away")

    witness.on_up = fail_once
    with capture_logs() as logs:
        async with linked(switch, witness) as link:
            assert (await link.request("GET", "/bridges")).body() == []
    assert (attempts, witness.seen) == (2, ["down", "up", "down"])
    assert [(log["log_level"], log.get("why")) for log in logs] == [
        ("error", None),
        ("warning", "re-synchronising with the switch failed: the store is away"),
        ("info", None),
    ]


async def test_another_engine_takes_over(switch: Switch) -> None:
    witness = Witness()
    first = a_link(switch, witness)
    running = asyncio.create_task(first.run())
    await witness.until(lambda seen: "up" in seen)
    async with linked(switch) as second:
        async with asyncio.timeout(LIMIT):
            with pytest.raises(Replaced, match="another engine has taken over 'vorzimmer'"):
                await running
        assert witness.seen == ["up", "down"]
        assert not first.connected
        assert (await second.request("GET", "/bridges")).ok
        assert (await second.get("/applications/vorzimmer")).ok


async def test_a_wrong_password_is_refused_and_told_without_it(switch: Switch) -> None:
    witness = Witness()
    with capture_logs() as logs, pytest.raises(Refused) as refused:
        async with asyncio.timeout(LIMIT):
            await a_link(Switch(switch.port, "wrong-secret"), witness).run()
    assert str(refused.value).endswith("does not accept user 'vorzimmer': check its password")
    assert (witness.seen, logs, "wrong-secret" in repr(refused.value)) == ([], [], False)


async def test_without_a_connection_requests_fail_at_once_but_not_inside_send(switch: Switch) -> None:
    link, outcomes = a_link(switch, Witness()), list[Outcome]()
    link.send(*r.answer("1"), on_done=outcomes.append)
    assert outcomes == []
    with pytest.raises(LinkDown, match="no connection to the switch"):
        await link.request(*r.answer("1"))
    with pytest.raises(LinkDown, match="the link is not running"):
        await link.get("/channels")
    assert [str(one) for one in outcomes] == ["no connection to the switch"]
    assert (link.counters.requests, link.counters.lost) == (2, 2)


async def test_handlers_that_raise_do_not_end_the_link(switch: Switch) -> None:
    witness, leg = Witness(), "badly handled"

    def fail(what: AnyEvent | Outcome) -> None:
        raise ValueError(what)

    witness.on_event = fail
    with capture_logs() as logs:
        async with linked(switch, witness) as link:
            order = r.originate(leg, "Local/s@phone", "vorzimmer", args="", limit=5, variables={})
            link.send(*order, on_done=fail)
            await witness.until(lambda seen: has_started(leg, seen))
            await link.request(*r.hang_up(leg, HangupCause.NORMAL))
            await witness.until(lambda seen: "ChannelDestroyed" in events_of(leg, seen))
            assert (await link.request("GET", "/bridges")).ok
    assert link.counters.handler_errors == link.counters.events + 1
    assert len([log for log in logs if log["log_level"] == "error"]) == link.counters.handler_errors
