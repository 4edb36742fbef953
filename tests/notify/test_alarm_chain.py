"""An emergency by Pushover that nobody acknowledges goes on to the next one: store, outbox and courier as they are.

Rule of this file: Pushover alone is not real; it answers as its documentation says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.accounts import Role
from engine.jobs import outcome
from engine.main.outbox import outbox_of
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify import pushover
from engine.ports.messages import Delivery
from engine.ports.outbox import Planned
from engine.service.clock import SteadyClock
from engine.service.messages import Messages
from engine.settings import Settings
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.terms import AgentId, CustomerId
from tests.catalogue import service_on
from tests.customers import somebody
from tests.notify.parcels import SLIP
from tests.notify.provider import Provider, Reply, opened
from tests.notify.test_pushover import OPEN
from tests.stories.installation import eventually

EVA, JAN = "e" * 30, "j" * 30
CUSTOMERS = f"""
tariffs: [{{name: day, hours: {{mon-fri: ["08:00-18:00"]}}}}]
customers:
  - number: K1
    name: Bäckerei Korn
    tariff: day
    contacts:
      - {{name: Eva Korn, notify: {{pushover: {{user: {EVA}, level: emergency, next: Jan Korn}}}}}}
      - {{name: Jan Korn, notify: {{pushover: {{user: {JAN}, level: emergency}}}}}}
"""
KORN = CustomerId(1)
SENT, FAILED, ACKNOWLEDGED = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.ACKNOWLEDGED


def taken(receipt: str) -> Reply:
    return Reply(json={"status": 1, "request": "x", "receipt": receipt * 30})


def told(deliveries: Sequence[Delivery]) -> list[tuple[str, DeliveryState, Trouble | None, str | None]]:
    return [(one.recipient, one.state, one.trouble, one.by) for one in deliveries]


async def until(store: StoredMessages, message: int, states: list[DeliveryState]) -> Sequence[Delivery]:
    """The message's deliveries once they stand so."""
    there: Sequence[Delivery] = ()

    async def look() -> bool:
        nonlocal there
        found = await store.find(KORN, message)
        there = found.deliveries if found else ()
        return [one.state for one in there] == states

    await eventually(look, f"deliveries that are {states}", within=20)
    return there


@pytest.mark.parametrize(("name", "named"), [("Eva Korn", {}), ("Eva, renamed since", {"next": "Jan Korn"})])
async def test_who_does_not_acknowledge_is_followed_by_the_next_who_does(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, named: dict[str, str]
) -> None:
    await service_on(database).import_text(CUSTOMERS)
    clock, store = SteadyClock(), StoredMessages(database)
    monkeypatch.setattr(pushover, "LOOK", timedelta(0))  # the outbox asks once a second at most
    async with opened() as provider:
        monkeypatch.setattr(pushover, "API", provider.url)
        provider.replies = [
            taken("1"),
            Reply(json=OPEN),
            Reply(json={**OPEN, "expired": 1}),
            taken("2"),
            Reply(json={**OPEN, "acknowledged": 1, "acknowledged_by": JAN, "acknowledged_by_device": "pixel"}),
        ]
        options = {"level": "emergency", "retry": 60, "expire": 60, **named}
        eva = Planned(Means.PUSHOVER, name, EVA, clock.now(), options)
        message, _ = await store.add(KORN, "k", SLIP, (eva,))
        stirred: list[AgentId] = []
        made = outbox_of(_settings(tmp_path, _token(tmp_path)), database, clock, stirred.append)
        outbox = asyncio.create_task(made.run())
        try:
            deliveries = await until(store, message, [FAILED, ACKNOWLEDGED])
        finally:
            outbox.cancel()
            with suppress(asyncio.CancelledError):
                await outbox
    assert stirred == ["anna"], "her desk shows the failure; until the message was due it could be taken back"
    assert told(deliveries) == [
        (name, FAILED, Trouble.NOT_ACKNOWLEDGED, None),
        ("Jan Korn", ACKNOWLEDGED, None, "Jan Korn (pixel)"),
    ]
    assert asked(provider) == [
        ("POST", "/messages.json", EVA),
        ("GET", f"/receipts/{'1' * 30}.json", None),
        ("GET", f"/receipts/{'1' * 30}.json", None),
        ("POST", "/messages.json", JAN),
        ("GET", f"/receipts/{'2' * 30}.json", None),
    ]


async def test_who_reads_it_in_the_portal_ends_the_alarm_though_pushover_is_away_for_a_moment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service_on(database).import_text(CUSTOMERS)
    clock, store = SteadyClock(), StoredMessages(database)
    monkeypatch.setattr(pushover, "_LEAST_WAIT", 0.0)
    monkeypatch.setattr(outcome, "LOOK_AGAIN", timedelta(0))
    options = {"level": "emergency", "retry": 60, "expire": 60}
    eva = Planned(Means.PUSHOVER, "Eva Korn", EVA, clock.now(), options)
    message, _ = await store.add(KORN, "k", SLIP, (eva, replace(eva, options={"level": "high"}, recipient="Jan Korn")))
    async with opened() as provider:
        monkeypatch.setattr(pushover, "API", provider.url)
        provider.replies = [taken("1"), taken("2"), Reply(500), Reply(json={"status": 1, "request": "x"})]
        outbox = outbox_of(_settings(tmp_path, _token(tmp_path)), database, clock, lambda _: None)
        working = asyncio.create_task(outbox.run())
        reading = Messages(store, StoredCustomerEntries(database), clock.now, wake=outbox.wake)
        try:
            await until(store, message, [SENT, SENT])
            await reading.open(KORN, message, somebody(Role.SUPPORT))
            await until(store, message, [SENT, SENT])
            petra = somebody(Role.CUSTOMER, customer=KORN)
            read = await reading.open(KORN, message, petra)
            await eventually(_asked(provider, 4), "the alarm has been called off", within=20)
            over = await until(store, message, [ACKNOWLEDGED, SENT])
            await eventually(_over(store, message), "nothing is to be done any more", within=20)
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
    assert told(read.deliveries) == told(over)
    assert told(over)[0] == ("Eva Korn", ACKNOWLEDGED, None, petra.login)
    rings = next(receipt for receipt in ("1", "2") if receipt * 30 in provider.asked[-1].path)
    assert [path for _, path, _ in asked(provider)[2:]] == [f"/receipts/{rings * 30}/cancel.json"] * 2


def _asked(provider: Provider, times: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(provider.asked) == times

    return look


def _over(store: StoredMessages, message: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        found = await store.find(KORN, message)
        return found is not None and all(one.due is None for one in found.deliveries)

    return look


def asked(provider: Provider) -> list[tuple[str, str, str | None]]:
    return [(one.method, one.path, one.form.get("user")) for one in provider.asked]


def _token(home: Path) -> Path:
    secret = home / "token"
    secret.write_text("t" * 30)
    secret.chmod(0o600)
    return secret


def _settings(home: Path, token: Path) -> Settings:
    return Settings(home=home, pushover_token_file=str(token))
