"""What tests of every room may use: an empty database with our tables, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from engine.store.database import Database, async_url
from tests.empty_store import empty_store, migrated
from tests.postgres import postgres_server

settings.register_profile("shared", deadline=None)
settings.load_profile("shared")  # how long an example takes says how busy the machine is, and nothing else
_TEMPLATE = "vorzimmer_template"
_LONG_FIRST = ("web/test_screens.py", "stories", "web", "jobs", "pbx", "store", "service")
"""What takes long: where several processes share the tests, nobody shall begin a long file last."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several processes (pytest-xdist) take file by file, in this order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.path.relative_to(Path(__file__).parent).as_posix()))


def _turn(path: str) -> int:
    return next((n for n, begin in enumerate(_LONG_FIRST) if path.startswith(begin)), len(_LONG_FIRST))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a template database that has our tables; its URL up to the database's name."""
    with postgres_server() as url:
        asyncio.run(_make_template(url))
        yield url


async def _make_template(server: str) -> None:
    await create_database(server, _TEMPLATE)
    await migrated(server + _TEMPLATE)


async def create_database(server: str, name: str, template: str = "template1") -> None:
    """A new database on that server, as a copy of the template."""
    engine = create_async_engine(async_url(f"{server}postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any tables; SQLite's file is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    server: str = request.getfixturevalue("postgres")
    name = f"empty_{secrets.token_hex(6)}"
    asyncio.run(create_database(server, name))
    return server + name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with our tables, empty, and for this test alone."""
    if request.param == "sqlite":
        return asyncio.run(empty_store(tmp_path / "vorzimmer.db"))
    server: str = request.getfixturevalue("postgres")
    name = f"test_{secrets.token_hex(6)}"
    asyncio.run(create_database(server, name, _TEMPLATE))
    return server + name


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """That database, connected."""
    database = Database(database_url)
    yield database
    await database.close()
