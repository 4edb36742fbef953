"""What forgets over this store: by itself, which kinds and after how long; and when one person asks (ADR 31).

Rule of this file: what has a setting is named as its setting is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from engine.main.stored import accounts_of
from engine.settings import Settings
from engine.store.database import Database

if TYPE_CHECKING:
    from engine.jobs.retention import Duty, Retention
    from engine.ports import Clock
    from engine.ports.persons import Traces
    from engine.service.persons import Persons

OVER = timedelta(days=1)
"""How long news for desks and one-time links are kept whose time is over, and failed sign-ins."""
NOTICES = timedelta(days=90)
"""The same of test messages and daily summaries: that they went, for their texts are kept nowhere."""
SESSIONS = timedelta(days=2)
"""The same of sessions that nobody uses: longer than any session lasts (`engine.accounts.lives`)."""


def retention_of(
    settings: Settings, database: Database, clock: Clock, then: Callable[[], Awaitable[None]] | None = None
) -> Retention:
    """Over this store. `then()` is done after each time."""
    from engine.jobs.retention import Retention  # here: an engine that starts forgets nothing yet
    from engine.store.keeping import StoredNights

    async def tidy() -> None:
        await database.forget_log()
        if then:
            await then()

    return Retention(duties(settings, database, clock), StoredNights(database), clock, tidy)


def persons_of(settings: Settings, database: Database, now: Callable[[], datetime], traces: Traces) -> Persons:
    """What is kept about one telephone number, over this store; `traces`: what an engine has of it besides."""
    from engine.service.persons import PERIODS, Persons  # here: as above
    from engine.store.keeping import StoredNights
    from engine.store.persons import StoredPersons

    periods = {what: getattr(settings, f"{what}_days") for what in PERIODS}
    store, reports = StoredPersons(database, settings.country), StoredNights(database)
    return Persons(store, reports, now, traces, settings.country, periods)


def duties(settings: Settings, database: Database, clock: Clock) -> list[Duty]:
    """Everything that is forgotten, in this order: what is below goes before what it is below of."""
    from engine.jobs.retention import Duty, forget_old
    from engine.service.desk import OPEN_FOR
    from engine.store.agent_days import StoredAgentDays
    from engine.store.desk import StoredDesk
    from engine.store.forgetting import StoredForgetting
    from engine.store.notices import StoredNotices
    from engine.store.spam import KEPT, StoredSpam

    desk, old = StoredDesk(database), StoredForgetting(database)
    by_setting = {
        "agent_log": StoredAgentDays(database).forget,
        "call_closings": desk.forget_closings,
        "call_trails": old.trails,
        "callers": old.callers,
        "calls": old.calls,
        "message_deliveries": old.addresses,
        "messages": old.messages,
        "change_orders": old.orders,
        "audit": old.audit,
    }
    by_rule = (
        ("message_drafts", OPEN_FOR, desk.forget_drafts),
        ("notices", NOTICES, StoredNotices(database).forget),
        ("spam_dismissals", KEPT, StoredSpam(database).forget_dismissals),
        ("desk_news", OVER, old.news),
        ("sessions", SESSIONS, old.sessions),
        ("one_time_links", OVER, old.links),
        ("sign_in_failures", OVER, old.failures),
    )
    kept = [(what, timedelta(days=getattr(settings, f"{what}_days")), forget) for what, forget in by_setting.items()]
    events = timedelta(days=settings.account_events_days)
    return [
        Duty("account_events", events, accounts_of(database, clock).forget_events),
        *(Duty(what, keep, partial(forget_old, forget, clock)) for what, keep, forget in (*kept, *by_rule)),
    ]
