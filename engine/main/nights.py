"""`vorzimmer retention`: what the last nights have forgotten."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from engine.main import show
from engine.main.problem import command
from engine.settings import load

app = typer.Typer()
_COLUMNS = ("began", "took s", "rows", "of them", "not done")


@app.command()
@command
async def retention(
    json: Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=60, help="How many nights.")] = 14,
) -> None:
    """What was forgotten because it was too old, night by night."""
    from engine.main.stored import stored
    from engine.store.keeping import StoredNights

    async with stored(load()) as database:
        found = await StoredNights(database).last(limit)
    if json:
        return show.as_json([asdict(one) for one in found])
    rows = [
        [
            show.local(one.at),
            f"{one.took_ms / 1000:.1f}",
            one.gone,
            ", ".join(f"{line.gone} {line.what} (> {line.days} days)" for line in one.lines if line.gone) or "–",
            ", ".join(f"{line.what}: {line.failed}" for line in one.lines if line.failed) or "–",
        ]
        for one in found
    ]
    show.table(_COLUMNS, rows, "Nothing was forgotten yet: a running engine does so every night.")
