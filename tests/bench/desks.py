"""`python -m tests.bench.desks`: fifty agents at their desks while callers wait; writes docs/bench/desks.md.

Rule of this file: the same shapes without desks and with them, in turn, so that whatever the machine does meanwhile
falls on both.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp
from sqlalchemy import select

from engine.accounts import Role
from engine.main.stored import accounts_of
from engine.service.accounts import Accounts
from engine.store.database import Database
from engine.store.tables import call_trail, calls
from engine.terms import AgentId
from engine.web.session import SESSION
from tests.bench import painted, shown
from tests.bench.desk_clients import BOARD, SAVED, desks
from tests.bench.desk_report import AGENTS, LINE, WAITING, WITH, WITHOUT, page_of
from tests.bench.figures import percentile
from tests.bench.machine import description
from tests.bench.results import Results
from tests.bench.shapes import BUSY, IDLE, NEVER, Outcome, Shape, run
from tests.bench.sides import Ours, stop
from tests.bench.wire import rings
from tests.sipp.messages import read
from tests.stories.installation import eventually

PAGE = Path(__file__).parents[2] / "docs" / "bench" / "desks.md"
CUSTOMERS = 10
THE_LINE = Shape(LINE, agents=AGENTS, talk=20, rate=50, waiting=WAITING, seconds=30, rings=0.5, settles=8)
"""Two and a half callers a second are handed over: every agent talks, and no longer than twenty seconds on average."""
RUSH = replace(THE_LINE, name="rush", talk=4.5, seconds=20, settles=0)
"""Ten a second, after all fifty have become ready in one moment."""
SHAPES = (replace(IDLE, agents=AGENTS), replace(BUSY, agents=AGENTS), THE_LINE, RUSH)
BOARDS = 2
"""Supervisors' boards, where the product has them."""
_PASSWORD = "vier gruene Boote im Nebel"
SETTLING = 1.0
"""Seconds before the end of a run in which changes are not judged: they may be shown after it."""
_TOUCHING = timedelta(seconds=1)


