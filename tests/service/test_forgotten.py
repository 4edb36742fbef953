"""The composed engine forgets everything that has an end, each after its own time, and nothing sooner."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select
from structlog.testing import capture_logs

from engine.acd.agents import Agent
from engine.main.keeping import NOTICES, OVER, SESSIONS, duties, retention_of
from engine.ports import LiveAgent
from engine.ports.desk import Closing, NoMessage
from engine.service.accounts import Why
from engine.service.desk import OPEN_FOR
from engine.settings import Settings
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.journal import StoredJournal
from engine.store.keeping import StoredNights
from engine.store.spam import KEPT as KEPT_DISMISSED
from engine.store.spam import StoredSpam
from engine.store.tables import account_events, agent_log, call_closings, message_drafts, metadata, spam_dismissals
from engine.terms import E164, AgentId, AgentState, CallId
from tests.accounts import HERE, TurnedClock, World, refused

ROOT = Path(__file__).parents[2]
ANNA = AgentId("anna")
SETTINGS = Settings(account_events_days=10, agent_log_days=20, call_closings_days=30)
KEPT: dict[str, tuple[Table, timedelta]] = {
    "account_events": (account_events, timedelta(days=10)),
    "agent_log": (agent_log, timedelta(days=20)),
    "call_closings": (call_closings, timedelta(days=30)),
    "message_drafts": (message_drafts, OPEN_FOR),
    "spam_dismissals": (spam_dismissals, KEPT_DISMISSED),
}
"""By the name in the log: where it is, and for how long."""
HOUR = timedelta(hours=1)


class Enough(Exception):
    """The first round is over."""


async def happens(world: World, what: str, at: datetime) -> None:
    """One entry of this kind, at that moment."""
    call = CallId(f"{what} {at}")
    if what == "account_events":
        now, world.clock.at = world.clock.at, at
        with refused(Why.WRONG):
            await world.accounts.sign_in("nobody", "nothing", address=HERE, device="")
        world.clock.at = now
    elif what == "agent_log":
        journal = StoredJournal(world.database)
        state = Agent(ANNA, "Anna", frozenset(), frozenset(), AgentState.PAUSED, at, reason=str(at))
        journal.agent_stands(LiveAgent(state, {}))
        await journal.close()
    elif what == "call_closings":
        await StoredDesk(world.database).close(Closing(call, world.k1, ANNA, NoMessage.SALES, False, at))
    elif what == "spam_dismissals":
        number = E164(f"+49301{int(at.timestamp())}"[:16])
        await StoredSpam(world.database).dismiss(world.k1, number, "petra", at)
    else:
        await StoredDesk(world.database).keep_draft(ANNA, call, {"text": "Torte"}, at)


async def days_pass(database: Database, clock: TurnedClock) -> list[dict[str, object]]:
    """What the engine of these settings forgets in a day; what it logs of it."""

    async def wait(_: float) -> None:
        raise Enough

    retention = retention_of(SETTINGS, database, clock)
    retention._wait = wait
    with capture_logs() as logged, pytest.raises(Enough):
        await retention.run()
    return [dict(entry) for entry in logged]


async def moments(database: Database, table: Table) -> list[datetime]:
    """When what is there was written down."""
    async with database.reading() as connection:
        return list((await connection.execute(select(table.c.at).order_by(table.c.at))).scalars())


async def test_each_kind_is_forgotten_after_its_own_time_and_not_before(world: World) -> None:
    now = world.clock.at
    for what, (_, keep) in KEPT.items():
        for age in (keep + 30 * HOUR, keep + HOUR, keep - HOUR):
            await happens(world, what, now - age)
    logged = await days_pass(world.database, world.clock)
    assert logged.pop()["event"] == "sign_in_failures_forgotten"  # of the sign-ins that made the events
    assert [(one["event"], one["number"], one["older_than_days"]) for one in logged] == [
        (f"{what}_forgotten", 2, keep.days) for what, (_, keep) in KEPT.items()
    ]
    (report,) = await StoredNights(world.database).last(2)
    assert {line.what: line.gone for line in report.lines[:-1] if line.gone} == dict.fromkeys(KEPT, 2)
    for table, keep in KEPT.values():
        assert await moments(world.database, table) == [now - keep + HOUR], table.name


ORDER = [
    *("agent_log_days", "call_trails_days", "call_closings_days", "callers_days", "calls_days"),
    *("message_deliveries_days", "messages_days", "change_orders_days", "audit_days", "account_events_days"),
]
"""What must not be longer than another comes before it."""


def of_settings() -> list[str]:
    """Every setting that says for how long something is kept."""
    return [name for name in Settings.model_fields if name.endswith("_days")]


async def test_every_setting_of_days_is_one_of_them(world: World) -> None:
    days: dict[str, Any] = {name: 400 + n for n, name in enumerate(sorted(of_settings(), key=ORDER.index))}
    kept = {one.what: one.keep.days for one in duties(Settings(**days), world.database, world.clock)}
    assert {name: kept.pop(name.removesuffix("_days")) for name in days} == days
    over = dict.fromkeys(("desk_news", "one_time_links", "sign_in_failures"), OVER.days)
    rest = {"message_drafts": OPEN_FOR.days, "spam_dismissals": KEPT_DISMISSED.days, "sessions": SESSIONS.days}
    assert kept == over | rest | {"notices": NOTICES.days}


@pytest.mark.parametrize("place", ["README.md", "docs/data-protection.md", "config/vorzimmer.yaml"])
def test_who_runs_it_reads_for_how_long_what_is_kept(place: str) -> None:
    text = (ROOT / place).read_text("utf-8")
    assert [name for name in of_settings() if name not in text] == []


BELOW = {
    *("access_numbers", "announcements", "blocked_callers", "customer_details", "customer_search", "customers"),
    *("forwarded_lines", "api_tokens", "users", "wait_settings"),
    *("agent_groups", "agent_skills", "agents", "groups", "phones", "tariffs", "trunk_matches", "trunks"),
    *("journal_files", "retention_reports"),
}
"""What is entered and can be changed, goes with its owner, or is nobody's."""
BY_PERIOD = {
    *("account_events", "agent_log", "audit", "call_attempts", "call_closings", "call_talks", "call_trail", "calls"),
    *("change_orders", "desk_news", "message_deliveries", "message_drafts", "messages", "one_time_links"),
    *("sessions", "sign_in_failures", "spam_dismissals"),
}


def test_of_every_table_it_is_known_for_how_long_its_rows_are_kept() -> None:
    """A new one: give it a period (`engine.main.keeping`), and look whether `engine.store.persons` must know it."""
    assert set(metadata.tables) == BELOW | BY_PERIOD
