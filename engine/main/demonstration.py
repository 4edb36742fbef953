"""`vorzimmer run --demo`: demo data, and one demonstration call per wait treatment, told from both sides.

Rule of this file: the calls are real SIP calls of our own small phones; nothing here takes a short cut into the engine
but for setting the agents ready and reading the trail. Agents and customers beside the demo data are left alone: their
phones are not taken over, their passwords not shown, their numbers not called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from engine.call.events import CustomerFound
from engine.entries import Catalogue
from engine.main import demo_messages, demo_users, show, where
from engine.main.engine import Engine
from engine.main.lock import sole_engine
from engine.main.problem import Problem
from engine.main.run import running, until_signal
from engine.main.stored import accounts_of, catalogue_of, messages_of, stored
from engine.main.switch_settings import sip_server
from engine.ports import TrailEntry
from engine.service.catalogue import CatalogueError
from engine.service.catalogue_yaml import read
from engine.settings import PROJECT, Settings
from engine.store.catalogue import StoredCatalogue
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.listing import StoredListing
from engine.terms import AgentId, AgentState, PhoneKind, Treatment
from pbx.phone import PhoneError
from pbx.phone.demo import Access, Demonstrated, Desks, Login, demonstrate

DATA = PROJECT / "config" / "demo.yaml"
_HEARD = {"arrived", "customer", "music", "announcement", "ringing_agent", "picked_up", "charged", "missed", "ended"}
"""What the engine alone can tell; 183, 200 and the like are told by the phones that saw them."""


class Listened(StoredJournal):
    """The journal, with a copy of every trail for the terminal until the demonstration is over."""

    def __init__(self, database: Database) -> None:
        """Nothing heard yet."""
        super().__init__(database)
        self._trails: dict[str, list[TrailEntry]] | None = {}

    def noted(self, entry: TrailEntry) -> None:
        """Something happened in a call."""
        super().noted(entry)
        if self._trails is not None:
            self._trails.setdefault(entry.call, []).append(entry)

    async def trail_of(self, caller: str) -> list[TrailEntry]:
        """The trail that began with this caller's number, when it is complete; empty if it never is."""
        for _ in range(100):  # it ends a moment after the caller's BYE
            for trail in (self._trails or {}).values():
                if trail[0].detail.startswith(caller) and trail[-1].what == "charged":
                    return trail
            await asyncio.sleep(0.02)
        return []

    def forget(self) -> None:
        """Copy no more."""
        self._trails = None


async def run(settings: Settings) -> None:
    """Import the demo data, serve, demonstrate, go on serving until a signal."""
    await until_signal(_serve(settings))


async def _serve(settings: Settings) -> None:
    with sole_engine(settings.home):
        async with stored(settings) as database:
            text = DATA.read_text("utf-8")
            try:
                await catalogue_of(settings, database).import_text(text)
            except CatalogueError as problem:
                raise Problem(f"the demo data does not fit what is in the database: {problem.mistakes[0]}") from None
            catalogue = await StoredCatalogue(database).load()
            demo = demo_part(catalogue, text)
            journal = Listened(database)
            async with running(settings, database, journal) as engine:
                await where.tell(engine, StoredListing(database), passwords={agent.login for agent in demo.agents})
                await demo_users.tell(settings, accounts_of(database), demo)
                await _demonstrate(settings, engine, demo, journal)
                journal.forget()
                await journal.flush()
                messages, calls = messages_of(settings, database, engine.clock), StoredCustomerCalls(database)
                await demo_messages.take(messages, calls, accounts_of(database), demo, engine.clock.now())
                show.console.print("\nServing. Ctrl-C stops everything.")
                await asyncio.Event().wait()


def demo_part(catalogue: Catalogue, text: str) -> Catalogue:
    """Of everything there is, the agents and customers that the demo data's YAML names, as they are stored."""
    data = read(text).data
    logins, numbers = ({entry[key] for entry in data[s]} for s, key in (("agents", "login"), ("customers", "number")))
    agents = tuple(agent for agent in catalogue.agents if agent.login in logins)
    customers = tuple(customer for customer in catalogue.customers if customer.number in numbers)
    return catalogue.model_copy(update={"agents": agents, "customers": customers})


async def _demonstrate(settings: Settings, engine: Engine, catalogue: Catalogue, journal: Listened) -> None:
    logins = [
        Login(agent.login, agent.phone.password)
        for agent in catalogue.agents
        if agent.phone.kind is PhoneKind.REGISTERED and agent.phone.password
    ]
    accesses = await _accesses(engine, catalogue)
    server = sip_server(settings)
    try:
        async with Desks(server, logins) as desks:
            _set_all(engine, logins, AgentState.READY)
            async for shown in demonstrate(server, accesses, desks):
                _show(shown, await journal.trail_of(shown.caller))
    except PhoneError as problem:
        show.console.print(f"The demonstration could not go on: {show.plain(problem)}")
    finally:
        _set_all(engine, logins, AgentState.OFFLINE)
    first = logins[0].user if logins else "LOGIN"
    show.console.print(
        "\nThe demonstration is over and its phones are gone. To take calls yourself: register a SIP phone as one of\n"
        f"the agents above, then `.venv/bin/vorzimmer agent {first} ready`.\n"
        "`.venv/bin/vorzimmer call NUMBER` places a call."
    )


async def _accesses(engine: Engine, catalogue: Catalogue) -> list[Access]:
    """For each treatment the first customer who is open now."""
    first: dict[Treatment, Access] = {}
    for customer in catalogue.customers:
        for number in customer.access_numbers[:1]:
            met = await engine.admission.look_up(number)
            if isinstance(met, CustomerFound) and met.open:
                first.setdefault(customer.wait.treatment, Access(customer.wait.treatment, number))
    return [first[treatment] for treatment in Treatment if treatment in first]


def _set_all(engine: Engine, logins: Sequence[Login], state: AgentState) -> None:
    for login in logins:
        engine.exchange.set_agent(AgentId(login.user), state)


def _show(shown: Demonstrated, trail: Sequence[TrailEntry]) -> None:
    """Both sides of one call, in the order of time."""
    rows: list[tuple[datetime, str, str, str]] = [
        (told.fact.at, told.who, told.fact.what, told.fact.detail) for told in shown.told
    ]
    rows += [(entry.at, "engine", entry.what, entry.detail) for entry in trail if entry.what in _HEARD]
    rows.sort(key=lambda row: row[0])
    show.console.print(f"\n[bold]{show.plain(shown.access.name)}[/bold]: a call to {show.plain(shown.access.number)}")
    start = rows[0][0] if rows else None
    show.table(
        ("s", "who", "what", ""),
        [(f"{(at - (start or at)).total_seconds():6.3f}", who, what, detail) for at, who, what, detail in rows],
        "Nothing was seen.",
    )
    if shown.problem:
        show.console.print(f"[bold]Something went wrong:[/bold] {show.plain(shown.problem)}")
