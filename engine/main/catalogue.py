"""`vorzimmer init, import, export, check, calls`: what admins write down, and what calls have left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.main import client, show
from engine.main.problem import Problem, command
from engine.settings import load
from engine.terms import CallId

if TYPE_CHECKING:
    from engine.service.catalogue import CatalogueService, Summary
    from engine.service.catalogue_yaml import Mistake
    from engine.store.calls import StoredCalls

app = typer.Typer()
PATIENCE = 10
"""How nice a snapshot is to whoever takes calls (nice(2))."""
File = Annotated[Path, typer.Argument(help="A YAML file; - for standard input.")]


@asynccontextmanager
async def _service() -> AsyncIterator[CatalogueService]:
    from engine.main.stored import catalogue_of, stored

    settings = load()
    async with stored(settings) as database:
        yield catalogue_of(settings, database)


@app.command()
@command
async def init() -> None:
    """Create or update the database."""
    from engine.main.stored import stored

    settings = load()
    async with stored(settings):
        print(f"The database is ready; customers come in with `vorzimmer import FILE` (home: {settings.home})")


@app.command()
@command
async def check(file: File, replace: Annotated[bool, typer.Option("--replace")] = False) -> None:
    """Name line and field of every mistake in FILE; changes nothing."""
    text = _text(file)
    async with _service() as service:
        _refuse(file, await service.check(text, replace=replace))
        strange = await _strangers(service, text)
        _warn(file, [*await service.warnings(text, replace=replace), *strange])
    print(f"{file} can be imported.")


@app.command(name="import")
@command
async def import_file(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what FILE does not have; customers with their messages.")
    ] = False,
) -> None:
    """Take FILE over, all or nothing; importing it again changes nothing."""
    from engine.service.catalogue import CatalogueError

    text = _text(file)
    async with _service() as service:
        strange = await _strangers(service, text)
        try:
            summary = await service.import_text(text, replace=replace)
        except CatalogueError as problem:
            _refuse(file, problem.mistakes)
            return
        _warn(file, [*await service.warnings(text, replace=replace), *strange])
    print(_told(summary))
    try:
        await client.ask(load().home, "POST", "/reload")
    except client.NotRunning:
        await _take_snapshot()


@app.command(hidden=True)
@command
async def snapshot(
    for_each_line: Annotated[bool, typer.Option("--for-each-line", help="Of standard input, until it ends.")] = False,
) -> None:
    """Copy for the safety net what calls need of the database; the engine and `import` do it by themselves."""
    os.nice(PATIENCE)
    if not for_each_line:
        return await _take_snapshot()
    with suppress(BrokenPipeError):  # the engine that has asked is no more
        for _ in sys.stdin:
            await _take_snapshot()
            os.write(sys.stdout.fileno(), b"taken\n")


async def _take_snapshot() -> None:
    from engine.main.snapshots import take
    from engine.main.stored import stored

    settings = load()
    async with stored(settings) as database:
        await take(settings, database)


@app.command()
@command
async def export(
    secrets: Annotated[bool, typer.Option("--secrets", help="With the phones' and trunks' passwords.")] = False,
) -> None:
    """Print everything as YAML that imports to the same again."""
    async with _service() as service:
        print(await service.export(secrets=secrets), end="")


@app.command()
@command
async def calls(
    json: Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the latest first.")] = 20,
    trail: Annotated[str | None, typer.Option(metavar="ID", help="One call, with everything that happened.")] = None,
) -> None:
    """The last calls, or one call's trail."""
    from engine.main.stored import stored
    from engine.store.calls import StoredCalls

    async with stored(load()) as database:
        store = StoredCalls(database)
        if trail is not None:
            return await _show_trail(store, CallId(trail), json)
        found = await store.last(limit)
    if json:
        return show.as_json([show.call_json(call) for call in found])
    show.table(show.CALL_COLUMNS, map(show.call_row, found), "There were no calls yet.")


async def _show_trail(store: StoredCalls, call: CallId, json: bool) -> None:
    found, trail = await store.find(call), await store.trail(call)
    if found is None:
        raise Problem(f"there is no call {call}: `vorzimmer calls` lists their ids")
    if json:
        entries = [{"n": e.n, "at": e.at, "what": e.what, "detail": e.detail} for e in trail]
        return show.as_json({**show.call_json(found), "trail": entries})
    show.table(show.CALL_COLUMNS, [show.call_row(found)], "")
    show.table(("", "", ""), show.trail_rows(trail), "Its trail is empty.")


async def _strangers(service: CatalogueService, text: str) -> list[Mistake]:
    """Pushover keys that are new and nobody's; none where Pushover is not set up."""
    settings = load()
    if not settings.pushover_token_file:
        return []
    from engine.main.couriers import pushover_users

    is_user = pushover_users(settings)
    assert is_user is not None
    found, left = await service.strangers(text, is_user)
    if left:
        print(f"{left} Pushover keys were not asked for: Pushover could not say, or they are too many", file=sys.stderr)
    return found


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except OSError as problem:
        raise Problem(f"{file} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise Problem(f"{file} is not UTF-8: save it as that") from None


def _refuse(file: Path, mistakes: Iterable[Mistake]) -> None:
    told = [f"{file}, {mistake}" for mistake in mistakes]
    if told:
        print("\n".join(told), file=sys.stderr)
        raise SystemExit(1)


def _warn(file: Path, found: Iterable[Mistake]) -> None:
    for one in found:
        print(f"{file}, {one}", file=sys.stderr)


def _told(summary: Summary) -> str:
    parts = {
        "created": summary.created,
        "changed": summary.changed,
        "deleted": summary.deleted,
        "unchanged": summary.unchanged,
    }
    return ", ".join(f"{len(keys)} {what}" for what, keys in parts.items() if keys) or "The file is empty."
