"""What is kept about a telephone number, on a store without an engine."""

from __future__ import annotations

from engine.ports import Clock
from engine.service.persons import PERIODS, Persons
from engine.store.database import Database
from engine.store.keeping import StoredNights
from engine.store.persons import StoredPersons


def persons_on(database: Database, clock: Clock) -> Persons:
    """The service over this store."""
    periods = {what: 180 + n for n, what in enumerate(PERIODS)}
    return Persons(StoredPersons(database), StoredNights(database), clock.now, periods=periods)
