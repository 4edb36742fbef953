"""Agents' talks as rows of the store, for tests that begin with calls that have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from engine.ports import CallTalk
from engine.store.database import Database
from engine.store.tables import call_talks


def talk(record: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The talk of this call's agent, for as long as was talked in it; unless said otherwise."""
    began = more.pop("began_at", None) or record["picked_up_at"] or record["arrived_at"]
    talked = more.get("talked_ms", record["talked_ms"])
    how = "not_joined" if record["outcome"] == "failed" else "caller_left"
    told = {
        "call": record["id"], "n": 1, "customer": record["customer"] or 0, "agent": record["agent"], "began_at": began,
        "ended_at": began + timedelta(milliseconds=talked), "how": how, "waited_ms": record["waited_ms"],
        "talked_ms": talked,
    }  # fmt: skip
    return asdict(CallTalk(**{**told, **more}))


async def had_talks(database: Database, *records: Mapping[str, Any]) -> None:
    """These calls' talks, as far as an agent has talked in them."""
    rows = [talk(record) for record in records if record["agent"] is not None]
    if rows:
        await wrote_talks(database, *rows)


async def wrote_talks(database: Database, *rows: Mapping[str, Any]) -> None:
    """These talks."""
    async with database.writing() as connection:
        await connection.execute(insert(call_talks), list(rows))
