"""What an error of the database says: it reaches the log, and people's words and numbers must not."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, text
from sqlalchemy.exc import SQLAlchemyError

from engine.store.database import Database
from engine.store.tables import messages

SECRET = "Der Ofen von +491713920011 ist kalt"
NOWHERE = text("INSERT INTO nowhere VALUES (:said)")
UNFIT = insert(messages).values(taken_at=bindparam("said"))


@pytest.mark.parametrize("statement", [NOWHERE, UNFIT], ids=["unknown", "unfit"])
async def test_it_says_nothing_of_what_was_to_be_stored(database: Database, statement: object) -> None:
    lane = database.lane()
    with pytest.raises(SQLAlchemyError) as by_lane:
        await lane.write(lambda connection: connection.execute(statement, {"said": SECRET}))  # type: ignore[call-overload]
    with pytest.raises(SQLAlchemyError) as by_writing:
        async with database.writing() as connection:
            await connection.execute(statement, {"said": SECRET})  # type: ignore[call-overload]
    with pytest.raises(SQLAlchemyError) as by_reading:
        async with database.reading() as connection:
            await connection.execute(text("SELECT said FROM nowhere WHERE said = :said"), {"said": SECRET})
    assert [SECRET in str(one.value) for one in (by_lane, by_writing, by_reading)] == [False] * 3
