"""What tests of services share."""

from __future__ import annotations

import pytest_asyncio

from engine.store.database import Database
from tests.accounts import World


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    """Accounts on an empty database, with two customers and two agents."""
    return await World.on(database)
