"""`vorzimmer …`: every command of the command line, each a few lines over a service."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

import typer

from engine.main import client, show
from engine.main.logs import set_up_logs
from engine.main.problem import command
from engine.main.status import status_rows
from engine.settings import load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would show values, and values may be secrets
    help="Telephone secretary service around Asterisk.",
)
Json = Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")]


@app.command()
@command
async def agents(json: Json = False) -> None:
    """The agents and what they are doing."""
    rows = await client.ask(load().home, "GET", "/agents")
    if json:
        return show.as_json(rows)
    columns = ("login", "name", "state", "since", "reason", "skills", "groups")
    show.table(columns, map(show.agent_row, rows), "There are no agents yet: `vorzimmer import FILE` brings them.")


@app.command()
@command
async def agent(
    login: str,
    state: Annotated[Literal["ready", "pause", "offline"], typer.Argument()],
    reason: Annotated[str | None, typer.Option(help="Why, for a pause.")] = None,
) -> None:
    """Set an agent ready, on pause or offline; who is in a call becomes so after it."""
    body = {"state": state, "reason": reason}
    said = await client.ask(load().home, "PUT", f"/agents/{quote(login, safe='')}/state", body)
    after = f", {said['after_the_call']} after the call" if said["after_the_call"] else ""
    print(f"{login} is {said['state']}{after}")


@app.command()
@command
async def queue(json: Json = False) -> None:
    """Who waits, in the order in which they will be served."""
    rows = await client.ask(load().home, "GET", "/queue")
    if json:
        return show.as_json(rows)
    columns = ("place", "caller", "name", "waited", "treatment", "ringing", "call")
    show.table(columns, [[row[c] for c in columns] for row in rows], "Nobody waits.")


@app.command(name="next")
@command
async def serve_next(
    call: str,
    agent: Annotated[str | None, typer.Argument(help="Who is to take the call, whatever his skills.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Ring the agent's phone though he is paused or offline.")] = False,
) -> None:
    """Serve a caller of `vorzimmer queue` before all others, or by this agent as the next one."""
    await client.ask(load().home, "PUT", f"/queue/{quote(call, safe='')}/order", {"agent": agent, "now": now})
    print(f"{call} is {'next' if agent is None else f'next for {agent}'}")


@app.command()
@command
async def status(json: Json = False) -> None:
    """Whether calls can be taken, and where everything is. Exit code 0 if they can, else 1."""
    settings = load()
    try:
        said = await client.ask(settings.home, "GET", "/status")
    except client.NotRunning as problem:
        if not json:
            raise
        said = {"ready": False, "running": False, "problem": str(problem)}
    if json:
        show.as_json({"running": True, **said})
    else:
        show.table(("", ""), status_rows(said), "")
    if not said["ready"]:
        raise SystemExit(1)


@app.command()
@command
async def reload() -> None:
    """Take over new announcements and music, and agents, phones and trunks changed in the database by hand."""
    print((await client.ask(load().home, "POST", "/reload"))["done"])


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="With demo data and demonstration calls.")] = False,
) -> None:
    """Start Asterisk and the engine; serve until Ctrl-C. An engine that dies is followed by another at once."""
    from engine.main import run as serving
    from engine.main.keeper import keep

    @command
    async def serve(again: bool) -> None:
        if demo and not again:
            from engine.main import demonstration

            await demonstration.run(load())
        else:
            await serving.run(load(), patient=again)

    def prepare() -> None:
        import engine.main.doors  # noqa: F401

    keep(serve, prepare=prepare)


def main() -> None:
    """The program's entry."""
    from engine.main import catalogue, nights, notify_test, person, putting_through, switching, testcall, users

    app.add_typer(users.app, name="user", help="Who may sign in to the web.")
    app.add_typer(person.app, name="person", help="Everything about one telephone number: exported, or deleted.")
    app.add_typer(switching.app, name="pbx", help="The Asterisk of this installation.")
    for module in (catalogue, putting_through, testcall, notify_test, nights):
        app.registered_commands += module.app.registered_commands
    set_up_logs()
    app()
