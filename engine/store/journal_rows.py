"""The entries of the journal as rows of the store, and the statements that write each kind.

Rule of this file: kinds do not touch each other, but that a call opens before it closes.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Executable, bindparam, insert, update

from engine.ports import CallAttempt, CallRecord, CallTalk, TrailEntry
from engine.store.database import Database
from engine.store.journal_lines import Became, Closed, Entry, Noted, Opened, Rests, Talked, Tried
from engine.store.tables import agent_log, agents, call_attempts, call_talks, call_trail, calls
from engine.store.upsert import insert_missing, insert_or_replace

# Not dataclasses.asdict: it copies deeply.
_RECORD = tuple(field.name for field in fields(CallRecord))
_ATTEMPT = tuple(field.name for field in fields(CallAttempt))
_TALK = tuple(field.name for field in fields(CallTalk))
_NOTE = tuple(field.name for field in fields(TrailEntry))


def statements(database: Database) -> dict[type[Entry], Executable]:
    """What writes the entries of each kind, in the order in which kinds are written."""
    state = update(agents).where(agents.c.login == bindparam("agent"))
    return {
        Opened: insert_missing(database, calls),
        Noted: insert_missing(database, call_trail),
        Closed: insert_or_replace(database, calls, "id", *(c.name for c in calls.c if not c.primary_key)),
        Tried: insert_missing(database, call_attempts),
        Talked: insert_or_replace(database, call_talks, ("call", "n"), *_TALK[2:]),
        Became: insert(agent_log),
        Rests: state.values(state=bindparam("state"), pause_reason=bindparam("pause_reason")),
    }


def row(entry: Entry) -> dict[str, Any]:
    """One entry as the values of its row."""
    match entry:
        case Noted(_, note):
            values = {name: getattr(note, name) for name in _NOTE}
        case Tried(_, attempt):
            values = {name: getattr(attempt, name) for name in _ATTEMPT}
        case Talked(_, talk):
            values = {name: getattr(talk, name) for name in _TALK}
        case Rests(_, agent, state, reason):
            values = {"agent": agent, "state": state.value, "pause_reason": reason}
        case Became(_, agent, state, reason, at):
            values = {"agent": agent, "state": state.value, "reason": reason, "at": at}
        case Opened(_, record) | Closed(_, record):
            values = {name: getattr(record, name) for name in _RECORD}
    return {name: storable(value) for name, value in values.items()}


def storable(value: Any) -> Any:
    """The value, if need be mended: texts come from carriers; PostgreSQL takes no NUL, neither a lone surrogate."""
    if type(value) is str:
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()
    return value
