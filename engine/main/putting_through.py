"""`vorzimmer transfer …`: put a caller through to a contact, and what an agent may want meanwhile."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from engine.main import client
from engine.main.problem import Problem, command
from engine.settings import load

app = typer.Typer()


@app.command()
@command
async def transfer(
    call: Annotated[str, typer.Argument(help="As `vorzimmer agents --json` lists it.")],
    contact: Annotated[str | None, typer.Argument(help="A contact of the customer, by name.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="The agent is free at once.")] = False,
    only: Annotated[int | None, typer.Option(min=1, help="This number of the contact, counted from 1.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Agent and caller talk again, the target is gone.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="On to the next number.")] = False,
    pick: Annotated[int | None, typer.Option(min=1, help="On to this number of the list.")] = None,
    swap: Annotated[bool, typer.Option("--swap", help="The agent talks to the other of the two.")] = False,
    join: Annotated[bool, typer.Option("--join", help="All three talk.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="The agent leaves the two alone.")] = False,
) -> None:
    """Put a caller who talks to an agent through to a contact; or one of the wishes while that goes on."""
    marks = {"take_back": stop, "skip": skip, "pick": pick is not None, "swap": swap, "conference": join,
             "hand_over": leave}  # fmt: skip
    wishes = [name for name, wanted in marks.items() if wanted]
    if len(wishes) + (contact is not None) != 1:
        raise Problem("a contact, or one of --stop, --skip, --pick, --swap, --join, --leave")
    body: dict[str, Any] = {"contact": contact, "kind": "blind" if blind else "announced", "only": only}
    if wishes:
        body = {"wish": wishes[0], "place": pick or 1}
    said = await client.ask(load().home, "PUT", f"/calls/{quote(call, safe='')}/transfer", body)
    print(f"{call} is {said['state']}")