class Desked(Ours):
    """With fifty agents, each signed in, and customers of whom there is something to show."""

    logins: Sequence[str] = [f"agent{n}" for n in range(1, AGENTS + 2)]
    details: Mapping[str, Any] = MappingProxyType({
        "greeting": "Muster GmbH, mein Name ist {agent}, guten Tag.",
        "instructions": "Bitte siezen. " * 20,
        "company": {"name": "Muster GmbH", "address": "Musterweg 1, 10115 Berlin", "description": "Handel. " * 40},
        "faq": [{"heading": "Öffnungszeiten", "text": "Montag bis Freitag"}],
        "contacts": [
            {"name": name, "tasks": "Verkauf", "notify": {"mail": ["info@muster.example"]}}
            for name in ("Eva Brandt", "Jan Kern", "Ida Sommer")
        ],
    })  # fmt: skip
    tokens: Mapping[str, str]
    boards: Sequence[str]

    async def prepare(self) -> None:
        async with self.database() as database:
            accounts = accounts_of(database)
            self.tokens = {
                login: await _signed_in(accounts, login, Role.AGENT, AgentId(login)) for login in self.logins[:-1]
            }
            self.boards = [await _signed_in(accounts, f"board{n}", Role.SUPERVISOR) for n in range(BOARDS)]

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The store, from outside."""
        database = Database(f"sqlite:///{self.installed.home}/vorzimmer.db")
        try:
            yield database
        finally:
            await database.close()

    @property
    def url(self) -> str:
        """Of the pages."""
        return f"http://127.0.0.1:{self.installed.settings['WEB_PORT']}"

    async def open_boards(self) -> Sequence[str]:
        """The sessions of the boards that can be opened: none where the product has no board."""
        cookies = {SESSION: self.boards[0]}
        async with aiohttp.ClientSession(self.url, cookies=cookies) as client, client.get(BOARD) as answer:
            return self.boards if answer.status == 200 else ()

    async def events(self, since: float) -> list[shown.Event]:
        """What the journal has of the calls from then on, once all of it is written."""

        async def written() -> bool:
            return await self.installed.unwritten() == 0

        await eventually(written, "the journal is written")
        wanted = (
            select(call_trail.c.at, call_trail.c.call, calls.c.arrived_at, call_trail.c.what, call_trail.c.detail)
            .join(calls, calls.c.id == call_trail.c.call)
            .where(calls.c.arrived_at >= datetime.fromtimestamp(since, UTC) - _TOUCHING)
            .order_by(call_trail.c.call, call_trail.c.n)
        )
        async with self.database() as database, database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        return [
            shown.Event(at.timestamp(), call, came.timestamp(), what, detail) for at, call, came, what, detail in rows
        ]


async def _signed_in(accounts: Accounts, login: str, role: Role, agent: AgentId | None = None) -> str:
    _, link = await accounts.add_user(login, login.title(), role, agent=agent)
    await accounts.redeem(link, _PASSWORD)
    return (await accounts.sign_in(login, _PASSWORD, address="127.0.0.1", device="bench")).token


async def one_run(side: Desked, shape: Shape, place: Path, *, with_desks: bool) -> Outcome:
    """The shape, with every desk open or with none."""
    if not with_desks:
        return replace(await run(side, shape, place), side=WITHOUT)
    began, target = time.time(), place.with_suffix(".looks")
    boards = await side.open_boards()
    async with desks(side.url, side.tokens, boards, target):
        outcome = replace(await run(side, shape, place), side=WITH)
    await _judge(side, outcome, target, place, began)
    outcome.counts["boards"] = len(boards)
    return outcome


async def _judge(side: Desked, outcome: Outcome, target: Path, place: Path, began: float) -> None:
    since, until = max(outcome.since, began), outcome.until - SETTLING
    read_all = await asyncio.to_thread(lambda: [shown.read(line) for line in target.open(encoding="utf-8")])
    saved = [look for look in read_all if look.who == SAVED]
    looks = [look for look in read_all if look.who != SAVED]
    events = await side.events(began)
    facts = shown.truth(events)
    rung = rings(read(place / "phones" / "messages"))
    found = shown.delays(facts, shown.shown(looks), since, until)
    for name, values in {**found, "own ring": shown.own_rings(rung, events, looks, since, until)}.items():
        outcome.samples[name] = [min(value, NEVER) for value in values]
    counted = [look for look in looks if since <= look.at < until]
    outcome.counts |= {
        "looks": len(counted),
        "changes": sum(since <= change.at < until for changes in facts.values() for change in changes),
        "kilobytes": sum(len(html) for look in counted for html in look.parts.values()) // 1000,
        "seconds": round(until - since),
        "messages": sum(since <= look.at < until for look in saved),
    }


async def measure(results: Results, options: argparse.Namespace, place: Path) -> None:
    """Every shape without and with desks, round by round; then the browser."""
    if options.rounds:
        side = await Desked.start(place / "ours", CUSTOMERS, 10_000)
        try:
            for shape in [one for one in SHAPES if one.name in options.shapes] * options.rounds:
                for with_desks in (False, True):
                    note(results, await _tried(side, shape, place / "run", with_desks=with_desks))
        finally:
            await stop(side)
    if options.rings:
        for outcome in await painted.measure(place / "painted", options.rings):
            note(results, outcome)


async def _tried(side: Desked, shape: Shape, place: Path, *, with_desks: bool) -> Outcome:
    try:
        return await one_run(side, shape, place, with_desks=with_desks)
    except Exception as problem:  # whatever a run does, the others' figures must not be lost
        return Outcome(WITH if with_desks else WITHOUT, shape.name, invalid=f"{type(problem).__name__}: {problem}")


def note(results: Results, outcome: Outcome) -> None:
    """Keep it, and say a word of it."""
    results.outcomes.append(outcome)
    said = [
        f"{name} {percentile(found, 0.5):.1f}/{max(found):.0f} ms" for name, found in outcome.samples.items() if found
    ]
    cost = [f"{name} {value:.0f} ms" for name, value in outcome.cpu.items()]
    print(f"{outcome.shape:>8} {outcome.side:<9} {outcome.invalid or ', '.join([*said, *cost])}", flush=True)


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=2, help="runs of each shape, without and with desks; 0 = none")
    parser.add_argument(
        "--shapes", nargs="*", default=[one.name for one in SHAPES], choices=[one.name for one in SHAPES]
    )
    parser.add_argument(
        "--rings", type=int, default=40, help="calls at a real browser, of each kind of phone; 0 = none"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    parser.add_argument("--raw", type=Path, help="also write every sample to this file, as JSON")
    parser.add_argument("--again", type=Path, help="measure nothing: write the page from such a file")
    return parser.parse_args(arguments)


def _measured(options: argparse.Namespace) -> Results:
    results = Results(description(), f"{datetime.now(UTC):%Y-%m-%d}")
    with tempfile.TemporaryDirectory(prefix="vorzimmer-desks-") as place:
        Path(place).chmod(0o711)  # Asterisk may run under another account
        asyncio.run(measure(results, options, Path(place)))
    return results


def main() -> int:
    """Measure and write; 1 if a run was spoilt."""
    options = options_of(sys.argv[1:])
    results = Results.from_json(options.again.read_text("utf-8")) if options.again else _measured(options)
    if options.raw:
        options.raw.write_text(results.to_json(), "utf-8")
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(page_of(results, Path(__file__).parent), "utf-8")
    print(f"\nThe figures are in {options.page}")
    return 1 if results.invalid else 0


if __name__ == "__main__":
    sys.exit(main())
