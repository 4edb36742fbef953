"""The migrations make exactly the tables that the program knows."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from engine.store import migrations
from engine.store.database import Database, StoreError, async_url
from engine.store.schema import HEAD, upgrade
from engine.store.tables import metadata


def differences(connection: Connection) -> object:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


def modes(directory: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}


def table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_head_is_the_metadata(database: Database) -> None:
    async with database.writing() as connection:
        assert await connection.run_sync(table_names) == {*metadata.tables, "alembic_version"}
        assert await connection.run_sync(differences) == []


async def test_two_programs_that_start_at_once_migrate_once(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(4)]
    await asyncio.gather(*map(upgrade, databases))
    async with databases[0].reading() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).all() == [(HEAD,)]
    versions = Path(str(migrations.__file__)).parent / "versions"
    assert max(path.name[:4] for path in versions.glob("[0-9]*.py")) == HEAD
    await asyncio.gather(*(database.close() for database in databases))


async def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refused:
        await upgrade(database)
    assert str(refused.value) == (
        "the database does not fit this version of Vorzimmer (Can't locate revision identified by '9999'): "
        "install the newer one"
    )
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).all() == [("9999",)]


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/down/vorzimmer.db")
    await upgrade(database)
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO groups VALUES ('team1')"))
        found = modes(tmp_path / "deep" / "down")
    await database.close()
    assert found == {"vorzimmer.db": 0o600, "vorzimmer.db-wal": 0o600, "vorzimmer.db-shm": 0o600}


async def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/missing.db")
    with pytest.raises(StoreError) as refused:
        async with database.reading():
            pass
    assert str(refused.value) == (
        f"there is no database at {tmp_path}/missing.db: run 'vorzimmer init', or check database_url"
    )
    assert modes(tmp_path) == {}


async def test_a_server_that_is_not_there_is_named_without_its_password(unused_tcp_port: int) -> None:
    database = Database(f"postgresql://user:secret@127.0.0.1:{unused_tcp_port}/vorzimmer")
    with pytest.raises(StoreError) as refused:
        async with database.writing():
            pass
    assert str(refused.value).startswith(
        f"the database postgresql://user:***@127.0.0.1:{unused_tcp_port}/vorzimmer cannot be reached: "
    )
    assert str(refused.value).endswith("; check database_url")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:p@h/d", "'mysql' is no database we know: write sqlite:///… or postgresql://…"),
        ("sqlite://", "the SQLite database needs a file: write sqlite:///path/to/vorzimmer.db"),
        ("sqlite:///:memory:", "the SQLite database needs a file: write sqlite:///path/to/vorzimmer.db"),
        (
            "var/vorzimmer.db",
            "the database URL cannot be read: write sqlite:///path or postgresql://user@host/name",
        ),
    ],
)
async def test_urls_that_are_refused(url: str, said: str) -> None:
    with pytest.raises(StoreError) as refused:
        async_url(url)
    assert str(refused.value) == said
