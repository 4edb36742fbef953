"""What is sent besides messages, put together over the store: tests of options, daily summaries.

Rule of this file: composition only; loaded when calls are served, for they come first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from engine.jobs.digests import DigestJob
from engine.message.states import Means
from engine.ports import Clock
from engine.service.digests import Digests
from engine.service.summaries import Summaries
from engine.service.tryouts import Tryouts
from engine.settings import Settings
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.notices import StoredNotices


def tryouts_of(
    settings: Settings,
    database: Database,
    clock: Clock,
    missing: Callable[[], Collection[Means]],
    wake: Callable[[], None],
) -> Tryouts:
    """The service over this store. `missing()`: means that are not set up; `wake()`: something is to be delivered."""
    entries = StoredCustomerEntries(database, settings.country)
    return Tryouts(StoredNotices(database), entries, clock.now, missing, settings.language, wake)


def summaries_of(database: Database, clock: Clock) -> Summaries:
    """The service over this store."""
    return Summaries(StoredNotices(database), clock.now)


def digests_of(settings: Settings, database: Database, clock: Clock, wake: Callable[[], None]) -> DigestJob:
    """Who plans daily summaries over this store. `wake()`: something is to be delivered."""
    digests = Digests(StoredNotices(database), StoredCustomerEntries(database, settings.country))
    return DigestJob(digests, clock.now, wake)
