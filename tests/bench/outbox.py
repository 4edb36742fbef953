"""`python -m tests.bench.outbox`: ten thousand messages leave while people call; writes docs/bench/outbox.md.

Rule of this file: the same shapes before and while the outbox drains. A run counts as one beside the messages only if
mails came from its beginning to its end.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from engine.main.stored import messages_of
from engine.message.slip import Slip
from engine.service.clock import SteadyClock
from engine.settings import Settings
from engine.store.database import Database
from engine.store.tables import customers
from engine.terms import AgentId, CustomerId
from tests.bench.letterbox import arrivals, letterbox
from tests.bench.machine import cpu_seconds, description
from tests.bench.outbox_report import WITH, WITHOUT, Drain, page_of
from tests.bench.results import Results
from tests.bench.shapes import BUSY, IDLE, WAITING, Outcome, run
from tests.bench.sides import Ours, stop

PAGE = Path(__file__).parents[2] / "docs" / "bench" / "outbox.md"
CUSTOMERS = 10
SHAPES = (IDLE, BUSY, WAITING[100])
SILENCE = 60.0
"""Seconds without a mail after which no more are waited for."""
_TEXT = "Bitte um Rückruf wegen der Bestellung von gestern; die Lieferung ist noch nicht angekommen. " * 4


class Posted(Ours):
    """With customers whose contact gets mails."""

    details: Mapping[str, Any] = MappingProxyType(
        {"contacts": [{"name": "Eva Brandt", "notify": {"mail": ["eva.brandt@muster.example"]}}]}
    )

    async def take(self, messages: int) -> None:
        """So many, planned as the product plans them; mail is not set up yet, so they wait."""
        database = Database(f"sqlite:///{self.installed.home}/vorzimmer.db")
        try:
            service = messages_of(Settings(), database, SteadyClock())
            async with database.reading() as connection:
                everybody = [
                    CustomerId(row.id)
                    for row in await connection.execute(select(customers.c.id).where(customers.c.number != "silent"))
                ]
            for n in range(messages):
                await service.take(everybody[n % CUSTOMERS], f"bench-{n}", _slip(n))
        finally:
            await database.close()


def _slip(n: int) -> Slip:
    return Slip(
        agent=AgentId("agent1"),
        agent_name="Sina Agentin",
        taken_at=datetime.now(UTC),
        contact="Eva Brandt",
        caller_name="Jan Kern",
        company="Kern GmbH",
        number="+491701234567",
        subject=f"Bestellung {n}",
        text=_TEXT,
    )


async def measure(results: Results, options: argparse.Namespace, place: Path) -> Drain:
    """Every shape without messages, then with them until all have left."""
    letters = place / "letters"
    async with letterbox(letters) as port:
        side = await Posted.start(place / "ours", CUSTOMERS, 10_000)
        try:
            for shape in SHAPES * options.rounds:
                note(results, replace(await run(side, shape, place / "run"), side=WITHOUT))
            await side.take(options.messages)
            await side.restart(
                SMTP_HOST="127.0.0.1", SMTP_PORT=str(port), SMTP_SECURITY="none", MAIL_FROM="nachricht@muster.example"
            )
            before = cpu_seconds(side.pids()["engine"])
            await _beside(results, side, letters, options.messages, place)
            await _all_are_there(letters, options.messages)
            return _drained(letters, options.messages, cpu_seconds(side.pids()["engine"]) - before)
        finally:
            await stop(side)


async def _beside(results: Results, side: Posted, letters: Path, messages: int, place: Path) -> None:
    """Shape after shape, as long as mails come."""
    n = 0
    while len(arrivals(letters)) < messages:
        began, shape = time.time(), SHAPES[n % len(SHAPES)]
        outcome = replace(await run(side, shape, place / "run"), side=WITH)
        came = arrivals(letters)
        if came and came[0][0] <= began and len(came) < messages:
            note(results, outcome)
        n += 1


async def _all_are_there(letters: Path, messages: int) -> None:
    seen, since = -1, time.monotonic()
    while seen < messages and time.monotonic() < since + SILENCE:
        await asyncio.sleep(1.0)
        if (now := len(arrivals(letters))) != seen:
            seen, since = now, time.monotonic()


def _drained(letters: Path, messages: int, cpu: float) -> Drain:
    came = arrivals(letters)
    different = len({key for _, key in came})
    return Drain(messages, came[-1][0] - came[0][0], messages - different, len(came) - different, cpu)


def note(results: Results, outcome: Outcome) -> None:
    """Keep it, and say a word of it."""
    results.outcomes.append(outcome)
    said = outcome.invalid or ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
    print(f"{outcome.shape:>12} {outcome.side:<16} {said}", flush=True)


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.outbox", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--messages", type=int, default=10_000, help="how many leave")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each shape without messages")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page goes")
    return parser.parse_args(arguments)


def main() -> int:
    """Measure and write; 1 if a run was spoilt."""
    options = options_of(sys.argv[1:])
    results = Results(description(), f"{datetime.now(UTC):%Y-%m-%d}")
    with tempfile.TemporaryDirectory(prefix="vorzimmer-bench-") as place:
        Path(place).chmod(0o711)  # Asterisk may run under another account
        drain = asyncio.run(measure(results, options, Path(place)))
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(page_of(results, drain, Path(__file__).parent), "utf-8")
    print(f"\nThe figures are in {options.page}")
    return 1 if results.invalid else 0


if __name__ == "__main__":
    sys.exit(main())
