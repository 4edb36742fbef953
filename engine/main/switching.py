"""`vorzimmer pbx …`: the Asterisk of this installation by itself, for admins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from engine.main.problem import Problem, command
from engine.settings import Settings, load

if TYPE_CHECKING:
    from pbx.runtime.asterisk import Asterisk

app = typer.Typer(no_args_is_help=True)


def _settings() -> Settings:
    settings = load()
    if settings.switch == "external":
        raise Problem("the switch is external: it is looked after where it runs (setting `switch`)")
    return settings


async def _asterisk(settings: Settings) -> Asterisk:
    from engine.main.switch_settings import switch_settings
    from pbx.runtime.asterisk import Asterisk

    return await Asterisk.prepare(switch_settings(settings))


@app.command()
@command
async def install(upgrade: bool = typer.Option(False, help="Fetch the newest that Debian offers.")) -> None:
    """Fetch Asterisk, if there is no good one yet."""
    from pbx.runtime.install import fetch, installation
    from pbx.runtime.settings import Mode

    mode = Mode(_settings().switch)
    if upgrade and mode is not Mode.SYSTEM:
        found = await asyncio.to_thread(lambda: fetch(upgrade=True))
    else:
        found = await asyncio.to_thread(installation, mode)
    print(f"Asterisk {'.'.join(map(str, found.version))} is there.")


@app.command()
@command
async def start() -> None:
    """Start Asterisk without the engine; `vorzimmer run` takes it over."""
    from engine.main.stored import stored
    from engine.store.agents import StoredAgents

    settings = _settings()
    async with stored(settings) as database:
        agents = StoredAgents(database)
        asterisk = await _asterisk(settings)
        again = await asterisk.start(await agents.trunks(), await agents.phones())
    print("Asterisk runs already." if again else "Asterisk runs.")


@app.command()
@command
async def stop() -> None:
    """Stop Asterisk; calls end."""
    asterisk = await _asterisk(_settings())
    running = asterisk.running()
    await asterisk.stop()
    print("Asterisk is stopped." if running else "No Asterisk runs.")


@app.command()
@command
async def console() -> None:
    """Asterisk's own console; leave it with Ctrl-C."""
    asterisk = await _asterisk(_settings())
    if not asterisk.running():
        raise Problem("no Asterisk runs: `vorzimmer run` or `vorzimmer pbx start` starts it")
    asterisk.console()
